// Events that the engine raises itself, each as a listen hears it and as a journey is entered by it.

#include "tests/engine/batches.hpp"
#include "tests/nodes/node_tests.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// A journey that listens for `event`, and one that does `node` when `go.ahead` comes.
SourceTexts heard_when(const std::string& event, const std::string& node) {
  SourceTexts texts =
      workspace_with("journey: seeds\nenter: {audience: everyone}\nnodes:\n  - id: raise\n    listen: " + event +
                     "\n  - {id: last, wait: 1d}\n");
  texts["journeys/doing.yaml"] =
      "journey: doing\nenter: {event: go.ahead}\nre_enter: {}\nnodes:\n  - id: do\n" + indented(node, 4) + "\n";
  texts["buying-groups/seeds.yaml"] +=
      "stage_model: pipeline\n---\nstage_model: pipeline\nstages:\n"
      "  - {stage: Identified, entry: true, to: [Engaged]}\n  - {stage: Engaged, outcome: success}\n";
  return texts;
}

/// Whether the listen has heard it.
bool is_heard(World& world) {
  return world.token("acme", "").state == TokenState::waiting ||
         world.standing("acme").find("at last") != std::string::npos;
}

}  // namespace

TEST_CASE("everything that a node changes is an event, with what it was and what it is") {
  struct Row {
    std::string event;
    std::string before;  ///< nodes that are done first, and must not be heard
    std::string node;
  };
  const std::string interest = "solution_interest: ai-driven-seeds";
  const std::string join = "assign_to_buying_group: {" + interest + ", role: user, who: 'person.title == \"Clerk\"'}";
  const std::string lead =
      "assign_to_buying_group: {" + interest + ", role: influencer, who: 'person.title == \"Agronomist\"'}";
  const std::vector<Row> rows = {
      {"{event: account.changed, where: 'event.attribute == \"tier\" && !has(event.old) && event.new == \"gold\"'}",
       "update_account: {colour: '\"red\"'}", "update_account: {tier: '\"gold\"'}"},
      {"{event: account.changed, where: 'event.old == \"gold\" && !has(event.new)'}",
       "update_account: {tier: '\"gold\"'}", "update_account: {tier: 'null'}"},
      {"{event: person.changed, where: 'person.key == \"cy\" && event.attribute == \"seen\" && event.new == 3'}",
       "update_account: {seen: '3'}", "update_person: {seen: 'people.size()'}"},
      {"{event: score.changed, where: 'event.score == \"interest\" && event.old == 5.0 && event.new == 10.0'}",
       "change_score: {score: interest, by: 5}", "change_score: {score: interest, by: 5}"},
      {"{event: score.changed, where: 'person.key == \"bob\" && event.score == \"interest\" && event.new == 7.0'}",
       "change_score: {score: fit, by: 7, of: people}", "change_score: {score: interest, by: 7, of: people}"},
      {"{event: interesting_moment, where: 'event.kind == \"milestone\" && event.description == \"Signed\"'}",
       "interesting_moment: {type: web, description: Signed}",
       "interesting_moment: {type: milestone, description: Signed}"},
      {"{event: buying_group.member_assigned, where: 'person.key == \"cy\" && event.role == \"user\" && event.source "
       "== "
       "\"journey\" && event.solution_interest == \"ai-driven-seeds\"'}",
       lead, join},
      {"{event: buying_group.completeness_changed, where: 'event.old == 0.0 && event.new == 50.0'}", join, lead},
      {"{event: buying_group.member_removed, where: 'person.key == \"cy\" && event.role == \"user\"'}", join,
       "remove_from_buying_group: {" + interest + "}"},
      {"{event: buying_group.stage_changed, where: 'event.old == \"Identified\" && event.new == \"Engaged\"'}", join,
       "update_buying_group: {" + interest + ", stage: Engaged}"},
      {"{event: buying_group.status_changed, where: 'event.old == \"\" && event.new == \"hot\"'}", join,
       "update_buying_group: {" + interest + ", status: hot}"},
  };
  for (const Row& row : rows) {
    INFO(row.event << " by " << row.node);
    World world(heard_when(row.event, row.before));
    world.post_all(acme());
    world.account_event("go.ahead", "acme");
    CHECK_FALSE(is_heard(world));
    world.restart_with(heard_when(row.event, row.node));
    world.account_event("go.ahead", "acme");
    CHECK(is_heard(world));
    CHECK(notes_of(world, "acme").empty());
  }
}

TEST_CASE("what comes from outside is an event as well: account.changed, person.changed") {
  World world(heard_when("{event: person.changed, where: 'event.attribute == \"title\" && event.old == \"Clerk\"'}",
                         "wait: 1ms"));
  world.post_all(acme());
  world.person("cy", "acme", {{"title", text("Clerk")}, {"age", number(40)}});
  CHECK_FALSE(is_heard(world));
  world.person("cy", "", {{"title", text("VP")}});
  CHECK(is_heard(world));
}

TEST_CASE("a new account and a new person change nothing, and raise nothing") {
  World world(heard_when("{any_of: [account.changed, person.changed]}", "wait: 1ms"));
  world.post_all(acme({{"tier", text("gold")}}));
  world.person("dee", "acme", {{"title", text("VP")}});
  CHECK_FALSE(is_heard(world));
}

TEST_CASE("who comes into an audience and who leaves it is an event, in this order with what changed") {
  SourceTexts texts =
      heard_when("{any_of: [{event: audience.entered, where: event.audience == \"big\"}]}", "wait: 1ms");
  texts["audiences/big.yaml"] = "audience: big\nwhen: account.employees > 10\n";
  texts["journeys/big.yaml"] = R"(journey: big
enter: {audience: big}
nodes:
  - {id: in, listen: {event: audience.left, where: 'event.audience == "big" && account.employees == 3'}}
)";
  World world(texts);
  world.post_all(acme({{"employees", number(5)}}));
  CHECK_FALSE(is_heard(world));
  world.account("acme", {{"employees", number(50)}});
  CHECK(is_heard(world));
  CHECK(world.audiences("acme") == std::vector<std::string>{"big", "everyone"});
  CHECK(world.standing("acme").find("listening at in") != std::string::npos);
  world.account("acme", {{"employees", number(3)}});
  CHECK(world.audiences("acme") == std::vector<std::string>{"everyone"});
  CHECK(world.standing("acme").find("completed at in") != std::string::npos);
}

TEST_CASE("a journey may be entered by what another one does") {
  SourceTexts texts = workspace_with(
      "journey: seeds\nenter: {event: demo.asked}\nnodes:\n"
      "  - {id: score, change_score: {score: interest, by: 60}}\n");
  texts["journeys/hot.yaml"] =
      "journey: hot\nenter: {event: score.changed, where: 'event.new >= 50 && event.old < "
      "50'}\nnodes:\n  - {id: stay, wait: 1d}\n";
  World world(texts);
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme") == "completed at score | waiting at stay");
}

TEST_CASE("an event lets in by `where`, which sees the event, the account and the person; what fails is noted") {
  World world(
      workspace_with("journey: seeds\nenter: {event: form.submitted, where: 'event.form == \"demo\" && "
                     "account.region == \"emea\" && person.title == \"Clerk\"'}\nnodes:\n  - {id: stay, wait: "
                     "1d}\n"));
  world.post_all(acme({{"region", text("emea")}}));
  world.event("form.submitted", "ada", {{"form", text("demo")}});
  world.event("form.submitted", "cy", {{"form", text("newsletter")}});
  CHECK(world.standing("acme").empty());
  CHECK(notes_of(world, "acme").empty());
  world.event("form.submitted", "cy");
  REQUIRE(notes_of(world, "acme").size() == 1);
  CHECK(notes_of(world, "acme").front().starts_with("event.form == \"demo\""));
  world.event("form.submitted", "cy", {{"form", text("demo")}});
  CHECK(world.standing("acme") == "waiting at stay");
  CHECK(world.token("acme").person == PersonId{});
}

// Of deliveries

namespace {

constexpr std::string_view kMailing = R"(- id: mail
  send_email: story
- id: raise
  listen:
    any_of:
      - {event: email.sent, where: 'event.template == "story" && event.journey == "seeds" && person.key == "ada"'}
      - {event: email.bounced, where: 'event.reason == "no such mailbox" && person.key == "bob"'}
    timeout: 1d
    on_timeout: {next: end}
- id: last
  wait: 30d
)";

/// What a channel reports of a delivery.
DeliveryProgress report_of(const DeliveryRecord& delivery, DeliveryState state, std::string reason = {}) {
  DeliveryProgress progress;
  progress.key = delivery.key;
  progress.account = delivery.account;
  progress.version = delivery.version;
  progress.message = delivery.message;
  progress.state = state;
  progress.attempts = 1;
  progress.ended_at = delivery.created_at;
  progress.reason = std::move(reason);
  return progress;
}

/// Whether some token does not listen any more.
bool moves_anybody(const Changes& changes) {
  return std::any_of(changes.tokens.begin(), changes.tokens.end(),
                     [](const auto& each) { return each.record.state != TokenState::listening; });
}

/// Acme's mails are promised and its token listens; gives the deliveries to ada, bob and cy.
std::vector<DeliveryRecord> promise(Batches& batches) {
  const Changes changes = batches.run(acme());
  batches.commit(changes);
  REQUIRE(changes.deliveries.size() == 3);
  return changes.deliveries;
}

}  // namespace

TEST_CASE("a mail that was handed over and one that came back are events of the person it was for") {
  for (const bool is_sent : {true, false}) {
    Batches batches(seeds_workspace(kMailing));
    const std::vector<DeliveryRecord> deliveries = promise(batches);
    const DeliveryState state = is_sent ? DeliveryState::delivered : DeliveryState::failed;
    const std::string reason = is_sent ? "" : "no such mailbox";
    CHECK_FALSE(moves_anybody(batches.report({report_of(deliveries[2], state, reason)}, kMonday)));
    CHECK_FALSE(moves_anybody(batches.report({report_of(deliveries[is_sent ? 1 : 0], state, reason)}, kMonday)));
    const Changes heard = batches.report({report_of(deliveries[is_sent ? 0 : 1], state, reason)}, kMonday);
    REQUIRE(heard.tokens.size() == 1);
    CHECK(heard.tokens[0].record.state == TokenState::waiting);
  }
}

TEST_CASE("a mail that is in doubt, or is tried again, is no event") {
  Batches batches(seeds_workspace(kMailing));
  const std::vector<DeliveryRecord> deliveries = promise(batches);
  for (const DeliveryState state : {DeliveryState::pending, DeliveryState::under_way, DeliveryState::in_doubt})
    CHECK_FALSE(moves_anybody(batches.report({report_of(deliveries[0], state)}, kMonday)));
}

TEST_CASE("what a channel reports after a time-out comes too late, at its instant in time") {
  for (const auto late : {0ms, 1ms}) {
    Batches batches(seeds_workspace(kMailing));
    const std::vector<DeliveryRecord> deliveries = promise(batches);
    const Changes changes = batches.report({report_of(deliveries[0], DeliveryState::delivered)}, kMonday + 24h + late);
    REQUIRE(changes.tokens.size() == 1);
    CHECK(changes.tokens[0].record.state == (late == 0ms ? TokenState::waiting : TokenState::completed));
  }
}

TEST_CASE("a report of a mail to somebody who is gone is heard as an event of nobody who is there") {
  Batches batches(
      seeds_workspace("- id: mail\n  send_email: story\n- id: raise\n  listen: email.sent\n- {id: last, wait: 1d}\n"));
  const std::vector<DeliveryRecord> deliveries = promise(batches);
  batches.commit(batches.run({RemovePerson{"ada"}}));
  const Changes changes = batches.report({report_of(deliveries[0], DeliveryState::delivered)}, kMonday);
  REQUIRE(changes.tokens.size() == 1);
  CHECK(changes.tokens[0].record.state == TokenState::waiting);
}
