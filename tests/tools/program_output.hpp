#pragma once
// The program with a standard output that takes nothing.

#include "tests/tools/program.hpp"

namespace caravan::tests {

/// Runs it to its end with nobody left to read its standard output, as behind `| head`.
Outcome run_unread(const std::vector<std::string>& arguments);

/// The same with standard output written to a file or device that is there; `out` stays empty.
Outcome run_into(const std::string& file, const std::vector<std::string>& arguments);

}  // namespace caravan::tests
