// What publishing would change as an object for programs.

#include "engine/report/publication_report.hpp"
#include "engine/report/state_words.hpp"

namespace caravan {
namespace {

std::string_view name_of(JourneyReport::Kind kind) {
  switch (kind) {
    case JourneyReport::Kind::first: return "first";
    case JourneyReport::Kind::changed: return "changed";
    case JourneyReport::Kind::unchanged: return "unchanged";
    case JourneyReport::Kind::reopened: return "reopened";
    case JourneyReport::Kind::closed: return "closed";
  }
  return "";
}

std::string_view name_of(NodeDifference::Kind kind) {
  switch (kind) {
    case NodeDifference::Kind::added: return "added";
    case NodeDifference::Kind::removed: return "removed";
    case NodeDifference::Kind::replaced: return "replaced";
    case NodeDifference::Kind::changed: return "changed";
  }
  return "";
}

std::string_view name_of(NodeMove::Kind kind) {
  switch (kind) {
    case NodeMove::Kind::stand: return "stand";
    case NodeMove::Kind::visit: return "visit";
    case NodeMove::Kind::leave: return "leave";
    case NodeMove::Kind::stay: return "stay";
    case NodeMove::Kind::refuse: return "refuse";
  }
  return "";
}

boost::json::array json_of(const std::vector<SettingDifference>& settings) {
  boost::json::array all;
  for (const SettingDifference& setting : settings)
    all.push_back({{"what", setting.what}, {"before", setting.before}, {"after", setting.after}});
  return all;
}

boost::json::object json_of(const NodeDifference& node) {
  boost::json::object object{{"change", name_of(node.kind)}, {"node", node.id}, {"type", node.type}};
  if (!node.type_before.empty()) object["type_before"] = node.type_before;
  if (!node.settings.empty()) object["settings"] = json_of(node.settings);
  return object;
}

boost::json::array json_of(const std::vector<std::string>& texts) {
  boost::json::array all;
  for (const std::string& text : texts)
    all.emplace_back(text);
  return all;
}

boost::json::object json_of(const UnderWayReport& under) {
  boost::json::array nodes;
  for (const StandingReport& node : under.nodes) {
    boost::json::object object{
        {"node", node.node}, {"type", node.type}, {"standing", node.standing}, {"held", node.held}};
    if (node.move) object["move"] = name_of(node.move->kind);
    if (!node.to.empty()) object["to"] = node.to;
    if (node.move && !node.move->reason.empty()) object["reason"] = node.move->reason;
    nodes.push_back(std::move(object));
  }
  return {{"version", under.version},
          {"accounts", under.accounts},
          {"nodes", std::move(nodes)},
          {"refusals", json_of(under.refusals)},
          {"warnings", json_of(under.warnings)}};
}

boost::json::object json_of(const JourneyReport& journey) {
  boost::json::array nodes;
  for (const NodeDifference& node : journey.difference.nodes)
    nodes.push_back(json_of(node));
  boost::json::array under_way;
  for (const UnderWayReport& under : journey.under_way)
    under_way.push_back(json_of(under));
  boost::json::object object{{"journey", journey.journey},
                             {"title", journey.title},
                             {"change", name_of(journey.kind)},
                             {"version", journey.version},
                             {"settings", json_of(journey.difference.settings)},
                             {"nodes", std::move(nodes)},
                             {"files", json_of(journey.texts)},
                             {"under_way", std::move(under_way)}};
  object["state"] = journey.state ? boost::json::value(word_for(*journey.state)) : boost::json::value();
  if (!journey.unreadable.empty()) object["unreadable"] = journey.unreadable;
  return object;
}

}  // namespace

boost::json::object as_json(const PublicationReport& report) {
  boost::json::array journeys;
  for (const JourneyReport& journey : report.journeys)
    journeys.push_back(json_of(journey));
  return {{"journeys", std::move(journeys)}};
}

}  // namespace caravan
