// Audiences: who is in them and since when, by bulk evaluation and as things change, and whom they let into journeys.
// Rounds on a schedule and audiences that read the time have a file of their own.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kWaits = "- {id: settle, wait: 1d}\n- {id: rest, wait: 9d}\n";

/// A journey whose audience has this condition.
SourceTexts audience(const std::string& when, std::string_view nodes = kWaits) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: '" + when + "'\n";
  return texts;
}

/// The same with more keys of the journey and of its entry.
SourceTexts audience_with(const std::string& when, const std::string& enter, const std::string& keys = {}) {
  SourceTexts texts = audience(when);
  texts["journeys/seeds.yaml"] =
      "journey: seeds\nenter: {audience: everyone" + enter + "}\n" + keys + "nodes:\n" + indented(kWaits, 2);
  return texts;
}

const std::string kLarge = "account.employees > 10";

AttributeMap employees(std::int64_t count) {
  return {{"employees", number(count)}};
}

std::string key(int i) {
  return "account-" + std::to_string(i);
}

/// Of every three accounts one is in the audience of large accounts, one is not, and one cannot be evaluated.
std::vector<Input> accounts(int from, int to) {
  std::vector<Input> inputs;
  for (int i = from; i < to; ++i)
    inputs.push_back(UpsertAccount{key(i), i % 3 == 2 ? AttributeMap{} : employees(i % 3 == 0 ? 50 : 5)});
  return inputs;
}

/// How often the audience was evaluated for accounts for which that fails.
std::int64_t failed_evaluations(World& world, std::uint32_t version = 1) {
  return world.counted(
      {world.version_of(version), CounterKind::expression_errors, static_cast<std::uint16_t>(kNoNode), kNoPath});
}

Instant member_since(World& world, const std::string& account) {
  std::vector<AudienceMemberRecord> found;
  world.reader().audiences_of(world.account_record(account).id, found);
  REQUIRE(found.size() == 1);
  return found.front().since;
}

constexpr BatchRunner::Mode kData = BatchRunner::Mode::data;
constexpr BatchRunner::Mode kCommands = BatchRunner::Mode::commands;

}  // namespace

// In bulk

TEST_CASE("when a journey goes live its audience is evaluated for every account once, whatever cuts it off") {
  for (const std::size_t batches : {1U, 2U, 4U, 8U, 12U}) {
    INFO("dropped after " << batches << " batches");
    World world(audience(kLarge), {.mode = kData});
    world.post_all(accounts(0, 90));
    world.stop_with({.turns_per_batch = 10});
    world.drop_after(batches);
    world.run();
    CHECK(world.counted(CounterKind::entered) == 30);
    CHECK(failed_evaluations(world) == 30);
    for (int i = 0; i < 90; ++i) {
      CHECK(world.audiences(key(i)) == (i % 3 == 0 ? Lines{"everyone"} : Lines{}));
      CHECK(world.standing(key(i)) == (i % 3 == 0 ? "waiting at settle" : ""));
    }
    CHECK(world.counter_differences() == Lines{});
    world.restart();
    CHECK(failed_evaluations(world) == 30);
  }
}

TEST_CASE("a new version is evaluated anew, also where the sweep of the one before was not through") {
  World world(audience(kLarge), {.mode = kData});
  world.post_all(accounts(0, 90));
  // A batch for each account: the engine goes on until it is dropped, and must not come to the end by then.
  world.stop_with({.turns_per_batch = 1});
  world.drop_after(3);
  CHECK(world.publish(audience(kLarge, "- {id: new, wait: 1d}\n")).empty());
  CHECK(world.counted(CounterKind::entered, "", "", 1) + world.counted(CounterKind::entered, "", "", 2) == 30);
  CHECK(world.counted(CounterKind::entered, "", "", 2) > 0);
  for (int i = 0; i < 90; i += 3)
    CHECK(world.tokens(key(i)).size() == 1);
}

TEST_CASE("journeys that go live together let everybody in once, whatever a batch holds and wherever it is cut off") {
  SourceTexts texts = audience(kLarge);
  for (int i = 1; i <= 40; ++i) {
    const std::string name = "more-" + std::to_string(i);
    texts["journeys/" + name + ".yaml"] =
        "journey: " + name + "\nenter: {audience: everyone}\nnodes:\n  - {id: rest, wait: 9d}\n";
  }
  for (const std::size_t turns : {2U, 10U, 4'096U}) {
    World world(texts, {.mode = kData});
    world.post_all(accounts(0, 90));
    world.stop_with({.turns_per_batch = turns});
    world.drop_after(2);
    world.run();
    CAPTURE(turns);
    for (int i = 0; i < 90; ++i)
      CHECK(world.tokens(key(i)).size() == (i % 3 == 0 ? 41 : 0));
    CHECK(world.counter_differences() == Lines{});
  }
}

TEST_CASE("inputs that stream in while an audience is gone through are counted in, and nobody twice") {
  for (const std::size_t turns : {3U, 10U, 64U, 4'096U}) {
    INFO(turns << " turns a batch");
    World world(audience(kLarge), {.mode = kData});
    world.post_all(accounts(0, 90));
    world.stop_with({.turns_per_batch = turns});
    std::vector<Input> inputs = accounts(90, 120);
    for (int i = 0; i < 90; i += 2)
      inputs.push_back(UpsertAccount{key(i), employees(i % 3 == 0 ? 5 : 50)});
    for (int i = 0; i < 120; i += 5)
      inputs.push_back(UpsertPerson{"p-" + std::to_string(i), key(i), {}});
    world.post_all(std::move(inputs));
    for (int i = 0; i < 120; ++i) {
      INFO(key(i));
      const bool is_changed = i < 90 && i % 2 == 0;
      const bool is_in = is_changed ? i % 3 != 0 : i % 3 == 0;
      CHECK(world.audiences(key(i)) == (is_in ? Lines{"everyone"} : Lines{}));
      if (is_in) CHECK(world.standing(key(i)) == "waiting at settle");
      CHECK(world.tokens(key(i)).size() <= 1);
    }
    CHECK(world.counter_differences() == Lines{});
  }
}

TEST_CASE("two journeys that draw from one audience both let its accounts in, and it is one membership") {
  SourceTexts texts = audience(kLarge);
  texts["journeys/other.yaml"] = R"(journey: other
enter: {audience: everyone}
nodes:
  - {id: a, wait: 9d}
)";
  World world(texts, {.mode = kData});
  world.post_all(accounts(0, 30));
  world.restart_with(EngineSettings{.turns_per_batch = 7});
  for (int i = 0; i < 30; i += 3) {
    CHECK(world.standing(key(i)) == "waiting at a | waiting at settle");
    CHECK(world.audiences(key(i)) == Lines{"everyone"});
  }
  CHECK(world.standing(key(1)).empty());
  CHECK(world.audiences(key(1)).empty());
  world.account("later", employees(50));
  CHECK(world.standing("later") == "waiting at a | waiting at settle");
  CHECK(world.audiences("later") == Lines{"everyone"});
}

// As things change

TEST_CASE("an account that comes into an audience or leaves it says so by an event, and its row says since when") {
  SourceTexts texts = audience(kLarge);
  texts["journeys/watch.yaml"] = R"(journey: watch
enter: {event: audience.entered, where: event.audience == "everyone"}
nodes:
  - {id: inside, listen: {event: audience.left, where: event.audience == "everyone"}}
  - {id: outside, wait: 9d}
)";
  World world(texts);
  world.account("acme", employees(5));
  CHECK(world.audiences("acme").empty());
  world.advance(1h);
  world.account("acme", employees(50));
  CHECK(world.audiences("acme") == Lines{"everyone"});
  CHECK(member_since(world, "acme") == kMonday + 1h);
  CHECK(world.standing("acme") == "waiting at settle | listening at inside");
  world.advance(1h);
  world.account("acme", employees(60));
  CHECK(member_since(world, "acme") == kMonday + 1h);
  world.account("acme", employees(5));
  CHECK(world.audiences("acme").empty());
  CHECK(world.standing("acme") == "waiting at settle | waiting at outside");
  world.account("acme", employees(50));
  CHECK(member_since(world, "acme") == kMonday + 2h);
}

TEST_CASE("an account that leaves the audience goes on, and leaves the journey where that says so") {
  for (const bool leaves : {false, true}) {
    World world(audience_with(kLarge, "", leaves ? "leave_with_audience: true\n" : ""));
    world.account("acme", employees(50));
    world.account("acme", employees(5));
    CHECK(world.standing("acme") == (leaves ? "left at settle" : "waiting at settle"));
    CHECK(world.counter_differences() == Lines{});
  }
}

TEST_CASE("an audience that reads people is asked when somebody comes, changes or goes") {
  World world(audience("people.exists(p, p.title == \"VP\")"));
  world.account("acme");
  world.person("ada", "acme", {{"title", text("Clerk")}});
  CHECK(world.audiences("acme").empty());
  world.person("ada", "", {{"title", text("VP")}});
  CHECK(world.audiences("acme") == Lines{"everyone"});
  CHECK(world.post(RemovePerson{"ada"}).refused.empty());
  CHECK(world.audiences("acme").empty());
  world.person("bob", "acme", {{"title", text("VP")}});
  CHECK(world.audiences("acme") == Lines{"everyone"});
  world.account("globex");
  world.person("bob", "globex");
  CHECK(world.audiences("acme").empty());
  CHECK(world.audiences("globex") == Lines{"everyone"});
}

TEST_CASE("an audience that reads buying groups is asked when a journey changes one") {
  SourceTexts texts = audience("group(\"ai-driven-seeds\").count(\"user\") >= 2");
  texts["journeys/join.yaml"] = R"(journey: join
enter: {event: form.submitted}
re_enter: {after: 1s}
nodes:
  - {id: join, assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user, who: person.joins}}
)";
  World world(texts);
  world.account("acme");
  world.person("ada", "acme", {{"joins", {true}}});
  world.person("bob", "acme", {{"joins", {false}}});
  world.account_event("form.submitted", "acme");
  CHECK(world.audiences("acme").empty());
  world.person("bob", "", {{"joins", {true}}});
  world.advance(1s);
  world.account_event("form.submitted", "acme");
  CHECK(world.groups("acme") == Lines{"ai-driven-seeds: ada user, bob user"});
  CHECK(world.audiences("acme") == Lines{"everyone"});
  CHECK(world.post(RemovePerson{"bob"}).refused.empty());
  CHECK(world.audiences("acme").empty());
}

TEST_CASE("an audience that reads activity is asked when such an event comes") {
  World world(audience("account.activity(\"form.submitted\", duration(\"24h\")).size() >= 2"));
  world.account("acme");
  world.account_event("form.submitted", "acme");
  world.account_event("page.viewed", "acme");
  CHECK(world.audiences("acme").empty());
  world.account_event("form.submitted", "acme");
  CHECK(world.audiences("acme") == Lines{"everyone"});
  CHECK(world.standing("acme") == "waiting at settle");
}

TEST_CASE("only what could have changed is evaluated again") {
  const auto evaluations = [](const std::string& when, const std::vector<Input>& inputs) {
    World world(audience(when));
    world.account("acme", {{"name", text("Acme")}});
    world.person("ada", "acme", {{"email", text("ada@acme.example")}});
    const std::int64_t before = failed_evaluations(world);
    for (const Input& input : inputs)
      CHECK(world.post(input).refused.empty());
    return failed_evaluations(world) - before;
  };
  // Each of them fails to evaluate, and is counted for it.
  const std::string by_account = "account.size > 10";
  const std::string by_person = "people.exists(p, p.grade > 10)";
  const std::string by_event = "account.activity(\"form.submitted\", duration(\"24h\")).size() > account.size";
  const Input name = UpsertAccount{"acme", {{"name", text("Globex")}}};
  const Input size = UpsertAccount{"acme", {{"size", text("many")}}};
  const Input email = UpsertPerson{"ada", "", {{"email", text("ada@globex.example")}}};
  const Input grade = UpsertPerson{"ada", "", {{"grade", text("high")}}};
  const Input another = UpsertPerson{"bob", "acme", {}};
  const Input form = TellEvent{"form.submitted", "acme", {}, {}, {}, {}};
  const Input page = TellEvent{"page.viewed", "acme", {}, {}, {}, {}};
  CHECK(evaluations(by_account, {name, email, grade, another, form, page}) == 0);
  CHECK(evaluations(by_account, {size, size}) == 1);
  CHECK(evaluations(by_person, {name, size, email, form, page}) == 0);
  CHECK(evaluations(by_person, {grade}) == 1);
  CHECK(evaluations(by_person, {another}) == 1);
  CHECK(evaluations(by_event, {name, email, grade, another, page}) == 0);
  CHECK(evaluations(by_event, {form, form}) == 2);
  CHECK(evaluations(by_event, {size}) == 1);
}

TEST_CASE("of changes that come together the audience is asked once, after the last") {
  World world(audience(kLarge), {.turns_per_batch = 64});
  world.post_all({UpsertAccount{"acme", employees(50)}, UpsertAccount{"acme", employees(5)},
                  UpsertPerson{"ada", "acme", {}}, UpsertAccount{"globex", {}}, UpsertPerson{"bob", "globex", {}}});
  CHECK(world.standing("acme").empty());
  CHECK(failed_evaluations(world) == 1);
}

TEST_CASE("new people of an account in the audience enter a journey for people, without another look at the audience") {
  SourceTexts texts = audience(kLarge);
  texts["journeys/seeds.yaml"] =
      "journey: seeds\nfor: person\nenter: {audience: everyone}\nnodes:\n" + indented(kWaits, 2);
  World world(texts);
  world.account("acme", employees(50));
  world.person("ada", "acme");
  CHECK(world.standing("acme") == "waiting at settle");
  world.person("bob", "acme");
  CHECK(world.standing("acme") == "waiting at settle | waiting at settle");
  world.account("globex", employees(5));
  world.person("cy", "globex");
  CHECK(world.standing("globex").empty());
  world.account("globex", employees(50));
  CHECK(world.standing("globex") == "waiting at settle");
}

TEST_CASE("who has no account is in no audience of accounts") {
  World world(audience("true"), {.mode = kData});
  world.post_all({UpsertPerson{"ada", "", {}}, UpsertAccount{"acme", {}}});
  world.restart_with(EngineSettings{});
  CHECK(world.standing("acme") == "waiting at settle");
  world.person("bob", "");
  world.event("form.submitted", "ada");
  for (const std::string stand_in : {"~ada", "~bob"}) {
    CHECK(world.audiences(stand_in).empty());
    CHECK(world.standing(stand_in).empty());
  }
  world.person("ada", "acme");
  CHECK(world.counted(CounterKind::entered) == 1);
}

// Definitions

TEST_CASE("the newest publication says who is in an audience, and those who are no more leave it") {
  World world(audience(kLarge));
  world.account("middle", employees(50));
  world.account("large", employees(500));
  world.account("small", employees(5));
  world.advance(1h);
  CHECK(world.publish(audience("account.employees > 100 || account.employees < 10")).empty());
  CHECK(world.audiences("middle").empty());
  CHECK(member_since(world, "large") == kMonday);
  CHECK(member_since(world, "small") == kMonday + 1h);
  CHECK(world.standing("middle") == "waiting at settle");
  CHECK(world.standing("small") == "waiting at settle");
  CHECK(world.token("small").version == world.version_of(2));
  world.restart();
  CHECK(world.audiences("middle").empty());
}

TEST_CASE("an audience that one journey's publication defines anew is the same for every journey that draws from it") {
  SourceTexts texts = audience(kLarge);
  texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: a, wait: 9d}\n";
  World world(texts);
  world.account("acme", employees(5));
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 3\n";
  CHECK(world.publish(texts, Publish::UnderWay::stay, "", {"seeds"}).empty());
  CHECK(world.standing("acme") == "waiting at a | waiting at settle");
  world.account("globex", employees(4));
  CHECK(world.standing("globex") == "waiting at a | waiting at settle");
  CHECK(world.tokens("globex").front().version == world.version_of(1, "other"));
}

// While nothing runs, or not all of it

TEST_CASE("what is imported while nothing runs is looked at when it starts: whoever came, changed, or went") {
  SourceTexts texts = audience("account.employees > 10 && people.size() < 2");
  World world(texts);
  world.account("grown", employees(5));
  world.account("shrunk", employees(50));
  world.account("crowded", employees(50));
  world.stop_with({.mode = kData});
  world.account("grown", employees(50));
  world.account("shrunk", employees(5));
  world.post_all({UpsertPerson{"ada", "crowded", {}}, UpsertPerson{"bob", "crowded", {}}});
  world.account("new", employees(50));
  CHECK(world.audiences("grown").empty());
  CHECK(world.audiences("shrunk") == Lines{"everyone"});
  world.advance_clock(2h);
  world.restart_with(EngineSettings{.turns_per_batch = 2});
  CHECK(world.audiences("grown") == Lines{"everyone"});
  CHECK(world.token("grown").entered_at == kMonday + 2h);
  CHECK(world.audiences("shrunk").empty());
  CHECK(world.audiences("crowded").empty());
  CHECK(world.standing("new") == "waiting at settle");
  std::vector<AccountId> marked;
  world.reader().accounts_to_evaluate(AccountId{1}, 10, marked);
  CHECK(marked.empty());
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("whoever is imported while nothing runs comes into an audience at the start, though no journey takes them") {
  SourceTexts texts = audience_with(kLarge, ", evaluate: once");
  texts["journeys/watch.yaml"] = "journey: watch\nenter: {event: audience.entered}\nnodes:\n  - {id: seen, wait: 9d}\n";
  World world(texts);
  world.account("early", employees(50));
  CHECK(world.standing("early") == "waiting at seen");
  world.stop_with({.mode = kData});
  world.account("late", employees(50));
  world.restart_with(EngineSettings{});
  CHECK(world.audiences("late") == Lines{"everyone"});
  CHECK(world.standing("late") == "waiting at seen");
}

TEST_CASE("an audience that is evaluated once over an empty store lets nobody in who is imported later") {
  World world(audience_with(kLarge, ", evaluate: once"));
  world.run();
  world.stop_with({.mode = kData});
  world.account("late", employees(50));
  world.restart_with(EngineSettings{});
  CHECK(world.standing("late").empty());
}

TEST_CASE("an audience that is evaluated once is gone through by the next start where the first was cut off") {
  World world(audience_with(kLarge, ", evaluate: once"), {.mode = kData});
  world.post_all(accounts(0, 900));
  // Ninety batches: that it is dropped is seen some batches later where the machine is busy.
  world.stop_with({.turns_per_batch = 10});
  world.drop_after(3);
  CHECK(world.counted(CounterKind::entered) < 300);
  world.run();
  CHECK(world.counted(CounterKind::entered) == 300);
  CHECK(failed_evaluations(world) == 300);
}

TEST_CASE("a command is done with all that comes of it at once, and nothing that is due is woken for it") {
  World world(audience(kLarge));
  world.account("acme", employees(50));
  world.stop_with({.mode = kCommands});
  world.advance_clock(30h);
  CHECK(world.enter("seeds", "acme") == "is in the journey already");
  world.account("globex", employees(5));
  CHECK(world.enter("seeds", "globex").empty());
  CHECK(world.standing("globex") == "waiting at settle");
  CHECK(world.token("globex").entered_at == kMonday + 30h);
  CHECK(world.standing("acme") == "waiting at settle");
  world.advance_clock(30h);
  world.restart_with(EngineSettings{});
  CHECK(world.standing("acme") == "waiting at rest");
  CHECK(world.standing("globex") == "waiting at rest");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE(
    "a journey that is published by a command is entered when the engine runs, and commands go through all tokens") {
  World world(audience(kLarge));
  world.post_all(accounts(0, 30));
  world.stop_with({.mode = kCommands, .publish = false, .turns_per_batch = 4});
  CHECK(world
            .publish(audience("account.employees > 0", "- {id: new, wait: 9d}\n- {id: settle, wait: 9d}\n"),
                     Publish::UnderWay::move)
            .empty());
  CHECK(world.counted(CounterKind::moved_in, "", "", 2) == 10);
  CHECK(world.standing(key(0)) == "waiting at settle");
  CHECK(world.standing(key(1)).empty());
  CHECK(world.change(ChangeJourney::Command::pause).empty());
  CHECK(world.change(ChangeJourney::Command::resume).empty());
  CHECK(world.standing(key(1)).empty());
  world.restart_with(EngineSettings{});
  CHECK(world.standing(key(1)) == "waiting at new");
  CHECK(world.counted(CounterKind::entered, "", "", 2) == 10);
  CHECK(world.counter_differences() == Lines{});
}
