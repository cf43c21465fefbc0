#pragma once
// caravan bench --groups: buying groups made and filled, and engagement scored, against bare SQLite on the same rows.

#include "tools/bench/group_world.hpp"

namespace caravan::bench {

/// Prints a table, or with `json` one object. Throws StoreError, and std::logic_error when the engine has not done what
/// was measured.
void run_group_bench(const GroupSizes& sizes, const std::filesystem::path& folder, bool json);

}  // namespace caravan::bench
