// SQLite writes the file's content into a temporary file, and from there through the write-ahead log over the old one.

#include "storage/compact.hpp"

#include <sqlite3.h>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/writer_lock.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMegabyte = 1'000'000;

std::string in_megabytes(std::uintmax_t bytes) {
  return std::to_string((bytes + kMegabyte - 1) / kMegabyte) + " MB";
}

void expect_room(const fs::path& store_file, sqlite::Connection& connection) {
  const std::int64_t pages = connection.number("PRAGMA page_count") - connection.number("PRAGMA freelist_count");
  const auto needed = static_cast<std::uintmax_t>(2 * pages * connection.number("PRAGMA page_size"));
  std::error_code error;
  const fs::path folder = store_file.has_parent_path() ? store_file.parent_path() : fs::path(".");
  const fs::space_info space = fs::space(folder, error);
  if (error || space.available >= needed) return;
  throw StoreError(store_file.string() + ": to compact it takes " + in_megabytes(needed) +
                   " beside it, and the disk has " + in_megabytes(space.available) +
                   ": make room and try again; nothing was changed");
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
  sqlite::migrate(connection);
  expect_room(store_file, connection);
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
