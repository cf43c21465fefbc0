// Moments, times of the week and waits in the keys of nodes.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

NodeDefinition node_of(const std::string& node, const std::string& keys = "") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", "journey: j\n" + keys + "nodes:\n- " + node + "\n"));
  REQUIRE(loaded.faults() == Lines{});
  return loaded.workspace->journeys.at("j").nodes.at(0);
}

std::string until_of(const std::string& keys, const std::string& journey_keys = "") {
  const NodeDefinition node = node_of("{id: w, wait: {" + keys + "}}", journey_keys);
  return to_text(node.setting<Moment>("until")->fixed.value());
}

Lines wait_faults(const std::string& keys) {
  return faults_of_nodes("- id: w\n  wait: {" + keys + "}\n");
}

TEST_CASE("a moment is a date with its time, a date alone, or an expression") {
  CHECK(until_of("until: 2026-03-01T09:00:00+01:00") == "2026-03-01T08:00:00Z");
  const NodeDefinition node = node_of("{id: w, wait: {until: account.renewal - duration(\"720h\")}}");
  const Moment& until = *node.setting<Moment>("until");
  CHECK_FALSE(until.fixed);
  CHECK(until.expression->program != nullptr);
}

TEST_CASE("a date alone is midnight in the time zone of its node, else of the journey, else of the workspace") {
  CHECK(until_of("until: 2026-07-01, timezone: America/New_York", "timezone: Asia/Tokyo\n") == "2026-07-01T04:00:00Z");
  CHECK(until_of("until: 2026-07-01", "timezone: Asia/Tokyo\n") == "2026-06-30T15:00:00Z");
  CHECK(until_of("until: 2026-07-01") == "2026-06-30T22:00:00Z");  // Europe/Berlin
}

TEST_CASE("faults of a moment") {
  CHECK(wait_faults("until: 2026-02-30") ==
        Lines{"5:17: error: `2026-02-30` is no date; write for example `2026-03-01`, `2026-03-01T09:00:00Z` or "
              "`2026-03-01T09:00:00+01:00`"});
  CHECK(wait_faults("until: 2026-03-01T09:00").size() == 1);
  CHECK(wait_faults("until: account.x == 1").size() == 1);
  CHECK(wait_faults("until: [x]") ==
        Lines{"5:17: error: `until` must be an expression; quote an expression that begins with a bracket"});
}

TEST_CASE("a time of the week has days, a time, or both") {
  const auto weekly_of = [](const std::string& keys) {
    return *node_of("{id: w, wait: {must_end_on: {" + keys + "}}}").setting<WeeklyTime>("must_end_on");
  };
  const WeeklyTime both = weekly_of("days: [mon, tue, sun], time: 09:00, timezone: Europe/Paris");
  CHECK(both.days == 0b1000011);
  CHECK(both.time == std::chrono::hours(9));
  CHECK(both.timezone == "Europe/Paris");
  CHECK(weekly_of("days: fri").days == 0b0010000);
  CHECK_FALSE(weekly_of("days: fri").time);
  CHECK(weekly_of("time: '23:59'").days == 0x7f);
  CHECK(weekly_of("time: '23:59'").time == std::chrono::minutes(23 * 60 + 59));
  CHECK(weekly_of("time: '00:00'").time == std::chrono::minutes(0));
}

TEST_CASE("faults of a time of the week") {
  const auto faults = [](const std::string& keys) { return wait_faults("must_end_on: {" + keys + "}"); };
  CHECK(faults("") == Lines{"5:10: error: `must_end_on` names no time of the week; add `days` or `time`"});
  CHECK(faults("timezone: UTC") == Lines{"5:10: error: `must_end_on` names no time of the week; add `days` or `time`"});
  CHECK(faults("days: [monday]") == Lines{"5:31: error: `monday` is no day; the days are `mon`, `tue`, `wed`, `thu`, "
                                          "`fri`, `sat` or `sun`"});
  CHECK(faults("days: []") == Lines{"5:24: error: `days` names no day"});
  CHECK(faults("days: [[mon]]") == Lines{"5:31: error: `days` takes names of days; the days are `mon`, `tue`, `wed`, "
                                         "`thu`, `fri`, `sat` or `sun`"});
  for (const std::string time : {"9:00", "24:00", "09:60", "0900", "09:00:00", "ab:cd", "-1:00", "::::0"}) {
    INFO(time);
    CHECK(faults("time: '" + time + "'") ==
          Lines{"5:30: error: `" + time + "` is no time of day; write for example `09:00` or `17:30`"});
  }
  CHECK(faults("time: 09:00, timezone: Bonn") == Lines{"5:47: error: there is no time zone `Bonn`; use a name of the "
                                                       "IANA database, for example `Europe/Berlin`"});
  CHECK(wait_faults("must_end_on: mon") == Lines{"5:23: error: `must_end_on` must be a mapping of keys to values"});
}

TEST_CASE("a time-out is a duration or the keys of a wait") {
  const auto timeout_of = [](const std::string& timeout) {
    return *node_of("{id: l, listen: {event: x, timeout: " + timeout + "}}").setting<WaitDefinition>("timeout");
  };
  CHECK(timeout_of("14d").duration->days == std::chrono::days(14));
  const WaitDefinition wait = timeout_of("{for: 2d, must_end_on: {time: '09:00'}, timezone: UTC}");
  CHECK(wait.duration->days == std::chrono::days(2));
  CHECK(wait.must_end_on->time == std::chrono::hours(9));
  CHECK(wait.timezone == "UTC");
  CHECK(to_text(timeout_of("{until: 2026-07-01, timezone: Asia/Tokyo}").until->fixed.value()) ==
        "2026-06-30T15:00:00Z");
}

TEST_CASE("faults of a time-out are the only ones of its node") {
  const auto faults = [](const std::string& timeout) {
    return faults_of_nodes("- id: l\n  listen: {event: x, timeout: " + timeout + "}\n  next: l\n");
  };
  CHECK(faults("{}") == Lines{"5:22: error: `timeout` does not say how long; add `for`, `until` or `must_end_on`"});
  CHECK(faults("{for: 1d, until: now}") ==
        Lines{"5:41: error: `timeout` has `for` and `until`; a wait ends after a duration or at a date; take one of "
              "them out"});
  CHECK(faults("soon").size() == 1);
  CHECK(faults("{for: 1d, zone: UTC}") == Lines{"5:41: error: unknown key `zone`"});
}

TEST_CASE("a node type checks its keys together, where none has a fault of its own") {
  CHECK(wait_faults("for: 1d, until: now") == Lines{"4:7: error: checked: two ends"});
  CHECK(wait_faults("for: 1x, until: now").size() == 1);
  CHECK(wait_faults("fro: 1d, until: now").size() == 1);
  // What is wrong with nodes inside is not the node's own fault.
  CHECK(faults_of_nodes("- id: l\n  listen:\n    timeout: 1d\n    on_timeout: {nodes: [{id: x, wait: 1x}]}\n").size() ==
        2);
}

}  // namespace
}  // namespace caravan
