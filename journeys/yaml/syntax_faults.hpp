#pragma once
// What the YAML scanner complains about, said so that an author knows what to do.

#include "journeys/diagnostic.hpp"

namespace caravan::yaml {

/// Reports the scanner's own message `problem` at `offset` of a file that is read up to `end`.
void report_syntax_fault(const SourceFile& file, std::size_t offset, std::size_t end, std::string_view problem,
                         Diagnostics& diagnostics);

/// The first tab between the start of a line and `offset`, if nothing but blanks stands there.
std::optional<std::size_t> tab_in_indentation(std::string_view text, std::size_t offset);

/// A text for a message: cut where it is longer than anybody would write.
std::string shortened(std::string_view text);

}  // namespace caravan::yaml
