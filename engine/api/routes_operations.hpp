#pragma once
// What the routes of operations tell of the daemon itself.

#include "engine/api/desk.hpp"
#include "engine/report/journey_figures.hpp"

namespace caravan::api {

struct Watch {
  std::string program_version;
  std::string document;  ///< OpenAPI, as text
  /// What keeps the daemon from going on; empty: nothing. From any thread.
  std::function<std::string()> condition;
  /// The text for Prometheus. From any thread.
  std::function<std::string(const StoreFigures&)> metrics;
};

/// `watch` outlives them.
std::vector<Route> operation_routes(const Watch& watch);

}  // namespace caravan::api
