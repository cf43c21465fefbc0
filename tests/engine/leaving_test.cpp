// Who leaves a journey before its end, and what counts as its goal.

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kDay = 24h;

void employees(World& world, std::int64_t count) {
  world.account("acme", {{"employees", number(count)}});
}

}  // namespace

TEST_CASE(
    "an account leaves by exit_when from wherever it stands: by its attributes, its people, its group, an event") {
  const std::string nodes = R"(- id: raise
  listen: form.submitted
- id: join
  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user}
- {id: stay, wait: 10d}
)";
  struct Row {
    std::string exit_when;
    std::function<void(World&)> cause;
  };
  const std::vector<Row> rows = {
      {"account.?status == optional.of(\"customer\")",
       [](World& world) {
         world.account("acme", {{"status", text("customer")}});
       }},
      {"people.exists(p, has(p.left_at))",
       [](World& world) {
         world.person("cy", "acme", {{"left_at", text("x")}});
       }},
      {"people.size() < 3", [](World& world) { world.post(RemovePerson{"cy"}); }},
      {"people.size() > 3", [](World& world) { world.person("dee", "acme"); }},
      {"has_group(\"ai-driven-seeds\")", [](World& world) { world.event("form.submitted", "ada"); }},
      {"event.type == \"contract.signed\"", [](World& world) { world.account_event("contract.signed", "acme"); }},
      {"event.type == \"account.changed\" && event.attribute == \"tier\"",
       [](World& world) {
         world.account("acme", {{"tier", text("gold")}});
       }},
      {"account.activity(\"page.viewed\", \"7d\").size() >= 2",
       [](World& world) {
         world.event("page.viewed", "ada");
         CHECK(world.standing("acme") == "listening at raise");
         world.event("page.viewed", "bob");
       }},
  };
  for (const Row& row : rows) {
    INFO(row.exit_when);
    World world(journey_with("enter: {audience: everyone}\nexit_when: '" + row.exit_when + "'", nodes));
    world.post_all(acme());
    world.account("acme", {{"region", text("emea")}});
    CHECK(world.standing("acme") == "listening at raise");
    row.cause(world);
    CHECK(world.standing("acme").starts_with("left at "));
    CHECK(world.token("acme").ended_at == kMonday);
    CHECK(world.counted(CounterKind::left) == 1);
    REQUIRE(world.notes("acme").size() == 1);
    CHECK(world.notes("acme").front().kind == NoteKind::taken_out);
    CHECK(world.notes("acme").front().text == "exit_when: " + row.exit_when);
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
}

TEST_CASE("an account for which exit_when holds as it enters is counted as entered and left, and visits nothing") {
  World world(journey_with("enter: {audience: everyone}\nexit_when: account.status == \"customer\""));
  world.post_all(acme({{"status", text("customer")}}));
  CHECK(world.standing("acme") == "left at nowhere");
  CHECK(world.trail("acme").empty());
  CHECK(world.counted(CounterKind::entered) == 1);
  CHECK(world.counted(CounterKind::left) == 1);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE(
    "an exit that holds since data was taken in while nothing ran takes out at the start, whoever let the account in") {
  World world(journey_with("enter: {event: demo.asked}\nexit_when: has(account.status)"));
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  world.stop_with(EngineSettings{.mode = BatchRunner::Mode::data});
  world.account("acme", {{"status", text("customer")}});
  CHECK(world.standing("acme") == "waiting at stay");
  world.restart_with(EngineSettings{});
  CHECK(world.standing("acme") == "left at stay");
}

TEST_CASE("an exit that time alone brings is looked at when the token wakes, before it goes on") {
  World world(journey_with("enter: {audience: everyone}\nexit_when: now >= timestamp(\"2026-01-10T00:00:00Z\")",
                           "- {id: first, wait: 3d}\n- {id: second, wait: 3d}\n- {id: mail, send_email: story}\n"));
  world.post_all(acme());
  world.run_out();
  CHECK(world.trail("acme") == "first:stopped second:stopped");
  CHECK(world.standing("acme") == "left at second");
}

TEST_CASE("an event that a journey's own node raises may end it") {
  World world(journey_with("enter: {event: demo.asked}\nexit_when: event.type == \"score.changed\" && event.new >= 10",
                           "- {id: score, change_score: {score: interest, by: 5}}\n- {id: rest, wait: 1d}\n"
                           "- {id: again, change_score: {score: interest, by: 5}}\n- {id: stay, wait: 1d}\n"));
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme") == "waiting at rest");
  world.advance(kDay);
  CHECK(world.standing("acme") == "left at stay");
}

TEST_CASE("an event that happened before an account entered ends nothing, though both come of one cause") {
  SourceTexts texts = journey_with("exit_when: event.type == \"interesting_moment\"");
  texts["journeys/other.yaml"] = R"(journey: other
enter: {event: demo.asked}
nodes:
  - {id: go, enter_journey: seeds}
  - {id: moment, interesting_moment: {type: web, description: Came back}}
)";
  World world(texts);
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme") == "completed at moment | waiting at stay");
}

TEST_CASE("an account that leaves its audience goes on, unless the journey takes it out") {
  for (const bool takes_out : {false, true}) {
    World world(
        journey_of_big("enter: {audience: big}\nleave_with_audience: " + std::string(takes_out ? "true" : "false")));
    world.post_all(acme({{"employees", number(50)}}));
    employees(world, 5);
    CHECK(world.standing("acme") == (takes_out ? "left at stay" : "waiting at stay"));
    CHECK(notes_of(world, "acme") ==
          (takes_out ? std::vector<std::string>{"left the audience big"} : std::vector<std::string>{}));
    // Who came by another way is not in the audience to leave it.
    world.account("globex", {{"employees", number(5)}});
    CHECK(world.enter("seeds", "globex").empty());
    world.account("globex", {{"employees", number(6)}});
    CHECK(world.standing("globex") == "waiting at stay");
  }
}

// Goal

TEST_CASE("a goal is counted once an enrollment, and the account goes on unless it is to leave") {
  World world(journey_with("enter: {audience: everyone}\nre_enter: {after: 1d}\ngoal: account.won > 0"));
  world.post_all(acme({{"won", number(0)}}));
  CHECK(world.counted(CounterKind::reached_goal) == 0);
  world.account("acme", {{"won", number(1)}});
  world.account("acme", {{"won", number(0)}});
  world.account("acme", {{"won", number(2)}});
  CHECK(world.counted(CounterKind::reached_goal) == 1);
  CHECK(world.standing("acme") == "waiting at stay");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().kind == NoteKind::reached_goal);
  world.restart();
  world.advance(10 * kDay + kDay);
  // Of its second entry again, at once.
  CHECK(world.counted(CounterKind::reached_goal) == 2);
  CHECK(world.counter_differences() == std::vector<std::string>{});

  World leaving(journey_with("enter: {audience: everyone}\ngoal: account.won > 0\ngoal_exits: true"));
  leaving.post_all(acme({{"won", number(0)}}));
  leaving.account("acme", {{"won", number(1)}});
  CHECK(leaving.standing("acme") == "left at stay");
  CHECK(leaving.counted(CounterKind::reached_goal) == 1);
  CHECK(leaving.counted(CounterKind::left) == 1);
}

TEST_CASE("a goal that the journey's last node reaches is counted, by what is so and by what has happened") {
  const std::string nodes =
      "- {id: score, change_score: {score: interest, by: 5}}\n"
      "- id: join\n  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: "
      "influencer, who: 'person.title == \"Agronomist\"'}\n";
  for (const std::string goal :
       {"group(\"ai-driven-seeds\").completeness >= 50.0", "account.interest == 5", "event.type == \"score.changed\"",
        "event.type == \"buying_group.completeness_changed\" && event.new >= 50"}) {
    INFO(goal);
    World world(journey_with("enter: {event: demo.asked}\ngoal: '" + goal + "'", nodes));
    world.post_all(acme());
    world.account_event("demo.asked", "acme");
    CHECK(world.standing("acme") == "completed at join");
    CHECK(world.counted(CounterKind::reached_goal) == 1);
    CHECK(world.counted(CounterKind::completed) == 1);
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
}

TEST_CASE("an exit and a goal that hold at once are both told") {
  World world(
      journey("enter: {audience: everyone}\nexit_when: account.won > 0\ngoal: account.won > 0\ngoal_exits: true"));
  world.post_all(acme({{"won", number(0)}}));
  world.account("acme", {{"won", number(1)}});
  CHECK(world.standing("acme") == "left at stay");
  CHECK(world.counted(CounterKind::reached_goal) == 1);
  CHECK(notes_of(world, "acme") == std::vector<std::string>{"account.won > 0", "exit_when: account.won > 0"});
}
