#pragma once
// Schedules as cron writes them, in a time zone: `0 6 * * MON-FRI`. Five fields: minute, hour, day of the month, month,
// day of the week; `*`, numbers, ranges, steps and lists of these, and English names of months and days.

#include "journeys/duration.hpp"

namespace caravan {

/// Bits by value: what each field allows.
struct CronSchedule {
  std::uint64_t minutes = 0;  ///< 0 to 59
  std::uint32_t hours = 0;    ///< 0 to 23
  std::uint32_t days = 0;     ///< 1 to 31
  std::uint16_t months = 0;   ///< 1 to 12
  std::uint8_t weekdays = 0;  ///< 0 (Sunday) to 6
  bool any_day = true;        ///< the day of the month was `*`
  bool any_weekday = true;    ///< the day of the week was `*`; when neither was, either day will do, as in cron
  bool operator==(const CronSchedule&) const = default;
};

/// Reads five fields; nothing, with the reason in `problem`, when they are no schedule or one that never comes.
std::optional<CronSchedule> parse_cron(std::string_view text, std::string& problem);

/// The first time of the schedule after `after`, on the clock of `zone`. A time that spring leaves out comes at the
/// moment of the change; one that autumn has twice comes once. `Instant::max()` for a schedule that never comes, which
/// parse_cron does not give.
Instant next_time(const CronSchedule& schedule, Instant after, std::string_view zone);

}  // namespace caravan
