#pragma once
// The yardstick of `caravan bench --groups`: SQLite alone reads and writes the rows that the engine has read and
// written, from its file into an empty one of the same tables, in transactions of as many accounts and with the same
// settings. Nothing is evaluated, counted or scored.

#include "tools/bench/group_world.hpp"

namespace caravan::bench {

/// What an engine's file holds of a measurement.
struct GroupRows {
  std::int64_t groups = 0;
  std::int64_t members = 0;
  std::int64_t scored_people = 0;
  std::int64_t scored_groups = 0;  ///< those whose score is not 0
  std::int64_t activities = 0;     ///< all of them, those that the engine raised included
  bool operator==(const GroupRows&) const = default;
};
GroupRows group_rows(const std::filesystem::path& file);

class BareGroups {
 public:
  /// `engine_file` was filled and measured on; `file` is made.
  BareGroups(const std::filesystem::path& file, const std::filesystem::path& engine_file, const GroupSizes& sizes);
  ~BareGroups();
  BareGroups(const BareGroups&) = delete;
  BareGroups& operator=(const BareGroups&) = delete;

  /// Writes the groups, their members and what came of that. Gives the seconds it took.
  double write_groups(const Progress& progress);
  /// Reads all activity and writes everybody's counts and scores. Gives the seconds it took.
  double scan_and_write_scores(const Progress& progress);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caravan::bench
