#include "engine/definition_difference.hpp"

#include "journeys/graph.hpp"

namespace caravan {
namespace {

using caravan::to_text;  // the functions of that name below would hide it

std::string with_comma(std::string list, std::string_view more) {
  if (!list.empty()) list += ", ";
  return list += more;
}

/// `30d`, as it was written: in days, where to_text() would count weeks.
std::string duration_text(const CalendarDuration& duration) {
  CalendarDuration rest = duration;
  rest.days = std::chrono::days(0);
  if (duration.days.count() == 0) return caravan::to_text(rest);
  std::string text = std::to_string(duration.days.count()) + "d";
  if (duration.months.count() != 0) text = std::to_string(duration.months.count()) + "mo" + text;
  rest.months = std::chrono::months(0);
  return duration.exact.count() == 0 ? text : text + caravan::to_text(rest);
}

/// `03:07`, of minutes or of hours and minutes.
std::string clock_time(std::chrono::minutes time) {
  const auto two_digits = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two_digits(time.count() / 60) + ":" + two_digits(time.count() % 60);
}

std::string to_text(const Moment& moment) {
  if (moment.fixed) return to_text(*moment.fixed);
  return moment.expression ? moment.expression->text : "";
}

std::string to_text(const WeeklyTime& time) {
  constexpr std::array names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  constexpr std::uint8_t all_days = 0x7f;
  std::string text;
  for (std::size_t day = 0; day < names.size() && time.days != all_days; ++day) {
    if ((time.days >> day & 1U) != 0) text = with_comma(std::move(text), names[day]);
  }
  if (time.days == all_days) text = "any day";
  if (time.time) text += " " + clock_time(*time.time);
  return time.timezone.empty() ? text : text + " " + time.timezone;
}

std::string to_text(const WaitDefinition& wait) {
  std::string text;
  if (wait.duration) text = duration_text(*wait.duration);
  if (wait.until) text = with_comma(std::move(text), "until " + to_text(*wait.until));
  if (wait.must_end_on) text = with_comma(std::move(text), "on " + to_text(*wait.must_end_on));
  return wait.timezone.empty() ? text : text + " " + wait.timezone;
}

std::string to_text(const EventPattern& pattern) {
  std::string text = pattern.type;
  if (pattern.where) text += " where " + pattern.where->text;
  if (pattern.at_least != 1) text += " at least " + std::to_string(pattern.at_least) + " times";
  return text;
}

struct SettingText {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(const CalendarDuration& duration) const { return duration_text(duration); }
  std::string operator()(const Expression& expression) const { return expression.text; }
  std::string operator()(const ValueMap& values) const {
    std::string text;
    for (const NamedExpression& each : values)
      text = with_comma(std::move(text), each.name + ": " + each.expression.text);
    return text;
  }
  std::string operator()(const Recipients& recipients) const {
    std::string text;
    for (const Recipient& each : recipients)
      text = with_comma(std::move(text), each.expression ? each.expression->text : each.address);
    return text;
  }
  std::string operator()(const EventPatterns& patterns) const {
    std::string text;
    for (const EventPattern& each : patterns)
      text = with_comma(std::move(text), to_text(each));
    return text;
  }
  std::string operator()(const Moment& moment) const { return to_text(moment); }
  std::string operator()(const WeeklyTime& time) const { return to_text(time); }
  std::string operator()(const WaitDefinition& wait) const { return to_text(wait); }
};

/// What is set, in order: a key and its text.
using Settings = std::vector<std::pair<std::string, std::string>>;

std::vector<SettingDifference> differences(const Settings& before, const Settings& after) {
  const auto text_in = [](const Settings& settings, const std::string& key) {
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&](const auto& setting) { return setting.first == key; });
    return found == settings.end() ? std::string() : found->second;
  };
  const auto has = [](const Settings& settings, const std::string& key) {
    return std::any_of(settings.begin(), settings.end(), [&](const auto& setting) { return setting.first == key; });
  };
  std::vector<SettingDifference> found;
  for (const auto& [key, text] : after) {
    if (!has(before, key) || text_in(before, key) != text) found.push_back({key, text_in(before, key), text});
  }
  for (const auto& [key, text] : before) {
    if (!has(after, key)) found.push_back({key, text, {}});
  }
  return found;
}

std::string to_text(const EventEntry& entry) {
  return entry.where ? entry.type + " where " + entry.where->text : entry.type;
}

std::string to_text(const ReEntry& entry) {
  std::string text =
      duration_text(entry.after) + (entry.counted_from == ReEntry::From::exit ? " from exit" : " from entry");
  if (entry.limit) text += ", at most " + std::to_string(*entry.limit) + " times";
  return text;
}

/// The numbers of the bits from `first` to `last` that are set, with ranges; `*` where all are.
std::string numbers_of(std::uint64_t bits, unsigned first, unsigned last) {
  const auto has = [&](unsigned bit) { return bit <= last && (bits >> bit & 1U) != 0; };
  std::string text;
  for (unsigned bit = first; bit <= last; ++bit) {
    if (!has(bit)) continue;
    const unsigned begin = bit;
    while (has(bit + 1))
      ++bit;
    if (begin == first && bit == last) return "*";
    text += (text.empty() ? "" : ",") + std::to_string(begin);
    if (bit > begin) text += "-" + std::to_string(bit);
  }
  return text;
}

/// A schedule in numbers: the words it was written in are not kept.
std::string to_text(const CronSchedule& schedule) {
  return numbers_of(schedule.minutes, 0, 59) + " " + numbers_of(schedule.hours, 0, 23) + " " +
         (schedule.any_day ? "*" : numbers_of(schedule.days, 1, 31)) + " " + numbers_of(schedule.months, 1, 12) + " " +
         (schedule.any_weekday ? "*" : numbers_of(schedule.weekdays, 0, 6));
}

std::string_view to_text(Evaluate evaluate) {
  switch (evaluate) {
    case Evaluate::continuously: return "continuously";
    case Evaluate::once: return "once";
    case Evaluate::scheduled: return "on a schedule";
  }
  return "";
}

Settings settings_of(const JourneyDefinition& journey) {
  Settings settings = {{"title", journey.title},
                       {"for", journey.subject == JourneySubject::account ? "account" : "person"}};
  const auto add = [&](const char* key, std::string text) {
    if (!text.empty()) settings.emplace_back(key, std::move(text));
  };
  add("audience", journey.audience);
  if (!journey.audience.empty()) add("evaluate", std::string(to_text(journey.evaluate)));
  if (journey.schedule) add("cron", to_text(*journey.schedule));
  add("timezone of the schedule", journey.schedule_timezone);
  if (journey.event) add("event", to_text(*journey.event));
  if (journey.from) add("from", to_text(*journey.from));
  if (journey.to) add("to", to_text(*journey.to));
  if (journey.re_enter) add("re_enter", to_text(*journey.re_enter));
  if (journey.email_deduplication) add("email_deduplication", "true");
  if (journey.exit_when) add("exit_when", journey.exit_when->text);
  if (journey.goal) add("goal", journey.goal->text);
  if (journey.goal_exits) add("goal_exits", "true");
  if (journey.leave_with_audience) add("leave_with_audience", "true");
  add("timezone", journey.timezone);
  return settings;
}

Settings settings_of(const NodeDefinition& node) {
  Settings settings;
  for (const auto& [key, setting] : node.settings)
    settings.emplace_back(key, to_text(setting.value));
  std::string names;
  for (const PathDefinition& path : node.paths) {
    names = with_comma(std::move(names), path.name);
    std::string text;
    if (path.when) text = "when " + path.when->text;
    if (path.percent != 0) text = with_comma(std::move(text), std::to_string(path.percent) + " %");
    if (text.empty()) text = node.shape->paths ? "everyone else" : "otherwise";
    settings.emplace_back("path " + path.name, text);
  }
  if (!names.empty()) settings.emplace_back("paths", names);
  return settings;
}

/// Where a node leads, each way by its name.
Settings ways_of(const Graph& graph, std::size_t node) {
  Settings ways;
  const auto id_of = [&](std::size_t to) { return to == Graph::end ? std::string("end") : graph.nodes[to]->id; };
  for (const Edge& edge : graph.edges) {
    if (edge.from == node) ways.emplace_back(edge.path ? "path " + edge.path->name + " to" : "next", id_of(edge.to));
  }
  return ways;
}

struct Side {
  explicit Side(const JourneyDefinition& journey) : graph(graph_of(journey)) {
    for (std::size_t node = 0; node < graph.nodes.size(); ++node)
      by_id.emplace(graph.nodes[node]->id, node);
  }
  bool has(const std::string& id) const { return by_id.contains(id) || id == "end"; }

  Graph graph;
  std::map<std::string, std::size_t, std::less<>> by_id;
};

/// Where the node leads now, as far as it says more than that a neighbour was added or removed.
std::vector<SettingDifference> way_differences(const Side& before, const Side& after, const std::string& id) {
  std::vector<SettingDifference> ways =
      differences(ways_of(before.graph, before.by_id.at(id)), ways_of(after.graph, after.by_id.at(id)));
  std::erase_if(ways, [&](const SettingDifference& way) {
    return way.before.empty() || way.after.empty() || !after.has(way.before) || !before.has(way.after);
  });
  return ways;
}

/// A node that is there on both sides; nothing when it is the same.
std::optional<NodeDifference> node_difference(const Side& before, const Side& after, const std::string& id) {
  const NodeDefinition& was = *before.graph.nodes[before.by_id.at(id)];
  const NodeDefinition& is = *after.graph.nodes[after.by_id.at(id)];
  NodeDifference found{NodeDifference::Kind::changed, id, std::string(is.shape->type), {}};
  if (was.shape->type != is.shape->type) {
    found.kind = NodeDifference::Kind::replaced;
    found.type_before = was.shape->type;
    return found;
  }
  found.settings = differences(settings_of(was), settings_of(is));
  // A path that was added or removed says so itself.
  const auto is_path = [](const SettingDifference& each) {
    return each.what.starts_with("path ") && (each.before.empty() || each.after.empty());
  };
  if (std::any_of(found.settings.begin(), found.settings.end(), is_path)) {
    std::erase_if(found.settings, [](const SettingDifference& each) { return each.what == "paths"; });
  }
  std::vector<SettingDifference> ways = way_differences(before, after, id);
  found.settings.insert(found.settings.end(), ways.begin(), ways.end());
  return found.settings.empty() ? std::nullopt : std::optional(found);
}

}  // namespace

std::string to_text(const SettingValue& value) {
  return std::visit(SettingText{}, value);
}

JourneyDifference difference(const JourneyDefinition& before, const JourneyDefinition& after) {
  const Side was(before);
  const Side is(after);
  JourneyDifference found{differences(settings_of(before), settings_of(after)), {}};
  for (const NodeDefinition* node : is.graph.nodes) {
    if (!was.by_id.contains(node->id)) {
      found.nodes.push_back({NodeDifference::Kind::added, node->id, std::string(node->shape->type), {}});
    } else if (auto each = node_difference(was, is, node->id)) {
      found.nodes.push_back(std::move(*each));
    }
  }
  for (const NodeDefinition* node : was.graph.nodes) {
    if (!is.by_id.contains(node->id)) {
      found.nodes.push_back({NodeDifference::Kind::removed, node->id, std::string(node->shape->type), {}});
    }
  }
  return found;
}

}  // namespace caravan
