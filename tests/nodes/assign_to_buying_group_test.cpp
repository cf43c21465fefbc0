// assign_to_buying_group: people join the account's buying group.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::vector<Input> acme() {
  return {UpsertAccount{"acme", {}}, UpsertPerson{"agro", "acme", {{"title", text("Agronomist")}}},
          UpsertPerson{"both", "acme", {{"title", text("Head of Agronomy")}}},
          UpsertPerson{"none", "acme", {{"title", text("Clerk")}}},
          UpsertPerson{"vp", "acme", {{"title", text("VP Sales")}}}};
}

std::string joins(const std::string& settings) {
  return "- id: join\n  assign_to_buying_group: " + settings + "\n";
}

std::string fault(const std::string& settings) {
  const std::vector<std::string> faults = faults_of(seeds_workspace(joins(settings)));
  return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
}

}  // namespace

TEST_CASE("without a role, each person gets the first role of the template whose condition holds") {
  World world(seeds_workspace(joins("ai-driven-seeds")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "join");
  // The Head of Agronomy fits both; the template names decision makers first. The clerk fits none.
  CHECK(world.groups("acme") ==
        std::vector<std::string>{"ai-driven-seeds: agro influencer, both decision_maker, vp decision_maker"});
}

TEST_CASE("with a role, everybody gets it whatever the conditions say") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user}")));
  world.post_all(acme());
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: agro user, both user, none user, vp user"});
}

TEST_CASE("with `who`, those for whom it holds join") {
  World world(seeds_workspace(
      joins("{solution_interest: ai-driven-seeds, role: influencer, who: 'person.title.contains(\"Agronom\")'}")));
  world.post_all(acme());
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: agro influencer, both influencer"});
}

TEST_CASE("a member is kept with the role, the source and the time") {
  World world(
      seeds_workspace("- id: settle\n  wait: 1d\n" + joins("{solution_interest: ai-driven-seeds, role: user}")));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  world.run_out();
  const std::vector<GroupRecord> groups = world.group_records("acme");
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].created_at == kMonday + 24h);
  REQUIRE(groups[0].members.size() == 1);
  CHECK(groups[0].members[0].source == MembershipSource::journey);
  CHECK(groups[0].members[0].since == kMonday + 24h);
}

TEST_CASE("when nobody joins there is no group, and the visit met nobody") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user, who: 'false'}")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "join:nobody");
  CHECK(world.groups("acme").empty());
}

TEST_CASE("joining again in the same role changes nothing") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user}") +
                              "- id: settle\n  wait: 1d\n- id: again\n  assign_to_buying_group: {solution_interest: "
                              "ai-driven-seeds, role: user}\n"));
  world.post_all(acme());
  world.run_out();
  CHECK(world.trail("acme") == "join settle:stopped again:nobody");
  const std::vector<GroupRecord> groups = world.group_records("acme");
  REQUIRE(groups.size() == 1);
  for (const MemberRecord& member : groups[0].members)
    CHECK(member.since == kMonday);
}

TEST_CASE("a journey may change the role that a journey gave") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user}") +
                              "- id: promote\n  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: "
                              "decision_maker, who: 'person.key == \"vp\"'}\n"));
  world.post_all(acme());
  CHECK(world.groups("acme") ==
        std::vector<std::string>{"ai-driven-seeds: agro user, both user, none user, vp decision_maker"});
}

TEST_CASE("what is assigned is seen by the next node of the same turn") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user}") + R"(- id: mail
  send_email: {template: welcome, to: 'person.role("ai-driven-seeds") == "user"'}
- id: by-group
  split:
    - path: four
      when: group("ai-driven-seeds").count("user") == 4
      nodes: []
    - path: others
      nodes: []
)"));
  world.post_all(acme());
  world.person("vp", "acme", {{"email", text("vp@acme.example")}});
  world.account("later");
  CHECK(world.trail("acme") == "join mail:nobody by-group/four");
  CHECK(world.trail("later") == "join:nobody mail:nobody by-group/others");
}

TEST_CASE("a person whose condition cannot be evaluated does not join, and the others do") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user, who: 'person.title != \"\"'}")));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}},
                  UpsertPerson{"bob", "acme", {{"title", text("VP")}}}});
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: bob user"});
  CHECK(world.counted(CounterKind::expression_errors, "join") == 1);
}

TEST_CASE("members stay after a restart, and others join them") {
  World world(seeds_workspace(joins("{solution_interest: ai-driven-seeds, role: user, who: 'person.key == \"vp\"'}") +
                              "- id: settle\n  wait: 1d\n- id: again\n  assign_to_buying_group: {solution_interest: "
                              "ai-driven-seeds, role: influencer, who: 'person.key == \"agro\"'}\n"));
  world.post_all(acme());
  world.restart();
  world.run_out();
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: agro influencer, vp user"});
}

TEST_CASE("wrong uses of assign_to_buying_group are told where they stand") {
  CHECK(fault("ai-driven-seed") ==
        "journeys/seeds.yaml:5:29: there is no solution interest `ai-driven-seed`; did you mean \"ai-driven-seeds\"?");
  CHECK(fault("{role: user}") == "journeys/seeds.yaml:5:5: `assign_to_buying_group` needs the key `solution_interest`");
  CHECK(fault("{solution_interest: ai-driven-seeds, role: usr}").find("did you mean \"user\"?") != std::string::npos);
  CHECK(fault("{solution_interest: ai-driven-seeds, whom: 'true'}").find("did you mean \"who\"?") != std::string::npos);
}
