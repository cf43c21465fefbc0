// Accounts under way that are taken along to a new version: where each comes to stand, what becomes of those whose node
// is gone, what is refused, and that nothing is lost or counted twice on the way.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Command = ChangeJourney::Command;
using Lines = std::vector<std::string>;

constexpr std::string_view kWaits =
    "- {id: settle, wait: 1d}\n- {id: rest, wait: 1d}\n- {id: mail, send_email: welcome}\n";

std::string listen(const std::string& keys) {
  return "- {id: ask, listen: {" + keys + "}}\n- {id: thank, wait: 1d}\n";
}

std::string move(World& world, const SourceTexts& texts, const std::string& gone = {}) {
  return world.publish(texts, Publish::UnderWay::move, gone);
}
std::string move(World& world, std::string_view nodes, const std::string& gone = {}) {
  return move(world, seeds_workspace(nodes), gone);
}

std::uint32_t version_number(World& world, const std::string& account) {
  return world.journey(world.tokens(account).front().version).record.number;
}

std::vector<Input> accounts(int count) {
  std::vector<Input> inputs;
  for (int i = 0; i < count; ++i)
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), {}});
  return inputs;
}

}  // namespace

TEST_CASE("an account that waits is taken along with the time it was given, and goes on in the new version") {
  World world(seeds_workspace(kWaits));
  world.account("acme");
  world.person("ada", "acme", {{"email", text("ada@acme.example")}});
  world.advance(1h);
  CHECK(move(world, R"(- {id: hello, send_email: farewell}
- {id: settle, wait: 5d}
- {id: new, wait: 2d}
- {id: mail, send_email: story}
)")
            .empty());
  CHECK(version_number(world, "acme") == 2);
  CHECK(world.standing("acme") == "waiting at settle");
  CHECK(world.token("acme").due_at == kMonday + 24h);
  CHECK(world.token("acme").entered_at == kMonday);
  CHECK(world.notes("acme", NoteKind::moved) == Lines{"from version 1 to version 2, after 1 visits"});
  CHECK(world.counted(CounterKind::moved_out, "", "", 1) == 1);
  CHECK(world.counted(CounterKind::moved_in, "", "", 2) == 1);
  CHECK(world.counted(CounterKind::standing, "settle", "", 1) == 0);
  CHECK(world.counted(CounterKind::standing, "settle", "", 2) == 1);
  CHECK(world.counted(CounterKind::entered, "", "", 2) == 0);
  CHECK(world.counter_differences() == Lines{});
  world.advance(23h);
  CHECK(world.trail("acme") == "settle:stopped new:stopped");
  world.run_out();
  CHECK(world.trail("acme") == "settle:stopped new:stopped mail");
  CHECK(world.mails("acme") == Lines{"story to ada@acme.example"});
  CHECK(world.counted(CounterKind::completed, "", "", 2) == 1);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("whoever is not taken along stays, and may be taken along later by the same texts") {
  World world(seeds_workspace(kWaits));
  world.account("acme");
  const SourceTexts changed = seeds_workspace("- {id: new, wait: 1d}\n- {id: settle, wait: 1d}\n");
  CHECK(world.publish(changed).empty());
  CHECK(version_number(world, "acme") == 1);
  CHECK(move(world, changed).empty());
  CHECK(version_number(world, "acme") == 2);
  CHECK(world.reader().versions().size() == 2);
  const std::string before = world.portrait();
  CHECK(move(world, changed).empty());
  CHECK(world.portrait() == before);
}

TEST_CASE("accounts of several older versions are taken along at once, each from where it stands") {
  World world(seeds_workspace("- {id: one, wait: 3d}\n- {id: rest, wait: 1d}\n"));
  world.account("first");
  CHECK(world.publish(seeds_workspace("- {id: two, wait: 3d}\n- {id: one, wait: 3d}\n")).empty());
  world.account("second");
  CHECK(world.publish(seeds_workspace("- {id: three, wait: 3d}\n")).empty());
  world.account("third");
  world.restart();
  CHECK(move(world, "- {id: zero, wait: 3d}\n- {id: three, wait: 3d}\n- {id: two, wait: 3d}\n- {id: one, wait: 3d}\n")
            .empty());
  for (const auto& [account, node] :
       {std::pair("first", "one"), std::pair("second", "two"), std::pair("third", "three")}) {
    CHECK(world.standing(account) == std::string("waiting at ") + node);
    CHECK(version_number(world, account) == 4);
  }
  CHECK(world.counted(CounterKind::moved_in, "", "", 4) == 3);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("an account that is taken along twice keeps its whole story") {
  World world(seeds_workspace("- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n"));
  world.account("acme");
  world.advance(24h);
  CHECK(move(world, "- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n- {id: d, wait: 1d}\n").empty());
  world.advance(24h);
  CHECK(move(world, "- {id: x, wait: 1d}\n- {id: c, wait: 1d}\n- {id: e, wait: 1d}\n").empty());
  world.run_out();
  CHECK(world.trail("acme") == "a:stopped b:stopped c:stopped e:stopped");
  CHECK(world.notes("acme", NoteKind::moved) ==
        Lines{"from version 1 to version 2, after 2 visits", "from version 2 to version 3, after 3 visits"});
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("accounts that have ended stay as they are") {
  World world(seeds_workspace("- {id: settle, wait: 1d}\n"));
  world.account("through");
  world.run_out();
  world.account("under-way");
  const std::vector<TokenRecord> before = world.tokens("through");
  CHECK(move(world, "- {id: settle, wait: 1d}\n- {id: rest, wait: 1d}\n").empty());
  CHECK(world.tokens("through") == before);
  CHECK(version_number(world, "under-way") == 2);
  CHECK(world.counter_differences() == Lines{});
}

// Listens

TEST_CASE("a listen keeps what it has heard where it still means the same, and begins anew where it does not") {
  const auto after_two_and = [](const std::string& keys, int more) {
    World world(seeds_workspace(listen("event: form.submitted, at_least: 3")));
    world.account("acme");
    world.account_event("form.submitted", "acme");
    world.account_event("form.submitted", "acme");
    CHECK(move(world, listen(keys)).empty());
    CHECK(world.standing("acme") == "listening at ask");
    for (int i = 0; i < more; ++i)
      world.account_event("form.submitted", "acme");
    CHECK(world.counter_differences() == Lines{});
    return world.standing("acme");
  };
  CHECK(after_two_and("event: form.submitted, at_least: 3, timeout: 9d", 1) == "waiting at thank");
  CHECK(after_two_and("event: form.submitted, at_least: 4", 1) == "listening at ask");
  CHECK(after_two_and("event: form.submitted, at_least: 4", 2) == "waiting at thank");
  CHECK(after_two_and("event: form.submitted, where: 'true', at_least: 3", 2) == "listening at ask");
  CHECK(after_two_and("event: form.submitted, where: 'true', at_least: 3", 3) == "waiting at thank");
}

TEST_CASE("a listen that is taken along hears what the new version listens for, and nothing else") {
  World world(seeds_workspace(listen("event: form.submitted")));
  world.account("acme");
  CHECK(move(world, listen("event: page.viewed")).empty());
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme") == "listening at ask");
  world.account_event("page.viewed", "acme");
  CHECK(world.standing("acme") == "waiting at thank");
}

TEST_CASE("a listen keeps its time-out, and takes the new version's way when it comes") {
  World world(seeds_workspace(listen("event: form.submitted, timeout: 1d")));
  world.account("acme");
  CHECK(
      move(world, listen("event: form.submitted, timeout: 9d, on_timeout: {nodes: [{id: remind, wait: 1d}]}")).empty());
  world.advance(24h);
  CHECK(world.trail("acme") == "ask:stopped ask/timeout:timed_out remind:stopped");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a journey for people takes each of them along") {
  const auto texts = [](std::string_view nodes) {
    return workspace_with("journey: seeds\nfor: person\nenter: {audience: everyone}\nnodes:\n" + indented(nodes, 2));
  };
  World world(texts(kWaits));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}, UpsertPerson{"bob", "acme", {}}});
  CHECK(move(world, texts("- {id: new, wait: 1d}\n- {id: settle, wait: 9d}\n")).empty());
  CHECK(world.standing("acme") == "waiting at settle | waiting at settle");
  CHECK(world.counted(CounterKind::moved_in, "", "", 2) == 2);
  CHECK(world.counter_differences() == Lines{});
}

// Held tokens

TEST_CASE("a token that is held because its node failed tries again in the new version") {
  World world(seeds_workspace(R"(- {id: settle, wait: 1d}
- {id: mail, send_email: {template: story, with: {offer: '[account.deep]'}}}
)"));
  world.account("acme", {{"deep", too_deep()}});
  world.person("ada", "acme", {{"email", text("ada@acme.example")}});
  world.advance(24h);
  const std::optional<Instant> due = world.token("acme").due_at;
  CHECK(move(world, "- {id: new, wait: 1d}\n- {id: mail, send_email: {template: story, with: {offer: '\"none\"'}}}\n")
            .empty());
  CHECK(world.standing("acme") == "held at mail");
  CHECK(world.token("acme").due_at == due);
  CHECK(world.counted(CounterKind::held, "mail", "", 1) == 0);
  CHECK(world.counted(CounterKind::held, "mail", "", 2) == 1);
  CHECK(world.counter_differences() == Lines{});
  world.advance(1h);
  CHECK(world.standing("acme") == "completed at mail");
  CHECK(world.mails("acme") == Lines{"story to ada@acme.example"});
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("what a pause holds is taken along as it is held, and goes on in the new version at the resume") {
  const std::string before = R"(- id: by-size
  split:
    - {path: small, when: account.employees < 10, nodes: [{id: settle, wait: 1d}]}
    - {path: large, nodes: [{id: ask, listen: {event: form.submitted, at_least: 2}}]}
- {id: rest, wait: 1d}
)";
  const std::string after = R"(- {id: hello, wait: 1d}
- id: by-size
  split:
    - {path: small, when: account.employees < 10, nodes: [{id: settle, wait: 9d}]}
    - {path: large, nodes: [{id: ask, listen: {any_of: [{event: form.submitted, at_least: 2}, {event: page.viewed}]}}]}
- {id: last, wait: 1d}
)";
  World world(seeds_workspace(before));
  world.account("small", {{"employees", number(5)}});
  world.account("large", {{"employees", number(500)}});
  CHECK(world.change(Command::pause).empty());
  world.account_event("form.submitted", "large");
  world.account_event("form.submitted", "large");
  world.advance(30h);
  CHECK(world.standing("small") == "held at settle");
  CHECK(world.standing("large") == "held at ask");
  CHECK(move(world, after).empty());
  CHECK(world.journey_state() == JourneyState::paused);
  CHECK(world.standing("small") == "held at settle");
  CHECK(world.standing("large") == "held at ask");
  CHECK(version_number(world, "large") == 2);
  CHECK(world.counter_differences() == Lines{});
  CHECK(world.change(Command::resume).empty());
  CHECK(world.trail("small") == "by-size/small settle:stopped last:stopped");
  CHECK(world.trail("large") == "by-size/large ask:stopped ask:heard last:stopped");
  CHECK(world.token("large").due_at == kMonday + 54h);
  CHECK(world.counter_differences() == Lines{});
}

// On the way

TEST_CASE("a move goes through its journey batch by batch, over restarts and whatever cuts it off") {
  for (const std::size_t batches : {1U, 2U, 4U, 7U, 40U}) {
    INFO("dropped after " << batches << " batches");
    World world(seeds_workspace(kWaits));
    world.post_all(accounts(50));
    world.stop_with(EngineSettings{.publish = false, .turns_per_batch = 7});
    Publish publication = world.publication(seeds_workspace("- {id: new, wait: 1d}\n- {id: settle, wait: 2d}\n"),
                                            Publish::UnderWay::move);
    world.drop_after(batches, {std::move(publication)});
    CHECK(world.reader().versions().size() == 2);
    CHECK(world.counter_differences() == Lines{});
    world.run();
    CHECK(world.counted(CounterKind::moved_in, "", "", 2) == 50);
    CHECK(world.counted(CounterKind::standing, "settle", "", 2) == 50);
    CHECK(world.reader().tasks().empty());
    CHECK(world.counter_differences() == Lines{});
    world.advance(24h);
    CHECK(world.counted(CounterKind::completed, "", "", 2) == 50);
    CHECK(world.counter_differences() == Lines{});
  }
}

TEST_CASE("a mail that the old version promised says what the old version says") {
  World world(seeds_workspace(
      "- {id: mail, send_email: {template: welcome, with: {offer: '\"old\"'}}}\n- {id: settle, wait: 1d}\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}}}});
  SourceTexts changed = seeds_workspace(
      "- {id: story, send_email: story}\n- {id: mail, send_email: farewell}\n- {id: settle, wait: 1d}\n");
  changed.erase("emails/welcome.html");
  CHECK(move(world, changed).empty());
  CHECK(version_number(world, "acme") == 2);
  REQUIRE(world.deliveries("acme").size() == 1);
  const DeliveryRecord promised = world.deliveries("acme").front();
  CHECK(promised.version == world.version_of(1));
  CHECK(world.mails("acme") == Lines{"welcome to ada@acme.example"});
  NameBook names(world.reader());
  JourneyLibrary library(world.store(), names);
  const std::shared_ptr<const Message> message = library.message(promised.version, promised.message);
  REQUIRE(message != nullptr);
  const Outgoing outgoing = message->render(Attributes::from_bytes(promised.values));
  CHECK(std::get<Mail>(outgoing).subject == "Welcome");
}

TEST_CASE("the answer of a call that the old version made is kept as the old version says") {
  const auto texts = [](std::string_view nodes) {
    SourceTexts all = seeds_workspace(nodes);
    all["caravan.yaml"] += "connections: {erp: {url: https://erp.example}}\n";
    return all;
  };
  caravan::testing::TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  const auto reader = store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*store, names);
  BatchRunner runner(*reader, names, library, {});
  const auto batch = [&](const std::function<void(Changes&)>& what) {
    Changes changes;
    reader->refresh();
    runner.begin(kMonday, true);
    what(changes);
    runner.work(changes);
    runner.finish(changes);
    store->commit(changes);
    reader->refresh();
    runner.handed_over();
  };
  const auto publish = [&](std::string_view nodes) {
    std::shared_ptr<const Workspace> workspace = load_workspace(texts(nodes), "", node_shapes(), names);
    REQUIRE(workspace->diagnostics.errors() == 0);
    batch([&](Changes& changes) {
      CHECK(runner.apply(Publish{workspace, {}, Publish::UnderWay::move, ""}, changes).refused.empty());
    });
  };
  publish("- {id: call, webhook: {connection: erp, answer: old_answer}}\n- {id: settle, wait: 1d}\n");
  batch([&](Changes& changes) { CHECK(runner.apply(UpsertAccount{"acme", {}}, changes).created); });
  publish("- {id: other, webhook: {connection: erp, answer: new_answer}}\n- {id: settle, wait: 1d}\n");
  batch([](Changes&) {});
  std::vector<DeliveryRecord> promised;
  reader->deliveries_of(TokenId{1}, promised);
  REQUIRE(promised.size() == 1);
  DeliveryProgress progress{.key = promised[0].key,
                            .account = promised[0].account,
                            .version = promised[0].version,
                            .message = promised[0].message,
                            .state = DeliveryState::delivered,
                            .attempts = 1,
                            .next_attempt_at = {},
                            .ended_at = kMonday,
                            .reason = {},
                            .answer = Answer{200, "42"}};
  batch([&](Changes& changes) {
    runner.report(progress, changes);
    changes.progress.push_back(progress);
  });
  std::vector<TokenRecord> tokens;
  reader->tokens_of(AccountId{1}, tokens);
  REQUIRE(tokens.size() == 1);
  CHECK(tokens[0].version == VersionId{2});
  const Attributes attributes = reader->account(AccountId{1})->attributes;
  REQUIRE(attributes.find(names.id_of("old_answer")).has_value());
  CHECK(attributes.find(names.id_of("old_answer"))->integer() == 42);
  CHECK_FALSE(attributes.find(names.id_of("new_answer")).has_value());
}
