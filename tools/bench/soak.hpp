#pragma once
// An accelerated soak: a virtual year of accounts, events, edits of journeys and restarts on a store on the disk, and
// what of it must not grow. `caravan bench --soak`.

#include "tools/bench/soak_file.hpp"

namespace caravan::bench {

struct SoakSettings {
  std::size_t accounts = 100'000;
  std::size_t days = 365;
  std::uint64_t seed = 2026;
  std::filesystem::path folder = {};
};

/// Beyond these a soak has failed.
struct SoakBounds {
  std::int64_t memory_growth = 16'000'000;
  std::int64_t wal = 256'000'000;
  double unexplained = 0.01;  ///< of the file, what neither a table nor a free page is
};

/// After a virtual week.
struct SoakWeek {
  std::size_t day = 0;      ///< days that have passed
  std::int64_t memory = 0;  ///< resident
  std::int64_t caches = 0;  ///< of it, of SQLite
  std::int64_t wal = 0;     ///< its largest within the week
};

/// In days.
inline constexpr std::size_t kSoakMonth = 28;

/// After each month, and at the end.
struct SoakMonth {
  std::size_t day = 0;
  SoakFile file;
};

struct SoakReport {
  double seconds = 0;
  std::int64_t inputs = 0;      ///< acknowledged; accounts, people and events
  std::int64_t deliveries = 0;  ///< mails that were taken
  std::size_t publications = 0;
  std::size_t restarts = 0;  ///< in order
  std::size_t drops = 0;     ///< with work in hand
  std::vector<SoakWeek> weeks;
  std::vector<SoakMonth> months;
  std::int64_t behind = 0;                ///< days at whose end a token was behind its due time
  std::chrono::milliseconds most_late{};  ///< and by how much

  /// Of what is resident without caches, the largest of the last quarter's weeks over that of the third one's; 0 with
  /// less than eight weeks.
  std::int64_t memory_growth() const;
  std::int64_t largest_wal() const;
  /// What is over its bound, a sentence each.
  std::vector<std::string> faults(const SoakBounds& bounds = {}) const;
};

/// Throws StoreError.
SoakReport run_soak(const SoakSettings& settings);

std::string soak_text(const SoakReport& report);
std::string soak_json(const SoakReport& report, const SoakSettings& settings, const boost::json::object& machine);

}  // namespace caravan::bench
