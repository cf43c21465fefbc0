// The figures as a person reads them: a heading and two tables a version, then the totals.

#include "tools/caravan/report/figures_text.hpp"

#include "engine/report/state_words.hpp"

namespace caravan::tools {
namespace {

Style style_of(JourneyState state) {
  switch (state) {
    case JourneyState::live: return Style::good;
    case JourneyState::paused: return Style::warning;
    case JourneyState::closed: return Style::accent;
    case JourneyState::finished: return Style::plain;
    case JourneyState::aborted: return Style::bad;
  }
  return Style::plain;
}

/// Where the journey stands, as far as it is about this version.
TableCell state_of(const JourneyFigures& journey) {
  if (!journey.is_newest) return {"older", Style::faint};
  return {std::string(word_for(journey.state)), style_of(journey.state)};
}

/// A line a version, where there are several.
std::string overview(const StoreFigures& figures, const Terminal& terminal) {
  if (figures.journeys.size() < 2) return {};
  Table table({{"journey"},
               {"version", Align::right},
               {"state"},
               {"entered", Align::right},
               {"under way", Align::right},
               {"completed", Align::right},
               {"left", Align::right},
               {"held", Align::right},
               {"reached goal", Align::right}});
  for (const JourneyFigures& journey : figures.journeys) {
    table.add_row({{printable(journey.journey)},
                   figure(journey.version),
                   state_of(journey),
                   figure(journey.entered),
                   figure(journey.under_way()),
                   figure(journey.completed),
                   figure(journey.left),
                   journey.held > 0 ? TableCell{with_separators(journey.held), Style::bad} : figure(0),
                   figure(journey.reached_goal)});
  }
  return table.render(terminal) + "\n";
}

std::string heading(const JourneyFigures& journey, const Terminal& terminal) {
  std::string line = terminal.paint(Style::strong, printable(journey.journey));
  if (!journey.title.empty() && journey.title != journey.journey) line += "  " + printable(journey.title);
  line += "\n";
  const std::string about =
      "version " + std::to_string(journey.version) + ", published " + short_time(journey.published_at) + ", ";
  line += terminal.paint(Style::faint, about);
  if (!journey.is_newest) return line + terminal.paint(Style::faint, "takes no new entries") + "\n\n";
  const TableCell state = state_of(journey);
  line += terminal.paint(state.style, state.text);
  if (journey.state != JourneyState::live)
    line += terminal.paint(Style::faint, " since " + short_time(journey.state_since));
  return line + "\n\n";
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
  if (journey.held > 0) add(journey.held, "held", Style::bad);
  if (journey.reached_goal > 0) add(journey.reached_goal, "reached the goal", Style::good);
  if (journey.moved_in > 0) add(journey.moved_in, "moved here from another version", Style::plain);
  if (journey.moved_out > 0) add(journey.moved_out, "moved to another version", Style::plain);
  return line + "\n\n";
}

bool has_any(const JourneyFigures& journey, std::int64_t MapLine::*figure) {
  return std::any_of(journey.map.begin(), journey.map.end(), [&](const MapLine& line) { return line.*figure > 0; });
}

std::string map_table(const JourneyFigures& journey, const Terminal& terminal) {
  const bool with_held = has_any(journey, &MapLine::held);
  const bool with_time_outs = has_any(journey, &MapLine::timed_out);
  const bool with_members = has_any(journey, &MapLine::joined);
  const bool with_errors = has_any(journey, &MapLine::errors);
  std::vector<TableColumn> columns = {{"node", Align::left},
                                      {"what", Align::left},
                                      {"came through", Align::right},
                                      {"share", Align::right},
                                      {"standing now", Align::right}};
  if (with_held) columns.push_back({"held", Align::right});
  if (with_time_outs) columns.push_back({"timed out", Align::right});
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
      if (with_held) row.push_back(line.held > 0 ? TableCell{with_separators(line.held), Style::bad} : TableCell{});
      if (with_time_outs) row.push_back(line.timed_out > 0 ? figure(line.timed_out) : TableCell{});
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
  const bool with_duplicates = std::any_of(journey.messages.begin(), journey.messages.end(),
                                           [](const MessageFigures& message) { return message.deduplicated > 0; });
  const bool with_suppressed = std::any_of(journey.messages.begin(), journey.messages.end(),
                                           [](const MessageFigures& message) { return message.suppressed > 0; });
  std::vector<TableColumn> columns = {{"message", Align::left},
                                      {"promised", Align::right},
                                      {"delivered", Align::right},
                                      {"to be delivered", Align::right},
                                      {"undelivered", Align::right}};
  if (with_duplicates) columns.push_back({"had it already", Align::right});
  if (with_suppressed) columns.push_back({"suppressed", Align::right});
  Table table(std::move(columns));
  for (const MessageFigures& message : journey.messages) {
    TableCell undelivered = figure(message.undelivered);
    if (message.undelivered > 0) undelivered.style = Style::bad;
    std::vector<TableCell> row = {{printable(message.name), Style::plain},
                                  figure(message.promised),
                                  figure(message.delivered),
                                  figure(message.waiting()),
                                  std::move(undelivered)};
    if (with_duplicates) row.push_back(figure(message.deduplicated));
    if (with_suppressed) row.push_back(figure(message.suppressed));
    table.add_row(std::move(row));
  }
  return table.render(terminal) + "\n";
}

}  // namespace

std::string as_text(const StoreFigures& figures, const Terminal& terminal) {
  std::string out = overview(figures, terminal);
  for (const JourneyFigures& journey : figures.journeys) {
    out += heading(journey, terminal) + outcome(journey, terminal) + map_table(journey, terminal) +
           message_table(journey, terminal);
  }
  if (figures.journeys.empty()) out += "No journey has been published yet: `caravan publish` does it.\n\n";
  out += "In the store: " + counted(figures.totals.accounts, "account", "accounts") + ", " +
         counted(figures.totals.people, "person", "people") + ", " +
         counted(figures.totals.groups, "buying group", "buying groups") + " with " +
         counted(figures.totals.members, "member", "members");
  if (figures.engine_time) out += "; its time is " + short_time(*figures.engine_time);
  return out + "\n";
}

}  // namespace caravan::tools
