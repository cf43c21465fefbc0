// The scheduler's two hands: what is answered is on the disk, in the order it was asked, and a disk that fails is told
// once and never half written.

#include <condition_variable>

#include "tests/engine/scheduler_bench.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

TEST_CASE("thousands of inputs are answered in their order, however small the batches are") {
  for (const std::size_t turns : {1U, 7U, 4'096U}) {
    INFO(turns << " turns a batch");
    Bench bench(waiting(), {.turns_per_batch = turns});
    bench.start();
    constexpr int kInputs = 2'000;
    for (int i = 0; i < kInputs; ++i)
      REQUIRE(bench.post(i));
    bench.on_idle = [&](auto) {
      if (bench.answered.size() == kInputs) bench.io.stop();
    };
    bench.run();
    CHECK(bench.answered == numbers_to(kInputs));
    CHECK(bench.refused.empty());
    CHECK(bench.accounts() == kInputs);
  }
}

TEST_CASE("an answer comes after the commit that holds what was asked") {
  Bench bench(waiting(), {.turns_per_batch = 7});
  bench.start();
  const auto reader = bench.plain_store->reader();
  int seen = 0;
  constexpr int kInputs = 500;
  for (int i = 0; i < kInputs; ++i) {
    REQUIRE(bench.post(i, [&, i] {
      reader->refresh();
      if (reader->account("account-" + std::to_string(i))) ++seen;
      if (i + 1 == kInputs) bench.io.stop();
    }));
  }
  bench.run();
  CHECK(seen == kInputs);
}

TEST_CASE("idle is told when everything that was there is answered and done, and carries what is due next") {
  for (int round = 0; round < 20; ++round) {
    Bench bench(waiting(), {.turns_per_batch = 7});
    bench.make();
    constexpr int kInputs = 100;
    for (int i = 0; i < kInputs; ++i)
      REQUIRE(bench.post(i));
    bench.begin();
    std::size_t answered = 0;
    std::int64_t entered = -1;
    std::optional<Instant> due;
    bench.on_idle = [&](std::optional<Instant> next_due) {
      if (bench.idle_told > 1) return;
      answered = bench.answered.size();
      due = next_due;
      entered = 0;
      for (const auto& [key, amount] : bench.plain_store->reader()->counters()) {
        if (key.kind == CounterKind::entered) entered = amount;
      }
      bench.io.stop();
    };
    bench.run();
    CHECK(answered == kInputs);
    CHECK(entered == kInputs);
    CHECK(due == kMonday + 24h);
  }
}

TEST_CASE("idle carries nothing when no account waits any more") {
  Bench bench(seeds_workspace("- id: done\n  end:\n"));
  bench.start();
  REQUIRE(bench.post(0));
  std::optional<Instant> due = kMonday;
  bench.on_idle = [&](std::optional<Instant> next_due) {
    due = next_due;
    if (!bench.answered.empty()) bench.io.stop();
  };
  bench.run();
  CHECK(due == std::nullopt);
}

TEST_CASE("an engine with nothing to do commits nothing") {
  Bench bench(waiting());
  bench.start();
  bench.on_idle = [&](auto) {
    if (bench.idle_told < 20) return bench.engine->poke();
    bench.io.stop();
  };
  bench.run();
  CHECK(bench.store.commits == 1);  // the publication
}

TEST_CASE("an engine that only takes data in rests, though tokens are due") {
  Bench before(waiting());
  before.start();
  REQUIRE(before.post(0));
  before.on_idle = [&](auto) {
    if (!before.answered.empty()) before.io.stop();
  };
  before.run();
  before.engine.reset();

  VirtualClock later(kMonday + 48h);
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  NameBook names(*before.store.reader());
  Engine engine(io, before.store, names, later, nullptr, nullptr, {.mode = BatchRunner::Mode::data});
  int idle_told = 0;
  engine.on_idle([&](auto) { ++idle_told; });
  engine.start([](const std::string&) {});
  while (idle_told == 0)
    io.run_one();
  for (int i = 0; i < 2'000; ++i) {
    io.poll();
    std::this_thread::yield();
  }
  CHECK(idle_told == 1);
}

TEST_CASE("many inputs that are there together share a commit") {
  Bench bench(waiting());
  bench.make();
  constexpr int kInputs = 700;
  for (int i = 0; i < kInputs; ++i)
    REQUIRE(bench.post(i));
  bench.begin();
  bench.on_idle = [&](auto) {
    if (bench.answered.size() == kInputs) bench.io.stop();
  };
  bench.run();
  // The publication, the accounts with those of them that a sweep sees at once, and the sweep of the others.
  CHECK(bench.store.commits <= 3);
}

TEST_CASE("a queue that is full refuses, and takes again after an answer") {
  Bench bench(waiting(), {.inputs = {.waiting = 10}});
  bench.make();
  int posted = 0;
  while (bench.post(posted))
    ++posted;
  CHECK(posted == 10);
  bench.begin();
  bool taken_again = false;
  bench.on_idle = [&](auto) {
    if (!taken_again) {
      taken_again = bench.post(posted);
      return;
    }
    if (bench.answered.size() == 11) bench.io.stop();
  };
  bench.run();
  CHECK(taken_again);
  CHECK(bench.answered == numbers_to(11));
}

TEST_CASE("an engine that is stopped answers every input it took, and what it says was taken is on the disk") {
  for (int round = 0; round < 50; ++round) {
    INFO("round " << round);
    Bench bench(waiting(), {.turns_per_batch = 7});
    bench.start();
    constexpr int kInputs = 300;
    for (int i = 0; i < kInputs; ++i)
      REQUIRE(bench.post(i));
    bool done = false;
    bench.engine->stop([&] {
      done = true;
      bench.io.stop();
    });
    bench.run();
    CHECK(done);
    CHECK(bench.answered == numbers_to(kInputs));
    CHECK(bench.accounts() == kInputs - static_cast<std::int64_t>(bench.refused.size()));
    CHECK_FALSE(bench.post(kInputs));
  }
}

TEST_CASE("inputs posted from another thread while the engine stops are either not taken or answered") {
  for (int round = 0; round < 100; ++round) {
    INFO("round " << round);
    Bench bench(waiting(), {.turns_per_batch = 7});
    bench.start();
    std::atomic<std::size_t> taken = 0;
    std::atomic<bool> refuses = false;
    std::thread poster([&] {
      for (int i = 0; !refuses; ++i) {
        if (bench.post(i)) {
          ++taken;
        } else {
          refuses = true;
        }
      }
    });
    while (taken < 5)
      std::this_thread::yield();
    bench.engine->stop([&] { bench.io.stop(); });
    bench.run();
    poster.join();
    bench.io.restart();
    bench.io.poll();
    CHECK(bench.answered.size() == taken);
  }
}

TEST_CASE("a store that fails is told once, and nothing is written or answered after it") {
  for (const int fails_at : {2, 3, 4, 5, 10}) {
    INFO("the failing commit is number " << fails_at);
    Bench bench(waiting(), {.turns_per_batch = 7});
    bench.store.fails_at = fails_at;
    bench.start();
    for (int i = 0; i < 500; ++i)
      bench.post(i);
    bench.run();
    // Whatever else is on its way has time to come: the threads are joined before the last handlers run.
    bench.engine.reset();
    bench.io.restart();
    bench.io.poll();
    CHECK(bench.failures == std::vector<std::string>{"the disk is full"});
    CHECK(bench.store.commits_after_failure == 0);
    CHECK(bench.accounts() == static_cast<std::int64_t>(bench.answered.size()));
    CHECK(bench.answered == numbers_to(static_cast<int>(bench.answered.size())));
  }
}

TEST_CASE("what a failed store took is consistent, and the next engine goes on from it") {
  SourceTexts texts = waiting();
  Bench bench(texts, {.turns_per_batch = 7});
  bench.store.fails_at = 12;
  bench.start();
  for (int i = 0; i < 500; ++i)
    bench.post(i);
  bench.run();
  bench.engine.reset();
  const std::size_t taken = bench.answered.size();
  bench.answered.clear();
  bench.failures.clear();
  bench.store.fails_at = 0;
  bench.names.take_new();
  NameBook names(*bench.store.reader());
  Engine again(bench.io, bench.store, names, bench.clock, load_workspace(texts, "", node_shapes(), names), nullptr);
  again.on_idle([&](auto) { bench.io.stop(); });
  again.start([&](const std::string& reason) { bench.failures.push_back(reason); });
  bench.run();
  CHECK(bench.failures.empty());
  CHECK(bench.accounts() == static_cast<std::int64_t>(taken));
  std::int64_t entered = 0;
  for (const auto& [key, amount] : bench.plain_store->reader()->counters()) {
    if (key.kind == CounterKind::entered) entered = amount;
  }
  CHECK(entered == static_cast<std::int64_t>(taken));
}

TEST_CASE("a publication that cannot be written is an error of the start") {
  Bench bench(waiting());
  bench.store.fails_at = 1;
  CHECK_THROWS_WITH(bench.start(), "the disk is full");
}

TEST_CASE("an engine that is dropped without a word ends its threads") {
  for (int round = 0; round < 30; ++round) {
    Bench bench(waiting(), {.turns_per_batch = 7});
    bench.start();
    for (int i = 0; i < 100; ++i)
      bench.post(i);
    if (round % 2 == 0) bench.io.poll();
    bench.engine.reset();
    CHECK(bench.failures.empty());
  }
}

namespace {

/// A clock at which the thread that asks it stays, from when it is told to until it is let go.
class HangingClock final : public Clock {
 public:
  Instant now() override {
    std::unique_lock lock(mutex_);
    if (hangs_) {
      arrived_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !hangs_; });
    }
    return kMonday;
  }
  std::optional<std::chrono::steady_clock::duration> real_time_until(Instant) override { return std::nullopt; }
  void hang() {
    const std::lock_guard lock(mutex_);
    hangs_ = true;
  }
  void wait_until_somebody_hangs() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return arrived_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    hangs_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hangs_ = false;
  bool arrived_ = false;
};

}  // namespace

TEST_CASE("a sign of life comes while turns are run, and none while the turn thread hangs") {
  Bench bench(waiting());
  HangingClock clock;
  Engine engine(bench.io, bench.store, bench.names, clock, load_workspace(waiting(), "", node_shapes(), bench.names),
                nullptr);
  int signs = 0;
  engine.start([](const std::string&) {});
  engine.sign_of_life([&] {
    ++signs;
    bench.io.stop();
  });
  bench.run();
  CHECK(signs == 1);

  clock.hang();
  engine.poke();
  clock.wait_until_somebody_hangs();
  engine.sign_of_life([&] { ++signs; });
  bench.io.restart();
  bench.io.poll();  // all that is there to be told
  CHECK(signs == 1);

  clock.let_go();
  engine.stop([&] { bench.io.stop(); });
  bench.run();
  CHECK(signs == 2);
}

TEST_CASE("the store may use the time in which an engine has nothing to do, where time passes by itself") {
  for (const bool passes_by_itself : {false, true}) {
    INFO((passes_by_itself ? "the machine's clock" : "a clock that is moved by hand"));
    Bench bench(waiting());
    if (passes_by_itself) bench.machine_clock = make_real_clock(kMonday);
    bench.start();
    REQUIRE(bench.post(1));
    bench.on_idle = [&](auto) {
      if (bench.answered.empty()) return;
      // Behind what it does with the time.
      bench.engine->sign_of_life([&] { bench.io.stop(); });
    };
    bench.run();
    CHECK((bench.store.idle_times > 0) == passes_by_itself);
  }
}
