#pragma once

namespace caravan {

/// The text with the letters of ASCII in lower case; other bytes stay as they are.
inline std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace caravan
