// Keys of a node that name what is defined elsewhere.
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {

std::optional<SettingValue> NodeReader::read_reference_of(const yaml::Entry& entry, const KeyShape& key) {
  const ConfigurationDefinition& configuration = loading_.workspace.configuration;
  switch (key.kind) {
    case KeyKind::email_template: return read_reference(loading_, entry, DocumentType::email, "mail");
    case KeyKind::text_template: return read_reference(loading_, entry, DocumentType::text_template, "message");
    case KeyKind::solution_interest:
      return read_reference(loading_, entry, DocumentType::solution_interest, "solution interest");
    case KeyKind::journey: return read_reference(loading_, entry, DocumentType::journey, "journey");
    case KeyKind::connection: return read_configured(loading_, entry, configuration.connections, "connection");
    case KeyKind::list: return read_configured(loading_, entry, configuration.lists, "list");
    case KeyKind::destination: return read_configured(loading_, entry, configuration.destinations, "destination");
    case KeyKind::attribute:
      return read_attribute_name(loading_, entry,
                                 key.scope == Scope::person ? AttributeOf::people : AttributeOf::either);
    // A role and a stage are looked up once the interest is known.
    default: return read_text(entry, diagnostics());
  }
}

const SolutionInterestDefinition* NodeReader::interest_of(const NodeDefinition& definition) const {
  for (const KeyShape& key : definition.shape->keys) {
    const std::string* interest =
        key.kind == KeyKind::solution_interest ? definition.setting<std::string>(key.name) : nullptr;
    if (interest == nullptr) continue;
    const auto found = loading_.workspace.solution_interests.find(*interest);
    if (found != loading_.workspace.solution_interests.end()) return &found->second;
  }
  return nullptr;
}

void NodeReader::check_role(const NodeDefinition& definition, const KeyShape& key) {
  const std::string* role = definition.setting<std::string>(key.name);
  const SolutionInterestDefinition* interest = role == nullptr ? nullptr : interest_of(definition);
  if (interest == nullptr) return;
  const auto found = loading_.workspace.role_templates.find(interest->role_template);
  if (found == loading_.workspace.role_templates.end()) return;
  std::vector<std::string> names;
  for (const RoleDefinition& one : found->second.roles)
    names.push_back(one.name);
  if (std::find(names.begin(), names.end(), *role) != names.end()) return;
  diagnostics().error(definition.settings.find(key.name)->second.place,
                      "the role template " + in_ticks(found->first) + " of " + in_ticks(interest->name) +
                          " has no role " + in_ticks(*role),
                      did_you_mean(*role, names));
}

void NodeReader::check_stage(const NodeDefinition& definition, const KeyShape& key) {
  const std::string* stage = definition.setting<std::string>(key.name);
  const SolutionInterestDefinition* interest = stage == nullptr ? nullptr : interest_of(definition);
  if (interest == nullptr) return;
  const Place& place = definition.settings.find(key.name)->second.place;
  if (interest->stage_model.empty()) {
    diagnostics().error(place, "the solution interest " + in_ticks(interest->name) + " has no stages",
                        "give it a `stage_model`");
    return;
  }
  const auto found = loading_.workspace.stage_models.find(interest->stage_model);
  if (found == loading_.workspace.stage_models.end()) return;
  std::vector<std::string> names;
  for (const StageDefinition& one : found->second.stages)
    names.push_back(one.name);
  if (std::find(names.begin(), names.end(), *stage) != names.end()) return;
  diagnostics().error(place,
                      "the stage model " + in_ticks(found->first) + " of " + in_ticks(interest->name) +
                          " has no stage " + in_ticks(*stage),
                      did_you_mean(*stage, names));
}

}  // namespace caravan::loader
