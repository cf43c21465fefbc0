#pragma once
// Reads YAML strictly. What it accepts is the part of YAML that means the same to everyone: mappings with distinct
// scalar keys, sequences and scalars, several documents a file. Anchors, aliases, tags, merge keys, directives, complex
// keys, tabs as indentation and control characters are faults, and hostile input is refused before it costs anything.

#include "journeys/yaml/node.hpp"

namespace caravan::yaml {

struct Limits {
  std::size_t bytes = std::size_t{1} << 20U;
  std::size_t depth = 64;
};

/// The documents of a file, in order; documents without content are left out. Everything wrong goes to `diagnostics`
/// with its place; behind a fault of syntax the rest of the file is not read.
std::vector<Node> read(const SourceFile& file, const Limits& limits, Diagnostics& diagnostics);

/// The same for a stretch of a file, such as the front matter of a mail. `begin` is the start of a line.
std::vector<Node> read(const SourceFile& file, std::size_t begin, std::size_t length, const Limits& limits,
                       Diagnostics& diagnostics);

/// Whether a text is UTF-8 without control characters other than tabs and line breaks; if not, says so at the first
/// fault.
bool check_text(const SourceFile& file, Diagnostics& diagnostics);

/// The same of a text that stands nowhere, such as one made by escapes.
bool is_text(std::string_view text);

}  // namespace caravan::yaml
