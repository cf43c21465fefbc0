#include "engine/report/scenarios_json.hpp"

#include <boost/json/array.hpp>

namespace caravan {
namespace {

double milliseconds(std::chrono::nanoseconds took) {
  return std::chrono::duration<double, std::milli>(took).count();
}

void add_place(boost::json::object& to, const Place& place) {
  const Position at = position_of(place);
  to["file"] = place.file ? place.file->path : std::string();
  to["line"] = at.line;
  to["column"] = at.column;
}

boost::json::array array_of(const std::vector<std::string>& lines) {
  boost::json::array array;
  for (const std::string& line : lines)
    array.emplace_back(line);
  return array;
}

boost::json::object object_of(const ScenarioFailure& failure) {
  constexpr std::array<std::string_view, 3> kinds = {"same", "expected", "actual"};
  boost::json::object object;
  add_place(object, failure.place);
  object["step"] = failure.step;
  object["subject"] = failure.subject;
  object["what"] = failure.what;
  object["message"] = failure.message;
  boost::json::array diff;
  for (const DiffLine& line : failure.diff)
    diff.push_back({{"kind", kinds[static_cast<std::size_t>(line.kind)]}, {"text", line.text}});
  object["diff"] = std::move(diff);
  object["timeline"] = array_of(failure.timeline);
  return object;
}

}  // namespace

boost::json::object as_json(const ScenarioResult& result) {
  const ScenarioDefinition& scenario = *result.scenario;
  boost::json::object object;
  object["scenario"] = scenario.name;
  object["row"] = scenario.row;
  object["journey"] = scenario.journey;
  add_place(object, scenario.place);
  object["holds"] = !result.failure;
  object["steps"] = result.steps;
  object["ended"] = to_text(result.ended);
  object["milliseconds"] = milliseconds(result.took);
  if (result.failure) object["failure"] = object_of(*result.failure);
  return object;
}

boost::json::object as_json(const TestRun& run) {
  boost::json::object object;
  boost::json::array scenarios;
  for (const ScenarioResult& result : run.results)
    scenarios.push_back(as_json(result));
  object["run"] = run.results.size();
  object["failed"] = run.failed();
  object["loading_milliseconds"] = milliseconds(run.loading);
  object["running_milliseconds"] = milliseconds(run.running);
  object["scenarios"] = std::move(scenarios);
  return object;
}

}  // namespace caravan
