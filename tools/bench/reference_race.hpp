#pragma once
// The reference journey against its bare loop: what `caravan bench --accounts N` prints, and rows of the whole table.

#include "tools/bench/reference.hpp"

namespace caravan::bench {

struct ReferenceRace {
  std::size_t accounts = 0;
  EngineRun engine;
  double bare_seconds = 0;
  std::int64_t peak_memory = 0;
  double bytes_per_account = 0;        ///< of the file at the end
  double added_bytes_per_account = 0;  ///< of these what the journey has written

  double accounts_per_second() const { return static_cast<double>(accounts) / engine.seconds; }
  double bare_accounts_per_second() const { return static_cast<double>(accounts) / bare_seconds; }
};

/// Runs both, one after the other, in a folder of their own below `folder`. Throws std::logic_error where they have not
/// written the same rows.
ReferenceRace run_reference_race(std::size_t accounts, const std::filesystem::path& folder, const Progress& progress);

}  // namespace caravan::bench
