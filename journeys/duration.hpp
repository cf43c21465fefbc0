#pragma once
// Durations as authors write them: `90s`, `15m`, `2h`, `3d`, `1w`, `1mo` and sums (`1d12h`). Days and longer are
// calendar units, counted in a time zone; hours and shorter are exact.

namespace caravan {

/// Instants of the engine: milliseconds of UTC.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Months and days are applied on the calendar first, then the exact part is added. None is negative.
struct CalendarDuration {
  std::chrono::months months{0};
  std::chrono::days days{0};
  std::chrono::milliseconds exact{0};
  bool operator==(const CalendarDuration&) const = default;
};

/// Reads `1d12h`; nothing, with the reason in `problem`, when it is not a duration (or is longer than 10 years).
std::optional<CalendarDuration> parse_duration(std::string_view text, std::string& problem);

/// `1mo2d3h`, the shortest text that parse_duration reads back; `0s` for none.
std::string to_text(const CalendarDuration& duration);

/// The instant that lies `duration` after `start` on the calendar of `zone` (an IANA name that time_zone_exists).
/// A local time that does not exist (spring) is moved forward by the gap; one that exists twice (autumn) is the first;
/// 31 January plus one month is the last day of February.
Instant add(Instant start, const CalendarDuration& duration, std::string_view zone);

/// The instant that lies `duration` before `start`, by the same rules: months and days go back on the calendar first.
Instant subtract(Instant start, const CalendarDuration& duration, std::string_view zone);

/// The date and time that clocks show, without their zone.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// What becomes of a local time that spring leaves out.
enum class LeftOut {
  moved,      ///< it is moved forward by the gap: 02:30 becomes 03:30
  at_change,  ///< it is the moment of the change: 02:30 becomes 03:00
};

/// What the clocks of a zone (an IANA name that time_zone_exists) show at an instant, and the instant at which they
/// show a time. A time that exists twice (autumn) is the first.
LocalTime local_time_at(Instant instant, std::string_view zone);
Instant instant_at(LocalTime time, std::string_view zone, LeftOut left_out = LeftOut::moved);

bool time_zone_exists(std::string_view zone);

/// ISO 8601 in UTC to the second (milliseconds when there are any): `2026-01-05T09:00:00Z`.
std::string to_text(Instant instant);

/// Reads ISO 8601 with a zone offset or Z, or a date alone (midnight UTC).
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace caravan
