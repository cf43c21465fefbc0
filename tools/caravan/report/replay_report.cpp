#include "tools/caravan/report/replay_report.hpp"

#include <boost/json/array.hpp>

#include "engine/harness/line_diff.hpp"

namespace caravan::tools {
namespace {

/// So many lines are shown before two histories part, and of each after that.
constexpr std::size_t kLinesBefore = 5;
constexpr std::size_t kLinesAfter = 20;

std::string where(const HistoryLine& line) {
  std::string text = printable(line.journey);
  if (!line.node.empty()) text += (text.empty() ? "" : ", ") + printable(line.node);
  if (!line.person.empty()) text += (text.empty() ? "" : ", ") + printable(line.person);
  return text;
}

std::string row_of(const HistoryLine& line) {
  constexpr std::string_view no_time = "in the end      ";
  const std::string place = where(line);
  return (line.at ? short_time(*line.at) : std::string(no_time)) + "  " + (place.empty() ? "" : place + ": ") +
         printable(line.text);
}

/// Those from `first` on, as far as they are shown.
std::vector<std::string> rows_from(const std::vector<HistoryLine>& lines, std::size_t first) {
  std::vector<std::string> rows;
  for (std::size_t i = first; i < std::min(lines.size(), first + kLinesAfter); ++i)
    rows.push_back(row_of(lines[i]));
  return rows;
}

/// Both histories as one: what is in production alone behind a minus, what is in the replay alone behind a plus.
std::string timelines(const ReplayComparison& comparison, const Terminal& terminal) {
  std::string out;
  const auto tell_left_out = [&](std::size_t lines, std::string_view what) {
    if (lines > 0)
      out += terminal.paint(Style::faint, "  " + counted(static_cast<std::int64_t>(lines), "line", "lines") + " " +
                                              std::string(what)) +
             "\n";
  };
  const std::size_t alike = comparison.alike;
  const std::size_t from = alike - std::min(alike, kLinesBefore);
  tell_left_out(from, "before are the same");
  for (std::size_t i = from; i < alike; ++i)
    out += "  " + row_of(comparison.production[i]) + "\n";
  const std::vector<std::string> production = rows_from(comparison.production, alike);
  const std::vector<std::string> replay = rows_from(comparison.replay, alike);
  for (const DiffLine& line : diff_lines(production, replay)) {
    switch (line.kind) {
      case DiffLine::Kind::same: out += "  " + line.text + "\n"; break;
      case DiffLine::Kind::expected: out += terminal.paint(Style::bad, "- " + line.text) + "\n"; break;
      case DiffLine::Kind::actual: out += terminal.paint(Style::good, "+ " + line.text) + "\n"; break;
    }
  }
  tell_left_out(comparison.production.size() + comparison.replay.size() - 2 * alike - production.size() - replay.size(),
                "behind: --json shows all");
  return out;
}

std::string first_difference(const ReplayComparison& comparison, const Terminal& terminal) {
  const Difference& first = *comparison.first;
  std::string place;
  const auto add = [&](const std::string& what, const std::string& name) {
    if (!name.empty()) place += (place.empty() ? "" : ", ") + what + terminal.paint(Style::strong, printable(name));
  };
  add("", first.at ? short_time(*first.at) : std::string());
  add("account ", first.account);
  add("", first.journey);
  add("node ", first.node);
  add("person ", first.person);
  const auto says = [](const std::string& text) { return text.empty() ? "nothing" : printable(text); };
  std::string out = "\nThe first difference" + (place.empty() ? "" : ": " + place) + "\n" + "  production  " +
                    terminal.paint(Style::bad, says(first.production)) + "\n  the replay  " +
                    terminal.paint(Style::good, says(first.replay)) + "\n";
  if (comparison.production.empty() && comparison.replay.empty()) return out;
  return out + "\n" + terminal.paint(Style::strong, "Both timelines of " + printable(first.account)) + "\n" +
         timelines(comparison, terminal);
}

std::string words_of(const Input& input) {
  return std::visit(
      [](const auto& each) -> std::string {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, UpsertAccount>)
          return "the account " + each.key;
        else if constexpr (std::is_same_v<T, UpsertPerson>)
          return "the person " + each.key;
        else if constexpr (std::is_same_v<T, RelatePerson>)
          return "the person " + each.person + " of the account " + each.account;
        else if constexpr (std::is_same_v<T, RemovePerson>)
          return "the removal of the person " + each.key;
        else if constexpr (std::is_same_v<T, TellEvent>)
          return "the event " + each.type + " of " + (each.person.empty() ? each.account : each.person);
        else if constexpr (std::is_same_v<T, EnterJourney>)
          return "the entry of " + (each.person.empty() ? each.account : each.person) + " into " + each.journey;
        else if constexpr (std::is_same_v<T, Publish>)
          return "a publication";
        else if constexpr (std::is_same_v<T, ChangeJourney>)
          return "a command on the journey " + each.journey;
        else if constexpr (std::is_same_v<T, Interfere>)
          return "help by hand in the journey " + each.journey;
        else if constexpr (std::is_same_v<T, ChangeMember>)
          return "the person " + each.person + " in a buying group of " + each.account + " by hand";
        else if constexpr (std::is_same_v<T, ChangeGroup>)
          return "a buying group of " + each.account + " by hand";
        else if constexpr (std::is_same_v<T, SuppressAddress>)
          return "what is kept of an address";
        else
          return "a round of engagement";
      },
      input);
}

std::string words_of(const OtherAnswer& other) {
  return "Entry " + std::to_string(other.entry) + " of the journal, " + short_time(other.at) + ": " +
         printable(words_of(other.input)) +
         (other.refused.empty() ? " was refused by production and taken here"
                                : " was taken by production and refused here: " + printable(other.refused));
}

boost::json::array as_json(const std::vector<HistoryLine>& lines) {
  boost::json::array array;
  for (const HistoryLine& line : lines) {
    boost::json::object object;
    if (line.at) object["at"] = to_text(*line.at);
    if (!line.journey.empty()) object["journey"] = line.journey;
    if (!line.node.empty()) object["node"] = line.node;
    if (!line.person.empty()) object["person"] = line.person;
    object["text"] = line.text;
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace

namespace {

/// What was let go of history, and whether it was compared; empty where nothing was.
std::string history_as_text(const ComparedRows& compared) {
  std::string out;
  if (compared.archived > 0)
    out += "  " + counted(compared.archived, "enrollment", "enrollments") + " of these from the archive\n";
  if (compared.untold > 0)
    out += "  not compared: " + counted(compared.untold, "enrollment", "enrollments") + "; of the first, " +
           printable(compared.why_untold) + "\n";
  return out;
}

}  // namespace

std::string as_text(const ReplayReport& report, const Terminal& terminal) {
  const ComparedRows& compared = report.comparison.compared;
  const std::string size = counted(report.replayed.inputs, "input", "inputs") + ", " +
                           counted(compared.accounts, "account", "accounts") + ", " +
                           counted(compared.visits, "visit", "visits") + ", " +
                           counted(compared.deliveries, "delivery", "deliveries");
  if (report.is_same())
    return terminal.paint(Style::good, "no difference") + ": " + size + "\n" + history_as_text(compared);
  std::string out = terminal.paint(Style::bad, "the replay differs from what production recorded") + ": " +
                    counted(report.comparison.accounts, "account", "accounts") + ", " +
                    counted(report.comparison.rows, "row", "rows") + " of " + size + "\n" + history_as_text(compared);
  if (report.comparison.first) out += first_difference(report.comparison, terminal);
  if (report.replayed.other_answer)
    out += "\nThe first input that was answered otherwise\n  " + words_of(*report.replayed.other_answer) + "\n";
  return out;
}

boost::json::object as_json(const ReplayReport& report) {
  const ReplayComparison& comparison = report.comparison;
  boost::json::object object;
  object["same"] = report.is_same();
  object["first_entry"] = report.replayed.first;
  object["last_entry"] = report.replayed.last;
  if (report.replayed.from) object["from"] = to_text(*report.replayed.from);
  if (report.replayed.to) object["to"] = to_text(*report.replayed.to);
  object["starts"] = report.replayed.starts;
  object["inputs"] = report.replayed.inputs;
  object["accounts"] = comparison.compared.accounts;
  object["visits"] = comparison.compared.visits;
  object["deliveries"] = comparison.compared.deliveries;
  object["rows"] = comparison.compared.rows;
  object["enrollments_archived"] = comparison.compared.archived;
  object["enrollments_left_out"] = comparison.compared.untold;
  if (!comparison.compared.why_untold.empty()) object["why_left_out"] = comparison.compared.why_untold;
  object["accounts_that_differ"] = comparison.accounts;
  object["rows_that_differ"] = comparison.rows;
  if (const std::optional<OtherAnswer>& other = report.replayed.other_answer) {
    boost::json::object answered;
    answered["entry"] = other->entry;
    answered["at"] = to_text(other->at);
    answered["input"] = words_of(other->input);
    answered["refused_by"] = other->refused.empty() ? "production" : "replay";
    if (!other->refused.empty()) answered["reason"] = other->refused;
    object["answered_otherwise"] = std::move(answered);
  }
  if (!comparison.first) return object;
  const Difference& first = *comparison.first;
  boost::json::object difference;
  if (first.at) difference["at"] = to_text(*first.at);
  const std::pair<const char*, const std::string&> parts[] = {
      {"account", first.account}, {"journey", first.journey},       {"node", first.node},
      {"person", first.person},   {"production", first.production}, {"replay", first.replay}};
  for (const auto& [name, text] : parts) {
    if (!text.empty()) difference[name] = text;
  }
  object["first_difference"] = std::move(difference);
  if (comparison.production.empty() && comparison.replay.empty()) return object;
  object["timelines"] = {{"alike", comparison.alike},
                         {"production", as_json(comparison.production)},
                         {"replay", as_json(comparison.replay)}};
  return object;
}

}  // namespace caravan::tools
