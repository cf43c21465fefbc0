#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

/// The faults of a stage model with these stages, without the file's name; the stages begin at line 3.
Lines faults_of_stages(const std::string& stages) {
  Lines lines = faults_of("buying-groups/x.yaml", "stage_model: x\nstages:\n" + stages);
  constexpr std::string_view file = "buying-groups/x.yaml:";
  for (std::string& line : lines) {
    if (line.starts_with(file)) line.erase(0, file.size());
  }
  return lines;
}

TEST_CASE("a stage model leads from its entry to its outcomes") {
  const Loaded loaded(basics());
  REQUIRE(loaded.faults() == Lines{});
  const std::vector<StageDefinition>& stages = loaded.workspace->stage_models.at("pipeline").stages;
  REQUIRE(stages.size() == 4);
  CHECK(stages[0].name == "Identified");
  CHECK(stages[0].entry);
  CHECK(stages[0].to == Lines{"Engaged", "Lost"});
  CHECK(stages[1].outcome == StageDefinition::Outcome::open);
  CHECK(stages[2].outcome == StageDefinition::Outcome::success);
  CHECK(stages[3].outcome == StageDefinition::Outcome::failure);
  CHECK(stages[3].to == Lines{"Engaged"});
  CHECK(loaded.workspace->solution_interests.at("ai-driven-seeds").stage_model == "pipeline");
}

TEST_CASE("a stage leads to one other or to several") {
  CHECK(faults_of_stages("- {stage: A, entry: true, to: Won}\n- {stage: Won, outcome: success}\n") == Lines{});
}

TEST_CASE("groups enter at exactly one stage") {
  CHECK(faults_of_stages("- {stage: A, to: B}\n- {stage: B, outcome: success}\n") ==
        Lines{"1:14: error: no stage is where groups enter; write `entry: true` on one of them"});
  CHECK(faults_of_stages("- {stage: A, entry: true, to: B}\n- {stage: B, entry: true, outcome: success}\n") ==
        Lines{"4:11: error: groups enter at one stage, and `A` is it already; take `entry` out of one of them"});
}

TEST_CASE("stages lead to stages of the model, each once") {
  const auto faults = [](const std::string& to) {
    return faults_of_stages("- {stage: Open, entry: true, to: " + to + "}\n- {stage: Won, outcome: success}\n");
  };
  CHECK(faults("[Wno]") == Lines{"3:35: error: there is no stage `Wno` in this model; did you mean \"Won\"?"});
  CHECK(faults("[Won, Open]") == Lines{"3:40: error: the stage `Open` leads to itself"});
  CHECK(faults("[Won, Won]") == Lines{"3:40: error: the stage `Won` stands here twice"});
  CHECK(faults("[[Won]]") == Lines{"3:35: error: `to` takes names of stages"});
}

TEST_CASE("every stage can be reached, and reaches an outcome") {
  CHECK(faults_of_stages("- {stage: A, entry: true, to: Won}\n- {stage: Won, outcome: success}\n"
                         "- {stage: Aside, to: Won}\n") ==
        Lines{"5:11: error: no way leads from `A` to the stage `Aside`; name it in the `to` of another stage, or take "
              "it out"});
  CHECK(faults_of_stages("- {stage: A, entry: true, to: [B, Won]}\n- {stage: B, to: C}\n- {stage: C, to: B}\n"
                         "- {stage: Won, outcome: success}\n") ==
        Lines{"4:11: error: the stage `B` leads to no success and to no failure; add `to`, or `outcome: success` or "
              "`outcome: failure` where groups end",
              "5:11: error: the stage `C` leads to no success and to no failure; add `to`, or `outcome: success` or "
              "`outcome: failure` where groups end"});
}

TEST_CASE("faults of a stage") {
  const std::string won = "- {stage: Won, entry: true, outcome: success}\n";
  CHECK(faults_of_stages(won + "- {stage: Won, outcome: failure}\n") ==
        Lines{"4:11: error: the stage `Won` stands here twice; the first is in line 3"});
  CHECK(faults_of_stages(won + "- {outcome: failure}\n") == Lines{"4:4: error: a stage needs the key `stage`"});
  CHECK(faults_of_stages(won + "- Lost\n") == Lines{"4:3: error: a stage must be a mapping that begins with `stage`"});
  CHECK(faults_of_stages("- {stage: Won, entry: true, outcome: won}\n") ==
        Lines{"3:38: error: `outcome` must be `success` or `failure`"});
  CHECK(faults_of_stages("- {stage: ' ', entry: true, outcome: success}\n") ==
        Lines{"3:11: error: the name of a stage is one line of at most 64 bytes"});
  CHECK(faults_of("buying-groups/x.yaml", "stage_model: x\nstages: []\n") ==
        Lines{"buying-groups/x.yaml:2:1: error: a stage model needs stages"});
  CHECK(faults_of("buying-groups/x.yaml", "stage_model: x\n") ==
        Lines{"buying-groups/x.yaml:1:14: error: a stage model needs the key `stages`"});
}

TEST_CASE("a solution interest names its stage model") {
  CHECK(faults_of("buying-groups/x.yaml", "solution_interest: x\nrole_template: seed-buyers\nstage_model: pipelin\n") ==
        Lines{"buying-groups/x.yaml:3:14: error: there is no stage model `pipelin`; did you mean \"pipeline\"?"});
}

}  // namespace
}  // namespace caravan
