#include "engine/channels/call_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace caravan {

std::string sign_call(std::string_view secret, std::chrono::sys_seconds at, std::string_view body) {
  const std::string time = std::to_string(at.time_since_epoch().count());
  std::string text = time + ".";
  text += body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(), digest.data(), &size) ==
      nullptr) {
    throw std::runtime_error("the call cannot be signed");
  }
  std::string value = "t=" + time + ",v1=";
  for (unsigned int i = 0; i < size; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    value += digits[digest[i] >> 4U];
    value += digits[digest[i] & 15U];
  }
  return value;
}

}  // namespace caravan
