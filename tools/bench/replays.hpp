#pragma once
// caravan bench --replay: the reference journey over inputs that come from outside, run by the engine, which records
// them, and replayed from its journal.

#include "tools/bench/run.hpp"

namespace caravan::bench {

/// Prints a table, or with `json` one object. Throws StoreError, and std::logic_error when the replay has come to other
/// rows than the engine.
void run_replay_bench(std::size_t accounts, const std::filesystem::path& folder, bool json);

}  // namespace caravan::bench
