// A batch: inputs, due tokens and audiences, merged into one write set. The tests that run a batch while the one before
// is not on the disk yet do it by hand; the others go through the engine.

#include "engine/batch.hpp"

#include "tests/engine/batches.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kWaiting = "- id: settle\n  wait: 1d\n- id: rest\n  wait: 1d\n";

std::vector<Input> accounts(int count) {
  std::vector<Input> inputs;
  for (int i = 0; i < count; ++i)
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), {}});
  return inputs;
}

}  // namespace

TEST_CASE("an account whose key is new is made, and one that is known has its attributes merged") {
  World world(seeds_workspace(kWaiting));
  CHECK(world.post(UpsertAccount{"acme", {{"employees", number(5)}, {"industry", text("retail")}}}).created);
  CHECK_FALSE(world.post(UpsertAccount{"acme", {{"employees", number(6)}, {"city", text("Berlin")}}}).created);
  CHECK(world.attributes(world.account_record("acme").attributes) == "city=Berlin employees=6 industry=retail");
  CHECK(world.accounts().size() == 1);
}

TEST_CASE("an attribute that is set to null is taken out") {
  World world(seeds_workspace(kWaiting));
  world.account("acme", {{"employees", number(5)}, {"industry", text("retail")}});
  world.account("acme", {{"employees", AttributeInput{}}});
  CHECK(world.attributes(world.account_record("acme").attributes) == "industry=retail");
}

TEST_CASE("of an attribute that one input names twice, the later counts") {
  World world(seeds_workspace(kWaiting));
  world.account("acme", {{"employees", number(5)}, {"employees", number(6)}});
  CHECK(world.attributes(world.account_record("acme").attributes) == "employees=6");
}

TEST_CASE("an input that changes nothing is taken, and nothing is written") {
  Batches batches(seeds_workspace(kWaiting));
  batches.commit(batches.run(
      {UpsertAccount{"acme", {{"employees", number(5)}}}, UpsertPerson{"ada", "acme", {{"title", text("VP")}}}}));
  batches.run_overlapping(kMonday);
  const Changes changes =
      batches.run({UpsertAccount{"acme", {{"employees", number(5)}}}, UpsertAccount{"acme", {}},
                   UpsertPerson{"ada", "acme", {{"title", text("VP")}}}, UpsertPerson{"ada", "", {}}});
  CHECK(changes.empty());
  for (const InputResult& answer : batches.answers) {
    CHECK(answer.refused.empty());
    CHECK_FALSE(answer.created);
  }
}

TEST_CASE("what cannot be taken is refused with the reason, and the rest of the batch is taken") {
  World world(seeds_workspace(kWaiting));
  AttributeInput deep = number(1);
  for (std::size_t i = 0; i <= kAttributeDepth; ++i)
    deep = AttributeInput{AttributeList{deep}};
  const std::vector<InputResult> answers = world.post_all({
      UpsertAccount{"", {}},
      UpsertAccount{std::string(257, 'k'), {}},
      UpsertAccount{std::string(256, 'k'), {}},
      UpsertPerson{"", "acme", {}},
      UpsertPerson{"ada", "acme", {}},
      UpsertPerson{"ada", "", {}},
      UpsertAccount{"deep", {{"deep", deep}}},
      UpsertAccount{"acme", {}},
      UpsertPerson{"ada", "acme", {}},
  });
  std::vector<std::string> refusals;
  for (const InputResult& answer : answers)
    refusals.push_back(answer.refused);
  CHECK(refusals[0] == "the key of the account is empty");
  CHECK(refusals[1] == "the key of the account is longer than 256 bytes");
  CHECK(refusals[2].empty());
  CHECK(refusals[3] == "the key of the person is empty");
  CHECK(refusals[4] == "there is no account \"acme\": import it first");
  CHECK(refusals[5].empty());  // a person without an account, who joins one below
  CHECK_FALSE(refusals[6].empty());
  CHECK(refusals[7].empty());
  CHECK(refusals[8].empty());
  CHECK(world.accounts().size() == 3);
  CHECK(is_stand_in(world.account_record("~ada")));
  CHECK(world.people("acme").size() == 1);
  CHECK_THROWS_WITH(world.account_record("deep"), "there is no account deep");
}

TEST_CASE("a refused change leaves an account as it was") {
  World world(seeds_workspace(kWaiting));
  world.account("acme", {{"employees", number(5)}});
  AttributeInput deep = number(1);
  for (std::size_t i = 0; i <= kAttributeDepth; ++i)
    deep = AttributeInput{AttributeList{deep}};
  CHECK_FALSE(world.post(UpsertAccount{"acme", {{"employees", number(6)}, {"deep", deep}}}).refused.empty());
  CHECK(world.attributes(world.account_record("acme").attributes) == "employees=5");
}

TEST_CASE("a person is made at their account, and merged without naming it again") {
  World world(seeds_workspace(kWaiting));
  world.account("acme");
  CHECK(world.post(UpsertPerson{"ada", "acme", {{"title", text("VP")}}}).created);
  CHECK_FALSE(world.post(UpsertPerson{"ada", "", {{"email", text("ada@acme.example")}}}).created);
  REQUIRE(world.people("acme").size() == 1);
  CHECK(world.attributes(world.people("acme")[0].attributes) == "email=ada@acme.example title=VP");
}

TEST_CASE("a person who changes their account takes their attributes along, and is gone from the old one") {
  World world(seeds_workspace(kWaiting));
  world.account("acme");
  world.account("globex");
  world.person("ada", "acme", {{"title", text("VP")}});
  const PersonId ada = world.people("acme").at(0).id;
  CHECK_FALSE(world.post(UpsertPerson{"ada", "globex", {{"email", text("ada@globex.example")}}}).created);
  CHECK(world.people("acme").empty());
  REQUIRE(world.people("globex").size() == 1);
  CHECK(world.people("globex")[0].id == ada);
  CHECK(world.attributes(world.people("globex")[0].attributes) == "email=ada@globex.example title=VP");
}

TEST_CASE("a person cannot move to an account that is not there") {
  World world(seeds_workspace(kWaiting));
  world.account("acme");
  world.person("ada", "acme");
  CHECK(world.post(UpsertPerson{"ada", "nowhere", {}}).refused == "there is no account \"nowhere\": import it first");
  CHECK(world.people("acme").size() == 1);
}

TEST_CASE("a person who moves twice within a batch, and back in the next, is in one place") {
  Batches batches(seeds_workspace(kWaiting));
  const Changes first =
      batches.run({UpsertAccount{"a", {}}, UpsertAccount{"b", {}}, UpsertAccount{"c", {}}, UpsertPerson{"ada", "a", {}},
                   UpsertPerson{"ada", "b", {}}, UpsertPerson{"ada", "c", {}}});
  const Changes second = batches.run({UpsertPerson{"ada", "a", {{"title", text("VP")}}}});
  batches.commit(first);
  batches.commit(second);
  const auto reader = batches.store().reader();
  std::array<std::size_t, 3> people{};
  for (std::int64_t id = 1; id <= 3; ++id) {
    std::vector<PersonRecord> found;
    reader->people_of(AccountId{id}, found);
    people[static_cast<std::size_t>(id - 1)] = found.size();
  }
  CHECK(people == std::array<std::size_t, 3>{1, 0, 0});
}

TEST_CASE("a batch sees what the batch before it did, though that is not on the disk yet") {
  Batches batches(seeds_workspace(kWaiting));
  const Changes first =
      batches.run({UpsertAccount{"acme", {{"employees", number(5)}}}, UpsertPerson{"ada", "acme", {}}});
  const Changes second = batches.run(
      {UpsertAccount{"acme", {{"industry", text("retail")}}}, UpsertPerson{"ada", "", {{"title", text("VP")}}}});
  CHECK_FALSE(batches.answers[0].created);
  CHECK_FALSE(batches.answers[1].created);
  CHECK(batches.answers[1].refused.empty());
  batches.commit(first);
  batches.commit(second);
  const auto reader = batches.store().reader();
  CHECK(reader->account("acme")->attributes.size() == 2);
  CHECK(reader->person("ada")->attributes.size() == 1);
  CHECK(reader->greatest().account == AccountId{1});
}

TEST_CASE("a token that an unwritten batch has woken is not woken again by the next") {
  Batches batches(seeds_workspace("- id: settle\n  wait: 1d\n- id: done\n  end:\n"));
  batches.commit(batches.run({UpsertAccount{"acme", {}}}));
  batches.run_overlapping(kMonday);
  const Changes first = batches.run({}, kMonday + 24h);
  CHECK(first.tokens.size() == 1);
  const Changes second = batches.run({}, kMonday + 24h);
  CHECK(second.empty());
}

TEST_CASE("an account that an unwritten batch has let in is not let in again by the next") {
  SourceTexts texts = seeds_workspace(kWaiting);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  Batches batches(texts);
  batches.commit(batches.run({UpsertAccount{"acme", {{"employees", number(5)}}}}));
  batches.run_overlapping(kMonday);
  const Changes first = batches.run({UpsertAccount{"acme", {{"employees", number(50)}}}});
  CHECK(first.tokens.size() == 1);
  const Changes second = batches.run({UpsertAccount{"acme", {{"employees", number(51)}}}});
  CHECK(second.tokens.empty());
  batches.commit(first);
  batches.commit(second);
  batches.run_overlapping(kMonday);
  CHECK(batches.tokens().size() == 1);
}

namespace {

using Marks = std::set<std::pair<AccountId, bool>>;

Marks marks_of(const Changes& changes) {
  return {changes.to_evaluate.begin(), changes.to_evaluate.end()};
}

std::int64_t expression_errors(const Changes& changes) {
  std::int64_t sum = 0;
  for (const auto& [key, by] : changes.counters) {
    if (unpack_counter(key).kind == CounterKind::expression_errors) sum += by;
  }
  return sum;
}

}  // namespace

TEST_CASE("an account whose audiences are looked at later is marked until then") {
  Batches batches(seeds_workspace(kWaiting), 3);
  // A batch full of inputs does nothing else.
  const Changes first =
      batches.run({UpsertAccount{"a", {}}, UpsertAccount{"b", {}}, UpsertAccount{"a", {{"employees", number(1)}}}});
  CHECK(marks_of(first) == Marks{{AccountId{1}, true}, {AccountId{2}, true}});
  CHECK(first.tokens.empty());
  batches.commit(first);
  const Changes second = batches.run({});
  CHECK(marks_of(second) == Marks{{AccountId{1}, false}, {AccountId{2}, false}});
  CHECK(second.tokens.size() == 2);
  batches.commit(second);
  // What is looked at in the batch it came with needs no mark.
  CHECK(batches.run({UpsertAccount{"a", {{"employees", number(2)}}}}).to_evaluate.empty());
}

TEST_CASE("what has come for an account is looked at before a token of it that falls due later") {
  SourceTexts texts = workspace_with(
      "journey: seeds\nenter: {audience: everyone}\nleave_with_audience: true\nnodes:\n" + indented(kWaiting, 2));
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  Batches batches(texts, 1);
  batches.commit(batches.run({UpsertAccount{"acme", {{"employees", number(50)}}}}));
  batches.run_overlapping(kMonday);
  REQUIRE(batches.tokens().at(0).state == TokenState::waiting);
  // A batch full of inputs does nothing else; then nothing runs until the wait is over.
  batches.commit(batches.run({UpsertAccount{"acme", {{"employees", number(5)}}}}, kMonday + 1h));
  batches.run_overlapping(kMonday + 24h);
  CHECK(batches.tokens().at(0).state == TokenState::left);
  CHECK(batches.tokens().at(0).visits == 1);
}

TEST_CASE("a change of a person is looked at for their account, and for both accounts when they move") {
  Batches batches(seeds_workspace(kWaiting), 1);
  batches.commit(batches.run({UpsertAccount{"a", {}}, UpsertAccount{"b", {}}, UpsertPerson{"ada", "a", {}}}));
  batches.run_overlapping(kMonday);
  const Changes changed = batches.run({UpsertPerson{"ada", "", {{"title", text("VP")}}}});
  CHECK(marks_of(changed) == Marks{{AccountId{1}, true}});
  batches.commit(changed);
  batches.run_overlapping(kMonday);
  const Changes moved = batches.run({UpsertPerson{"ada", "b", {}}});
  CHECK(marks_of(moved) == Marks{{AccountId{1}, true}, {AccountId{2}, true}});
}

TEST_CASE("only an audience that what has changed may matter to is evaluated again") {
  SourceTexts texts = seeds_workspace(kWaiting);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  Batches batches(texts);
  // The audience cannot be evaluated, which is counted.
  const auto errors_after = [&](Input input) {
    const Changes changes = batches.run({std::move(input)});
    batches.commit(changes);
    return expression_errors(changes);
  };
  CHECK(errors_after(UpsertAccount{"acme", {}}) == 1);
  CHECK(errors_after(UpsertAccount{"acme", {{"industry", text("retail")}}}) == 0);
  CHECK(errors_after(UpsertPerson{"ada", "acme", {}}) == 0);
  CHECK(errors_after(UpsertAccount{"acme", {{"employees", text("many")}}}) == 1);
  CHECK(errors_after(UpsertAccount{"acme", {{"employees", text("many")}}}) == 0);
}

TEST_CASE("an account that was marked while nothing ran is looked at once after the start") {
  SourceTexts texts = seeds_workspace(kWaiting);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  World world(texts);
  world.account("acme", {{"employees", number(5)}});
  world.stop_with(EngineSettings{.mode = BatchRunner::Mode::data});
  world.account("acme", {{"employees", number(50)}});
  CHECK(world.standing("acme").empty());
  world.restart_with(EngineSettings{});
  CHECK(world.standing("acme") == "waiting at settle");
  world.restart();
  CHECK(world.tokens("acme").size() == 1);
}

TEST_CASE("an account that comes to match its audience enters then, and one that ceases to goes on") {
  SourceTexts texts = seeds_workspace(kWaiting);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10 && people.size() > 0\n";
  World world(texts);
  world.account("acme", {{"employees", number(5)}});
  CHECK(world.standing("acme").empty());
  world.account("acme", {{"employees", number(50)}});
  CHECK(world.standing("acme").empty());
  world.advance(1h);
  world.person("ada", "acme");
  CHECK(world.standing("acme") == "waiting at settle");
  CHECK(world.token("acme").entered_at == kMonday + 1h);
  world.account("acme", {{"employees", number(1)}});
  world.run_out();
  CHECK(world.standing("acme") == "completed at rest");
}

TEST_CASE(
    "an audience that is evaluated once lets in those who match when the journey is published, and nobody later") {
  World world(workspace_with(
                  "journey: seeds\nenter: {audience: everyone, evaluate: once}\nnodes:\n  - {id: settle, wait: 1d}\n"),
              {.mode = BatchRunner::Mode::data});
  world.post_all(accounts(20));
  world.restart_with(EngineSettings{.turns_per_batch = 7});
  CHECK(world.counted(CounterKind::entered) == 20);
  world.account("later");
  world.account("account-3", {{"employees", number(5)}});
  world.restart();
  CHECK(world.counted(CounterKind::entered) == 20);
  CHECK(world.standing("later").empty());
}

TEST_CASE("an audience that is evaluated once over an empty store lets nobody in later either") {
  World world(workspace_with(
      "journey: seeds\nenter: {audience: everyone, evaluate: once}\nnodes:\n  - {id: settle, wait: 1d}\n"));
  world.run();
  world.account("later");
  world.restart();
  CHECK(world.standing("later").empty());
  CHECK(world.counted(CounterKind::entered) == 0);
}

TEST_CASE("an audience that is evaluated once takes those there were, not those who come while it looks") {
  const std::string journey =
      "journey: seeds\nenter: {audience: everyone, evaluate: once}\nnodes:\n  - {id: settle, wait: 1d}\n";
  for (const std::size_t turns : {1U, 7U, 4'096U}) {
    INFO(turns << " turns a batch");
    World world(workspace_with(journey), {.mode = BatchRunner::Mode::data});
    world.post_all(accounts(50));
    world.restart_with(EngineSettings{.turns_per_batch = turns});
    CHECK(world.counted(CounterKind::entered) == 50);
  }
  for (const std::size_t turns : {1U, 7U, 4'096U}) {
    INFO(turns << " turns a batch, beside new accounts");
    World world(workspace_with(journey), {.turns_per_batch = turns});
    world.post_all(accounts(50));
    CHECK(world.counted(CounterKind::entered) == 0);
  }
}

TEST_CASE("a sweep that was cut off goes on where it stood, and everybody enters once") {
  for (const std::size_t batches : {1U, 2U, 5U, 9U}) {
    INFO("cut off after " << batches << " batches");
    World world(seeds_workspace(kWaiting), {.mode = BatchRunner::Mode::data});
    world.post_all(accounts(100));
    world.restart_with(EngineSettings{.turns_per_batch = 10});
    world.restart();
    CHECK(world.counted(CounterKind::entered) == 100);
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
  for (const std::size_t batches : {1U, 2U, 5U, 9U}) {
    INFO("dropped after " << batches << " batches");
    World world(seeds_workspace(kWaiting), {.mode = BatchRunner::Mode::data});
    world.post_all(accounts(100));
    world.stop_with(EngineSettings{.turns_per_batch = 10});
    world.drop_after(batches);
    const std::int64_t in_between = world.counted(CounterKind::entered);
    CHECK(in_between >= static_cast<std::int64_t>(batches - 1) * 10);
    world.run();
    CHECK(world.counted(CounterKind::entered) == 100);
    for (int i = 0; i < 100; ++i)
      CHECK(world.tokens("account-" + std::to_string(i)).size() == 1);
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
}

TEST_CASE("a wave of due tokens that was cut off goes on where it stood") {
  World world(seeds_workspace(kWaiting), {.turns_per_batch = 7});
  world.post_all(accounts(100));
  for (int cut = 0; cut < 6; ++cut) {
    world.advance_clock(cut == 0 ? 24h : 0h);
    world.drop_after(2);
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
  world.run();
  for (int i = 0; i < 100; ++i)
    CHECK(world.trail("account-" + std::to_string(i)) == "settle:stopped rest:stopped");
}

TEST_CASE("taking data in lets nobody enter and moves nothing, and marks what must be evaluated later") {
  SourceTexts texts = seeds_workspace(kWaiting);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  World world(texts);
  world.account("acme", {{"employees", number(5)}});
  world.account("globex", {{"employees", number(50)}});
  world.restart_with(EngineSettings{.mode = BatchRunner::Mode::data});
  world.account("acme", {{"employees", number(50)}});
  world.account("initech", {{"employees", number(50)}});
  world.advance(48h);
  CHECK(world.standing("acme").empty());
  CHECK(world.standing("initech").empty());
  CHECK(world.standing("globex") == "waiting at settle");
  world.restart_with(EngineSettings{});
  CHECK(world.standing("acme") == "waiting at settle");
  CHECK(world.standing("initech") == "waiting at settle");
  CHECK(world.standing("globex") == "waiting at rest");
}
