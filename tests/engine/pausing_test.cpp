// A paused journey: nobody enters, what comes due or comes to pass is kept, and everything goes on when it is resumed.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Command = ChangeJourney::Command;
using Lines = std::vector<std::string>;

constexpr std::string_view kWaits = "- {id: settle, wait: 1d}\n- {id: rest, wait: 1d}\n";

constexpr std::string_view kListens = R"(- id: ask
  listen: {event: form.submitted, at_least: 2, timeout: 2d, on_timeout: {nodes: [{id: remind, wait: 3d}]}}
- {id: thank, wait: 1d}
)";

constexpr std::string_view kPeople = R"(- id: each
  split_people: [{path: all, nodes: [{id: think, wait: 1d}, {id: tell, send_email: welcome}]}]
- {id: rest, wait: 1d}
)";

/// Its second node fails as long as the account's attribute is too deep to be kept.
constexpr std::string_view kFailing = R"(- {id: settle, wait: 1d}
- id: mail
  send_email: {template: story, with: {offer: '[account.deep]'}}
- {id: rest, wait: 1d}
)";

SourceTexts for_large_accounts(std::string_view nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  return texts;
}

World& pause(World& world) {
  REQUIRE(world.change(Command::pause).empty());
  return world;
}

void resume(World& world) {
  REQUIRE(world.change(Command::resume).empty());
}

}  // namespace

TEST_CASE("nobody enters a paused journey, and whoever is in its audience enters when it is resumed") {
  World world(for_large_accounts(kWaits));
  world.account("early", {{"employees", number(50)}});
  pause(world);
  CHECK(world.journey_state() == JourneyState::paused);
  world.account("new", {{"employees", number(50)}});
  world.account("gone", {{"employees", number(50)}});
  world.account("grown", {{"employees", number(5)}});
  world.account("grown", {{"employees", number(50)}});
  world.account("gone", {{"employees", number(5)}});
  for (const std::string key : {"new", "gone", "grown"})
    CHECK(world.standing(key).empty());
  // Who is in the audience is known all the same.
  CHECK(world.audiences("new") == Lines{"everyone"});
  CHECK(world.audiences("gone").empty());
  CHECK(world.enter("seeds", "gone") == "the journey is paused");
  world.advance(2h);
  resume(world);
  CHECK(world.journey_state() == JourneyState::live);
  CHECK(world.token("new").entered_at == kMonday + 2h);
  CHECK(world.standing("grown") == "waiting at settle");
  CHECK(world.standing("gone").empty());
  CHECK(world.tokens("early").size() == 1);
  CHECK(world.counted(CounterKind::entered) == 3);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("an event lets nobody into a paused journey, and another journey does not either") {
  SourceTexts texts = workspace_with("journey: seeds\nenter: {event: form.submitted}\nnodes:\n" + indented(kWaits, 2));
  texts["journeys/other.yaml"] =
      "journey: other\nenter: {event: page.viewed}\nnodes:\n  - {id: over, enter_journey: seeds}\n";
  World world(texts);
  world.account("acme");
  pause(world);
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme").empty());
  world.account_event("page.viewed", "acme");
  CHECK(world.standing("acme") == "completed at over");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme")[0].kind == NoteKind::refused);
  CHECK(world.notes("acme")[0].text == "does not enter seeds: the journey is paused");
  resume(world);
  CHECK(world.standing("acme") == "completed at over");
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme") == "completed at over | waiting at settle");
}

TEST_CASE("a wait that comes due in a pause is held, and goes on at the resume; one that does not keeps its time") {
  World world(seeds_workspace(kWaits));
  world.account("early");
  world.advance(12h);
  world.account("late");
  pause(world);
  world.advance(18h);
  CHECK(world.standing("early") == "held at settle");
  CHECK(world.token("early").resume == Resume::wake);
  CHECK(world.token("early").due_at == std::nullopt);
  CHECK(world.standing("late") == "waiting at settle");
  CHECK(world.counted(CounterKind::held, "settle") == 1);
  CHECK(world.counted(CounterKind::standing, "settle") == 2);
  CHECK(world.counter_differences() == Lines{});
  resume(world);
  CHECK(world.standing("early") == "waiting at rest");
  CHECK(world.token("early").due_at == kMonday + 54h);
  CHECK(world.token("late").due_at == kMonday + 36h);
  CHECK(world.counted(CounterKind::held, "settle") == 0);
  CHECK(world.trail("early") == "settle:stopped rest:stopped");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("an event that a listen waits for is heard in a pause, and its token goes on at the resume") {
  World world(seeds_workspace(kListens));
  world.account("acme");
  world.account_event("form.submitted", "acme");
  pause(world);
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme") == "held at ask");
  CHECK(world.token("acme").resume == Resume::hear);
  CHECK(world.token("acme").due_at == std::nullopt);
  CHECK(world.trail("acme") == "ask:stopped");
  world.account_event("form.submitted", "acme");
  world.advance(72h);  // its time-out has no say any more
  CHECK(world.standing("acme") == "held at ask");
  CHECK(world.counter_differences() == Lines{});
  resume(world);
  CHECK(world.trail("acme") == "ask:stopped ask:heard thank:stopped");
  CHECK(world.token("acme").due_at == kMonday + 96h);
  CHECK(world.counted(CounterKind::timed_out, "ask") == 0);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a listen goes on counting in a pause, and after it") {
  World world(seeds_workspace(kListens));
  world.account("acme");
  pause(world);
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme") == "listening at ask");
  resume(world);
  CHECK(world.standing("acme") == "listening at ask");
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme") == "waiting at thank");
}

TEST_CASE("a listen that times out in a pause is held, hears nothing more, and takes its time-out at the resume") {
  World world(seeds_workspace(kListens));
  world.account("acme");
  world.account_event("form.submitted", "acme");
  pause(world);
  world.advance(49h);
  CHECK(world.standing("acme") == "held at ask");
  CHECK(world.token("acme").resume == Resume::wake);
  world.account_event("form.submitted", "acme");
  CHECK(world.token("acme").resume == Resume::wake);
  resume(world);
  CHECK(world.trail("acme") == "ask:stopped ask/timeout:timed_out remind:stopped");
  CHECK(world.counted(CounterKind::timed_out, "ask") == 1);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("people of a people split wait through a pause each on their own, and come together after it") {
  World world(seeds_workspace(kPeople));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}}},
                  UpsertPerson{"bob", "acme", {{"email", text("bob@acme.example")}}}});
  pause(world);
  world.advance(30h);
  CHECK(world.standing("acme") == "joining at each | held at think | held at think");
  CHECK(world.mails("acme").empty());
  CHECK(world.counter_differences() == Lines{});
  resume(world);
  CHECK(world.standing("acme") == "waiting at rest | completed at tell | completed at tell");
  CHECK(world.mails("acme") == Lines{"welcome to ada@acme.example", "welcome to bob@acme.example"});
  CHECK(world.tokens("acme").front().due_at == kMonday + 54h);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("an account whose people have come together in a pause is held at the join until the resume") {
  World world(seeds_workspace(kPeople));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  pause(world);
  CHECK(world.post(RemovePerson{"ada"}).refused.empty());
  CHECK(world.standing("acme") == "held at each | left at think");
  CHECK(world.tokens("acme").front().resume == Resume::join);
  CHECK(world.counter_differences() == Lines{});
  world.advance(48h);
  CHECK(world.standing("acme") == "held at each | left at think");
  resume(world);
  CHECK(world.standing("acme") == "waiting at rest | left at think");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a token whose node failed does not try again in a pause, and does at the resume") {
  World world(seeds_workspace(kFailing));
  world.account("acme", {{"deep", too_deep()}});
  world.person("ada", "acme", {{"email", text("ada@acme.example")}});
  world.advance(24h);
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").attempts == 1);
  pause(world);
  world.account("acme", {{"deep", number(1)}});
  world.advance(24h);
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").attempts == 1);
  CHECK(world.token("acme").due_at == std::nullopt);
  resume(world);
  CHECK(world.standing("acme") == "waiting at rest");
  CHECK(world.mails("acme") == Lines{"story to ada@acme.example"});
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a token that has used its attempts up stays held over a pause") {
  SourceTexts texts = seeds_workspace(kFailing);
  texts["caravan.yaml"] += "retries: {attempts: 1}\n";
  World world(texts);
  world.account("acme", {{"deep", too_deep()}});
  world.person("ada", "acme", {{"email", text("ada@acme.example")}});
  world.advance(24h);
  CHECK(world.token("acme").due_at == std::nullopt);
  pause(world);
  world.account("acme", {{"deep", number(1)}});
  resume(world);
  world.advance(48h);
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").attempts == 1);
}

TEST_CASE("whoever leaves by the exit of a paused journey leaves at once") {
  World world(
      workspace_with("journey: seeds\nenter: {audience: everyone}\nexit_when: account.?status.orValue(\"\") "
                     "== \"customer\"\nnodes:\n" +
                     indented(kWaits, 2)));
  world.account("acme");
  pause(world);
  world.advance(30h);
  CHECK(world.standing("acme") == "held at settle");
  world.account("acme", {{"status", text("customer")}});
  CHECK(world.standing("acme") == "left at settle");
  resume(world);
  CHECK(world.standing("acme") == "left at settle");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a pause and its resume survive restarts, and whatever cuts them off") {
  for (const std::size_t batches : {1U, 2U, 3U, 6U, 40U}) {
    INFO("dropped after " << batches << " batches");
    World world(seeds_workspace(kWaits), {.turns_per_batch = 7});
    std::vector<Input> inputs;
    for (int i = 0; i < 50; ++i)
      inputs.push_back(UpsertAccount{"account-" + std::to_string(i), {}});
    world.post_all(std::move(inputs));
    pause(world);
    world.restart();
    CHECK(world.journey_state() == JourneyState::paused);
    world.advance_clock(24h);
    world.drop_after(batches);
    world.run();
    CHECK(world.counted(CounterKind::held, "settle") == 50);
    CHECK(world.counter_differences() == Lines{});
    world.account("late");
    world.advance_clock(24h);
    world.drop_after(batches, {ChangeJourney{Command::resume, "seeds"}});
    CHECK(world.journey_state() == JourneyState::live);
    world.run();
    CHECK(world.counted(CounterKind::standing, "rest") == 50);
    CHECK(world.standing("late") == "waiting at settle");
    CHECK(world.token("account-49").due_at == kMonday + 72h);
    CHECK(world.reader().tasks().empty());
    CHECK(world.counter_differences() == Lines{});
  }
}

TEST_CASE("a pause holds its own journey only") {
  SourceTexts texts = seeds_workspace(kWaits);
  texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n" + indented(kWaits, 2);
  World world(texts);
  world.account("acme");
  pause(world);
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at rest | held at settle");
  REQUIRE(world.change(Command::pause, "other").empty());
  world.advance(24h);
  resume(world);
  CHECK(world.standing("acme") == "held at rest | waiting at rest");
}

TEST_CASE("publishing a paused journey keeps the pause, and its new version is entered at the resume") {
  World world(seeds_workspace(kWaits));
  world.account("old");
  pause(world);
  world.advance(1h);
  CHECK(world.publish(seeds_workspace("- {id: reflect, wait: 1d}\n")).empty());
  CHECK(world.journey_state() == JourneyState::paused);
  CHECK(world.publish(seeds_workspace("- {id: reflect, wait: 2d}\n"), Publish::UnderWay::stay, "", {"seeds"}).empty());
  CHECK(world.journey_state() == JourneyState::paused);
  world.account("new");
  world.advance(24h);
  CHECK(world.standing("new").empty());
  CHECK(world.standing("old") == "held at settle");
  world.restart();
  CHECK(world.journey_state() == JourneyState::paused);
  resume(world);
  CHECK(world.standing("old") == "waiting at rest");
  CHECK(world.standing("new") == "waiting at reflect");
  CHECK(world.token("new").version == world.version_of(3));
  CHECK(world.tokens("old").size() == 1);
}

TEST_CASE("an audience that is evaluated once lets those in at the resume whom a pause kept out") {
  const auto journey = [](std::string_view nodes) {
    return workspace_with("journey: seeds\nenter: {audience: everyone, evaluate: once}\nnodes:\n" + indented(nodes, 2));
  };
  World world(journey(kWaits));
  pause(world);
  world.account("acme");
  CHECK(world.publish(journey("- {id: reflect, wait: 1d}\n")).empty());
  CHECK(world.standing("acme").empty());
  world.restart();
  CHECK(world.standing("acme").empty());
  resume(world);
  CHECK(world.standing("acme") == "waiting at reflect");
  world.account("late");
  CHECK(world.standing("late").empty());
}

TEST_CASE("a paused journey that is closed holds nobody any more: they go on, and then it has finished") {
  World world(seeds_workspace(kWaits));
  world.account("acme");
  pause(world);
  world.account("late");
  world.advance(30h);
  CHECK(world.standing("acme") == "held at settle");
  CHECK(world.change(Command::close).empty());
  CHECK(world.journey_state() == JourneyState::closed);
  CHECK(world.standing("acme") == "waiting at rest");
  CHECK(world.token("acme").due_at == kMonday + 54h);
  CHECK(world.standing("late").empty());
  world.advance(24h);
  CHECK(world.journey_state() == JourneyState::finished);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a paused journey that is no more in the workspace holds nobody any more") {
  SourceTexts texts = seeds_workspace(kWaits);
  texts["journeys/other.yaml"] = "journey: other\nnodes:\n  - {id: a, wait: 1d}\n";
  SourceTexts without = texts;
  without.erase("journeys/seeds.yaml");
  for (const bool at_start : {false, true}) {
    INFO((at_start ? "at the start" : "in the running engine"));
    World world(texts);
    world.account("acme");
    pause(world);
    world.advance(30h);
    if (at_start) {
      world.restart_with(without);
    } else {
      CHECK(world.publish(without).empty());
    }
    CHECK(world.standing("acme") == "waiting at rest");
    world.run_out();
    CHECK(world.journey_state() == JourneyState::finished);
  }
}

TEST_CASE("everybody leaves when a paused journey is aborted, those who are held as well") {
  World world(seeds_workspace(kWaits));
  world.account("early");
  world.advance(12h);
  world.account("late");
  pause(world);
  world.advance(18h);
  CHECK(world.change(Command::abort).empty());
  CHECK(world.standing("early") == "left at settle");
  CHECK(world.standing("late") == "left at settle");
  CHECK(world.counter_differences() == Lines{});
}
