#include "tools/caravan/serve_session.hpp"

#include <csignal>

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace caravan::tools {

Channels open_channels(boost::asio::io_context& io, const Workspace& workspace, const std::filesystem::path& outbox) {
  try {
    return make_channels(io, workspace.configuration, workspace.root, outbox);
  } catch (const std::runtime_error& error) {
    throw Failure(ExitCode::environment, error.what());
  }
}

ServeSession::ServeSession(ServeParts parts, Until until)
    : channels_(open_channels(io_, *parts.workspace, parts.outbox)),
      clock_(parts.clock),
      journal_(parts.workspace->configuration.journal),
      history_(parts.workspace->configuration.history),
      timezone_(parts.workspace->configuration.timezone),
      engine_(io_, parts.store, parts.names, parts.clock, std::move(parts.workspace), &channels_,
              {.publish = parts.publishes}),
      journal_keeper_(io_, engine_, parts.store, parts.database, journal_.keep, timezone_),
      history_keeper_(io_, engine_, parts.store, std::move(parts.database), history_, timezone_),
      feed_(io_, engine_, parts.clock, std::move(parts.events_file), std::move(parts.events)),
      signals_(io_, SIGINT, SIGTERM),
      until_(until),
      jumping_(parts.jumping) {}

void ServeSession::run() {
  wait_for_signal();
  engine_.on_idle([this](std::optional<Instant> next_due) { idle(next_due); });
  engine_.on_batch([this](const BatchReport& report) {
    journal_keeper_.look(report.now);
    history_keeper_.look(report.now);
    if (on_batch_) on_batch_(report);
  });
  engine_.on_condition([this](const Condition& condition) { note(condition); });
  journal_keeper_.on_rest([this] { engine_.poke(); });
  journal_keeper_.start(clock_.now());
  history_keeper_.on_rest([this] { engine_.poke(); });
  history_keeper_.look(clock_.now());
  feed_.start();  // first, so that what is past stands there when audiences are looked at
  engine_.start([this](const std::string& reason) {
    failure_ = reason;
    io_.stop();
  });
  io_.run();
  if (failure_) throw StoreError(*failure_);
}

/// Of what is not over when the engine ends it is said what that means.
void ServeSession::note(const Condition& condition) {
  const bool is_of_store = condition.kind == Condition::Kind::waiting_for_store;
  if (is_of_store) is_waiting_for_store_ = !condition.is_over;
  if (condition.is_over)
    spdlog::info("{}", condition.sentence);
  else if (is_of_store)
    spdlog::error("{}; nothing is acknowledged, and it is tried again, until it works", condition.sentence);
  else
    spdlog::warn("{}", condition.sentence);
}

/// There is nothing to do at the present time.
void ServeSession::idle(std::optional<Instant> next_due) {
  // A snapshot is taken to its end, and history let go; then the engine says again that it is idle. Only a signal cuts
  // that off.
  if ((journal_keeper_.is_busy() || history_keeper_.is_busy()) && (jumping_ || until_ == Until::idle)) return;
  if (!engine_.is_awaited() && feed_.is_over() && until_ == Until::idle) return stop();
  const bool is_answered = feed_.is_over() || feed_.next_due();
  if (!jumping_ || !is_answered) return;
  std::optional<Instant> next;
  for (const std::optional<Instant>& each : {next_due, feed_.next_due(), engine_.next_attempt()}) {
    if (each && (!next || *each < *next)) next = each;
  }
  // What is due already is being looked at: whoever has told of it was asked before the time was moved.
  if (!next || *next <= jumping_->now()) return;
  jumping_->move_to(*next);
  feed_.tell_due();
  engine_.poke();
}

void ServeSession::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    // Everything that was acknowledged is on the disk: a second signal need not wait for the rest.
    if (is_stopping_) ::_exit(128 + signal);
    if (stopping_) stopping_();
    stop();
    wait_for_signal();
  });
}

void ServeSession::stop() {
  if (std::exchange(is_stopping_, true)) return;
  feed_.stop();
  engine_.stop([this] {
    if (is_waiting_for_store_)
      spdlog::error("what came last could not be written: it was acknowledged to nobody, and is to be sent again");
    io_.stop();
  });
}

}  // namespace caravan::tools
