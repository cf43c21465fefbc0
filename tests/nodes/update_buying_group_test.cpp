// update_buying_group: moves the account's buying group to another stage, or gives it a status.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kGroups = R"(role_template: buyers
roles:
  - role: user
---
solution_interest: seeds
role_template: buyers
stage_model: pipeline
---
solution_interest: stageless
role_template: buyers
---
stage_model: pipeline
stages:
  - {stage: Identified, entry: true, to: [Engaged, Lost]}
  - {stage: Engaged, to: [Won, Lost]}
  - {stage: Won, outcome: success}
  - {stage: Lost, outcome: failure, to: [Engaged]}
)";

SourceTexts staged(const std::string& nodes) {
  SourceTexts texts = workspace_with("journey: seeds\nenter: {audience: everyone}\nnodes:\n" + indented(nodes, 2));
  texts["buying-groups/seeds.yaml"] = kGroups;
  return texts;
}

constexpr std::string_view kJoin = "- {id: join, assign_to_buying_group: {solution_interest: seeds, role: user}}\n";

std::string update(const std::string& id, const std::string& what) {
  return "- {id: " + id + ", update_buying_group: {solution_interest: seeds, " + what + "}}\n";
}

/// `Engaged working`, as the store has it.
std::string stage_and_status(World& world) {
  const NameBook names(world.reader());
  const GroupRecord group = world.group_records("acme").at(0);
  return std::string(names.text_of(group.stage)) + " " + std::string(names.text_of(group.status));
}

std::string fault(const std::string& what) {
  return only_fault(staged("- id: do\n  update_buying_group: " + what + "\n"));
}

}  // namespace

TEST_CASE("a group goes to a stage that its model allows from where it is, at the time it does") {
  World world(staged(std::string(kJoin) + "- {id: settle, wait: 1d}\n" + update("engage", "stage: Engaged")));
  world.post_all(acme());
  CHECK(stage_and_status(world) == "Identified ");
  world.run_out();
  CHECK(world.trail("acme") == "join settle:stopped engage");
  CHECK(stage_and_status(world) == "Engaged ");
  CHECK(world.group_records("acme").at(0).stage_since == kMonday + 24h);
}

TEST_CASE("a stage that is not allowed from here is refused and noted, and the journey goes on") {
  World world(staged(std::string(kJoin) + update("win", "stage: Won") + "- {id: last, wait: 1d}\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "join win:nobody last:stopped");
  CHECK(stage_and_status(world) == "Identified ");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().kind == NoteKind::refused);
  CHECK(world.notes("acme").front().text.find("Won") != std::string::npos);
}

TEST_CASE("a status is given in the author's words, with or without a stage") {
  World world(staged(std::string(kJoin) + update("hold", "status: on hold") + "- {id: settle, wait: 1d}\n" +
                     update("engage", "stage: Engaged, status: working")));
  world.post_all(acme());
  CHECK(stage_and_status(world) == "Identified on hold");
  world.run_out();
  CHECK(stage_and_status(world) == "Engaged working");
}

TEST_CASE("a stage that is refused keeps the status as it is, too") {
  World world(staged(std::string(kJoin) + update("win", "stage: Won, status: done")));
  world.post_all(acme());
  CHECK(stage_and_status(world) == "Identified ");
}

TEST_CASE("where the group is there already, or where there is none, nothing changes") {
  World world(staged(update("none", "status: working") + std::string(kJoin) + update("same", "stage: Identified")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "none:nobody join same:nobody");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text == "there is no buying group of seeds");
}

TEST_CASE("a change of stage is heard of") {
  World world(staged(std::string(kJoin) +
                     "- id: split\n  split_people:\n    - {path: ada, when: person.key == "
                     "\"ada\", nodes: [{id: hear, listen: {event: buying_group.stage_changed, "
                     "where: event.new == \"Engaged\"}}]}\n    - path: bob\n      when: "
                     "person.key == \"bob\"\n      nodes:\n        - {id: later, wait: 1d}\n" +
                     indented(update("engage", "stage: Engaged"), 8)));
  world.post_all(acme());
  CHECK(world.standing("acme").starts_with("joining at split | listening at hear"));
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at split | completed at hear | completed at engage");
}

TEST_CASE("a stage outlives a restart") {
  World world(staged(std::string(kJoin) + update("engage", "stage: Engaged") + "- {id: settle, wait: 1d}\n" +
                     update("win", "stage: Won")));
  world.post_all(acme());
  world.restart();
  CHECK(stage_and_status(world) == "Engaged ");
  world.run_out();
  CHECK(stage_and_status(world) == "Won ");
}

TEST_CASE("wrong uses of update_buying_group are told where they stand") {
  CHECK(fault("{solution_interest: seeds}") ==
        "journeys/seeds.yaml:4:9: `update_buying_group` changes nothing; add `stage` or `status`");
  CHECK(fault("{stage: Engaged}") ==
        "journeys/seeds.yaml:5:5: `update_buying_group` needs the key `solution_interest`");
  CHECK(fault("{solution_interest: seeds, stage: Engagd}") ==
        "journeys/seeds.yaml:5:60: the stage model `pipeline` of `seeds` has no stage `Engagd`; did you mean "
        "\"Engaged\"?");
  CHECK(fault("{solution_interest: stageless, stage: Engaged}").find("has no stages") != std::string::npos);
  CHECK(fault("seeds") == "journeys/seeds.yaml:5:26: `update_buying_group` must be a mapping");
  CHECK(fault("{solution_interest: seeds, status: \"\"}").starts_with("journeys/seeds.yaml:5:"));
}
