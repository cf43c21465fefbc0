// update_account: sets attributes of the account to computed values.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::string update(const std::string& attributes) {
  return "- id: update\n  update_account: " + attributes + "\n";
}

std::string account(World& world) {
  return world.attributes(world.account_record("acme").attributes);
}

}  // namespace

TEST_CASE("attributes of the account are set to what their expressions yield, whatever their type") {
  World world(seeds_workspace(
      update("{tier: '\"gold\"', size: people.size(), ratio: account.won / 4.0, big: account.won > 2.0, at: now, tags: "
             "'[\"a\", \"b\"]', owner: '{\"name\": \"Ada\"}', rest: duration(\"90s\")}")));
  world.account("acme", {{"won", {3.0}}});
  CHECK(world.trail("acme") == "update");
  const std::string now =
      "at=2026-01-05T09:00:00Z big=true owner={name=Ada} ratio=0.750000 rest=90000ms size=0 "
      "tags=[a,b] tier=gold won=3.000000";
  CHECK(account(world) == now);
}

TEST_CASE("null takes an attribute out") {
  World world(seeds_workspace(update("{tier: 'null'}")));
  world.account("acme", {{"tier", text("gold")}, {"region", text("emea")}});
  CHECK(world.trail("acme") == "update");
  CHECK(account(world) == "region=emea");
}

TEST_CASE("all values are computed before the first is set") {
  World world(seeds_workspace(update("{a: account.b, b: account.a}")));
  world.account("acme", {{"a", number(1)}, {"b", number(2)}});
  CHECK(account(world) == "a=2 b=1");
}

TEST_CASE("what cannot be computed stays as it is, and the timeline says why") {
  World world(seeds_workspace(update("{tier: account.missing, region: '\"apac\"'}")));
  world.account("acme", {{"tier", text("gold")}});
  CHECK(account(world) == "region=apac tier=gold");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text.starts_with("account.missing: "));
  CHECK(world.counted(CounterKind::expression_errors, "update") == 1);
}

TEST_CASE("where nothing changes the visit changed nothing") {
  World world(seeds_workspace(update("{tier: '\"gold\"'}")));
  world.account("acme", {{"tier", text("gold")}});
  CHECK(world.trail("acme") == "update:nobody");
}

TEST_CASE("the next node of the same turn sees what an account was given") {
  World world(seeds_workspace(update("{tier: '\"gold\"'}") +
                              "- id: split\n  split:\n    - {path: gold, when: account.tier == \"gold\", nodes: []}\n"
                              "    - {path: others, nodes: []}\n"));
  world.account("acme");
  CHECK(world.trail("acme") == "update split/gold");
}

TEST_CASE("a change is heard of as account.changed, with the old and the new value") {
  World world(seeds_workspace(R"(- id: split
  split_people:
    - path: ada
      when: person.key == "ada"
      nodes:
        - id: hear
          listen: {event: account.changed, where: 'event.attribute == "tier" && event.old == "silver" && event.new == "gold"'}
    - path: bob
      when: person.key == "bob"
      nodes:
        - {id: later, wait: 1d}
        - {id: update, update_account: {tier: '"gold"'}}
)"));
  world.post_all(acme({{"tier", text("silver")}}));
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at split | completed at hear | completed at update");
}

TEST_CASE("inside of a people split the values may use the person, and the account is changed all the same") {
  World world(
      seeds_workspace("- id: split\n  split_people:\n    - path: ada\n      when: person.key == \"ada\"\n      "
                      "nodes: [{id: update, update_account: {champion: person.key}}]\n"));
  world.post_all(acme());
  CHECK(account(world) == "champion=ada");
}

TEST_CASE("what an account was given stays over a restart, and is given once") {
  World world(seeds_workspace(update("{rounds: account.rounds + 1}") + "- id: settle\n  wait: 1d\n" +
                              "- id: again\n  update_account: {rounds: account.rounds + 1}\n"));
  world.account("acme", {{"rounds", number(0)}});
  world.restart();
  CHECK(account(world) == "rounds=1");
  world.run_out();
  CHECK(account(world) == "rounds=2");
}

TEST_CASE("wrong uses of update_account are told where they stand") {
  CHECK(fault_of_node("update_account: {}") ==
        "journeys/seeds.yaml:4:9: `update_account` sets nothing; add an attribute");
  CHECK(fault_of_node("update_account:") == "journeys/seeds.yaml:5:5: `update_account` has no value");
  CHECK(fault_of_node("update_account: {key: '\"x\"'}") ==
        "journeys/seeds.yaml:5:22: `key` is no attribute; it names the account and never changes");
  CHECK(fault_of_node("update_account: {two words: '1'}").find("letters, digits and underscores") != std::string::npos);
  CHECK(fault_of_node("update_account: {tier: gold}").starts_with("journeys/seeds.yaml:5:28: "));
  CHECK(fault_of_node("update_account: {tier: person.title}").find("person") != std::string::npos);
  SourceTexts texts = seeds_workspace(update("{tire: '\"gold\"'}"));
  texts["schema.yaml"] = "schema:\n  account:\n    tier: text\n  person:\n    title: text\n";
  CHECK(only_fault(texts) ==
        "journeys/seeds.yaml:5:22: the schema has no attribute `account.tire`; did you mean \"tier\"?");
}
