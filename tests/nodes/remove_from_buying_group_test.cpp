// remove_from_buying_group: people leave the account's buying group, and are remembered as removed.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::string joins_then(const std::string& nodes) {
  return "- id: join\n  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user}\n" + nodes;
}

constexpr std::string_view kLeave =
    "- id: leave\n  remove_from_buying_group: {solution_interest: ai-driven-seeds, who: person.key != \"ada\"}\n";

}  // namespace

TEST_CASE("everybody in scope leaves the group, and the group stays") {
  World world(seeds_workspace(joins_then("- id: leave\n  remove_from_buying_group: ai-driven-seeds\n")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "join leave");
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: "});
}

TEST_CASE("with `who`, those for whom it holds leave, and are remembered with their role") {
  World world(seeds_workspace(joins_then(std::string(kLeave))));
  world.post_all(acme());
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada user"});
  const std::vector<MemberRecord> members = world.group_records("acme").at(0).members;
  REQUIRE(members.size() == 3);
  CHECK_FALSE(members[0].removed);
  CHECK(members[1].removed);
  CHECK(members[1].source == MembershipSource::journey);
  CHECK(members[1].role == members[0].role);
}

TEST_CASE("who is no member, or where there is no group, is nobody") {
  World world(seeds_workspace("- id: leave\n  remove_from_buying_group: ai-driven-seeds\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "leave:nobody");
  CHECK(world.groups("acme").empty());
}

TEST_CASE("a later node of a journey may bring them back") {
  World world(seeds_workspace(joins_then(std::string(kLeave) +
                                         "- id: back\n  assign_to_buying_group: {solution_interest: ai-driven-seeds, "
                                         "role: influencer, who: person.key == \"bob\"}\n")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "join leave back");
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada user, bob influencer"});
}

TEST_CASE("a person who leaves is heard of") {
  World world(
      seeds_workspace(joins_then("- id: split\n  split_people:\n    - {path: ada, when: person.key == \"ada\", "
                                 "nodes: [{id: stay, listen: buying_group.member_removed}]}\n    - path: "
                                 "bob\n      when: person.key == \"bob\"\n      nodes:\n        - {id: later, "
                                 "wait: 1d}\n        - {id: leave, remove_from_buying_group: "
                                 "ai-driven-seeds}\n")));
  world.post_all(acme());
  world.advance(24h);
  // Bob has left; Ada listens for what happens to her.
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada user, cy user"});
  CHECK(world.standing("acme") == "joining at split | listening at stay | completed at leave");
}

TEST_CASE("who has left stays out over a restart") {
  World world(seeds_workspace(joins_then(std::string(kLeave) + "- id: settle\n  wait: 1d\n")));
  world.post_all(acme());
  world.restart();
  world.run_out();
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada user"});
}

TEST_CASE("wrong uses of remove_from_buying_group are told where they stand") {
  CHECK(fault_of_node("remove_from_buying_group: ai-driven-seed") ==
        "journeys/seeds.yaml:5:31: there is no solution interest `ai-driven-seed`; did you mean \"ai-driven-seeds\"?");
  CHECK(fault_of_node("remove_from_buying_group: {who: 'true'}") ==
        "journeys/seeds.yaml:5:5: `remove_from_buying_group` needs the key `solution_interest`");
  CHECK(fault_of_node("remove_from_buying_group: {solution_interest: ai-driven-seeds, role: user}")
            .find("unknown key `role`") != std::string::npos);
}
