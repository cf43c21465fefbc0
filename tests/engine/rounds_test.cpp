// When audiences are gone through by time: on a schedule, from the start of entry, and daily where their members change
// by time alone.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;
using std::chrono::sys_days;
using std::chrono::year;

constexpr std::string_view kWaits = "  - {id: settle, wait: 9d}\n";

SourceTexts audience_with(const std::string& when, const std::string& enter, const std::string& keys = {}) {
  SourceTexts texts = workspace_with("journey: seeds\nenter: {audience: everyone" + enter + "}\n" + keys + "nodes:\n" +
                                     std::string(kWaits));
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: '" + when + "'\n";
  return texts;
}

SourceTexts scheduled(const std::string& cron, const std::string& zone = "UTC", const std::string& more = {}) {
  return audience_with("account.employees > 10", ", evaluate: {cron: \"" + cron + "\", timezone: " + zone + "}" + more);
}

AttributeMap employees(std::int64_t count) {
  return {{"employees", number(count)}};
}

std::string key(int i) {
  return "account-" + std::to_string(i);
}

Instant at(int month, unsigned day, std::chrono::milliseconds time) {
  return Instant(sys_days(year{2026} / month / static_cast<int>(day)) + time);
}

void go_to(World& world, Instant instant) {
  world.advance(instant - world.now());
}

}  // namespace

TEST_CASE("whoever matches at a round enters then, and nobody in between") {
  World world(scheduled("0 6 * * *"));
  world.account("acme", employees(50));
  world.account("shrunk", employees(50));
  CHECK(world.audiences("acme") == Lines{"everyone"});
  CHECK(world.standing("acme").empty());
  world.advance(12h);
  world.account("shrunk", employees(5));
  world.account("late", employees(50));
  world.advance(9h - 1ms);
  CHECK(world.standing("acme").empty());
  world.advance(1ms);
  CHECK(world.token("acme").entered_at == at(1, 6, 6h));
  CHECK(world.token("late").entered_at == at(1, 6, 6h));
  CHECK(world.standing("shrunk").empty());
  world.account("later", employees(50));
  world.advance(24h);
  CHECK(world.token("later").entered_at == at(1, 7, 6h));
  CHECK(world.counted(CounterKind::entered) == 3);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a round comes at its hour on the clock of its time zone, on both sides of daylight saving") {
  struct Case {
    std::string zone;
    Instant begins;
    std::vector<Instant> rounds;
  };
  const std::vector<Case> cases = {
      {"Europe/Berlin", at(3, 27, 12h), {at(3, 28, 5h), at(3, 29, 4h), at(3, 30, 4h)}},
      {"Europe/Berlin", at(10, 23, 12h), {at(10, 24, 4h), at(10, 25, 5h), at(10, 26, 5h)}},
      {"America/New_York", at(3, 6, 12h), {at(3, 7, 11h), at(3, 8, 10h), at(3, 9, 10h)}},
      {"Asia/Kolkata", at(3, 27, 12h), {at(3, 28, 30min), at(3, 29, 30min)}},
  };
  for (const bool restarts : {false, true}) {
    for (const Case& each : cases) {
      INFO(each.zone << " from " << to_text(each.begins) << (restarts ? ", with restarts" : ""));
      World world(scheduled("0 6 * * *", each.zone));
      world.advance_clock(each.begins - world.now());
      int i = 0;
      for (const Instant round : each.rounds) {
        const std::string account = key(i++);
        world.account(account, employees(50));
        if (restarts) world.restart();
        go_to(world, round - 1ms);
        if (restarts) world.restart();
        CHECK(world.standing(account).empty());
        go_to(world, round + 1h);
        REQUIRE(world.tokens(account).size() == 1);
        CHECK(world.token(account).entered_at == round);
      }
    }
  }
}

TEST_CASE("rounds that nobody was there for are made up for once, at the start") {
  World world(scheduled("0 6 * * *"));
  world.account("acme", employees(50));
  world.advance_clock(72h);
  world.restart();
  CHECK(world.token("acme").entered_at == kMonday + 72h);
  world.account("late", employees(50));
  world.restart();
  CHECK(world.standing("late").empty());
  world.advance(24h);
  CHECK(world.token("late").entered_at == at(1, 9, 6h));
}

TEST_CASE("whoever is imported between two rounds waits for the next, over a restart as well") {
  World world(scheduled("0 6 * * *"));
  world.account("early", employees(50));
  world.advance(24h);
  CHECK(world.standing("early") == "waiting at settle");
  world.stop_with({.mode = BatchRunner::Mode::data});
  world.account("late", employees(50));
  world.account("early", employees(60));
  world.restart_with(EngineSettings{});
  CHECK(world.audiences("late") == Lines{"everyone"});
  CHECK(world.standing("late").empty());
  world.advance(24h);
  CHECK(world.token("late").entered_at == at(1, 7, 6h));
}

TEST_CASE("a round that was cut off goes on where it stood, and takes nobody in who came after it began") {
  for (const std::size_t batches : {1U, 2U, 5U, 40U}) {
    INFO("dropped after " << batches << " batches");
    World world(scheduled("0 6 * * *"), {.turns_per_batch = 7});
    std::vector<Input> inputs;
    for (int i = 0; i < 50; ++i)
      inputs.push_back(UpsertAccount{key(i), employees(i % 2 == 0 ? 50 : 5)});
    world.post_all(std::move(inputs));
    world.advance_clock(21h);
    world.drop_after(batches);
    world.run();
    CHECK(world.counted(CounterKind::entered) == 25);
    world.account("late", employees(50));
    CHECK(world.standing("late").empty());
    CHECK(world.counter_differences() == Lines{});
  }
}

TEST_CASE("a round that comes in a pause is made up for at the resume") {
  World world(scheduled("0 6 * * *"));
  world.account("acme", employees(50));
  REQUIRE(world.change(ChangeJourney::Command::pause).empty());
  world.advance(24h);
  CHECK(world.standing("acme").empty());
  REQUIRE(world.change(ChangeJourney::Command::resume).empty());
  CHECK(world.token("acme").entered_at == kMonday + 24h);
  world.account("late", employees(50));
  CHECK(world.standing("late").empty());
  world.advance(24h);
  CHECK(world.token("late").entered_at == at(1, 7, 6h));
}

TEST_CASE("a new version of a journey on a schedule keeps to it: its first round is the next time of the schedule") {
  World world(scheduled("0 6 * * *"));
  world.account("acme", employees(50));
  SourceTexts changed = scheduled("0 8 * * *");
  CHECK(world.publish(changed).empty());
  CHECK(world.standing("acme").empty());
  world.advance(24h);
  CHECK(world.token("acme").entered_at == at(1, 6, 8h));
  CHECK(world.token("acme").version == world.version_of(2));
}

TEST_CASE("a time zone that the schedule does not name is the journey's, else the workspace's") {
  SourceTexts texts = audience_with("true", ", evaluate: {cron: \"0 6 * * *\"}", "timezone: Asia/Tokyo\n");
  World world(texts);
  world.account("acme");
  world.advance(24h);
  CHECK(world.token("acme").entered_at == at(1, 5, 21h));
  texts = audience_with("true", ", evaluate: {cron: \"0 6 * * *\"}");
  texts["caravan.yaml"] = "timezone: America/New_York\n";
  World other(texts);
  other.account("acme");
  other.advance(24h);
  CHECK(other.token("acme").entered_at == at(1, 5, 11h));
}

// The start of entry

TEST_CASE("nobody enters before the start of entry, and then whoever is in the audience") {
  for (const bool restarts : {false, true}) {
    INFO((restarts ? "with restarts" : "without"));
    World world(audience_with("account.employees > 10", ", from: 2026-01-06T09:00:00Z"));
    world.account("acme", employees(50));
    world.account("shrunk", employees(50));
    world.account("shrunk", employees(5));
    CHECK(world.audiences("acme") == Lines{"everyone"});
    CHECK(world.standing("acme").empty());
    CHECK(world.enter("seeds", "acme") == "nobody enters before 2026-01-06T09:00:00Z");
    if (restarts) world.restart();
    world.advance(24h - 1ms);
    world.account("late", employees(50));
    CHECK(world.standing("acme").empty());
    if (restarts) world.restart();
    world.advance(1ms);
    CHECK(world.token("acme").entered_at == kMonday + 24h);
    CHECK(world.token("late").entered_at == kMonday + 24h);
    CHECK(world.standing("shrunk").empty());
    world.account("later", employees(50));
    CHECK(world.standing("later") == "waiting at settle");
    CHECK(world.counted(CounterKind::entered) == 3);
  }
}

TEST_CASE("a start of entry that passed while nothing ran is made up for at the start") {
  World world(audience_with("account.employees > 10", ", from: 2026-01-06T09:00:00Z"));
  world.account("acme", employees(50));
  world.advance_clock(30h);
  world.restart();
  CHECK(world.token("acme").entered_at == kMonday + 30h);
}

TEST_CASE("an audience that is evaluated once is evaluated at the start of entry, of those who are there by then") {
  World world(audience_with("account.employees > 10", ", evaluate: once, from: 2026-01-06T09:00:00Z"));
  world.account("acme", employees(50));
  world.advance(12h);
  world.account("late", employees(50));
  world.advance(12h);
  CHECK(world.token("acme").entered_at == kMonday + 24h);
  CHECK(world.token("late").entered_at == kMonday + 24h);
  world.account("later", employees(50));
  world.restart();
  CHECK(world.standing("later").empty());
}

TEST_CASE("the first round of a schedule is the first of its times from the start of entry on") {
  for (const auto& [from, first] :
       {std::pair("2026-01-07T00:00:00Z", at(1, 7, 6h)), std::pair("2026-01-07T06:00:00Z", at(1, 7, 6h)),
        std::pair("2026-01-07T07:00:00Z", at(1, 8, 6h))}) {
    for (const bool restarts : {false, true}) {
      INFO("from " << from << (restarts ? ", with a restart" : ""));
      World world(scheduled("0 6 * * *", "UTC", std::string(", from: ") + from));
      world.account("acme", employees(50));
      go_to(world, at(1, 7, 1h));
      if (restarts) world.restart();
      go_to(world, at(1, 7, 8h));
      if (restarts) world.restart();
      go_to(world, at(1, 9, 0h));
      REQUIRE(world.tokens("acme").size() == 1);
      CHECK(world.token("acme").entered_at == first);
    }
  }
}

// Audiences that read the time

TEST_CASE("an audience that reads the time is gone through at every midnight of its time zone") {
  struct Case {
    std::string keys;
    std::string configuration;
    Instant midnight;  ///< the first after the 8th, 12:00
  };
  const std::vector<Case> cases = {
      {"", "timezone: UTC\n", at(1, 9, 0h)},
      {"", "timezone: America/New_York\n", at(1, 9, 5h)},
      {"timezone: Asia/Tokyo\n", "timezone: UTC\n", at(1, 8, 15h)},
  };
  for (const bool restarts : {false, true}) {
    for (const Case& each : cases) {
      INFO(each.keys << each.configuration << (restarts ? "with restarts" : ""));
      SourceTexts texts = audience_with("account.renewal < now", "", each.keys);
      texts["caravan.yaml"] = each.configuration;
      World world(texts);
      world.account("acme", {{"renewal", AttributeInput{at(1, 8, 12h)}}});
      world.account("past", {{"renewal", AttributeInput{kMonday - 24h}}});
      CHECK(world.standing("past") == "waiting at settle");
      go_to(world, each.midnight - 1ms);
      if (restarts) world.restart();
      CHECK(world.audiences("acme").empty());
      go_to(world, each.midnight);
      CHECK(world.audiences("acme") == Lines{"everyone"});
      REQUIRE(world.tokens("acme").size() == 1);
      CHECK(world.token("acme").entered_at == each.midnight);
    }
  }
}

TEST_CASE("an account that has been quiet for days comes into the audience at midnight, and goes when it is heard of") {
  World world(audience_with("account.activity(\"page.viewed\", duration(\"48h\")).size() == 0", "",
                            "leave_with_audience: true\nre_enter: {after: 1h}\n"));
  world.account("acme");
  world.account_event("page.viewed", "acme");
  CHECK(world.standing("acme") == "left at settle");
  world.advance(48h);
  CHECK(world.audiences("acme").empty());
  go_to(world, at(1, 8, 0h));
  CHECK(world.audiences("acme") == Lines{"everyone"});
  CHECK(world.standing("acme") == "left at settle | waiting at settle");
  CHECK(world.tokens("acme").back().entered_at == at(1, 8, 0h));
  world.account_event("page.viewed", "acme");
  CHECK(world.audiences("acme").empty());
  CHECK(world.standing("acme") == "left at settle | left at settle");
}

TEST_CASE("an account whose events have grown old leaves the audience at midnight") {
  World world(audience_with("account.activity(\"page.viewed\", duration(\"24h\")).size() > 0", "",
                            "leave_with_audience: true\n"));
  world.account("acme");
  world.account_event("page.viewed", "acme");
  CHECK(world.standing("acme") == "waiting at settle");
  go_to(world, at(1, 6, 10h));
  CHECK(world.standing("acme") == "waiting at settle");
  go_to(world, at(1, 7, 0h));
  CHECK(world.standing("acme") == "left at settle");
  CHECK(world.token("acme").ended_at == at(1, 7, 0h));
}

TEST_CASE("an audience that does not read the time is not gone through at midnight") {
  World world(audience_with("account.employees > 10", ""));
  world.account("acme");
  const auto evaluations = [&] {
    return world.counted(
        {world.version_of(1), CounterKind::expression_errors, static_cast<std::uint16_t>(kNoNode), kNoPath});
  };
  const std::int64_t before = evaluations();
  world.advance(72h);
  CHECK(evaluations() == before);
  CHECK(world.next_due() == std::nullopt);
}
