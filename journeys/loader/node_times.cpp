// Times in the keys of a node: moments, times of the week, and waits.
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

void add_day(const yaml::Node& item, std::uint8_t& days, Diagnostics& diagnostics) {
  if (item.is(yaml::Kind::broken)) return;
  const auto day = std::find(day_names.begin(), day_names.end(), item.text);
  if (item.is(yaml::Kind::scalar) && day != day_names.end()) {
    days = static_cast<std::uint8_t>(days | 1U << static_cast<unsigned>(day - day_names.begin()));
    return;
  }
  const std::string what =
      item.is(yaml::Kind::scalar) ? in_ticks(item.text) + " is no day" : "`days` takes names of days";
  diagnostics.error(item.place, what, "the days are " + listed(day_names));
}

std::uint8_t read_days(const yaml::Entry& entry, Diagnostics& diagnostics) {
  std::uint8_t days = 0;
  if (!has_value(entry, diagnostics)) return days;
  const bool is_list = entry.value.is(yaml::Kind::sequence);
  if (is_list && entry.value.items.empty()) diagnostics.error(entry.key_place, "`days` names no day");
  for (const yaml::Node& item : is_list ? std::span<const yaml::Node>(entry.value.items) : std::span(&entry.value, 1))
    add_day(item, days, diagnostics);
  return days;
}

/// `09:00`
std::optional<std::chrono::minutes> read_time_of_day(const yaml::Entry& entry, Diagnostics& diagnostics) {
  const std::optional<std::string> text = read_text(entry, diagnostics);
  if (!text) return std::nullopt;
  const auto digit = [&](std::size_t at) { return (*text)[at] - '0'; };
  const bool has_form =
      text->size() == 5 && (*text)[2] == ':' &&
      std::all_of(text->begin(), text->end(), [](char c) { return c == ':' || (c >= '0' && c <= '9'); }) &&
      std::count(text->begin(), text->end(), ':') == 1;
  const int hour = has_form ? digit(0) * 10 + digit(1) : 24;
  const int minute = has_form ? digit(3) * 10 + digit(4) : 60;
  if (hour < 24 && minute < 60) return std::chrono::hours(hour) + std::chrono::minutes(minute);
  diagnostics.error(entry.value.place, in_ticks(*text) + " is no time of day", "write for example `09:00` or `17:30`");
  return std::nullopt;
}

}  // namespace

std::string NodeReader::zone_of(const yaml::Node& mapping) const {
  const yaml::Node* own = mapping.find("timezone");
  if (own != nullptr && own->is(yaml::Kind::scalar) && time_zone_exists(own->text)) return own->text;
  return journey_.timezone.empty() ? loading_.workspace.configuration.timezone : journey_.timezone;
}

std::optional<Moment> NodeReader::read_moment(const yaml::Entry& entry, const KeyShape& key, std::string_view zone) {
  if (entry.value.is(yaml::Kind::scalar) && looks_like_date(entry.value.text)) {
    const std::optional<Instant> fixed = read_instant(entry, zone, diagnostics());
    return fixed ? std::optional(Moment{fixed, std::nullopt}) : std::nullopt;
  }
  std::optional<Expression> expression = read_expression(loading_, entry, use_of(key, cel::Type::timestamp()));
  return expression ? std::optional(Moment{std::nullopt, std::move(expression)}) : std::nullopt;
}

std::optional<WeeklyTime> NodeReader::read_weekly_time(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics())) return std::nullopt;
  WeeklyTime weekly;
  Fields fields(entry.value, diagnostics());
  const yaml::Entry* days = fields.find("days");
  const yaml::Entry* time = fields.find("time");
  if (days != nullptr) weekly.days = read_days(*days, diagnostics());
  if (time != nullptr) weekly.time = read_time_of_day(*time, diagnostics());
  if (const yaml::Entry* zone = fields.find("timezone"))
    weekly.timezone = read_time_zone(*zone, diagnostics()).value_or("");
  fields.finish();
  if (days == nullptr && time == nullptr) {
    diagnostics().error(entry.key_place, in_ticks(entry.key) + " names no time of the week", "add `days` or `time`");
  }
  return weekly;
}

/// One that could not be read stands for a day, so that the node does not seem to have none.
WaitDefinition NodeReader::read_wait(const yaml::Entry& entry, const KeyShape& key) {
  WaitDefinition stand_in;
  stand_in.duration = CalendarDuration{.days = std::chrono::days(1)};
  WaitDefinition wait;
  if (!entry.value.is(yaml::Kind::mapping)) {
    wait.duration = read_duration(entry, diagnostics());
    return wait.duration ? wait : stand_in;
  }
  Fields fields(entry.value, diagnostics());
  const yaml::Entry* duration = fields.find("for");
  const yaml::Entry* until = fields.find("until");
  const yaml::Entry* must_end_on = fields.find("must_end_on");
  if (duration != nullptr) wait.duration = read_duration(*duration, diagnostics());
  if (until != nullptr) wait.until = read_moment(*until, key, zone_of(entry.value));
  if (must_end_on != nullptr) wait.must_end_on = read_weekly_time(*must_end_on);
  if (const yaml::Entry* zone = fields.find("timezone"))
    wait.timezone = read_time_zone(*zone, diagnostics()).value_or("");
  fields.finish();
  if (duration != nullptr && until != nullptr) {
    diagnostics().error(until->key_place, in_ticks(entry.key) + " has `for` and `until`",
                        "a wait ends after a duration or at a date; take one of them out");
  } else if (duration == nullptr && until == nullptr && must_end_on == nullptr) {
    diagnostics().error(entry.key_place, in_ticks(entry.key) + " does not say how long",
                        "add `for`, `until` or `must_end_on`");
  }
  return wait.duration || wait.until || wait.must_end_on ? wait : stand_in;
}

}  // namespace caravan::loader
