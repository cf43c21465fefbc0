// Instants: reading and writing them as ISO 8601, and walking the calendar of a time zone.
#include <date/tz.h>

#include "journeys/duration.hpp"

namespace caravan {
namespace {

using std::chrono::milliseconds;

bool is_utc(std::string_view zone) {
  return zone == "UTC" || zone == "Etc/UTC";
}

/// The zone, or null. The database's zones are never freed, so a thread may remember the last one it asked for.
const date::time_zone* find_zone(std::string_view zone) {
  thread_local std::string last_name;
  thread_local const date::time_zone* last = nullptr;
  if (last != nullptr && last_name == zone) return last;
  try {
    const date::time_zone* found = date::locate_zone(std::string(zone));
    last_name = zone;
    last = found;
    return found;
  } catch (const std::exception&) {
    return nullptr;
  }
}

/// The time on the wall, kept as the library that knows the zones wants it.
using Local = date::local_time<milliseconds>;

/// Forwards or backwards by the duration's months and days.
enum class Direction { forwards = 1, backwards = -1 };

Local move_on_calendar(Local start, const CalendarDuration& duration, Direction direction) {
  const int sign = static_cast<int>(direction);
  const auto midnight = date::floor<date::days>(start);
  const auto time_of_day = start - midnight;
  date::year_month_day day(midnight);
  if (duration.months.count() != 0) {
    day += date::months(sign * static_cast<int>(duration.months.count()));
    if (!day.ok()) day = day.year() / day.month() / date::last;
  }
  return date::local_days(day) + date::days(sign * static_cast<int>(duration.days.count())) + time_of_day;
}

Instant to_instant(Local local, const date::time_zone& zone, LeftOut left_out) {
  const date::local_info info = zone.get_info(local);
  if (info.result == date::local_info::nonexistent && left_out == LeftOut::at_change) {
    return Instant(info.first.end.time_since_epoch());
  }
  // With the offset from before a gap, a time that does not exist lands behind it; with the first of two offsets, a
  // time that exists twice is the earlier.
  return Instant(local.time_since_epoch() - info.first.offset);
}

Local to_local(Instant instant, const date::time_zone& zone) {
  const date::sys_time<milliseconds> time(instant.time_since_epoch());
  return Local(time.time_since_epoch() + zone.get_info(time).offset);
}

/// Takes exactly `digits` digits off the front of `text`.
bool take_number(std::string_view& text, std::size_t digits, int& number) {
  if (text.size() < digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
  if (error != std::errc() || end != text.data() + digits || text[0] == '-') return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text[0] != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, std::chrono::sys_days& day) {
  int year = 0;
  int month = 0;
  int day_of_month = 0;
  if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) || !take(text, '-') ||
      !take_number(text, 2, day_of_month)) {
    return false;
  }
  const auto date = std::chrono::year(year) / month / day_of_month;
  if (!date.ok() || year < 1) return false;
  day = date;
  return true;
}

bool take_time(std::string_view& text, milliseconds& time) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take_number(text, 2, hour) || !take(text, ':') || !take_number(text, 2, minute)) return false;
  if (take(text, ':') && !take_number(text, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  time = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  if (!take(text, '.')) return true;
  int scale = 100;
  std::size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9' && digits < 9; ++digits, scale /= 10) {
    time += milliseconds((text[0] - '0') * scale);
    text.remove_prefix(1);
  }
  return digits > 0;
}

bool take_offset(std::string_view& text, std::chrono::minutes& offset) {
  if (take(text, 'Z')) return true;
  const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
  int hours = 0;
  int minutes = 0;
  if (sign == 0 || !take_number(text, 2, hours) || !take(text, ':') || !take_number(text, 2, minutes)) return false;
  if (hours > 18 || minutes > 59) return false;
  offset = std::chrono::minutes(sign * (hours * 60 + minutes));
  return true;
}

std::string padded(std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

LocalTime local_time_at(Instant instant, std::string_view zone) {
  const date::time_zone* found = is_utc(zone) ? nullptr : find_zone(zone);
  if (found == nullptr) return LocalTime(instant.time_since_epoch());
  return LocalTime(to_local(instant, *found).time_since_epoch());
}

Instant instant_at(LocalTime time, std::string_view zone, LeftOut left_out) {
  const date::time_zone* found = is_utc(zone) ? nullptr : find_zone(zone);
  if (found == nullptr) return Instant(time.time_since_epoch());
  return to_instant(Local(time.time_since_epoch()), *found, left_out);
}

namespace {

/// By the duration's months and days, on the clock of the zone.
Instant move_in_zone(Instant start, const CalendarDuration& duration, Direction direction, std::string_view zone) {
  if (duration.months.count() == 0 && duration.days.count() == 0) return start;
  const Local local(local_time_at(start, zone).time_since_epoch());
  return instant_at(LocalTime(move_on_calendar(local, duration, direction).time_since_epoch()), zone);
}

}  // namespace

Instant add(Instant start, const CalendarDuration& duration, std::string_view zone) {
  return move_in_zone(start, duration, Direction::forwards, zone) + duration.exact;
}

Instant subtract(Instant start, const CalendarDuration& duration, std::string_view zone) {
  return move_in_zone(start, duration, Direction::backwards, zone) - duration.exact;
}

bool time_zone_exists(std::string_view zone) {
  if (is_utc(zone)) return true;
  return !zone.empty() && zone.size() <= 64 && find_zone(zone) != nullptr;
}

std::string to_text(Instant instant) {
  const auto midnight = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss time(instant - midnight);
  std::string out = padded(int(day.year()), 4) + "-" + padded(unsigned(day.month()), 2) + "-" +
                    padded(unsigned(day.day()), 2) + "T" + padded(time.hours().count(), 2) + ":" +
                    padded(time.minutes().count(), 2) + ":" + padded(time.seconds().count(), 2);
  if (time.subseconds().count() != 0) out += "." + padded(time.subseconds().count(), 3);
  return out + "Z";
}

std::optional<Instant> parse_instant(std::string_view text) {
  std::chrono::sys_days day;
  if (!take_date(text, day)) return std::nullopt;
  if (text.empty()) return Instant(day);
  milliseconds time{0};
  std::chrono::minutes offset{0};
  if (!take(text, 'T') || !take_time(text, time) || !take_offset(text, offset) || !text.empty()) return std::nullopt;
  return Instant(day) + time - offset;
}

}  // namespace caravan
