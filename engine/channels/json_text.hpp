#pragma once
// Texts as JSON, for the bodies of calls.

namespace caravan {

/// The text as a JSON string, with its quotes. What is not UTF-8 is replaced by U+FFFD.
std::string json_text(std::string_view text);

}  // namespace caravan
