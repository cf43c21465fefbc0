#pragma once
// What scenarios have taken of journeys, as a table, as JSON and as a coloured picture.

#include <boost/json/object.hpp>

#include "engine/harness/coverage.hpp"
#include "journeys/diagram.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

/// `node`, `time-out`
std::string_view word_for(CoverPoint::Kind kind);
/// `journeys/seeds.yaml:12:7`
std::string place_of(const CoverPoint& point);
/// Its place, kind and names; of a condition its text and outcome.
boost::json::object object_of(const CoverPoint& point);

/// `65.7 %`, rounded down, so that 100 % is all of it; `–` of nothing.
std::string percent_of(const Coverage::Figure& figure);

/// The figures of one journey or of all (empty), then a line for everything that was not taken.
std::string as_text(const Coverage& coverage, std::string_view journey, const Terminal& terminal);
boost::json::object as_json(const Coverage& coverage, std::string_view journey);

/// The journey's picture: nodes and ways with a mark and how often they were taken, and coloured by it.
std::string picture_of(const Coverage& coverage, const JourneyDefinition& journey, DiagramFormat format,
                       const std::string& timezone);

}  // namespace caravan::tools
