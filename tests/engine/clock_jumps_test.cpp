// A machine whose clock jumps: time never goes back, nothing fires twice or is skipped, and all that is due runs in the
// order in which it was due.

#include "engine/machine_clock.hpp"
#include "tests/engine/scheduler_bench.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// An engine over a machine whose clock a test sets.
struct Machine : Bench {
  explicit Machine(const SourceTexts& texts, EngineSettings settings = {}) : Bench(texts, settings) { turn_on(); }

  /// As the program does at a start: time begins no earlier than where the store has come to.
  void turn_on() {
    const Instant seen = plain_store->reader()->engine_time().value_or(Instant{});
    machine_clock = make_machine_clock([this] { return Instant(std::chrono::milliseconds(machine.load())); }, seen);
    start();
  }
  void turn_off() {
    engine.reset();
    io.restart();
    io.poll();
  }

  void set(Instant at) {
    machine = at.time_since_epoch().count();
    rest();
  }
  /// Runs until nothing is due at the present time.
  void rest() {
    run_until([this] {
      const std::optional<Instant> due = plain_store->reader()->next_due();
      return !due || *due > machine_clock->now();
    });
  }

  std::vector<TokenRecord> tokens() {
    std::vector<TokenRecord> tokens;
    plain_store->reader()->enrollments({}, tokens);
    return tokens;
  }
  /// How many nodes all have visited.
  std::int64_t visits() {
    std::int64_t visits = 0;
    for (const TokenRecord& token : tokens())
      visits += token.visits;
    return visits;
  }

  std::atomic<std::int64_t> machine = kMonday.time_since_epoch().count();
};

std::vector<std::string> told(const Machine& machine) {
  std::vector<std::string> lines;
  for (const Condition& condition : machine.conditions) {
    CHECK(condition.kind == Condition::Kind::clock_is_behind);
    lines.push_back(condition.sentence);
  }
  return lines;
}

constexpr const char* kCaughtUp = "this machine's clock has caught up, and time goes on";

}  // namespace

TEST_CASE("when the clock is set back time stands still, is told of once, and goes on when the clock has caught up") {
  Machine machine(waiting());
  machine.ask({UpsertAccount{"acme", {}}});
  machine.set(kMonday - 72h);
  machine.ask({UpsertAccount{"beta", {}}});
  machine.ask({UpsertAccount{"gamma", {}}});
  for (const TokenRecord& token : machine.tokens()) {
    CHECK(token.entered_at == kMonday);
    CHECK(token.due_at == kMonday + 24h);
  }
  CHECK(told(machine) ==
        std::vector<std::string>{"this machine's clock is 3 d behind what it was: time stands still at "
                                 "2026-01-05T09:00:00Z until it has caught up; see that it is right"});
  CHECK(machine.visits() == 3);
  machine.set(kMonday + 24h - 1ms);
  CHECK(machine.visits() == 3);
  machine.set(kMonday + 24h);
  CHECK(machine.visits() == 6);
  // It is told beside what is done.
  machine.run_until([&machine] { return machine.conditions.size() >= 2; });
  CHECK(told(machine).size() == 2);
  CHECK(told(machine).back() == kCaughtUp);
}

TEST_CASE("what fired fires no second time when the clock goes over the same hours again, nor after a restart") {
  Machine machine(waiting());
  machine.ask({UpsertAccount{"acme", {}}});
  machine.set(kMonday + 24h);
  CHECK(machine.visits() == 2);
  for (const auto back : {1h, 12h, 24h}) {
    machine.set(kMonday + 24h - back);
    machine.set(kMonday + 24h);
    CHECK(machine.visits() == 2);
  }
  machine.turn_off();
  machine.machine = (kMonday + 1h).time_since_epoch().count();
  machine.turn_on();
  machine.ask({UpsertAccount{"beta", {}}});
  CHECK(machine.visits() == 3);
  CHECK(machine.tokens().back().entered_at == kMonday + 24h);
  CHECK(told(machine).back().starts_with("this machine's clock is 23 h behind what it was"));
}

TEST_CASE("a clock that is set back by less than is worth a word is not told of") {
  Machine machine(waiting());
  machine.ask({UpsertAccount{"acme", {}}});
  machine.set(kMonday - 1'500ms);
  machine.set(kMonday + 1h);
  machine.set(kMonday + 1h - 1ms);
  CHECK(told(machine).empty());
}

TEST_CASE("when the clock jumps ahead all that is due runs in its order, in batches no larger than ever") {
  Machine machine(waiting(), {.turns_per_batch = 16});
  constexpr int kAccounts = 100;
  // Entered a minute apart, and so due a minute apart.
  for (int i = 0; i < kAccounts; ++i) {
    machine.set(kMonday + i * 1min);
    machine.ask({UpsertAccount{"account-" + std::to_string(kAccounts - i), {}}});
  }
  machine.reports.clear();
  machine.engine->tell_happenings(true);
  machine.set(kMonday + 24h * 30);
  std::vector<std::int64_t> woken;
  std::optional<std::chrono::milliseconds> longest;
  for (const BatchReport& report : machine.reports) {
    CHECK(report.turns <= 16);
    if (report.lag) longest = std::max(longest.value_or(0ms), *report.lag);
    REQUIRE(report.happenings);
    for (const Happening& happening : report.happenings->list) {
      if (const auto* visit = std::get_if<VisitHappened>(&happening); visit && visit->visit.node == NodeIndex{1})
        woken.push_back(visit->enrollment.value);
    }
  }
  // Each waits a day from where it is woken, and none is woken twice.
  CHECK(machine.visits() == 2 * kAccounts);
  REQUIRE(woken.size() == kAccounts);
  CHECK(std::is_sorted(woken.begin(), woken.end()));
  CHECK(longest == 24h * 29);
  for (const TokenRecord& token : machine.tokens())
    CHECK(token.due_at == kMonday + 24h * 31);
  CHECK(told(machine).empty());
}

TEST_CASE("a clock that was ahead by mistake holds time where it went, and says so until it is caught up with") {
  Machine machine(waiting());
  machine.ask({UpsertAccount{"acme", {}}});
  machine.set(kMonday + 24h * 365);
  CHECK(machine.visits() == 2);
  machine.set(kMonday + 1h);
  machine.run_until([&machine] { return !machine.conditions.empty(); });
  machine.set(kMonday + 24h * 300);
  CHECK(machine.visits() == 2);
  CHECK(told(machine).size() == 1);
  machine.set(kMonday + 24h * 366);
  CHECK(machine.visits() == 2);
  machine.run_until([&machine] { return machine.conditions.back().is_over; });
  CHECK(told(machine).back() == kCaughtUp);
  CHECK(machine.tokens().at(0).state == TokenState::completed);
}

TEST_CASE("the machine's clock says how far it is behind, and how long it takes to be there") {
  Instant machine = kMonday;
  const auto clock = make_machine_clock([&] { return machine; }, kMonday + 2h);
  CHECK(clock->now() == kMonday + 2h);
  CHECK(clock->behind() == 2h);
  CHECK(clock->real_time_until(kMonday + 3h) == std::chrono::steady_clock::duration(3h));
  machine = kMonday + 5h;
  CHECK(clock->now() == kMonday + 5h);
  CHECK(clock->behind() == 0ms);
  machine = kMonday + 4h;
  CHECK(clock->now() == kMonday + 5h);
  CHECK(clock->behind() == 1h);
}
