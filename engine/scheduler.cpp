#include "engine/scheduler.hpp"

#include "engine/scheduler_state.hpp"

namespace caravan {

namespace asio = boost::asio;

Scheduler::State::State(asio::io_context& io_context, Store& the_store, NameBook& the_names,
                        JourneyLibrary& the_library, Clock& the_clock, BatchRunner::Settings the_settings,
                        InputLimits limits)
    : io(io_context),
      store(the_store),
      clock(the_clock),
      names(the_names),
      library(the_library),
      settings(the_settings),
      inputs(limits),
      queue(inputs.waiting),
      timer(io),
      conditions([this](Condition condition) {
        asio::post(io, [self = shared_from_this(), condition = std::move(condition)] {
          if (self->listener.condition) self->listener.condition(condition);
        });
      }),
      reader(store.reader()),
      runner(std::in_place, *reader, names, library, settings),
      last_entry(reader->journal_range().last) {}

void Scheduler::State::schedule() {
  if (!started || stopped || scheduled.exchange(true)) return;
  asio::post(turn_thread, [self = shared_from_this()] { self->turn_guarded(); });
}

void Scheduler::State::fail(std::string reason) {
  if (stopped.exchange(true)) return;
  asio::post(io, [self = shared_from_this(), reason = std::move(reason)] {
    if (self->listener.failed) self->listener.failed(reason);
  });
}

void Scheduler::State::give_up() {
  gives_up = true;
  asio::post(writer_thread, [this] { write_again.cancel(); });
  asio::post(turn_thread, [this] { turn_again.cancel(); });
}

Scheduler::Scheduler(asio::io_context& io, Store& store, NameBook& names, JourneyLibrary& library, Clock& clock,
                     BatchRunner::Settings settings, InputLimits inputs)
    : state_(std::make_shared<State>(io, store, names, library, clock, settings, inputs)) {}

Scheduler::~Scheduler() {
  state_->stopped = true;
  state_->give_up();
  state_->turn_thread.join();
  state_->writer_thread.join();
  state_->timer.cancel();
}

void Scheduler::go_live(Instant now, Changes changes, std::optional<SourceTexts> published) {
  state_->take_up(now, std::move(changes), std::move(published));
}

void Scheduler::start(SchedulerListener listener) {
  state_->listener = std::move(listener);
  state_->started = true;
  state_->schedule();
}

bool Scheduler::post(Input input, InputAnswer answer, Asked asked) {
  if (state_->stopped || !state_->queue.add(std::move(input), std::move(answer), std::move(asked))) return false;
  state_->schedule();
  return true;
}

bool Scheduler::post_all(std::vector<Input> inputs, InputAnswer answer, Asked asked) {
  if (state_->stopped || !state_->queue.add_all(std::move(inputs), std::move(answer), std::move(asked))) return false;
  state_->schedule();
  return true;
}

void Scheduler::record(std::vector<DeliveryProgress> progress, std::function<void()> committed) {
  state_->queue.add({std::move(progress), std::move(committed)});
  state_->schedule();
}

void Scheduler::rest(std::function<void(std::int64_t last_entry)> look) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->at_rest = std::move(look);
  }
  state_->schedule();
}

void Scheduler::forget_journal(std::int64_t through) {
  state_->to_forget = through;
  state_->schedule();
}

void Scheduler::let_history_go(HistoryUpkeep history, std::function<void()> committed) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->upkeep = State::Upkeep{std::move(history), std::move(committed)};
  }
  state_->schedule();
}

void Scheduler::tell_happenings(bool wanted) {
  state_->wants_happenings = wanted;
}

void Scheduler::poke() {
  state_->schedule();
}

void Scheduler::use_idle_time() {
  if (!state_->clock.real_time_until(Instant::max())) return;  // no time passes but by hand
  asio::post(state_->turn_thread, [state = state_] {
    const bool is_settled = state->written == state->submitted;  // else it is the writer's store
    if (is_settled && !state->stopped) state->store.use_idle_time();
  });
}

void Scheduler::sign_of_life(std::function<void()> told) {
  asio::post(state_->turn_thread,
             [state = state_, told = std::move(told)]() mutable { asio::post(state->io, std::move(told)); });
}

void Scheduler::drain() {
  state_->queue.close();
  state_->draining = true;
  state_->schedule();
}

void Scheduler::stop(std::function<void()> done) {
  drain();
  state_->give_up();
  // Behind the turn in hand on the turn thread, then behind its commit on the writer's.
  asio::post(state_->turn_thread, [state = state_, done = std::move(done)]() mutable {
    state->answer_the_rest();
    asio::post(state->writer_thread, [state, done = std::move(done)]() mutable {
      state->stopped = true;
      asio::post(state->io, [state, done = std::move(done)] {
        state->timer.cancel();
        done();
      });
    });
  });
}

}  // namespace caravan
