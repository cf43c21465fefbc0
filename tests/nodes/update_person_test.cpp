// update_person: sets attributes of every person in scope to computed values.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::string update(const std::string& attributes) {
  return "- id: update\n  update_person: " + attributes + "\n";
}

}  // namespace

TEST_CASE("attributes of every person are set to what is computed for them") {
  World world(seeds_workspace(update("{greeting: '\"Dear \" + person.title', region: account.region}")));
  world.post_all(acme({{"region", text("emea")}}));
  CHECK(world.trail("acme") == "update");
  CHECK(attributes_of(world, "acme", "ada") ==
        "email=ada@acme.example greeting=Dear VP Research region=emea title=VP Research");
  CHECK(attributes_of(world, "acme", "cy") == "email=cy@acme.example greeting=Dear Clerk region=emea title=Clerk");
}

TEST_CASE("null takes an attribute out, and what nobody has changes nobody") {
  World world(seeds_workspace(update("{title: 'null'}") + "- id: again\n  update_person: {title: 'null'}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "update again:nobody");
  CHECK(attributes_of(world, "acme", "bob") == "email=bob@acme.example");
}

TEST_CASE("a value that cannot be computed for a person leaves that person as they are") {
  World world(seeds_workspace(update("{rank: person.level * 2}")));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"level", number(2)}}},
                  UpsertPerson{"bob", "acme", {{"rank", number(1)}}}});
  CHECK(attributes_of(world, "acme", "ada") == "level=2 rank=4");
  CHECK(attributes_of(world, "acme", "bob") == "rank=1");
  CHECK(world.counted(CounterKind::expression_errors, "update") == 1);
}

TEST_CASE("an account without people changes nobody") {
  World world(seeds_workspace(update("{seen: 'true'}")));
  world.account("empty");
  CHECK(world.trail("empty") == "update:nobody");
}

TEST_CASE("the next node of the same turn sees what a person was given") {
  World world(seeds_workspace(update("{chosen: person.key == \"bob\"}") +
                              "- id: mail\n  send_email: {template: story, to: person.chosen}\n"));
  world.post_all(acme());
  CHECK(world.mails("acme") == std::vector<std::string>{"story to bob@acme.example"});
}

TEST_CASE("inside of a people split only that person is changed, which is heard of") {
  World world(seeds_workspace(R"(- id: split
  split_people:
    - path: ada
      when: person.key == "ada"
      nodes: [{id: hear, listen: {event: person.changed, timeout: 2d}}]
    - path: bob
      when: person.key == "bob"
      nodes:
        - {id: own, listen: {event: person.changed, where: event.attribute == "seen" && event.new == true}}
    - path: cy
      nodes:
        - {id: later, wait: 1d}
        - {id: update, update_person: {seen: 'true'}}
)"));
  world.post_all(acme());
  world.advance(24h);
  CHECK(attributes_of(world, "acme", "cy") == "email=cy@acme.example seen=true title=Clerk");
  // It was Cy who changed, and neither of those who listen.
  CHECK(world.standing("acme") == "joining at split | listening at hear | listening at own | completed at update");
  world.person("bob", "acme", {{"seen", {true}}});
  CHECK(world.standing("acme") == "joining at split | listening at hear | completed at own | completed at update");
}

TEST_CASE("what a person was given stays over a restart, and is given once") {
  World world(
      seeds_workspace(update("{rounds: 'has(person.rounds) ? person.rounds + 1 : 1'}") + "- id: settle\n  wait: 1d\n"));
  world.post_all(acme());
  world.restart();
  world.run_out();
  CHECK(attributes_of(world, "acme", "ada") == "email=ada@acme.example rounds=1 title=VP Research");
}

TEST_CASE("wrong uses of update_person are told where they stand") {
  CHECK(fault_of_node("update_person: {}") ==
        "journeys/seeds.yaml:4:9: `update_person` sets nothing; add an attribute");
  CHECK(fault_of_node("update_person: {key: '\"x\"'}") ==
        "journeys/seeds.yaml:5:21: `key` is no attribute; it names the person and never changes");
  CHECK(fault_of_node("update_person: {seen: tru}").starts_with("journeys/seeds.yaml:5:27: "));
  CHECK(fault_of_node("update_person: [seen]").starts_with("journeys/seeds.yaml:5:20: "));
  // What every person may have is of its type without a schema, too.
  CHECK(fault_of_node("update_person: {unsubscribed: '\"yes\"'}") ==
        "journeys/seeds.yaml:5:35: `unsubscribed` is true or false, and this yields text; leave the quotes around it "
        "out, or convert it");
  SourceTexts texts = seeds_workspace(update("{titel: '\"VP\"', email: '\"a@b.example\"'}"));
  texts["schema.yaml"] = "schema:\n  account:\n    tier: text\n  person:\n    title: text\n";
  CHECK(only_fault(texts) ==
        "journeys/seeds.yaml:5:21: the schema has no attribute `person.titel`; did you mean \"title\"?");
}
