#pragma once
// Who runs turns, and when. Two hands: one thread runs the turns of a batch while another writes the batch before. A
// batch is what is there, never what might come; it is committed once, and only then is anybody told.

#include "engine/batch.hpp"
#include "engine/clock.hpp"
#include "engine/happenings.hpp"
#include "engine/outbox.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

/// One commit, for progress displays, figures and whoever watches live.
struct BatchReport {
  Instant now{};
  std::size_t turns = 0;
  std::size_t inputs = 0;
  /// By packed CounterKey, what this batch added.
  std::unordered_map<std::uint64_t, std::int64_t> counted;
  bool deliveries = false;             ///< it promised some
  std::optional<SweepProgress> sweep;  ///< while audiences are gone through: how far that was after it
  std::optional<RoundProgress> round;  ///< while engagement is scored: the same
  // How it went; nothing depends on these.
  std::chrono::steady_clock::duration turns_took{};
  std::chrono::steady_clock::duration commit_took{};
  std::size_t waiting = 0;                       ///< inputs behind those that it took
  std::optional<std::chrono::milliseconds> lag;  ///< how late the token was woken that had been due longest
  std::shared_ptr<const Happenings> happenings;  ///< null unless somebody has asked for them
};

/// What keeps the engine from going on as it should, and ends by itself or by somebody's hand.
struct Condition {
  enum class Kind {
    waiting_for_store,  ///< what is to be written cannot be: nothing is acknowledged, and it is tried again
    clock_is_behind,    ///< the machine's clock is behind what it was: time stands still until it has caught up
  } kind = Kind::waiting_for_store;
  bool is_over = false;
  std::string sentence;  ///< what is wrong and what to do; when it is over, that it is
};

/// What the scheduler tells, all on the I/O thread.
struct SchedulerListener {
  std::function<void(const BatchReport&)> committed;
  /// There is nothing to do at the present time. Carries when there is next: a token is due, an audience is gone
  /// through. `is_awaited`: a token waits for a time, or a journey for its first accounts; else only audiences are gone
  /// through again and again.
  std::function<void(std::optional<Instant> next_due, bool is_awaited)> idle;
  /// Something keeps the scheduler from going on, or does not any more: told at each change. Without it nothing is
  /// waited for: a store that cannot be written for now has failed.
  std::function<void(const Condition&)> condition;
  /// The store has failed for good; nothing more will be told.
  std::function<void(std::string reason)> failed;
};

struct InputLimits {
  std::size_t waiting = 65'536;  ///< beyond, post() refuses
  /// So many go into one batch at most, whatever else that may hold: they touch rows all over the store, and the more
  /// of them share a commit, the fewer pages are written for each.
  std::size_t a_batch = 4'096;
};

class Scheduler final : public DeliveryLedger {
 public:
  /// All references outlive it. Nothing runs before start().
  Scheduler(boost::asio::io_context& io, Store& store, NameBook& names, JourneyLibrary& library, Clock& clock,
            BatchRunner::Settings settings, InputLimits inputs);
  ~Scheduler() override;

  /// Before start(): takes up the journeys that the library says are live; `changes` is what publishing them at `now`
  /// must write, `published` from which texts they are, where they were published. Commits. Throws StoreError.
  void go_live(Instant now, Changes changes, std::optional<SourceTexts> published);

  void start(SchedulerListener listener);

  /// From any thread. False when the queue is full or the scheduler is stopping.
  bool post(Input input, InputAnswer answer, Asked asked = {});
  /// All of them together or none: no batch sees some without those that follow waiting. `answer` is told each, in
  /// order. Of what somebody asks for by name or key, one batch takes all: nothing of it is done without the rest.
  bool post_all(std::vector<Input> inputs, InputAnswer answer, Asked asked = {});
  void record(std::vector<DeliveryProgress> progress, std::function<void()> committed) override;
  /// Calls `look` once on the turn thread, at an instant at which everything is committed and nothing is being written:
  /// the last entry of the journal is its argument. Then the scheduler begins anew as after a restart, and the entry
  /// that follows is a JournalStart, so that what comes depends on nothing but what the store held then. `look` is
  /// quick and does not throw; it is not called when the scheduler stops before. From any thread; one at a time.
  void rest(std::function<void(std::int64_t last_entry)> look);
  /// Lets the entries of the journal up to `through` go, some with each transaction. From any thread.
  void forget_journal(std::int64_t through);
  /// Lets history go with the next transaction, or with one of its own where nothing else is to be written; then
  /// `committed` is told on the I/O thread. What gives pages back waits until nothing else is to be written, and gives
  /// way to what is asked for meanwhile, untold. Nothing is told when the scheduler stops before. From any thread.
  void let_history_go(HistoryUpkeep history, std::function<void()> committed);

  /// Whether reports carry what happened. From any thread.
  void tell_happenings(bool wanted);

  /// There may be something to do. From any thread; cheap.
  void poke();
  /// Nobody waits for anything, as far as who calls this knows: the store may use the time. A clock that is moved by
  /// hand leaves none. From any thread; cheap.
  void use_idle_time();
  /// Calls `told` on the I/O thread when the turn thread has come by, behind the turn it has in hand; never, when it
  /// hangs. From any thread.
  void sign_of_life(std::function<void()> told);

  /// From here on only deliveries' progress is recorded; inputs in the queue are answered as refused.
  void drain();
  /// Finishes and commits the turns in hand; `done` is called on the I/O thread.
  void stop(std::function<void()> done);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan
