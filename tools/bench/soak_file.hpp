#pragma once
// What a store's file is made of, table by table.

#include <boost/json/object.hpp>

#include "tools/bench/run.hpp"

namespace caravan::bench {

struct TableSize {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;  ///< with its indices
};

struct SoakFile {
  std::int64_t bytes = 0;         ///< of the file, once the write-ahead log is copied back
  std::int64_t free = 0;          ///< of pages that are used again
  std::vector<TableSize> tables;  ///< the largest first

  std::int64_t in_tables() const;
  /// What is in neither.
  std::int64_t unexplained() const { return bytes - free - in_tables(); }
};

/// Beside a writer that is at rest. Throws StoreError.
SoakFile look_at(const std::filesystem::path& file);

/// What is resident of this process, when it has given back what it does not use.
std::int64_t resident_bytes();
/// Before a store is opened: has SQLite count its memory.
void count_sqlite_memory();
/// What of it SQLite has, which is its caches of pages: each connection's own fills up to its setting.
std::int64_t cache_bytes();
/// The size of the write-ahead log beside a store's file; 0 where there is none.
std::int64_t wal_bytes(const std::filesystem::path& file);

}  // namespace caravan::bench
