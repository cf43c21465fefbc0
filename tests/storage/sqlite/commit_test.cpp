// All of a commit or nothing: rows that contradict, a disk without room, a process that is killed in the middle.

#include <csignal>

#include <sys/resource.h>

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

/// One of everything, so that a rollback has something to take back in every table.
Changes one_of_everything() {
  Changes changes = with_accounts({1});
  changes.names = {{NameId{1}, "industry"}};
  changes.people = {{{{1}, {1}, "ann", {}}, true}};
  changes.relations = {{{1}, {2}}};
  changes.kept_consent = {{std::string(32, 'h'), ConsentKind::left_topic, "events", at(1'000)}};
  changes.tokens = {{waiting_token(1, 5'000), true}};
  changes.runs = {{{1}, 0, at(1'000), {{NodeIndex{0}}}}};
  changes.deliveries = {pending_delivery(1, 1, 5'000)};
  changes.groups = {group_of(1, NameId{1}, {{{1}, NameId{1}}})};
  changes.group_changes = {{{1}, NameId{1}, at(1'000)}};
  changes.engagement = {{{1}, {{NameId{1}, 1}}, 1, 100}};
  changes.engagement_due = {{{1}, at(1'000)}};
  changes.engagement_round = {at(1'000), "f00d", true};
  changes.activity = {{{1}, 1, at(1'000), {1}, NameId{1}, "a", {}}};
  changes.audience_members = {{{1}, NameId{1}, at(1'000)}};
  changes.rosters = {{RosterKind::list, NameId{1}, {1}, {}, at(1'000)}};
  changes.mailed = {{NameId{1}, NameId{1}, "vp@acme.example"}};
  changes.notes = {{{1}, at(1'000), NoteKind::failure, {1}, kNoNode, "why"}};
  changes.count({{1}, CounterKind::entered, 0, kNoPath});
  changes.versions = {{{1}, "a", 1, "f00d", at(0), true, 1}};
  changes.snapshots = {{1, {{"a.yaml", "a"}}}};
  changes.definitions = {1, "f00d", at(0)};
  changes.journeys = {{"a", JourneyState::live, at(0)}};
  changes.tasks.emplace_back().id = 1;
  changes.sweeps = {{{1}, {1}, {}}};
  changes.to_evaluate = {{{1}, true}};
  changes.engine_time = at(1'000);
  return changes;
}

/// How many rows of a store's work there are, in all tables.
std::string rows_in(const std::filesystem::path& file) {
  return ask(
      file,
      "SELECT (SELECT count(*) FROM name) + (SELECT count(*) FROM account) + (SELECT count(*) FROM person) +"
      " (SELECT count(*) FROM token) + (SELECT count(*) FROM run) + (SELECT count(*) FROM delivery) +"
      " (SELECT count(*) FROM buying_group) + (SELECT count(*) FROM member) + (SELECT count(*) FROM note) +"
      " (SELECT count(*) FROM relation) + (SELECT count(*) FROM kept_consent) + (SELECT count(*) FROM group_change) + "
      "(SELECT count(*) FROM engagement) +"
      " (SELECT count(*) FROM engagement_due) + (SELECT count(*) FROM engagement_round) +"
      " (SELECT count(*) FROM definitions) + (SELECT count(*) FROM activity) + (SELECT count(*) FROM audience_member) +"
      " (SELECT count(*) FROM roster) + (SELECT count(*) FROM roster_change) + (SELECT count(*) FROM mailed) +"
      " (SELECT count(*) FROM journey) + (SELECT count(*) FROM task) +"
      " (SELECT count(*) FROM counter) + (SELECT count(*) FROM version) + (SELECT count(*) FROM snapshot) +"
      " (SELECT count(*) FROM snapshot_text) + (SELECT count(*) FROM sweep) +"
      " (SELECT count(*) FROM account_to_evaluate) + (SELECT count(*) FROM setting WHERE name <> 'installation')");
}

TEST_CASE("a delivery that is promised twice fails its whole commit, and the next commit goes through") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes twice = one_of_everything();
  twice.deliveries.push_back(twice.deliveries.front());
  CHECK_THAT(error_of([&] { store->commit(twice); }),
             says(folder.file().string() + ": the rows contradict what is there") && says("delivery") &&
                 says("nothing of this transaction was written"));
  CHECK(rows_in(folder.file()) == "0");

  store->commit(one_of_everything());
  CHECK(rows_in(folder.file()) == "31");
  CHECK_FALSE(error_of([&] { store->commit(one_of_everything()); }).empty());
  CHECK(rows_in(folder.file()) == "31");
}

TEST_CASE("two accounts with one key contradict each other") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes changes = with_accounts({1, 2});
  changes.accounts[1].record.key = changes.accounts[0].record.key;
  CHECK_THAT(error_of([&] { store->commit(changes); }), says("account.key"));
  CHECK(rows_in(folder.file()) == "0");
}

TEST_CASE("changing what is not there fails the whole commit and says what it was") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  const auto error_with = [&](auto change) {
    Changes changes = with_accounts({1});
    change(changes);
    return error_of([&] { store->commit(changes); });
  };
  CHECK_THAT(error_with([](Changes& c) {
               c.tokens = {{waiting_token(7, 1), false}};
             }),
             says("token 7 is to be changed"));
  CHECK_THAT(error_with([](Changes& c) { c.accounts = {{{{8}, "x", {}}, false}}; }), says("account 8"));
  CHECK_THAT(error_with([](Changes& c) { c.people = {{{{9}, {1}, "x", {}}, false}}; }), says("person 9"));
  CHECK_THAT(error_with([](Changes& c) { c.progress.emplace_back().key.token.value = 6; }), says("of token 6"));
  CHECK(rows_in(folder.file()) == "0");
}

TEST_CASE("a full disk fails the commit and says so; with room again the store goes on") {
  TemporaryFolder folder;
  // In a process of its own, where a limit on the size of files stands in for the end of the disk.
  Child child([&](int output) {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(with_accounts({1}));
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit narrow{1'000'000, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &narrow);
    Changes large = with_accounts({2});
    large.accounts[0].record.key.assign(2'000'000, 'k');
    Child::say(output, error_of([&] { store->commit(large); }));
    ::setrlimit(RLIMIT_FSIZE, &limit);
    store->commit(with_accounts({3}));
    Child::say(output, " Then went on.");
  });
  CHECK(child.hear_all() == folder.file().string() +
                                ": there is no room left on the disk: nothing of this transaction was written; make "
                                "room and try again Then went on.");
  const auto reader = open_sqlite(folder.file(), OpenMode::write)->reader();
  CHECK(reader->account("account-1"));
  CHECK(reader->account("account-3"));
  CHECK(reader->totals().accounts == 2);
}

TEST_CASE("another program that holds the file makes a commit fail with a sentence") {
  TemporaryFolder folder;
  SqliteSettings settings;
  settings.patience = std::chrono::milliseconds(1);
  const auto store = open_sqlite(folder.file(), OpenMode::write, settings);
  sqlite3* shell = nullptr;
  REQUIRE(sqlite3_open(folder.file().c_str(), &shell) == SQLITE_OK);
  REQUIRE(sqlite3_exec(shell, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK_THAT(error_of([&] { store->commit(with_accounts({1})); }), says("another program is writing to the file"));
  sqlite3_exec(shell, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(shell);
  CHECK_NOTHROW(store->commit(with_accounts({1})));
}

/// Commit `number`: a hundred accounts with all that belongs to them, and the turn before taken one step on.
Changes batch(std::int64_t number) {
  Changes changes;
  for (std::int64_t i = 1; i <= 100; ++i) {
    const std::int64_t id = number * 100 + i;
    changes.accounts.push_back({{{id}, "account-" + std::to_string(id), one_attribute(id)}, true});
    changes.tokens.push_back({waiting_token(id, id), true});
    changes.runs.push_back({{id}, 0, at(1), {{NodeIndex{0}}}});
    changes.deliveries.push_back(pending_delivery(id, 1, id));
    if (number == 0) continue;
    TokenRecord before = waiting_token(id - 100, 0);
    before.state = TokenState::completed;
    before.due_at.reset();
    changes.tokens.push_back({before, false});
    changes.runs.push_back({{id - 100}, 1, at(2), {{NodeIndex{1}}}});
  }
  changes.count({{1}, CounterKind::entered, 0, kNoPath}, 100);
  return changes;
}

TEST_CASE("a writer that is killed while it commits has kept every commit it acknowledged, whole, and none by half") {
  TemporaryFolder folder;
  SqliteSettings settings;
  settings.checkpoint_bytes = 256 << 10U;  // so that kills fall into checkpoints, too
  std::int64_t acknowledged = 0;
  for (int kill = 0; kill < 8; ++kill) {
    Child child([&](int output) {
      const auto store = open_sqlite(folder.file(), OpenMode::write, settings);
      for (std::int64_t number = store->reader()->greatest().account.value / 100; true; ++number) {
        store->commit(batch(number));
        Child::say(output, "!");
      }
    });
    // Each round kills at another point; what the child does meanwhile is for the kernel to choose.
    const std::size_t heard = child.hear(static_cast<std::size_t>(3 + 5 * kill)).size();
    REQUIRE(heard == static_cast<std::size_t>(3 + 5 * kill));
    child.kill();
    acknowledged += static_cast<std::int64_t>(heard) + static_cast<std::int64_t>(child.hear_all().size());

    {
      const auto store = open_sqlite(folder.file(), OpenMode::write, settings);
      const auto reader = store->reader();
      const std::int64_t commits = reader->totals().accounts / 100;
      // The last one may be on the disk without its acknowledgement having been written.
      REQUIRE(commits >= acknowledged);
      REQUIRE(commits <= acknowledged + 1);
      acknowledged = commits;
      REQUIRE(reader->counters().front().second == commits * 100);
    }
    REQUIRE(ask(folder.file(), "PRAGMA integrity_check") == "ok");
    REQUIRE(ask(folder.file(), "SELECT count(*) FROM token WHERE state = 2") == "100");
    const std::string accounts = std::to_string(acknowledged * 100);
    REQUIRE(ask(folder.file(), "SELECT count(*) FROM token") == accounts);
    REQUIRE(ask(folder.file(), "SELECT count(*) FROM delivery") == accounts);
    REQUIRE(ask(folder.file(), "SELECT count(*) FROM run") == std::to_string(acknowledged * 200 - 100));
  }
}

TEST_CASE("the log stays short beside a reader that always has a batch in hand") {
  TemporaryFolder folder;
  SqliteSettings settings;
  settings.checkpoint_bytes = 256 << 10U;
  const auto store = open_sqlite(folder.file(), OpenMode::write, settings);
  store->commit(batch(0));
  std::atomic<bool> done = false;
  std::thread reading([&] {
    // As the engine's turn thread does: reads while the batch before is committed, and lets go between batches.
    const auto reader = store->reader();
    while (!done) {
      std::vector<TokenRecord> due;
      reader->due_tokens(at(1'000'000), {}, 1'000, due);
      reader->refresh();
    }
  });
  std::uintmax_t longest = 0;
  for (std::int64_t number = 1; number < 200; ++number) {
    store->commit(batch(number));
    longest = std::max(longest, std::filesystem::file_size(folder.path() / "store.db-wal"));
  }
  done = true;
  reading.join();
  // The writer copies back at each quarter of a megabyte and waits for its reader at the fourth.
  // On a busy machine the reader may not get to let go as soon as it would.
  CHECK(longest < std::uintmax_t{16} * settings.checkpoint_bytes);
}

/// What the database's file holds by itself, without its log.
std::string accounts_in_file_alone(const TemporaryFolder& folder) {
  const std::filesystem::path copy = folder.path() / "alone.db";
  std::filesystem::copy_file(folder.file(), copy, std::filesystem::copy_options::overwrite_existing);
  std::string accounts = ask(copy, "SELECT count(*) FROM account");
  for (const char* beside : {"alone.db", "alone.db-wal", "alone.db-shm"})
    std::filesystem::remove(folder.path() / beside);
  return accounts;
}

TEST_CASE("idle time copies back what a commit would leave to a later one, where it is worth it") {
  TemporaryFolder folder;
  { const auto made = open_sqlite(folder.file(), OpenMode::write); }  // whoever closes it copies back
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(batch(0));
  store->use_idle_time();
  CHECK(accounts_in_file_alone(folder) == "0");  // too little: it waits for more
  std::int64_t batches = 1;
  // More than idle time is taken for, and less than what a commit copies back itself.
  while (std::filesystem::file_size(folder.path() / "store.db-wal") < std::uintmax_t{300} * 4'096)
    store->commit(batch(batches++));
  CHECK(accounts_in_file_alone(folder) == "0");
  store->use_idle_time();
  CHECK(accounts_in_file_alone(folder) == std::to_string(100 * batches));
  store->use_idle_time();  // there is nothing left
  store->commit(batch(batches));
  CHECK(store->reader()->totals().accounts == 100 * (batches + 1));
}

}  // namespace
}  // namespace caravan
