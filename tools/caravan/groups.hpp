#pragma once
// What the parts of `caravan groups` share: the options of the command itself, and how a part of it says which of them
// are not for it.

#include "engine/report/group_lines.hpp"
#include "tools/caravan/data_place.hpp"

namespace caravan::tools {

/// As they stand on the command line. The workspace and the database are those of all parts.
struct GroupOptions {
  DataOptions data;
  GroupFilter filter;
  std::string completeness;  ///< as `50..80`; empty: not given
  std::string engagement;    ///< the same
  std::size_t limit = 0;     ///< 0: not given
  bool is_wide = false;
  bool as_json = false;
};

/// Throws Failure when an option of `groups` was given that its part `name` does not know: only the workspace, the
/// database and those of `known`, each as `--limit`, are for it.
void expect_no_other_options(const CLI::App& groups, const std::string& name, std::span<const std::string_view> known);

/// Adds `caravan groups assign`, `remove`, `release`, `stage`, `status` and `score`.
void add_groups_by_hand(CLI::App& groups, const std::shared_ptr<GroupOptions>& options, ExitCode& exit_code);

}  // namespace caravan::tools
