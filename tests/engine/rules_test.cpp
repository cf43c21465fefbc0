// Who enters a journey and when: between two times, again, and by way of another journey.

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

/// When each of the account's enrollments began, in hours since the world did, and which entry it was: `1 at 0, 2 at
/// 24`.
std::string entries(World& world, const std::string& account = "acme") {
  std::string all;
  for (const TokenRecord& token : world.tokens(account)) {
    if (token.parent) continue;
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(token.entered_at - kMonday).count();
    all += (all.empty() ? "" : ", ") + std::to_string(token.entry) + " at " + std::to_string(hours);
  }
  return all;
}

}  // namespace

TEST_CASE("nobody enters before `from`; then whoever is in the audience does, at that very time") {
  World world(journey_of_big("enter: {audience: big, from: 2026-01-07T09:00:00Z}"));
  world.post_all(acme({{"employees", number(50)}}));
  world.account("globex", {{"employees", number(5)}});
  CHECK(world.audiences("acme") == std::vector<std::string>{"big"});
  CHECK(world.enter("seeds", "acme") == "nobody enters before 2026-01-07T09:00:00Z");
  world.advance(kDay);
  world.restart();
  CHECK(world.standing("acme").empty());
  world.advance(2 * kDay);
  CHECK(entries(world) == "1 at 48");
  CHECK(world.tokens("globex").empty());
}

TEST_CASE("from `to` on nobody enters, whoever is under way goes on, and the journey finishes with the last of them") {
  World world(journey_with("enter: {audience: everyone, to: 2026-01-07T09:00:00Z}"));
  world.account("acme");
  world.advance(2 * kDay - 1ms);
  world.account("globex");
  CHECK(world.journey_state() == JourneyState::live);
  world.advance(1ms);
  CHECK(world.journey_state() == JourneyState::closed);
  world.account("initech");
  CHECK(world.tokens("initech").empty());
  CHECK(world.enter("seeds", "initech") == "the journey \"seeds\" is closed");
  world.restart();
  CHECK(world.standing("acme") == "waiting at stay");
  world.advance(8 * kDay);
  CHECK(world.standing("acme") == "completed at stay");
  CHECK(world.journey_state() == JourneyState::closed);
  world.advance(2 * kDay);
  CHECK(world.standing("globex") == "completed at stay");
  CHECK(world.journey_state() == JourneyState::finished);
}

TEST_CASE("a journey whose `to` passes with nobody under way finishes at once, also when nobody ran meanwhile") {
  World world(journey_with("enter: {event: demo.asked, to: 2026-01-07T09:00:00Z}"));
  world.account("acme");
  world.advance_clock(3 * kDay);
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme").empty());
  CHECK(world.journey_state() == JourneyState::finished);
}

// Again

TEST_CASE("without re_enter an account is in a journey once, by whatever way") {
  SourceTexts texts = journey_of_big("enter: {audience: big, event: demo.asked}", "- {id: stay, wait: 1h}\n");
  texts["journeys/other.yaml"] =
      "journey: other\nenter: {event: other.asked}\nnodes:\n  - {id: go, enter_journey: seeds}\n";
  World world(texts);
  world.post_all(acme({{"employees", number(50)}}));
  CHECK(world.enter("seeds", "acme") == "is in the journey already");
  world.advance(kDay);
  employees(world, 5);
  employees(world, 60);
  world.account_event("demo.asked", "acme");
  CHECK(world.enter("seeds", "acme") == "has been in the journey, and it lets nobody enter twice");
  world.account_event("other.asked", "acme");
  CHECK(notes_of(world, "acme") ==
        std::vector<std::string>{"does not enter seeds: has been in the journey, and it lets nobody enter twice"});
  CHECK(world.counted(CounterKind::entered) == 1);
}

TEST_CASE(
    "time lets an account that is still in the audience enter again, counted from its exit or its entry, up to the "
    "limit") {
  const std::string_view day_long = "- {id: stay, wait: 1d}\n";
  World exit(journey_of_big("enter: {audience: big}\nre_enter: {after: 2d, counted_from: exit, limit: 3}", day_long));
  exit.post_all(acme({{"employees", number(50)}}));
  exit.run_out();
  CHECK(entries(exit) == "1 at 0, 2 at 72, 3 at 144");
  CHECK(exit.now() == kMonday + 7 * kDay);
  CHECK(exit.counted(CounterKind::entered) == 3);
  CHECK(exit.counter_differences() == std::vector<std::string>{});

  World entry(journey_of_big("enter: {audience: big}\nre_enter: {after: 2d, counted_from: entry, limit: 3}", day_long));
  entry.post_all(acme({{"employees", number(50)}}));
  entry.run_out();
  CHECK(entries(entry) == "1 at 0, 2 at 48, 3 at 96");

  // A delay that is over before the account has left is over when it leaves.
  World longer(journey_of_big("enter: {audience: big}\nre_enter: {after: 1d, counted_from: entry, limit: 2}",
                              "- {id: stay, wait: 3d}\n"));
  longer.post_all(acme({{"employees", number(50)}}));
  longer.run_out();
  CHECK(longer.tokens("acme").size() == 2);
  CHECK(longer.tokens("acme")[1].entered_at == kMonday + 3 * kDay + 1ms);
}

TEST_CASE(
    "an account that is not in the audience when its time has come enters again when it is back, by event or by name") {
  const SourceTexts texts =
      journey_of_big("enter: {audience: big, event: demo.asked}\nre_enter: {after: 1d}", "- {id: stay, wait: 1h}\n");
  World back(texts);
  back.post_all(acme({{"employees", number(50)}}));
  back.advance(1h);
  employees(back, 5);
  back.advance(kDay);
  CHECK(entries(back) == "1 at 0");
  CHECK(back.next_due() == std::nullopt);
  back.advance(kDay);
  employees(back, 50);
  CHECK(entries(back) == "1 at 0, 2 at 49");

  World asked(texts);
  asked.post_all(acme({{"employees", number(5)}}));
  asked.account_event("demo.asked", "acme");
  asked.advance(24h);
  asked.account_event("demo.asked", "acme");
  CHECK(asked.enter("seeds", "acme") == "may enter the journey again at 2026-01-06T10:00:00Z");
  asked.advance(1h);
  asked.account_event("demo.asked", "acme");
  CHECK(entries(asked) == "1 at 0, 2 at 25");
  asked.advance(1h + kDay);
  CHECK(asked.enter("seeds", "acme").empty());
  CHECK(entries(asked) == "1 at 0, 2 at 25, 3 at 50");
}

TEST_CASE("calendar days of re-entry are days of the journey's time zone") {
  // In Berlin the clock goes forward on 29 March 2026: the day is an hour shorter.
  World world(
      journey_of_big("timezone: Europe/Berlin\nenter: {audience: big, from: 2026-03-28T12:00:00Z}\nre_enter: {after: "
                     "1d, counted_from: entry, limit: 2}",
                     "- {id: stay, wait: 1h}\n"));
  world.post_all(acme({{"employees", number(50)}}));
  world.run_out();
  REQUIRE(world.tokens("acme").size() == 2);
  CHECK(to_text(world.tokens("acme")[0].entered_at) == "2026-03-28T12:00:00Z");
  CHECK(to_text(world.tokens("acme")[1].entered_at) == "2026-03-29T11:00:00Z");
}

TEST_CASE("whoever enters again meanwhile by another way is not let in once more by time") {
  World world(
      journey_of_big("enter: {audience: big, event: demo.asked}\nre_enter: {after: 1h}", "- {id: stay, wait: 2d}\n"));
  world.post_all(acme({{"employees", number(50)}}));
  world.advance(2 * kDay + 1h);
  CHECK(entries(world) == "1 at 0, 2 at 49");
  world.account_event("demo.asked", "acme");
  CHECK(entries(world) == "1 at 0, 2 at 49");
  world.advance(2 * kDay + 30min);
  world.account_event("demo.asked", "acme");
  CHECK(world.tokens("acme").size() == 2);
  world.advance(30min);
  CHECK(entries(world) == "1 at 0, 2 at 49, 3 at 98");
}

TEST_CASE("re-entry by time outlives a restart and a pause") {
  World world(journey_of_big("enter: {audience: big}\nre_enter: {after: 1d}", "- {id: stay, wait: 1h}\n"));
  world.post_all(acme({{"employees", number(50)}}));
  world.advance(1h);
  world.restart();
  world.advance(kDay);
  CHECK(entries(world) == "1 at 0, 2 at 25");
  world.advance(1h);
  world.change(ChangeJourney::Command::pause);
  world.advance(2 * kDay);
  CHECK(entries(world) == "1 at 0, 2 at 25");
  world.change(ChangeJourney::Command::resume);
  CHECK(entries(world) == "1 at 0, 2 at 25, 3 at 74");
}

TEST_CASE("an audience on a schedule lets in, and in again, at its times only") {
  World world(journey_of_big("enter: {audience: big, evaluate: {cron: \"0 12 * * *\"}}\nre_enter: {after: 1h}",
                             "- {id: stay, wait: 1h}\n"));
  world.post_all(acme({{"employees", number(50)}}));
  CHECK(world.standing("acme").empty());
  world.advance(2 * kDay);
  CHECK(entries(world) == "1 at 3, 2 at 27");
}

TEST_CASE("journeys that send an account round in a circle let it in once a turn, and say so") {
  SourceTexts texts = journey_with("enter: {event: demo.asked}\nre_enter: {}", "- {id: go, enter_journey: other}\n");
  texts["journeys/other.yaml"] = "journey: other\nre_enter: {}\nnodes:\n  - {id: back, enter_journey: seeds}\n";
  World world(texts);
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme") == "completed at go | completed at back");
  REQUIRE(notes_of(world, "acme").size() == 1);
  CHECK(notes_of(world, "acme").front() ==
        "does not enter seeds: has entered the journey by this already, and would go round in a circle");
  world.account_event("demo.asked", "acme");
  CHECK(world.counted(CounterKind::entered) == 2);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a journey that puts its account into its own audience again does so once a turn") {
  World world(
      journey_of_big("enter: {audience: big}\nre_enter: {after: 1d}",
                     "- {id: shrink, update_account: {employees: '1'}}\n- {id: grow, update_account: {employees: "
                     "'20'}}\n"));
  world.post_all(acme({{"employees", number(50)}}));
  CHECK(entries(world) == "1 at 0");
  world.advance(2 * kDay);
  CHECK(entries(world) == "1 at 0, 2 at 24, 3 at 48");
}

// Other journeys

TEST_CASE("a journey lets an account into another one and takes it out again, where their rules allow it") {
  SourceTexts texts = journey_with("", "- {id: stay, wait: 10d}\n");
  texts["journeys/lead.yaml"] = R"(journey: lead
enter: {event: demo.asked}
re_enter: {}
nodes:
  - {id: go, enter_journey: seeds}
  - {id: rest, wait: 1h}
  - {id: stop, leave_journey: seeds}
)";
  World world(texts);
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme") == "waiting at rest | waiting at stay");
  world.advance(1h);
  CHECK(world.standing("acme") == "completed at stop | left at stay");
  CHECK(notes_of(world, "acme") == std::vector<std::string>{"taken out by the journey lead"});
  world.account_event("demo.asked", "acme");
  CHECK(notes_of(world, "acme").back() ==
        "does not enter seeds: has been in the journey, and it lets nobody enter twice");
  world.change(ChangeJourney::Command::pause);
  world.advance(1h);
  world.account_event("demo.asked", "acme");
  CHECK(notes_of(world, "acme").back() == "does not enter seeds: the journey is paused");
  world.change(ChangeJourney::Command::close);
  world.advance(1h);
  world.account_event("demo.asked", "acme");
  CHECK(notes_of(world, "acme").back() == "does not enter seeds: the journey has finished");
}

TEST_CASE("a journey that takes its own account out leaves where it stands then") {
  World world(
      journey_with("enter: {audience: everyone}", "- {id: out, leave_journey: seeds}\n- {id: stay, wait: 10d}\n"));
  world.post_all(acme());
  CHECK(world.standing("acme") == "left at stay");
}
