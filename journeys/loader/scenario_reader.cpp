#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::string_view default_start = "2026-01-05T09:00:00Z";  // a Monday

}  // namespace

ScenarioDefinition ScenarioReader::read(const yaml::Node& document) {
  Fields fields(document, diagnostics_);
  const yaml::Entry* name = fields.find("scenario");
  scenario_.name = name->value.text;
  scenario_.place = name->value.place;
  if (const yaml::Entry* journey = fields.find("journey")) {
    scenario_.journey = read_journey(*journey);
    lacks_journey_ = scenario_.journey.empty();
  }
  scenario_.at = *parse_instant(default_start);
  if (const yaml::Entry* at = fields.find("at")) scenario_.at = read_time(*at).value_or(scenario_.at);
  now_ = scenario_.at;
  const yaml::Entry* given = fields.find("given");
  const yaml::Entry* steps = fields.require("steps", "a scenario", scenario_.place);
  fields.find("rows");  // of a table, which is one row here
  fields.finish();
  if (given != nullptr) read_given(*given);
  if (steps != nullptr) read_steps(*steps);
  return std::move(scenario_);
}

void ScenarioReader::read_given(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics_)) return;
  Fields fields(entry.value, diagnostics_);
  const auto each = [&](std::string_view key, const auto& read) {
    const yaml::Entry* list = fields.find(key);
    if (list == nullptr || !is_list(*list, diagnostics_)) return;
    for (const yaml::Node& item : list->value.items)
      read(item);
  };
  // In this order whatever the order in the file: people belong to accounts, groups consist of people.
  each("accounts", [&](const yaml::Node& node) {
    if (auto account = read_account(node, Told::given)) scenario_.accounts.push_back(std::move(*account));
  });
  each("people", [&](const yaml::Node& node) {
    if (auto person = read_person(node, Told::given)) scenario_.people.push_back(std::move(*person));
  });
  each("groups", [&](const yaml::Node& node) {
    if (auto group = read_group(node)) scenario_.groups.push_back(std::move(*group));
  });
  each("events", [&](const yaml::Node& node) {
    if (auto event = read_event(node)) scenario_.events.push_back(std::move(*event));
  });
  fields.finish();
  check_groups();
}

void ScenarioReader::check_groups() {
  std::map<std::pair<std::string, std::string>, Place> places;
  for (const ScenarioGroup& group : scenario_.groups) {
    if (group.account.empty() || group.solution_interest.empty()) continue;
    const auto [before, is_new] = places.try_emplace({group.account, group.solution_interest}, group.place);
    if (is_new) continue;
    diagnostics_.error(
        group.place,
        "the account " + in_ticks(group.account) + " has a group of " + in_ticks(group.solution_interest) + " already",
        "the first is in line " + std::to_string(position_of(before->second).line));
  }
}

void ScenarioReader::read_steps(const yaml::Entry& entry) {
  if (!is_list(entry, diagnostics_)) return;
  const std::size_t errors = diagnostics_.errors();
  for (const yaml::Node& item : entry.value.items)
    read_step(item);
  const bool expects = std::any_of(scenario_.steps.begin(), scenario_.steps.end(), [](const ScenarioStep& step) {
    return std::holds_alternative<ExpectStep>(step.what);
  });
  // One that could not be read may have expected something.
  if (expects || diagnostics_.errors() != errors) return;
  diagnostics_.warning(scenario_.place, "the scenario expects nothing",
                       "add a step `expect`: as it is, it shows that no step is refused, and nothing else");
}

}  // namespace caravan::loader
