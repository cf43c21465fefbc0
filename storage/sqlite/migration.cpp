#include "storage/migration.hpp"

#include "storage/sqlite/copy.hpp"
#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/migrating.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/writer_lock.hpp"

namespace caravan {
namespace sqlite {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

std::chrono::milliseconds since(Steady::time_point begin) {
  return std::chrono::floor<std::chrono::milliseconds>(Steady::now() - begin);
}

std::uintmax_t bytes_of(Connection& connection) {
  return static_cast<std::uintmax_t>(connection.number("PRAGMA page_count") * connection.number("PRAGMA page_size"));
}

/// A file that is gone at the end, unless it gets its name.
class HalfFile {
 public:
  explicit HalfFile(fs::path path) : path_(std::move(path)) { remove(); }
  ~HalfFile() { remove(); }
  HalfFile(const HalfFile&) = delete;
  HalfFile& operator=(const HalfFile&) = delete;
  const fs::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm", "-journal"})
      fs::remove(path_.string() + end, ignored);
  }
  fs::path path_;
};

/// The copy's name has the time of the machine: no part of the engine has begun, so there is no other.
Instant machine_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

fs::path keep_copy(Connection& connection, std::int64_t layout, const CopyProgress& progress) {
  const fs::path& file = connection.file();
  expect_room(folder_of(file), bytes_of(connection),
              "the copy of " + file.filename().string() + " that is kept before its layout is changed");
  const fs::path copy =
      folder_of(file) / dated(file.filename().string() + "-layout-" + std::to_string(layout), machine_time());
  const HalfFile half(copy.string() + ".half");
  copy_database(connection, half.path(), progress);
  expect_sound(half.path(), Thoroughness::quick, "its layout was not changed; restore a backup");
  give_to_owner_of(file, half.path());
  rename_for_good(half.path(), copy);
  return copy;
}

}  // namespace

Migration migrate_behind_copy(Connection& connection, KeepCopy keep, const CopyProgress& progress) {
  Migration migration;
  migration.from = migration.to = layout_of(connection);
  migration.bytes_before = bytes_of(connection);
  if (keep == KeepCopy::yes && migration.from > 0 && migration.from < kSchemaVersion) {
    const Steady::time_point begin = Steady::now();
    migration.kept = keep_copy(connection, migration.from, progress);
    migration.copying = since(begin);
  }
  Steady::time_point begin = Steady::now();
  migrate(connection, [&](std::int64_t layout) {
    migration.steps.push_back({layout, since(begin)});
    migration.to = layout;
    begin = Steady::now();
  });
  migration.bytes_after = bytes_of(connection);
  return migration;
}

}  // namespace sqlite

Migration migrate_sqlite(const std::filesystem::path& store_file, KeepCopy keep, const CopyProgress& progress) {
  const sqlite::WriterLock lock(store_file);
  sqlite::Connection connection(store_file, sqlite::Access::create, {});
  return sqlite::migrate_behind_copy(connection, keep, progress);
}

Migration rehearse_migration(const std::filesystem::path& store_file, const CopyProgress& progress) {
  sqlite::PinnedDatabase pinned(store_file);
  sqlite::layout_of(pinned.connection());  // somebody else's file is not copied
  // The copy grows by what the steps add, and their log lies beside it.
  sqlite::expect_room(sqlite::folder_of(store_file), 2 * pinned.bytes(), "a rehearsal with a copy");
  const sqlite::HalfFile copy(store_file.string() + "-rehearsal");
  const sqlite::Steady::time_point begin = sqlite::Steady::now();
  sqlite::copy_database(pinned.connection(), copy.path(), progress);
  const std::chrono::milliseconds copying = sqlite::since(begin);
  sqlite::Connection connection(copy.path(), sqlite::Access::create, {});
  Migration migration = sqlite::migrate_behind_copy(connection, KeepCopy::no, progress);
  migration.copying = copying;
  return migration;
}

}  // namespace caravan
