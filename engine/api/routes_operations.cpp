// What those look at who keep the daemon running: whether it lives, whether it is ready, its figures, its document.

#include "engine/api/routes_operations.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/api/kept_totals.hpp"
#include "engine/api/openapi.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/journey_figures.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

Route live_route() {
  return {.method = Method::get,
          .path = "/healthz",
          .id = "getHealth",
          .tag = "Operations",
          .scope = Scope::anyone,
          .summary = "Whether the daemon lives",
          .answers = {{200, "It does", "Health"}},
          .handle = Write([](const Request&, Respond respond) {
            respond(as_json_response(json::object{{"status", "ok"}}));
          })};
}

Route ready_route(const Watch& watch) {
  return {.method = Method::get,
          .path = "/readyz",
          .id = "getReadiness",
          .tag = "Operations",
          .scope = Scope::anyone,
          .summary = "Whether the daemon takes what it is given",
          .answers = {{200, "It does", "Health"}, problem_answer(503, "It does not at present, and why")},
          .handle = Write([&watch](const Request&, Respond respond) {
            const std::string condition = watch.condition();
            if (condition.empty()) return respond(as_json_response(json::object{{"status", "ready"}}));
            respond(as_response({503, "not-ready", condition, "", std::chrono::seconds(5)}));
          })};
}

/// Kept by both routes, whose handlers run on one thread.
using Totals = std::shared_ptr<KeptTotals>;

StoreFigures figures_of(Scene& scene, const Totals& totals) {
  return read_figures(scene.library, scene.reader, totals->get([&] { return scene.reader.totals(); }));
}

Route metrics_route(const Watch& watch, const Totals& totals) {
  return {.method = Method::get,
          .path = "/metrics",
          .id = "getMetrics",
          .tag = "Operations",
          .scope = Scope::read,
          .summary = "Figures for Prometheus",
          .answers = {{200, "The text format", "", "text/plain"}},
          .handle = Read([&watch, totals](const Request&, Scene& scene) {
            return Response{200, watch.metrics(figures_of(scene, totals)), "text/plain; version=0.0.4; charset=utf-8"};
          })};
}

Route status_route(const Watch& watch, const Totals& totals) {
  return {.method = Method::get,
          .path = "/v1/status",
          .id = "getStatus",
          .tag = "Operations",
          .scope = Scope::read,
          .summary = "What the store holds, and the figures of every journey",
          .answers = {{200, "The figures", "Status"}},
          .handle = Read([&watch, totals](const Request&, Scene& scene) {
            json::object status = caravan::as_json(figures_of(scene, totals));
            const std::string condition = watch.condition();
            status["version"] = watch.program_version;
            status["ready"] = condition.empty();
            if (!condition.empty()) status["condition"] = condition;
            return as_json_response(status);
          })};
}

Route document_route(const Watch& watch) {
  return {.method = Method::get,
          .path = "/v1/openapi.json",
          .id = "getDocument",
          .tag = "Operations",
          .scope = Scope::anyone,
          .summary = "This document",
          .answers = {{200, "The OpenAPI document", ""}},
          .handle = Write([&watch](const Request&, Respond respond) {
            respond(Response{200, watch.document});
          })};
}

}  // namespace

std::vector<Route> operation_routes(const Watch& watch) {
  std::vector<Route> routes;
  routes.push_back(live_route());
  routes.push_back(ready_route(watch));
  const Totals totals = std::make_shared<KeptTotals>();
  routes.push_back(metrics_route(watch, totals));
  routes.push_back(status_route(watch, totals));
  routes.push_back(document_route(watch));
  return routes;
}

}  // namespace caravan::api
