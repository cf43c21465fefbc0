// The figures as a person reads them: a heading and two tables a version, then the totals.

#include "tools/caravan/report/journey_figures.hpp"

namespace caravan::tools {
namespace {

std::string heading(const JourneyFigures& journey, const Terminal& terminal) {
  std::string line = terminal.paint(Style::strong, printable(journey.journey));
  if (!journey.title.empty() && journey.title != journey.journey) line += "  " + printable(journey.title);
  line += "\n";
  std::string about = "version " + std::to_string(journey.version) + ", published " + short_time(journey.published_at);
  if (!journey.is_live) about += ", closed to new entries";
  return line + terminal.paint(Style::faint, about) + "\n\n";
}

std::string outcome(const JourneyFigures& journey, const Terminal& terminal) {
  std::string line = counted(journey.entered, "account", "accounts") + " entered";
  const auto add = [&](std::int64_t number, std::string_view word, Style style) {
    line += ", " + terminal.paint(number > 0 ? style : Style::plain, with_separators(number) + " " + std::string(word));
  };
  add(journey.completed, "completed", Style::good);
  add(journey.under_way(), "under way", Style::accent);
  add(journey.left, "left on the way", Style::plain);
  if (journey.failed > 0) add(journey.failed, "failed", Style::bad);
  return line + "\n\n";
}

bool has_any(const JourneyFigures& journey, std::int64_t MapLine::*figure) {
  return std::any_of(journey.map.begin(), journey.map.end(), [&](const MapLine& line) { return line.*figure > 0; });
}

std::string map_table(const JourneyFigures& journey, const Terminal& terminal) {
  const bool with_members = has_any(journey, &MapLine::joined);
  const bool with_errors = has_any(journey, &MapLine::errors);
  std::vector<TableColumn> columns = {{"node", Align::left},
                                      {"what", Align::left},
                                      {"came through", Align::right},
                                      {"share", Align::right},
                                      {"standing now", Align::right}};
  if (with_members) columns.push_back({"joined groups", Align::right});
  if (with_errors) columns.push_back({"failed expressions", Align::right});
  Table table(std::move(columns));
  for (const MapLine& line : journey.map) {
    const std::string indent(4 * line.depth, ' ');
    std::vector<TableCell> row;
    if (line.is_path) {
      row = {{indent + "  → " + printable(line.name), Style::accent},
             {printable(line.type), Style::faint},
             figure(line.count),
             {share(line.count, line.split_count), Style::accent}};
    } else {
      row = {{indent + printable(line.name), Style::plain},
             {line.type, Style::faint},
             figure(line.count),
             {},
             figure(line.standing)};
      if (with_members) row.push_back(line.joined > 0 ? figure(line.joined) : TableCell{});
      if (with_errors)
        row.push_back(line.errors > 0 ? TableCell{with_separators(line.errors), Style::warning} : TableCell{});
    }
    table.add_row(std::move(row));
  }
  return table.render(terminal) + "\n";
}

std::string message_table(const JourneyFigures& journey, const Terminal& terminal) {
  if (journey.messages.empty()) return {};
  Table table({{"message", Align::left},
               {"promised", Align::right},
               {"delivered", Align::right},
               {"to be delivered", Align::right},
               {"undelivered", Align::right}});
  for (const MessageFigures& message : journey.messages) {
    TableCell undelivered = figure(message.undelivered);
    if (message.undelivered > 0) undelivered.style = Style::bad;
    table.add_row({{printable(message.name), Style::plain},
                   figure(message.promised),
                   figure(message.delivered),
                   figure(message.waiting()),
                   std::move(undelivered)});
  }
  return table.render(terminal) + "\n";
}

}  // namespace

std::string as_text(const StoreFigures& figures, const Terminal& terminal) {
  std::string out;
  for (const JourneyFigures& journey : figures.journeys) {
    out += heading(journey, terminal) + outcome(journey, terminal) + map_table(journey, terminal) +
           message_table(journey, terminal);
  }
  if (figures.journeys.empty()) out += "No journey has been published yet: `caravan serve` does it.\n\n";
  out += "In the store: " + counted(figures.totals.accounts, "account", "accounts") + ", " +
         counted(figures.totals.people, "person", "people") + ", " +
         counted(figures.totals.groups, "buying group", "buying groups") + " with " +
         counted(figures.totals.members, "member", "members");
  if (figures.engine_time) out += "; its time is " + short_time(*figures.engine_time);
  return out + "\n";
}

boost::json::object as_json(const StoreFigures& figures) {
  boost::json::array journeys;
  for (const JourneyFigures& journey : figures.journeys) {
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
                                             {"undelivered", message.undelivered}});
    }
    journeys.push_back(boost::json::object{{"journey", journey.journey},
                                           {"title", journey.title},
                                           {"version", journey.version},
                                           {"live", journey.is_live},
                                           {"published_at", to_text(journey.published_at)},
                                           {"entered", journey.entered},
                                           {"under_way", journey.under_way()},
                                           {"completed", journey.completed},
                                           {"left", journey.left},
                                           {"failed", journey.failed},
                                           {"map", std::move(map)},
                                           {"messages", std::move(messages)}});
  }
  boost::json::object all{{"accounts", figures.totals.accounts},
                          {"people", figures.totals.people},
                          {"buying_groups", figures.totals.groups},
                          {"members", figures.totals.members},
                          {"journeys", std::move(journeys)}};
  all["engine_time"] = figures.engine_time ? boost::json::value(to_text(*figures.engine_time)) : boost::json::value();
  return all;
}

}  // namespace caravan::tools
