// listen: the token stands until one of some events has come often enough, or until a time-out.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts listening(const std::string& listen) {
  return seeds_workspace("- id: raise\n  listen: " + listen + "\n- id: last\n  wait: 1d\n");
}

constexpr std::string_view kWithTimeout = R"(- id: raise
  listen:
    event: form.submitted
    timeout: 14d
    on_timeout:
      nodes:
        - id: remind
          send_email: story
- id: last
  wait: 30d
)";

InputResult tell(World& world, const std::string& type, const std::string& person, const std::string& id,
                 std::optional<Instant> at = {}, AttributeMap properties = {}) {
  return world.post(TellEvent{type, {}, person, id, at, std::move(properties)});
}

}  // namespace

TEST_CASE("a listen stands until its event comes, by anyone of the account") {
  World world(listening("form.submitted"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "raise:stopped");
  CHECK(world.standing("acme") == "listening at raise");
  CHECK(world.token("acme").due_at == std::nullopt);
  world.event("page.viewed", "ada");
  CHECK(world.standing("acme") == "listening at raise");
  world.event("form.submitted", "bob");
  CHECK(world.trail("acme") == "raise:stopped raise:heard last:stopped");
  CHECK(world.counted(CounterKind::visited, "raise") == 1);
  CHECK(world.counted(CounterKind::standing, "raise") == 0);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("an event of the account itself is heard as well") {
  World world(listening("contract.signed"));
  world.post_all(acme());
  world.account_event("contract.signed", "acme");
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("an event that happened before the token came does not count, whenever it is told") {
  World world(seeds_workspace("- id: settle\n  wait: 1d\n- id: raise\n  listen: form.submitted\n"));
  world.post_all(acme());
  world.event("form.submitted", "ada");  // too early: nobody listens yet
  world.advance(24h);
  CHECK(world.standing("acme") == "listening at raise");
  // Told now, but it happened a minute before the token came here.
  tell(world, "form.submitted", "ada", "late", kMonday + 24h - 1min);
  CHECK(world.standing("acme") == "listening at raise");
  // At the very instant at which it came it counts.
  tell(world, "form.submitted", "ada", "just", kMonday + 24h);
  CHECK(world.standing("acme") == "completed at raise");
}

TEST_CASE("an event that is told late but happened while the token stood here counts") {
  World world(listening("form.submitted"));
  world.post_all(acme());
  world.advance(48h);
  tell(world, "form.submitted", "ada", "one", kMonday + 1h);
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("the same event told twice counts once") {
  World world(listening("{event: form.submitted, at_least: 2}"));
  world.post_all(acme());
  CHECK_FALSE(tell(world, "form.submitted", "ada", "e-1").duplicate);
  CHECK(tell(world, "form.submitted", "ada", "e-1").duplicate);
  CHECK(world.standing("acme") == "listening at raise");
  tell(world, "form.submitted", "ada", "e-2");
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("events count in the order they arrive, whatever the order they happened in") {
  World world(listening("{event: form.submitted, at_least: 2}"));
  world.post_all(acme());
  world.advance(2h);
  tell(world, "form.submitted", "ada", "second", kMonday + 2h);
  tell(world, "form.submitted", "ada", "first", kMonday + 1h);
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("`where` chooses among events, and sees the person, the account and the properties") {
  World world(
      listening("{event: form.submitted, where: 'event.form == \"demo\" && person.title == \"Agronomist\" && "
                "account.region == \"emea\"'}"));
  world.post_all(acme({{"region", text("emea")}}));
  world.event("form.submitted", "bob", {{"form", text("newsletter")}});
  world.event("form.submitted", "ada", {{"form", text("demo")}});
  CHECK(world.standing("acme") == "listening at raise");
  world.event("form.submitted", "bob", {{"form", text("demo")}});
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("an event for which `where` cannot be evaluated does not count, and the timeline says why") {
  World world(listening("{event: form.submitted, where: event.form == \"demo\"}"));
  world.post_all(acme());
  world.event("form.submitted", "bob");
  CHECK(world.standing("acme") == "listening at raise");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text.starts_with("event.form == \"demo\": "));
  CHECK(world.counted(CounterKind::expression_errors, "raise") == 1);
}

TEST_CASE("`at_least` counts the events of everybody together") {
  World world(listening("{event: page.viewed, at_least: 3}"));
  world.post_all(acme());
  world.event("page.viewed", "ada");
  world.event("page.viewed", "bob");
  CHECK(world.standing("acme") == "listening at raise");
  world.event("page.viewed", "cy");
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("by the same person, each person's events are counted alone, and the account's own too") {
  World world(listening("{event: page.viewed, at_least: 2, by: same_person}"));
  world.post_all(acme());
  world.event("page.viewed", "ada");
  world.event("page.viewed", "bob");
  world.account_event("page.viewed", "acme");
  CHECK(world.standing("acme") == "listening at raise");
  world.event("page.viewed", "bob");
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("of several kinds of events the first that is complete goes on") {
  const std::string any_of =
      "{any_of: [{event: form.submitted, where: event.form == \"demo\"}, {event: page.viewed, at_least: 2}, "
      "webinar.attended]}";
  const auto after = [&](const std::vector<std::pair<std::string, AttributeMap>>& events) {
    World world(listening(any_of));
    world.post_all(acme());
    for (const auto& [type, properties] : events)
      world.event(type, "ada", properties);
    return world.standing("acme");
  };
  CHECK(after({{"form.submitted", {{"form", text("other")}}}, {"page.viewed", {}}}) == "listening at raise");
  CHECK(after({{"form.submitted", {{"form", text("demo")}}}}) == "waiting at last");
  CHECK(after({{"page.viewed", {}}, {"page.viewed", {}}}) == "waiting at last");
  CHECK(after({{"webinar.attended", {}}}) == "waiting at last");
}

TEST_CASE("two patterns of one type count on their own") {
  World world(
      listening("{any_of: [{event: page.viewed, where: event.page == \"a\", at_least: 2}, {event: page.viewed, "
                "at_least: 3}]}"));
  world.post_all(acme());
  world.event("page.viewed", "ada", {{"page", text("b")}});
  world.event("page.viewed", "ada", {{"page", text("a")}});
  CHECK(world.standing("acme") == "listening at raise");
  world.event("page.viewed", "ada", {{"page", text("b")}});
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("a time-out takes its own path and goes on behind the listen") {
  World world(seeds_workspace(kWithTimeout));
  world.post_all(acme());
  CHECK(world.token("acme").due_at == kMonday + 14 * 24h);
  world.advance(14 * 24h - 1ms);
  CHECK(world.standing("acme") == "listening at raise");
  world.advance(1ms);
  CHECK(world.trail("acme") == "raise:stopped raise/timeout:timed_out remind last:stopped");
  CHECK(world.counted(CounterKind::timed_out, "raise") == 1);
  CHECK(world.counted(CounterKind::taken, "raise", "timeout") == 1);
  CHECK(world.mails("acme").size() == 3);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("an event before the time-out goes past its path") {
  World world(seeds_workspace(kWithTimeout));
  world.post_all(acme());
  world.advance(13 * 24h);
  world.event("form.submitted", "ada");
  CHECK(world.trail("acme") == "raise:stopped raise:heard last:stopped");
  world.run_out();
  CHECK(world.mails("acme").empty());
}

TEST_CASE("an event and a time-out at the same instant: the event wins") {
  World world(seeds_workspace(kWithTimeout));
  world.post_all(acme());
  world.advance_clock(14 * 24h);
  world.event("form.submitted", "ada");
  CHECK(world.trail("acme") == "raise:stopped raise:heard last:stopped");
}

TEST_CASE("an event that comes after the time-out, while nobody ran, is too late") {
  World world(seeds_workspace(kWithTimeout));
  world.post_all(acme());
  world.advance_clock(14 * 24h + 1ms);
  world.event("form.submitted", "ada");
  CHECK(world.trail("acme") == "raise:stopped raise/timeout:timed_out remind last:stopped");
}

TEST_CASE("without on_timeout a time-out leaves the journey") {
  World world(listening("{event: form.submitted, timeout: 1d}"));
  world.post_all(acme());
  world.advance(24h);
  CHECK(world.trail("acme") == "raise:stopped raise:timed_out");
  CHECK(world.standing("acme") == "left at raise");
  CHECK(world.counted(CounterKind::left) == 1);
}

TEST_CASE("on_timeout may lead elsewhere, or on as if nothing had happened") {
  World elsewhere(seeds_workspace(R"(- id: raise
  listen: {event: form.submitted, timeout: 1d, on_timeout: {next: far}}
- id: near
  wait: 1d
- id: far
  wait: 1d
)"));
  elsewhere.post_all(acme());
  elsewhere.advance(24h);
  CHECK(elsewhere.trail("acme") == "raise:stopped raise/timeout:timed_out far:stopped");
  World on(listening("{event: form.submitted, timeout: 1d, on_timeout: {nodes: []}}"));
  on.post_all(acme());
  on.advance(24h);
  CHECK(on.trail("acme") == "raise:stopped raise/timeout:timed_out last:stopped");
  World end(listening("{event: form.submitted, timeout: 1d, on_timeout: {next: end}}"));
  end.post_all(acme());
  end.advance(24h);
  CHECK(end.standing("acme") == "completed at raise");
}

TEST_CASE("a time-out may be all that a wait is") {
  World world(
      listening("{event: form.submitted, timeout: {for: 2d, must_end_on: {days: [fri], time: \"09:00\"}}, "
                "on_timeout: {nodes: []}}"));
  world.account("acme");
  CHECK(to_text(*world.token("acme").due_at) == "2026-01-09T09:00:00Z");
}

TEST_CASE("a time-out that is past comes at once") {
  World world(listening("{event: form.submitted, timeout: {until: 2025-01-01T00:00:00Z}, on_timeout: {nodes: []}}"));
  world.account("acme");
  CHECK(world.trail("acme") == "raise:stopped raise/timeout:timed_out last:stopped");
}

TEST_CASE("counts outlive a restart") {
  World world(listening("{event: page.viewed, at_least: 3, by: same_person}"));
  world.post_all(acme());
  world.event("page.viewed", "ada");
  world.event("page.viewed", "bob");
  world.restart();
  world.event("page.viewed", "ada");
  world.restart();
  CHECK(world.standing("acme") == "listening at raise");
  world.event("page.viewed", "ada");
  CHECK(world.trail("acme") == "raise:stopped raise:heard last:stopped");
}

TEST_CASE("a token counts from nothing each time it comes to a listen") {
  World world(seeds_workspace(R"(- id: raise
  listen: {event: page.viewed, at_least: 2, timeout: 1d, on_timeout: {next: again}}
  next: end
- id: again
  wait: 1d
  next: raise
)"));
  world.post_all(acme());
  world.event("page.viewed", "ada");
  world.advance(48h);
  CHECK(world.standing("acme") == "listening at raise");
  world.event("page.viewed", "ada");
  CHECK(world.standing("acme") == "listening at raise");
  world.event("page.viewed", "ada");
  CHECK(world.standing("acme") == "completed at raise");
}

TEST_CASE("what the engine raises itself is heard") {
  World world(listening("{event: account.changed, where: event.attribute == \"status\" && event.new == \"customer\"}"));
  world.post_all(acme({{"status", text("lead")}}));
  world.account("acme", {{"region", text("emea")}});
  world.account("acme", {{"status", text("trial")}});
  CHECK(world.standing("acme") == "listening at raise");
  world.account("acme", {{"status", text("customer")}});
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("a token does not hear what its own nodes raised before it came") {
  World world(
      seeds_workspace("- id: moment\n  interesting_moment: {type: web, description: Came back}\n- id: raise\n  "
                      "listen: interesting_moment\n"));
  world.post_all(acme());
  CHECK(world.standing("acme") == "listening at raise");
}

TEST_CASE("wrong uses of listen are told where they stand") {
  CHECK(fault_of_node("listen: {by: anyone}") ==
        "journeys/seeds.yaml:4:9: `listen` does not say for what; add `event` or `any_of`");
  CHECK(fault_of_node("listen: {event: a.b, any_of: [c.d]}") ==
        "journeys/seeds.yaml:5:21: `listen` has `event` beside `any_of`; each of the patterns below `any_of` has its "
        "own");
  CHECK(fault_of_node("listen: {any_of: [c.d], at_least: 2}")
            .starts_with("journeys/seeds.yaml:5:39: `listen` has `at_least` beside `any_of`"));
  CHECK(fault_of_node("listen: {event: a.b, on_timeout: {next: end}}") ==
        "journeys/seeds.yaml:5:26: `on_timeout` without a `timeout` is never taken; add `timeout`, or take "
        "`on_timeout` out");
  CHECK(fault_of_node("listen: {event: a.b, at_least: 0}").find("1") != std::string::npos);
  CHECK(fault_of_node("listen: {event: a.b, by: anybody}").find("`same_person`") != std::string::npos);
  CHECK(fault_of_node("listen: {event: a.b, timeout: soon}").starts_with("journeys/seeds.yaml:5:35: "));
  CHECK(fault_of_node("listen: {event: a.b, timeout: {for: 1d, until: 2026-03-01}, on_timeout: {nodes: []}}")
            .find("`timeout` has `for` and `until`") != std::string::npos);
  CHECK(fault_of_node("listen: {event: a.b, timeout: 1d, on_timeout: {}}").find("leads nowhere") != std::string::npos);
  CHECK(fault_of_node("listen: a b").find("is no type of event") != std::string::npos);
  CHECK(fault_of_node("listen: {event: a.b, where: evnt.form == 'demo'}").find("did you mean \"event\"?") !=
        std::string::npos);
  CHECK(only_fault(seeds_workspace("- id: raise\n  listen: a.b\n- id: mail\n  send_email: story\n  next: raise\n"))
            .find("give `raise` a `timeout`") != std::string::npos);
  CHECK(only_fault(
            seeds_workspace("- id: raise\n  listen: {event: a.b, timeout: {until: 2026-03-01}, on_timeout: {nodes: "
                            "[]}}\n- id: mail\n  send_email: story\n  next: raise\n"))
            .find("`raise` may be over at once") != std::string::npos);
}
