// activate: puts the account or its people into a destination's audience.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts with_destinations(const std::string& nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] = "timezone: UTC\ndestinations:\n  guests: {of: people}\n  targets: {of: accounts}\n";
  return texts;
}

std::vector<std::string> guests(World& world) {
  return roster_of(world, RosterKind::destination, "guests");
}
std::vector<std::string> targets(World& world) {
  return roster_of(world, RosterKind::destination, "targets");
}

std::string fault(const std::string& node) {
  return only_fault(with_destinations("- id: do\n" + indented(node, 2)));
}

}  // namespace

TEST_CASE("activate puts everybody in scope in") {
  World world(with_destinations("- id: in\n  activate: guests\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in");
  CHECK(guests(world) == std::vector<std::string>{"ada", "bob", "cy"});
}

TEST_CASE("activate with `who` puts in those for whom it holds, or nobody") {
  World world(
      with_destinations("- id: in\n  activate: {destination: guests, who: person.key == \"bob\"}\n- id: none\n  "
                        "activate: {destination: guests, who: 'false'}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in none:nobody");
  CHECK(guests(world) == std::vector<std::string>{"bob"});
}

TEST_CASE("activate puts the account in where it is of accounts; with `who`, when that holds for anybody") {
  World world(with_destinations(
      "- id: none\n  activate: {destination: targets, who: person.key == \"dan\"}\n- id: settle\n  wait: "
      "1d\n- id: in\n  activate: {destination: targets, who: person.key == \"bob\"}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "none:nobody settle:stopped");
  CHECK(targets(world).empty());
  world.run_out();
  CHECK(targets(world) == std::vector<std::string>{"acme"});
  World all(with_destinations("- id: in\n  activate: targets\n"));
  all.account("empty");
  CHECK(targets(all) == std::vector<std::string>{"empty"});
}

TEST_CASE("activate inside of a people split puts that person in, or their account") {
  World world(
      with_destinations("- id: each\n  split_people:\n    - path: bob\n      when: person.key == \"bob\"\n      "
                        "nodes:\n        - {id: one, activate: guests}\n        - {id: two, activate: targets}\n"));
  world.post_all(acme());
  CHECK(guests(world) == std::vector<std::string>{"bob"});
  CHECK(targets(world) == std::vector<std::string>{"acme"});
}

TEST_CASE("activate leaves who is in already as they are, and writes no second line of the feed") {
  World world(
      with_destinations("- id: in\n  activate: guests\n- id: settle\n  wait: 1d\n- id: again\n  activate: guests\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  world.restart();
  world.run_out();
  CHECK(world.trail("acme") == "in settle:stopped again");
  CHECK(guests(world) == std::vector<std::string>{"ada"});
  const NameBook names(world.reader());
  std::vector<RosterChange> changes;
  world.reader().roster_changes(RosterKind::destination, *names.find("guests"), 0, 100, changes);
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().record.in);
  CHECK(changes.front().record.at == kMonday);
}

TEST_CASE("wrong uses of activate are told where they stand") {
  CHECK(fault("activate: guest") ==
        "journeys/seeds.yaml:5:15: there is no destination `guest`; did you mean \"guests\"?");
  CHECK(fault("activate: {who: 'true'}") == "journeys/seeds.yaml:5:5: `activate` needs the key `destination`");
  CHECK(fault("activate: {destination: guests, whom: 'true'}").find("did you mean \"who\"?") != std::string::npos);
  CHECK(fault("activate: {destination: guests, who: persn.key == 'x'}").find("did you mean \"person\"?") !=
        std::string::npos);
}
