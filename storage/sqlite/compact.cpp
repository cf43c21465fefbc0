// SQLite writes the file's content into a temporary file, and from there through the write-ahead log over the old one.

#include "storage/compact.hpp"

#include <sqlite3.h>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/migrating.hpp"
#include "storage/sqlite/writer_lock.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

void expect_room_beside(const fs::path& store_file, sqlite::Connection& connection) {
  const std::int64_t pages = connection.number("PRAGMA page_count") - connection.number("PRAGMA freelist_count");
  const auto needed = static_cast<std::uintmax_t>(2 * pages * connection.number("PRAGMA page_size"));
  sqlite::expect_room(sqlite::folder_of(store_file), needed, "to compact " + store_file.string());
}

/// Where SQLite puts its temporary file meanwhile: beside the store, where there is room for it. (It reads the
/// environment once, when it is used first.)
class TemporaryFilesBeside {
 public:
  explicit TemporaryFilesBeside(const fs::path& store_file) {
    sqlite3_temp_directory = sqlite3_mprintf("%s", fs::absolute(store_file).parent_path().c_str());
  }
  TemporaryFilesBeside(const TemporaryFilesBeside&) = delete;
  TemporaryFilesBeside& operator=(const TemporaryFilesBeside&) = delete;
  ~TemporaryFilesBeside() {
    sqlite3_free(sqlite3_temp_directory);
    sqlite3_temp_directory = nullptr;
  }
};

}  // namespace

CompactedStore compact_sqlite(const fs::path& store_file) {
  const sqlite::WriterLock lock(store_file);
  const TemporaryFilesBeside beside(store_file);
  sqlite::Connection connection(store_file, sqlite::Access::create, {});
  sqlite::migrate_behind_copy(connection, KeepCopy::yes, {});
  expect_room_beside(store_file, connection);
  CompactedStore compacted;
  std::error_code error;
  compacted.before = fs::file_size(store_file, error);
  connection.run("PRAGMA temp_store = file; PRAGMA auto_vacuum = incremental");
  connection.run("VACUUM");
  // Readers that hold an older state keep the log: then it is copied back by whoever writes next.
  connection.number("PRAGMA wal_checkpoint(TRUNCATE)");
  compacted.after = fs::file_size(store_file, error);
  return compacted;
}

}  // namespace caravan
