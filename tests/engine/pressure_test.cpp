// A store that cannot be written or read for a while: what was taken is kept, nothing is acknowledged before it is on
// the disk, nothing is done twice, and the engine goes on by itself.

#include <sqlite3.h>

#include "engine/harness/comparison.hpp"
#include "engine/harness/replay.hpp"
#include "tests/engine/scheduler_bench.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/stage.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Kind = Condition::Kind;

bool is_waiting(const Condition& condition) {
  return condition.kind == Kind::waiting_for_store && !condition.is_over;
}

/// `waits: the store is away`, `over`.
std::vector<std::string> told(const Bench& bench) {
  std::vector<std::string> lines;
  for (const Condition& condition : bench.conditions)
    lines.push_back(condition.is_over ? "over" : "waits: " + condition.sentence);
  return lines;
}

/// What came of everything, by names and keys.
std::string outcome_of(Bench& bench) {
  const auto reader = bench.plain_store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*bench.plain_store, names);
  return caravan::test::outcome_of(*reader, library, names);
}

/// Whether doing again what the journal says comes to the same rows.
bool replays(Bench& bench) {
  ScratchStore scratch;
  const auto production = bench.plain_store->reader();
  Replay(*production, scratch.store()).run();
  const auto replay = scratch.store().reader();
  std::size_t differences = 0;
  compare(*production, *replay, [&](const RowDifference& difference) {
    ++differences;
    UNSCOPED_INFO("differs: " << difference.table);
  });
  return differences == 0;
}

}  // namespace

TEST_CASE("what cannot be written for now is written later, and answered only then") {
  for (const std::size_t turns : {7U, 4'096U}) {
    INFO(turns << " turns a batch");
    Bench bench(waiting(), {.turns_per_batch = turns});
    bench.start();
    bench.run_until([] { return true; });
    bench.store.is_away = true;
    std::size_t answered_while_away = 0;
    bench.on_condition = [&](const Condition& condition) {
      if (!is_waiting(condition)) return;
      answered_while_away = bench.answered.size();
      bench.store.is_away = false;
    };
    for (int i = 0; i < 100; ++i)
      REQUIRE(bench.post(i));
    bench.run_until([&] { return bench.answered.size() == 100; });
    CHECK(answered_while_away == 0);
    CHECK(bench.answered == numbers_to(100));
    CHECK(bench.refused.empty());
    CHECK(bench.accounts() == 100);
    CHECK(told(bench) == std::vector<std::string>{"waits: the store is away", "over"});
    CHECK(bench.failures.empty());
    CHECK(replays(bench));
  }
}

TEST_CASE("while the store is away the queue fills up, says that it is full, and is taken again later") {
  Bench bench(waiting(), {.turns_per_batch = 1, .inputs = {.waiting = 10}});
  bench.start();
  bench.run_until([] { return true; });
  bench.store.is_away = true;
  int posted = 0;
  // Two batches are in hand, one of them half way; the rest waits.
  bench.on_condition = [&](const Condition& condition) {
    if (!is_waiting(condition)) return;
    while (posted < 1'000 && bench.post(posted))
      ++posted;
    bench.store.is_away = false;
  };
  REQUIRE(bench.post(posted++));
  bench.run_until([&] { return posted > 1 && bench.answered.size() == static_cast<std::size_t>(posted); });
  CHECK(posted >= 11);
  CHECK(posted <= 13);
  CHECK(bench.answered == numbers_to(posted));
  CHECK(bench.accounts() == posted);
}

TEST_CASE("an engine that is stopped while it waits ends, and says of each input that it is not done") {
  for (const std::size_t turns : {1U, 7U, 4'096U}) {
    INFO(turns << " turns a batch");
    Bench bench(waiting(), {.turns_per_batch = turns});
    bench.start();
    bench.run_until([] { return true; });
    bench.store.is_away = true;
    for (int i = 0; i < 50; ++i)
      REQUIRE(bench.post(i));
    bool is_done = false;
    bench.on_condition = [&](const Condition& condition) {
      if (!is_waiting(condition)) return;
      bench.engine->stop([&] {
        is_done = true;
        bench.io.stop();
      });
    };
    bench.run();
    CHECK(is_done);
    CHECK(bench.answered == numbers_to(50));
    CHECK(bench.refused == numbers_to(50));
    CHECK(bench.accounts() == 0);
    CHECK(bench.failures.empty());
    // The next engine knows nothing of them.
    bench.engine.reset();
    bench.store.is_away = false;
    bench.answered.clear();
    bench.refused.clear();
    bench.start();
    REQUIRE(bench.post(7));
    bench.run_until([&] { return bench.answered.size() == 1; });
    CHECK(bench.accounts() == 1);
  }
}

TEST_CASE("an engine that is dropped while it waits ends its threads") {
  Bench bench(waiting(), {.turns_per_batch = 7});
  bench.start();
  bench.run_until([] { return true; });
  bench.store.is_away = true;
  for (int i = 0; i < 50; ++i)
    REQUIRE(bench.post(i));
  bench.on_condition = [&](const Condition&) { bench.io.stop(); };
  bench.run();
  bench.engine.reset();
  CHECK(bench.accounts() == 0);
}

TEST_CASE("where nobody listens to conditions a store that is away has failed") {
  Bench bench(waiting());
  bench.make();
  bench.engine->on_condition({});
  bench.store.is_away = true;
  REQUIRE(bench.post(0));
  bench.begin();
  bench.run();
  CHECK(bench.failures == std::vector<std::string>{"the store is away"});
}

TEST_CASE("a delivery's progress and history that is let go wait for the store as well") {
  Bench bench(waiting());
  bench.start();
  bench.run_until([] { return true; });
  bench.store.unavailable = 2;
  bool is_let_go = false;
  HistoryUpkeep upkeep;
  upkeep.next = TokenId{5};
  bench.engine->let_history_go(upkeep, [&] { is_let_go = true; });
  bench.run_until([&] { return is_let_go; });
  CHECK(bench.plain_store->reader()->history().next == TokenId{5});
  CHECK(told(bench) == std::vector<std::string>{"waits: the store is away", "over"});
}

TEST_CASE("an engine that rests for a snapshot begins anew when the store is there again") {
  Bench bench(waiting());
  bench.start();
  bench.ask({UpsertAccount{"acme", {}}});
  int looked = 0;
  bench.store.unavailable = 2;
  bench.engine->rest([&](std::int64_t) { ++looked; });
  bench.run_until([&] { return looked > 0 && bench.store.unavailable == 0; });
  CHECK(bench.ask({UpsertAccount{"beta", {}}}) == std::vector<InputResult>{{.created = true}});
  CHECK(looked == 1);
  CHECK(replays(bench));
}

namespace {

/// Days of accounts, keys, a publication and a wait that ends.
void live(Bench& bench) {
  bench.start();
  for (int day = 0; day < 4; ++day) {
    std::vector<Input> inputs;
    for (int i = 0; i < 20; ++i)
      inputs.emplace_back(
          UpsertAccount{"account-" + std::to_string(day * 10 + i), {{"attribute-" + std::to_string(day), number(i)}}});
    const std::vector<InputResult> results =
        bench.ask(std::move(inputs), {.caller = "crm", .action = "put", .key = std::to_string(day)});
    CHECK(results.back().created);
    if (day == 1) {
      const auto texts = seeds_workspace("- id: settle\n  wait: 1d\n- id: mail\n  update_account: {seen: true}\n");
      CHECK(bench.ask({Publish{.workspace = bench.workspace(texts)}}).at(0).refused.empty());
    }
    bench.clock.move_to(bench.clock.now() + 24h);
    const Instant now = bench.clock.now();
    bench.run_until([&] {
      const std::optional<Instant> due = bench.plain_store->reader()->next_due();
      return !due || *due > now;
    });
  }
}

}  // namespace

TEST_CASE("a turn that cannot read is run again as if nothing had been, wherever that happens") {
  Bench sound(waiting(), {.turns_per_batch = 16});
  live(sound);
  const std::string expected = outcome_of(sound);
  const int reads = sound.store.reads;
  REQUIRE(reads > 200);
  int failed = 0;
  // At a start what cannot be read is an error of the start: the first reads are those.
  for (int read = 12; read < reads; read += reads / 25 + 1) {
    INFO("read " << read << " of " << reads);
    Bench bench(waiting(), {.turns_per_batch = 16});
    bench.store.unavailable_read = read;
    live(bench);
    CHECK(bench.failures.empty());
    CHECK(outcome_of(bench) == expected);
    CHECK(replays(bench));
    failed += bench.conditions.empty() ? 0 : 1;
  }
  CHECK(failed > 15);
}

TEST_CASE("what a turn has named and published before it could not read is named and published when it is run again") {
  const auto publish = [](Bench& bench) {
    const auto texts = seeds_workspace("- id: mark\n  update_account: {never_named_before: true}\n");
    bench.start();
    bench.ask({UpsertAccount{"acme", {}}});
    const int before = bench.store.reads;
    // In the same batch, so that it reads when the publication is done.
    bench.ask({Publish{.workspace = bench.workspace(texts)}, UpsertAccount{"acme", {{"named_here", number(1)}}},
               UpsertAccount{"beta", {}}});
    return std::pair(before, bench.store.reads.load());
  };
  Bench sound(waiting());
  const auto [first, last] = publish(sound);
  int failed = 0;
  for (int read = first + 1; read <= last; ++read) {
    INFO("read " << read << " of " << first + 1 << " to " << last);
    Bench bench(waiting());
    bench.store.unavailable_read = read;
    publish(bench);
    CHECK(bench.failures.empty());
    failed += bench.conditions.empty() ? 0 : 1;
    CHECK(outcome_of(bench) == outcome_of(sound));
    CHECK(replays(bench));
  }
  // How often the engine looks whether there is more to do differs.
  CHECK(failed > 0);
}

TEST_CASE("a real disk that is full is told, and with room again everything is there") {
  const SmallDisk disk;
  if (!disk.is_there()) return;
  Bench bench(waiting(), {.turns_per_batch = 64}, disk / "store.db");
  bench.start();
  bench.run_until([] { return true; });
  disk.fill();
  bench.on_condition = [&](const Condition& condition) {
    if (is_waiting(condition)) disk.make_room();
  };
  std::vector<InputResult> results;
  constexpr std::size_t kInputs = 300;
  for (std::size_t i = 0; i < kInputs; ++i)
    REQUIRE(bench.engine->post(UpsertAccount{"account-" + std::to_string(i), {{"text", text(std::string(4'000, 'x'))}}},
                               [&](const InputResult& result) { results.push_back(result); }));
  bench.run_until([&] { return results.size() == kInputs; });
  REQUIRE(bench.conditions.size() == 2);
  CHECK(bench.conditions[0].sentence.find("there is no room left on the disk") != std::string::npos);
  CHECK(bench.conditions[1].is_over);
  CHECK(bench.accounts() == kInputs);
  CHECK(bench.failures.empty());
  CHECK(replays(bench));
}

TEST_CASE("another program that holds the file is told, and when it lets go everything is there") {
  Bench bench(waiting());
  bench.start();
  bench.run_until([] { return true; });
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(bench.file.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  bench.on_condition = [&](const Condition& condition) {
    if (is_waiting(condition)) sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  };
  const std::vector<InputResult> results = bench.ask({UpsertAccount{"acme", {}}, UpsertAccount{"beta", {}}});
  sqlite3_close(other);
  CHECK(results == std::vector<InputResult>{{.created = true}, {.created = true}});
  REQUIRE(bench.conditions.size() == 2);
  CHECK(bench.conditions[0].sentence.find("another program is writing to the file") != std::string::npos);
  CHECK(bench.accounts() == 2);
}

TEST_CASE("a store on a disk that is read-only or full cannot be opened for writing, and says why") {
  const SmallDisk disk("1m");
  if (!disk.is_there()) return;
  const auto sentence = [&](const std::string& name) -> std::string {
    try {
      open_sqlite(disk / name, OpenMode::write)->commit({});
      return "opened";
    } catch (const StoreError& error) {
      return error.what();
    }
  };
  CHECK(sentence("store.db") == "opened");
  disk.fill();
  CHECK(sentence("other.db").find("there is no room left on the disk") != std::string::npos);
  disk.make_room();
  REQUIRE(disk.make_read_only());
  CHECK(sentence("store.db").find("Read-only file system") != std::string::npos);
  CHECK(sentence("new.db").find("Read-only file system") != std::string::npos);
}
