#pragma once
// The difference that other journeys would have made, as a person reads it: tables, JSON, and pictures of journeys with
// both figures at each node and path.

#include <boost/json/object.hpp>

#include "engine/harness/what_if.hpp"
#include "journeys/diagram.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {

/// `workspace` is the other one: nodes are shown in its order.
std::string as_text(const WhatIfReport& report, const Workspace& workspace, const Terminal& terminal);
boost::json::object as_json(const WhatIfReport& report);
/// `120 → 90` at every node and path of a journey of the other workspace.
std::string as_picture(const WhatIfReport& report, const JourneyDefinition& journey, DiagramFormat format,
                       const std::string& timezone);

/// The names of all figures that differ, as `--accounts` takes them.
std::vector<std::string> figure_names(const WhatIfReport& report);

}  // namespace caravan::tools
