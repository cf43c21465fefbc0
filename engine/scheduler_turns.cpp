// The turn's hand: gathers what is there into a batch, runs it and hands it to the writer.

#include "engine/scheduler_state.hpp"

namespace caravan {

namespace asio = boost::asio;

namespace {

/// A timer never runs longer: the machine's clock may have been set in between.
constexpr std::chrono::steady_clock::duration kLongestNap = std::chrono::minutes(1);

/// Looks that found nothing to do are kept for the entry that follows; of very many the first and the newest.
constexpr std::size_t kMostIdleLooks = 8;

/// So many entries of the journal are let go with a transaction: that takes no time to speak of.
constexpr std::int64_t kForgottenAtOnce = 64;

void remember(std::vector<IdleLook>& looks, const IdleLook& look) {
  if (looks.size() == kMostIdleLooks) looks.pop_back();
  looks.push_back(look);
}

}  // namespace

/// What is in hand until it is a job.
struct Scheduler::State::Batch {
  SchedulerJob& job;
  JournalBatch journal = {};
  SchedulerQueue::Taken taken = {};
  std::vector<std::size_t> places = {};  ///< of the order's inputs among those taken, and among the answers
};

void Scheduler::State::turn_guarded() {
  try {
    turn();
  } catch (const StoreUnavailable& error) {
    try_turn_again(error.what());
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

/// Nothing was handed over, and nothing that was posted is lost. Until then nobody else's posting brings a turn.
void Scheduler::State::try_turn_again(const std::string& reason) {
  if (!listener.condition) return fail(reason);
  if (gives_up || stopped) return;
  conditions.waits(ConditionTeller::Hand::turns, reason);
  scheduled = true;
  turn_again.expires_after(turn_pause.next());
  turn_again.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->turn_guarded();
  });
}

void Scheduler::State::has_gone_on() {
  turn_pause.reset();
  conditions.goes_on(ConditionTeller::Hand::turns);
}

/// Gathers and runs one batch, and hands it to the writer.
void Scheduler::State::turn() {
  scheduled = false;
  if (stopped) return;
  const std::uint64_t sequence = submitted;
  const std::uint64_t on_disk = written;
  // Else it comes back when the batch is written.
  if (begins_anew || wants_rest()) return on_disk == sequence ? begin_anew() : void();
  const Steady::time_point began = Steady::now();
  Batch batch{jobs[sequence % jobs.size()]};
  SchedulerJob& job = batch.job;
  JournalBatch& journal = batch.journal;
  reader->refresh();
  const Reader::JournalRange range = reader->journal_range();
  journal.seen = range.last;  // the first read: what this reader sees is settled by it
  journal.order.settled = on_disk == sequence;
  journal.order.draining = draining;
  job.report.now = journal.order.now = clock.now();
  conditions.look_at(clock);
  asked.begin(job.report.now, sequence, on_disk);
  if (!gather_and_run(batch)) {
    rest_unless_left(on_disk == sequence);
    return has_gone_on();
  }
  has_gone_on();
  job.changes.forgotten_journal = next_to_forget(range.first);
  take_upkeep(job, false);
  note(job.report, began);
  hand_over(job);
  schedule();
}

/// False where it came to nothing.
bool Scheduler::State::gather_and_run(Batch& batch) {
  SchedulerJob& job = batch.job;
  try {
    take_posted(batch);
    const std::vector<InputResult> results =
        run_batch(*runner, batch.journal.order, job.changes, [this] { return queue.waiting() > 0; });
    for (std::size_t i = 0; i < results.size(); ++i) {
      batch.journal.refused.push_back(!results[i].refused.empty());
      job.answers[batch.places[i]].second = results[i];
    }
    reader->refresh();  // whoever waits for the writer must not hold a snapshot that its checkpoint waits for
  } catch (const StoreUnavailable&) {
    undo(batch);
    throw;
  }
  const bool is_kept = keep(job, std::move(batch.journal));
  // Behind the entry: who asked is nothing that a replay does again.
  asked.finish(job.answers, job.changes);
  return is_kept || !job.empty();
}

/// What was taken is as it was before, and what the runner has made of it is forgotten.
void Scheduler::State::undo(Batch& batch) {
  SchedulerJob& job = batch.job;
  BatchOrder& order = batch.journal.order;
  for (std::size_t i = 0; i < order.inputs.size(); ++i)
    batch.taken.inputs[batch.places[i]].input = std::move(order.inputs[i]);
  for (std::size_t i = 0; i < job.answers.size(); ++i)
    batch.taken.inputs[i].answer = std::move(job.answers[i].first);
  for (std::size_t i = 0; i < job.committed.size(); ++i)
    batch.taken.progress[i].committed = std::move(job.committed[i]);
  if (!order.progress.empty()) batch.taken.progress.front().progress = std::move(order.progress);
  queue.put_back(std::move(batch.taken));
  names.put_back(job.changes.names.size());
  job.changes.clear();
  job.answers.clear();
  job.committed.clear();
  job.report = {};
  begins_anew = true;
}

/// What is to be done becomes the order; the rest is answered. While the engine drains inputs are answered, not taken.
void Scheduler::State::take_posted(Batch& batch) {
  SchedulerJob& job = batch.job;
  BatchOrder& order = batch.journal.order;
  SchedulerQueue::Taken& taken = batch.taken;
  taken = order.draining ? queue.take_all() : queue.take(inputs.a_batch);
  for (PostedProgress& posted : taken.progress) {
    std::move(posted.progress.begin(), posted.progress.end(), std::back_inserter(order.progress));
    posted.progress.clear();
    job.committed.push_back(std::move(posted.committed));
  }
  for (PostedInput& posted : taken.inputs)
    job.answers.emplace_back(std::move(posted.answer), InputResult{});
  if (order.draining) {
    for (auto& [tell, result] : job.answers)
      result = refuse(Refusal::unavailable, "the engine is stopping");
    return;
  }
  for (std::size_t first = 0, end = 0; first < taken.inputs.size(); first = end) {
    const std::shared_ptr<const Asked> by = taken.inputs[first].asked;
    for (end = first + 1; by && end < taken.inputs.size() && taken.inputs[end].asked == by;)
      ++end;
    if (by && !asked.take(by, first, end - first, job.answers, *reader)) continue;
    for (std::size_t i = first; i < end; ++i) {
      batch.places.push_back(i);
      order.inputs.push_back(std::move(taken.inputs[i].input));
    }
  }
  for (const std::shared_ptr<const Asked>& by : taken.notices)
    asked.take(by, job.answers.size(), 0, job.answers, *reader);
}

/// Makes the batch the next entry of the journal, unless it has changed nothing, all that it was given was refused,
/// and without that it would have done no more. The first of an engine that ends is kept where there are idle looks.
bool Scheduler::State::keep(SchedulerJob& job, JournalBatch batch) {
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

/// There was nothing to do.
void Scheduler::State::rest_unless_left(bool is_settled) {
  if (is_settled && let_go()) return schedule();
  const IdleLook& look = idle_looks.back();
  if (look.settled && (draining || runner->exhausted()))
    tell_idle(next_due(), reader->next_due().has_value() || runner->awaits_first_round());
  reader->refresh();
}

void Scheduler::State::hand_over(SchedulerJob& job) {
  writer_free.acquire();
  // What leaves no entry must leave no trace in the runner either: a replay does not know of it.
  if (job.entry.sequence != 0) runner->handed_over();
  asked.handed_over();
  ++submitted;
  asio::post(writer_thread, [self = shared_from_this(), &job] { self->write(job); });
}

/// What the batch says of itself.
void Scheduler::State::note(BatchReport& report, Steady::time_point began) {
  report.turns = runner->turns();
  report.sweep = runner->sweep_progress();
  report.round = runner->round_progress();
  report.lag = runner->lag();
  report.waiting = queue.waiting();
  report.turns_took = Steady::now() - began;
}

/// A round of engagement would have to be begun again: it is waited for.
bool Scheduler::State::wants_rest() {
  if (draining || runner->round_progress()) return false;
  const std::lock_guard lock(mutex);
  return at_rest != nullptr;
}

/// Everything is on the disk, and nothing is written until whoever has asked has looked at it. What the engine knows
/// beyond the store is forgotten, so that all that follows depends on what is there now.
void Scheduler::State::begin_anew() {
  std::function<void(std::int64_t)> look;
  {
    const std::lock_guard lock(mutex);
    look = std::exchange(at_rest, nullptr);
  }
  if (look) look(last_entry);
  begins_anew = true;
  reader->refresh();
  library.reread();
  runner.emplace(*reader, names, library, settings);
  idle_looks.clear();
  take_up(clock.now(), {}, {});
  begins_anew = false;
  schedule();
}

/// The runner takes up what is live, which is on the disk when this returns. Nobody else writes.
void Scheduler::State::take_up(Instant now, Changes changes, std::optional<SourceTexts> published) {
  reader->refresh();
  try {
    if (settings.mode != BatchRunner::Mode::data) runner->go_live(now, changes);
    const JournalStart start{now, settings.mode, settings.turns, std::move(published)};
    changes.journal = pack({last_entry + 1, now, changes.names, start});
    store.commit(changes);
  } catch (const StoreUnavailable&) {
    names.put_back(changes.names.size());
    throw;
  }
  ++last_entry;
}

/// Up to which entry the journal is let go with the next transaction; 0: as it is. `first_entry` is there.
std::int64_t Scheduler::State::next_to_forget(std::int64_t first_entry) {
  if (to_forget <= forgotten) return 0;
  forgotten = std::max(forgotten, first_entry - 1);
  if (to_forget <= forgotten) return 0;
  forgotten = std::min(forgotten + kForgottenAtOnce, to_forget.load());
  return forgotten;
}

/// Pages are given back when nothing else is to be written.
void Scheduler::State::take_upkeep(SchedulerJob& job, bool is_idle) {
  const std::lock_guard lock(mutex);
  if (!upkeep || (upkeep->history.freed_pages > 0 && !is_idle)) return;
  job.changes.history = std::move(upkeep->history);
  job.committed.push_back(std::move(upkeep->committed));
  upkeep.reset();
}

/// Nobody else writes. False when there is nothing to let go. What cannot be let go now is asked for again.
bool Scheduler::State::let_go() {
  SchedulerJob job;
  const std::int64_t forgotten_before = forgotten;
  job.changes.forgotten_journal = next_to_forget(reader->journal_range().first);
  take_upkeep(job, true);
  reader->refresh();
  if (job.empty()) return false;
  try {
    store.commit(job.changes);
  } catch (const StoreUnavailable&) {
    forgotten = forgotten_before;
    const std::lock_guard lock(mutex);
    if (!job.committed.empty() && !upkeep) upkeep = Upkeep{std::move(job.changes.history), job.committed.front()};
    throw;
  }
  for (std::function<void()>& committed : job.committed)
    if (committed) asio::post(io, std::move(committed));
  return true;
}

/// When a token is due, an audience is to be gone through or a journey's entry ends.
std::optional<Instant> Scheduler::State::next_due() {
  const std::optional<Instant> token = reader->next_due();
  const std::optional<Instant> other = settings.mode == BatchRunner::Mode::all ? runner->next_moment() : std::nullopt;
  if (!token || !other) return token ? token : other;
  return std::min(*token, *other);
}

void Scheduler::State::tell_idle(std::optional<Instant> next_due, bool is_awaited) {
  asio::post(io, [self = shared_from_this(), next_due, is_awaited] {
    if (self->stopped) return;
    if (next_due && !self->draining && self->settings.mode == BatchRunner::Mode::all) self->nap_until(*next_due);
    if (self->listener.idle) self->listener.idle(next_due, is_awaited);
  });
}

void Scheduler::State::nap_until(Instant at) {
  const auto real = clock.real_time_until(at);
  if (!real) return;
  timer.expires_after(std::min(*real, kLongestNap));
  timer.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->schedule();
  });
}

void Scheduler::State::answer_the_rest() {
  SchedulerQueue::Taken left = queue.take_all();
  if (left.inputs.empty()) return;
  asio::post(io, [inputs = std::move(left.inputs)] {
    for (const PostedInput& input : inputs) {
      if (input.answer) input.answer(refuse(Refusal::unavailable, "the engine is stopping"));
    }
  });
}

}  // namespace caravan
