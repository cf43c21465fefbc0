#pragma once
// Markdown as a terminal shows it: headings, paragraphs, lists, code and tables, which is what our pages use. Piped, it
// stays readable text without marks of a terminal.

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

std::string render_markdown(std::string_view markdown, const Terminal& terminal);

/// The text of the first heading, and the first paragraph's first sentence: what a list of pages shows.
std::string title_of(std::string_view markdown);
std::string first_sentence_of(std::string_view markdown);

}  // namespace caravan::tools
