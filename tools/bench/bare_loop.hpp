#pragma once
// The yardstick: a loop that writes what the reference journey writes, row by row through SQLite's own functions, with
// the same settings and transactions, and nothing else: no reading, no expressions, no engine.

#include "tools/bench/reference.hpp"

namespace caravan::bench {

/// Writes into a store that `fill` made. Gives the seconds it took.
double run_bare_loop(const std::filesystem::path& file, std::size_t accounts, std::size_t accounts_per_commit,
                     const Progress& progress);

}  // namespace caravan::bench
