#include "tools/caravan/report/replay_report.hpp"

#include <boost/json/array.hpp>

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

std::string row_of(const HistoryLine& line, char mark, Style style, const Terminal& terminal) {
  constexpr std::string_view no_time = "in the end      ";
  const std::string at = line.at ? short_time(*line.at) : std::string(no_time);
  const std::string place = where(line);
  return terminal.paint(style, std::string(1, mark)) + " " + terminal.paint(Style::faint, at) + "  " +
         (place.empty() ? "" : terminal.paint(Style::faint, place + ": ")) +
         terminal.paint(style, printable(line.text)) + "\n";
}

/// The longest lines that two lists have in common in this order, by position in both.
std::vector<std::pair<std::size_t, std::size_t>> common(std::span<const HistoryLine> left,
                                                        std::span<const HistoryLine> right) {
  std::vector<std::vector<std::size_t>> longest(left.size() + 1, std::vector<std::size_t>(right.size() + 1, 0));
  for (std::size_t i = left.size(); i-- > 0;) {
    for (std::size_t j = right.size(); j-- > 0;) {
      longest[i][j] = left[i] == right[j] ? longest[i + 1][j + 1] + 1 : std::max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    if (left[i] == right[j]) {
      pairs.emplace_back(i++, j++);
    } else if (longest[i + 1][j] >= longest[i][j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return pairs;
}

std::span<const HistoryLine> behind(const std::vector<HistoryLine>& lines, std::size_t first) {
  const std::size_t count = std::min(lines.size() - first, kLinesAfter);
  return {lines.data() + first, count};
}

/// Both histories as one: what is in production alone behind a minus, what is in the replay alone behind a plus.
std::string timelines(const ReplayComparison& comparison, const Terminal& terminal) {
  std::string out;
  const std::size_t alike = comparison.alike;
  const std::size_t from = alike - std::min(alike, kLinesBefore);
  if (from > 0)
    out += terminal.paint(Style::faint,
                          "  " + counted(static_cast<std::int64_t>(from), "line", "lines") + " before are the same") +
           "\n";
  for (std::size_t i = from; i < alike; ++i)
    out += row_of(comparison.production[i], ' ', Style::plain, terminal);
  const auto left = behind(comparison.production, alike), right = behind(comparison.replay, alike);
  auto pairs = common(left, right);
  pairs.emplace_back(left.size(), right.size());
  std::size_t i = 0, j = 0;
  for (const auto& [next_left, next_right] : pairs) {
    while (i < next_left)
      out += row_of(left[i++], '-', Style::bad, terminal);
    while (j < next_right)
      out += row_of(right[j++], '+', Style::good, terminal);
    if (i < left.size() && j < right.size()) {
      out += row_of(left[i], ' ', Style::plain, terminal);
      ++i, ++j;
    }
  }
  const std::size_t left_out = comparison.production.size() + comparison.replay.size() - 2 * alike - i - j;
  if (left_out > 0)
    out += terminal.paint(Style::faint, "  and " + counted(static_cast<std::int64_t>(left_out), "line", "lines") +
                                            " behind: --json shows all") +
           "\n";
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

std::string as_text(const ReplayReport& report, const Terminal& terminal) {
  const ComparedRows& compared = report.comparison.compared;
  const std::string size = counted(report.replayed.inputs, "input", "inputs") + ", " +
                           counted(compared.accounts, "account", "accounts") + ", " +
                           counted(compared.visits, "visit", "visits") + ", " +
                           counted(compared.deliveries, "delivery", "deliveries");
  if (report.is_same()) return terminal.paint(Style::good, "no difference") + ": " + size + "\n";
  std::string out = terminal.paint(Style::bad, "the replay differs from what production recorded") + ": " +
                    counted(report.comparison.accounts, "account", "accounts") + ", " +
                    counted(report.comparison.rows, "row", "rows") + " of " + size + "\n";
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
