#include "journeys/diagram_labels.hpp"

#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_setting = 40;

std::string cut(std::string_view text, std::size_t longest) {
  std::string out;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (++characters > longest) return out + "…";
    const bool is_break = point.valid && point.value < 0x20;
    out += is_break ? " " : std::string(text.substr(at, point.length));
    at += point.length;
  }
  return out;
}

void append(std::string& out, std::string_view separator, std::string_view text) {
  if (text.empty()) return;
  if (!out.empty()) out += separator;
  out += text;
}

/// `2026-01-01`, or `2026-01-01 09:00` where it is not midnight.
std::string spoken(Instant instant, std::string_view zone) {
  const Instant shown(local_time_at(instant, zone).time_since_epoch());
  const std::string text = to_text(shown);
  const std::string time = text.substr(11, 5);
  return text.substr(0, 10) + (time == "00:00" ? "" : " " + time);
}

std::string spoken(std::chrono::minutes time) {
  const auto two_digits = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two_digits(time.count() / 60) + ":" + two_digits(time.count() % 60);
}

/// `mon-fri`, `mon, wed`; nothing for all of them.
std::string spoken_days(std::uint8_t days) {
  constexpr std::array<std::string_view, 7> names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto has = [&](std::size_t day) { return day < names.size() && (days >> day & 1U) != 0; };
  std::string out;
  for (std::size_t first = 0; first < names.size(); ++first) {
    if (!has(first)) continue;
    std::size_t last = first;
    while (has(last + 1))
      ++last;
    if (first == 0 && last + 1 == names.size()) return {};
    append(out, ", ", names[first]);
    if (last > first) out += (last > first + 1 ? "-" : ", ") + std::string(names[last]);
    first = last;
  }
  return out;
}

struct Say {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
  std::string operator()(const CalendarDuration& duration) const { return to_text(duration); }
  std::string operator()(const Expression& expression) const { return expression.text; }
  std::string operator()(const ValueMap& values) const {
    std::string out;
    for (const NamedExpression& one : values)
      append(out, ", ", one.name);
    return out;
  }
  std::string operator()(const Recipients& recipients) const {
    std::string out;
    for (const Recipient& one : recipients)
      append(out, ", ", one.expression ? one.expression->text : one.address);
    return out;
  }
  std::string operator()(const Moment& moment) const {
    return moment.fixed ? spoken(*moment.fixed, zone) : moment.expression->text;
  }
  std::string operator()(const WeeklyTime& weekly) const {
    std::string out = spoken_days(weekly.days);
    if (weekly.time) append(out, " ", spoken(*weekly.time));
    return out;
  }
  std::string operator()(const WaitDefinition& wait) const {
    std::string out = wait.duration ? to_text(*wait.duration) : std::string();
    if (wait.until) append(out, ", ", "until " + (*this)(*wait.until));
    if (wait.must_end_on) append(out, ", ", (*this)(*wait.must_end_on));
    return out;
  }
  std::string operator()(const EventPatterns& patterns) const {
    std::string out;
    for (const EventPattern& one : patterns)
      append(out, ", ", one.type + (one.at_least > 1 ? " ×" + std::to_string(one.at_least) : ""));
    return out;
  }

  std::string_view zone;
};

/// The settings in a few words, those of the shape's first keys first.
std::string settings_of(const NodeDefinition& node, std::string_view zone) {
  std::string out;
  if (node.shape == nullptr) return out;
  for (const KeyShape& key : node.shape->keys) {
    const auto found = node.settings.find(key.name);
    if (found != node.settings.end()) append(out, ", ", std::visit(Say{zone}, found->second.value));
  }
  return cut(out, longest_setting);
}

void add_figure(Lines& lines, std::string figure) {
  if (!figure.empty()) lines.push_back(std::move(figure));
}

/// `again 30d after exit, 3 times at most`
std::string spoken(const ReEntry& again) {
  std::string out = "again";
  if (again.after != CalendarDuration{}) {
    const bool from_exit = again.counted_from == ReEntry::From::exit;
    out += " " + to_text(again.after) + " after " + (from_exit ? "exit" : "entry");
  }
  if (again.limit) out += ", " + std::to_string(*again.limit) + " times at most";
  return out;
}

}  // namespace

Lines start_label(const JourneyDefinition& journey, std::string_view zone) {
  const std::string whose = journey.subject == JourneySubject::person ? "people of " : "";
  Lines lines;
  if (!journey.audience.empty()) {
    lines.push_back(whose + journey.audience);
    if (journey.evaluate == Evaluate::once) lines.emplace_back("once");
    if (journey.evaluate == Evaluate::scheduled) lines.push_back(journey.schedule_text);
  }
  if (journey.event) {
    lines.push_back((lines.empty() ? "on " : "or on ") + journey.event->type);
    if (journey.event->where) lines.push_back(cut(journey.event->where->text, longest_setting));
  }
  if (lines.empty()) lines.emplace_back("start");
  if (journey.from) lines.push_back("from " + spoken(*journey.from, zone));
  if (journey.to) lines.push_back("to " + spoken(*journey.to, zone));
  if (journey.re_enter) lines.push_back(spoken(*journey.re_enter));
  return lines;
}

Lines node_label(const NodeDefinition& node, std::string_view zone, const DiagramFigures& figures) {
  const std::string* own_zone = node.setting<std::string>("timezone");
  const std::string settings = settings_of(node, own_zone == nullptr ? zone : *own_zone);
  std::string type = node.shape == nullptr ? std::string("?") : std::string(node.shape->type);
  append(type, ": ", settings);
  Lines lines = {node.id, std::move(type)};
  if (figures.of_node) add_figure(lines, figures.of_node(node));
  return lines;
}

Lines path_label(const NodeDefinition& node, const PathDefinition& path, const DiagramFigures& figures) {
  Lines lines = {path.name + (path.percent > 0 ? " " + std::to_string(path.percent) + " %" : "")};
  if (figures.of_path) add_figure(lines, figures.of_path(node, path));
  return lines;
}

}  // namespace caravan
