// What the language promises in words (its waits, variant splits and buying groups) as scenarios: those of
// tests/workspaces/published, each of which holds.
#include "engine/harness/scenario_run.hpp"
#include "engine/message_check.hpp"
#include "engine/name_book.hpp"
#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

std::string text_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics.sorted())
    text += render(each, Colour::never);
  return text;
}

TEST_CASE("the published waits, variant splits and buying groups hold as scenarios") {
  NameBook names;
  const std::shared_ptr<const Workspace> workspace =
      load_workspace(CARAVAN_SOURCE_DIR "/tests/workspaces/published", node_shapes(), names);
  REQUIRE(text_of(workspace->diagnostics) == "");
  const ScenarioSet set =
      load_scenarios(*workspace, {.shapes = node_shapes(), .names = names, .also_check = check_messages});
  REQUIRE(text_of(set.diagnostics) == "");
  CHECK(set.scenarios.size() > 40);
  for (const ScenarioDefinition& scenario : set.scenarios) {
    INFO(scenario.name << " " << scenario.row);
    const ScenarioResult result = run_scenario(scenario, workspace, names);
    CHECK((result.failure ? to_text(*result.failure) : "") == "");
    CHECK(result.steps == scenario.steps.size());
  }
}

}  // namespace
}  // namespace caravan
