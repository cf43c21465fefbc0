// Nodes that fail: how long their tokens are held and how often they try again, and what somebody can do about it. A
// mail fails here as long as a value of it is too deep to be kept.

#include <sqlite3.h>

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Command = Interfere::Command;
using Lines = std::vector<std::string>;

constexpr std::string_view kFailing = R"(- {id: settle, wait: 1d}
- id: mail
  send_email: {template: story, with: {offer: '[account.deep]'}}
- {id: rest, wait: 1d}
)";

constexpr std::string_view kTwice = R"(- {id: settle, wait: 1d}
- id: mail
  send_email: {template: story, with: {offer: '[account.deep]'}}
- {id: rest, wait: 1d}
- id: last-mail
  send_email: {template: farewell, with: {offer: '[account.deep]'}}
)";

constexpr std::string_view kPeople = R"(- id: each
  split_people:
    - path: all
      nodes:
        - {id: think, wait: 1d}
        - {id: mail, send_email: {template: story, with: {offer: '[person.deep]'}}}
        - {id: reflect, wait: 1d}
- {id: rest, wait: 1d}
)";

SourceTexts failing(const std::string& retries = {}, std::string_view nodes = kFailing) {
  SourceTexts texts = seeds_workspace(nodes);
  if (!retries.empty()) texts["caravan.yaml"] += "retries: {" + retries + "}\n";
  return texts;
}

/// An account with a person, whose mail fails or not.
void add(World& world, const std::string& account, bool fails) {
  world.post_all({UpsertAccount{account, {{"deep", fails ? too_deep() : number(1)}}},
                  UpsertPerson{"p-" + account, account, {{"email", text("p@" + account + ".example")}}}});
}

void mend(World& world, const std::string& account) {
  world.account(account, {{"deep", number(1)}});
}

std::string interfere(World& world, Command command, const std::string& account = {}, const std::string& node = {},
                      const std::string& journey = "seeds") {
  return world.interfere({command, journey, node, account});
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

// Retrying by itself

TEST_CASE("a node that fails holds its own token with the reason, and nobody else's") {
  World world(failing());
  add(world, "acme", true);
  add(world, "globex", false);
  world.advance(24h);
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").resume == Resume::visit);
  CHECK(world.token("acme").attempts == 1);
  REQUIRE(world.notes("acme", NoteKind::failure).size() == 1);
  CHECK(world.notes("acme", NoteKind::failure)[0].starts_with("internal error: "));
  CHECK(world.standing("globex") == "waiting at rest");
  CHECK(world.mails("acme").empty());
  CHECK(world.counted(CounterKind::held, "mail") == 1);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a held token tries again as the policy says: twice as long each time up to the longest, then not at all") {
  World world(failing("attempts: 4, first: 10m, longest: 30m"));
  const RetryDefinition policy{.attempts = 4, .first = 10min, .longest = 30min};
  add(world, "acme", true);
  world.advance(24h);
  Instant at = kMonday + 24h;
  for (const auto& [attempt, delay] : {std::pair(1, 10min), std::pair(2, 20min), std::pair(3, 30min)}) {
    INFO("attempt " << attempt);
    const TokenRecord token = world.token("acme");
    CHECK(token.attempts == attempt);
    REQUIRE(token.due_at.has_value());
    CHECK(*token.due_at == at + retry_delay(policy, {token.id, token.visits, {}}, token.attempts));
    CHECK(*token.due_at >= at + delay * 3 / 4);
    CHECK(*token.due_at <= at + delay * 5 / 4);
    at = *token.due_at;
    world.advance(at - world.now());
  }
  CHECK(world.token("acme").attempts == 4);
  CHECK(world.token("acme").due_at == std::nullopt);
  CHECK(world.notes("acme", NoteKind::failure).size() == 4);
  mend(world, "acme");
  world.advance(240h);
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("two tokens that fail at the same time do not try again at the same time, and a restart changes neither") {
  World world(failing());
  add(world, "acme", true);
  add(world, "globex", true);
  world.advance(24h);
  const std::optional<Instant> due = world.token("acme").due_at;
  CHECK(due != world.token("globex").due_at);
  world.restart();
  CHECK(world.token("acme").due_at == due);
  World again(failing());
  add(again, "acme", true);
  add(again, "globex", true);
  again.advance(24h);
  CHECK(again.token("acme").due_at == due);
}

TEST_CASE("once its node has done its work, a token has as many attempts for the next as ever") {
  World world(failing("attempts: 3, first: 10m, longest: 10m", kTwice));
  add(world, "acme", true);
  world.advance(24h + 15min);
  CHECK(world.token("acme").attempts == 2);
  mend(world, "acme");
  world.advance(15min);
  CHECK(world.standing("acme") == "waiting at rest");
  CHECK(world.token("acme").attempts == 0);
  world.account("acme", {{"deep", too_deep()}});
  world.advance(world.token("acme").due_at.value() - world.now());
  CHECK(world.standing("acme") == "held at last-mail");
  CHECK(world.token("acme").attempts == 1);
  mend(world, "acme");
  world.advance(15min);
  CHECK(world.trail("acme") == "settle:stopped mail rest:stopped last-mail");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("of a held token nothing is sent twice, over a restart in the middle of its attempts as well") {
  World world(failing("attempts: 9, first: 10m, longest: 10m", R"(- {id: settle, wait: 1d}
- {id: first, send_email: welcome}
- {id: mail, send_email: {template: story, with: {offer: '[account.deep]'}}}
)"));
  add(world, "acme", true);
  world.advance(25h);
  world.restart();
  CHECK(world.standing("acme") == "held at first");
  CHECK(world.mails("acme").empty());
  mend(world, "acme");
  world.advance(1h);
  CHECK(world.mails("acme") == Lines{"welcome to p@acme.example", "story to p@acme.example"});
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a person who is held in a people split holds their account at the join, until they are through") {
  World world(failing("attempts: 1000, first: 10m, longest: 10m", kPeople));
  world.post_all({UpsertAccount{"acme", {}},
                  UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}, {"deep", too_deep()}}},
                  UpsertPerson{"bob", "acme", {{"email", text("bob@acme.example")}, {"deep", number(1)}}}});
  world.advance(48h);
  CHECK(world.standing("acme") == "joining at each | held at mail | completed at reflect");
  world.person("ada", "", {{"deep", number(1)}});
  world.advance(15min);
  CHECK(world.standing("acme") == "joining at each | waiting at reflect | completed at reflect");
  world.run_out();
  CHECK(world.standing("acme") == "completed at rest | completed at reflect | completed at reflect");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a held token leaves with its account by the exit of the journey") {
  World world(
      workspace_with("journey: seeds\nenter: {audience: everyone}\nexit_when: account.?done.orValue(false)\n"
                     "nodes:\n" +
                     indented(kFailing, 2)));
  add(world, "acme", true);
  world.advance(24h);
  world.account("acme", {{"done", AttributeInput{true}}});
  CHECK(world.standing("acme") == "left at mail");
  CHECK(world.token("acme").due_at == std::nullopt);
  CHECK(world.counter_differences() == Lines{});
}

// Retrying, skipping and removing by hand

TEST_CASE("a held token that somebody retries tries at once, whatever is left of its attempts") {
  World world(failing("attempts: 1"));
  add(world, "acme", true);
  world.advance(24h);
  CHECK(world.token("acme").due_at == std::nullopt);
  CHECK(interfere(world, Command::retry, "acme").empty());
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").attempts == 2);
  CHECK(world.token("acme").due_at == std::nullopt);
  mend(world, "acme");
  CHECK(interfere(world, Command::retry, "acme", "mail").empty());
  CHECK(world.trail("acme") == "settle:stopped mail rest:stopped");
  CHECK(world.mails("acme") == Lines{"story to p@acme.example"});
  CHECK(world.notes("acme", NoteKind::interfered) == Lines{"made to try again", "made to try again"});
  CHECK(world.counted(CounterKind::held, "mail") == 0);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a held token that somebody skips goes past its node, which its story tells") {
  World world(failing());
  add(world, "acme", true);
  world.advance(24h);
  CHECK(interfere(world, Command::skip, "acme").empty());
  CHECK(world.trail("acme") == "settle:stopped mail:skipped rest:stopped");
  CHECK(world.mails("acme").empty());
  CHECK(world.token("acme").attempts == 0);
  CHECK(world.token("acme").due_at == kMonday + 48h);
  CHECK(world.notes("acme", NoteKind::interfered) == Lines{"made to go past this node"});
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("the last node of a journey can be skipped, and of a person's way as well") {
  World world(failing(
      "", "- {id: settle, wait: 1d}\n- {id: mail, send_email: {template: story, with: {offer: '[account.deep]'}}}\n"));
  add(world, "acme", true);
  world.advance(24h);
  CHECK(interfere(world, Command::skip, "acme").empty());
  CHECK(world.standing("acme") == "completed at mail");
  CHECK(world.trail("acme") == "settle:stopped mail:skipped");
  CHECK(world.counter_differences() == Lines{});

  World people(failing("", R"(- id: each
  split_people:
    - path: all
      nodes: [{id: think, wait: 1d}, {id: mail, send_email: {template: story, with: {offer: '[person.deep]'}}}]
- {id: rest, wait: 1d}
)"));
  people.post_all({UpsertAccount{"acme", {}},
                   UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}, {"deep", too_deep()}}}});
  people.advance(24h);
  CHECK(interfere(people, Command::skip, "acme").empty());
  CHECK(people.standing("acme") == "waiting at rest | completed at mail");
  CHECK(people.counter_differences() == Lines{});
}

TEST_CASE("an account that somebody removes leaves from wherever it stands, held or not, with its people") {
  World world(failing("", kPeople));
  world.post_all({UpsertAccount{"acme", {}},
                  UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}, {"deep", too_deep()}}},
                  UpsertPerson{"bob", "acme", {}}});
  world.advance(24h);
  CHECK(world.standing("acme") == "joining at each | held at mail | waiting at reflect");
  CHECK(interfere(world, Command::remove, "acme").empty());
  CHECK(world.standing("acme") == "left at each | left at mail | left at reflect");
  CHECK(world.notes("acme", NoteKind::taken_out) == Lines{"taken out by hand"});
  CHECK(world.counted(CounterKind::left) == 1);
  CHECK(world.next_due() == std::nullopt);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a person who is removed from a people split does not block the join") {
  World world(failing("attempts: 1", kPeople));
  world.post_all({UpsertAccount{"acme", {}},
                  UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}, {"deep", too_deep()}}},
                  UpsertPerson{"bob", "acme", {}}});
  world.advance(48h);
  CHECK(world.standing("acme") == "joining at each | held at mail | completed at reflect");
  CHECK(interfere(world, Command::remove, "acme", "mail").empty());
  CHECK(world.standing("acme") == "waiting at rest | left at mail | completed at reflect");
  CHECK(world.counted(CounterKind::left) == 0);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("what is done at a node is done to those who are there, of all accounts, and to nobody else") {
  World world(failing("", kTwice));
  for (const std::string key : {"a", "b"})
    add(world, key, false);
  world.advance(24h);
  for (const std::string key : {"c", "d"})
    add(world, key, true);
  for (const std::string key : {"a", "b"})
    world.account(key, {{"deep", too_deep()}});
  world.advance(24h);
  for (const std::string key : {"a", "b"})
    CHECK(world.standing(key) == "held at last-mail");
  for (const std::string key : {"c", "d"})
    CHECK(world.standing(key) == "held at mail");
  CHECK(interfere(world, Command::skip, "", "mail").empty());
  CHECK(world.standing("c") == "waiting at rest");
  CHECK(world.standing("d") == "waiting at rest");
  CHECK(world.standing("a") == "held at last-mail");
  CHECK(interfere(world, Command::skip, "b", "last-mail").empty());
  CHECK(world.standing("b") == "completed at last-mail");
  CHECK(world.standing("a") == "held at last-mail");
  CHECK(interfere(world, Command::remove, "", "rest").empty());
  CHECK(world.standing("c") == "left at rest");
  CHECK(world.standing("a") == "held at last-mail");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("what is done to a whole journey goes through it batch by batch, over restarts and whatever cuts it off") {
  for (const Command command : {Command::retry, Command::skip, Command::remove}) {
    for (const std::size_t batches : {1U, 3U, 6U, 40U}) {
      INFO("command " << static_cast<int>(command) << ", dropped after " << batches << " batches");
      SourceTexts texts = failing();
      texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n" + indented(kFailing, 2);
      World world(texts);
      for (int i = 0; i < 20; ++i)
        add(world, "account-" + std::to_string(i), i % 2 == 0);
      world.advance(24h);
      world.stop_with({.turns_per_batch = 7});
      world.drop_after(batches, {Interfere{command, "seeds", "", ""}});
      CHECK(world.counter_differences() == Lines{});
      world.run();
      CHECK(world.reader().tasks().empty());
      CHECK(world.counter_differences() == Lines{});
      for (int i = 0; i < 20; ++i) {
        const std::vector<TokenRecord> tokens = world.tokens("account-" + std::to_string(i));
        REQUIRE(tokens.size() == 2);
        const bool fails = i % 2 == 0;
        CHECK(tokens[0].state == (fails ? TokenState::held : TokenState::waiting));
        CHECK(tokens[0].attempts == (fails ? 1 : 0));
        if (command == Command::remove) CHECK(tokens[1].state == TokenState::left);
        if (command == Command::skip) CHECK(tokens[1].state == TokenState::waiting);
        if (command == Command::retry) CHECK(tokens[1].attempts == (fails ? 2 : 0));
      }
    }
  }
}

TEST_CASE("what cannot be meant is refused, with what is wrong") {
  SourceTexts texts = failing();
  texts["journeys/other.yaml"] = "journey: other\nnodes:\n  - {id: a, wait: 1d}\n";
  World world(texts);
  add(world, "acme", true);
  add(world, "globex", false);
  world.advance(24h);
  for (const Command command : {Command::retry, Command::skip, Command::remove}) {
    CHECK(interfere(world, command, "acme", "", "sedes") == "no journey \"sedes\" is published");
    CHECK(interfere(world, command, "acme", "male") == "the journey \"seeds\" has no node \"male\"");
    CHECK(interfere(world, command, "", "male") == "the journey \"seeds\" has no node \"male\"");
    CHECK(interfere(world, command, "nobody") == "there is no account \"nobody\"");
  }
  CHECK(interfere(world, Command::retry, "globex") == "nothing of the account is held in the journey");
  CHECK(interfere(world, Command::skip, "globex", "rest") == "nothing of the account is held at rest");
  CHECK(interfere(world, Command::skip, "acme", "rest") == "nothing of the account is held at rest");
  CHECK(interfere(world, Command::remove, "acme", "rest") == "the account is not at rest");
  CHECK(interfere(world, Command::remove, "acme", "", "other") == "the account is not in the journey");
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").attempts == 1);
  CHECK(world.standing("globex") == "waiting at rest");
}

TEST_CASE("in a paused journey nothing is retried or skipped, but whoever is to leave leaves") {
  World world(failing());
  add(world, "acme", true);
  world.advance(24h);
  REQUIRE(world.change(ChangeJourney::Command::pause).empty());
  for (const std::string account : {"acme", ""}) {
    CHECK(interfere(world, Command::retry, account) == "the journey \"seeds\" is paused: resume it first");
    CHECK(interfere(world, Command::skip, account) == "the journey \"seeds\" is paused: resume it first");
  }
  CHECK(world.standing("acme") == "held at mail");
  CHECK(interfere(world, Command::remove, "acme").empty());
  CHECK(world.standing("acme") == "left at mail");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("what a pause holds has not failed, and is neither retried nor skipped") {
  World world(failing());
  add(world, "acme", false);
  REQUIRE(world.change(ChangeJourney::Command::pause).empty());
  world.advance(24h);
  CHECK(world.standing("acme") == "held at settle");
  REQUIRE(world.change(ChangeJourney::Command::close).empty());
  CHECK(world.standing("acme") == "waiting at rest");
  CHECK(interfere(world, Command::skip, "acme") == "nothing of the account is held in the journey");
}

// Versions whose texts do not check any more

TEST_CASE("a version whose texts no longer check holds its own tokens only, and they can be taken out") {
  for (const bool by_abort : {true, false}) {
    INFO((by_abort ? "by an abort" : "by hand"));
    SourceTexts texts = failing("", kPeople);
    World world(texts);
    world.post_all({UpsertAccount{"old", {}}, UpsertPerson{"ada", "old", {}}});
    texts["journeys/other.yaml"] =
        "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: a, wait: 2d}\n  - {id: b, wait: 9d}\n";
    texts["journeys/seeds.yaml"] =
        seeds_workspace("- {id: new, wait: 2d}\n- {id: last, wait: 9d}\n").at("journeys/seeds.yaml");
    CHECK(world.publish(texts).empty());
    world.account("new");
    run_sql(world.file(),
            "UPDATE snapshot_text SET text = 'journey: seeds' WHERE snapshot = 1 AND path = 'journeys/seeds.yaml'");
    world.restart();
    world.advance(48h);
    REQUIRE(world.tokens("old").size() == 3);
    CHECK(world.tokens("old")[1].state == TokenState::waiting);
    CHECK(world.standing("new") == "waiting at b | waiting at last");
    // A node is found in the versions that can be read, and what stands in the others is left alone.
    CHECK(interfere(world, Command::skip, "new", "last") == "nothing of the account is held at last");
    CHECK(interfere(world, Command::retry, "old") == "nothing of the account is held in the journey");
    CHECK(world.publish(texts, Publish::UnderWay::move) ==
          "the published texts of seeds version 1 do not check with this program; publish it anew");
    if (by_abort) {
      CHECK(world.change(ChangeJourney::Command::abort).empty());
      CHECK(world.tokens("new").back().state == TokenState::left);
    } else {
      CHECK(interfere(world, Command::remove, "old").empty());
      CHECK(world.change(ChangeJourney::Command::close).empty());
      world.run_out();
      CHECK(world.journey_state() == JourneyState::finished);
    }
    std::vector<TokenState> states;
    for (const TokenRecord& token : world.tokens("old"))
      states.push_back(token.state);
    CHECK(std::count(states.begin(), states.end(), TokenState::left) == 2);
    for (const auto& [key, amount] : world.reader().counters()) {
      if (key.version == world.version_of(1) && key.kind == CounterKind::standing) CHECK(amount == 0);
      if (key.version == world.version_of(1) && key.kind == CounterKind::left) CHECK(amount == 1);
    }
  }
}

TEST_CASE(
    "a live journey whose texts no longer check takes no entries until it is published anew, and all others run") {
  SourceTexts texts = seeds_workspace("- {id: settle, wait: 1d}\n- {id: rest, wait: 9d}\n");
  texts["journeys/other.yaml"] =
      "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: a, wait: 1d}\n  - {id: b, wait: 9d}\n";
  texts["journeys/sender.yaml"] =
      "journey: sender\nenter: {event: form.submitted}\nnodes:\n  - {id: over, enter_journey: seeds}\n";
  World world(texts);
  world.account("old");
  run_sql(world.file(), "UPDATE snapshot_text SET text = 'journey: seeds' WHERE path = 'journeys/seeds.yaml'");
  const std::string why = "the published texts of seeds version 1 do not check with this program; publish it anew";
  world.restart_with(EngineSettings{.publish = false});
  world.account("new");
  world.advance(24h);
  REQUIRE(world.tokens("old").size() == 2);
  CHECK(world.tokens("old")[0].state == TokenState::waiting);
  CHECK(world.tokens("old")[1].node == NodeIndex{0});
  CHECK(world.standing("new") == "waiting at b");
  CHECK(world.enter("seeds", "new") == why);
  world.account_event("form.submitted", "new");
  CHECK(world.notes("new", NoteKind::refused) == Lines{"does not enter seeds: " + why});

  texts["journeys/seeds.yaml"] += "  - {id: more, wait: 1d}\n";
  world.stop_with({.mode = BatchRunner::Mode::commands, .publish = false});
  CHECK(world.publish(texts).empty());
  world.restart_with(EngineSettings{.publish = false});
  CHECK(world.standing("new") == "waiting at b | completed at over | waiting at settle");
}

TEST_CASE("a fault in what was published beside a journey, and that it does not use, does not hold it up") {
  SourceTexts texts = seeds_workspace("- {id: settle, wait: 1d}\n- {id: mail, send_email: welcome}\n");
  texts["journeys/other.yaml"] = "journey: other\nnodes:\n  - {id: a, send_email: farewell}\n";
  World world(texts);
  world.account("acme");
  world.person("ada", "acme", {{"email", text("ada@acme.example")}});
  for (const std::string path : {"journeys/other.yaml", "emails/farewell.html"})
    run_sql(world.file(), "UPDATE snapshot_text SET text = '---\nno: {' WHERE path = '" + path + "'");
  world.restart_with(EngineSettings{.publish = false});
  world.advance(24h);
  CHECK(world.mails("acme") == Lines{"welcome to ada@acme.example"});
  world.account("new");
  CHECK(world.standing("new") == "waiting at settle");
}
