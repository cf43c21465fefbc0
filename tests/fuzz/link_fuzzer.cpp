// Whatever stands in an address: a token is understood or it is not, and what is understood has one form.

#include "engine/base64url.hpp"
#include "engine/links/link.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const caravan::LinkKeys keys({"a secret of an installation", "an older secret of it"});
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto link = caravan::parse_link(bytes)) {
    if (caravan::bytes_of(*link) != bytes) __builtin_trap();
    if (size < 2'000 && keys.verify(keys.sign(*link)) != link) __builtin_trap();
  }
  // Nobody but us makes what verifies.
  if (keys.verify(bytes) || keys.verify(caravan::to_base64url(bytes))) __builtin_trap();
  return 0;
}
