// History is let go while the engine runs: once a day, some at a time, never before it is in the archive.

#include "engine/history_keeper.hpp"

#include <fstream>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <sqlite3.h>

#include "storage/compact.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// An engine on a store, with a keeper of its history beside it. Time is moved by hand.
class Kept {
 public:
  explicit Kept(HistoryDefinition definition) : definition_(std::move(definition)) { start(); }

  void start() {
    names_.emplace(*store_->reader());
    engine_.emplace(io_, *store_, *names_, clock_, load_workspace(texts_, "", node_shapes(), *names_), nullptr);
    keeper_.emplace(io_, *engine_, *store_, file(), definition_, "UTC");
    keeper_->on_rest([this] { engine_->poke(); });
    engine_->on_batch([this](const BatchReport& report) { keeper_->look(report.now); });
    engine_->on_idle([this](std::optional<Instant> next) {
      if (keeper_->is_busy()) return;
      if (next && *next <= until_ && *next > clock_.now()) {
        clock_.move_to(*next);
        return engine_->poke();
      }
      if (waiting_ == 0) io_.stop();
    });
    keeper_->look(clock_.now());
    engine_->start([this](const std::string& reason) {
      failures.push_back(reason);
      io_.stop();
    });
    run();
  }

  /// Time passes, an account comes, and whatever is due on the way happens.
  void pass(std::chrono::hours by, const std::string& account) {
    until_ = clock_.now() + by;
    engine_->poke();
    run();
    clock_.move_to(until_);
    ++waiting_;
    engine_->post(UpsertAccount{account, {{"employees", number(7)}}}, [this](const InputResult& result) {
      --waiting_;
      CHECK(result.refused.empty());
    });
    run();
  }

  void stop() {
    engine_->stop([this] { io_.stop(); });
    run();
    keeper_.reset();
    engine_.reset();
  }

  /// As after `caravan compact`, and then with so many pages that hold nothing.
  void compact_and_free(int pages) {
    stop();
    store_.reset();
    compact_sqlite(file());
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(file().c_str(), &handle) == SQLITE_OK);
    const std::string fill =
        "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " +
        std::to_string(pages) + ") SELECT zeroblob(4000) FROM n; DROP TABLE filler";
    CHECK(sqlite3_exec(handle, fill.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
    store_ = open_store();
    start();
  }

  std::filesystem::path file() const { return folder_.file(); }
  std::int64_t free_pages() { return store_->reader()->free_pages(); }
  HistoryRecord history() { return store_->reader()->history(); }
  /// How many enrollments of the store still have their runs.
  std::size_t with_history() {
    std::vector<TokenRecord> tokens;
    store_->reader()->enrollments_with_history({1}, {1'000'000}, 1'000'000, tokens);
    return tokens.size();
  }
  /// Of how many accounts a reader tells everything.
  int told() {
    const auto reader = open_sqlite(file(), OpenMode::read)->reader();
    std::vector<AccountRecord> accounts;
    reader->accounts_from({1}, 10'000, accounts);
    int told = 0;
    for (const AccountRecord& account : accounts) {
      std::vector<TokenRecord> tokens;
      reader->tokens_of(account.id, tokens);
      std::vector<RunRecord> runs;
      for (const TokenRecord& token : tokens)
        reader->runs_of(token.id, runs);
      if (!runs.empty()) ++told;
    }
    return told;
  }
  std::vector<std::string> failures;

 private:
  void run() {
    io_.restart();
    io_.run();
  }

  std::unique_ptr<Store> open_store() const {
    return open_sqlite(folder_.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  }

  caravan::testing::TemporaryFolder folder_;
  SourceTexts texts_ = seeds_workspace("- {id: greet, send_email: welcome}\n- {id: rest, wait: 2d}\n");
  HistoryDefinition definition_;
  std::unique_ptr<Store> store_ = open_store();
  VirtualClock clock_{kMonday};
  Instant until_ = kMonday;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::optional<NameBook> names_;
  std::optional<Engine> engine_;
  std::optional<HistoryKeeper> keeper_;
  int waiting_ = 0;
};

HistoryDefinition kept_for(int days, bool archive = true) {
  HistoryDefinition definition;
  definition.keep = CalendarDuration{.days = std::chrono::days(days)};
  definition.archive = archive;
  return definition;
}

std::string account(int number) {
  return "account-" + std::to_string(number);
}

}  // namespace

TEST_CASE("over a year what is older than history is kept is in the archive, a file a month, and all is told") {
  Kept kept(kept_for(30));
  for (int day = 1; day <= 365; ++day) {
    kept.pass(24h, account(day));
    // One enters a day and goes on for two; what is kept is kept for thirty, and looked at at midnight.
    CHECK(kept.with_history() <= 34);
  }
  CHECK(kept.with_history() >= 32);
  const HistoryRecord history = kept.history();
  CHECK(history.forgotten + static_cast<std::int64_t>(kept.with_history()) == 365);
  CHECK(history.lost() == 0);
  REQUIRE(history.archives.size() == 12);
  CHECK(history.archives.front().file == "2026-02.db");
  CHECK(history.archives.back().file == "2027-01.db");
  CHECK(kept.told() == 365);
  CHECK(kept.failures.empty());
}

TEST_CASE("without an archive it is let go all the same, and there is no folder") {
  Kept kept(kept_for(10, false));
  for (int day = 1; day <= 30; ++day)
    kept.pass(24h, account(day));
  CHECK(kept.history().forgotten > 10);
  CHECK(kept.history().lost() == kept.history().forgotten);
  CHECK_FALSE(std::filesystem::exists(archive_folder(kept.file())));
}

TEST_CASE("without the setting nothing is ever let go") {
  Kept kept({});
  for (int month = 1; month <= 20; ++month)
    kept.pass(24h * 30, account(month));
  CHECK(kept.with_history() == 20);
  CHECK(kept.history() == HistoryRecord{});
}

TEST_CASE("a file that was compacted gives back what is free when the engine rests, all but what it will use again") {
  Kept kept(kept_for(10));
  kept.pass(24h, account(1));
  kept.compact_and_free(3'000);
  // It gives way to whatever else is to be done: on a busy machine it takes more than one rest.
  for (int rest = 0; rest < 100 && kept.free_pages() > 1'024; ++rest)
    kept.pass(1h, account(1));
  CHECK(kept.free_pages() <= 1'024);
  CHECK(kept.free_pages() > 900);
  for (int day = 2; day <= 20; ++day)
    kept.pass(24h, account(day));
  CHECK(kept.history().forgotten > 5);
  CHECK(kept.told() == 20);
  CHECK(kept.failures.empty());
}

TEST_CASE("it goes on after a restart, and looks at once") {
  Kept kept(kept_for(10));
  for (int day = 1; day <= 5; ++day)
    kept.pass(24h, account(day));
  kept.pass(24h, account(6));
  CHECK(kept.history().forgotten == 0);
  kept.stop();
  kept.start();
  for (int day = 7; day <= 40; ++day)
    kept.pass(24h, account(day));
  kept.stop();
  kept.start();
  CHECK(kept.with_history() <= 14);
  CHECK(kept.told() == 40);
}

TEST_CASE("where nothing can be archived nothing is let go, the engine goes on, and the next day makes up for it") {
  Kept kept(kept_for(10));
  std::ofstream(archive_folder(kept.file())) << "a file in its place";
  for (int day = 1; day <= 20; ++day)
    kept.pass(24h, account(day));
  CHECK(kept.history().forgotten == 0);
  CHECK(kept.with_history() == 20);
  CHECK(kept.failures.empty());
  std::filesystem::remove(archive_folder(kept.file()));
  kept.pass(24h, account(21));
  kept.pass(24h, account(22));
  CHECK(kept.history().forgotten > 5);
  CHECK(kept.told() == 22);
}
