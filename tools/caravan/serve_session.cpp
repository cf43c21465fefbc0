#include "tools/caravan/serve_session.hpp"

#include <csignal>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "tools/caravan/logging.hpp"
#include "tools/caravan/reload.hpp"

namespace caravan::tools {
namespace {

/// What was changed is told; what was read or taken in only to those who look closely.
spdlog::level::level_enum level_of(const api::Served& served) {
  if (served.status >= 500 && served.status != 503) return spdlog::level::err;
  if (served.status == 503) return spdlog::level::warn;
  if (served.status == 401 || served.status == 403) return spdlog::level::info;
  const bool is_change = served.route &&
                         (served.route->scope == api::Scope::operate || served.route->scope == api::Scope::admin) &&
                         served.route->method != api::Method::get;
  return is_change ? spdlog::level::info : spdlog::level::debug;
}

/// By the route, never by the path or the query: those of public links are secrets.
void log_request(const api::Served& served) {
  const spdlog::level::level_enum level = level_of(served);
  if (!spdlog::should_log(level)) return;
  log_fields(level, "request answered",
             {{"request", served.request_id},
              {"route", served.route ? served.route->id : "none"},
              {"method", served.method},
              {"status", std::to_string(served.status)},
              {"caller", served.caller},
              {"peer", served.peer},
              {"microseconds", std::to_string(served.duration.count())}});
}

}  // namespace

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
      database_(parts.database),
      journal_(parts.workspace->configuration.journal),
      history_(parts.workspace->configuration.history),
      timezone_(parts.workspace->configuration.timezone),
      engine_(io_, parts.store, parts.names, parts.clock, std::move(parts.workspace), &channels_,
              {.publish = parts.publishes}),
      journal_keeper_(io_, engine_, parts.store, parts.database, journal_.keep, timezone_),
      history_keeper_(io_, engine_, parts.store, std::move(parts.database), history_, timezone_),
      feed_(io_, engine_, parts.clock, std::move(parts.events_file), std::move(parts.events)),
      files_(std::move(parts.files)),
      service_manager_(io_, [this](std::function<void()> told) { engine_.sign_of_life(std::move(told)); }),
      signals_(io_, SIGINT, SIGTERM),
      reload_signals_(io_, SIGHUP),
      until_(until),
      jumping_(parts.jumping) {
  if (!files_->configuration.api.written) return;
  try {
    api_.emplace(api::ApiParts{io_, engine_, parts.store, parts.names, parts.clock, database_, files_,
                               std::move(parts.program_version), channels_.email.links});
  } catch (const StoreError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Failure(ExitCode::environment, error.what());
  }
  api_->on_served(log_request);
}

std::string ServeSession::address() const {
  if (!api_) return {};
  const ApiDefinition& api = files_->configuration.api;
  const bool is_ipv6 = api.address.find(':') != std::string::npos;
  return (api.tls_certificate.empty() ? "http://" : "https://") + (is_ipv6 ? "[" + api.address + "]" : api.address) +
         ":" + std::to_string(api_->port());
}

void ServeSession::run() {
  wait_for_signal();
  wait_for_reload();
  engine_.on_idle([this](std::optional<Instant> next_due) { idle(next_due); });
  engine_.on_batch([this](const BatchReport& report) {
    journal_keeper_.look(report.now);
    history_keeper_.look(report.now);
    if (api_) api_->committed(report);
    service_manager_.look(report);
    if (on_batch_) on_batch_(report);
  });
  engine_.on_condition([this](const Condition& condition) { note(condition); });
  journal_keeper_.on_rest([this] { engine_.poke(); });
  journal_keeper_.start(clock_.now());
  history_keeper_.on_rest([this] { engine_.poke(); });
  history_keeper_.look(clock_.now());
  feed_.start();             // first, so that what is past stands there when audiences are looked at
  service_manager_.start();  // before the engine: one that has nothing to do is ready too before it ends
  engine_.start([this](const std::string& reason) {
    failure_ = reason;
    io_.stop();
  });
  if (api_) api_->start();
  io_.run();
  if (failure_) throw StoreError(*failure_);
}

/// Of what is not over when the engine ends it is said what that means.
void ServeSession::note(const Condition& condition) {
  const bool is_of_store = condition.kind == Condition::Kind::waiting_for_store;
  if (is_of_store) {
    is_waiting_for_store_ = !condition.is_over;
    service_manager_.waiting(is_waiting_for_store_);
  }
  if (api_) api_->condition(condition);
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
  const bool is_awaited = engine_.is_awaited() || engine_.next_attempt();
  if (!is_awaited && feed_.is_over() && until_ == Until::idle) return stop();
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

void ServeSession::wait_for_reload() {
  reload_signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    reload();
    wait_for_reload();
  });
}

/// Takes on what may change while the engine runs: all of it or, where something of it cannot work, nothing. Tokens are
/// looked at by themselves, and journeys are published.
void ServeSession::reload() {
  if (is_stopping_) return;
  const bool was_ready = service_manager_.is_ready();  // else it is told at the end of the start
  if (was_ready) service_manager_.reloading();
  try {
    const std::shared_ptr<const Workspace> files = load_ ? load_() : nullptr;
    if (!files) throw std::runtime_error("the workspace's files have faults");
    const ConfigurationDefinition& read = files->configuration;
    const std::function<void()> renew_channels = renewal(channels_, read);
    if (api_) api_->renew(files);
    renew_channels();
    journal_keeper_.renew(read.journal.keep);
    history_keeper_.renew(read.history);
    spdlog::info("schema.yaml, channels, secrets and certificates, `api`, `journal` and `history` were read anew");
    for (const std::string& name : settings_of_next_start(files_->configuration, read))
      spdlog::warn("`{}` in caravan.yaml has changed: that counts from the next start", name);
  } catch (const std::exception& error) {
    spdlog::error("nothing was read anew, and all is as before: {}", error.what());
  }
  if (was_ready) service_manager_.ready();
  if (is_waiting_for_store_) service_manager_.waiting(true);
}

void ServeSession::stop() {
  if (std::exchange(is_stopping_, true)) return;
  service_manager_.stopping();
  feed_.stop();
  const auto stop_engine = [this] {
    engine_.stop([this] {
      if (is_waiting_for_store_)
        spdlog::error("what came last could not be written: it was acknowledged to nobody, and is to be sent again");
      io_.stop();
    });
  };
  if (!api_) return stop_engine();
  // What the API has in hand is answered first: the engine would refuse it.
  api_->stop(stop_engine);
}

}  // namespace caravan::tools
