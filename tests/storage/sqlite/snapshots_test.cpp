// Snapshots: what is in one, what is not, and that there is never half of one.

#include "storage/snapshots.hpp"

#include <csignal>
#include <fstream>

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable
namespace fs = std::filesystem;

Changes entry(std::int64_t sequence, Changes changes = {}) {
  changes.journal = JournalRecord{sequence, at(sequence * 1'000), "entry " + std::to_string(sequence)};
  changes.engine_time = at(sequence * 1'000);
  return changes;
}

std::vector<std::string> keys_in(Reader& reader) {
  std::vector<std::string> keys;
  for (const AccountRecord& account : gather<AccountRecord>([&](auto& to) { reader.accounts_from({1}, 100, to); }))
    keys.push_back(account.key);
  return keys;
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(folder))
    names.push_back(each.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

using Strings = std::vector<std::string>;

TEST_CASE("a snapshot holds what was committed when it was pinned, whatever comes while it is written") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(entry(1, with_accounts({1, 2})));
  const auto pinned = pin_sqlite(folder.file());
  store->commit(entry(2, with_accounts({3})));
  CHECK(pinned->through() == 1);
  const StoreSnapshot snapshot = pinned->write();
  CHECK(snapshot.through == 1);
  CHECK(snapshot.at == at(1'000));
  CHECK(snapshot.bytes == fs::file_size(snapshot.file));

  const auto copy = open_sqlite(snapshot.file, OpenMode::read);
  const auto reader = copy->reader();
  CHECK(keys_in(*reader) == Strings{"account-1", "account-2"});
  CHECK(copy->installation() == store->installation());
}

TEST_CASE("a snapshot has no entries of the journal and goes on where it ended") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  for (std::int64_t sequence = 1; sequence <= 5; ++sequence)
    store->commit(entry(sequence));
  Changes forgetting;
  forgetting.forgotten_journal = 2;
  store->commit(forgetting);
  const fs::path file = pin_sqlite(folder.file())->write().file;

  const auto copy = open_sqlite(file, OpenMode::write);
  CHECK(copy->reader()->journal_range().first == 6);
  CHECK(copy->reader()->journal_range().last == 5);
  copy->commit(entry(6, with_accounts({1})));
  CHECK(copy->reader()->journal_range().first == 6);
  CHECK(copy->reader()->journal_range().last == 6);
  // Nothing of it touched the store.
  CHECK(store->reader()->journal_range().first == 3);
  CHECK(store->reader()->journal_range().last == 5);
}

TEST_CASE("a snapshot has the layout of its store, and SQLite finds nothing wrong with it") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes changes = with_accounts({1, 2, 3});
  changes.people = {{{{1}, {1}, "ann", one_attribute(5)}, true}};
  changes.tokens = {{waiting_token(1, 5'000), true}};
  changes.deliveries = {pending_delivery(1, 1, 5'000)};
  store->commit(entry(1, changes));
  const fs::path file = pin_sqlite(folder.file())->write().file;
  const std::string layout =
      "SELECT group_concat(type || name || tbl_name || sql, char(10)) FROM "
      "(SELECT * FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name)";
  CHECK(ask(file, layout) == ask(folder.file(), layout));
  CHECK(ask(file, "PRAGMA integrity_check") == "ok");
  CHECK(ask(file, "SELECT application_id || '/' || user_version FROM pragma_application_id, pragma_user_version") ==
        ask(folder.file(),
            "SELECT application_id || '/' || user_version FROM pragma_application_id, pragma_user_version"));
  const auto reader = open_sqlite(file, OpenMode::read)->reader();
  CHECK(gather<PersonRecord>([&](auto& to) { reader->people_of({1}, to); }).front().key == "ann");
  CHECK(reader->next_due() == at(5'000));
}

TEST_CASE("snapshots are found oldest first, and files of others are left alone") {
  TemporaryFolder folder;
  CHECK(snapshots_of(folder.file()).empty());
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  for (const std::int64_t sequence : {1, 2}) {
    store->commit(entry(sequence));
    pin_sqlite(folder.file())->write();
  }
  for (std::int64_t sequence = 3; sequence <= 10; ++sequence)
    store->commit(entry(sequence));
  pin_sqlite(folder.file())->write();
  std::ofstream(snapshot_folder(folder.file()) / "through-x.db") << "mine";
  const std::vector<StoreSnapshot> found = snapshots_of(folder.file());
  REQUIRE(found.size() == 3);
  CHECK(found[0].through == 1);
  CHECK(found[1].through == 2);
  CHECK(found[2].through == 10);
  remove_snapshot(found[1]);
  CHECK(files_in(snapshot_folder(folder.file())) == Strings{"through-1.db", "through-10.db", "through-x.db"});
}

TEST_CASE("a replay begins with the oldest snapshot that an entry of the journal follows") {
  const std::vector<StoreSnapshot> snapshots = {{"a", 10, {}, 0}, {"b", 20, {}, 0}, {"c", 30, {}, 0}};
  CHECK_FALSE(replay_base(snapshots, 1));  // with an empty store
  CHECK(replay_base(snapshots, 2)->through == 10);
  CHECK(replay_base(snapshots, 11)->through == 10);
  CHECK(replay_base(snapshots, 12)->through == 20);
  CHECK(replay_base(snapshots, 31)->through == 30);
  CHECK_FALSE(replay_base(snapshots, 32));  // it cannot begin
}

TEST_CASE("a snapshot that is given up leaves nothing") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(entry(1, with_accounts({1})));
  {
    const auto pinned = pin_sqlite(folder.file());
    pinned->give_up();
    CHECK_THROWS_AS(pinned->write(), StoreError);
  }
  CHECK(files_in(snapshot_folder(folder.file())).empty());
}

TEST_CASE("a process that is killed while it writes a snapshot leaves none, and what it leaves is taken away") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(entry(1, with_accounts({1})));
  }
  {
    // Killed between the beginning of the copy and its new name.
    Child child([&](int output) {
      const auto pinned = pin_sqlite(folder.file());
      Child::say(output, "pinned");
      ::pause();
    });
    REQUIRE(child.hear(6) == "pinned");
    child.kill();
  }
  CHECK(snapshots_of(folder.file()).empty());
  CHECK(files_in(snapshot_folder(folder.file())).size() == 1);
  remove_half_snapshots(folder.file());
  CHECK(files_in(snapshot_folder(folder.file())).empty());
  CHECK(pin_sqlite(folder.file())->write().through == 1);
  CHECK(files_in(snapshot_folder(folder.file())) == Strings{"through-1.db"});
}

TEST_CASE("a process that is killed in the middle of writing a snapshot leaves a whole one or none") {
  TemporaryFolder folder;
  constexpr std::int64_t kAccounts = 20'000;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
    Changes changes = entry(1);
    for (std::int64_t id = 1; id <= kAccounts; ++id)
      changes.accounts.push_back({{{id}, "account-" + std::to_string(id), one_attribute(id)}, true});
    store->commit(changes);
  }
  std::error_code ignored;
  for (const std::uintmax_t written : {0, 4'096, 65'536, 262'144, 524'288}) {
    Child child([&](int output) {
      const auto pinned = pin_sqlite(folder.file());
      Child::say(output, "pinned");
      pinned->write();
      Child::say(output, "written");
    });
    REQUIRE(child.hear(6) == "pinned");
    const fs::path half = snapshot_folder(folder.file()) / (std::to_string(child.process()) + ".half");
    // Until so much is there, or all of it has got its name.
    while (fs::exists(half, ignored) && fs::file_size(half, ignored) < written) {
    }
    child.kill();
    for (const StoreSnapshot& snapshot : snapshots_of(folder.file())) {
      CHECK(ask(snapshot.file, "PRAGMA integrity_check") == "ok");
      CHECK(open_sqlite(snapshot.file, OpenMode::read)->reader()->totals().accounts == kAccounts);
      remove_snapshot(snapshot);
    }
    remove_half_snapshots(folder.file());
    CHECK(files_in(snapshot_folder(folder.file())).empty());
    CHECK(ask(folder.file(), "PRAGMA integrity_check") == "ok");
  }
}

TEST_CASE("a snapshot that cannot be written says where and what to do") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(entry(1));
  }
  std::ofstream(snapshot_folder(folder.file())) << "a file in its place";
  const std::string error = error_of([&] { pin_sqlite(folder.file()); });
  CHECK_THAT(error, says("store.db-snapshots: cannot be made"));
  CHECK_THAT(error, says("this user needs write access"));
}

TEST_CASE("a snapshot of what the store was before an older copy of it was restored is not the store's") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(entry(1, with_accounts({1})));
  }
  fs::copy_file(folder.file(), folder.path() / "older.db");
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(entry(2, with_accounts({2})));
    pin_sqlite(folder.file())->write();
    store->commit(entry(3, with_accounts({3})));
  }
  CHECK(snapshots_of(folder.file()).size() == 1);

  fs::copy_file(folder.path() / "older.db", folder.file(), fs::copy_options::overwrite_existing);
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  std::vector<std::string> left_out;
  CHECK(snapshots_of(folder.file(), &left_out).empty());
  REQUIRE(left_out.size() == 1);
  CHECK_THAT(left_out[0], says("through-2.db: this snapshot is of another history than the store's"));
  Changes another = entry(2, with_accounts({7}));
  another.journal->entry = "another entry 2";
  store->commit(another);
  store->commit(entry(3, with_accounts({8})));
  CHECK(snapshots_of(folder.file()).empty());
}

TEST_CASE("a snapshot that cannot be read is left out, and the others are found") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(entry(1, with_accounts({1})));
  pin_sqlite(folder.file())->write();
  std::ofstream(snapshot_folder(folder.file()) / "through-999.db") << "no database";
  std::vector<std::string> left_out;
  CHECK(snapshots_of(folder.file(), &left_out).size() == 1);
  REQUIRE(left_out.size() == 1);
  CHECK_THAT(left_out[0], says("through-999.db: this snapshot cannot be read"));
}

}  // namespace
}  // namespace caravan
