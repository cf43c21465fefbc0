#include "engine/api/api.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

#include "engine/api/dispatcher.hpp"
#include "engine/api/live_stream.hpp"
#include "engine/api/metrics.hpp"
#include "engine/api/openapi.hpp"
#include "engine/api/public_routes.hpp"
#include "engine/api/reading_thread.hpp"
#include "engine/api/routes.hpp"
#include "engine/api/routes_operations.hpp"
#include "engine/api/upload.hpp"

namespace caravan::api {
namespace {

/// Whether others than this machine are meant to reach it: through its address, or through a proxy, which may not say
/// that it is one.
bool is_for_others(const ConfigurationDefinition& configuration) {
  return !is_of_this_machine(configuration.api.address) || !configuration.api.trusted_proxies.empty() ||
         !configuration.links.url.empty();
}

DispatchRules rules_of(const ConfigurationDefinition& configuration) {
  using Tokens = DispatchRules::Tokens;
  const ApiDefinition& api = configuration.api;
  const Tokens tokens = !api.needs_token               ? Tokens::none
                        : is_for_others(configuration) ? Tokens::required
                                                       : Tokens::once_made;
  return {tokens, is_of_this_machine(api.address), api.trusted_proxies, api.requests_per_second};
}

ServerSettings settings_of(const ApiDefinition& api, const std::filesystem::path& folder) {
  ServerSettings settings;
  settings.address = api.address;
  settings.port = static_cast<std::uint16_t>(api.port);
  if (!api.tls_certificate.empty()) {
    settings.tls_certificate = folder / api.tls_certificate;
    settings.tls_key = folder / api.tls_key;
  }
  settings.connections = static_cast<std::size_t>(api.connections);
  settings.body_bytes = static_cast<std::size_t>(api.body_bytes);
  return settings;
}

void append(std::vector<Route>& to, std::vector<Route> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

/// Nobody could ask for anything: that is a mistake of whoever set it up.
void expect_tokens(const ConfigurationDefinition& configuration, TokenBook& tokens, const std::filesystem::path& file) {
  if (rules_of(configuration).tokens != DispatchRules::Tokens::required || tokens.is_there()) return;
  const std::string why =
      is_of_this_machine(configuration.api.address)
          ? "others reach the API through a proxy (`links: url` or `trusted_proxies` in caravan.yaml)"
          : "the API listens on " + configuration.api.address;
  throw std::runtime_error(why + ", so that it asks for tokens, and there is none in " + file.string() +
                           ": `caravan token create NAME` makes one");
}

/// A request's time is the machine's: tokens expire by it, also in a time lapse.
Instant machine_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

struct Api::State final : Host, std::enable_shared_from_this<Api::State> {
  explicit State(ApiParts parts)
      : io(parts.io),
        desk{.io = parts.io,
             .engine = parts.engine,
             .clock = parts.clock,
             .files = parts.files,
             .folder = parts.files->root,
             .work = [this](Read handle, Request request,
                            Respond respond) { working.read(handle, std::move(request), std::move(respond)); },
             .why_not_writing = [this] { return why_not_writing(); },
             .uploads = make_uploads()},
        links(parts.links),
        configuration(parts.files->configuration),
        tokens_place(tokens_file(parts.database)),
        tokens(tokens_place),
        live(parts.store, parts.names, parts.engine.library()),
        watch{parts.program_version,
              {},
              [this] { return condition_now(); },
              [this](const StoreFigures& figures) {
                return metrics.text(figures, {connections, condition_now().empty()});
              }},
        reading(thread_parts(parts)),
        working(thread_parts(parts)),
        dispatcher(all_routes(), tokens, rules_of(configuration)),
        server(parts.io, settings_of(configuration.api, parts.files->root), *this) {
    expect_tokens(configuration, tokens, tokens_place);
    watch.document = boost::json::serialize(openapi_document(dispatcher.routes(), parts.program_version)) + "\n";
    parts.engine.tell_happenings(true);
  }

  static ReadingThread::Parts thread_parts(const ApiParts& parts) {
    Clock& clock = parts.clock;
    return {parts.io, parts.store, parts.names, parts.engine.library(), [&clock] { return clock.now(); }};
  }

  std::vector<Route> all_routes() {
    std::vector<Route> all = account_routes(desk);
    append(all, people_routes(desk));
    append(all, event_routes(desk));
    append(all, import_routes(desk));
    append(all, journey_routes(desk));
    append(all, publication_routes(desk));
    append(all, enrollment_routes(desk));
    append(all, group_routes(desk));
    append(all, delivery_routes());
    append(all, member_routes());
    append(all, timeline_routes());
    append(all, scenario_routes(desk));
    append(all, audit_routes());
    all.push_back(live.route());
    append(all, operation_routes(watch));
    PublicDesk open_to_all;
    open_to_all.post = [&engine = desk.engine](std::vector<Input> inputs, InputAnswer answer) {
      return engine.post_all(std::move(inputs), std::move(answer));
    };
    open_to_all.why_not_writing = desk.why_not_writing;
    open_to_all.read = [this](const Read& handle, Request request, Respond respond) {
      reading.read(handle, std::move(request), std::move(respond));
    };
    open_to_all.topics = [this] { return desk.files->configuration.topics; };
    open_to_all.clock = &desk.clock;
    open_to_all.links = links;
    append(all, public_routes(std::move(open_to_all)));
    return all;
  }

  std::variant<Admitted, Declined> admit(Head head) override {
    connections = server.connections();
    return dispatcher.admit(std::move(head), machine_time());
  }

  void read(const Read& handle, Request request, Respond respond) override {
    reading.read(handle, std::move(request), std::move(respond));
  }

  void served(const Served& request) override {
    metrics.add(request);
    if (listener) listener(request);
  }

  bool may_go_on(const Request& request) override {
    return request.token_id.empty() || tokens.knows(request.token_id, machine_time());
  }

  /// A clock that is behind keeps nobody from writing.
  std::string why_not_writing() {
    const std::lock_guard lock(mutex);
    const auto found = conditions.find(Condition::Kind::waiting_for_store);
    return found == conditions.end() ? std::string() : found->second;
  }

  std::string condition_now() {
    const std::lock_guard lock(mutex);
    return conditions.empty() ? std::string() : conditions.begin()->second;
  }

  boost::asio::io_context& io;
  Desk desk;
  std::shared_ptr<const MailLinks> links;
  ConfigurationDefinition configuration;  ///< what it runs by
  const std::filesystem::path tokens_place;
  TokenBook tokens;
  Metrics metrics;
  LiveStream live;
  std::atomic<std::size_t> connections = 0;
  std::mutex mutex;
  std::map<Condition::Kind, std::string> conditions;  ///< that keep the engine from going on
  std::function<void(const Served&)> listener;
  Watch watch;  ///< before the threads that look at it
  ReadingThread reading;
  ReadingThread working;
  Dispatcher dispatcher;
  Server server;
};

Api::Api(ApiParts parts) : state_(std::make_shared<State>(std::move(parts))) {}

Api::~Api() {
  state_->desk.is_stopping = true;
  end_uploads(state_->desk);
  state_->server.forget();
}

void Api::on_served(std::function<void(const Served&)> listener) {
  state_->listener = std::move(listener);
}

void Api::start() {
  state_->server.start();
}

std::uint16_t Api::port() const {
  return state_->server.port();
}

void Api::committed(const BatchReport& report) {
  state_->metrics.add(report);
  state_->live.add(report.happenings);
}

void Api::condition(const Condition& condition) {
  const std::lock_guard lock(state_->mutex);
  if (condition.is_over) {
    state_->conditions.erase(condition.kind);
  } else {
    state_->conditions[condition.kind] = condition.sentence;
  }
}

void Api::renew(std::shared_ptr<const Workspace> files) {
  // Where it listens, and where links lead, stays.
  ConfigurationDefinition configuration = files->configuration;
  configuration.api.address = state_->configuration.api.address;
  configuration.api.port = state_->configuration.api.port;
  configuration.links = state_->configuration.links;
  expect_tokens(configuration, state_->tokens, state_->tokens_place);
  state_->server.renew(settings_of(configuration.api, files->root));
  state_->dispatcher.renew(rules_of(configuration));
  state_->desk.files = std::move(files);
  state_->configuration = std::move(configuration);
}

void Api::stop(std::function<void()> done) {
  state_->desk.is_stopping = true;
  state_->server.stop(std::chrono::seconds(5), [state = state_, done = std::move(done)] {
    end_uploads(state->desk);
    done();
  });
}

}  // namespace caravan::api
