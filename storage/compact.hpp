#pragma once
// Gives the room that a store does not need any more back to the file system, all at once and offline. Afterwards a
// running engine gives back what it lets go, in small portions (HistoryUpkeep::freed_pages).

#include "storage/store.hpp"

namespace caravan {

struct CompactedStore {
  std::uintmax_t before = 0;  ///< bytes of the file
  std::uintmax_t after = 0;
};

/// Writes the file anew without its free pages. Nobody else may have it open for writing, and its disk must have room
/// for two copies of what is in it. Whenever the process ends, the file is as it was or compacted. Throws StoreError.
CompactedStore compact_sqlite(const std::filesystem::path& store_file);

}  // namespace caravan
