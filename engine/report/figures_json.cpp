// The figures of journeys' maps as an object for programs.

#include "engine/report/journey_figures.hpp"
#include "engine/report/state_words.hpp"

namespace caravan {

boost::json::object as_json(const JourneyFigures& journey) {
  boost::json::array map;
  for (const MapLine& line : journey.map) {
    boost::json::object entry{{"depth", line.depth}, {line.is_path ? "path" : "node", line.name}};
    if (!line.type.empty()) entry[line.is_path ? "leads" : "type"] = line.type;
    entry[line.is_path ? "taken" : "visited"] = line.count;
    if (line.is_path) {
      entry["share"] =
          line.split_count == 0 ? 0.0 : static_cast<double>(line.count) / static_cast<double>(line.split_count);
    } else {
      entry["standing"] = line.standing;
      entry["held"] = line.held;
      entry["timed_out"] = line.timed_out;
      entry["joined"] = line.joined;
      entry["failed_expressions"] = line.errors;
    }
    map.push_back(std::move(entry));
  }
  boost::json::array messages;
  for (const MessageFigures& message : journey.messages) {
    messages.push_back(boost::json::object{{"message", message.name},
                                           {"promised", message.promised},
                                           {"delivered", message.delivered},
                                           {"waiting", message.waiting()},
                                           {"undelivered", message.undelivered},
                                           {"deduplicated", message.deduplicated},
                                           {"suppressed", message.suppressed}});
  }
  return {{"journey", journey.journey},
          {"title", journey.title},
          {"version", journey.version},
          {"newest", journey.is_newest},
          {"state", word_for(journey.state)},
          {"state_since", to_text(journey.state_since)},
          {"published_at", to_text(journey.published_at)},
          {"entered", journey.entered},
          {"under_way", journey.under_way()},
          {"completed", journey.completed},
          {"left", journey.left},
          {"failed", journey.failed},
          {"held", journey.held},
          {"reached_goal", journey.reached_goal},
          {"moved_in", journey.moved_in},
          {"moved_out", journey.moved_out},
          {"map", std::move(map)},
          {"messages", std::move(messages)}};
}

boost::json::object as_json(const StoreFigures& figures) {
  boost::json::array journeys;
  for (const JourneyFigures& journey : figures.journeys)
    journeys.push_back(as_json(journey));
  boost::json::object all{{"accounts", figures.totals.accounts},
                          {"people", figures.totals.people},
                          {"buying_groups", figures.totals.groups},
                          {"members", figures.totals.members},
                          {"journeys", std::move(journeys)}};
  all["engine_time"] = figures.engine_time ? boost::json::value(to_text(*figures.engine_time)) : boost::json::value();
  return all;
}

}  // namespace caravan
