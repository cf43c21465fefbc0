#pragma once
// What a replay came to, for people and for programs.

#include <boost/json/object.hpp>

#include "engine/harness/comparison.hpp"
#include "engine/harness/replay.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

struct ReplayReport {
  ReplayedJournal replayed;
  ReplayComparison comparison;

  bool is_same() const { return !comparison.first && !replayed.other_answer; }
};

std::string as_text(const ReplayReport& report, const Terminal& terminal);
boost::json::object as_json(const ReplayReport& report);

}  // namespace caravan::tools
