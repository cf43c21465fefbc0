#pragma once
// What the value of an option may be, said in the program's own words where it is not: `--limit is a whole number of
// at least 1; this is "0"`. The option's name is put before by whoever reports the command line.

#include <cstdint>
#include <string>
#include <vector>

#include "tools/caravan/command.hpp"

namespace caravan::tools {

/// One of these words, as they are written here.
CLI::Validator one_of(std::vector<std::string> words);
/// A whole number from `least` on.
CLI::Validator at_least(std::int64_t least);
/// A whole number from `least` to `most`, both allowed.
CLI::Validator whole_between(std::int64_t least, std::int64_t most);
/// A number from `least` to `most`, both allowed.
CLI::Validator number_between(std::int64_t least, std::int64_t most);

}  // namespace caravan::tools
