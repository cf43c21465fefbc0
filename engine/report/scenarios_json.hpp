#pragma once
// What came of scenarios, as objects for programs.

#include <boost/json/object.hpp>

#include "engine/harness/scenario_suite.hpp"

namespace caravan {

boost::json::object as_json(const ScenarioResult& result);
/// How many were run, how many failed, and each.
boost::json::object as_json(const TestRun& run);

}  // namespace caravan
