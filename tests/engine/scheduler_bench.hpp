#pragma once
// An engine over a store that fails as a test says, whose parts the test can get at.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/scheduler.hpp"
#include "storage/sqlite/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

/// A store that counts its commits and fails the one it is told to; those after it would succeed again. Reads it counts
/// as well.
class FaultyStore final : public Store {
 public:
  FaultyStore(Store& store, std::filesystem::path file) : store_(store), file_(std::move(file)) {}
  void commit(const Changes& changes) override {
    if (++commits == fails_at) throw StoreError("the disk is full");
    if (fails_at != 0 && commits > fails_at) ++commits_after_failure;
    if (is_away || (unavailable > 0 && unavailable-- > 0)) throw StoreUnavailable("the store is away");
    store_.commit(changes);
  }
  void use_idle_time() noexcept override {
    ++idle_times;
    store_.use_idle_time();
  }
  std::unique_ptr<Reader> reader() override { return std::make_unique<FaultyReader>(file_, *this); }
  std::string installation() override { return store_.installation(); }

  std::atomic<int> fails_at = 0;
  std::atomic<int> commits = 0;
  std::atomic<int> commits_after_failure = 0;
  std::atomic<int> idle_times = 0;        ///< that it was let use
  std::atomic<bool> is_away = false;      ///< commits fail for now
  std::atomic<int> unavailable = 0;       ///< so many do
  std::atomic<int> reads = 0;             ///< of those that a FaultyReader counts
  std::atomic<int> unavailable_read = 0;  ///< the number of the one that fails for now

 private:
  /// Counts what turns ask most, and what is read at a start.
  class FaultyReader final : public sqlite::SqliteReader {
   public:
    FaultyReader(const std::filesystem::path& file, FaultyStore& store) : SqliteReader(file, {}), store_(store) {}
    std::optional<AccountRecord> account(AccountId id) override { return count(), SqliteReader::account(id); }
    std::optional<AccountRecord> account(std::string_view key) override { return count(), SqliteReader::account(key); }
    std::optional<PersonRecord> person(std::string_view key) override { return count(), SqliteReader::person(key); }
    void tokens_of(AccountId account, std::vector<TokenRecord>& to) override {
      count();
      SqliteReader::tokens_of(account, to);
    }
    void due_tokens(Instant until, DueCursor cursor, std::size_t limit, std::vector<TokenRecord>& to) override {
      count();
      SqliteReader::due_tokens(until, cursor, limit, to);
    }
    std::optional<Instant> next_due() override { return count(), SqliteReader::next_due(); }
    std::vector<VersionRecord> versions() override { return count(), SqliteReader::versions(); }
    JournalRange journal_range() override { return count(), SqliteReader::journal_range(); }
    std::optional<AskedKeyRecord> asked_key(std::string_view caller, std::string_view key) override {
      return count(), SqliteReader::asked_key(caller, key);
    }

   private:
    void count() {
      if (++store_.reads == store_.unavailable_read) throw StoreUnavailable("the disk does not answer");
    }
    FaultyStore& store_;
  };

  Store& store_;
  const std::filesystem::path file_;
};

/// An engine whose parts a test can get at. A batch takes as many inputs as turns.
struct Bench {
  explicit Bench(const SourceTexts& texts, EngineSettings settings = {}, std::filesystem::path place = {})
      : file(place.empty() ? folder.file() : std::move(place)), settings_(settings), texts_(texts) {
    settings_.inputs.a_batch = std::min(settings.inputs.a_batch, settings.turns_per_batch);
  }

  void start() {
    make();
    begin();
  }

  /// What is posted between making and beginning is there all at once.
  void make() {
    engine.emplace(io, store, names, machine_clock ? *machine_clock : clock,
                   load_workspace(texts_, "", node_shapes(), names), nullptr, settings_);
    engine->on_batch([this](const BatchReport& report) { reports.push_back(report); });
    engine->on_condition([this](const Condition& condition) {
      conditions.push_back(condition);
      if (on_condition) on_condition(condition);
    });
    engine->on_idle([this](std::optional<Instant> next_due) {
      ++idle_told;
      if (on_idle) on_idle(next_due);
    });
  }

  void begin() {
    engine->start([this](const std::string& reason) {
      failures.push_back(reason);
      io.stop();
    });
  }

  void run() {
    io.restart();
    io.run();
  }

  /// Inputs `from` to `to`, by number; what is answered is kept in `answered`.
  bool post(int number, std::function<void()> then = {}) {
    return engine->post(UpsertAccount{"account-" + std::to_string(number), {{"number", test::number(number)}}},
                        [this, number, then](const InputResult& result) {
                          answered.push_back(number);
                          if (result.refused.empty()) {
                            CHECK(result.refusal == Refusal::none);
                          } else {
                            CHECK(result.refusal == Refusal::unavailable);
                            refused.push_back(number);
                          }
                          if (then) then();
                        });
  }

  /// Asks for inputs, and gives what was answered once the engine has nothing to do any more.
  std::vector<InputResult> ask(std::vector<Input> inputs, Asked asked = {}) {
    const std::size_t expected = inputs.size();
    std::vector<InputResult> results;
    REQUIRE(engine->post_all(
        std::move(inputs), [&](const InputResult& result) { results.push_back(result); }, std::move(asked)));
    run_until([&] { return results.size() == expected; });
    return results;
  }

  /// Runs until the engine says that it has nothing to do, and `is_done` holds.
  void run_until(std::function<bool()> is_done) {
    const auto before = std::exchange(on_idle, [this, is_done](auto) {
      if (is_done()) return io.stop();
      engine->poke();
    });
    engine->poke();
    run();
    on_idle = before;
  }

  std::int64_t accounts() { return plain_store->reader()->totals().accounts; }

  std::shared_ptr<const Workspace> workspace(const SourceTexts& texts) {
    return load_workspace(texts, "", node_shapes(), names);
  }

  caravan::testing::TemporaryFolder folder;
  const std::filesystem::path file;
  std::unique_ptr<Store> plain_store =
      open_sqlite(file, OpenMode::write,
                  {.synchronous = SqliteSettings::Synchronous::off, .patience = std::chrono::milliseconds(1)});
  FaultyStore store{*plain_store, file};
  NameBook names{*store.reader()};
  VirtualClock clock{kMonday};
  std::unique_ptr<Clock> machine_clock;  ///< instead of `clock`
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::optional<Engine> engine;
  std::vector<int> answered;
  std::vector<int> refused;
  std::vector<std::string> failures;
  std::function<void(std::optional<Instant>)> on_idle;
  std::function<void(const Condition&)> on_condition;
  int idle_told = 0;
  std::vector<BatchReport> reports;
  std::vector<Condition> conditions;

 private:
  EngineSettings settings_;
  SourceTexts texts_;
};

inline SourceTexts waiting() {
  return seeds_workspace("- id: settle\n  wait: 1d\n- id: rest\n  wait: 1d\n");
}

inline std::vector<int> numbers_to(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace caravan::test
