// What came of scenarios, as one JSON object.

#include "engine/report/scenarios_json.hpp"
#include "tools/caravan/report/coverage_report.hpp"
#include "tools/caravan/report/test_report.hpp"

namespace caravan::tools {

boost::json::object as_json(const TestRun& run, std::string_view journey) {
  boost::json::object object = caravan::as_json(run);
  if (run.coverage) object["coverage"] = as_json(*run.coverage, journey);
  return object;
}

}  // namespace caravan::tools
