// Names in scenarios: they mean what the workspace has, or what a step has published before.
#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {
namespace {

/// Of a node, those of its paths; of each node within them as well.
void collect_nodes(const std::vector<NodeDefinition>& nodes,
                   std::map<std::string, std::vector<std::string>, std::less<>>& paths) {
  for (const NodeDefinition& node : nodes) {
    std::vector<std::string>& of_node = paths[node.id];
    for (const PathDefinition& path : node.paths) {
      of_node.push_back(path.name);
      collect_nodes(path.nodes, paths);
    }
  }
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Definition>
std::vector<std::string> keys_of(const std::map<std::string, Definition, std::less<>>& definitions) {
  std::vector<std::string> names;
  for (const auto& [name, definition] : definitions)
    names.push_back(name);
  return names;
}

}  // namespace

template <class NamesOf>
ScenarioReader::Names ScenarioReader::all_names(const NamesOf& names_of) const {
  std::set<std::string> all;
  for (const Workspace* workspace : workspaces_) {
    for (std::string& name : names_of(*workspace))
      all.insert(std::move(name));
  }
  return {all.begin(), all.end()};
}

const JourneyDefinition* ScenarioReader::find_journey(std::string_view name) const {
  for (auto workspace = workspaces_.rbegin(); workspace != workspaces_.rend(); ++workspace) {
    const auto found = (*workspace)->journeys.find(name);
    if (found != (*workspace)->journeys.end()) return &found->second;
  }
  return nullptr;
}

std::string ScenarioReader::read_journey(const yaml::Entry& entry) {
  if (entry.value.is(yaml::Kind::scalar) && find_journey(entry.value.text) != nullptr) return entry.value.text;
  const Names names = all_names([](const Workspace& workspace) { return keys_of(workspace.journeys); });
  const std::string name = read_one_of(checking(), entry, names, "journey", "").value_or("");
  return find_journey(name) == nullptr ? "" : name;
}

std::string ScenarioReader::take_journey(Fields& fields, const Place& step, std::string_view what) {
  if (const yaml::Entry* entry = fields.find("journey")) return read_journey(*entry);
  if (scenario_.journey.empty() && !lacks_journey_) {
    diagnostics_.error(step, "nobody knows which journey " + std::string(what) + " means",
                       "name it here with `journey`, or at the top of the scenario");
  }
  return scenario_.journey;
}

std::vector<const ScenarioReader::NodePaths*> ScenarioReader::nodes_of(std::string_view journey) {
  std::vector<const NodePaths*> all;
  for (const Workspace* workspace : workspaces_) {
    const auto found = workspace->journeys.find(journey);
    if (found == workspace->journeys.end()) continue;
    const auto [nodes, is_new] = loading_.nodes.try_emplace(&found->second);
    if (is_new) collect_nodes(found->second.nodes, nodes->second);
    all.push_back(&nodes->second);
  }
  return all;
}

bool ScenarioReader::check_node(std::string_view id, const Place& place, std::string_view journey) {
  const std::vector<const NodePaths*> versions = nodes_of(journey);
  if (std::any_of(versions.begin(), versions.end(), [&](const NodePaths* nodes) { return nodes->contains(id); }))
    return true;
  Names names;
  for (const NodePaths* nodes : versions) {
    for (const auto& [name, paths] : *nodes)
      names.push_back(name);
  }
  diagnostics_.error(place, "the journey " + in_ticks(journey) + " has no node " + in_ticks(id),
                     did_you_mean(id, names));
  return false;
}

std::string ScenarioReader::read_node(const yaml::Entry& entry, std::string_view journey) {
  const std::optional<std::string> id = read_text(entry, diagnostics_);
  if (id && !journey.empty()) check_node(*id, entry.value.place, journey);
  return id.value_or("");
}

std::string ScenarioReader::read_node_on_path(const yaml::Entry& entry, std::string_view journey) {
  const std::size_t slash = entry.value.is(yaml::Kind::scalar) ? entry.value.text.find('/') : std::string::npos;
  if (journey.empty() || slash == std::string::npos) return read_node(entry, journey);
  const std::string& text = entry.value.text;
  const std::string id = text.substr(0, slash);
  const std::string path = text.substr(slash + 1);
  if (!check_node(id, entry.value.place, journey)) return text;
  Names paths;
  for (const NodePaths* nodes : nodes_of(journey)) {
    const auto found = nodes->find(id);
    if (found == nodes->end()) continue;
    std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(paths),
                 [&](const std::string& name) { return !holds(paths, name); });
  }
  if (paths.empty()) {
    diagnostics_.error(entry.value.place, "the node " + in_ticks(id) + " has no paths", "write " + in_ticks(id));
  } else if (!holds(paths, path)) {
    std::string hint = did_you_mean(path, paths);
    if (hint.empty()) hint = "it has " + listed(std::vector<std::string_view>(paths.begin(), paths.end()));
    diagnostics_.error(entry.value.place, "the node " + in_ticks(id) + " has no path " + in_ticks(path), hint);
  }
  return text;
}

std::string ScenarioReader::read_interest(const yaml::Entry& entry) {
  const Names names = all_names([](const Workspace& workspace) { return keys_of(workspace.solution_interests); });
  const std::string name =
      read_one_of(checking(), entry, names, "solution interest", "they stand in buying-groups/").value_or("");
  return holds(names, name) ? name : "";
}

std::string ScenarioReader::read_role(const yaml::Entry& entry, std::string_view interest) {
  const std::optional<std::string> role = read_text(entry, diagnostics_);
  if (!role || interest.empty()) return role.value_or("");
  std::string role_template;
  const Names names = all_names([&](const Workspace& workspace) {
    Names roles;
    const auto of = workspace.solution_interests.find(interest);
    if (of == workspace.solution_interests.end()) return roles;
    role_template = of->second.role_template;
    const auto found = workspace.role_templates.find(role_template);
    if (found == workspace.role_templates.end()) return roles;
    for (const RoleDefinition& one : found->second.roles)
      roles.push_back(one.name);
    return roles;
  });
  if (!holds(names, *role)) {
    diagnostics_.error(entry.value.place,
                       "the role template " + in_ticks(role_template) + " of " + in_ticks(interest) + " has no role " +
                           in_ticks(*role),
                       did_you_mean(*role, names));
  }
  return *role;
}

std::string ScenarioReader::read_stage(const yaml::Entry& entry, std::string_view interest) {
  const std::optional<std::string> stage = read_text(entry, diagnostics_);
  if (!stage || interest.empty()) return stage.value_or("");
  std::string model;
  const Names names = all_names([&](const Workspace& workspace) {
    Names stages;
    const auto of = workspace.solution_interests.find(interest);
    if (of == workspace.solution_interests.end()) return stages;
    const auto found = workspace.stage_models.find(of->second.stage_model);
    if (found == workspace.stage_models.end()) return stages;
    model = found->first;
    for (const StageDefinition& one : found->second.stages)
      stages.push_back(one.name);
    return stages;
  });
  if (names.empty()) {
    diagnostics_.error(entry.value.place, "the solution interest " + in_ticks(interest) + " has no stages",
                       "give it a `stage_model`");
  } else if (!holds(names, *stage)) {
    diagnostics_.error(
        entry.value.place,
        "the stage model " + in_ticks(model) + " of " + in_ticks(interest) + " has no stage " + in_ticks(*stage),
        did_you_mean(*stage, names));
  }
  return *stage;
}

ScenarioReader::Names ScenarioReader::template_names() const {
  Names names = all_names([](const Workspace& workspace) {
    Names all = keys_of(workspace.emails);
    for (const auto& [name, text] : workspace.text_templates)
      all.push_back(name);
    return all;
  });
  names.emplace_back(sales_summary);
  return names;
}

ScenarioReader::Names ScenarioReader::connection_names() const {
  return all_names([](const Workspace& workspace) { return keys_of(workspace.configuration.connections); });
}

std::string ScenarioReader::read_template(const yaml::Entry& entry) {
  return read_known(entry, template_names(), "mail or message",
                    "mails stand in emails/, messages in messages/; what `notify_sales` sends is `sales summary`");
}

std::string ScenarioReader::read_connection(const yaml::Entry& entry) {
  return read_known(entry, connection_names(), "connection", "connections stand in caravan.yaml");
}

std::string ScenarioReader::read_sent_name(const yaml::Entry& entry) {
  Names names = template_names();
  for (std::string& name : connection_names())
    names.push_back(std::move(name));
  return read_known(entry, std::move(names), "mail or message",
                    "mails stand in emails/, messages in messages/; what `notify_sales` sends is `sales summary`");
}

std::string ScenarioReader::read_known(const yaml::Entry& entry, Names names, std::string_view what,
                                       std::string_view hint) {
  return read_one_of(checking(), entry, names, what, hint).value_or("");
}

ScenarioReader::Items ScenarioReader::one_or_several(const yaml::Entry& entry) {
  if (entry.value.is(yaml::Kind::sequence)) return entry.value.items;
  return {&entry.value, 1};
}

ScenarioReader::Names ScenarioReader::read_texts(const yaml::Entry& entry) {
  Names texts;
  if (!has_value(entry, diagnostics_)) return texts;
  for (const yaml::Node& item : one_or_several(entry)) {
    if (item.is(yaml::Kind::scalar)) {
      texts.push_back(item.text);
    } else if (!item.is(yaml::Kind::broken)) {
      diagnostics_.error(item.place, in_ticks(entry.key) + " takes a text, or a list of them");
    }
  }
  return texts;
}

std::optional<Instant> ScenarioReader::read_time(const yaml::Entry& entry) {
  return read_instant(entry, loading_.workspace.configuration.timezone, diagnostics_);
}

}  // namespace caravan::loader
