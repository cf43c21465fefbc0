#pragma once
// Batches by hand, for tests of what shares a batch, and of a batch that is run while the one before is not on the disk
// yet. The time is the test's.

#include "engine/batch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

/// Each batch is run, and committed when the test says so.
class Batches {
 public:
  /// On a store of its own, or on another.
  explicit Batches(const SourceTexts& texts, std::size_t turns = 1'000, std::unique_ptr<Store> store = nullptr)
      : store_(store ? std::move(store) : quick_store()),
        runner_(*reader_, names_, library_, {BatchRunner::Mode::all, turns}) {
    std::shared_ptr<const Workspace> workspace = load_workspace(texts, "", node_shapes(), names_);
    REQUIRE(workspace->diagnostics.errors() == 0);
    Changes changes;
    library_.publish(workspace, {}, kMonday, changes);
    runner_.go_live(kMonday, changes);
    store_->commit(changes);
  }

  /// Runs a batch with these inputs; the answers are kept in `answers`.
  Changes run(std::vector<Input> inputs, Instant now = kMonday) {
    Changes changes;
    reader_->refresh();
    runner_.begin(now, unwritten == 0);
    answers.clear();
    for (const Input& input : inputs)
      answers.push_back(runner_.apply(input, changes));
    runner_.work(changes);
    runner_.finish(changes);
    runner_.handed_over();
    ++unwritten;
    return changes;
  }

  /// Runs a batch with what channels report, and commits it.
  Changes report(const std::vector<DeliveryProgress>& progress, Instant now) {
    Changes changes;
    reader_->refresh();
    runner_.begin(now, unwritten == 0);
    for (const DeliveryProgress& each : progress)
      runner_.report(each, changes);
    runner_.work(changes);
    runner_.finish(changes);
    runner_.handed_over();
    if (!changes.empty()) store_->commit(changes);
    return changes;
  }

  void commit(const Changes& changes) {
    store_->commit(changes);
    --unwritten;
  }

  /// Batches until there is nothing to do; each is committed after the next has been run, as the scheduler does it.
  void run_overlapping(Instant now) {
    std::optional<Changes> before;
    for (;;) {
      Changes changes = run({}, now);
      const bool idle = changes.empty() && !before;
      if (before) commit(*before);
      if (changes.empty()) {
        --unwritten;
        before.reset();
        if (idle && runner_.exhausted()) return;
      } else {
        before = std::move(changes);
      }
    }
  }

  std::vector<TokenRecord> tokens() {
    std::vector<TokenRecord> all;
    const auto reader = store_->reader();
    for (std::int64_t id = 1; id <= reader->greatest().account.value; ++id)
      reader->tokens_of(AccountId{id}, all);
    return all;
  }

  std::vector<InputResult> answers;
  int unwritten = 0;

  Store& store() { return *store_; }
  const NameBook& names() const { return names_; }
  BatchRunner& runner() { return runner_; }

 private:
  std::unique_ptr<Store> quick_store() {
    return open_sqlite(folder_.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  }

  caravan::testing::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_ = store_->reader();
  NameBook names_{*reader_};
  JourneyLibrary library_{*store_, names_};
  BatchRunner runner_;
};

}  // namespace caravan::test
