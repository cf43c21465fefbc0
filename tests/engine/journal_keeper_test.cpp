// How long the journal is kept: what is due when, and that a replay goes on from a snapshot to where production is.

#include "engine/journal_keeper.hpp"

#include <fstream>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/harness/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr CalendarDuration kNinetyDays{.days = std::chrono::days(90)};
constexpr Instant kNow = kMonday + 1'000 * 24h;

DatedSnapshot snapshot(std::int64_t through, std::optional<std::chrono::days> ago) {
  DatedSnapshot dated;
  dated.snapshot.through = through;
  if (ago) dated.at = kNow - *ago;
  return dated;
}

/// `take`, `forget 20`, `remove 10`; empty: nothing is due.
std::string due(Reader::JournalRange journal, std::chrono::days oldest, std::vector<DatedSnapshot> snapshots,
                std::optional<CalendarDuration> keep = kNinetyDays) {
  const JournalUpkeep upkeep = upkeep_of(journal, kNow - oldest, snapshots, keep, kNow, "UTC");
  std::string text = upkeep.take_snapshot ? "take" : "";
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (upkeep.forget > 0) add("forget " + std::to_string(upkeep.forget));
  for (const StoreSnapshot& each : upkeep.remove)
    add("remove " + std::to_string(each.through));
  return text;
}

using std::chrono::days;

/// An engine on a store, with a keeper of its journal beside it. Time is moved by hand.
class Kept {
 public:
  explicit Kept(SourceTexts texts, std::optional<CalendarDuration> keep) : texts_(std::move(texts)), keep_(keep) {
    start();
  }

  void start() {
    names_.emplace(*store_->reader());
    engine_.emplace(io_, *store_, *names_, clock_, load_workspace(texts_, "", node_shapes(), *names_), nullptr);
    keeper_.emplace(io_, *engine_, *store_, file(), keep_, "UTC");
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
    keeper_->start(clock_.now());
    engine_->start([this](const std::string& reason) {
      failures.push_back(reason);
      io_.stop();
    });
    run();
  }

  void post(Input input) {
    ++waiting_;
    engine_->post(std::move(input), [this](const InputResult& result) {
      --waiting_;
      CHECK(result.refused.empty());
    });
    run();
  }

  /// Time passes, an account comes, and whatever is due on the way happens.
  void pass(std::chrono::hours by, const std::string& account) {
    until_ = clock_.now() + by;
    engine_->poke();
    run();
    clock_.move_to(until_);
    post(UpsertAccount{account, {{"employees", number(7)}}});
  }

  void stop() {
    engine_->stop([this] { io_.stop(); });
    run();
    keeper_.reset();
    engine_.reset();
  }

  std::filesystem::path file() const { return folder_.file(); }
  Reader::JournalRange journal() { return store_->reader()->journal_range(); }
  Store& store() { return *store_; }
  std::vector<std::string> failures;

 private:
  void run() {
    io_.restart();
    io_.run();
  }

  caravan::testing::TemporaryFolder folder_;
  SourceTexts texts_;
  std::optional<CalendarDuration> keep_;
  std::unique_ptr<Store> store_ = open_sqlite(folder_.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  VirtualClock clock_{kMonday};
  Instant until_ = kMonday;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::optional<NameBook> names_;
  std::optional<Engine> engine_;
  std::optional<JournalKeeper> keeper_;
  int waiting_ = 0;
};

std::vector<std::int64_t> throughs(const std::filesystem::path& file) {
  std::vector<std::int64_t> all;
  for (const StoreSnapshot& snapshot : snapshots_of(file))
    all.push_back(snapshot.through);
  return all;
}

constexpr std::string_view kNodes =
    "- {id: greet, send_email: welcome}\n- {id: rest, wait: 25d}\n- {id: bye, send_email: farewell}\n";

}  // namespace

TEST_CASE("a snapshot is due when the journal has gone on for as long as it is kept") {
  CHECK(due({1, 50}, days(89), {}) == "");
  CHECK(due({1, 50}, days(90), {}) == "take");
  CHECK(due({1, 50}, days(100), {snapshot(30, days(10))}) == "");
  CHECK(due({1, 50}, days(170), {snapshot(30, days(89))}) == "");
  CHECK(due({1, 50}, days(1'000), {}, std::nullopt) == "");  // always
}

TEST_CASE("what stands before the newest snapshot that is as old as the journal is kept is let go") {
  CHECK(due({1, 99}, days(180), {snapshot(30, days(90))}) == "take, forget 30");
  CHECK(due({1, 99}, days(180), {snapshot(30, days(90)), snapshot(60, days(0))}) == "forget 30");
  CHECK(due({31, 99}, days(90), {snapshot(30, days(90)), snapshot(60, days(0))}) == "");
  CHECK(due({31, 99}, days(180), {snapshot(30, days(180)), snapshot(60, days(90))}) == "take, forget 60, remove 30");
  // Those that somebody has taken beside count as any other.
  CHECK(due({1, 99}, days(180), {snapshot(30, days(95)), snapshot(31, days(94)), snapshot(60, days(5))}) ==
        "forget 31, remove 30");
}

TEST_CASE("of a snapshot that nobody has run the store since, nobody knows how old it is") {
  CHECK(due({31, 60}, days(200), {snapshot(30, days(200)), snapshot(60, std::nullopt)}) == "");
}

TEST_CASE("where a replay has nothing to begin with, a snapshot is due at once") {
  CHECK(due({2, 50}, days(1), {}) == "take");
  CHECK(due({2, 50}, days(1), {}, std::nullopt) == "take");
  CHECK(due({2, 50}, days(1), {snapshot(1, days(1))}) == "");
  CHECK(due({31, 50}, days(1), {snapshot(20, days(5))}) == "take");
}

TEST_CASE("over a year there are always at least the days to keep, at most about twice as many, and two snapshots") {
  Kept kept(seeds_workspace(kNodes), CalendarDuration{.days = days(30)});
  for (int week = 1; week <= 52; ++week) {
    kept.pass(7 * 24h, "account-" + std::to_string(week));
    const auto reader = kept.store().reader();
    std::vector<JournalRecord> first;
    reader->journal_from(reader->journal_range().first, 1, first);
    const Instant now = kMonday + week * 7 * 24h;
    INFO("week " << week << ", journal since " << to_text(first.front().at) << ", now " << to_text(now));
    CHECK(first.front().at <= std::max(kMonday, now - 30 * 24h));
    CHECK(first.front().at >= now - 75 * 24h);
    CHECK(snapshots_of(kept.file()).size() <= 2);
  }
  CHECK(kept.journal().first > 1);
  CHECK(throughs(kept.file()).size() == 2);
  CHECK(throughs(kept.file()).front() + 1 == kept.journal().first);
  CHECK(kept.failures.empty());
}

TEST_CASE("a journal that is kept always is not touched") {
  Kept kept(seeds_workspace(kNodes), std::nullopt);
  for (int i = 0; i < 20; ++i)
    kept.pass(30 * 24h, "account-" + std::to_string(i));
  CHECK(kept.journal().first == 1);
  CHECK(throughs(kept.file()).empty());
}

TEST_CASE("an entry that begins anew follows each snapshot, and a replay from it comes to where production is") {
  Kept kept(seeds_workspace(kNodes), CalendarDuration{.days = days(30)});
  for (int week = 1; week <= 20; ++week)
    kept.pass(7 * 24h, "account-" + std::to_string(week));
  kept.stop();
  const auto reader = kept.store().reader();
  const std::vector<StoreSnapshot> snapshots = snapshots_of(kept.file());
  REQUIRE(snapshots.size() == 2);
  for (const StoreSnapshot& snapshot : snapshots) {
    std::vector<JournalRecord> next;
    reader->journal_from(snapshot.through + 1, 1, next);
    CHECK(std::holds_alternative<JournalStart>(unpack(next.front()).entry.what));
    ScratchStore scratch({}, snapshot.file);
    const ReplayedJournal replayed = Replay(*reader, scratch.store()).run();
    CHECK(replayed.first == snapshot.through + 1);
    CHECK(replayed.last == reader->journal_range().last);
    CHECK_FALSE(replayed.other_answer);
    const auto after = scratch.store().reader();
    CHECK(after->totals().accounts == 20);
    auto counters = [](Reader& of) {
      auto all = of.counters();
      std::sort(all.begin(), all.end());
      return all;
    };
    CHECK(counters(*after) == counters(*reader));
    CHECK(after->next_due() == reader->next_due());
    for (std::int64_t account = 1; account <= 20; ++account) {
      std::vector<TokenRecord> left;
      std::vector<TokenRecord> right;
      after->tokens_of({account}, left);
      reader->tokens_of({account}, right);
      CHECK(left == right);
    }
  }
}

TEST_CASE("what a crash has left of a snapshot is taken away at the next start, and the next midnight takes one") {
  Kept kept(seeds_workspace(kNodes), CalendarDuration{.days = days(30)});
  kept.pass(29 * 24h, "account-1");
  kept.stop();
  const std::filesystem::path half = snapshot_folder(kept.file()) / "1234.half";
  std::filesystem::create_directories(half.parent_path());
  std::ofstream(half) << "half of a snapshot";
  kept.start();
  CHECK_FALSE(std::filesystem::exists(half));
  CHECK(throughs(kept.file()).empty());
  kept.pass(2 * 24h, "account-2");
  CHECK(throughs(kept.file()).size() == 1);
}

TEST_CASE("where no snapshot can be taken nothing is let go, and the engine goes on") {
  Kept kept(seeds_workspace(kNodes), CalendarDuration{.days = days(30)});
  std::ofstream(snapshot_folder(kept.file())) << "a file in its place";
  for (int i = 1; i <= 5; ++i)
    kept.pass(30 * 24h, "account-" + std::to_string(i));
  CHECK(kept.journal().first == 1);
  CHECK(kept.store().reader()->totals().accounts == 5);
  CHECK(kept.failures.empty());
}
