// enter_journey: the account or its people enter another journey.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// `seeds`, and two more journeys that nobody enters on their own: `nurture` for accounts and `onboard` for people.
SourceTexts journeys(const std::string& nodes, const std::string& rules = "") {
  SourceTexts texts = seeds_workspace(nodes);
  texts["journeys/nurture.yaml"] = "journey: nurture\n" + rules + "nodes:\n  - {id: feed, wait: 10d}\n";
  texts["journeys/onboard.yaml"] = "journey: onboard\nfor: person\nnodes:\n  - {id: greet, wait: 10d}\n";
  return texts;
}

}  // namespace

TEST_CASE("the account enters another journey once its token has stopped") {
  World world(journeys("- id: enter\n  enter_journey: nurture\n- id: last\n  wait: 1d\n"));
  world.account("acme");
  CHECK(world.trail("acme") == "enter last:stopped | feed:stopped");
  CHECK(world.standing("acme") == "waiting at last | waiting at feed");
  CHECK(world.counted({world.version_of(1, "nurture"), CounterKind::entered, 0, kNoPath}) == 1);
}

TEST_CASE("where the other journey is for people, each person in scope enters it") {
  World world(journeys("- id: enter\n  enter_journey: onboard\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "enter | greet:stopped | greet:stopped | greet:stopped");
}

TEST_CASE("inside of a people split that person enters, or their account") {
  World world(
      journeys("- id: each\n  split_people:\n    - path: bob\n      when: person.key == \"bob\"\n      nodes:\n   "
               "     - {id: one, enter_journey: onboard}\n        - {id: two, enter_journey: nurture}\n"));
  world.post_all(acme());
  CHECK(world.counted({world.version_of(1, "onboard"), CounterKind::entered, 0, kNoPath}) == 1);
  CHECK(world.counted({world.version_of(1, "nurture"), CounterKind::entered, 0, kNoPath}) == 1);
  const std::vector<TokenRecord> tokens = world.tokens("acme");
  const auto onboarded = std::find_if(tokens.begin(), tokens.end(), [&](const TokenRecord& token) {
    return token.version == world.version_of(1, "onboard");
  });
  REQUIRE(onboarded != tokens.end());
  CHECK(onboarded->person == world.people("acme").at(1).id);
}

TEST_CASE("whom the other journey's rules do not let in stays out, and the timeline says why") {
  World world(
      journeys("- id: enter\n  enter_journey: nurture\n- id: settle\n  wait: 1d\n- id: again\n  enter_journey: "
               "nurture\n"));
  world.account("acme");
  world.advance(24h);
  CHECK(world.trail("acme") == "enter settle:stopped again | feed:stopped");
  CHECK(notes_of(world, "acme") == std::vector<std::string>{"does not enter nurture: is in the journey already"});
  World early(journeys("- id: enter\n  enter_journey: nurture\n", "enter: {from: 2026-02-01T00:00:00Z}\n"));
  early.account("acme");
  CHECK(early.tokens("acme").size() == 1);
  CHECK(notes_of(early, "acme").size() == 1);
}

TEST_CASE("two journeys that enter each other come to rest") {
  SourceTexts texts = journeys("- id: enter\n  enter_journey: nurture\n");
  texts["journeys/nurture.yaml"] = "journey: nurture\nnodes:\n  - {id: back, enter_journey: seeds}\n";
  World world(texts);
  world.account("acme");
  CHECK(world.standing("acme") == "completed at enter | completed at back");
  CHECK(notes_of(world, "acme").size() == 1);
}

TEST_CASE("who has entered by a node is in over a restart, and once") {
  World world(journeys("- id: enter\n  enter_journey: nurture\n- id: last\n  wait: 1d\n"));
  world.account("acme");
  world.restart();
  CHECK(world.standing("acme") == "waiting at last | waiting at feed");
  world.run_out();
  CHECK(world.standing("acme") == "completed at last | completed at feed");
}

TEST_CASE("wrong uses of enter_journey are told where they stand") {
  const auto fault = [](const std::string& value) {
    return only_fault(journeys("- id: do\n  enter_journey: " + value + "\n"));
  };
  CHECK(fault("nurtur") == "journeys/seeds.yaml:5:20: there is no journey `nurtur`; did you mean \"nurture\"?");
  CHECK(fault("{name: nurture}").find("`enter_journey` needs the key `journey`") != std::string::npos);
  CHECK(fault("[nurture]").starts_with("journeys/seeds.yaml:5:20: "));
}
