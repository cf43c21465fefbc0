// A journey's life from its first publication to its end: what publishing, closing and aborting make of it, what is
// refused, and that a restart changes nothing. Pausing has a file of its own, and so has moving to another version.

#include "engine/journey_library.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Command = ChangeJourney::Command;
using Lines = std::vector<std::string>;

constexpr std::string_view kFirst =
    "- {id: settle, wait: 1d}\n- {id: rest, wait: 1d}\n- {id: mail, send_email: welcome}\n";
constexpr std::string_view kSecond = "- {id: reflect, wait: 2d}\n- {id: mail, send_email: story}\n";

/// A workspace without the journey `seeds`, whose other journey nobody enters.
SourceTexts without_seeds() {
  SourceTexts texts = seeds_workspace(kFirst);
  texts["journeys/other.yaml"] = "journey: other\nnodes:\n  - {id: a, wait: 1d}\n";
  texts.erase("journeys/seeds.yaml");
  return texts;
}

/// The same with it.
SourceTexts with_seeds(std::string_view nodes = kFirst) {
  SourceTexts texts = without_seeds();
  texts["journeys/seeds.yaml"] = seeds_workspace(nodes).at("journeys/seeds.yaml");
  return texts;
}

/// Only accounts with more than ten employees are in the audience.
SourceTexts for_large_accounts(std::string_view nodes = kFirst) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  return texts;
}

std::size_t versions(World& world, std::string_view journey = "seeds") {
  const std::vector<VersionRecord> all = world.reader().versions();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const VersionRecord& each) { return each.journey == journey; }));
}

Instant since(World& world, std::string_view journey = "seeds") {
  for (const JourneyRecord& record : world.reader().journeys()) {
    if (record.name == journey) return record.since;
  }
  throw std::runtime_error("no such journey was published");
}

std::vector<Input> accounts(int count) {
  std::vector<Input> inputs;
  for (int i = 0; i < count; ++i)
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), {{"employees", number(50)}}});
  return inputs;
}

std::string last_note(World& world, const std::string& account) {
  const std::vector<NoteRecord> notes = world.notes(account);
  return notes.empty() ? "" : notes.back().text;
}

}  // namespace

// Publishing

TEST_CASE("a journey that is published while the engine runs is live at once, and its audience enters") {
  World world(without_seeds());
  world.account("acme");
  world.advance(1h);
  CHECK(world.publish(with_seeds()).empty());
  CHECK(world.journey_state() == JourneyState::live);
  CHECK(since(world) == kMonday + 1h);
  CHECK(world.standing("acme") == "waiting at settle");
  CHECK(world.token("acme").entered_at == kMonday + 1h);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("publishing what has not changed changes nothing, in the running engine as at its start") {
  World world(with_seeds());
  world.account("acme");
  world.advance(1h);
  const std::string before = world.portrait();
  CHECK(world.publish(with_seeds()).empty());
  world.restart();
  CHECK(world.portrait() == before);
  CHECK(versions(world) == 1);
  CHECK(since(world) == kMonday);
  CHECK(world.reader().greatest().snapshot == 1);
}

TEST_CASE("a changed journey is a new version in the running engine: new entries take it, the others stay on theirs") {
  World world(for_large_accounts());
  world.account("old", {{"employees", number(50)}});
  world.account("late", {{"employees", number(5)}});
  world.advance(1h);
  CHECK(world.publish(for_large_accounts(kSecond)).empty());
  world.account("new", {{"employees", number(50)}});
  world.account("late", {{"employees", number(50)}});
  CHECK(world.standing("old") == "waiting at settle");
  CHECK(world.standing("new") == "waiting at reflect");
  CHECK(world.standing("late") == "waiting at reflect");
  const std::vector<VersionRecord> all = world.reader().versions();
  REQUIRE(all.size() == 2);
  CHECK_FALSE(all[0].live);
  CHECK(all[1].live);
  CHECK(all[1].published_at == kMonday + 1h);
  world.restart();
  world.run_out();
  CHECK(world.trail("old") == "settle:stopped rest:stopped mail:nobody");
  CHECK(world.trail("new") == "reflect:stopped mail:nobody");
  CHECK(world.counted(CounterKind::completed, "", "", 1) == 1);
  CHECK(world.counted(CounterKind::completed, "", "", 2) == 2);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("who is under way sends what their version sends, though the workspace has that mail no more") {
  World world(seeds_workspace(kFirst));
  world.account("acme");
  world.person("ada", "acme", {{"email", text("ada@acme.example")}});
  SourceTexts changed = seeds_workspace(kSecond);
  changed.erase("emails/welcome.html");
  CHECK(world.publish(changed).empty());
  world.advance(48h);
  CHECK(world.mails("acme") == Lines{"welcome to ada@acme.example"});
}

TEST_CASE("publishing by name leaves all other journeys as they are, changed or gone") {
  SourceTexts texts = with_seeds();
  texts["journeys/third.yaml"] = "journey: third\nnodes:\n  - {id: b, wait: 1d}\n";
  World world(texts);
  world.run();
  SourceTexts changed = with_seeds(kSecond);
  changed["journeys/other.yaml"] += "  - {id: b, wait: 1d}\n";
  CHECK(world.publish(changed, Publish::UnderWay::stay, "", {"other"}).empty());
  CHECK(versions(world, "other") == 2);
  CHECK(versions(world, "seeds") == 1);
  CHECK(world.journey_state("third") == JourneyState::live);
  world.account("acme");
  CHECK(world.standing("acme") == "waiting at settle");
}

TEST_CASE("a name that the workspace does not have is refused, and nothing is published") {
  World world(with_seeds());
  world.run();
  CHECK(world.publish(with_seeds(kSecond), Publish::UnderWay::stay, "", {"seeds", "sedes"}) ==
        "the workspace has no journey \"sedes\"");
  CHECK(versions(world) == 1);
  CHECK(world.reader().greatest().snapshot == 1);
}

TEST_CASE("a journey that the workspace no longer has is closed, and is live again when it comes back") {
  World world(with_seeds());
  world.account("old");
  world.advance(1h);
  CHECK(world.publish(without_seeds()).empty());
  CHECK(world.journey_state() == JourneyState::closed);
  CHECK(since(world) == kMonday + 1h);
  world.account("between");
  CHECK(world.standing("between").empty());
  CHECK(world.standing("old") == "waiting at settle");
  world.advance(1h);
  CHECK(world.publish(with_seeds()).empty());
  CHECK(world.journey_state() == JourneyState::live);
  CHECK(versions(world) == 2);
  CHECK(world.token("between").version == world.version_of(2));
  CHECK(world.token("between").entered_at == kMonday + 2h);
  CHECK(world.token("old").version == world.version_of(1));
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a closed journey stays closed when a workspace is published in which it has not changed") {
  World world(with_seeds());
  world.account("old");
  CHECK(world.change(Command::close).empty());
  CHECK(world.publish(with_seeds()).empty());
  CHECK(world.journey_state() == JourneyState::closed);
  world.restart();
  CHECK(world.journey_state() == JourneyState::closed);
}

TEST_CASE("a closed journey that is published by its name is live again, and whoever matches by then enters") {
  World world(for_large_accounts());
  world.account("old", {{"employees", number(50)}});
  world.account("grown", {{"employees", number(5)}});
  world.account("shrunk", {{"employees", number(5)}});
  CHECK(world.change(Command::close).empty());
  world.account("grown", {{"employees", number(50)}});
  world.account("new", {{"employees", number(50)}});
  CHECK(world.publish(for_large_accounts(), Publish::UnderWay::stay, "", {"seeds"}).empty());
  CHECK(world.journey_state() == JourneyState::live);
  CHECK(versions(world) == 1);
  CHECK(world.standing("new") == "waiting at settle");
  CHECK(world.standing("grown") == "waiting at settle");
  CHECK(world.standing("shrunk").empty());
  CHECK(world.tokens("old").size() == 1);
}

TEST_CASE("a closed, finished or aborted journey is live again when what is published of it has changed") {
  for (const Command command : {Command::close, Command::abort}) {
    for (const bool with_somebody : {true, false}) {
      INFO("command " << static_cast<int>(command) << (with_somebody ? ", somebody under way" : ""));
      World world(seeds_workspace(kFirst));
      if (with_somebody) world.account("old");
      world.run();
      CHECK(world.change(command).empty());
      CHECK(world.publish(seeds_workspace(kSecond)).empty());
      CHECK(world.journey_state() == JourneyState::live);
      world.account("new");
      CHECK(world.standing("new") == "waiting at reflect");
      CHECK(world.counter_differences() == Lines{});
    }
  }
}

// Closing

TEST_CASE("nobody enters a closed journey, those under way go on, and it has finished when the last is through") {
  World world(seeds_workspace(kFirst));
  world.account("first");
  world.advance(1h);
  world.account("second");
  CHECK(world.change(Command::close).empty());
  CHECK(world.journey_state() == JourneyState::closed);
  world.account("late");
  CHECK(world.standing("late").empty());
  CHECK(world.enter("seeds", "late") == "the journey \"seeds\" is closed");
  world.advance(48h - 1ms);
  CHECK(world.standing("first") == "completed at mail");
  CHECK(world.standing("second") == "waiting at rest");
  CHECK(world.journey_state() == JourneyState::closed);
  world.advance(1ms);
  CHECK(world.standing("second") == "completed at mail");
  CHECK(world.journey_state() == JourneyState::finished);
  CHECK(since(world) == kMonday + 49h);
  CHECK(world.enter("seeds", "late") == "the journey \"seeds\" is finished");
}

TEST_CASE("a journey that is closed when nobody is under way has finished at once") {
  World world(seeds_workspace(kFirst));
  world.account("acme");
  world.run_out();
  CHECK(world.journey_state() == JourneyState::live);
  CHECK(world.change(Command::close).empty());
  CHECK(world.journey_state() == JourneyState::finished);
  World empty(seeds_workspace(kFirst));
  CHECK(empty.change(Command::close).empty());
  CHECK(empty.journey_state() == JourneyState::finished);
}

TEST_CASE("a closed journey finishes after a restart too, whoever is under way or nobody any more") {
  World world(with_seeds());
  world.account("acme");
  CHECK(world.change(Command::close).empty());
  world.restart();
  CHECK(world.journey_state() == JourneyState::closed);
  world.advance(48h);
  CHECK(world.journey_state() == JourneyState::finished);
  world.restart();
  CHECK(world.journey_state() == JourneyState::finished);

  World another(with_seeds());
  another.run();
  another.restart_with(without_seeds());
  CHECK(another.journey_state() == JourneyState::finished);
}

TEST_CASE("a closed journey is not finished while somebody of an older version is under way") {
  World world(seeds_workspace(kFirst));
  world.account("old");
  CHECK(world.publish(seeds_workspace("- {id: mail, send_email: story}\n")).empty());
  world.account("new");
  CHECK(world.standing("new") == "completed at mail");
  CHECK(world.change(Command::close).empty());
  CHECK(world.journey_state() == JourneyState::closed);
  world.run_out();
  CHECK(world.journey_state() == JourneyState::finished);
}

TEST_CASE("a journey is closed at the very time its entry ends, also when nobody was there to see it") {
  const SourceTexts texts = workspace_with(
      "journey: seeds\nenter: {audience: everyone, to: 2026-01-05T12:00:00Z}\nnodes:\n" + indented(kFirst, 2));
  World world(texts);
  world.account("acme");
  world.advance(3h - 1ms);
  world.account("in-time");
  CHECK(world.journey_state() == JourneyState::live);
  world.advance(1ms);
  CHECK(world.journey_state() == JourneyState::closed);
  CHECK(since(world) == kMonday + 3h);
  world.account("late");
  CHECK(world.standing("late").empty());
  CHECK(world.standing("in-time") == "waiting at settle");
  world.run_out();
  CHECK(world.journey_state() == JourneyState::finished);

  World asleep(texts);
  asleep.account("acme");
  asleep.advance_clock(5h);
  asleep.restart();
  CHECK(asleep.journey_state() == JourneyState::closed);
  CHECK(asleep.standing("acme") == "waiting at settle");
}

// Aborting

TEST_CASE("everybody leaves an aborted journey from wherever they stand, people in a people split included") {
  World world(seeds_workspace(R"(- id: by-size
  split:
    - {path: small, when: account.employees < 10, nodes: [{id: settle, wait: 1d}]}
    - {path: middle, when: account.employees < 100, nodes: [{id: ask, listen: form.submitted}]}
    - {path: large, nodes: [{id: each, split_people: [{path: all, nodes: [{id: think, wait: 1d}]}]}]}
- {id: rest, wait: 1d}
)"));
  world.account("small", {{"employees", number(5)}});
  world.account("middle", {{"employees", number(50)}});
  world.account("large", {{"employees", number(500)}});
  world.account("large-too", {{"employees", number(500)}});
  world.post_all({UpsertAccount{"people", {{"employees", number(500)}}}, UpsertPerson{"ada", "people", {}},
                  UpsertPerson{"bob", "people", {}}});
  CHECK(world.standing("people") == "joining at each | waiting at think | waiting at think");
  world.advance(1h);
  CHECK(world.change(Command::abort).empty());
  CHECK(world.journey_state() == JourneyState::aborted);
  CHECK(world.standing("small") == "left at settle");
  CHECK(world.standing("middle") == "left at ask");
  CHECK(world.standing("people") == "left at each | left at think | left at think");
  CHECK(world.token("small").ended_at == kMonday + 1h);
  CHECK(last_note(world, "small") == "the journey was aborted");
  CHECK(world.counted(CounterKind::left) == 5);
  CHECK(world.next_due() == std::nullopt);
  CHECK(world.reader().tasks().empty());
  CHECK(world.counter_differences() == Lines{});
  CHECK(world.enter("seeds", "small") == "the journey \"seeds\" is aborted");
  world.event("form.submitted", "ada");
  world.advance(48h);
  CHECK(world.counted(CounterKind::left) == 5);
}

TEST_CASE("an abort goes through its journey batch by batch, over restarts and whatever cuts it off") {
  for (const std::size_t batches : {1U, 2U, 4U, 7U, 40U}) {
    INFO("dropped after " << batches << " batches");
    SourceTexts texts = with_seeds();
    texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: a, wait: 1d}\n";
    World world(texts, {.turns_per_batch = 7});
    world.post_all(accounts(50));
    world.drop_after(batches, {ChangeJourney{Command::abort, "seeds"}});
    CHECK(world.journey_state() == JourneyState::aborted);
    CHECK(world.counter_differences() == Lines{});
    world.run();
    CHECK(world.counted(CounterKind::left) == 50);
    CHECK(world.reader().tasks().empty());
    for (int i = 0; i < 50; ++i)
      CHECK(world.standing("account-" + std::to_string(i)) == "waiting at a | left at settle");
    CHECK(world.counter_differences() == Lines{});
    world.restart();
    CHECK(world.journey_state() == JourneyState::aborted);
  }
}

TEST_CASE("nobody takes another step in an aborted journey, though its time comes before the abort comes to it") {
  World world(seeds_workspace("- {id: settle, wait: 1d}\n- {id: mail, send_email: welcome}\n- {id: rest, wait: 1d}\n"),
              {.turns_per_batch = 5});
  std::vector<Input> inputs = accounts(20);
  for (int i = 0; i < 20; ++i) {
    const std::string key = "account-" + std::to_string(i);
    inputs.push_back(UpsertPerson{"p-" + key, key, {{"email", text("ada@" + key + ".example")}}});
  }
  world.post_all(std::move(inputs));
  world.advance_clock(24h);
  world.drop_after(1, {ChangeJourney{Command::abort, "seeds"}});
  const std::int64_t sent_before = world.counted_message(CounterKind::promised, "welcome");
  world.run();
  CHECK(world.counted_message(CounterKind::promised, "welcome") == sent_before);
  CHECK(sent_before == 0);
  CHECK(world.counted(CounterKind::left) == 20);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("what an aborted journey promised and did not send yet is given up") {
  World world(seeds_workspace("- {id: mail, send_email: welcome}\n- {id: settle, wait: 1d}\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}}}});
  CHECK(world.mails("acme") == Lines{"welcome to ada@acme.example"});
  const auto is_aborted = [&] {
    NameBook names(world.reader());
    return JourneyLibrary(world.store(), names).is_aborted(world.version_of(1));
  };
  CHECK_FALSE(is_aborted());
  CHECK(world.change(Command::close).empty());
  CHECK_FALSE(is_aborted());
  CHECK(world.change(Command::abort).empty());
  CHECK(is_aborted());
}

// Commands

TEST_CASE("what a journey's state does not allow is refused, and says where the journey stands") {
  struct Case {
    Lines before;  ///< what was done to the journey
    std::string is;
    std::array<bool, 4> refused;  ///< pause, resume, close, abort
  };
  const std::map<std::string, Command> commands = {
      {"pause", Command::pause}, {"resume", Command::resume}, {"close", Command::close}, {"abort", Command::abort}};
  for (const bool is_under_way : {true, false}) {
    const std::vector<Case> cases = {
        {{}, "live", {false, true, false, false}},
        {{"pause"}, "paused", {true, false, false, false}},
        {{"pause", "resume"}, "live", {false, true, false, false}},
        {{"close"}, is_under_way ? "closed" : "finished", {true, true, true, !is_under_way}},
        {{"pause", "close"}, is_under_way ? "closed" : "finished", {true, true, true, !is_under_way}},
        {{"abort"}, "aborted", {true, true, true, true}},
        {{"pause", "abort"}, "aborted", {true, true, true, true}},
    };
    for (const Case& each : cases) {
      std::size_t number = 0;
      for (const std::string command : {"pause", "resume", "close", "abort"}) {
        World world(seeds_workspace(kFirst));
        world.run();
        if (is_under_way) world.account("acme");
        for (const std::string& before : each.before)
          REQUIRE(world.change(commands.at(before)).empty());
        INFO(command << " of a journey that is " << each.is);
        const bool is_refused = each.refused.at(number++);
        const JourneyState before = world.journey_state();
        CHECK(world.change(commands.at(command)) == (is_refused ? "the journey \"seeds\" is " + each.is : ""));
        if (is_refused) CHECK(world.journey_state() == before);
      }
    }
  }
}

TEST_CASE("a journey that was never published is not known to any command") {
  World world(seeds_workspace(kFirst));
  world.account("acme");
  for (const Command command : {Command::pause, Command::resume, Command::close, Command::abort})
    CHECK(world.change(command, "sedes") == "no journey \"sedes\" is published");
  CHECK(world.enter("sedes", "acme") == "no journey \"sedes\" is published");
}

TEST_CASE("where a journey stands, and since when, is the same after a restart") {
  for (const Command command : {Command::pause, Command::close, Command::abort}) {
    INFO("command " << static_cast<int>(command));
    World world(seeds_workspace(kFirst));
    world.account("acme");
    world.advance(1h);
    CHECK(world.change(command).empty());
    const JourneyState state = world.journey_state();
    const std::string portrait = world.portrait();
    world.advance(1h);
    world.restart();
    CHECK(world.journey_state() == state);
    CHECK(since(world) == kMonday + 1h);
    CHECK(world.portrait() == portrait);
  }
}
