#pragma once
// The engine as the program and the harness see it: a store, a workspace, a clock and a way out, put together. Inputs
// go in at one door and are answered after the commit that holds their effects; what happened is told batch by batch.

#include "engine/channels/channels.hpp"
#include "engine/clock.hpp"
#include "engine/input.hpp"
#include "engine/journey_library.hpp"
#include "engine/name_book.hpp"
#include "engine/scheduler.hpp"
#include "journeys/workspace.hpp"
#include "nodes/compiler.hpp"
#include "storage/store.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

struct EngineSettings {
  /// `data` takes data in and keeps it, but lets no account enter and no token move (`caravan import`); `commands` does
  /// what it is asked with all that comes of it at once, but wakes nothing that is due (`caravan publish`).
  BatchRunner::Mode mode = BatchRunner::Mode::all;
  /// Publishes the workspace's journeys at the start, as far as they have changed; else what was published is run.
  bool publish = true;
  std::size_t turns_per_batch = BatchRunner::Settings().turns;
  InputLimits inputs = {};
};

class Engine {
 public:
  /// `workspace` was loaded with `names` and has no errors; null with `data`. `channels` may be null: then
  /// deliveries are promised, not made. All must outlive the engine. Publishes the workspace's journeys: throws
  /// StoreError. A journey whose published texts do not check with this program takes no entries until it is published
  /// anew, and whoever is under way in it waits.
  Engine(boost::asio::io_context& io, Store& store, NameBook& names, Clock& clock, std::unique_ptr<Workspace> workspace,
         Channels* channels, EngineSettings settings = {});
  ~Engine();

  const std::vector<Publication>& publications() const;
  /// The journeys that it runs. Safe to use from any thread.
  JourneyLibrary& library();

  /// Begins to run. `on_failure` is told on the I/O thread, once, when the store fails for good; the engine has then
  /// stopped and what was not acknowledged is not done.
  void start(std::function<void(std::string)> on_failure);

  /// From any thread. False when the queue is full: try again after an answer.
  /// What is asked for with a key that is known is not done again: the answer is what it was then.
  bool post(Input input, InputAnswer answer, Asked asked = {});
  /// The same for inputs that belong together, such as an account and its people: all are taken or none, and no
  /// audience is looked at before all of them have been. `answer` is told each, in order. Without any input it is a
  /// line in the audit trail, and nobody is answered.
  bool post_all(std::vector<Input> inputs, InputAnswer answer, Asked asked = {});

  /// As Scheduler::rest() and Scheduler::forget_journal() say, for who takes snapshots.
  void rest(std::function<void(std::int64_t last_entry)> look);
  void forget_journal(std::int64_t through);
  /// As Scheduler says.
  void let_history_go(HistoryUpkeep history, std::function<void()> committed);

  /// The clock was moved by hand. From any thread.
  void poke();

  /// As Scheduler says, for who watches over the engine.
  void sign_of_life(std::function<void()> told);

  /// Told on the I/O thread after each commit.
  void on_batch(std::function<void(const BatchReport&)> listener);

  /// Whether reports carry what happened, for who watches live. From any thread.
  void tell_happenings(bool wanted);

  /// Before start(): told on the I/O thread when something begins to keep the engine from going on as it should, and
  /// when it does not any more. Where nobody listens, a store that cannot be written for now has failed for good.
  void on_condition(std::function<void(const Condition&)> listener);

  /// Told on the I/O thread whenever there is nothing to do at the present time: all inputs answered, nothing due, all
  /// audiences evaluated, all that was pending delivered or to be retried later. Carries the time of the next token
  /// that is due, or nothing when no token waits for a time.
  void on_idle(std::function<void(std::optional<Instant> next_due)> listener);

  /// When idle was told, on the I/O thread: whether a token waits for a time, or a journey for its first accounts. If
  /// not, only audiences will be gone through again, and whoever waits for the end of it all need wait no longer.
  bool is_awaited() const;

  /// When a delivery is tried again; nothing when none waits for a time. On the I/O thread.
  std::optional<Instant> next_attempt() const;

  /// Lets turns in hand finish and commit, and mails under way end; `done` is called on the I/O thread within seconds.
  void stop(std::function<void()> done);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan
