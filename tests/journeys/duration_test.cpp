#include "journeys/duration.hpp"

#include "tests/support/catch.hpp"

namespace caravan {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::months;

std::string problem_of(std::string_view text) {
  std::string problem;
  return parse_duration(text, problem) ? "none" : problem;
}

CalendarDuration parsed(std::string_view text) {
  std::string problem;
  const auto duration = parse_duration(text, problem);
  INFO(problem);
  REQUIRE(duration);
  return *duration;
}

std::string after(std::string_view start, std::string_view duration, std::string_view zone) {
  return to_text(add(parse_instant(start).value(), parsed(duration), zone));
}

TEST_CASE("durations are read by their units") {
  CHECK(parsed("90s").exact == milliseconds(90'000));
  CHECK(parsed("15m").exact == milliseconds(900'000));
  CHECK(parsed("2h").exact == milliseconds(7'200'000));
  CHECK(parsed("3d").days == days(3));
  CHECK(parsed("1w").days == days(7));
  CHECK(parsed("1mo").months == months(1));
  CHECK(parsed("1d12h") == CalendarDuration{months(0), days(1), milliseconds(43'200'000)});
  CHECK(parsed("0s") == CalendarDuration{});
}

TEST_CASE("what is no duration says why") {
  CHECK(problem_of("") == "it is empty");
  CHECK(problem_of("d") == "a number must stand before each unit");
  CHECK(problem_of("-1d") == "a number must stand before each unit");
  CHECK(problem_of("3") == "it has no unit; units are mo, w, d, h, m and s");
  CHECK(problem_of("3 d") == "\" d\" is no unit; units are mo, w, d, h, m and s");
  CHECK(problem_of("3days") == "\"days\" is no unit; units are mo, w, d, h, m and s");
  CHECK(problem_of("1.5h") == "\".\" is no unit; units are mo, w, d, h, m and s");
  CHECK(problem_of("12h1d") == "units go from the largest to the smallest, each once");
  CHECK(problem_of("1d1d") == "units go from the largest to the smallest, each once");
  CHECK(problem_of("11000d") == "it is longer than 10 years");
  CHECK(problem_of("121mo") == "it is longer than 10 years");
  CHECK(problem_of("999999999999w") == "it is longer than 10 years");
  CHECK(problem_of("9999999999999999999h") == "it is longer than 10 years");
}

TEST_CASE("a duration is written as the shortest text that reads back") {
  for (const std::string text : {"90s", "1mo2w3d4h5m6s", "1w", "36h", "0s", "250ms"}) {
    CHECK(parsed(to_text(parsed(text))) == parsed(text));
  }
  CHECK(to_text(parsed("90s")) == "1m30s");
  CHECK(to_text(parsed("14d")) == "2w");
  CHECK(to_text(parsed("4w2d")) == "30d");
  CHECK(to_text(parsed("48h")) == "48h");
  CHECK(to_text(CalendarDuration{}) == "0s");
}

TEST_CASE("hours are exact and days are calendar days where the clocks change") {
  // In Berlin clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October 2026.
  CHECK(after("2026-03-28T12:00:00+01:00", "24h", "Europe/Berlin") == "2026-03-29T11:00:00Z");
  CHECK(after("2026-03-28T12:00:00+01:00", "1d", "Europe/Berlin") == "2026-03-29T10:00:00Z");
  CHECK(after("2026-10-24T12:00:00+02:00", "1d", "Europe/Berlin") == "2026-10-25T11:00:00Z");
  CHECK(after("2026-03-28T12:00:00Z", "1d", "UTC") == "2026-03-29T12:00:00Z");
}

TEST_CASE("a local time that does not exist is moved forward by the gap, one that exists twice is the first") {
  CHECK(after("2026-03-28T02:30:00+01:00", "1d", "Europe/Berlin") == "2026-03-29T01:30:00Z");  // 03:30 in summer time
  CHECK(after("2026-10-24T02:30:00+02:00", "1d", "Europe/Berlin") == "2026-10-25T00:30:00Z");  // the first 02:30
  CHECK(after("2026-03-07T02:15:00-05:00", "1d", "America/New_York") == "2026-03-08T07:15:00Z");
}

TEST_CASE("a month after the 31st is the last day of a shorter month") {
  CHECK(after("2026-01-31T09:00:00Z", "1mo", "UTC") == "2026-02-28T09:00:00Z");
  CHECK(after("2028-01-31T09:00:00Z", "1mo", "UTC") == "2028-02-29T09:00:00Z");
  CHECK(after("2026-01-31T09:00:00Z", "1mo1d", "UTC") == "2026-03-01T09:00:00Z");
  CHECK(after("2026-11-30T23:30:00Z", "13mo", "Asia/Kolkata") == "2027-12-31T23:30:00Z");
}

std::string before(std::string_view start, std::string_view duration, std::string_view zone) {
  return to_text(subtract(parse_instant(start).value(), parsed(duration), zone));
}

TEST_CASE("a duration goes back on the same calendar") {
  CHECK(before("2026-03-29T12:00:00+02:00", "24h", "Europe/Berlin") == "2026-03-28T10:00:00Z");
  CHECK(before("2026-03-29T12:00:00+02:00", "1d", "Europe/Berlin") == "2026-03-28T11:00:00Z");
  CHECK(before("2026-10-25T12:00:00+01:00", "1d", "Europe/Berlin") == "2026-10-24T10:00:00Z");
  CHECK(before("2026-03-30T02:30:00+02:00", "1d", "Europe/Berlin") == "2026-03-29T01:30:00Z");  // 03:30 in summer time
  CHECK(before("2026-03-31T09:00:00Z", "1mo", "UTC") == "2026-02-28T09:00:00Z");
  CHECK(before("2026-03-31T09:00:00Z", "1mo1d", "UTC") == "2026-02-27T09:00:00Z");
  CHECK(before("2026-01-01T00:00:00Z", "1w12h", "UTC") == "2025-12-24T12:00:00Z");
}

TEST_CASE("a time on the clocks of a zone is an instant, and back") {
  const auto at = [](std::string_view text) { return parse_instant(text).value(); };
  const auto clock = [](std::string_view text) { return LocalTime(parse_instant(text).value().time_since_epoch()); };
  CHECK(local_time_at(at("2026-07-01T22:30:00Z"), "Europe/Berlin") == clock("2026-07-02T00:30:00Z"));
  CHECK(instant_at(clock("2026-07-02T00:30:00Z"), "Europe/Berlin") == at("2026-07-01T22:30:00Z"));
  CHECK(instant_at(clock("2026-07-02T00:30:00Z"), "UTC") == at("2026-07-02T00:30:00Z"));
  CHECK(instant_at(clock("2026-03-29T02:30:00Z"), "Europe/Berlin") == at("2026-03-29T01:30:00Z"));
  CHECK(instant_at(clock("2026-03-29T02:30:00Z"), "Europe/Berlin", LeftOut::at_change) == at("2026-03-29T01:00:00Z"));
  CHECK(instant_at(clock("2026-10-25T02:30:00Z"), "Europe/Berlin") == at("2026-10-25T00:30:00Z"));
}

TEST_CASE("time zones are known by their names") {
  CHECK(time_zone_exists("UTC"));
  CHECK(time_zone_exists("Europe/Berlin"));
  CHECK_FALSE(time_zone_exists("Europe/Berlinn"));
  CHECK_FALSE(time_zone_exists(""));
  CHECK_FALSE(time_zone_exists("../../etc/passwd"));
  CHECK_FALSE(time_zone_exists(std::string(10'000, 'x')));
}

TEST_CASE("instants are read and written as ISO 8601") {
  CHECK(to_text(parse_instant("2026-01-05").value()) == "2026-01-05T00:00:00Z");
  CHECK(to_text(parse_instant("2026-01-05T09:00:00Z").value()) == "2026-01-05T09:00:00Z");
  CHECK(to_text(parse_instant("2026-01-05T09:00Z").value()) == "2026-01-05T09:00:00Z");
  CHECK(to_text(parse_instant("2026-01-05T09:00:00.25+05:30").value()) == "2026-01-05T03:30:00.250Z");
  CHECK(to_text(parse_instant("1969-12-31T23:59:59.999Z").value()) == "1969-12-31T23:59:59.999Z");
  for (const std::string text :
       {"", "2026", "2026-02-30", "2026-01-05T", "2026-01-05T09:00:00", "2026-01-05T24:00:00Z", "2026-01-05T09:00:00.Z",
        "2026-01-05T09:00:00Zx", "2026-01-05 09:00:00Z", "0000-01-01"}) {
    INFO(text);
    CHECK_FALSE(parse_instant(text));
  }
}

}  // namespace
}  // namespace caravan
