#include "journeys/yaml/syntax_faults.hpp"

#include "journeys/utf8.hpp"

namespace caravan::yaml {
namespace {

struct Saying {
  std::string_view problem;  ///< how the scanner's message begins
  std::string_view message;
  std::string_view hint;
};

constexpr std::array<Saying, 22> sayings = {{
    {"illegal map value", "a `:` cannot stand here", "quote text that contains `: `, and check the indentation"},
    {"illegal map key", "a key cannot stand here", "check the indentation of this line"},
    {"illegal block entry", "a `-` cannot stand here", "check the indentation, or quote text that begins with `- `"},
    {"illegal flow end", "this bracket was never opened", "quote text that begins with a bracket"},
    {"end of map not found", "this line does not fit the mapping above it",
     "check its indentation and that it is `key: value`"},
    {"end of sequence not found", "this line does not fit the list above it",
     "check its indentation, and begin each entry with `- `"},
    {"end of map flow not found", "a `{` is not closed, or a `,` is missing",
     "quote text that contains `{`, `}` or `,`"},
    {"end of sequence flow not found", "a `[` is not closed, or a `,` is missing",
     "quote text that contains `[`, `]` or `,`"},
    {"illegal EOF in scalar", "a quote is never closed", ""},
    {"illegal document indicator in scalar", "a quote is not closed before the document ends", ""},
    {"illegal tab when looking for indentation", "a tab cannot indent", "use spaces"},
    {"unknown escape character", "this is no escape that YAML knows",
     "write `\\\\` for a backslash, or use single quotes"},
    {"bad character found while scanning hex number", "an escape needs hexadecimal digits here", ""},
    {"invalid unicode", "this escape is no character", ""},
    {"the referenced anchor is not defined", "aliases are not part of the language", "quote text that begins with `*`"},
    {"alias not found", "aliases are not part of the language", "quote text that begins with `*`"},
    {"illegal character found while scanning alias", "aliases are not part of the language",
     "quote text that begins with `*`"},
    {"anchor not found", "anchors are not part of the language", "quote text that begins with `&`"},
    {"illegal character found while scanning anchor", "anchors are not part of the language",
     "quote text that begins with `&`"},
    {"tag handle with no suffix", "tags are not part of the language", "quote text that begins with `!`"},
    {"unknown token", "text cannot begin with this character", "put it into quotes"},
    {"unexpected character in block scalar", "nothing but a line break can follow `|` or `>`",
     "quote text that begins with it"},
}};

/// Where the fault is shown: behind the end of the text there is nothing to see, so at the last line that has some.
std::size_t shown_offset(std::string_view text, std::size_t offset) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return 0;
  return offset > last ? last : offset;
}

}  // namespace

std::optional<std::size_t> tab_in_indentation(std::string_view text, std::size_t offset) {
  std::optional<std::size_t> tab;
  for (std::size_t i = std::min(offset, text.size()); i > 0 && text[i - 1] != '\n'; --i) {
    if (text[i - 1] != ' ' && text[i - 1] != '\t') return std::nullopt;
    if (text[i - 1] == '\t') tab = i - 1;
  }
  return tab;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::size_t end = 0;
  std::size_t characters = 0;
  while (end < text.size() && characters++ < longest)
    end += code_point_at(text, end).length;
  return std::string(text.substr(0, end)) + (end < text.size() ? "…" : "");
}

void report_syntax_fault(const SourceFile& file, std::size_t offset, std::size_t end, std::string_view problem,
                         Diagnostics& diagnostics) {
  const std::string_view text = std::string_view(file.text).substr(0, end);
  const std::size_t line_text = std::min(text.find_first_not_of(" \t", offset), text.size());
  if (const std::optional<std::size_t> tab = tab_in_indentation(text, line_text)) {
    diagnostics.error({&file, *tab, 1}, "a tab cannot indent", "use spaces");
    return;
  }
  // Escapes are read before they are judged.
  const std::size_t escape = problem.starts_with("unknown escape") ? text.rfind('\\', offset) : std::string_view::npos;
  const Place place{&file, shown_offset(text, escape == std::string_view::npos ? offset : escape), 1};
  const auto* said = std::find_if(sayings.begin(), sayings.end(),
                                  [&](const Saying& saying) { return problem.starts_with(saying.problem); });
  if (said != sayings.end()) {
    diagnostics.error(place, std::string(said->message), std::string(said->hint));
  } else if (problem.find("tag") != std::string_view::npos) {
    diagnostics.error(place, "tags are not part of the language", "quote text that begins with `!`");
  } else {
    diagnostics.error(place, "this is not YAML: " + std::string(problem));
  }
}

}  // namespace caravan::yaml
