#include "journeys/cron.hpp"

#include "tests/support/catch.hpp"

namespace caravan {
namespace {

std::string problem_of(std::string_view text) {
  std::string problem;
  return parse_cron(text, problem) ? "none" : problem;
}

CronSchedule parsed(std::string_view text) {
  std::string problem;
  const std::optional<CronSchedule> schedule = parse_cron(text, problem);
  INFO(text << ": " << problem);
  REQUIRE(schedule);
  return *schedule;
}

/// The first times of a schedule after a start.
std::vector<std::string> times_of(std::string_view cron, std::string_view start, std::string_view zone, int count) {
  const CronSchedule schedule = parsed(cron);
  std::vector<std::string> times;
  for (Instant at = parse_instant(start).value(); count > 0; --count) {
    at = next_time(schedule, at, zone);
    times.push_back(to_text(at));
  }
  return times;
}

std::string next_of(std::string_view cron, std::string_view start, std::string_view zone = "UTC") {
  return times_of(cron, start, zone, 1).front();
}

using Times = std::vector<std::string>;

TEST_CASE("a schedule is five fields of numbers, names, ranges, steps and lists") {
  CHECK(parsed("0 6 * * MON-FRI").weekdays == 0b0111110);
  CHECK(parsed("0 6 * * 1-5") == parsed("0 6 * * mon-fri"));
  CHECK(parsed("0 6 * * 7") == parsed("0 6 * * SUN"));
  CHECK(parsed("0 6 * * 5-7").weekdays == 0b1100001);
  CHECK(parsed("0 6 * jan,Jul *").months == ((1U << 1U) | (1U << 7U)));
  CHECK(parsed("*/20 * * * *").minutes == (1ULL | (1ULL << 20U) | (1ULL << 40U)));
  CHECK(parsed("10-30/10,59 * * * *").minutes == ((1ULL << 10U) | (1ULL << 20U) | (1ULL << 30U) | (1ULL << 59U)));
  CHECK(parsed("  0\t6  1  *  * ") == parsed("0 6 1 * *"));
  CHECK(parsed("0 6 * * *").any_day);
  CHECK(parsed("0 6 * * *").any_weekday);
  CHECK_FALSE(parsed("0 6 1 * *").any_day);
  CHECK_FALSE(parsed("0 6 * * 1").any_weekday);
}

TEST_CASE("what is no schedule says why") {
  CHECK(problem_of("0 6 * *") ==
        "it needs five fields (minute, hour, day of the month, month, day of the week) and has 4");
  CHECK(problem_of("@daily") ==
        "it needs five fields (minute, hour, day of the month, month, day of the week) and has 1");
  CHECK(problem_of("60 6 * * *") == "\"60\" is no minute; minutes go from 0 to 59");
  CHECK(problem_of("0 24 * * *") == "\"24\" is no hour; hours go from 0 to 23");
  CHECK(problem_of("0 6 0 * *") == "\"0\" is no day of the month; days of the month go from 1 to 31");
  CHECK(problem_of("0 6 * 13 *") == "\"13\" is no month; months go from 1 to 12");
  CHECK(problem_of("0 6 * * 8") == "\"8\" is no day of the week; days of the week go from 0 to 7");
  CHECK(problem_of("0 6 * * MOON") == "\"MOON\" is no day of the week; days of the week go from 0 to 7");
  CHECK(problem_of("0 MON * * *") == "\"MON\" is no hour; hours go from 0 to 23");
  CHECK(problem_of("-1 6 * * *") == "\"\" is no minute; minutes go from 0 to 59");
  CHECK(problem_of("1- 6 * * *") == "\"\" is no minute; minutes go from 0 to 59");
  CHECK(problem_of("1,,2 6 * * *") == "\"\" is no minute; minutes go from 0 to 59");
  CHECK(problem_of("1, 6 * * *") == "\"1,\" ends with a comma");
  CHECK(problem_of("30-10 6 * * *") == "\"30-10\" goes backwards");
  CHECK(problem_of("0 6 * * FRI-MON") == "\"FRI-MON\" goes backwards");
  CHECK(problem_of("5/10 6 * * *") == "\"5/10\" is no step; a step is \"*/5\" or \"10-30/5\"");
  CHECK(problem_of("*/0 6 * * *") == "\"*/0\" is no step; a step is \"*/5\" or \"10-30/5\"");
  CHECK(problem_of("*/ 6 * * *") == "\"*/\" is no step; a step is \"*/5\" or \"10-30/5\"");
  CHECK(problem_of("*/99999999999 6 * * *") == "\"*/99999999999\" is no step; a step is \"*/5\" or \"10-30/5\"");
  CHECK(problem_of("") == "it needs five fields (minute, hour, day of the month, month, day of the week) and has 0");
}

TEST_CASE("a day that no month has is refused, one that leap years have is not") {
  CHECK(problem_of("0 6 30 2 *") == "such a day never comes");
  CHECK(problem_of("0 6 31 2,4,6,9,11 *") == "such a day never comes");
  CHECK(problem_of("0 6 29 2 *") == "none");
  CHECK(problem_of("0 6 31 2,4,5 *") == "none");
  CHECK(problem_of("0 6 30 2 MON") == "none");  // either day will do, and Mondays come
}

TEST_CASE("the next time is the first after, never the same") {
  CHECK(next_of("0 6 * * *", "2026-01-05T05:59:59.999Z") == "2026-01-05T06:00:00Z");
  CHECK(next_of("0 6 * * *", "2026-01-05T06:00:00Z") == "2026-01-06T06:00:00Z");
  CHECK(next_of("*/15 9-10 * * *", "2026-01-05T09:50:00Z") == "2026-01-05T10:00:00Z");
  CHECK(next_of("*/15 9-10 * * *", "2026-01-05T10:45:00Z") == "2026-01-06T09:00:00Z");
  CHECK(next_of("0 6 * * MON-FRI", "2026-01-02T07:00:00Z") == "2026-01-05T06:00:00Z");  // Friday to Monday
  CHECK(next_of("0 0 31 * *", "2026-01-31T00:00:00Z") == "2026-03-31T00:00:00Z");
  CHECK(next_of("0 0 1 1 *", "2026-01-01T00:00:00Z") == "2027-01-01T00:00:00Z");
  CHECK(next_of("* * * * *", "2026-01-05T09:00:30Z") == "2026-01-05T09:01:00Z");
}

TEST_CASE("where both days are named either will do, and where one is open the other decides") {
  CHECK(times_of("0 6 13 * FRI", "2026-02-01T00:00:00Z", "UTC", 4) ==
        Times{"2026-02-06T06:00:00Z", "2026-02-13T06:00:00Z", "2026-02-20T06:00:00Z", "2026-02-27T06:00:00Z"});
  CHECK(times_of("0 6 13 1 FRI", "2026-01-07T00:00:00Z", "UTC", 3) ==
        Times{"2026-01-09T06:00:00Z", "2026-01-13T06:00:00Z", "2026-01-16T06:00:00Z"});
  CHECK(next_of("0 6 13 * *", "2026-02-01T00:00:00Z") == "2026-02-13T06:00:00Z");
  CHECK(next_of("0 6 * * WED", "2026-02-01T00:00:00Z") == "2026-02-04T06:00:00Z");
}

TEST_CASE("29 February comes, even over the year 2100") {
  CHECK(next_of("0 6 29 2 *", "2026-01-01T00:00:00Z") == "2028-02-29T06:00:00Z");
  CHECK(next_of("0 6 29 2 *", "2096-02-29T06:00:00Z") == "2104-02-29T06:00:00Z");
}

TEST_CASE("a time that spring leaves out comes at the moment of the change, and only once") {
  // In Berlin clocks go from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
  CHECK(times_of("30 2 * * *", "2026-03-28T00:00:00Z", "Europe/Berlin", 3) ==
        Times{"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"});
  CHECK(times_of("*/30 2,3 * * *", "2026-03-29T00:30:00Z", "Europe/Berlin", 3) ==
        Times{"2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"});
  // In New York from 02:00 to 03:00 on 8 March 2026, at 07:00 UTC.
  CHECK(next_of("15 2 * * *", "2026-03-08T06:00:00Z", "America/New_York") == "2026-03-08T07:00:00Z");
  // Samoa left out the whole of 30 December 2011: it changed at 10:00 UTC.
  CHECK(times_of("0 6 * * *", "2011-12-29T16:00:00Z", "Pacific/Apia", 2) ==
        Times{"2011-12-30T10:00:00Z", "2011-12-30T16:00:00Z"});
}

TEST_CASE("a time that autumn has twice comes once, the first time") {
  // In Berlin clocks go from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC.
  CHECK(times_of("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin", 2) ==
        Times{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"});
  CHECK(times_of("*/30 2-3 * * *", "2026-10-25T00:00:00Z", "Europe/Berlin", 3) ==
        Times{"2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z", "2026-10-25T02:30:00Z"});
  CHECK(next_of("* * * * *", "2026-10-25T01:10:00Z", "Europe/Berlin") == "2026-10-25T02:00:00Z");
  CHECK(next_of("30 1 * * *", "2026-11-01T05:00:00Z", "America/New_York") == "2026-11-01T05:30:00Z");
}

TEST_CASE("a schedule is told on the clock of its time zone") {
  CHECK(next_of("0 6 * * MON-FRI", "2026-01-04T20:00:00Z", "Asia/Kolkata") == "2026-01-05T00:30:00Z");
  CHECK(next_of("0 6 * * MON", "2026-01-05T12:00:00Z", "Pacific/Auckland") == "2026-01-11T17:00:00Z");
}

TEST_CASE("a schedule made by hand that never comes is searched for in bounds") {
  CronSchedule never = parsed("0 6 29 2 *");
  never.days = 1U << 30U;
  CHECK(next_time(never, Instant{}, "UTC") == Instant::max());
}

}  // namespace
}  // namespace caravan
