#pragma once
// The store that `caravan bench --groups` measures on: accounts with people and what these have done of late, the same
// for the same sizes everywhere, and a workspace that makes a buying group for every account and scores engagement.

#include "storage/store.hpp"
#include "tools/bench/run.hpp"

namespace caravan::bench {

struct GroupSizes {
  std::size_t accounts = 10'000;
  std::size_t people_per_account = 5;
  std::size_t activities_per_person = 20;

  std::size_t people() const { return accounts * people_per_account; }
  std::size_t activities() const { return people() * activities_per_person; }
  /// Of each account's people the first three have a role.
  std::size_t members() const { return accounts * std::min<std::size_t>(people_per_account, 3); }
};

/// When everything is measured; activity is of the thirty days before.
inline constexpr Instant kGroupsMeasuredAt{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) +
                                           std::chrono::hours(9)};

/// Makes the store and publishes the workspace into it, while it is empty.
void publish_groups(const std::filesystem::path& file);

/// Puts the accounts, their people and their activity into it. The engine has not seen any of them.
void fill_groups(const std::filesystem::path& file, const GroupSizes& sizes, const Progress& progress);

/// The engine makes and fills a group for every account. Gives the seconds it took. Throws StoreError.
double make_groups(const std::filesystem::path& file, const Progress& progress);

/// The engine scores everybody's engagement, and every group's. Gives the seconds it took. Throws StoreError.
double score_groups(const std::filesystem::path& file, const Progress& progress);

}  // namespace caravan::bench
