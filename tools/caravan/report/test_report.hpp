#pragma once
// What came of scenarios, for people and for the programs that read such: TAP, JUnit XML, JSON.

#include <boost/json/object.hpp>

#include "engine/harness/scenario_suite.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

/// A line a file, each failure in full, and a last line that counts. Ends with a line break.
std::string as_text(const TestRun& run, const Terminal& terminal);

/// TAP version 14: a test point a scenario; a failed one with a YAML block.
std::string as_tap(const TestRun& run);

/// JUnit XML: a test suite a file, a test case a scenario.
std::string as_junit(const TestRun& run);
/// The same where nothing was run because what was given has faults: one error, with these lines.
std::string junit_of_faults(const Diagnostics& faults);

/// One object; with what was covered where that was looked at, of one journey or of all (empty).
boost::json::object as_json(const TestRun& run, std::string_view journey);

}  // namespace caravan::tools
