#pragma once
// Two lists of lines, one under the other: what they have in common, what is missing and what is too much.

#include "engine/harness/scenario_run.hpp"

namespace caravan {

/// As much as possible is the same. A line that is shows as `actual` has it. `fits` says whether an expected line (by
/// position) and an actual one are the same; else equal texts are.
std::vector<DiffLine> diff_lines(std::span<const std::string> expected, std::span<const std::string> actual,
                                 const std::function<bool(std::size_t, std::size_t)>& fits = {});

}  // namespace caravan
