// deactivate: takes the account or its people out of a destination's audience.

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

TEST_CASE("deactivate takes everybody in scope out") {
  World world(with_destinations("- id: in\n  activate: guests\n- id: out\n  deactivate: guests\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in out");
  CHECK(guests(world).empty());
}

TEST_CASE("deactivate with `who` takes out those for whom it holds, or nobody") {
  World world(with_destinations(
      "- id: in\n  activate: guests\n- id: out\n  deactivate: {destination: guests, who: person.key == "
      "\"bob\"}\n- id: none\n  deactivate: {destination: guests, who: 'false'}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "in out none:nobody");
  CHECK(guests(world) == std::vector<std::string>{"ada", "cy"});
}

TEST_CASE("deactivate takes the account out where it is of accounts") {
  World world(
      with_destinations("- id: in\n  activate: targets\n- id: settle\n  wait: 1d\n- id: out\n  deactivate: targets\n"));
  world.account("acme");
  CHECK(targets(world) == std::vector<std::string>{"acme"});
  world.run_out();
  CHECK(targets(world).empty());
}

TEST_CASE("deactivate of who was never in writes nothing") {
  World world(with_destinations("- id: out\n  deactivate: guests\n- id: last\n  wait: 1d\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "out last:stopped");
  CHECK(guests(world).empty());
}

TEST_CASE("deactivate after a restart takes out what was put in before, and the feed tells both in order") {
  World world(
      with_destinations("- id: in\n  activate: guests\n- id: settle\n  wait: 1d\n- id: out\n  deactivate: guests\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  world.restart();
  CHECK(guests(world) == std::vector<std::string>{"ada"});
  world.run_out();
  CHECK(guests(world).empty());
  const NameBook names(world.reader());
  std::vector<RosterChange> changes;
  world.reader().roster_changes(RosterKind::destination, *names.find("guests"), 0, 100, changes);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].record.in);
  CHECK_FALSE(changes[1].record.in);
  CHECK(changes[1].record.at == kMonday + 24h);
  CHECK(changes[0].sequence < changes[1].sequence);
}

TEST_CASE("wrong uses of deactivate are told where they stand") {
  CHECK(fault("deactivate: guest") ==
        "journeys/seeds.yaml:5:17: there is no destination `guest`; did you mean \"guests\"?");
  CHECK(fault("deactivate: {who: 'true'}") == "journeys/seeds.yaml:5:5: `deactivate` needs the key `destination`");
  CHECK(fault("deactivate: [guests]").starts_with("journeys/seeds.yaml:5:17: "));
}
