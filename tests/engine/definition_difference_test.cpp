// What an author changed, in the words that `caravan publish --dry-run` shows.

#include "engine/definition_difference.hpp"

#include "tests/engine/compiled_pair.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

using Lines = std::vector<std::string>;

std::string line_of(const SettingDifference& setting) {
  return setting.what + ": " + setting.before + " -> " + setting.after;
}

/// A line a difference: of the journey its setting; of a node the kind, the id, and what of it.
Lines differences(const CompiledVersion& before, const CompiledVersion& after) {
  const JourneyDifference found = difference(before.definition(), after.definition());
  Lines lines;
  for (const SettingDifference& setting : found.settings)
    lines.push_back(line_of(setting));
  constexpr std::array kinds = {"added", "removed", "replaced", "changed"};
  for (const NodeDifference& node : found.nodes) {
    std::string line = std::string(kinds.at(static_cast<std::size_t>(node.kind))) + " " + node.id + " " + node.type;
    if (!node.type_before.empty()) line += ", was " + node.type_before;
    for (const SettingDifference& setting : node.settings)
      line += "; " + line_of(setting);
    lines.push_back(std::move(line));
  }
  CHECK(found.empty() == lines.empty());
  return lines;
}

Lines differences(std::string_view before, std::string_view after) {
  return differences(CompiledVersion(before), CompiledVersion(after));
}

Lines differences_of_head(const std::string& before, const std::string& after) {
  const std::string nodes = "nodes:\n  - {id: a, wait: 1d}\n";
  return differences(CompiledVersion(workspace_with(before + nodes)), CompiledVersion(workspace_with(after + nodes)));
}

}  // namespace

TEST_CASE("a journey that says the same in other words has not changed") {
  CHECK(differences("- {id: a, wait: 1d}\n- {id: b, wait: {for: 24h}}\n",
                    "# a thought\n- id: a\n  wait:\n    for: 1d\n- wait: 24h\n  id: b\n") == Lines{});
}

TEST_CASE("nodes are told apart by their ids: added, removed, replaced by another type, changed") {
  CHECK(differences("- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n",
                    "- {id: a, wait: 2d}\n- {id: new, send_email: story}\n- {id: c, send_email: welcome}\n") ==
        Lines{"changed a wait; for: 1d -> 2d", "added new send_email", "replaced c send_email, was wait",
              "removed b wait"});
}

TEST_CASE("each setting that is another one is told with both texts") {
  CHECK(differences("- {id: a, send_email: {template: story}}\n",
                    "- {id: a, send_email: {template: welcome, to: person.title == \"CEO\"}}\n") ==
        Lines{"changed a send_email; template: story -> welcome; to:  -> person.title == \"CEO\""});
  CHECK(
      differences("- {id: a, listen: {event: page.viewed, timeout: 10d}}\n",
                  "- {id: a, listen: {any_of: [{event: page.viewed, at_least: 3}], timeout: 5d}}\n") ==
      Lines{"changed a listen; any_of:  -> page.viewed at least 3 times; timeout: 10d -> 5d; event: page.viewed -> "});
  CHECK(
      differences("- {id: a, wait: {must_end_on: {days: [mon, tue], time: \"09:05\"}}}\n",
                  "- {id: a, wait: {until: 2026-03-01, must_end_on: {time: \"10:00\", timezone: Europe/Berlin}}}\n") ==
      Lines{"changed a wait; must_end_on: mon, tue 09:05 -> any day 10:00 Europe/Berlin; "
            "until:  -> 2026-03-01T00:00:00Z"});
}

TEST_CASE("paths are told apart by their names, and their order counts") {
  const std::string_view before = R"(- id: size
  split:
    - {path: large, when: account.employees >= 1000, nodes: [{id: a, wait: 1d}]}
    - {path: small, when: account.employees < 10, nodes: []}
    - {path: rest, nodes: []}
)";
  const std::string_view after = R"(- id: size
  split:
    - {path: small, when: account.employees < 10, nodes: []}
    - {path: large, when: account.employees >= 500, nodes: [{id: a, wait: 1d}]}
    - {path: rest, nodes: []}
)";
  CHECK(differences(before, after) ==
        Lines{"changed size split; path large: when account.employees >= 1000 -> when account.employees >= 500; "
              "paths: large, small, rest -> small, large, rest"});
  CHECK(differences(
            "- {id: v, variant_split: [{path: x, percent: 50, nodes: []}, {path: y, percent: 50, nodes: []}]}\n",
            "- {id: v, variant_split: [{path: x, percent: 60, nodes: []}, {path: z, percent: 40, nodes: []}]}\n") ==
        Lines{"changed v variant_split; path x: 50 % -> 60 %; path z:  -> 40 %; path y: 50 % -> "});
}

TEST_CASE("a node that leads elsewhere is told, unless only a neighbour was added or removed") {
  CHECK(differences("- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n",
                    "- {id: a, wait: 1d}\n- {id: c, wait: 1d}\n- {id: b, wait: 1d}\n") ==
        Lines{"changed a wait; next: b -> c", "changed c wait; next: end -> b", "changed b wait; next: c -> end"});
  CHECK(differences("- {id: a, wait: 1d}\n- {id: c, wait: 1d}\n",
                    "- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n") == Lines{"added b wait"});
}

TEST_CASE("what a journey says about entry, goal and exit is its own") {
  CHECK(differences_of_head("journey: seeds\nenter: {audience: everyone}\n",
                            "journey: seeds\ntitle: Seeds\nenter: {audience: everyone, evaluate: {cron: 0 6 * * *}}\n"
                            "re_enter: {after: 30d, limit: 3}\ngoal: account.status == \"won\"\ngoal_exits: true\n") ==
        Lines{"title: seeds -> Seeds", "evaluate: continuously -> on a schedule", "cron:  -> 0 6 * * *",
              "re_enter:  -> 30d from exit, at most 3 times", "goal:  -> account.status == \"won\"",
              "goal_exits:  -> true"});
  CHECK(differences_of_head("journey: seeds\nenter: {audience: everyone, evaluate: {cron: 0 6 * * MON-FRI}}\n",
                            "journey: seeds\nenter: {event: form.submitted, where: event.form == \"demo\"}\n") ==
        Lines{"event:  -> form.submitted where event.form == \"demo\"", "audience: everyone -> ",
              "evaluate: on a schedule -> ", "cron: 0 6 * * 1-5 -> "});
}
