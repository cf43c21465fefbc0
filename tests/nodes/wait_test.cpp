// wait: the token stands for a duration.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts waiting(const std::string& duration, const std::string& zone = "UTC") {
  SourceTexts texts =
      workspace_with("journey: seeds\ntimezone: " + zone +
                     "\nenter: {audience: everyone}\nnodes:\n  - id: settle\n    wait: " + duration + "\n");
  return texts;
}

/// When an account that enters at `from` goes on.
std::string goes_on(const std::string& duration, std::string_view from, const std::string& zone = "UTC") {
  World world(waiting(duration, zone));
  world.advance(*parse_instant(from) - kMonday);
  world.account("acme");
  REQUIRE(world.standing("acme") == "waiting at settle");
  return to_text(*world.token("acme").due_at);
}

std::string fault(const std::string& node) {
  const std::vector<std::string> faults = faults_of(seeds_workspace("- id: settle\n  " + node + "\n"));
  return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
}

}  // namespace

TEST_CASE("a wait stands until its time has come, and not a millisecond less") {
  World world(waiting("90s"));
  world.account("acme");
  CHECK(world.trail("acme") == "settle:stopped");
  CHECK(world.standing("acme") == "waiting at settle");
  CHECK(world.token("acme").due_at == kMonday + 90s);
  CHECK(world.counted(CounterKind::standing, "settle") == 1);
  world.advance(90s - 1ms);
  CHECK(world.standing("acme") == "waiting at settle");
  world.advance(1ms);
  CHECK(world.standing("acme") == "completed at settle");
  CHECK(world.token("acme").ended_at == kMonday + 90s);
  CHECK(world.token("acme").due_at == std::nullopt);
  CHECK(world.counted(CounterKind::standing, "settle") == 0);
}

TEST_CASE("a wait is visited once, when it is reached") {
  World world(waiting("1d"));
  world.account("acme");
  world.run_out();
  CHECK(world.trail("acme") == "settle:stopped");
  CHECK(world.token("acme").visits == 1);
  CHECK(world.counted(CounterKind::visited, "settle") == 1);
}

TEST_CASE("a wait takes every unit and sums of them") {
  CHECK(goes_on("15m", "2026-01-05T09:00:00Z") == "2026-01-05T09:15:00Z");
  CHECK(goes_on("2h", "2026-01-05T09:00:00Z") == "2026-01-05T11:00:00Z");
  CHECK(goes_on("3d", "2026-01-05T09:00:00Z") == "2026-01-08T09:00:00Z");
  CHECK(goes_on("1w", "2026-01-05T09:00:00Z") == "2026-01-12T09:00:00Z");
  CHECK(goes_on("1mo", "2026-01-05T09:00:00Z") == "2026-02-05T09:00:00Z");
  CHECK(goes_on("1d12h30m", "2026-01-05T09:00:00Z") == "2026-01-06T21:30:00Z");
}

TEST_CASE("a month from the last of January is the last of February") {
  CHECK(goes_on("1mo", "2026-01-31T09:00:00Z") == "2026-02-28T09:00:00Z");
}

TEST_CASE("a day is a day on the calendar of the journey's time zone, an hour is always an hour") {
  // Berlin puts its clocks forward on 29 March 2026: 09:00 is 08:00 UTC the day before and 07:00 UTC that day.
  CHECK(goes_on("1d", "2026-03-28T08:00:00Z", "Europe/Berlin") == "2026-03-29T07:00:00Z");
  CHECK(goes_on("24h", "2026-03-28T08:00:00Z", "Europe/Berlin") == "2026-03-29T08:00:00Z");
  CHECK(goes_on("1d", "2026-03-28T08:00:00Z", "UTC") == "2026-03-29T08:00:00Z");
}

TEST_CASE("a journey without a time zone of its own has the workspace's") {
  SourceTexts texts = seeds_workspace("- id: settle\n  wait: 1d\n");
  texts["caravan.yaml"] = "timezone: Europe/Berlin\n";
  World world(texts);
  world.advance(*parse_instant("2026-03-28T08:00:00Z") - kMonday);
  world.account("acme");
  CHECK(to_text(*world.token("acme").due_at) == "2026-03-29T07:00:00Z");
}

TEST_CASE("a wait may be written with its key") {
  CHECK(goes_on("{for: 2h}", "2026-01-05T09:00:00Z") == "2026-01-05T11:00:00Z");
}

TEST_CASE("a wait outlives the engine: what came due while nobody ran goes on at the next start") {
  World world(waiting("1d"));
  world.account("early");
  world.advance(1h);
  world.account("late");
  world.restart();
  CHECK(world.standing("early") == "waiting at settle");
  CHECK(world.token("early").due_at == kMonday + 24h);
  world.advance(23h);
  CHECK(world.standing("early") == "completed at settle");
  CHECK(world.standing("late") == "waiting at settle");
  world.advance(1h);
  CHECK(world.standing("late") == "completed at settle");
}

TEST_CASE("two waits one after the other are counted from when each was reached") {
  World world(seeds_workspace("- id: first\n  wait: 1d\n- id: second\n  wait: 2h\n"));
  world.account("acme");
  world.run_out();
  CHECK(world.trail("acme") == "first:stopped second:stopped");
  CHECK(world.token("acme").ended_at == kMonday + 26h);
}

TEST_CASE("a wait until a date ends then, and one until a date that is past goes on at once") {
  CHECK(goes_on("{until: 2026-03-01T09:00:00Z}", "2026-01-05T09:00:00Z") == "2026-03-01T09:00:00Z");
  CHECK(goes_on("{until: 2026-03-01}", "2026-01-05T09:00:00Z", "Europe/Berlin") == "2026-02-28T23:00:00Z");
  World world(seeds_workspace("- id: settle\n  wait: {until: 2025-03-01T09:00:00Z}\n- id: last\n  wait: 1d\n"));
  world.account("acme");
  CHECK(world.trail("acme") == "settle last:stopped");
}

TEST_CASE("a wait until a computed date ends then; where there is none it is over at once, and noted") {
  World world(
      seeds_workspace("- id: settle\n  wait: {until: account.renewal - duration(\"24h\")}\n- id: last\n  wait: "
                      "90d\n"));
  world.account("acme", {{"renewal", {*parse_instant("2026-03-01T09:00:00Z")}}});
  world.account("other");
  CHECK(to_text(*world.token("acme").due_at) == "2026-02-28T09:00:00Z");
  CHECK(world.trail("other") == "settle last:stopped");
  REQUIRE(world.notes("other").size() == 1);
  CHECK(world.counted(CounterKind::expression_errors, "settle") == 1);
}

TEST_CASE("a wait must end on a day and at a time, alone or on top of `for`") {
  // 5 January 2026 is a Monday.
  CHECK(goes_on("{must_end_on: {time: \"09:00\"}}", "2026-01-05T11:00:00Z") == "2026-01-06T09:00:00Z");
  CHECK(goes_on("{must_end_on: {time: \"09:00\"}}", "2026-01-12T07:00:00Z") == "2026-01-12T09:00:00Z");
  CHECK(goes_on("{must_end_on: {days: [tue]}}", "2026-01-09T15:00:00Z") == "2026-01-13T00:00:00Z");
  CHECK(goes_on("{must_end_on: {days: [mon, tue, wed, thu, fri], time: \"10:00\"}}", "2026-01-10T14:00:00Z") ==
        "2026-01-12T10:00:00Z");
  CHECK(goes_on("{for: 3d, must_end_on: {days: [mon], time: \"10:00\"}}", "2026-01-05T09:00:00Z") ==
        "2026-01-12T10:00:00Z");
  World today(waiting("{must_end_on: {days: [mon]}}"));
  today.account("acme");
  CHECK(today.trail("acme") == "settle");
}

TEST_CASE("the time zone is that of must_end_on, else the wait's, else the journey's") {
  CHECK(goes_on("{must_end_on: {time: \"09:00\"}}", "2026-01-06T07:30:00Z", "Europe/Berlin") == "2026-01-06T08:00:00Z");
  CHECK(goes_on("{must_end_on: {time: \"09:00\"}, timezone: Asia/Kolkata}", "2026-01-06T07:30:00Z", "Europe/Berlin") ==
        "2026-01-07T03:30:00Z");
  CHECK(goes_on("{must_end_on: {time: \"09:00\", timezone: America/New_York}, timezone: Asia/Kolkata}",
                "2026-01-06T07:30:00Z", "Europe/Berlin") == "2026-01-06T14:00:00Z");
}

TEST_CASE("a journey without a time zone has the account's, where caravan.yaml names an attribute") {
  SourceTexts texts = seeds_workspace("- id: settle\n  wait: {must_end_on: {time: \"09:00\"}}\n");
  texts["caravan.yaml"] = "timezone: Europe/Berlin\ntimezone_attribute: zone\n";
  World world(texts);
  world.account("kolkata", {{"zone", text("Asia/Kolkata")}});
  world.account("nowhere");
  world.account("wrong", {{"zone", text("Middle/Earth")}});
  CHECK(to_text(*world.token("kolkata").due_at) == "2026-01-06T03:30:00Z");
  CHECK(to_text(*world.token("nowhere").due_at) == "2026-01-06T08:00:00Z");
  CHECK(to_text(*world.token("wrong").due_at) == "2026-01-06T08:00:00Z");
}

TEST_CASE("a loop over a weekly time goes round once a week") {
  World world(
      seeds_workspace("- id: monday\n  wait: {must_end_on: {days: [mon], time: \"09:00\"}}\n- id: mail\n  "
                      "send_email: story\n  next: monday\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}}}});
  world.advance(28 * 24h);
  CHECK(world.mails("acme").size() == 4);
}

TEST_CASE("wrong uses of wait are told where they stand") {
  CHECK(fault("wait: 3 days").starts_with("journeys/seeds.yaml:5:11: `3 days` is not a duration: "));
  CHECK(fault("wait: 0s") == "journeys/seeds.yaml:5:11: `wait` must be longer than nothing");
  CHECK(fault("wait: -1d").starts_with("journeys/seeds.yaml:5:11: `-1d` is not a duration: "));
  CHECK(fault("wait: 11y").starts_with("journeys/seeds.yaml:5:11: `11y` is not a duration: "));
  CHECK(fault("wait: 4000d").starts_with("journeys/seeds.yaml:5:11: `4000d` is not a duration: "));
  CHECK(fault("wait:") == "journeys/seeds.yaml:5:5: `wait` has no value");
  CHECK(fault("wait: {timezone: UTC}") ==
        "journeys/seeds.yaml:4:9: `wait` does not say how long; add `for`, `until` or `must_end_on`");
  CHECK(fault("wait: {for: 1d, until: 2026-03-01}")
            .starts_with("journeys/seeds.yaml:5:28: `wait` has `for` and `until`"));
  CHECK(fault("wait: {must_end_on: {}}").find("names no time of the week") != std::string::npos);
  CHECK(fault("wait: {must_end_on: {days: [monday]}}").find("`monday` is no day") != std::string::npos);
  CHECK(fault("wait: {must_end_on: {time: \"9:00\"}}").find("is no time of day") != std::string::npos);
  CHECK(fault("wait: {must_end_on: {time: \"09:00\", timezone: Mars}}").find("Mars") != std::string::npos);
  CHECK(fault("wait: {until: 2026-02-30}").starts_with("journeys/seeds.yaml:5:19: `2026-02-30` is no date"));
  CHECK(fault("wait: {until: account.}").starts_with("journeys/seeds.yaml:5:"));
  CHECK(fault("wait: {fro: 1d}") == "journeys/seeds.yaml:5:12: unknown key `fro`; did you mean \"for\"?");
  CHECK(fault("wait: [1d]").starts_with("journeys/seeds.yaml:5:11: "));
}

TEST_CASE("a loop over a wait that may be over at once is a fault; one that waits each time is none") {
  const auto fault_of_loop = [](const std::string& wait) {
    return only_fault(
        seeds_workspace("- id: stay\n  wait: " + wait + "\n- id: mail\n  send_email: story\n  next: stay\n"));
  };
  // On a Tuesday the first would go round and round, after the date the second.
  CHECK(
      fault_of_loop("{must_end_on: {days: [tue]}}") ==
      "journeys/seeds.yaml:8:11: this loop never waits: `stay`, `mail`, `stay`; `stay` may be over at once: give it a "
      "`for`, or its `must_end_on` a `time`");
  CHECK(fault_of_loop("{until: 2026-03-01}").find("`stay` may be over at once") != std::string::npos);
  CHECK(fault_of_loop("{until: account.review}") == "0 faults");
  CHECK(fault_of_loop("{must_end_on: {days: [tue], time: \"09:00\"}}") == "0 faults");
  CHECK(fault_of_loop("{for: 1d, must_end_on: {days: [tue]}}") == "0 faults");
  CHECK(fault_of_loop("1d") == "0 faults");
}
