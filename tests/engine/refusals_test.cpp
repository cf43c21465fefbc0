// Of what kind refusals are, for whoever turns them into statuses.

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

Refusal kind(World& world, Input input) {
  const InputResult result = world.post(std::move(input));
  CHECK((result.refusal == Refusal::none) == result.refused.empty());
  return result.refusal;
}

}  // namespace

TEST_CASE("an input that is wrong in itself is invalid") {
  World world(journey_with("for: person"));
  world.account("acme");
  CHECK(kind(world, UpsertAccount{"", {}}) == Refusal::invalid);
  CHECK(kind(world, UpsertAccount{"~acme", {}}) == Refusal::invalid);
  CHECK(kind(world, UpsertAccount{"acme", {{"deep", AttributeInput{AttributeList{too_deep()}}}}}) == Refusal::invalid);
  CHECK(kind(world, UpsertPerson{std::string(300, 'a'), "acme", {}}) == Refusal::invalid);
  CHECK(kind(world, TellEvent{"No Event", "acme", {}, {}, {}, {}}) == Refusal::invalid);
  CHECK(kind(world, TellEvent{"page.viewed", {}, {}, {}, {}, {}}) == Refusal::invalid);
  CHECK(kind(world, EnterJourney{"seeds", "acme", ""}) == Refusal::invalid);
}

TEST_CASE("an input that names what does not exist says so, whatever it names") {
  World world(seeds_workspace("- {id: stay, wait: 10d}\n"));
  world.account("acme");
  world.person("ada", "acme");
  CHECK(kind(world, UpsertPerson{"bob", "nowhere", {}}) == Refusal::unknown);
  CHECK(kind(world, RelatePerson{"nobody", "acme"}) == Refusal::unknown);
  CHECK(kind(world, RelatePerson{"ada", "nowhere"}) == Refusal::unknown);
  CHECK(kind(world, RemovePerson{"nobody"}) == Refusal::unknown);
  CHECK(kind(world, TellEvent{"page.viewed", "nowhere", {}, {}, {}, {}}) == Refusal::unknown);
  CHECK(kind(world, TellEvent{"page.viewed", {}, "nobody", {}, {}, {}}) == Refusal::unknown);
  CHECK(kind(world, EnterJourney{"nowhere", "acme", ""}) == Refusal::unknown);
  CHECK(kind(world, EnterJourney{"seeds", "nowhere", ""}) == Refusal::unknown);
  CHECK(kind(world, ChangeJourney{ChangeJourney::Command::pause, "nowhere"}) == Refusal::unknown);
  CHECK(kind(world, Interfere{Interfere::Command::retry, "nowhere", "", ""}) == Refusal::unknown);
  CHECK(kind(world, Interfere{Interfere::Command::retry, "seeds", "nowhere", ""}) == Refusal::unknown);
  CHECK(kind(world, Interfere{Interfere::Command::retry, "seeds", "", "nowhere"}) == Refusal::unknown);
  using Command = ChangeMember::Command;
  CHECK(kind(world, ChangeMember{Command::assign, "acme", "nothing", "ada"}) == Refusal::unknown);
  CHECK(kind(world, ChangeMember{Command::assign, "acme", "ai-driven-seeds", "bob"}) == Refusal::unknown);
  CHECK(kind(world, ChangeMember{Command::assign, "acme", "ai-driven-seeds", "ada", "nothing"}) == Refusal::unknown);
  CHECK(kind(world, ChangeMember{Command::remove, "acme", "ai-driven-seeds", "ada"}) == Refusal::unknown);
  CHECK(kind(world, ChangeGroup{"acme", "ai-driven-seeds", "", "hot"}) == Refusal::unknown);
  CHECK(kind(world, world.publication(seeds_workspace("- {id: stay, wait: 9d}\n"), Publish::UnderWay::stay, {},
                                      {"nowhere"})) == Refusal::unknown);
}

TEST_CASE("an input that what is there forbids is a conflict") {
  World world(seeds_workspace("- {id: stay, wait: 10d}\n"));
  world.account("acme");
  world.account("beta");
  world.person("ada", "acme", {{"title", text("VP")}});
  CHECK(kind(world, EnterJourney{"seeds", "acme", ""}) == Refusal::conflict);
  CHECK(kind(world, TellEvent{"page.viewed", "beta", "ada", {}, {}, {}}) == Refusal::conflict);
  CHECK(kind(world, RelatePerson{"ada", "acme", {}, false}) == Refusal::conflict);
  CHECK(kind(world, RelatePerson{"ada", "beta", {}, false}) == Refusal::conflict);
  CHECK(kind(world, ChangeJourney{ChangeJourney::Command::resume, "seeds"}) == Refusal::conflict);
  CHECK(kind(world, Interfere{Interfere::Command::retry, "seeds", "", "acme"}) == Refusal::conflict);
  CHECK(kind(world, ScoreEngagement{}) == Refusal::conflict);
  CHECK(kind(world, world.publication(seeds_workspace("- {id: other, wait: 9d}\n"), Publish::UnderWay::move)) ==
        Refusal::conflict);
  CHECK(world.change(ChangeJourney::Command::pause).empty());
  CHECK(kind(world, Interfere{Interfere::Command::retry, "seeds", "", "acme"}) == Refusal::conflict);
  CHECK(kind(world, EnterJourney{"seeds", "beta", ""}) == Refusal::conflict);
}
