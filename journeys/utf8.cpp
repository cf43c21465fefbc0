#include "journeys/utf8.hpp"

namespace caravan {
namespace {

/// The length that a first byte announces; 0 for a byte that cannot be first.
std::size_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool is_overlong_or_surrogate(char32_t value, std::size_t length) {
  if (length == 3) return value < 0x800 || (value >= 0xD800 && value <= 0xDFFF);
  if (length == 4) return value < 0x10000 || value > 0x10FFFF;
  return false;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  const std::size_t length = announced_length(first);
  if (length == 1) return {first, 1, true};
  const CodePoint invalid{first, 1, false};
  if (length == 0 || text.size() - offset < length) return invalid;
  auto value = static_cast<char32_t>(first & (0xFFU >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[offset + i]);
    if ((byte & 0xC0U) != 0x80U) return invalid;
    value = (value << 6U) | (byte & 0x3FU);
  }
  if (is_overlong_or_surrogate(value, length)) return invalid;
  return {value, length, true};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t offset = 0; offset < text.size(); ++count)
    offset += code_point_at(text, offset).length;
  return count;
}

}  // namespace caravan
