#pragma once
// What an exploration found and what it did not, for people and as JSON.

#include <boost/json/object.hpp>

#include "engine/harness/explore.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

struct ExploreReport {
  std::string journey;
  Exploration exploration;
  std::string file = {};    ///< where scenarios are or would be written
  bool is_written = false;  ///< they were
};

std::string as_text(const ExploreReport& report, const Terminal& terminal);
boost::json::object as_json(const ExploreReport& report);

}  // namespace caravan::tools
