// The encoders extension: base64.

#include <optional>
#include <string>

#include "journeys/cel/functions/registry.hpp"

namespace caravan::cel {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Value encode(Evaluation& e, std::span<const Value> a) {
  const std::string_view data = a[0].as_text();
  if (!charge_text(e, data.size())) return Evaluation::budget_error();
  std::string result;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, data.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8) | (j < count ? static_cast<unsigned char>(data[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      result += j <= count ? alphabet[(group >> (18 - 6 * j)) & 63U] : '=';
  }
  return e.text(result);
}

/// Padding may be left out, but not be wrong.
std::optional<std::string> decoded(std::string_view text) {
  if (text.size() % 4 == 0) {
    if (text.ends_with('=')) text.remove_suffix(1);
    if (text.ends_with('=')) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string result;
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    group = (group << 6) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      result += static_cast<char>((group >> bits) & 0xFFU);
    }
  }
  return result;
}

Value decode(Evaluation& e, std::span<const Value> a) {
  if (!charge_text(e, a[0].as_text().size() * 4)) return Evaluation::budget_error();
  const auto data = decoded(a[0].as_text());
  return data ? e.bytes(*data) : e.error(ErrorCode::invalid_argument, {"not base64"});
}

}  // namespace

void add_encoders(Registry& registry) {
  registry.add("base64.encode(bytes) -> string", encode);
  registry.add("base64.decode(string) -> bytes", decode);
}

}  // namespace caravan::cel
