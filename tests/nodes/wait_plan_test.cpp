// The arithmetic of waits: the examples of the language to the letter, in five time zones, and the days on which clocks
// change. All times in the tables are what a clock on the wall of the zone shows.

#include "nodes/wait_plan.hpp"

#include "journeys/cel/program.hpp"
#include "tests/nodes/plain_scene.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

constexpr std::array kZones = {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"};

constexpr std::uint8_t kMonday = 1;
constexpr std::uint8_t kTuesday = 2;
constexpr std::uint8_t kWorkdays = 0b0001'1111;
constexpr std::uint8_t kAnyDay = 0b0111'1111;

LocalTime local(std::string_view shown) {
  return LocalTime(parse_instant(std::string(shown).replace(10, 1, "T") + "Z").value().time_since_epoch());
}
std::string shown(LocalTime time) {
  return to_text(Instant(time.time_since_epoch())).substr(0, 16).replace(10, 1, " ");
}

std::optional<std::chrono::minutes> clock(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto digit = [&](std::size_t at) { return text.at(at) - '0'; };
  return std::chrono::hours(digit(0) * 10 + digit(1)) + std::chrono::minutes(digit(3) * 10 + digit(4));
}

WaitDefinition for_time(std::string_view duration) {
  std::string problem;
  return {.duration = parse_duration(duration, problem).value(), .until = {}, .must_end_on = {}, .timezone = {}};
}
WaitDefinition must_end_on(std::uint8_t days, std::string_view time, WaitDefinition wait = {}) {
  wait.must_end_on = WeeklyTime{days, clock(time), {}};
  return wait;
}

/// When a wait ends, as an instant, that is entered when a clock of the zone shows `entered`.
Instant end_of(const WaitDefinition& wait, std::string_view entered, const std::string& zone) {
  PlainScene scene;
  scene.zone = zone;
  scene.time = instant_at(local(entered), zone);
  return WaitPlan(wait).end(scene);
}

/// The same, as that clock shows it then.
std::string ends(const WaitDefinition& wait, std::string_view entered, const std::string& zone) {
  return shown(local_time_at(end_of(wait, entered, zone), zone));
}

struct Row {
  std::string_view entered;
  WaitDefinition wait;
  std::string_view ends;
};

/// The rows hold in every zone on days when its clocks do not change.
void check_everywhere(const std::vector<Row>& rows) {
  for (const std::string zone : kZones) {
    for (const Row& row : rows) {
      INFO(zone << ": entered " << row.entered);
      CHECK(ends(row.wait, row.entered, zone) == row.ends);
    }
  }
}

}  // namespace

// 5 January 2026 is a Monday.

TEST_CASE("the examples of the language, to the letter, in five time zones") {
  check_everywhere({
      {"2026-01-05 11:00", must_end_on(kAnyDay, "09:00"), "2026-01-06 09:00"},    // Monday: Tuesday 09:00
      {"2026-01-05 07:00", must_end_on(kAnyDay, "09:00"), "2026-01-05 09:00"},    // Monday 07:00: Monday 09:00
      {"2026-01-09 15:00", must_end_on(kTuesday, ""), "2026-01-13 00:00"},        // Friday: Tuesday 00:00
      {"2026-01-10 14:00", must_end_on(kWorkdays, "10:00"), "2026-01-12 10:00"},  // Saturday: Monday 10:00
  });
}

TEST_CASE("a wait that must end at a time never ends now, but a week or a day later") {
  check_everywhere({
      {"2026-01-05 09:00", must_end_on(kMonday, "09:00"), "2026-01-12 09:00"},
      {"2026-01-05 09:00", must_end_on(kAnyDay, "09:00"), "2026-01-06 09:00"},
      {"2026-01-05 08:59", must_end_on(kMonday, "09:00"), "2026-01-05 09:00"},
      {"2026-01-05 09:01", must_end_on(kMonday, "09:00"), "2026-01-12 09:00"},
      {"2026-01-05 23:59", must_end_on(kMonday, "00:00"), "2026-01-12 00:00"},
  });
}

TEST_CASE("without a time a day fits from its first moment to its last, and today goes on at once") {
  check_everywhere({
      {"2026-01-06 15:00", must_end_on(kTuesday, ""), "2026-01-06 15:00"},
      {"2026-01-06 00:00", must_end_on(kTuesday, ""), "2026-01-06 00:00"},
      {"2026-01-06 23:59", must_end_on(kTuesday, ""), "2026-01-06 23:59"},
      {"2026-01-07 00:00", must_end_on(kTuesday, ""), "2026-01-13 00:00"},
      {"2026-01-07 12:00", must_end_on(kAnyDay, ""), "2026-01-07 12:00"},
  });
}

TEST_CASE("`for` runs first, and then the next day and time that fit are looked for") {
  check_everywhere({
      {"2026-01-05 09:00", must_end_on(kWorkdays, "09:00", for_time("3d")), "2026-01-08 09:00"},  // the end fits itself
      {"2026-01-05 09:01", must_end_on(kWorkdays, "09:00", for_time("3d")), "2026-01-09 09:00"},
      {"2026-01-07 15:00", must_end_on(kWorkdays, "09:00", for_time("3d")), "2026-01-12 09:00"},  // Saturday: Monday
      {"2026-01-07 15:00", must_end_on(kWorkdays, "", for_time("3d")), "2026-01-12 00:00"},
      {"2026-01-05 15:00", must_end_on(kWorkdays, "", for_time("3d")), "2026-01-08 15:00"},
      {"2026-01-05 15:00", must_end_on(kTuesday, "09:00", for_time("2h")), "2026-01-06 09:00"},
      {"2026-01-30 09:00", must_end_on(kMonday, "10:30", for_time("1mo")), "2026-03-02 10:30"},  // 28 February
  });
}

TEST_CASE("`for` counts days on the calendar and hours on the clock") {
  check_everywhere({
      {"2026-01-05 09:00", for_time("90s"), "2026-01-05 09:01"},
      {"2026-01-05 09:00", for_time("1d12h"), "2026-01-06 21:00"},
      {"2026-01-05 09:00", for_time("1w"), "2026-01-12 09:00"},
      {"2026-01-31 09:00", for_time("1mo"), "2026-02-28 09:00"},
      {"2028-01-31 09:00", for_time("1mo"), "2028-02-29 09:00"},
      {"2026-12-31 09:00", for_time("2mo"), "2027-02-28 09:00"},
  });
}

TEST_CASE("a day is as long as the clocks of the zone make it, an hour never changes") {
  // The clocks go forward: Berlin on 29 March, New York on 8 March, Sydney on 4 October 2026.
  CHECK(ends(for_time("1d"), "2026-03-28 09:00", "Europe/Berlin") == "2026-03-29 09:00");
  CHECK(ends(for_time("24h"), "2026-03-28 09:00", "Europe/Berlin") == "2026-03-29 10:00");
  CHECK(ends(for_time("1d"), "2026-03-07 09:00", "America/New_York") == "2026-03-08 09:00");
  CHECK(ends(for_time("24h"), "2026-03-07 09:00", "America/New_York") == "2026-03-08 10:00");
  CHECK(ends(for_time("1d"), "2026-10-03 09:00", "Australia/Sydney") == "2026-10-04 09:00");
  CHECK(ends(for_time("24h"), "2026-10-03 09:00", "Australia/Sydney") == "2026-10-04 10:00");
  // They go back: Berlin on 25 October, New York on 1 November, Sydney on 5 April 2026.
  CHECK(ends(for_time("1d"), "2026-10-24 09:00", "Europe/Berlin") == "2026-10-25 09:00");
  CHECK(ends(for_time("24h"), "2026-10-24 09:00", "Europe/Berlin") == "2026-10-25 08:00");
  CHECK(ends(for_time("1d"), "2026-10-31 09:00", "America/New_York") == "2026-11-01 09:00");
  CHECK(ends(for_time("24h"), "2026-10-31 09:00", "America/New_York") == "2026-11-01 08:00");
  CHECK(ends(for_time("1d"), "2026-04-04 09:00", "Australia/Sydney") == "2026-04-05 09:00");
  CHECK(ends(for_time("24h"), "2026-04-04 09:00", "Australia/Sydney") == "2026-04-05 08:00");
  // Kolkata and UTC know no such days.
  for (const std::string zone : {"UTC", "Asia/Kolkata"}) {
    for (const std::string day : {"2026-03-28", "2026-03-07", "2026-10-03", "2026-10-24", "2026-10-31", "2026-04-04"})
      CHECK(ends(for_time("1d"), day + " 09:00", zone) == ends(for_time("24h"), day + " 09:00", zone));
  }
}

TEST_CASE("a time that spring leaves out comes as much later as the clocks jump") {
  const WaitDefinition at_half_past_two = must_end_on(kAnyDay, "02:30");
  CHECK(ends(at_half_past_two, "2026-03-28 12:00", "Europe/Berlin") == "2026-03-29 03:30");
  CHECK(ends(at_half_past_two, "2026-03-07 12:00", "America/New_York") == "2026-03-08 03:30");
  CHECK(ends(at_half_past_two, "2026-10-03 12:00", "Australia/Sydney") == "2026-10-04 03:30");
  CHECK(ends(at_half_past_two, "2026-03-29 03:15", "Europe/Berlin") == "2026-03-29 03:30");
  CHECK(ends(at_half_past_two, "2026-03-29 03:45", "Europe/Berlin") == "2026-03-30 02:30");
  CHECK(ends(for_time("1d"), "2026-03-28 02:30", "Europe/Berlin") == "2026-03-29 03:30");
}

TEST_CASE("a time that autumn has twice comes at the first, and not again") {
  const auto end_at = [](std::string_view time, std::string_view entered, const std::string& zone) {
    PlainScene scene;
    scene.zone = zone;
    scene.time = parse_instant(entered).value();
    return to_text(WaitPlan(must_end_on(kAnyDay, time)).end(scene));
  };
  // 02:30 in Berlin on 25 October is 00:30 UTC and again 01:30 UTC.
  CHECK(end_at("02:30", "2026-10-24T12:00:00Z", "Europe/Berlin") == "2026-10-25T00:30:00Z");
  CHECK(end_at("02:30", "2026-10-25T00:30:00Z", "Europe/Berlin") == "2026-10-26T01:30:00Z");
  CHECK(end_at("02:30", "2026-10-25T01:00:00Z", "Europe/Berlin") == "2026-10-26T01:30:00Z");
  // 01:30 in New York on 1 November is 05:30 UTC and again 06:30 UTC; 02:30 in Sydney on 5 April 15:30 and 16:30.
  CHECK(end_at("01:30", "2026-10-31T12:00:00Z", "America/New_York") == "2026-11-01T05:30:00Z");
  CHECK(end_at("01:30", "2026-11-01T06:00:00Z", "America/New_York") == "2026-11-02T06:30:00Z");
  CHECK(end_at("02:30", "2026-04-04T12:00:00Z", "Australia/Sydney") == "2026-04-04T15:30:00Z");
  CHECK(end_at("02:30", "2026-04-04T16:00:00Z", "Australia/Sydney") == "2026-04-05T16:30:00Z");
}

TEST_CASE("a day begins with its first moment, even where midnight is left out") {
  // Beirut's clocks go from 00:00 to 01:00 on Sunday, 29 March 2026.
  const WaitDefinition on_sunday = must_end_on(0b0100'0000, "");
  CHECK(ends(on_sunday, "2026-03-27 12:00", "Asia/Beirut") == "2026-03-29 01:00");
}

TEST_CASE("a loop over a weekly time goes round once a week, over both changes of the clocks") {
  for (const std::string zone : kZones) {
    PlainScene scene;
    scene.zone = zone;
    scene.time = instant_at(local("2026-01-05 09:00"), zone);
    const WaitPlan plan(must_end_on(kMonday, "09:00"));
    LocalTime expected = local("2026-01-05 09:00");
    for (int week = 0; week < 52; ++week) {
      scene.time = plan.end(scene);
      expected += std::chrono::weeks(1);
      INFO(zone << ": week " << week);
      REQUIRE(shown(local_time_at(scene.time, zone)) == shown(expected));
    }
  }
}

TEST_CASE("`until` is a date, and one that is past is over at once") {
  const auto until = [](std::string_view date) {
    return WaitDefinition{.duration = {}, .until = Moment{parse_instant(date), {}}, .must_end_on = {}, .timezone = {}};
  };
  CHECK(to_text(end_of(until("2026-03-01T09:00:00Z"), "2026-01-05 09:00", "Asia/Kolkata")) == "2026-03-01T09:00:00Z");
  const Instant past = end_of(until("2025-03-01T09:00:00Z"), "2026-01-05 09:00", "UTC");
  CHECK(past <= instant_at(local("2026-01-05 09:00"), "UTC"));
}

TEST_CASE("`until` may be computed; what is no time is not waited for") {
  cel::Environment environment;
  const auto program = cel::compile("1", environment).program;
  const WaitDefinition until{
      .duration = {}, .until = Moment{{}, Expression{"1", {}, program}}, .must_end_on = {}, .timezone = {}};
  PlainScene scene;
  scene.time = *parse_instant("2026-01-10T14:00:00Z");  // a Saturday
  scene.yielded = parse_instant("2026-01-14T08:00:00Z");
  CHECK(to_text(WaitPlan(until).end(scene)) == "2026-01-14T08:00:00Z");
  CHECK(to_text(WaitPlan(must_end_on(kMonday, "09:00", until)).end(scene)) == "2026-01-19T09:00:00Z");
  scene.yielded = parse_instant("2025-01-14T08:00:00Z");
  CHECK(to_text(WaitPlan(must_end_on(kMonday, "09:00", until)).end(scene)) == "2026-01-12T09:00:00Z");
  scene.yielded.reset();
  CHECK(WaitPlan(until).end(scene) == scene.time);
  CHECK(to_text(WaitPlan(must_end_on(kMonday, "09:00", until)).end(scene)) == "2026-01-12T09:00:00Z");
}

TEST_CASE("the time zone is that of must_end_on, else the wait's, else the scene's") {
  PlainScene scene;
  scene.zone = "Asia/Kolkata";
  scene.time = *parse_instant("2026-01-05T00:00:00Z");
  WaitDefinition wait = must_end_on(kAnyDay, "09:00");
  CHECK(to_text(WaitPlan(wait).end(scene)) == "2026-01-05T03:30:00Z");
  wait.timezone = "Europe/Berlin";
  CHECK(to_text(WaitPlan(wait).end(scene)) == "2026-01-05T08:00:00Z");
  wait.must_end_on->timezone = "America/New_York";
  CHECK(to_text(WaitPlan(wait).end(scene)) == "2026-01-05T14:00:00Z");
  // `for` goes by the wait's own calendar: the clocks of Berlin jump, those of Kolkata do not.
  scene.time = *parse_instant("2026-03-28T08:00:00Z");
  wait = for_time("1d");
  CHECK(to_text(WaitPlan(wait).end(scene)) == "2026-03-29T08:00:00Z");
  wait.timezone = "Europe/Berlin";
  CHECK(to_text(WaitPlan(wait).end(scene)) == "2026-03-29T07:00:00Z");
}
