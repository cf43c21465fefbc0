#pragma once
// UTF-8 as the language needs it: lengths and positions count code points. Text from the host may be anything; a byte
// that does not belong to a valid sequence counts as one code point, U+FFFD.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace caravan::cel {

struct CodePoint {
  char32_t value;
  std::size_t length;  ///< bytes, 1 to 4
  bool valid;
};

/// The code point at the start of `text`, which must not be empty.
CodePoint first_code_point(std::string_view text);

bool is_valid_utf8(std::string_view text);
bool is_ascii(std::string_view text);
std::size_t count_code_points(std::string_view text);

/// The byte where code point number `index` starts; the text's size when it has exactly so many, npos when fewer.
std::size_t byte_of_code_point(std::string_view text, std::size_t index);

/// `value` must be a Unicode scalar value.
void append_utf8(std::string& text, char32_t value);

/// Whether it is white space to Unicode (what `trim` takes away).
bool is_white_space(char32_t value);

}  // namespace caravan::cel
