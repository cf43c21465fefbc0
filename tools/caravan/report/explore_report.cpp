#include "tools/caravan/report/explore_report.hpp"

#include <boost/json/array.hpp>

#include "tools/caravan/report/coverage_report.hpp"

namespace caravan::tools {
namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return with_separators(static_cast<std::int64_t>(count)) + " " + std::string(count == 1 ? one : many);
}

std::vector<const OpenPoint*> those(const Exploration& exploration, bool proved) {
  std::vector<const OpenPoint*> points;
  for (const OpenPoint& each : exploration.open)
    if (each.why.empty() != proved) points.push_back(&each);
  return points;
}

std::string list_of(std::string_view title, const std::vector<const OpenPoint*>& points, const Terminal& terminal) {
  if (points.empty()) return {};
  std::size_t place_width = 0;
  for (const OpenPoint* each : points)
    place_width = std::max(place_width, display_width(place_of(each->point)));
  std::string out = "\n" + terminal.paint(Style::strong, std::string(title)) + "\n";
  for (const OpenPoint* each : points) {
    const std::string place = place_of(each->point);
    const std::string_view word = word_for(each->point.kind);
    out += "  " + place + std::string(place_width - display_width(place) + 2, ' ') + std::string(word) +
           std::string(11 - word.size(), ' ') + printable(to_text(each->point));
    if (!each->why.empty()) out += terminal.paint(Style::faint, ": " + printable(each->why));
    out += "\n";
  }
  return out;
}

boost::json::array as_array(const std::vector<const OpenPoint*>& points) {
  boost::json::array array;
  for (const OpenPoint* each : points) {
    boost::json::object object = tools::object_of(each->point);
    if (!each->why.empty()) object["why"] = each->why;
    array.push_back(std::move(object));
  }
  return array;
}

boost::json::object as_object(const Coverage::Figure& figure) {
  return {{"taken", figure.taken}, {"of", figure.of}};
}

}  // namespace

std::string as_text(const ExploreReport& report, const Terminal& terminal) {
  const Exploration& exploration = report.exploration;
  std::string out = printable(report.journey) + ": scenarios take " + with_separators(exploration.before.taken) +
                    " of " + with_separators(exploration.before.of) + " points";
  if (!exploration.found.empty()) {
    out += ", and " + with_separators(exploration.after.taken) + " with " +
           counted(exploration.found.size(), "scenario that was found", "scenarios that were found");
  }
  out += " in " + counted(exploration.tried, "plan", "plans") + "\n";
  if (!exploration.found.empty()) {
    const std::string where = report.is_written ? ", written to " + printable(report.file) : ", and not written";
    out += "\n" + terminal.paint(Style::strong, "Found" + where) + "\n";
    for (const ExploredScenario& each : exploration.found)
      out += "  " + terminal.paint(Style::good, "+") + " " + printable(each.scenario.name) + "\n";
  }
  out += list_of("Nobody can reach", those(exploration, true), terminal);
  out += list_of("Not found, and not proved to be out of reach", those(exploration, false), terminal);
  return out;
}

boost::json::object as_json(const ExploreReport& report) {
  const Exploration& exploration = report.exploration;
  boost::json::object object;
  object["journey"] = report.journey;
  object["tried"] = exploration.tried;
  object["before"] = as_object(exploration.before);
  object["after"] = as_object(exploration.after);
  boost::json::array found;
  for (const ExploredScenario& each : exploration.found) {
    boost::json::array reaches;
    for (const CoverPoint& point : each.reaches)
      reaches.push_back(object_of(point));
    found.push_back(boost::json::object{{"scenario", each.scenario.name}, {"reaches", std::move(reaches)}});
  }
  object["found"] = std::move(found);
  object["unreachable"] = as_array(those(exploration, true));
  object["not_found"] = as_array(those(exploration, false));
  if (report.is_written) object["file"] = report.file;
  return object;
}

}  // namespace caravan::tools
