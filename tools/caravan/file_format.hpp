#pragma once
// Whether a file of records is CSV or JSON lines, by its name or as a person says it.

#include "engine/intake/intake.hpp"
#include "tools/caravan/failure.hpp"

namespace caravan::tools {

/// `named` is `csv`, `jsonl` or empty: by the file's name. Throws Failure when that does not say it.
TextFormat format_of(const std::string& file, const std::string& named);

/// Throws std::system_error or Failure when it is no file that can be read; `-` is standard input.
void check_readable(const std::string& file);

}  // namespace caravan::tools
