// A token is base64url of: a version, the kind, its texts with their lengths, and the first 16 bytes of an HMAC-SHA256
// over all of that. Version 1 has five texts; version 2 has a sixth, the topic, which is not empty: so each link has
// one form, and links that were made before there were topics stay what they are.

#include "engine/links/link.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/base64url.hpp"
#include "engine/channels/secrets.hpp"

namespace caravan {
namespace {

constexpr char without_topic = 1;
constexpr char with_topic = 2;
constexpr std::size_t signature_bytes = 16;
constexpr std::size_t shortest_secret = 16;
constexpr std::string_view purpose = "caravan link ";  ///< the secret may sign other things elsewhere

std::string signature(std::string_view secret, std::string_view payload) {
  std::string text(purpose);
  text += payload;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(), digest.data(), &size) ==
      nullptr) {
    throw std::runtime_error("the links cannot be signed");
  }
  return {reinterpret_cast<const char*>(digest.data()), signature_bytes};
}

/// Seven bits a byte, the lowest first.
void put_text(std::string& to, std::string_view text) {
  std::size_t length = text.size();
  for (; length >= 128; length >>= 7U)
    to += static_cast<char>(length % 128 + 128);
  to += static_cast<char>(length);
  to += text;
}

/// Takes a text from the front; false where there is none.
bool take_text(std::string_view& from, std::string& text) {
  std::size_t length = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (from.empty() || shift > 14) return false;
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 127U) << shift;
    if (byte >= 128) continue;
    if (byte == 0 && shift > 0) return false;  // a shorter form says the same
    break;
  }
  if (length > from.size()) return false;
  text = from.substr(0, length);
  from.remove_prefix(length);
  return true;
}

}  // namespace

std::string bytes_of(const Link& link) {
  std::string bytes = {link.topic.empty() ? without_topic : with_topic, static_cast<char>(link.kind)};
  for (const std::string* text : {&link.person, &link.journey, &link.message, &link.delivery, &link.url})
    put_text(bytes, *text);
  if (!link.topic.empty()) put_text(bytes, link.topic);
  return bytes;
}

std::optional<Link> parse_link(std::string_view bytes) {
  if (bytes.size() < 2 || (bytes[0] != without_topic && bytes[0] != with_topic)) return std::nullopt;
  const bool has_topic = bytes[0] == with_topic;
  const auto kind = static_cast<unsigned char>(bytes[1]);
  if (kind < static_cast<unsigned char>(LinkKind::open) || kind > static_cast<unsigned char>(LinkKind::visitor))
    return std::nullopt;
  Link link{.kind = static_cast<LinkKind>(kind), .person = {}};
  bytes.remove_prefix(2);
  for (std::string* text : {&link.person, &link.journey, &link.message, &link.delivery, &link.url}) {
    if (!take_text(bytes, *text)) return std::nullopt;
  }
  if (has_topic && (!take_text(bytes, link.topic) || link.topic.empty())) return std::nullopt;
  if (!bytes.empty()) return std::nullopt;
  return link;
}

std::string LinkKeys::sign(const Link& link) const {
  const std::string payload = bytes_of(link);
  return to_base64url(payload + signature(secrets_.front(), payload));
}

std::optional<Link> LinkKeys::verify(std::string_view token) const {
  if (token.size() > kLongestToken) return std::nullopt;
  const std::optional<std::string> bytes = from_base64url(token);
  if (!bytes || bytes->size() <= signature_bytes) return std::nullopt;
  const std::string_view payload = std::string_view(*bytes).substr(0, bytes->size() - signature_bytes);
  const std::string_view signed_with = std::string_view(*bytes).substr(payload.size());
  for (const std::string& secret : secrets_) {
    const std::string wanted = signature(secret, payload);
    if (CRYPTO_memcmp(wanted.data(), signed_with.data(), signature_bytes) == 0) return parse_link(payload);
  }
  return std::nullopt;
}

LinkKeys read_link_keys(const LinksDefinition& links) {
  const SecretSource source{"links: key_env", links.key_env, "links: key_file", links.key_file};
  const std::string& setting = links.key_env.empty() ? source.file_setting : source.env_setting;
  const std::string secret = read_secret(source);
  std::vector<std::string> secrets;
  for (std::size_t begin = 0; begin < secret.size();) {
    const std::size_t end = std::min(secret.find('\n', begin), secret.size());
    std::string line = secret.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    begin = end + 1;
    if (line.empty()) continue;
    if (line.size() < shortest_secret) {
      throw std::runtime_error(setting + ": a key of links has at least " + std::to_string(shortest_secret) +
                               " characters; `openssl rand -base64 32` makes a good one");
    }
    secrets.push_back(std::move(line));
  }
  if (secrets.empty()) throw std::runtime_error(setting + ": there is no key in it");
  return LinkKeys(std::move(secrets));
}

}  // namespace caravan
