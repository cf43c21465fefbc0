// The writer's hand: one batch after the other. What cannot be written for now is kept and tried again; nobody is told
// of it before it is on the disk, and the turn thread waits with the batch after it, so that the queue fills up.

#include "engine/scheduler_state.hpp"

namespace caravan {

namespace asio = boost::asio;

void Scheduler::State::write(SchedulerJob& job) {
  const Steady::time_point began = Steady::now();
  try {
    if (!lost && job.entry.sequence != 0) job.changes.journal = pack(job.entry);
  } catch (const std::exception& error) {
    lost = true;
    fail(error.what());
  }
  try_to_commit(job, began);
}

void Scheduler::State::try_to_commit(SchedulerJob& job, Steady::time_point began) {
  try {
    if (!lost && !job.changes.empty()) store.commit(job.changes);
  } catch (const StoreUnavailable& error) {
    if (!listener.condition) {
      fail(error.what());
    } else if (!gives_up) {
      conditions.waits(ConditionTeller::Hand::writer, error.what());
      write_again.expires_after(write_pause.next());
      // Cancelled by the end, it is tried once more.
      return write_again.async_wait([self = shared_from_this(), &job, began](const boost::system::error_code&) {
        if (self->stopped) self->lost = true;
        self->try_to_commit(job, began);
      });
    }
    lost = true;
  } catch (const std::exception& error) {
    lost = true;
    fail(error.what());
  }
  if (lost) {
    tell_unwritten(job);
    job.changes.clear();
    job.entry = {};
    return writer_free.release();
  }
  write_pause.reset();
  conditions.goes_on(ConditionTeller::Hand::writer);
  job.report.commit_took = Steady::now() - began;
  tell_committed(job);
  ++written;  // from here on there may be nothing left to do, which is told after what was done
  job.changes.clear();
  job.entry = {};
  writer_free.release();
  schedule();
}

void Scheduler::State::tell_committed(SchedulerJob& job) {
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

/// Of an engine that ends while the store cannot be written. After a failure nothing is told but that.
void Scheduler::State::tell_unwritten(SchedulerJob& job) {
  if (stopped) return;
  asio::post(io, [self = shared_from_this(), answers = std::exchange(job.answers, {})] {
    for (const auto& [answer, result] : answers) {
      if (answer) answer(refuse(Refusal::unavailable, "the engine stopped before this could be written"));
    }
  });
}

}  // namespace caravan
