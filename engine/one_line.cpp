#include "engine/one_line.hpp"

#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr bool is_between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

/// A blank, or what must not be seen as what it is: controls, line and paragraph separators, marks of direction.
constexpr bool is_gap(char32_t c) {
  return c <= U' ' || is_between(c, 0x7f, 0xa0) || is_between(c, 0x2028, 0x202e) || is_between(c, 0x2066, 0x2069) ||
         is_between(c, 0x200e, 0x200f) || c == 0x061c || c == 0xfeff;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t longest) {
  std::string line;
  std::size_t written = 0;
  bool is_behind_gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const std::string_view bytes = text.substr(at, point.length);
    at += point.length;
    if (point.valid && is_gap(point.value)) {
      is_behind_gap = !line.empty();
      continue;
    }
    if (written + (is_behind_gap ? 1 : 0) >= longest) return line + "…";
    if (std::exchange(is_behind_gap, false)) {
      line += ' ';
      ++written;
    }
    line += point.valid ? bytes : "\xEF\xBF\xBD";
    ++written;
  }
  return line;
}

}  // namespace caravan
