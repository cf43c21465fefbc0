#pragma once
// What the daemon counts and measures, in the form that Prometheus reads.

#include <memory>

#include "engine/api/server.hpp"
#include "engine/report/journey_figures.hpp"
#include "engine/scheduler.hpp"

namespace caravan::api {

/// What is true at the moment of a look.
struct MetricsNow {
  std::size_t connections = 0;
  bool is_ready = true;
};

/// Safe to use from any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void add(const BatchReport& report);
  void add(const Served& served);

  /// The text format 0.0.4. `figures` are those of the store's counters.
  std::string text(const StoreFigures& figures, const MetricsNow& now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caravan::api
