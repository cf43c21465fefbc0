#pragma once
// How a store of an older layout is brought to that of this program, by hand: rehearsed on a copy, or done behind a
// copy that is kept. Opening a store for writing does the latter by itself.

#include "storage/copying.hpp"

namespace caravan {

struct MigrationStep {
  std::int64_t layout = 0;  ///< that it makes
  std::chrono::milliseconds took{};
};

struct Migration {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::vector<MigrationStep> steps;  ///< none: the store is up to date
  std::filesystem::path kept;        ///< the copy of what it was; empty where none was kept
  std::chrono::milliseconds copying{};
  std::uintmax_t bytes_before = 0;
  std::uintmax_t bytes_after = 0;
};

/// Whether a copy is kept of a store that is migrated. An empty one never leaves any.
enum class KeepCopy { yes, no };

/// Brings the store to the present layout. Its copy is `NAME-layout-4-2026-11-29T035528Z` beside it. Throws StoreInUse
/// where an engine runs on it, StoreError where there is no room for a copy, or a step fails; the store is then at the
/// layout of the last step that was done.
Migration migrate_sqlite(const std::filesystem::path& store_file, KeepCopy keep, const CopyProgress& progress);

/// Does all of it with a copy beside the store, which is taken away again. The store is not changed, and somebody may
/// write it meanwhile. Throws StoreError.
Migration rehearse_migration(const std::filesystem::path& store_file, const CopyProgress& progress);

}  // namespace caravan
