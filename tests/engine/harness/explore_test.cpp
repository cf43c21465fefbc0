// Explorations find what there is to find in small journeys, say what is not, and write down scenarios that hold.

#include "engine/harness/explore.hpp"

#include "tests/engine/harness/explored.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

using Lines = std::vector<std::string>;

/// Reads the file that was found as scenarios and runs each; every fault and failure as a line.
Lines failures_of(Explored& explored, const Exploration& exploration) {
  const std::string text = to_yaml(exploration.found, *explored.workspace);
  INFO(text);
  const ScenarioSet set = load_scenarios(*explored.workspace, {{"scenarios/explored.yaml", text}},
                                         {.shapes = node_shapes(), .names = explored.names});
  Lines lines;
  for (const Diagnostic& fault : set.diagnostics.sorted())
    lines.push_back(std::to_string(position_of(fault.place).line) + ": " + fault.message);
  CHECK(set.scenarios.size() == exploration.found.size());
  Coverage coverage(*explored.workspace);
  for (const ScenarioDefinition& scenario : set.scenarios) {
    const ScenarioResult result = run_scenario(scenario, explored.workspace, explored.names, &coverage);
    if (result.failure) lines.push_back(scenario.name + ": " + result.failure->message);
  }
  CHECK(coverage.figure(explored.journey().name) == exploration.after);
  CHECK(lines == Lines());
  return lines;
}

const ExploredScenario* reaching(const Exploration& exploration, const std::string& point) {
  for (const ExploredScenario& each : exploration.found)
    for (const CoverPoint& reached : each.reaches)
      if (to_text(reached) == point) return &each;
  return nullptr;
}

Lines attributes_of(const ScenarioDefinition& scenario) {
  Lines lines;
  for (const ScenarioField& field : scenario.accounts.front().attributes)
    lines.push_back(field.name);
  return lines;
}

std::vector<std::string> steps_of(const ScenarioDefinition& scenario) {
  std::vector<std::string> keys;
  for (const ScenarioStep& step : scenario.steps)
    keys.push_back(step.key);
  return keys;
}

ExploreSettings with_plans(std::size_t plans) {
  ExploreSettings settings;
  settings.plans = plans;
  return settings;
}

constexpr const char* kSizes =
    "- id: size\n  split:\n"
    "    - path: large\n      when: account.employees >= 1000 && account.industry == \"technology\"\n      nodes:\n"
    "        - id: story\n          send_email: story\n"
    "    - path: small\n      when: account.employees < 10\n      nodes: []\n"
    "    - path: others\n      nodes: []\n"
    "- id: bye\n  send_email: farewell\n";

}  // namespace

TEST_CASE("every path and every outcome of its conditions is found, and what is written holds") {
  Explored explored(seeds_workspace(kSizes));
  const Exploration exploration = explored.explore();
  CHECK(lines_of(exploration.open) == Lines());
  CHECK(exploration.before.taken == 0);
  CHECK(exploration.after.taken == exploration.after.of);
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("what is found is as small as it can be, and its name says who reaches what") {
  Explored explored(seeds_workspace(kSizes));
  const Exploration exploration = explored.explore();
  const ExploredScenario* large = reaching(exploration, "size/large");
  REQUIRE(large != nullptr);
  CHECK(attributes_of(large->scenario) == Lines{"employees", "industry"});
  CHECK(large->scenario.people.empty());
  CHECK(steps_of(large->scenario) == Lines{"expect"});
  CHECK(large->scenario.name.find("an account with employees 1000 and industry \"technology\" takes size/large") == 0);
}

TEST_CASE("a name that would be too long for a scenario ends where a word does") {
  std::string industry = "agriculture";
  while (industry.size() < kLongestScenarioName)
    industry += " and what grows beside it";
  Explored explored(seeds_workspace("- id: who\n  split:\n    - path: growers\n      when: account.industry == \"" +
                                    industry + "\"\n      nodes: []\n    - {path: others, nodes: []}\n"));
  const Exploration exploration = explored.explore();
  CHECK(failures_of(explored, exploration).empty());
  const bool has_shortened = std::any_of(exploration.found.begin(), exploration.found.end(), [](const auto& each) {
    return each.scenario.name.size() <= kLongestScenarioName && each.scenario.name.find(" …") != std::string::npos;
  });
  CHECK(has_shortened);
}

TEST_CASE("the same search of the same journey finds the same") {
  const auto text = [] {
    Explored explored(seeds_workspace(kSizes));
    return to_yaml(explored.explore().found, *explored.workspace);
  };
  CHECK(text() == text());
}

TEST_CASE("what scenarios take already is not looked for again") {
  Explored explored(seeds_workspace(kSizes));
  const Exploration all = explored.explore();
  const ScenarioSet set =
      load_scenarios(*explored.workspace, {{"scenarios/explored.yaml", to_yaml(all.found, *explored.workspace)}},
                     {.shapes = node_shapes(), .names = explored.names});
  Coverage coverage(*explored.workspace);
  run_scenario(set.scenarios.front(), explored.workspace, explored.names, &coverage);
  const Exploration rest = explore(explored.workspace, explored.names, explored.journey(), coverage);
  CHECK(rest.before.taken > 0);
  CHECK(rest.found.size() < all.found.size());
  CHECK(rest.after == all.after);
}

TEST_CASE("a listen is heard as often as it must be, and times out") {
  Explored explored(
      seeds_workspace("- id: hand-raise\n"
                      "  listen:\n"
                      "    any_of:\n"
                      "      - {event: form.submitted, where: event.form == \"demo\", at_least: 2}\n"
                      "    timeout: 14d\n"
                      "    on_timeout: {nodes: [{id: remind, send_email: story}]}\n"));
  const Exploration exploration = explored.explore();
  CHECK(lines_of(exploration.open) == Lines());
  const ExploredScenario* heard = reaching(exploration, "hand-raise/heard");
  REQUIRE(heard != nullptr);
  CHECK(std::count_if(heard->scenario.steps.begin(), heard->scenario.steps.end(), [](const ScenarioStep& step) {
          const auto* event = std::get_if<ScenarioEvent>(&step.what);
          return event != nullptr && event->type == "form.submitted";
        }) >= 2);
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("people are found for the ways of people, and for buying groups that must be complete") {
  Explored explored(seeds_workspace(
      "- id: buyers\n"
      "  assign_to_buying_group: {solution_interest: ai-driven-seeds}\n"
      "- id: role\n  split_people:\n"
      "    - path: deciders\n      when: person.role(\"ai-driven-seeds\") == \"decision_maker\"\n"
      "      nodes: [{id: reassure, send_email: story}]\n"
      "    - path: agronomists\n      when: person.title.contains(\"Agronom\")\n      nodes: []\n"
      "- id: ready\n  split:\n"
      "    - path: complete\n      when: group(\"ai-driven-seeds\").completeness >= 80\n      nodes: []\n"
      "    - path: others\n      nodes: []\n"));
  const Exploration exploration = explored.explore();
  CHECK(reaching(exploration, "role/deciders") != nullptr);
  CHECK(reaching(exploration, "role/agronomists") != nullptr);
  REQUIRE(reaching(exploration, "ready/complete") != nullptr);
  // Three decision makers and an influencer.
  CHECK(reaching(exploration, "ready/complete")->scenario.people.size() == 4);
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("attributes that change on the way are found where two conditions contradict each other") {
  Explored explored(seeds_workspace(
      "- id: first\n  split:\n"
      "    - path: small\n      when: account.employees < 10\n      nodes:\n"
      "        - id: settle\n          wait: 3d\n"
      "        - id: again\n          split:\n"
      "            - path: grown\n              when: account.employees >= 10\n              nodes: []\n"
      "            - path: same\n              nodes: []\n"
      "    - path: others\n      nodes: []\n"));
  const Exploration exploration = explored.explore();
  const ExploredScenario* grown = reaching(exploration, "again/grown");
  REQUIRE(grown != nullptr);
  CHECK(steps_of(grown->scenario) == Lines{"account", "advance", "expect"});
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("a journey that is entered by an event is entered by that event") {
  Explored explored(
      workspace_with("journey: seeds\nenter: {event: form.submitted, where: event.form == \"demo\"}\n"
                     "exit_when: account.status == \"customer\"\n"
                     "nodes:\n  - id: settle\n    wait: 3d\n  - id: bye\n    send_email: farewell\n"));
  const Exploration exploration = explored.explore();
  CHECK(reaching(exploration, "bye") != nullptr);
  CHECK(reaching(exploration, "account.status == \"customer\" is true") != nullptr);
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("a journey for people is explored person by person") {
  Explored explored(
      workspace_with("journey: seeds\nfor: person\nnodes:\n"
                     "  - id: title\n    split:\n"
                     "      - path: chiefs\n        when: person.title.startsWith(\"Chief\")\n        nodes: []\n"
                     "      - path: others\n        nodes: []\n"
                     "  - id: bye\n    send_email: farewell\n"));
  const Exploration exploration = explored.explore();
  CHECK(reaching(exploration, "title/chiefs") != nullptr);
  CHECK(reaching(exploration, "title/others") != nullptr);
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("what nobody can reach is told with its proof, and what was not found without one") {
  Explored explored(
      seeds_workspace("- id: size\n  split:\n"
                      "    - path: large\n      when: account.employees >= 1000\n      nodes: []\n"
                      "    - path: giant\n      when: account.employees >= 5000\n      nodes: []\n"
                      "    - path: odd\n      when: account.employees * account.sites == 998001\n      nodes: []\n"
                      "    - path: others\n      nodes: []\n"));
  const Exploration exploration = explored.explore(with_plans(200));
  CHECK(exploration.tried == 200);
  const Lines open = lines_of(exploration.open);
  CHECK(std::count(open.begin(), open.end(),
                   "size/giant: every account that fits it takes the path \"large\" before") == 1);
  CHECK(std::count(open.begin(), open.end(), "size/odd") == 1);
  CHECK(failures_of(explored, exploration).empty());
}

TEST_CASE("texts and names that YAML would take for something else are written so that they read back") {
  Explored explored(seeds_workspace(
      "- id: odd\n  split:\n"
      "    - path: a\n      when: account.text == \"true\"\n      nodes: []\n"
      "    - path: b\n      when: account.text == \"12\"\n      nodes: []\n"
      "    - path: c\n      when: 'account.text == \"a: \\\"b\\\" # c\"'\n      nodes: []\n"
      "    - path: d\n      when: account.text == \"\"\n      nodes: []\n"
      "    - path: e\n      when: account.text == 12.0\n      nodes: []\n"
      "    - path: f\n      when: account.text == timestamp(\"2026-01-05T09:00:00Z\")\n      nodes: []\n"
      "    - path: g\n      when: account.text == \"2026-01-05T09:00:00Z\"\n      nodes: []\n"
      "    - path: others\n      nodes: []\n"));
  const Exploration exploration = explored.explore();
  CHECK(lines_of(exploration.open) == Lines());
  CHECK(failures_of(explored, exploration).empty());
}
