// Scenarios: the tests of the workspace's journeys, run on the server in virtual time.

#include <boost/json/object.hpp>

#include "engine/api/json_body.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/scenarios_json.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

std::unique_ptr<TestSuite> suite_of(const Desk& desk) {
  auto suite = load_suite(desk.folder, Probes::none);
  if (suite->errors() == 0) return suite;
  const Diagnostics& faults =
      suite->workspace->diagnostics.errors() > 0 ? suite->workspace->diagnostics : suite->scenarios.diagnostics;
  throw Refused({422, "faulty-workspace",
                 "the workspace's files have errors: " + render(faults.sorted().front(), Colour::never)});
}

Response list_scenarios(const Desk& desk) {
  const auto suite = suite_of(desk);
  json::array items;
  for (const ScenarioDefinition& scenario : suite->scenarios.scenarios) {
    items.push_back(json::object{{"scenario", title_of(scenario)},
                                 {"journey", scenario.journey},
                                 {"file", scenario.place.file ? scenario.place.file->path : std::string()}});
  }
  return as_json_response(json::object{{"items", std::move(items)}});
}

Response run(const Desk& desk, const Request& request) {
  JsonBody body(request);
  const ScenarioChoice choice{body.text("filter"), body.text("journey")};
  body.finish();
  const auto suite = suite_of(desk);
  const std::vector<const ScenarioDefinition*> scenarios = chosen(suite->scenarios, choice);
  if (scenarios.empty()) throw Refused({404, "no-scenarios", "there is no scenario of that name or journey"});
  return as_json_response(caravan::as_json(
      run_scenarios(*suite, scenarios, Probes::none, [&desk](std::size_t) { return !desk.is_stopping; })));
}

}  // namespace

std::vector<Route> scenario_routes(Desk& desk) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/scenarios",
                    .id = "listScenarios",
                    .tag = "Scenarios",
                    .scope = Scope::read,
                    .summary = "The scenarios of the workspace's files",
                    .answers = {{200, "All of them", "ScenarioList"}, problem_answer(422, "The files have errors")},
                    .patience = std::chrono::minutes(30),
                    .handle = Write([&desk](const Request& request, Respond respond) {
                      desk.work([&desk](const Request&, Scene&) { return list_scenarios(desk); }, request,
                                std::move(respond));
                    })});
  routes.push_back({.method = Method::post,
                    .path = "/v1/scenarios/runs",
                    .id = "runScenarios",
                    .tag = "Scenarios",
                    .scope = Scope::operate,
                    .summary = "Runs scenarios of the workspace's files in virtual time; nothing of it is kept",
                    .body = Body{"ScenarioChoice", {"application/json"}, false},
                    .answers = {{200, "What came of each", "ScenarioRun"},
                                problem_answer(404, "There is none of that name or journey"),
                                problem_answer(422, "The files have errors")},
                    .patience = std::chrono::minutes(30),
                    .handle = Write([&desk](const Request& request, Respond respond) {
                      desk.work([&desk](const Request& asked, Scene&) { return run(desk, asked); }, request,
                                std::move(respond));
                    })});
  return routes;
}

}  // namespace caravan::api
