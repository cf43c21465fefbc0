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
    if (auto group = read_group(node)) add_group(std::move(*group));
  });
  each("events", [&](const yaml::Node& node) {
    if (auto event = read_event(node)) scenario_.events.push_back(std::move(*event));
  });
  fields.finish();
}

void ScenarioReader::add_group(ScenarioGroup group) {
  for (const ScenarioGroup& before : scenario_.groups) {
    const bool is_same = before.account == group.account && before.solution_interest == group.solution_interest;
    if (!is_same || group.account.empty() || group.solution_interest.empty()) continue;
    diagnostics_.error(
        group.place,
        "the account " + in_ticks(group.account) + " has a group of " + in_ticks(group.solution_interest) + " already",
        "the first is in line " + std::to_string(position_of(before.place).line));
    break;
  }
  const Names way = way_to_stage(group);
  const ScenarioGroup further{group.place, group.account, group.solution_interest, {}, {}, "", ""};
  if (!group.stage.empty()) group.stage = way.empty() ? "" : way.front();
  scenario_.groups.push_back(std::move(group));
  for (std::size_t i = 1; i < way.size(); ++i) {
    scenario_.groups.push_back(further);
    scenario_.groups.back().stage = way[i];
  }
}

ScenarioReader::Names ScenarioReader::way_to_stage(const ScenarioGroup& group) const {
  const auto interest = current().solution_interests.find(group.solution_interest);
  if (group.stage.empty() || interest == current().solution_interests.end()) return {};
  const auto model = current().stage_models.find(interest->second.stage_model);
  if (model == current().stage_models.end()) return {};
  const std::vector<StageDefinition>& stages = model->second.stages;
  std::map<std::string, std::string> from;  // by stage, the one before it on the shortest way
  std::deque<std::string> open;
  for (const StageDefinition& stage : stages) {
    if (stage.entry && from.emplace(stage.name, "").second) open.push_back(stage.name);
  }
  for (; !open.empty(); open.pop_front()) {
    const std::string name = open.front();
    const auto stage = std::find_if(stages.begin(), stages.end(), [&](const auto& one) { return one.name == name; });
    if (stage == stages.end()) continue;
    for (const std::string& next : stage->to) {
      if (from.emplace(next, name).second) open.push_back(next);
    }
  }
  Names way;
  for (auto at = from.find(group.stage); at != from.end() && !at->second.empty(); at = from.find(at->second))
    way.insert(way.begin(), at->first);
  return way;
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
