// Coverage as tables and as JSON.

#include <boost/json/array.hpp>

#include "tools/caravan/report/coverage_report.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

using Kind = CoverPoint::Kind;

struct KindWords {
  Kind kind;
  std::string_view title;  ///< of a column, and in JSON
  std::string_view word;
};
constexpr std::array<KindWords, 4> kinds = {{{Kind::node, "nodes", "node"},
                                             {Kind::path, "paths", "path"},
                                             {Kind::time_out, "time-outs", "time-out"},
                                             {Kind::condition, "conditions", "condition"}}};
constexpr std::size_t longest_condition = 60;

/// The names of journeys that have points, each once.
std::vector<std::string> journeys_of(const std::vector<CoverCount>& counts, std::string_view journey) {
  std::vector<std::string> names;
  for (const CoverCount& count : counts) {
    const std::string& name = count.point.journey;
    if ((journey.empty() || name == journey) && (names.empty() || names.back() != name)) names.push_back(name);
  }
  return names;
}

std::string in_words(const Coverage::Figure& figure) {
  return figure.of == 0 ? "–" : with_separators(figure.taken) + " of " + with_separators(figure.of);
}

Style style_of(const Coverage::Figure& figure) {
  if (figure.of == 0) return Style::faint;
  return figure.taken == figure.of ? Style::good : figure.taken == 0 ? Style::bad : Style::warning;
}

void add_row(Table& table, const std::string& name, const Coverage& coverage, std::string_view journey) {
  std::vector<TableCell> cells = {{name}};
  for (const KindWords& each : kinds) {
    const Coverage::Figure figure = coverage.figure(journey, each.kind);
    cells.push_back({in_words(figure), style_of(figure)});
  }
  const Coverage::Figure all = coverage.figure(journey);
  cells.push_back({percent_of(all), style_of(all)});
  table.add_row(std::move(cells));
}

/// Something that was not taken: a point, or a condition of which both outcomes are missing.
struct Gap {
  const CoverPoint* point = nullptr;
  bool never_asked = false;
};

bool holds(const Place& outer, const Place& inner) {
  return outer.file == inner.file && outer.offset <= inner.offset &&
         inner.offset + inner.length <= outer.offset + outer.length;
}

/// What was not taken, in the order of places. Of a condition that was never asked its parts are not told as well.
std::vector<Gap> gaps_of(const std::vector<CoverCount>& counts, std::string_view journey) {
  std::vector<Gap> gaps;
  const Place* never_asked = nullptr;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const CoverPoint& point = counts[i].point;
    if (counts[i].times > 0 || (!journey.empty() && point.journey != journey)) continue;
    if (point.kind != Kind::condition) {
      gaps.push_back({&point, false});
      continue;
    }
    if (never_asked && holds(*never_asked, point.place)) continue;
    // True stands before false.
    const bool is_neither = point.outcome && i + 1 < counts.size() && counts[i + 1].times == 0;
    if (is_neither) never_asked = &point.place;
    gaps.push_back({&point, is_neither});
  }
  return gaps;
}

/// The text of a condition in one line.
std::string text_at(const Place& place) {
  std::string text;
  for (const char c : place.file->text.substr(place.offset, place.length)) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_blank) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  return text;
}

std::string_view outcome_of(const Gap& gap) {
  if (gap.never_asked) return "never asked";
  return gap.point->outcome ? "never true" : "never false";
}

std::string subject_of(const Gap& gap) {
  const CoverPoint& point = *gap.point;
  if (point.kind == Kind::condition) {
    const std::string whose = point.node.empty() ? "" : printable(point.node) + ": ";
    return whose + shortened(printable(text_at(point.place)), longest_condition) + " is " +
           std::string(outcome_of(gap));
  }
  return printable(point.node) + (point.path.empty() ? "" : "/" + printable(point.path));
}

std::string gaps_as_text(const std::vector<Gap>& gaps, const Terminal& terminal) {
  if (gaps.empty()) return {};
  std::size_t place_width = 0;
  for (const Gap& gap : gaps)
    place_width = std::max(place_width, display_width(place_of(*gap.point)));
  std::string out = "\n" + terminal.paint(Style::strong, "Not taken by any scenario") + "\n";
  for (const Gap& gap : gaps) {
    const std::string place = place_of(*gap.point);
    const std::string_view word = word_for(gap.point->kind);
    out += "  " + place + std::string(place_width - display_width(place) + 2, ' ') + std::string(word) +
           std::string(11 - word.size(), ' ') + subject_of(gap) + "\n";
  }
  return out;
}

boost::json::object object_of(const Coverage::Figure& figure) {
  return {{"taken", figure.taken}, {"of", figure.of}};
}

boost::json::object figures_of(const Coverage& coverage, std::string_view journey) {
  boost::json::object object;
  for (const KindWords& each : kinds)
    object[each.kind == Kind::time_out ? "time_outs" : each.title] = object_of(coverage.figure(journey, each.kind));
  object["all"] = object_of(coverage.figure(journey));
  return object;
}

boost::json::object object_of(const Gap& gap) {
  boost::json::object object = tools::object_of(*gap.point);
  if (gap.point->kind == Kind::condition) object["outcome"] = outcome_of(gap);
  return object;
}

}  // namespace

std::string_view word_for(Kind kind) {
  return kinds[static_cast<std::size_t>(kind)].word;
}

std::string place_of(const CoverPoint& point) {
  const Position at = position_of(point.place);
  return printable(point.place.file->path) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

boost::json::object object_of(const CoverPoint& point) {
  const Position at = position_of(point.place);
  boost::json::object object;
  object["file"] = point.place.file->path;
  object["line"] = at.line;
  object["column"] = at.column;
  object["journey"] = point.journey;
  object["kind"] = point.kind == Kind::time_out ? "time_out" : word_for(point.kind);
  object["node"] = point.node;
  if (!point.path.empty()) object["path"] = point.path;
  if (point.kind == Kind::condition) {
    object["condition"] = text_at(point.place);
    object["outcome"] = point.outcome ? "true" : "false";
  }
  return object;
}

std::string percent_of(const Coverage::Figure& figure) {
  if (figure.of == 0) return "–";
  const std::int64_t tenths = figure.taken * 1'000 / figure.of;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string as_text(const Coverage& coverage, std::string_view journey, const Terminal& terminal) {
  const std::vector<CoverCount> counts = coverage.counts();
  const std::vector<std::string> names = journeys_of(counts, journey);
  std::vector<TableColumn> columns = {{"Coverage"}};
  for (const KindWords& each : kinds)
    columns.push_back({std::string(each.title), Align::right});
  columns.push_back({"all", Align::right});
  Table table(columns);
  for (const std::string& name : names)
    add_row(table, printable(name), coverage, name);
  if (names.size() > 1) add_row(table, "all journeys", coverage, {});
  return table.render(terminal) + gaps_as_text(gaps_of(counts, journey), terminal);
}

boost::json::object as_json(const Coverage& coverage, std::string_view journey) {
  const std::vector<CoverCount> counts = coverage.counts();
  boost::json::object object;
  boost::json::array journeys;
  for (const std::string& name : journeys_of(counts, journey)) {
    boost::json::object figures = figures_of(coverage, name);
    figures["journey"] = name;
    journeys.push_back(std::move(figures));
  }
  object["journeys"] = std::move(journeys);
  object["total"] = figures_of(coverage, journey);
  boost::json::array gaps;
  for (const Gap& gap : gaps_of(counts, journey))
    gaps.push_back(object_of(gap));
  object["not_taken"] = std::move(gaps);
  return object;
}

}  // namespace caravan::tools
