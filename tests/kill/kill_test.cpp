// The first promise, kept against the real program: killed at any instant and started again, it loses nothing and does
// nothing twice. `caravan serve` takes 20,000 accounts along a journey of many stops while it is killed with SIGKILL
// again and again; at the end every row is compared with what the journey must have done.
//
// The moments of the kills are random (CARAVAN_KILL_SEED, else always the same) and measured in progress, not in time:
// so many visits are committed; then either at once, or when the log of the database changes again, which is in the
// middle of a commit.

#include <csignal>
#include <fstream>
#include <iostream>
#include <random>

#include <poll.h>
#include <sqlite3.h>

#include "engine/outbox.hpp"
#include "storage/store.hpp"
#include "tests/kill/child_process.hpp"
#include "tests/kill/long_way.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

constexpr std::size_t kAccounts = 20'000;
constexpr int kKills = 30;
/// All waits of the journey together are over within a second, so that there is always something due.
constexpr const char* kSpeed = "30d/s";
/// So many looks at a database that does not change, and the program is taken for stuck.
constexpr int kPatience = 300'000;

/// A look at the database from outside, beside the engine or without it.
class Look {
 public:
  explicit Look(const std::filesystem::path& file) {
    if (sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
      throw std::runtime_error(file.string() + " cannot be opened");
    }
    sqlite3_busy_timeout(database_, 10'000);
  }
  ~Look() { sqlite3_close(database_); }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  std::int64_t number(const char* sql) { return std::stoll(text(sql)); }

  std::string text(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    std::string result;
    if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
      result = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
    const std::string problem = sqlite3_errmsg(database_);
    sqlite3_finalize(statement);
    if (result.empty()) throw std::runtime_error(std::string(sql) + ": " + problem);
    return result;
  }

 private:
  sqlite3* database_ = nullptr;
};

/// What the counters say has been done, and what is still to be done at the engine's present time.
struct Progress {
  std::int64_t visits = 0;
  std::int64_t to_do = 0;
};

Progress progress_of(Look& look) {
  constexpr const char* kProgress = R"(
SELECT (SELECT ifnull(sum(amount), 0) FROM counter WHERE kind = 5) || ' ' ||
  ((SELECT count(*) FROM token WHERE due_at <= ifnull((SELECT value FROM setting WHERE name = 'engine_time'), 0)) +
   (SELECT count(*) FROM account WHERE id >= ifnull((SELECT max(next_account) FROM sweep), 0)) +
   (SELECT count(*) FROM delivery WHERE state IN (1, 2) AND state <> 3)))";
  std::istringstream text(look.text(kProgress));
  Progress progress;
  text >> progress.visits >> progress.to_do;
  return progress;
}

std::string tail_of(const std::filesystem::path& log) {
  std::ifstream file(log);
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  return all.substr(all.size() - std::min<std::size_t>(all.size(), 4'000));
}

unsigned seed() {
  const char* given = std::getenv("CARAVAN_KILL_SEED");
  return given ? static_cast<unsigned>(std::stoul(given)) : 20'260'105U;
}

/// The program on its workspace, life after life.
class Serving {
 public:
  Serving() : workspace_(folder_.path() / "workspace"), file_(workspace_ / "caravan.db"), log_(folder_.path() / "log") {
    write_long_way(workspace_, kAccounts);
    ChildProcess import({CARAVAN_PROGRAM, "import", "--workspace", workspace_, "--accounts",
                         workspace_ / "accounts.jsonl", "--people", workspace_ / "people.jsonl"},
                        log_);
    INFO(tail_of(log_));
    REQUIRE(import.wait() == 0);
  }

  void start() {
    process_.emplace(std::vector<std::string>{CARAVAN_PROGRAM, "serve", "--publish", "--workspace", workspace_,
                                              "--speed", kSpeed, "--until-idle", "--quiet", "--log-level", "warn"},
                     log_);
  }

  /// Returns when so many visits are committed. False when the program has ended before.
  bool run_until(std::int64_t visits, Progress& progress) {
    Look look(file_);
    for (int idle_looks = 0;;) {
      const Progress now = progress_of(look);
      idle_looks = now.visits > progress.visits ? 0 : idle_looks + 1;
      progress = now;
      if (now.visits >= visits) return true;
      if (process_->ended()) return false;
      if (idle_looks == kPatience) FAIL("no progress any more at " << now.visits << " visits\n" << tail_of(log_));
      ::poll(nullptr, 0, 1);
    }
  }

  /// Returns when the log of the database is written to again, or after so many looks.
  void run_until_a_commit_begins() {
    const std::filesystem::path wal = file_.string() + "-wal";
    std::error_code ignored;
    const auto before = std::filesystem::last_write_time(wal, ignored);
    for (int looks = 0; looks < 200'000 && !process_->ended(); ++looks) {
      if (std::filesystem::last_write_time(wal, ignored) != before) return;
    }
  }

  bool kill() {
    const bool was_running = !process_->ended();
    process_->kill();
    return was_running && process_->wait() == 128 + SIGKILL;
  }

  int wait() { return process_->wait(); }

  const std::filesystem::path& file() const { return file_; }
  std::filesystem::path outbox() const { return workspace_ / "outbox"; }
  std::string log() const { return tail_of(log_); }

 private:
  caravan::testing::TemporaryFolder folder_;
  std::filesystem::path workspace_;
  std::filesystem::path file_;
  std::filesystem::path log_;
  std::optional<ChildProcess> process_;
};

std::int64_t all_visits() {
  std::int64_t visits = 0;
  for (std::size_t number = 1; number <= kAccounts; ++number) {
    visits += static_cast<std::int64_t>(expected_visits(long_way_account(number)).size());
  }
  return visits;
}

/// The journey as the engine compiles it, for the names of its nodes and messages.
CompiledJourney compiled(const std::filesystem::path& workspace) {
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view) override { return 1; }
  } names;
  const std::unique_ptr<Workspace> loaded = load_workspace(workspace, node_shapes(), names);
  REQUIRE(loaded->diagnostics.errors() == 0);
  return compile_journey(*loaded, loaded->journeys.at("long-way"), names);
}

ExpectedVisits visits_of(Reader& reader, TokenId token, const CompiledJourney& journey) {
  std::vector<RunRecord> runs;
  reader.runs_of(token, runs);
  ExpectedVisits visits;
  for (const RunRecord& run : runs) {
    // A run that was written twice, or one that is lost, shows in the numbers.
    if (run.first_visit != visits.size()) return {"a gap or an overlap at visit " + std::to_string(run.first_visit)};
    for (const VisitRecord& visit : run.visits) {
      const CompiledNode& node = journey.node(visit.node);
      visits.push_back(node.id);
      if (visit.path != kNoPath) visits.back() += "/" + node.paths.at(static_cast<std::size_t>(visit.path)).name;
    }
  }
  return visits;
}

/// Every row against what must be there. Counts what the rows say on the way.
class Audit {
 public:
  Audit(const std::filesystem::path& file, const CompiledJourney& journey)
      : journey_(journey), store_(open_sqlite(file, OpenMode::read)), reader_(store_->reader()) {}

  void account(std::size_t number) {
    const LongWayAccount expected = long_way_account(number);
    INFO(expected.key);
    const std::optional<AccountRecord> account = reader_->account(expected.key);
    const std::optional<PersonRecord> person = reader_->person(expected.person_key);
    REQUIRE((account && person));
    std::vector<TokenRecord> tokens;
    reader_->tokens_of(account->id, tokens);
    REQUIRE(tokens.size() == 1);
    const TokenRecord& token = tokens.front();
    const ExpectedVisits visits = visits_of(*reader_, token.id, journey_);
    const bool completed = token.state == TokenState::completed && token.ended_at && !token.due_at;
    REQUIRE(completed);
    REQUIRE(visits == expected_visits(expected));
    REQUIRE(token.visits == visits.size());
    count(token, visits);
    deliveries(expected, token, *person);
    group(expected, *account, *person);
  }

  void counters() {
    std::map<CounterKey, std::int64_t> off = should_;
    for (const auto& [key, amount] : reader_->counters()) {
      if (key.kind <= CounterKind::undelivered) off[key] -= amount;
    }
    std::vector<std::string> lines;
    for (const auto& [key, by] : off) {
      if (by == 0) continue;
      lines.push_back("counter " + std::to_string(static_cast<int>(key.kind)) + " of " + std::to_string(key.slot) +
                      " lacks " + std::to_string(by));
    }
    CHECK(lines == std::vector<std::string>{});
  }

  /// One file for each delivery, by its key, and no other.
  void outbox(const std::filesystem::path& folder) {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.path().extension() != ".eml") continue;  // a .part is a mail that never was
      REQUIRE(files.insert(entry.path().stem()).second);
    }
    REQUIRE(files == keys_);
  }

 private:
  void deliveries(const LongWayAccount& expected, const TokenRecord& token, const PersonRecord& person) {
    std::vector<DeliveryRecord> are;
    reader_->deliveries_of(token.id, are);
    const std::vector<ExpectedDelivery> should = expected_deliveries(expected);
    REQUIRE(are.size() == should.size());
    for (std::size_t i = 0; i < are.size(); ++i) {
      const RecipientId recipient{should[i].to_sales ? -1 : person.id.value};
      REQUIRE((are[i].key == DeliveryKey{token.id, should[i].visit, recipient}));
      REQUIRE(are[i].state == DeliveryState::delivered);
      REQUIRE(journey_.messages.at(static_cast<std::size_t>(are[i].message)).name == should[i].message);
      REQUIRE(keys_.insert(to_text(are[i].key, store_->installation())).second);
      ++should_[{token.version, CounterKind::promised, static_cast<std::uint16_t>(are[i].message), kNoPath}];
      ++should_[{token.version, CounterKind::delivered, static_cast<std::uint16_t>(are[i].message), kNoPath}];
    }
  }

  void group(const LongWayAccount& expected, const AccountRecord& account, const PersonRecord& person) {
    std::vector<GroupRecord> groups;
    reader_->groups_of(account.id, groups);
    REQUIRE(groups.size() == 1);
    REQUIRE(groups[0].members.size() == 1);
    REQUIRE(groups[0].members[0].person == person.id);
    if (names_.empty()) {
      for (const auto& [id, name] : reader_->names())
        names_[id] = name;
    }
    REQUIRE(names_[groups[0].members[0].role] == (expected.industry == "technology" ? "decision_maker" : "user"));
  }

  void count(const TokenRecord& token, const ExpectedVisits& visits) {
    ++should_[{token.version, CounterKind::entered, 0, kNoPath}];
    ++should_[{token.version, CounterKind::completed, 0, kNoPath}];
    for (const std::string& visit : visits) {
      const std::size_t slash = std::min(visit.find('/'), visit.size());
      const NodeIndex node = journey_.find(visit.substr(0, slash));
      ++should_[{token.version, CounterKind::visited, static_cast<std::uint16_t>(node), kNoPath}];
      const std::vector<CompiledPath>& paths = journey_.node(node).paths;
      for (std::size_t i = 0; i < paths.size(); ++i) {
        if (paths[i].name != visit.substr(std::min(slash + 1, visit.size()))) continue;
        ++should_[{token.version, CounterKind::taken, static_cast<std::uint16_t>(node),
                   PathIndex{static_cast<std::uint16_t>(i)}}];
      }
    }
  }

  const CompiledJourney& journey_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  std::map<CounterKey, std::int64_t> should_;
  std::set<std::string> keys_;
  std::map<NameId, std::string> names_;
};

}  // namespace

TEST_CASE(
    "killed again and again, 20,000 accounts come to the end, each node visited once, each delivery promised once") {
  std::mt19937 random(seed());
  INFO("CARAVAN_KILL_SEED=" << seed());
  Serving serving;
  const std::int64_t work = all_visits();
  Progress seen;
  int kills = 0;

  for (int life = 1; kills < kKills; ++life) {
    INFO("life " << life << ", after " << kills << " kills, " << seen.visits << " of " << work << " visits\n"
                 << serving.log());
    REQUIRE(life <= 2 * kKills);
    // The next kill comes after up to twice an even share of what is left, so that the last one still meets work.
    const std::int64_t left = std::max<std::int64_t>(0, work - work / 10 - seen.visits);
    const std::int64_t share = std::max<std::int64_t>(1, 2 * left / (kKills - kills + 1));
    const std::int64_t target =
        seen.visits + 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(share));
    const bool in_a_commit = random() % 2 == 0;

    const std::int64_t before = seen.visits;
    serving.start();
    REQUIRE(serving.run_until(target, seen));
    REQUIRE(seen.visits > before);  // nothing that was committed is lost, and this life has done its part
    if (in_a_commit) serving.run_until_a_commit_begins();
    const bool killed = serving.kill();
    if (killed && seen.to_do > 0) ++kills;  // it was in the middle of something
  }

  CAPTURE(seen.visits);
  CHECK(seen.visits < work);
  serving.start();
  const int exit_code = serving.wait();
  INFO(serving.log());
  REQUIRE(exit_code == 0);

  CHECK(Look(serving.file()).text("PRAGMA integrity_check") == "ok");
  const CompiledJourney journey = compiled(serving.file().parent_path());
  Audit audit(serving.file(), journey);
  for (std::size_t number = 1; number <= kAccounts; ++number)
    audit.account(number);
  audit.counters();
  audit.outbox(serving.outbox());
}
