#pragma once
// A workspace in which scenarios are run, and how their steps and expectations are written by the few members that
// matter.

#include "engine/harness/line_diff.hpp"
#include "engine/harness/scenario_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/stage.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test::theatre {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

inline ScenarioFields fields(std::vector<std::pair<std::string, ScenarioValue>> values) {
  ScenarioFields all;
  for (auto& [name, value] : values)
    all.push_back({name, {}, std::move(value)});
  return all;
}

template <class Value>
inline ScenarioValue value(Value of) {
  return {{}, {std::move(of)}};
}
inline ScenarioValue words(std::string of) {
  return {{}, {std::move(of)}};
}
inline const ScenarioValue kNothing{};

inline ScenarioStep step(std::string key, auto what) {
  return {{}, std::move(key), std::move(what)};
}
inline ScenarioStep advance(int days) {
  return step("advance", AdvanceStep{CalendarDuration{{}, std::chrono::days(days), {}}, {}});
}
inline ScenarioStep expect(ExpectStep what) {
  if (what.account.empty() && what.person.empty() && !what.refused) what.account = "acme";
  if (what.journey.empty()) what.journey = "seeds";
  return step("expect", std::move(what));
}

/// The growers of Acme: a vice president and a developer, in a scenario of the journey `seeds`.
inline ScenarioDefinition acme(std::vector<ScenarioStep> steps) {
  ScenarioDefinition scenario;
  scenario.name = "acme";
  scenario.journey = "seeds";
  scenario.at = kMonday;
  scenario.accounts = {{{}, "acme", fields({{"name", words("Acme & Co")}, {"employees", value(std::int64_t{20})}})}};
  scenario.people = {
      {{},
       "acme-vp",
       "acme",
       {},
       {},
       fields({{"email", words("vp@acme.example")}, {"title", words("VP Research")}, {"first_name", words("Ada")}})},
      {{}, "acme-dev", "acme", {}, {}, fields({{"email", words("dev@acme.example")}, {"title", words("Developer")}})}};
  scenario.steps = std::move(steps);
  return scenario;
}

/// Nodes around which a workspace with lists, destinations and a connection is made.
inline SourceTexts texts_of(std::string_view nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] =
      "timezone: Europe/Berlin\n"
      "connections:\n  crm: {url: 'https://crm.example', retry: {attempts: 2, first: 1m, longest: 1h}}\n"
      "lists:\n  warm: {of: accounts}\n  readers: {of: people}\n"
      "destinations:\n  ads: {of: accounts}\n";
  return texts;
}

struct Theatre {
  explicit Theatre(std::string_view nodes) : stage(texts_of(nodes)) {}
  explicit Theatre(SourceTexts texts) : stage(std::move(texts)) {}

  ScenarioResult run(ScenarioDefinition scenario) {
    scenario_ = std::move(scenario);
    return run_scenario(scenario_, stage.workspace, stage.names);
  }
  /// Empty: it holds. Else the key and the sentence, and the difference below them.
  Lines failure(ScenarioDefinition scenario) {
    const ScenarioResult result = run(std::move(scenario));
    if (!result.failure) return {};
    Lines lines = {result.failure->what + ": " + result.failure->message};
    for (const DiffLine& line : result.failure->diff)
      lines.push_back(to_text(line));
    return lines;
  }
  /// Of one expectation after some steps.
  Lines failure(std::vector<ScenarioStep> steps, ExpectStep what) {
    steps.push_back(expect(std::move(what)));
    return failure(acme(std::move(steps)));
  }
  std::string first_line(std::vector<ScenarioStep> steps, ExpectStep what) {
    const Lines lines = failure(std::move(steps), std::move(what));
    return lines.empty() ? "" : lines.front();
  }

  Stage stage;
  ScenarioDefinition scenario_;
};

inline ExpectStep at(std::string node) {
  return {.at = std::move(node)};
}

inline Expression condition(Stage& stage, const std::string& text, Scope scope = Scope::account) {
  cel::CompileResult compiled =
      cel::compile(text, stage.workspace->vocabulary->environment(scope, Within::workspace), {});
  return {text, {}, compiled.program};
}

inline constexpr std::string_view kSettle =
    "- id: welcome\n  send_email: welcome\n- id: settle\n  wait: 3d\n"
    "- id: story\n  send_email: story\n";

}  // namespace caravan::test::theatre
