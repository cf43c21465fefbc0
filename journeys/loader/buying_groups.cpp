#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 5> weighting_names = {"trivial", "minor", "normal", "important", "vital"};

Weighting weighting_named(std::string_view name) {
  constexpr std::array<Weighting, 5> weightings = {Weighting::trivial, Weighting::minor, Weighting::normal,
                                                   Weighting::important, Weighting::vital};
  for (std::size_t i = 0; i < weighting_names.size(); ++i) {
    if (weighting_names[i] == name) return weightings[i];
  }
  return Weighting::normal;
}

/// Groups are filled from the conditions of roles, so that these cannot depend on groups.
void check_condition(const Expression& when, std::string_view role, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 4> functions = {"group", "has_group", "role", "was_removed"};
  if (when.program == nullptr) return;
  for (const std::string& function : when.program->reads().functions) {
    if (std::find(functions.begin(), functions.end(), function) == functions.end()) continue;
    diagnostics.error(when.place,
                      "the condition of the role " + in_ticks(role) + " asks for a buying group with " +
                          in_ticks(function + "()") + ", and groups are filled from such conditions",
                      "it may read what is known of the person and the account otherwise");
    return;
  }
}

RoleDefinition read_role(Loading& loading, const yaml::Node& node) {
  Diagnostics& diagnostics = loading.diagnostics;
  RoleDefinition role;
  role.place = node.place;
  Fields fields(node, diagnostics);
  if (const yaml::Entry* name = fields.require("role", "a role", node.place)) {
    role.name = read_name(*name, NameStyle::words_or_snake, "the name of a role", diagnostics).value_or("");
    role.place = name->value.place;
  }
  if (const yaml::Entry* weighting = fields.find("weighting")) {
    role.weighting = weighting_named(read_choice(*weighting, weighting_names, diagnostics).value_or("normal"));
  }
  if (const yaml::Entry* when = fields.find("when")) {
    role.when = read_expression(loading, *when, {Scope::person, Within::workspace, cel::Type::boolean()});
    if (role.when) check_condition(*role.when, role.name, diagnostics);
  }
  if (const yaml::Entry* members = fields.find("members_required")) {
    role.members_required = read_whole_number(*members, 1, 1000, diagnostics).value_or(1);
  }
  if (const yaml::Entry* required = fields.find("required"))
    role.required = read_flag(*required, diagnostics).value_or(true);
  fields.finish();
  return role;
}

void read_roles(Loading& loading, const yaml::Entry& entry, RoleTemplateDefinition& role_template) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_list(entry, diagnostics)) return;
  if (entry.value.items.empty()) diagnostics.error(entry.key_place, "a role template needs at least one role");
  std::map<std::string, Place> places;
  for (const yaml::Node& item : entry.value.items) {
    if (item.is(yaml::Kind::broken)) continue;
    if (!item.is(yaml::Kind::mapping)) {
      diagnostics.error(item.place, "a role must be a mapping that begins with `role`");
      continue;
    }
    RoleDefinition role = read_role(loading, item);
    if (role.name.empty()) continue;
    const auto [before, is_new] = places.try_emplace(role.name, role.place);
    if (!is_new) {
      diagnostics.error(role.place, "the role " + in_ticks(role.name) + " stands here twice",
                        "the first is in line " + std::to_string(position_of(before->second).line));
      continue;
    }
    role_template.roles.push_back(std::move(role));
  }
}

/// An interest may say by which model its groups are scored: the active one, as all of them.
void check_engagement_model(Loading& loading, const yaml::Entry& entry) {
  const std::size_t errors = loading.diagnostics.errors();
  const std::optional<std::string> name =
      read_reference(loading, entry, DocumentType::engagement_model, "engagement model");
  if (!name || loading.diagnostics.errors() != errors) return;
  const EngagementModelDefinition* active = loading.workspace.engagement_model();
  if (active == nullptr) {
    loading.diagnostics.error(entry.value.place, "the engagement model " + in_ticks(*name) + " is not active",
                              "take its `active: false` out");
  } else if (active->name != *name) {
    loading.diagnostics.error(
        entry.value.place,
        "the engagement model " + in_ticks(*name) + " is not active, " + in_ticks(active->name) + " is",
        "all scores of a workspace are by one model, so that they can be compared");
  }
}

}  // namespace

std::vector<std::string> role_names(const Loading& loading) {
  std::vector<std::string> names;
  for (const Document& document : loading.documents) {
    if (document.type != DocumentType::role_template) continue;
    const yaml::Node* roles = document.root.find("roles");
    if (roles == nullptr) continue;
    for (const yaml::Node& role : roles->items) {
      const yaml::Node* name = role.find("role");
      if (name != nullptr && name->is(yaml::Kind::scalar)) names.push_back(name->text);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void read_role_template(Loading& loading, const Document& document) {
  RoleTemplateDefinition role_template{document.name, document.name_place, {}};
  Fields fields(document.root, loading.diagnostics);
  fields.find("role_template");
  if (const yaml::Entry* roles = fields.require("roles", "a role template", document.name_place)) {
    read_roles(loading, *roles, role_template);
  }
  fields.finish();
  if (!document.name.empty()) loading.workspace.role_templates.emplace(document.name, std::move(role_template));
}

void read_solution_interest(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  SolutionInterestDefinition interest{document.name, document.name, document.name_place, "", "", ""};
  Fields fields(document.root, diagnostics);
  fields.find("solution_interest");
  if (const yaml::Entry* title = fields.find("title"))
    interest.title = read_text(*title, diagnostics).value_or(interest.title);
  if (const yaml::Entry* entry = fields.require("role_template", "a solution interest", document.name_place)) {
    interest.role_template = read_reference(loading, *entry, DocumentType::role_template, "role template").value_or("");
  }
  if (const yaml::Entry* entry = fields.find("audience")) {
    interest.audience = read_reference(loading, *entry, DocumentType::audience, "audience").value_or("");
  }
  if (const yaml::Entry* entry = fields.find("stage_model")) {
    interest.stage_model = read_reference(loading, *entry, DocumentType::stage_model, "stage model").value_or("");
  }
  if (const yaml::Entry* entry = fields.find("engagement_model")) check_engagement_model(loading, *entry);
  fields.finish();
  if (!document.name.empty()) loading.workspace.solution_interests.emplace(document.name, std::move(interest));
}

}  // namespace caravan::loader
