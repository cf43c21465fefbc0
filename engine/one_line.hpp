#pragma once
// Texts that others wrote, as they may stand within a line of ours.

namespace caravan {

/// The text without line breaks, control characters and marks that turn the direction of writing, each run of such and
/// of blanks as one blank, none at the ends. What is not UTF-8 becomes U+FFFD. Of more than `longest` code points the
/// rest is left out behind an ellipsis.
std::string one_line(std::string_view text, std::size_t longest = 300);

}  // namespace caravan
