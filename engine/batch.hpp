#pragma once
// A batch: as many turns as are there to do, up to a limit, merged into one write set. What is to do comes from three
// places: inputs from outside, tokens whose time has come, and accounts whose audiences are still to be evaluated.

#include "engine/input.hpp"
#include "engine/turn.hpp"

namespace caravan {

/// Runs the turns of one batch after the other; one thread uses it. A batch may be run while the one before is being
/// written, never while two are.
class BatchRunner {
 public:
  struct Settings {
    bool data_only = false;
    std::size_t turns = 4'096;
  };

  BatchRunner(Reader& reader, NameBook& names, JourneyLibrary& library, Settings settings);

  /// What was published just now is live from here on. `changes` gets what must be kept of it.
  void go_live(std::vector<std::shared_ptr<const RunnableJourney>> live, Changes& changes);

  /// Begins a batch at `now`. `settled` says that all earlier batches are on the disk. The reader has been refreshed.
  void begin(Instant now, bool settled);

  /// A turn for an input.
  InputResult apply(const Input& input, Changes& changes);

  /// Turns for what is due and what is to be evaluated, until the batch is full.
  void work(Changes& changes);

  /// After the last turn: what belongs to the batch as a whole.
  void finish(Changes& changes);

  /// The batch is on its way to the disk: its subjects are kept for the next one.
  void handed_over() { subjects_.next_batch(); }

  std::size_t turns() const { return turns_; }
  bool full() const { return turns_ >= settings_.turns; }
  /// Whether work() came to the end of all there was to do at the time; final when the batch began settled.
  bool exhausted() const { return due_.exhausted && marked_.exhausted && swept(); }

 private:
  struct Sweep {
    std::shared_ptr<const RunnableJourney> journey;
    AccountId next;  ///< accounts below it are done
    bool over = false;
    AccountId last;  ///< for `once`: whoever comes after it came too late
  };
  /// Where a scan of the store goes on. The reader still sees rows that an unwritten batch has dealt with: a scan that
  /// went on from its position does not meet them, and one that starts again finds in Subjects that they are done.
  template <class Position>
  struct Scan {
    Position position{};
    bool exhausted = false;
  };

  InputResult upsert(const UpsertAccount& input, Changes& changes);
  InputResult upsert(const UpsertPerson& input, Changes& changes);
  void mark_to_evaluate(Subject& subject, Changes& changes);
  std::vector<std::pair<NameId, AttributeInput>> named(const AttributeMap& attributes);
  void wake_due(Changes& changes);
  void evaluate_marked(Changes& changes);
  void sweep(Changes& changes);
  AccountId end_of(const Sweep& sweep) const;
  bool swept() const;

  Reader& reader_;
  NameBook& names_;
  Settings settings_;
  Numbering numbering_;
  Subjects subjects_;
  TurnRunner runner_;
  std::vector<Sweep> sweeps_;
  AccountId swept_below_;  ///< some journey's sweep has passed the accounts below
  Scan<DueCursor> due_;
  Scan<AccountId> marked_;
  Instant now_{};
  std::size_t turns_ = 0;
  std::vector<TokenRecord> due_rows_;
  std::vector<AccountId> marked_rows_;
  std::vector<AccountRecord> account_rows_;
};

}  // namespace caravan
