// Engagement in the running engine: when it is computed, who hears of it, and what reads it.

#include "tests/engine/engine_tests.hpp"

namespace caravan {
namespace {

using test::text;
using test::World;

constexpr std::string_view kModel = R"yaml(
---
engagement_model: default
window: 3d
daily_cap: 2
weights: {form.submitted: 40, page.viewed: 20}
)yaml";

constexpr std::string_view kWaiting = R"yaml(journey: seeds
enter: {audience: everyone}
nodes:
  - {id: on, wait: 30d}
)yaml";

SourceTexts scored(std::string_view journey = kWaiting, std::string_view model = kModel) {
  SourceTexts texts = test::workspace_with(std::string(journey));
  texts["buying-groups/seeds.yaml"] += "audience: everyone\n" + std::string(model);
  return texts;
}

/// Two accounts, each with a decision maker; `ada` of acme has sent a form, three times (two of them count).
void begin(World& world) {
  world.post_all({UpsertAccount{"acme", {}}, UpsertAccount{"beta", {}},
                  UpsertPerson{"ada", "acme", {{"title", text("VP")}}},
                  UpsertPerson{"bob", "beta", {{"title", text("Chief")}}}});
  world.run();
  for (int i = 0; i < 3; ++i)
    world.event("form.submitted", "ada");
}

EngagementRecord engagement(World& world, const std::string& person) {
  return world.reader().engagement(world.reader().person(person)->id).value_or(EngagementRecord{});
}

constexpr auto kDay = std::chrono::hours(24);

TEST_CASE("people and groups are scored at midnight, and less as what they did leaves the window") {
  World world(scored());
  begin(world);
  CHECK(engagement(world, "ada").raw == 0.0);
  world.advance(kDay);
  CHECK(engagement(world, "ada").raw == 80.0);
  CHECK(engagement(world, "ada").score == 100.0);
  CHECK(engagement(world, "bob").raw == 0.0);
  CHECK(world.group_records("acme").at(0).raw_engagement == 80.0);
  CHECK(world.group_records("acme").at(0).engagement == 100.0);
  CHECK(world.group_records("beta").at(0).engagement == 0.0);
  world.event("page.viewed", "ada");
  world.advance(kDay);
  CHECK(engagement(world, "ada").raw == 100.0);
  world.advance(kDay);
  CHECK(engagement(world, "ada").raw == 20.0);
  world.advance(kDay);
  CHECK(engagement(world, "ada") == EngagementRecord{});
  CHECK(world.group_records("acme").at(0).raw_engagement == 0.0);
}

TEST_CASE("engagement is computed on demand, unless nothing says how") {
  World world(scored());
  begin(world);
  CHECK(world.post(ScoreEngagement{}).refused.empty());
  CHECK(engagement(world, "ada").raw == 80.0);
  World without(scored(kWaiting, ""));
  CHECK(without.post(ScoreEngagement{}).refused ==
        "nothing scores engagement: the published workspace has no active engagement_model");
}

TEST_CASE("a journey hears that a group's engagement has changed, and its expressions read it") {
  World world(scored(R"yaml(journey: seeds
enter: {event: buying_group.engagement_changed, where: event.new >= 60}
nodes:
  - id: who
    split_people:
      - {path: hot, when: person.engagement > 99.0, nodes: []}
      - {path: others, nodes: []}
  - id: raw
    split:
      - {path: eighty, when: 'group("ai-driven-seeds").raw_engagement == 80.0', nodes: []}
      - {path: others, nodes: []}
)yaml"));
  begin(world);
  CHECK(world.tokens("acme").empty());
  world.advance(kDay);
  CHECK(world.trail("acme").find("raw/eighty") != std::string::npos);
  CHECK(world.counted(CounterKind::taken, "who", "hot") == 1);
  CHECK(world.tokens("beta").empty());
}

TEST_CASE("audiences and roles that read engagement follow it") {
  SourceTexts texts = scored(R"yaml(journey: seeds
enter: {audience: hot}
nodes:
  - {id: on, wait: 30d}
)yaml");
  texts["audiences/hot.yaml"] = "audience: hot\nwhen: people.exists(p, p.engagement >= 50.0)\n";
  std::string& groups = texts["buying-groups/seeds.yaml"];
  const std::string_view user = "  - role: user\n";
  groups.insert(groups.find(user) + user.size(), "    when: person.engagement >= 50.0\n");
  World world(texts);
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"title", text("Cook")}}},
                  UpsertPerson{"bob", "acme", {{"title", text("Cook")}}}});
  world.run();
  world.event("form.submitted", "ada");
  CHECK(world.tokens("acme").empty());
  world.post(ScoreEngagement{});
  CHECK(world.standing("acme") == "waiting at on");
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada user"});
  world.advance(4 * kDay);
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: "});
}

TEST_CASE("another model scores everybody anew; without one nobody has a score") {
  World world(scored());
  begin(world);
  world.post(ScoreEngagement{});
  std::string heavier(kModel);
  heavier.replace(heavier.find("40"), 2, "90");
  REQUIRE(world.publish(scored(kWaiting, heavier)).empty());
  CHECK(engagement(world, "ada").raw == 180.0);
  REQUIRE(world.publish(scored(kWaiting, "")).empty());
  CHECK(engagement(world, "ada") == EngagementRecord{});
  CHECK(world.group_records("acme").at(0).engagement == 0.0);
}

TEST_CASE("what the engine raises itself is kept where the model weighs it") {
  World world(scored(kWaiting, R"yaml(
---
engagement_model: default
weights: {buying_group.member_assigned: 10, page.viewed: 20}
)yaml"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"title", text("VP")}}}});
  world.run();
  world.post(ScoreEngagement{});
  CHECK(engagement(world, "ada").raw == 10.0);
}

TEST_CASE("a person who moves to another account leaves what they did behind") {
  World world(scored());
  begin(world);
  world.post(ScoreEngagement{});
  world.post(UpsertPerson{"ada", "beta", {}});
  world.post(ScoreEngagement{});
  CHECK(engagement(world, "ada") == EngagementRecord{});
}

TEST_CASE("a round that a death interrupts ends with the scores of one that nothing did") {
  World quiet(scored());
  begin(quiet);
  quiet.advance(kDay);
  World world(scored());
  begin(world);
  world.stop_with({.turns_per_batch = 1});
  world.drop_after(1, {ScoreEngagement{}});
  world.run();
  world.restart();
  world.advance(kDay);
  CHECK(engagement(world, "ada").score == engagement(quiet, "ada").score);
  CHECK(world.group_records("acme").at(0).engagement == quiet.group_records("acme").at(0).engagement);
  CHECK(world.group_records("acme").at(0).raw_engagement == 80.0);
}

}  // namespace
}  // namespace caravan
