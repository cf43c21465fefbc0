#pragma once
// Numbers as few bytes, where many stand in one blob: 7 bits a byte, the lowest first, the top bit says that more
// follow. Used by whatever packs records.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caravan {

/// Appends.
inline void put_varint(std::string& to, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U)
    to.push_back(static_cast<char>(value | 0x80U));
  to.push_back(static_cast<char>(value));
}

/// Takes a number off the front of `from`. Nothing when none ends within 64 bits, or at all (a damaged file).
inline std::optional<std::uint64_t> take_varint(std::string_view& from) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !from.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    if (shift == 63 && byte > 1) return std::nullopt;
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80U) return value;
  }
  return std::nullopt;
}

}  // namespace caravan
