#pragma once
// Reading UTF-8 one code point at a time, for columns, carets and the check that a file is text at all.

namespace caravan {

/// One code point of a text. An invalid sequence is one byte long and not valid.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
  bool valid = false;
};

/// The code point that begins at `offset`, which is inside of `text`. Overlong forms, surrogates and values beyond
/// U+10FFFF are invalid.
CodePoint code_point_at(std::string_view text, std::size_t offset);

/// How many code points a text has; every byte of an invalid sequence counts as one.
std::size_t count_code_points(std::string_view text);

}  // namespace caravan
