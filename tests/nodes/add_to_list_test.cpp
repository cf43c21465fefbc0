// add_to_list: puts the account or its people into a static list.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts with_lists(const std::string& nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] = "timezone: UTC\nlists:\n  guests: {of: people}\n  targets: {of: accounts}\n";
  return texts;
}

std::vector<std::string> guests(World& world) {
  return roster_of(world, RosterKind::list, "guests");
}
std::vector<std::string> targets(World& world) {
  return roster_of(world, RosterKind::list, "targets");
}

std::string fault(const std::string& node) {
  return only_fault(with_lists("- id: do\n" + indented(node, 2)));
}

}  // namespace

TEST_CASE("add_to_list puts everybody in scope in") {
  World world(with_lists("- id: in\n  add_to_list: guests\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in");
  CHECK(guests(world) == std::vector<std::string>{"ada", "bob", "cy"});
}

TEST_CASE("add_to_list with `who` puts in those for whom it holds, or nobody") {
  World world(
      with_lists("- id: in\n  add_to_list: {list: guests, who: person.key == \"bob\"}\n- id: none\n  "
                 "add_to_list: {list: guests, who: 'false'}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in none:nobody");
  CHECK(guests(world) == std::vector<std::string>{"bob"});
}

TEST_CASE("add_to_list puts the account in where it is of accounts; with `who`, when that holds for anybody") {
  World world(
      with_lists("- id: none\n  add_to_list: {list: targets, who: person.key == \"dan\"}\n- id: settle\n  wait: "
                 "1d\n- id: in\n  add_to_list: {list: targets, who: person.key == \"bob\"}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "none:nobody settle:stopped");
  CHECK(targets(world).empty());
  world.run_out();
  CHECK(targets(world) == std::vector<std::string>{"acme"});
  World all(with_lists("- id: in\n  add_to_list: targets\n"));
  all.account("empty");
  CHECK(targets(all) == std::vector<std::string>{"empty"});
}

TEST_CASE("add_to_list inside of a people split puts that person in, or their account") {
  World world(
      with_lists("- id: each\n  split_people:\n    - path: bob\n      when: person.key == \"bob\"\n      "
                 "nodes:\n        - {id: one, add_to_list: guests}\n        - {id: two, add_to_list: targets}\n"));
  world.post_all(acme());
  CHECK(guests(world) == std::vector<std::string>{"bob"});
  CHECK(targets(world) == std::vector<std::string>{"acme"});
}

TEST_CASE("add_to_list leaves who is in already as they are, and writes no second line of the feed") {
  World world(
      with_lists("- id: in\n  add_to_list: guests\n- id: settle\n  wait: 1d\n- id: again\n  add_to_list: guests\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  world.restart();
  world.run_out();
  CHECK(world.trail("acme") == "in settle:stopped again");
  CHECK(guests(world) == std::vector<std::string>{"ada"});
  const NameBook names(world.reader());
  std::vector<RosterChange> changes;
  world.reader().roster_changes(RosterKind::list, *names.find("guests"), 0, 100, changes);
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().record.in);
  CHECK(changes.front().record.at == kMonday);
}

TEST_CASE("wrong uses of add_to_list are told where they stand") {
  CHECK(fault("add_to_list: guest") == "journeys/seeds.yaml:5:18: there is no list `guest`; did you mean \"guests\"?");
  CHECK(fault("add_to_list: {who: 'true'}") == "journeys/seeds.yaml:5:5: `add_to_list` needs the key `list`");
  CHECK(fault("add_to_list: {list: guests, whom: 'true'}").find("did you mean \"who\"?") != std::string::npos);
  CHECK(fault("add_to_list: {list: guests, who: persn.key == 'x'}").find("did you mean \"person\"?") !=
        std::string::npos);
}
