// remove_from_list: takes the account or its people out of a static list.

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

TEST_CASE("remove_from_list takes everybody in scope out") {
  World world(with_lists("- id: in\n  add_to_list: guests\n- id: out\n  remove_from_list: guests\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in out");
  CHECK(guests(world).empty());
}

TEST_CASE("remove_from_list with `who` takes out those for whom it holds, or nobody") {
  World world(
      with_lists("- id: in\n  add_to_list: guests\n- id: out\n  remove_from_list: {list: guests, who: person.key == "
                 "\"bob\"}\n- id: none\n  remove_from_list: {list: guests, who: 'false'}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in out none:nobody");
  CHECK(guests(world) == std::vector<std::string>{"ada", "cy"});
}

TEST_CASE("remove_from_list takes the account out where it is of accounts") {
  World world(with_lists(
      "- id: in\n  add_to_list: targets\n- id: settle\n  wait: 1d\n- id: out\n  remove_from_list: targets\n"));
  world.account("acme");
  CHECK(targets(world) == std::vector<std::string>{"acme"});
  world.run_out();
  CHECK(targets(world).empty());
}

TEST_CASE("remove_from_list of who was never in writes nothing") {
  World world(with_lists("- id: out\n  remove_from_list: guests\n- id: last\n  wait: 1d\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "out last:stopped");
  CHECK(guests(world).empty());
}

TEST_CASE("remove_from_list after a restart takes out what was put in before, and the feed tells both in order") {
  World world(
      with_lists("- id: in\n  add_to_list: guests\n- id: settle\n  wait: 1d\n- id: out\n  remove_from_list: guests\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  world.restart();
  CHECK(guests(world) == std::vector<std::string>{"ada"});
  world.run_out();
  CHECK(guests(world).empty());
  const NameBook names(world.reader());
  std::vector<RosterChange> changes;
  world.reader().roster_changes(RosterKind::list, *names.find("guests"), 0, 100, changes);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].record.in);
  CHECK_FALSE(changes[1].record.in);
  CHECK(changes[1].record.at == kMonday + 24h);
  CHECK(changes[0].sequence < changes[1].sequence);
}

TEST_CASE("wrong uses of remove_from_list are told where they stand") {
  CHECK(fault("remove_from_list: guest") ==
        "journeys/seeds.yaml:5:23: there is no list `guest`; did you mean \"guests\"?");
  CHECK(fault("remove_from_list: {who: 'true'}") == "journeys/seeds.yaml:5:5: `remove_from_list` needs the key `list`");
  CHECK(fault("remove_from_list: [guests]").starts_with("journeys/seeds.yaml:5:23: "));
}
