#include "engine/scheduler.hpp"

#include <semaphore>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/asked.hpp"
#include "engine/journal.hpp"
#include "engine/scheduler_queue.hpp"

namespace caravan {
namespace {

namespace asio = boost::asio;

/// A timer never runs longer: the machine's clock may have been set in between.
constexpr std::chrono::steady_clock::duration kLongestNap = std::chrono::minutes(1);

struct PostedUpkeep {
  HistoryUpkeep history;
  std::function<void()> committed;
};

/// A batch on its way from the turn thread over the writer to the I/O thread.
struct Job {
  Changes changes;
  JournalEntry entry;  ///< packed by the writer
  Answers answers;
  std::vector<std::function<void()>> committed;
  BatchReport report;

  bool empty() const { return changes.empty() && answers.empty() && committed.empty(); }
};

/// Looks that found nothing to do are kept for the entry that follows; of very many the first and the newest.
constexpr std::size_t kMostIdleLooks = 8;

/// So many entries of the journal are let go with a transaction: that takes no time to speak of.
constexpr std::int64_t kForgottenAtOnce = 64;

using Steady = std::chrono::steady_clock;

void remember(std::vector<IdleLook>& looks, const IdleLook& look) {
  if (looks.size() == kMostIdleLooks) looks.pop_back();
  looks.push_back(look);
}

}  // namespace

/// Shared by the handlers that are posted, so that none outlives what it uses. Three threads meet here: `inputs` holds
/// what posters hand in, `mutex` guards what else they ask for; `runner`, `reader` and the job being filled belong to
/// the turn thread; a job that was handed over belongs to the writer until `writer_free` is released.
struct Scheduler::State : std::enable_shared_from_this<Scheduler::State> {
  State(asio::io_context& io_context, Store& the_store, NameBook& the_names, JourneyLibrary& the_library,
        Clock& the_clock, BatchRunner::Settings the_settings, std::size_t the_queue)
      : io(io_context),
        store(the_store),
        clock(the_clock),
        names(the_names),
        library(the_library),
        settings(the_settings),
        queue(the_queue),
        reader(store.reader()),
        runner(std::in_place, *reader, names, library, settings),
        last_entry(reader->journal_range().last),
        timer(io) {}

  asio::io_context& io;
  Store& store;
  Clock& clock;
  NameBook& names;
  JourneyLibrary& library;
  BatchRunner::Settings settings;
  SchedulerQueue queue;
  std::unique_ptr<Reader> reader;
  std::optional<BatchRunner> runner;  ///< never empty
  std::int64_t last_entry;            ///< of the journal, committed or on its way
  std::vector<IdleLook> idle_looks;   ///< since that
  bool end_is_kept = false;           ///< the journal says until when the engine looked
  SchedulerListener listener;
  asio::steady_timer timer;  ///< I/O thread only

  AskedBook asked;  ///< turn thread only

  std::mutex mutex;
  std::function<void(std::int64_t)> at_rest;  ///< asked for and not done yet
  std::optional<PostedUpkeep> upkeep;         ///< the same

  std::atomic<std::int64_t> to_forget = 0;  ///< entries of the journal up to this one are to be let go
  std::int64_t forgotten = 0;               ///< are let go, or on their way

  std::atomic<bool> started = false;
  std::atomic<bool> scheduled = false;
  std::atomic<bool> draining = false;
  std::atomic<bool> stopped = false;
  std::atomic<bool> wants_happenings = false;
  HappeningsFinder happenings;  ///< writer thread only
  bool lost = false;            ///< writer thread only: a batch was not written, and all that follow build on it
  std::atomic<std::uint64_t> submitted = 0;
  std::atomic<std::uint64_t> written = 0;
  std::array<Job, 2> jobs;
  std::binary_semaphore writer_free{1};
  asio::thread_pool turn_thread{1};
  asio::thread_pool writer_thread{1};

  void schedule() {
    if (!started || stopped || scheduled.exchange(true)) return;
    asio::post(turn_thread, [self = shared_from_this()] { self->turn_guarded(); });
  }

  void turn_guarded() {
    try {
      turn();
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }

  /// Gathers and runs one batch, and hands it to the writer.
  void turn() {
    scheduled = false;
    if (stopped) return;
    const std::uint64_t sequence = submitted;
    const std::uint64_t on_disk = written;
    if (wants_rest()) return on_disk == sequence ? rest() : void();  // else comes back when the batch is written
    const Steady::time_point began = Steady::now();
    JournalBatch batch;
    batch.order.settled = on_disk == sequence;
    Job& job = jobs[sequence % jobs.size()];
    reader->refresh();
    batch.seen = reader->journal_range().last;  // the first read: what this reader sees is settled by it
    job.report.now = batch.order.now = clock.now();
    batch.order.draining = draining;
    asked.begin(job.report.now, sequence, on_disk);
    const std::vector<std::size_t> places = take_posted(job, batch.order);
    const std::vector<InputResult> results =
        run_batch(*runner, batch.order, job.changes, [this] { return queue.waiting() > 0; });
    answer(job, batch, places, results);
    const bool is_kept = keep(job, std::move(batch));
    // Behind the entry: who asked is nothing that a replay does again.
    asked.finish(job.answers, job.changes);
    if (!is_kept && job.empty()) {
      if (on_disk == sequence && let_go()) return schedule();
      const IdleLook& look = idle_looks.back();
      if (look.settled && (draining || runner->exhausted()))
        tell_idle(next_due(), reader->next_due().has_value() || runner->awaits_first_round());
      reader->refresh();
      return;
    }
    job.changes.forgotten_journal = next_to_forget();
    take_upkeep(job, false);
    reader->refresh();  // whoever waits for the writer must not hold a snapshot that its checkpoint waits for
    note(job.report, began);
    writer_free.acquire();
    // What leaves no entry must leave no trace in the runner either: a replay does not know of it.
    if (job.entry.sequence != 0) runner->handed_over();
    asked.handed_over();
    ++submitted;
    asio::post(writer_thread, [self = shared_from_this(), &job] { self->write(job); });
    schedule();
  }

  /// What the batch says of itself.
  void note(BatchReport& report, Steady::time_point began) {
    report.turns = runner->turns();
    report.sweep = runner->sweep_progress();
    report.round = runner->round_progress();
    report.lag = runner->lag();
    report.waiting = queue.waiting();
    report.turns_took = Steady::now() - began;
  }

  /// A round of engagement would have to be begun again: it is waited for.
  bool wants_rest() {
    if (draining || runner->round_progress()) return false;
    const std::lock_guard lock(mutex);
    return at_rest != nullptr;
  }

  /// Everything is on the disk, and nothing is written until whoever asked has looked at it. What the runner knows
  /// beyond the store is forgotten, so that all that follows depends on what was seen then.
  void rest() {
    std::function<void(std::int64_t)> look;
    {
      const std::lock_guard lock(mutex);
      look = std::exchange(at_rest, nullptr);
    }
    look(last_entry);
    reader->refresh();
    runner.emplace(*reader, names, library, settings);
    idle_looks.clear();
    take_up(clock.now(), {}, {});
    schedule();
  }

  /// The runner takes up what is live, which is on the disk when this returns. Nobody else writes.
  void take_up(Instant now, Changes changes, std::optional<SourceTexts> published) {
    reader->refresh();
    if (settings.mode != BatchRunner::Mode::data) runner->go_live(now, changes);
    const JournalStart start{now, settings.mode, settings.turns, std::move(published)};
    changes.journal = pack({++last_entry, now, changes.names, start});
    store.commit(changes);
  }

  /// Up to which entry the journal is let go with the next transaction; 0: as it is.
  std::int64_t next_to_forget() {
    if (to_forget <= forgotten) return 0;
    forgotten = std::max(forgotten, reader->journal_range().first - 1);
    if (to_forget <= forgotten) return 0;
    forgotten = std::min(forgotten + kForgottenAtOnce, to_forget.load());
    return forgotten;
  }

  /// Pages are given back when nothing else is to be written.
  void take_upkeep(Job& job, bool is_idle) {
    const std::lock_guard lock(mutex);
    if (!upkeep || (upkeep->history.freed_pages > 0 && !is_idle)) return;
    job.changes.history = std::move(upkeep->history);
    job.committed.push_back(std::move(upkeep->committed));
    upkeep.reset();
  }

  /// Nobody else writes. False when there is nothing to let go.
  bool let_go() {
    Job job;
    job.changes.forgotten_journal = next_to_forget();
    take_upkeep(job, true);
    reader->refresh();
    if (job.empty()) return false;
    store.commit(job.changes);
    for (std::function<void()>& committed : job.committed)
      if (committed) asio::post(io, std::move(committed));
    return true;
  }

  /// Makes the batch the next entry of the journal, unless it has changed nothing, all that it was given was refused,
  /// and without that it would have done no more. The first of an engine that ends is kept where there are idle looks.
  bool keep(Job& job, JournalBatch batch) {
    const bool is_refused = std::find(batch.refused.begin(), batch.refused.end(), false) == batch.refused.end();
    const bool left_work = batch.order.more_inputs || (!batch.order.inputs.empty() && runner->full());
    // Of an engine that ends, the journal tells until when it has run: looks that found nothing are told of with it.
    const bool is_end = batch.order.draining && !idle_looks.empty() && !std::exchange(end_is_kept, true);
    if (job.changes.empty() && is_refused && !left_work && !is_end) {
      remember(idle_looks, {job.report.now, batch.order.settled, batch.order.draining, batch.seen});
      return false;
    }
    batch.idle_looks = std::exchange(idle_looks, {});
    job.entry = {++last_entry, job.report.now, job.changes.names, std::move(batch)};
    return true;
  }

  /// When a token is due, an audience is to be gone through or a journey's entry ends.
  std::optional<Instant> next_due() {
    const std::optional<Instant> token = reader->next_due();
    const std::optional<Instant> other = settings.mode == BatchRunner::Mode::all ? runner->next_moment() : std::nullopt;
    if (!token || !other) return token ? token : other;
    return std::min(*token, *other);
  }

  /// What is to be done becomes the order; the rest is answered. Gives the place of each of the order's inputs among
  /// the answers. While the engine drains inputs are answered, not taken.
  std::vector<std::size_t> take_posted(Job& job, BatchOrder& order) {
    SchedulerQueue::Taken taken = order.draining ? queue.take_all() : queue.take(settings.turns);
    for (PostedProgress& posted : taken.progress) {
      std::move(posted.progress.begin(), posted.progress.end(), std::back_inserter(order.progress));
      job.committed.push_back(std::move(posted.committed));
    }
    for (PostedInput& posted : taken.inputs)
      job.answers.emplace_back(std::move(posted.answer), InputResult{});
    std::vector<std::size_t> places;
    if (order.draining) {
      for (auto& [tell, result] : job.answers)
        result = refuse(Refusal::unavailable, "the engine is stopping");
      return places;
    }
    for (std::size_t first = 0, end = 0; first < taken.inputs.size(); first = end) {
      const std::shared_ptr<const Asked> by = taken.inputs[first].asked;
      for (end = first + 1; by && end < taken.inputs.size() && taken.inputs[end].asked == by;)
        ++end;
      if (by && !asked.take(by, first, end - first, job.answers, *reader)) continue;
      for (std::size_t i = first; i < end; ++i) {
        places.push_back(i);
        order.inputs.push_back(std::move(taken.inputs[i].input));
      }
    }
    for (const std::shared_ptr<const Asked>& by : taken.notices)
      asked.take(by, job.answers.size(), 0, job.answers, *reader);
    return places;
  }

  static void answer(Job& job, JournalBatch& batch, const std::vector<std::size_t>& places,
                     const std::vector<InputResult>& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      batch.refused.push_back(!results[i].refused.empty());
      job.answers[places[i]].second = results[i];
    }
  }

  void write(Job& job) {
    const Steady::time_point began = Steady::now();
    try {
      if (!lost && job.entry.sequence != 0) job.changes.journal = pack(job.entry);
      if (!lost && !job.changes.empty()) store.commit(job.changes);
    } catch (const std::exception& error) {
      lost = true;
      fail(error.what());
    }
    if (lost) return writer_free.release();
    job.report.commit_took = Steady::now() - began;
    tell_committed(job);
    ++written;  // from here on there may be nothing left to do, which is told after what was done
    job.changes.clear();
    job.entry = {};
    writer_free.release();
    schedule();
  }

  void tell_committed(Job& job) {
    BatchReport report = std::exchange(job.report, {});
    report.inputs = job.answers.size();
    report.deliveries = !job.changes.deliveries.empty();
    if (wants_happenings) report.happenings = happenings.find(job.changes, report.now);
    report.counted = std::exchange(job.changes.counters, {});
    asio::post(io, [self = shared_from_this(), report = std::move(report), answers = std::exchange(job.answers, {}),
                    committed = std::exchange(job.committed, {})] {
      for (const auto& [answer, result] : answers) {
        if (answer) answer(result);
      }
      for (const auto& each : committed) {
        if (each) each();
      }
      if (self->listener.committed) self->listener.committed(report);
    });
  }

  void tell_idle(std::optional<Instant> next_due, bool is_awaited) {
    asio::post(io, [self = shared_from_this(), next_due, is_awaited] {
      if (self->stopped) return;
      if (next_due && !self->draining && self->settings.mode == BatchRunner::Mode::all) self->nap_until(*next_due);
      if (self->listener.idle) self->listener.idle(next_due, is_awaited);
    });
  }

  void nap_until(Instant at) {
    const auto real = clock.real_time_until(at);
    if (!real) return;
    timer.expires_after(std::min(*real, kLongestNap));
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled) self->schedule();
    });
  }

  void fail(std::string reason) {
    if (stopped.exchange(true)) return;
    asio::post(io, [self = shared_from_this(), reason = std::move(reason)] {
      if (self->listener.failed) self->listener.failed(reason);
    });
  }
};

Scheduler::Scheduler(asio::io_context& io, Store& store, NameBook& names, JourneyLibrary& library, Clock& clock,
                     BatchRunner::Settings settings, std::size_t queue)
    : state_(std::make_shared<State>(io, store, names, library, clock, settings, queue)) {}

Scheduler::~Scheduler() {
  state_->stopped = true;
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

void Scheduler::tell_happenings(bool wanted) {
  state_->wants_happenings = wanted;
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
    state_->upkeep = PostedUpkeep{std::move(history), std::move(committed)};
  }
  state_->schedule();
}

void Scheduler::poke() {
  state_->schedule();
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
  // Behind the turn in hand on the turn thread, then behind its commit on the writer's.
  asio::post(state_->turn_thread, [state = state_, done = std::move(done)]() mutable {
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
