// What can be said of a store's file from outside.

#include "storage/inspection.hpp"

#include <fstream>

#include "storage/archive.hpp"
#include "storage/snapshots.hpp"
#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable
namespace fs = std::filesystem;

StoreInspection inspect(const fs::path& file, Thoroughness thoroughness = Thoroughness::quick) {
  return inspect_sqlite(file, thoroughness, {});
}

TEST_CASE("of a sound store everything is told, and nothing is wrong") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write)->commit(with_accounts({1, 2}));
  const StoreInspection found = inspect(folder.file());
  CHECK(found.is_there);
  CHECK(found.problem == "");
  CHECK(found.layout == found.present_layout);
  CHECK(found.damage.empty());
  CHECK(found.bytes == fs::file_size(folder.file()));
  CHECK(found.disk_free > 0);
  CHECK(found.is_writable);
  CHECK_FALSE(found.writer);
  CHECK(found.beside.empty());
  CHECK_FALSE(inspect(folder.path() / "nowhere.db").is_there);
}

TEST_CASE("who writes a store is told without touching its lock") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    const auto writer = writer_of(folder.file());
    REQUIRE(writer);
    CHECK(writer->process == ::getpid());
    REQUIRE(writer->since);
    CHECK(*writer->since <= std::chrono::system_clock::now());
    CHECK(*writer->since > std::chrono::system_clock::now() - std::chrono::hours(24));
  }
  CHECK_FALSE(writer_of(folder.file()));
  // The number that is left in the lock file is of a process that lives; it writes the store no more.
  CHECK(fs::exists(folder.file().string() + ".lock"));
}

TEST_CASE("damage is found: of a page quickly, of an index by looking fully") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write)->commit(with_accounts({1, 2, 3}));
  run_sql(folder.file(), "PRAGMA journal_mode = delete");
  // The index says another key than the table: quick_check does not compare them.
  run_sql(
      folder.file(),
      "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = 'CREATE TABLE account(id INTEGER PRIMARY KEY, "
      "key TEXT NOT NULL, attributes BLOB NOT NULL) STRICT' WHERE name = 'account'; DELETE FROM sqlite_schema WHERE "
      "name = 'sqlite_autoindex_account_1'");
  CHECK(inspect(folder.file()).damage.size() == 1);  // a page that nothing uses
  const std::string root = ask(folder.file(), "SELECT rootpage FROM sqlite_schema WHERE name = 'account'");
  {
    std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((std::stoll(root) - 1) * 4'096);
    file << std::string(4'096, '\x55');
  }
  const StoreInspection found = inspect(folder.file(), Thoroughness::full);
  CHECK(found.damage.size() > 1);
}

TEST_CASE("a file that is no store has a problem, not an exception") {
  TemporaryFolder folder;
  std::ofstream(folder.file()) << "nothing but text, and a good deal of it";
  CHECK_THAT(inspect(folder.file()).problem, says("it is no SQLite database"));
  run_sql(folder.path() / "newer.db",
          "PRAGMA user_version = 99; PRAGMA application_id = 1131574894; CREATE TABLE a(b)");
  CHECK_THAT(inspect(folder.path() / "newer.db").problem, says("made by a newer Caravan (layout 99"));
}

TEST_CASE("what lies beside a store is told apart") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes changes = with_accounts({1});
  changes.journal = JournalRecord{1, at(1'000), "entry"};
  store->commit(changes);
  pin_sqlite(folder.file())->write();
  for (const char* name :
       {"store.db-restore.half", "store.db-layout-3-2026-01-05T090000Z", "store.db-snapshots/12.half",
        "store.db-replaced-2026-01-05T090000Z", "store.db-archive/2020-01.db", "other.db-restore"}) {
    fs::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << "x";
  }
  std::map<std::string, FileBeside::Kind> kinds;
  for (const FileBeside& each : inspect(folder.file()).beside)
    kinds[each.path.lexically_relative(folder.path()).string()] = each.kind;
  using Kind = FileBeside::Kind;
  CHECK(kinds == std::map<std::string, Kind>{{"store.db-restore.half", Kind::half},
                                             {"store.db-layout-3-2026-01-05T090000Z", Kind::kept},
                                             {"store.db-snapshots/12.half", Kind::half},
                                             {"store.db-replaced-2026-01-05T090000Z", Kind::replaced},
                                             {"store.db-archive/2020-01.db", Kind::stranger}});
}

}  // namespace
}  // namespace caravan
