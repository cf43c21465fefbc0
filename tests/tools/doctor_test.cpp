// What `caravan doctor` finds, and how it ends.

#include <csignal>
#include <cstdlib>
#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/name_book.hpp"
#include "storage/store.hpp"
#include "tests/support/catch.hpp"
#include "tests/tools/life_workspace.hpp"
#include "tools/caravan/doctor/finding.hpp"

using namespace caravan;
using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* nodes = "  - {id: settle, wait: 5d}\n";

/// What is found under a word: `state what`, a line each, the worst first.
std::string found(const json::value& doctor, std::string_view check) {
  std::string lines;
  for (const json::value& finding : doctor.at("findings").as_array()) {
    if (finding.at("check").as_string() != check) continue;
    lines += std::string(finding.at("state").as_string()) + " " + std::string(finding.at("what").as_string()) + "\n";
  }
  return lines;
}

json::value examine(const LifeWorkspace& workspace, int exit_code) {
  const Outcome outcome = workspace.call({"doctor", "--json"});
  CAPTURE(outcome.out, outcome.err);
  CHECK(outcome.exit_code == exit_code);
  return json::parse(outcome.out);
}

/// The findings of a store's rows at a time.
std::string rows(const fs::path& database, std::string_view check, Instant now,
                 const std::optional<StoreWriter>& writer = {}) {
  tools::Findings findings;
  const auto store = open_sqlite(database, OpenMode::read);
  check_engine(*store, database, writer, now, findings);
  std::string lines;
  for (const tools::Finding& finding : findings) {
    const char* const words[] = {"ok ", "warning ", "fault "};
    if (finding.check == check) lines += words[static_cast<int>(finding.health)] + finding.what + "\n";
  }
  return lines;
}

/// 2026-01-05T09:00:00Z
const Instant kMorning = Instant(std::chrono::milliseconds(1'767'603'600'000));

TokenRecord token(std::int64_t id, TokenState state) {
  TokenRecord token;
  token.id = {id};
  token.version = {1};
  token.account = {id};
  token.node = NodeIndex{0};
  token.state = state;
  token.entered_at = kMorning;
  return token;
}

struct Rows {
  explicit Rows(Changes changes) {
    changes.engine_time = kMorning;
    open_sqlite(database, OpenMode::write)->commit(changes);
  }
  Folder folder;
  fs::path database = folder / "caravan.db";
};

}  // namespace

TEST_CASE("a sound workspace that was served is well, and says so in words and as JSON") {
  const LifeWorkspace workspace(nodes);
  workspace.done({"publish"});
  const json::value doctor = examine(workspace, 0);
  CHECK(doctor.at("worst") == "ok");
  for (const char* check : {"database", "integrity", "log", "engine", "disk", "clock", "due", "held", "deliveries",
                            "versions", "workspace"}) {
    CAPTURE(check);
    CHECK_THAT(found(doctor, check), Catch::StartsWith("ok "));
  }
  const Outcome words = workspace.call({"doctor", "--full"});
  CHECK(words.exit_code == 0);
  CHECK_THAT(words.out, Contains("ok       database") && Contains("in no table and no index"));
}

TEST_CASE("it tells which process runs the engine") {
  const LifeWorkspace workspace(nodes);
  Running serve({"serve", workspace.root(), "--publish", "--speed", "1m/s"});
  REQUIRE(serve.wait_for("published"));
  CHECK_THAT(found(examine(workspace, 0), "engine"), Contains(" runs on it, since 20"));
  serve.signal(SIGTERM);
  serve.wait();
  CHECK_THAT(found(examine(workspace, 0), "engine"), Contains("none runs on it"));
}

TEST_CASE("a database that is not there, or no database, is a fault with a way out") {
  const Folder folder;
  const Outcome missing = run({"doctor", "-d", (folder / "none.db").string()});
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.out, Contains("fault    database") && Contains("caravan import") && Contains("caravan restore"));
  const Outcome text = run({"doctor", "-d", folder.write("text.db", "nothing but text, and a lot").string()});
  CHECK(text.exit_code == 3);
  CHECK_THAT(text.out, Contains("it is no SQLite"));
  CHECK_FALSE(fs::exists(folder / "none.db"));
}

TEST_CASE("a damaged database is a fault, and is not read further") {
  const LifeWorkspace workspace(nodes);
  const fs::path file = workspace.folder / "caravan.db";
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  sqlite3_exec(handle, "PRAGMA journal_mode = delete", nullptr, nullptr, nullptr);
  sqlite3_stmt* root = nullptr;
  sqlite3_prepare_v2(handle, "SELECT rootpage FROM sqlite_schema WHERE name = 'person'", -1, &root, nullptr);
  REQUIRE(sqlite3_step(root) == SQLITE_ROW);
  const std::int64_t page = sqlite3_column_int64(root, 0);
  sqlite3_finalize(root);
  sqlite3_close(handle);
  {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp((page - 1) * 4'096);
    out << std::string(4'096, '\x55');
  }
  const json::value doctor = examine(workspace, 3);
  CHECK_THAT(found(doctor, "integrity"), Contains("fault ") && Contains(" in the file: "));
  CHECK(found(doctor, "due") == "");
}

TEST_CASE("who is due and not woken is told: a warning where nothing runs, a fault where an engine is behind") {
  Changes changes;
  TokenRecord waiting = token(1, TokenState::waiting);
  waiting.due_at = kMorning + std::chrono::minutes(10);
  changes.tokens = {{waiting, true}};
  const Rows store(std::move(changes));
  CHECK(rows(store.database, "due", kMorning) == "ok nobody is late; who is next, is due at 2026-01-05 09:10\n");
  const Instant later = kMorning + std::chrono::hours(3);
  CHECK(rows(store.database, "due", later) ==
        "warning 1 token is due and not woken, the first for 2 h 50 min: no engine runs\n");
  // This test stands for an engine in real time: it was started without --speed.
  const StoreWriter self{::getpid(), {}};
  REQUIRE(tools::is_time_lapse(self.process) == false);
  CHECK(rows(store.database, "due", later, self) ==
        "fault 1 token is due and not woken, the first for 2 h 50 min, while an engine runs: it is behind, or it "
        "hangs\n");
  CHECK_THAT(rows(store.database, "due", kMorning + std::chrono::minutes(20), self), Catch::StartsWith("warning "));
}

TEST_CASE("an engine's time that is ahead, or long ago, is told") {
  const Rows store({});
  CHECK_THAT(rows(store.database, "clock", kMorning + std::chrono::seconds(5)), Catch::StartsWith("ok "));
  CHECK_THAT(rows(store.database, "clock", kMorning - std::chrono::hours(2)),
             Catch::StartsWith("warning ") && Contains("ahead by 2 h 00 min"));
  CHECK_THAT(rows(store.database, "clock", kMorning + std::chrono::hours(24 * 9)),
             Catch::StartsWith("warning ") && Contains("has not written for 9 days"));
}

TEST_CASE("tokens at a node that failed are told apart from those that a pause holds") {
  Changes changes;
  TokenRecord failed = token(1, TokenState::held);
  failed.attempts = 3;
  TokenRecord retried = token(2, TokenState::held);
  retried.due_at = kMorning + std::chrono::hours(1);
  TokenRecord paused = token(3, TokenState::held);
  paused.resume = Resume::wake;
  changes.tokens = {{paused, true}};
  const Rows pause(changes);
  CHECK(rows(pause.database, "held", kMorning) == "ok 1 token is held by a pause alone\n");
  changes.tokens = {{failed, true}, {retried, true}, {paused, true}};
  const Rows store(std::move(changes));
  CHECK(rows(store.database, "held", kMorning) ==
        "warning 2 tokens are held at a node that failed, 1 of them is not tried again by itself\n");
}

TEST_CASE("deliveries in doubt, given up of late, tried again and late are told, with a reason") {
  const auto delivery = [](std::int64_t id, DeliveryState state) {
    DeliveryRecord record;
    record.key = {{id}, 1, {1}};
    record.account = {id};
    record.version = {1};
    record.state = state;
    record.created_at = kMorning;
    record.address = "a@b.example";
    return record;
  };
  DeliveryRecord given_up = delivery(1, DeliveryState::failed);
  given_up.ended_at = kMorning - std::chrono::hours(2);
  given_up.reason = "550 no such user";
  DeliveryRecord long_ago = delivery(2, DeliveryState::failed);
  long_ago.ended_at = kMorning - std::chrono::hours(200);
  DeliveryRecord again = delivery(3, DeliveryState::pending);
  again.attempts = 2;
  again.reason = "421 later";
  again.next_attempt_at = kMorning + std::chrono::hours(1);
  DeliveryRecord late = delivery(4, DeliveryState::pending);
  late.next_attempt_at = kMorning - std::chrono::hours(1);
  Changes changes;
  changes.deliveries = {given_up, long_ago, again, late, delivery(5, DeliveryState::in_doubt)};
  const Rows store(std::move(changes));
  const std::string lines = rows(store.database, "deliveries", kMorning);
  CHECK_THAT(lines, Contains("warning 1 delivery is in doubt: ") &&
                        Contains("warning 1 delivery was given up within a day, the last with: 550 no such user\n") &&
                        Contains("warning 1 delivery failed and will be tried again; one with: 421 later\n") &&
                        Contains("warning 1 delivery has waited for more than 5 min 00 s: no engine runs\n"));
}

TEST_CASE("a published version that does not check any more is a fault") {
  const LifeWorkspace workspace(nodes);
  workspace.done({"publish"});
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open((workspace.folder / "caravan.db").c_str(), &handle) == SQLITE_OK);
  REQUIRE(sqlite3_exec(handle, "UPDATE snapshot_text SET text = replace(text, 'wait:', 'wate:')", nullptr, nullptr,
                       nullptr) == SQLITE_OK);
  sqlite3_close(handle);
  const json::value doctor = examine(workspace, 3);
  CHECK_THAT(found(doctor, "versions"),
             Contains("fault the published texts of seeds version 1 do not check with this program"));
}

TEST_CASE("files with errors are told: of caravan.yaml a fault, of others a warning") {
  const LifeWorkspace workspace(nodes);
  workspace.done({"publish"});
  workspace.journey("  - {id: settle, wate: 5d}\n");
  CHECK_THAT(found(examine(workspace, 1), "workspace"), Contains("warning the files have 1 error: what was published"));
  workspace.journey(nodes);
  workspace.folder.write("caravan.yaml", "chanels: {}\n");
  CHECK_THAT(found(examine(workspace, 3), "workspace"), Contains("fault caravan.yaml has 1 error"));
}

TEST_CASE("secrets that are not there, empty, or everybody's are told, and never shown") {
  const LifeWorkspace workspace(nodes);
  const fs::path secret = workspace.folder.write("secret", "the-very-secret\n");
  REQUIRE(::chmod(secret.c_str(), 0600) == 0);
  workspace.folder.write("caravan.yaml", "connections:\n  crm: {url: 'https://crm.example.com', secret_file: '" +
                                             secret.string() +
                                             "', token_env: CARAVAN_TEST_TOKEN}\n"
                                             "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
  ::setenv("CARAVAN_TEST_TOKEN", "another-secret", 1);
  CHECK(found(examine(workspace, 0), "secrets") == "ok 2 secrets are there\n");
  ::unsetenv("CARAVAN_TEST_TOKEN");
  CHECK_THAT(found(examine(workspace, 1), "secrets"),
             Contains("warning connections: crm: token_env: CARAVAN_TEST_TOKEN is not set here"));
  REQUIRE(::chmod(secret.c_str(), 0644) == 0);
  const Outcome open = workspace.call({"doctor", "--json"});
  CHECK(open.exit_code == 3);
  CHECK_THAT(open.out, Contains("everybody on this machine can read ") && !Contains("the-very-secret"));
  workspace.folder.write("secret", "");
  CHECK_THAT(found(examine(workspace, 3), "secrets"),
             Contains("fault connections: crm: secret_file: ") && Contains(" is empty"));
  fs::remove(secret);
  CHECK_THAT(found(examine(workspace, 3), "secrets"), Contains("cannot be looked at"));
}

TEST_CASE("what an engine was started without is a fault, seen from outside") {
  const LifeWorkspace workspace(nodes);
  ::unsetenv("CARAVAN_TEST_TOKEN");
  Running serve({"serve", workspace.root(), "--publish", "--speed", "1m/s"});
  REQUIRE(serve.wait_for("published"));
  workspace.folder.write("caravan.yaml",
                         "connections: {crm: {url: 'https://crm.example.com', token_env: CARAVAN_TEST_TOKEN}}\n"
                         "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
  CHECK_THAT(
      found(examine(workspace, 3), "secrets"),
      Contains("fault connections: crm: token_env: the engine that runs was started without CARAVAN_TEST_TOKEN"));
  serve.signal(SIGTERM);
  serve.wait();
}
