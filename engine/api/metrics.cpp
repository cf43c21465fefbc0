#include "engine/api/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "engine/report/naming.hpp"
#include "engine/report/state_words.hpp"

namespace caravan::api {
namespace {

namespace prom = prometheus;

/// Reasons of failed deliveries that are told apart; what else there is counts as `other`.
constexpr std::size_t kMostReasons = 30;
constexpr std::size_t kLongestReason = 60;

const prom::Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,    0.25,  0.5,    1,     2.5,  10};
const prom::Histogram::BucketBoundaries kTurns = {1, 4, 16, 64, 256, 1'024, 4'096};

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Without the numbers, addresses and hosts that make each of its own.
std::string class_of(const std::string& reason) {
  std::string words = reason.substr(0, std::min(reason.find_first_of("\"<:(0123456789"), kLongestReason));
  for (char& c : words) {
    if (c < ' ' || c > '~') c = '?';
  }
  while (!words.empty() && words.back() == ' ')
    words.pop_back();
  return words.empty() ? "other" : words;
}

/// A family that is made anew at each look.
class Family {
 public:
  Family(std::vector<prom::MetricFamily>& to, const char* name, const char* help, prom::MetricType type) : type_(type) {
    prom::MetricFamily& family = to.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
    metrics_ = &family.metric;
  }

  void add(std::vector<prom::ClientMetric::Label> labels, double value) {
    prom::ClientMetric& metric = metrics_->emplace_back();
    metric.label = std::move(labels);
    (type_ == prom::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  }
  void add(std::vector<prom::ClientMetric::Label> labels, std::int64_t value) {
    add(std::move(labels), static_cast<double>(value));
  }

 private:
  const prom::MetricType type_;
  std::vector<prom::ClientMetric>* metrics_;
};

using Labels = std::vector<prom::ClientMetric::Label>;

Labels labels_of(const JourneyFigures& journey, const char* name, const std::string& value) {
  return {{"journey", journey.journey}, {"version", std::to_string(journey.version)}, {name, value}};
}

/// The families stay where they are while they are filled: there is room for all.
std::vector<prom::MetricFamily> families_of(const StoreFigures& figures) {
  std::vector<prom::MetricFamily> all;
  all.reserve(8);
  using enum prom::MetricType;
  Family totals(all, "caravan_records", "What the store holds.", Gauge);
  Family enrollments(all, "caravan_enrollments_total", "Enrollments by what became of them.", Counter);
  Family visits(all, "caravan_node_visits_total", "Visits of each node.", Counter);
  Family standing(all, "caravan_node_standing", "Tokens that stand at each node.", Gauge);
  Family held(all, "caravan_node_held", "Tokens that are held at each node.", Gauge);
  Family errors(all, "caravan_expression_errors_total", "Expressions that failed, by node.", Counter);
  Family taken(all, "caravan_path_taken_total", "How often each path was taken.", Counter);
  Family deliveries(all, "caravan_deliveries_total", "Deliveries of each message by what became of them.", Counter);
  totals.add({{"kind", "account"}}, figures.totals.accounts);
  totals.add({{"kind", "person"}}, figures.totals.people);
  totals.add({{"kind", "buying_group"}}, figures.totals.groups);
  for (const JourneyFigures& journey : figures.journeys) {
    for (const auto& [what, count] : {std::pair("entered", journey.entered), std::pair("completed", journey.completed),
                                      std::pair("left", journey.left), std::pair("failed", journey.failed)})
      enrollments.add(labels_of(journey, "what", what), count);
    for (const MapLine& line : journey.map) {
      if (line.is_path) {
        taken.add({{"journey", journey.journey},
                   {"version", std::to_string(journey.version)},
                   {"node", line.of},
                   {"path", line.name}},
                  line.count);
        continue;
      }
      visits.add(labels_of(journey, "node", line.name), line.count);
      standing.add(labels_of(journey, "node", line.name), line.standing);
      held.add(labels_of(journey, "node", line.name), line.held);
      errors.add(labels_of(journey, "node", line.name), line.errors);
    }
    // Several calls of one connection have one name.
    std::map<std::pair<std::string, std::string>, std::int64_t> sums;
    for (const MessageFigures& message : journey.messages) {
      sums[{message.name, "promised"}] += message.promised;
      sums[{message.name, "delivered"}] += message.delivered;
      sums[{message.name, "undelivered"}] += message.undelivered;
      sums[{message.name, "deduplicated"}] += message.deduplicated;
      sums[{message.name, "suppressed"}] += message.suppressed;
    }
    for (const auto& [name_and_state, count] : sums) {
      Labels labels = labels_of(journey, "message", name_and_state.first);
      labels.push_back({"state", name_and_state.second});
      deliveries.add(std::move(labels), count);
    }
  }
  return all;
}

}  // namespace

struct Metrics::State {
  prom::Registry registry;
  prom::Counter& turns = prom::BuildCounter()
                             .Name("caravan_turns_total")
                             .Help("Turns: inputs, due tokens, evaluations.")
                             .Register(registry)
                             .Add({});
  prom::Counter& inputs =
      prom::BuildCounter().Name("caravan_inputs_total").Help("Inputs from outside.").Register(registry).Add({});
  prom::Histogram& batch_turns = prom::BuildHistogram()
                                     .Name("caravan_batch_turns")
                                     .Help("Turns of a batch, which is one commit.")
                                     .Register(registry)
                                     .Add({}, kTurns);
  prom::Histogram& batch_seconds = prom::BuildHistogram()
                                       .Name("caravan_batch_seconds")
                                       .Help("How long the turns of a batch took.")
                                       .Register(registry)
                                       .Add({}, kSeconds);
  prom::Histogram& commit_seconds = prom::BuildHistogram()
                                        .Name("caravan_commit_seconds")
                                        .Help("How long the commit of a batch took; their count is that of commits.")
                                        .Register(registry)
                                        .Add({}, kSeconds);
  prom::Gauge& queue = prom::BuildGauge()
                           .Name("caravan_queue_inputs")
                           .Help("Inputs that waited behind those of the last batch.")
                           .Register(registry)
                           .Add({});
  prom::Gauge& lag = prom::BuildGauge()
                         .Name("caravan_lag_seconds")
                         .Help("How late the last batch woke the token that had been due longest.")
                         .Register(registry)
                         .Add({});
  prom::Family<prom::Counter>& failures = prom::BuildCounter()
                                              .Name("caravan_delivery_attempts_failed_total")
                                              .Help("Attempts to deliver that failed, by reason.")
                                              .Register(registry);
  prom::Family<prom::Counter>& requests = prom::BuildCounter()
                                              .Name("caravan_http_requests_total")
                                              .Help("Requests to the API by route and status.")
                                              .Register(registry);
  prom::Family<prom::Histogram>& request_seconds = prom::BuildHistogram()
                                                       .Name("caravan_http_request_seconds")
                                                       .Help("How long requests took, by route.")
                                                       .Register(registry);
  prom::Gauge& connections = prom::BuildGauge()
                                 .Name("caravan_http_connections")
                                 .Help("Connections to the API at present.")
                                 .Register(registry)
                                 .Add({});
  prom::Gauge& ready = prom::BuildGauge()
                           .Name("caravan_ready")
                           .Help("1 when the daemon goes on as it should.")
                           .Register(registry)
                           .Add({});
  std::mutex mutex;
  std::set<std::string> reasons;

  std::string reason_label(const std::string& reason) {
    std::string label = class_of(reason);
    const std::lock_guard lock(mutex);
    if (reasons.contains(label)) return label;
    if (reasons.size() >= kMostReasons) return "other";
    return *reasons.insert(std::move(label)).first;
  }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

void Metrics::add(const BatchReport& report) {
  state_->turns.Increment(static_cast<double>(report.turns));
  state_->inputs.Increment(static_cast<double>(report.inputs));
  state_->batch_turns.Observe(static_cast<double>(report.turns));
  state_->batch_seconds.Observe(seconds(report.turns_took));
  state_->commit_seconds.Observe(seconds(report.commit_took));
  state_->queue.Set(static_cast<double>(report.waiting));
  if (report.lag) state_->lag.Set(std::chrono::duration<double>(*report.lag).count());
  if (!report.happenings) return;
  for (const Happening& each : report.happenings->list) {
    const auto* delivery = std::get_if<DeliveryHappened>(&each);
    // What is under way again still says why it was not delivered the last time.
    const bool was_tried = delivery && !delivery->is_promised && delivery->state != DeliveryState::suppressed &&
                           delivery->state != DeliveryState::under_way;
    if (was_tried && !delivery->reason.empty())
      state_->failures.Add({{"reason", state_->reason_label(delivery->reason)}}).Increment();
  }
}

void Metrics::add(const Served& served) {
  const std::string route = served.route ? served.route->id : "none";
  state_->requests.Add({{"route", route}, {"status", std::to_string(served.status)}}).Increment();
  state_->request_seconds.Add({{"route", route}}, kSeconds).Observe(seconds(served.duration));
}

std::string Metrics::text(const StoreFigures& figures, const MetricsNow& now) {
  state_->connections.Set(static_cast<double>(now.connections));
  state_->ready.Set(now.is_ready ? 1 : 0);
  std::vector<prom::MetricFamily> all = state_->registry.Collect();
  for (prom::MetricFamily& family : families_of(figures))
    all.push_back(std::move(family));
  return prom::TextSerializer().Serialize(all);
}

}  // namespace caravan::api
