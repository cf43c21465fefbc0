#include "journeys/cron.hpp"

namespace caravan {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> month_names = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
  std::string_view singular;
  std::string_view plural;
  int least;
  int most;
  std::span<const std::string_view> names;  ///< of the values from `least` on; empty: numbers only
};

constexpr std::array<Field, 5> fields = {{{"minute", "minutes", 0, 59, {}},
                                          {"hour", "hours", 0, 23, {}},
                                          {"day of the month", "days of the month", 1, 31, {}},
                                          {"month", "months", 1, 12, month_names},
                                          // 7 is Sunday as well, so that a range may end with it.
                                          {"day of the week", "days of the week", 0, 7, weekday_names}}};

using Bits = std::uint64_t;

constexpr Bits bit(int value) {
  return Bits{1} << static_cast<unsigned>(value);
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text.substr(0, 40)) + "\"";
}

/// The part of `text` before `separator`, which is taken off with it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && text.front() != '-';
  return is_number ? std::optional(number) : std::nullopt;
}

std::string in_upper_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::optional<int> value_of(std::string_view text, const Field& field, std::string& problem) {
  const auto name = std::find(field.names.begin(), field.names.end(), in_upper_case(text));
  if (name != field.names.end()) return field.least + static_cast<int>(name - field.names.begin());
  const std::optional<int> number = text.empty() ? std::nullopt : number_in(text);
  if (number && *number >= field.least && *number <= field.most) return number;
  problem = quoted(text) + " is no " + std::string(field.singular) + "; " + std::string(field.plural) + " go from " +
            std::to_string(field.least) + " to " + std::to_string(field.most);
  return std::nullopt;
}

/// One part of a list: `*`, `7`, `1-5`, each of the first and the last with `/2` behind it.
std::optional<Bits> read_part(std::string_view part, const Field& field, std::string& problem) {
  const std::string_view whole = part;
  const bool has_step = part.find('/') != std::string_view::npos;
  std::string_view range = take_until(part, '/');
  int first = field.least;
  int last = field.most;
  const bool is_range = range == "*" || range.find('-') != std::string_view::npos;
  if (range != "*") {
    const std::optional<int> from = value_of(take_until(range, '-'), field, problem);
    if (!from) return std::nullopt;
    const std::optional<int> to = is_range ? value_of(range, field, problem) : from;
    if (!to) return std::nullopt;
    first = *from;
    last = *to;
  }
  if (first > last) {
    problem = quoted(whole) + " goes backwards";
    return std::nullopt;
  }
  int step = 1;
  if (has_step) {
    const std::optional<int> number = part.empty() ? std::nullopt : number_in(part);
    if (!is_range || !number || *number < 1 || *number > field.most) {
      problem = quoted(whole) + " is no step; a step is \"*/5\" or \"10-30/5\"";
      return std::nullopt;
    }
    step = *number;
  }
  Bits bits = 0;
  for (int value = first; value <= last; value += step)
    bits |= bit(value);
  return bits;
}

std::optional<Bits> read_field(std::string_view text, const Field& field, std::string& problem) {
  Bits bits = 0;
  if (text.ends_with(',')) {
    problem = quoted(text) + " ends with a comma";
    return std::nullopt;
  }
  while (!text.empty()) {
    const std::optional<Bits> part = read_part(take_until(text, ','), field, problem);
    if (!part) return std::nullopt;
    bits |= *part;
  }
  return bits;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

bool has(Bits bits, unsigned value) {
  return (bits >> value & 1U) != 0;
}

/// Whether some month that is allowed has a day that is allowed; a day of the week comes in every month.
bool ever_comes(const CronSchedule& schedule) {
  if (schedule.any_day || !schedule.any_weekday) return true;
  constexpr std::array<unsigned, 12> longest = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (unsigned month = 1; month <= 12; ++month) {
    if (has(schedule.months, month) && (schedule.days & (bit(static_cast<int>(longest[month - 1]) + 1) - 1)) != 0)
      return true;
  }
  return false;
}

bool is_day(const CronSchedule& schedule, local_days day) {
  const year_month_day date(day);
  if (!has(schedule.months, unsigned(date.month()))) return false;
  const bool by_day = has(schedule.days, unsigned(date.day()));
  const bool by_weekday = has(schedule.weekdays, std::chrono::weekday(day).c_encoding());
  if (schedule.any_day || schedule.any_weekday) return by_day && by_weekday;
  return by_day || by_weekday;
}

struct After {
  LocalTime time;
  Instant instant;
};

/// The first of the day's times that comes after. Where autumn shows an hour twice, times that are still to be shown
/// again have come already, so the instant decides.
std::optional<Instant> first_of_day(const CronSchedule& schedule, local_days day, const After& after,
                                    std::string_view zone) {
  constexpr unsigned minutes_of_day = 24 * 60;
  for (unsigned minute = 0; minute < minutes_of_day; ++minute) {
    if (!has(schedule.hours, minute / 60) || !has(schedule.minutes, minute % 60)) continue;
    const LocalTime time = day + std::chrono::minutes(minute);
    if (time < after.time) continue;
    const Instant instant = instant_at(time, zone, LeftOut::at_change);
    if (instant > after.instant) return instant;
  }
  return std::nullopt;
}

}  // namespace

std::optional<CronSchedule> parse_cron(std::string_view text, std::string& problem) {
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() != fields.size()) {
    problem = "it needs five fields (minute, hour, day of the month, month, day of the week) and has " +
              std::to_string(words.size());
    return std::nullopt;
  }
  std::array<Bits, fields.size()> bits{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::optional<Bits> read = read_field(words[i], fields[i], problem);
    if (!read) return std::nullopt;
    bits[i] = *read;
  }
  constexpr Bits sunday_again = bit(7);
  if ((bits[4] & sunday_again) != 0) bits[4] = (bits[4] & ~sunday_again) | bit(0);
  const CronSchedule schedule{.minutes = bits[0],
                              .hours = static_cast<std::uint32_t>(bits[1]),
                              .days = static_cast<std::uint32_t>(bits[2]),
                              .months = static_cast<std::uint16_t>(bits[3]),
                              .weekdays = static_cast<std::uint8_t>(bits[4]),
                              .any_day = words[2] == "*",
                              .any_weekday = words[4] == "*"};
  if (ever_comes(schedule)) return schedule;
  problem = "such a day never comes";
  return std::nullopt;
}

Instant next_time(const CronSchedule& schedule, Instant after, std::string_view zone) {
  const LocalTime start = std::chrono::floor<std::chrono::minutes>(local_time_at(after, zone));
  const local_days first = std::chrono::floor<days>(start);
  // The rarest day is 29 February, which once in a hundred years is eight years away.
  const local_days last = first + days(8 * 366 + 1);
  for (local_days day = first; day <= last; day += days(1)) {
    if (!is_day(schedule, day)) continue;
    if (const std::optional<Instant> found = first_of_day(schedule, day, {start, after}, zone)) return *found;
  }
  return Instant::max();
}

}  // namespace caravan
