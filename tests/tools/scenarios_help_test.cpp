// The manual's page of scenarios: its examples are taken as an author would take them, checked and run.
#include "engine/harness/scenario_run.hpp"
#include "engine/message_check.hpp"
#include "engine/name_book.hpp"
#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tools/caravan/help_texts.hpp"

namespace caravan::tests {
namespace {

/// The YAML blocks of a page of the manual.
std::vector<std::string> blocks_of(std::string_view topic) {
  std::vector<std::string> blocks;
  for (const tools::HelpText& page : tools::help_texts()) {
    if (page.topic != topic) continue;
    std::string_view rest = page.markdown;
    for (std::size_t at = rest.find("```yaml\n"); at != std::string_view::npos; at = rest.find("```yaml\n")) {
      rest.remove_prefix(at + 8);
      const std::size_t end = rest.find("```");
      blocks.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end + 3);
    }
  }
  return blocks;
}

/// What the page's journey needs beside it.
SourceTexts workspace_of_page() {
  return {
      {"caravan.yaml", "connections: {crm: {url: 'https://crm.example.com/growers'}}\n"},
      {"schema.yaml",
       "schema:\n  account: {industry: text, employees: whole_number, owner_email: text, id_in_crm: any}\n"
       "  person: {title: text, first_name: text}\n  event: {form.submitted: {form: text}}\n"},
      {"audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n"},
      {"buying-groups/seeds.yaml",
       "role_template: seed-buyers\nroles: [{role: buyer}]\n---\nstage_model: pipeline\nstages:\n"
       "  - {stage: Identified, entry: true, to: [Engaged]}\n  - {stage: Engaged, to: [Won]}\n"
       "  - {stage: Won, outcome: success}\n---\nsolution_interest: seeds\nrole_template: seed-buyers\n"
       "stage_model: pipeline\n"},
      {"emails/welcome.html", "---\nsubject: Welcome {{person.first_name}}\n---\n<p>Dear {{person.first_name}}</p>\n"},
      {"emails/farewell.html", "---\nsubject: Goodbye\n---\n<p>Goodbye</p>\n"},
  };
}

std::string text_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics.sorted())
    text += render(each, Colour::never);
  return text;
}

TEST_CASE("the examples of the page of scenarios are sound, and hold") {
  SourceTexts texts = workspace_of_page();
  std::size_t scenarios = 0;
  for (const std::string& block : blocks_of("scenarios")) {
    if (block.starts_with("journey: ")) {
      texts["journeys/seeds.yaml"] = block;
    } else {
      texts["scenarios/" + std::to_string(++scenarios) + ".yaml"] = block;
    }
  }
  REQUIRE(texts.contains("journeys/seeds.yaml"));
  REQUIRE(scenarios >= 6);
  NameBook names;
  std::unique_ptr<Workspace> loaded = load_workspace(texts, "", node_shapes(), names);
  check_messages(*loaded);
  REQUIRE(text_of(loaded->diagnostics) == "");
  const std::shared_ptr<const Workspace> workspace = std::move(loaded);
  const ScenarioSet set =
      load_scenarios(*workspace, texts, {.shapes = node_shapes(), .names = names, .also_check = check_messages});
  REQUIRE(text_of(set.diagnostics) == "");
  CHECK(set.scenarios.size() > scenarios);  // one of them is a table
  for (const ScenarioDefinition& scenario : set.scenarios) {
    INFO(scenario.name << " " << scenario.row);
    const ScenarioResult result = run_scenario(scenario, workspace, names);
    CHECK((result.failure ? to_text(*result.failure) : "") == "");
    CHECK(result.steps == scenario.steps.size());
  }
}

}  // namespace
}  // namespace caravan::tests
