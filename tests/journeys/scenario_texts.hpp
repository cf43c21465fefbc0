#pragma once
// Scenarios from texts beside a workspace without faults, for the tests of their language.

#include "journeys/scenario.hpp"
#include "tests/journeys/workspace_texts.hpp"

namespace caravan {

/// The workspace that scenarios of these tests are about: that of `basics()` with a schema, a journey `seeds` for
/// accounts, a journey `training` for people, a model of engagement, an SMS channel, lists of both kinds.
SourceTexts scenario_workspace();

/// Scenarios, with the workspace that they were read against.
struct LoadedScenarios {
  /// `scenarios` are files below scenarios/, by path within it; `workspace` may be another one.
  explicit LoadedScenarios(const SourceTexts& scenarios, SourceTexts workspace = scenario_workspace());
  /// The first line of every fault, without `scenarios/s.yaml:`.
  std::vector<std::string> faults() const;

  MadeUpNames names;
  std::unique_ptr<Workspace> workspace;
  ScenarioSet set;
};

/// One file of scenarios.
SourceTexts alone(std::string text);

/// The faults of one scenario's file.
std::vector<std::string> scenario_faults(std::string text);
/// Those of a scenario about `seeds` that begins with the accounts `acme` and `zeta`, with the people `vp` and `ann` of
/// acme and `zoe` of zeta, and has these steps (their YAML, from column 1), the first of them in line 1. A step
/// `expect` follows.
std::vector<std::string> step_faults(std::string_view steps);
/// Those of the step `expect: {...}` with these keys, which begin in column 10.
std::vector<std::string> expect_faults(std::string_view keys);

}  // namespace caravan
