#pragma once
// The scheduler's insides, which its two hands share.
//   scheduler.cpp        what others see of it, and its end
//   scheduler_turns.cpp  the turn thread: gathers and runs batches
//   scheduler_writer.cpp the writer thread: writes them, however long that takes, and tells what came of them

#include <semaphore>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/asked.hpp"
#include "engine/condition_teller.hpp"
#include "engine/journal.hpp"
#include "engine/scheduler.hpp"
#include "engine/scheduler_queue.hpp"

namespace caravan {

/// A batch on its way from the turn thread over the writer to the I/O thread.
struct SchedulerJob {
  Changes changes;
  JournalEntry entry;  ///< packed by the writer
  Answers answers;
  std::vector<std::function<void()>> committed;
  BatchReport report;

  bool empty() const { return changes.empty() && answers.empty() && committed.empty(); }
};

/// How long it is waited before what failed is tried again: twice as long each time.
class Pause {
 public:
  std::chrono::milliseconds next() { return std::exchange(next_, std::min(2 * next_, kLongest)); }
  void reset() { next_ = kFirst; }

 private:
  static constexpr std::chrono::milliseconds kFirst{100};
  static constexpr std::chrono::milliseconds kLongest{5'000};
  std::chrono::milliseconds next_ = kFirst;
};

/// Shared by the handlers that are posted, so that none outlives what it uses. Three threads meet here: `queue` holds
/// what posters hand in, `mutex` guards what else they ask for; a job that was handed over belongs to the writer until
/// `writer_free` is released.
struct Scheduler::State : std::enable_shared_from_this<Scheduler::State> {
  using Steady = std::chrono::steady_clock;

  State(boost::asio::io_context& io_context, Store& the_store, NameBook& the_names, JourneyLibrary& the_library,
        Clock& the_clock, BatchRunner::Settings the_settings, InputLimits limits);

  // From any thread.
  void schedule();
  void fail(std::string reason);
  /// Nobody waits any more for what cannot be done now.
  void give_up();

  // The turn thread.
  void turn_guarded();
  void turn();
  void try_turn_again(const std::string& reason);
  void has_gone_on();
  struct Batch;
  bool gather_and_run(Batch& batch);
  void undo(Batch& batch);
  void take_posted(Batch& batch);
  bool keep(SchedulerJob& job, JournalBatch batch);
  void rest_unless_left(bool is_settled);
  void hand_over(SchedulerJob& job);
  void note(BatchReport& report, Steady::time_point began);
  bool wants_rest();
  void begin_anew();
  void take_up(Instant now, Changes changes, std::optional<SourceTexts> published);
  std::int64_t next_to_forget(std::int64_t first_entry);
  void take_upkeep(SchedulerJob& job, bool is_idle);
  bool let_go();
  std::optional<Instant> next_due();
  void tell_idle(std::optional<Instant> next_due, bool is_awaited);
  void nap_until(Instant at);
  /// Inputs that nobody will take any more are answered.
  void answer_the_rest();

  // The writer thread.
  void write(SchedulerJob& job);
  void try_to_commit(SchedulerJob& job, Steady::time_point began);
  void tell_committed(SchedulerJob& job);
  void tell_unwritten(SchedulerJob& job);

  boost::asio::io_context& io;
  Store& store;
  Clock& clock;
  NameBook& names;
  JourneyLibrary& library;
  BatchRunner::Settings settings;
  const InputLimits inputs;
  SchedulerQueue queue;
  SchedulerListener listener;
  boost::asio::steady_timer timer;  ///< I/O thread only
  ConditionTeller conditions;

  // Of the turn thread.
  std::unique_ptr<Reader> reader;
  std::optional<BatchRunner> runner;  ///< empty only while the engine is to begin anew
  bool begins_anew = false;           ///< what the runner knows is not what the store holds
  AskedBook asked;
  std::int64_t last_entry;           ///< of the journal, committed or on its way
  std::vector<IdleLook> idle_looks;  ///< since that
  bool end_is_kept = false;          ///< the journal says until when the engine looked
  std::int64_t forgotten = 0;        ///< entries of the journal are let go, or on their way
  Pause turn_pause;

  std::mutex mutex;
  struct Upkeep {
    HistoryUpkeep history;
    std::function<void()> committed;
  };
  std::function<void(std::int64_t)> at_rest;  ///< asked for and not done yet
  std::optional<Upkeep> upkeep;               ///< the same

  std::atomic<std::int64_t> to_forget = 0;  ///< entries of the journal up to this one are to be let go
  std::atomic<bool> started = false;
  std::atomic<bool> scheduled = false;
  std::atomic<bool> draining = false;
  std::atomic<bool> stopped = false;
  std::atomic<bool> gives_up = false;
  std::atomic<bool> wants_happenings = false;
  std::atomic<std::uint64_t> submitted = 0;
  std::atomic<std::uint64_t> written = 0;
  std::array<SchedulerJob, 2> jobs;
  std::binary_semaphore writer_free{1};

  // Of the writer thread.
  HappeningsFinder happenings;
  bool lost = false;  ///< a batch was not written, and all that follow build on it
  Pause write_pause;

  boost::asio::thread_pool turn_thread{1};
  boost::asio::thread_pool writer_thread{1};
  boost::asio::steady_timer turn_again{turn_thread};
  boost::asio::steady_timer write_again{writer_thread};
};

}  // namespace caravan
