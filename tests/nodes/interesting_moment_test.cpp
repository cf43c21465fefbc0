// interesting_moment: says that something worth telling sales about has happened.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::string moment(const std::string& more = "") {
  return "- id: moment\n  interesting_moment: {type: milestone, description: Asked for a demo" + more + "}\n";
}

/// Whose each moment is: keys of people, `account`.
std::vector<std::string> owners(World& world) {
  std::vector<ActivityRecord> found;
  world.reader().activity_of(world.account_record("acme").id, found);
  std::vector<std::string> keys;
  for (const ActivityRecord& each : found) {
    std::string key = "account";
    for (const PersonRecord& person : world.people("acme")) {
      if (person.id == each.person) key = person.key;
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

TEST_CASE("a moment is an event of the account, kept with its kind and description") {
  World world(seeds_workspace(moment()));
  world.post_all(acme());
  CHECK(world.trail("acme") == "moment");
  CHECK(world.activity("acme") ==
        std::vector<std::string>{"interesting_moment {description=Asked for a demo kind=milestone}"});
  CHECK(owners(world) == std::vector<std::string>{"account"});
}

TEST_CASE("with `who`, it is an event of each of them; with nobody it does not happen") {
  World world(seeds_workspace(moment(", who: person.key != \"ada\"")));
  world.post_all(acme());
  CHECK(owners(world) == std::vector<std::string>{"bob", "cy"});
  World nobody(seeds_workspace(moment(", who: 'false'")));
  nobody.post_all(acme());
  CHECK(nobody.trail("acme") == "moment:nobody");
  CHECK(nobody.activity("acme").empty());
}

TEST_CASE("inside of a people split it is that person's") {
  World world(
      seeds_workspace("- id: each\n  split_people:\n    - path: bob\n      when: person.key == \"bob\"\n      "
                      "nodes:\n" +
                      indented(moment(), 8)));
  world.post_all(acme());
  CHECK(owners(world) == std::vector<std::string>{"bob"});
}

TEST_CASE("an expression finds a moment in the activity, and a listen hears it") {
  World world(seeds_workspace(R"(- id: split
  split_people:
    - path: ada
      when: person.key == "ada"
      nodes: [{id: hear, listen: {event: interesting_moment, where: event.kind == "web"}}]
    - path: bob
      when: person.key == "bob"
      nodes:
        - {id: later, wait: 1d}
        - {id: moment, interesting_moment: {type: web, description: Came back, who: person.key == "bob"}}
- id: last
  split:
    - {path: seen, when: 'account.activity("interesting_moment", "7d").size() == 1', nodes: []}
    - {path: unseen, nodes: []}
)"));
  world.post_all(acme());
  world.advance(24h);
  // It is Bob's moment, so Ada does not hear of it.
  CHECK(world.standing("acme") == "joining at split | listening at hear | completed at moment");
}

TEST_CASE("a moment before a restart happened once") {
  World world(seeds_workspace(moment() + "- id: settle\n  wait: 1d\n"));
  world.post_all(acme());
  world.restart();
  world.run_out();
  CHECK(world.activity("acme").size() == 1);
}

TEST_CASE("wrong uses of interesting_moment are told where they stand") {
  CHECK(fault_of_node("interesting_moment: {type: phone, description: Called}").find("`milestone`") !=
        std::string::npos);
  CHECK(fault_of_node("interesting_moment: {type: web}") ==
        "journeys/seeds.yaml:5:5: `interesting_moment` needs the key `description`");
  CHECK(fault_of_node("interesting_moment: {description: Called}") ==
        "journeys/seeds.yaml:5:5: `interesting_moment` needs the key `type`");
  CHECK(fault_of_node("interesting_moment: Called").starts_with("journeys/seeds.yaml:5:25: "));
}
