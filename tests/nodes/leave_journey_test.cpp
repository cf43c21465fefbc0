// leave_journey: the account or its people leave another journey.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// `seeds`, and two more journeys: `nurture` that everybody enters, and `onboard` that every person enters by it.
SourceTexts journeys(const std::string& nodes) {
  SourceTexts texts = seeds_workspace("- {id: settle, wait: 1d}\n" + nodes);
  texts["journeys/nurture.yaml"] =
      "journey: nurture\nenter: {audience: everyone}\nnodes:\n  - {id: on, enter_journey: onboard}\n  - {id: feed, "
      "wait: "
      "10d}\n";
  texts["journeys/onboard.yaml"] = "journey: onboard\nfor: person\nnodes:\n  - {id: greet, wait: 10d}\n";
  return texts;
}

/// How many of the account's tokens in a journey stand, and how many have left.
std::string counts(World& world, const std::string& journey) {
  int standing = 0;
  int left = 0;
  for (const TokenRecord& token : world.tokens("acme")) {
    if (token.version != world.version_of(1, journey)) continue;
    standing += is_final(token.state) ? 0 : 1;
    left += token.state == TokenState::left ? 1 : 0;
  }
  return std::to_string(standing) + " standing, " + std::to_string(left) + " left";
}

}  // namespace

TEST_CASE("the account leaves another journey wherever it stands") {
  World world(journeys("- id: leave\n  leave_journey: nurture\n"));
  world.post_all(acme());
  CHECK(counts(world, "nurture") == "1 standing, 0 left");
  world.advance(24h);
  CHECK(counts(world, "nurture") == "0 standing, 1 left");
  CHECK(counts(world, "onboard") == "3 standing, 0 left");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("where the other journey is for people, each person in scope leaves it") {
  World world(journeys("- id: leave\n  leave_journey: onboard\n"));
  world.post_all(acme());
  world.advance(24h);
  CHECK(counts(world, "onboard") == "0 standing, 3 left");
  CHECK(counts(world, "nurture") == "1 standing, 0 left");
}

TEST_CASE("inside of a people split that person leaves") {
  World world(
      journeys("- id: each\n  split_people:\n    - path: bob\n      when: person.key == \"bob\"\n      nodes: "
               "[{id: leave, leave_journey: onboard}]\n"));
  world.post_all(acme());
  world.advance(24h);
  CHECK(counts(world, "onboard") == "2 standing, 1 left");
}

TEST_CASE("who is not in the other journey stays as they are") {
  World world(
      journeys("- id: leave\n  leave_journey: nurture\n- id: again\n  leave_journey: nurture\n- id: last\n  wait: "
               "1d\n"));
  world.post_all(acme());
  world.advance(24h);
  CHECK(counts(world, "nurture") == "0 standing, 1 left");
  CHECK(counts(world, "seeds") == "1 standing, 0 left");
}

TEST_CASE("a journey may take its account out of itself") {
  World world(seeds_workspace("- id: leave\n  leave_journey: seeds\n- id: last\n  wait: 1d\n"));
  world.account("acme");
  CHECK(world.standing("acme") == "left at last");
}

TEST_CASE("whom a journey took out of another stays out over a restart") {
  World world(journeys("- id: leave\n  leave_journey: nurture\n- id: last\n  wait: 1d\n"));
  world.post_all(acme());
  world.advance(24h);
  world.restart();
  CHECK(counts(world, "nurture") == "0 standing, 1 left");
  world.run_out();
  CHECK(counts(world, "nurture") == "0 standing, 1 left");
}

TEST_CASE("wrong uses of leave_journey are told where they stand") {
  const auto fault = [](const std::string& value) {
    return only_fault(journeys("- id: do\n  leave_journey: " + value + "\n"));
  };
  CHECK(fault("nurtur") == "journeys/seeds.yaml:6:20: there is no journey `nurtur`; did you mean \"nurture\"?");
  CHECK(fault("{name: nurture}").find("`leave_journey` needs the key `journey`") != std::string::npos);
}
