#include "nodes/wait_plan.hpp"

namespace caravan {
namespace {

using std::chrono::days;

bool fits(const WeeklyTime& weekly, std::chrono::local_days day) {
  const unsigned from_monday = std::chrono::weekday(day).iso_encoding() - 1;
  return (weekly.days >> from_monday & 1U) != 0;
}

/// The first instant of one of the days that is not before `earliest`.
Instant next_day(const WeeklyTime& weekly, Instant earliest, std::string_view zone) {
  const auto today = std::chrono::floor<days>(local_time_at(earliest, zone));
  if (fits(weekly, today)) return earliest;
  auto day = today + days(1);
  while (!fits(weekly, day))
    day += days(1);
  return instant_at(day, zone);
}

/// The next of the days at the time, not before `earliest` and after `now`.
Instant next_day_and_time(const WeeklyTime& weekly, Instant earliest, Instant now, std::string_view zone) {
  // The day before, because a time that spring leaves out may come a day later.
  auto day = std::chrono::floor<days>(local_time_at(earliest, zone)) - days(1);
  while (true) {
    if (fits(weekly, day)) {
      const Instant at = instant_at(day + *weekly.time, zone);
      if (at >= earliest && at > now) return at;
    }
    day += days(1);
  }
}

}  // namespace

Instant WaitPlan::end(Scene& scene) const {
  const Instant now = scene.now();
  const std::string& zone = definition_.timezone.empty() ? scene.timezone() : definition_.timezone;
  Instant end = now;
  if (definition_.duration) end = add(now, *definition_.duration, zone);
  if (const std::optional<Moment>& until = definition_.until)
    end = until->fixed ? *until->fixed : scene.instant_of(*until->expression->program).value_or(now);
  if (!definition_.must_end_on) return end;
  const WeeklyTime& weekly = *definition_.must_end_on;
  assert((weekly.days & 0x7fU) != 0);
  const std::string& weekly_zone = weekly.timezone.empty() ? zone : weekly.timezone;
  const Instant earliest = std::max(end, now);
  return weekly.time ? next_day_and_time(weekly, earliest, now, weekly_zone) : next_day(weekly, earliest, weekly_zone);
}

}  // namespace caravan
