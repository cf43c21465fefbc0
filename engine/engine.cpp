#include "engine/engine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace caravan {

struct Engine::State : std::enable_shared_from_this<Engine::State> {
  State(boost::asio::io_context& io_context, Store& the_store, NameBook& names, Clock& the_clock,
        std::shared_ptr<const Workspace> workspace, Channels* channels, const EngineSettings& settings)
      : io(io_context),
        library(the_store, names),
        scheduler(io, the_store, names, library, the_clock, {settings.mode, settings.turns_per_batch},
                  settings.inputs) {
    const Instant now = the_clock.now();
    Changes changes;
    std::optional<SourceTexts> published;
    if (settings.mode != BatchRunner::Mode::data && settings.publish && workspace) {
      publications = library.publish(workspace, {}, now, changes);
      published = workspace->texts;
    }
    scheduler.go_live(now, std::move(changes), std::move(published));
    if (channels && settings.mode != BatchRunner::Mode::data) {
      outbox.emplace(io, the_clock, the_store.reader(), names, scheduler, library, *channels,
                     Outbox::Settings{{}, the_store.installation()});
    }
  }

  void start(std::function<void(std::string)> on_failure) {
    SchedulerListener listener;
    listener.committed = [weak = weak_from_this()](const BatchReport& report) {
      if (const auto self = weak.lock()) self->committed(report);
    };
    listener.idle = [weak = weak_from_this()](std::optional<Instant> next_due, bool awaited) {
      if (const auto self = weak.lock()) self->scheduler_idle(next_due, awaited);
    };
    if (condition_listener) {
      listener.condition = [weak = weak_from_this()](const Condition& condition) {
        if (const auto self = weak.lock()) self->condition_listener(condition);
      };
    }
    listener.failed = std::move(on_failure);
    if (outbox) {
      outbox->on_idle([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->tell_idle();
      });
      outbox->start();
    }
    scheduler.start(std::move(listener));
  }

  void committed(const BatchReport& report) {
    is_idle = false;
    if (outbox && report.deliveries) outbox->notify();
    if (batch_listener) batch_listener(report);
  }

  void scheduler_idle(std::optional<Instant> due, bool awaited) {
    is_idle = true;
    is_awaited = awaited;
    next_due = due;
    tell_idle();
  }

  void tell_idle() {
    if (!is_idle || (outbox && !outbox->idle())) return;
    scheduler.use_idle_time();
    if (idle_listener) idle_listener(next_due);
  }

  void stop(std::function<void()> done) {
    // The outbox keeps it, which is a part of this.
    auto stop_scheduler = [weak = weak_from_this(), done = std::move(done)] {
      if (const auto self = weak.lock()) self->scheduler.stop(done);
    };
    scheduler.drain();
    if (outbox) {
      outbox->stop(std::move(stop_scheduler));
    } else {
      stop_scheduler();
    }
  }

  boost::asio::io_context& io;
  JourneyLibrary library;
  Scheduler scheduler;
  std::optional<Outbox> outbox;
  std::vector<Publication> publications;
  std::function<void(const BatchReport&)> batch_listener;
  std::function<void(const Condition&)> condition_listener;
  std::function<void(std::optional<Instant>)> idle_listener;
  bool is_idle = false;             ///< the scheduler's last word
  std::optional<Instant> next_due;  ///< told with it
  bool is_awaited = false;          ///< told with it
};

Engine::Engine(boost::asio::io_context& io, Store& store, NameBook& names, Clock& clock,
               std::unique_ptr<Workspace> workspace, Channels* channels, EngineSettings settings)
    : state_(std::make_shared<State>(io, store, names, clock, std::move(workspace), channels, settings)) {}

Engine::~Engine() = default;

const std::vector<Publication>& Engine::publications() const {
  return state_->publications;
}

JourneyLibrary& Engine::library() {
  return state_->library;
}

void Engine::start(std::function<void(std::string)> on_failure) {
  state_->start(std::move(on_failure));
}

bool Engine::post(Input input, InputAnswer answer, Asked asked) {
  return state_->scheduler.post(std::move(input), std::move(answer), std::move(asked));
}

bool Engine::post_all(std::vector<Input> inputs, InputAnswer answer, Asked asked) {
  return state_->scheduler.post_all(std::move(inputs), std::move(answer), std::move(asked));
}

void Engine::rest(std::function<void(std::int64_t last_entry)> look) {
  state_->scheduler.rest(std::move(look));
}

void Engine::forget_journal(std::int64_t through) {
  state_->scheduler.forget_journal(through);
}

void Engine::let_history_go(HistoryUpkeep history, std::function<void()> committed) {
  state_->scheduler.let_history_go(std::move(history), std::move(committed));
}

void Engine::poke() {
  state_->scheduler.poke();
  if (state_->outbox) state_->outbox->notify();
}

void Engine::sign_of_life(std::function<void()> told) {
  state_->scheduler.sign_of_life(std::move(told));
}

void Engine::on_batch(std::function<void(const BatchReport&)> listener) {
  state_->batch_listener = std::move(listener);
}

void Engine::tell_happenings(bool wanted) {
  state_->scheduler.tell_happenings(wanted);
}

void Engine::on_condition(std::function<void(const Condition&)> listener) {
  state_->condition_listener = std::move(listener);
}

void Engine::on_idle(std::function<void(std::optional<Instant>)> listener) {
  state_->idle_listener = std::move(listener);
}

bool Engine::is_awaited() const {
  return state_->is_awaited;
}

std::optional<Instant> Engine::next_attempt() const {
  return state_->outbox ? state_->outbox->next_attempt() : std::nullopt;
}

void Engine::stop(std::function<void()> done) {
  state_->stop(std::move(done));
}

}  // namespace caravan
