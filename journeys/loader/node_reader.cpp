#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> common_keys = {"id", "next"};

template <class Names>
bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const yaml::Entry* find_entry(const yaml::Node& node, std::string_view key) {
  for (const yaml::Entry& entry : node.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

}  // namespace

std::vector<NodeDefinition> NodeReader::read_nodes(const yaml::Entry& list) {
  std::vector<NodeDefinition> nodes;
  if (list.value.is(yaml::Kind::broken) || !is_list(list, diagnostics())) return nodes;
  const std::size_t errors = diagnostics().errors();
  const std::size_t inner_errors = inner_errors_;
  const auto limit = static_cast<std::size_t>(loading_.workspace.configuration.limits.nodes_per_journey);
  for (const yaml::Node& item : list.value.items) {
    if (++count_ == limit + 1) {
      diagnostics().error(item.place,
                          "a journey has at most " + std::to_string(limit) + " nodes (limits: nodes_per_journey)");
    }
    if (count_ > limit) {
      nodes.push_back(opaque(item, "", item.place));
    } else if (!item.is(yaml::Kind::broken)) {
      nodes.push_back(read_node(item));
    }
  }
  inner_errors_ = inner_errors + (diagnostics().errors() - errors);
  return nodes;
}

NodeDefinition NodeReader::read_node(const yaml::Node& node) {
  if (!node.is(yaml::Kind::mapping)) {
    diagnostics().error(node.place, "a node must be a mapping with an `id` and a type",
                        "for example `- id: settle` and below it `wait: 3d`");
    return opaque(node, "", node.place);
  }
  NodeDefinition definition;
  definition.place = node.place;
  read_id(node, definition);
  if (const yaml::Entry* next = find_entry(node, "next")) definition.next = read_next(*next);
  const yaml::Entry* type = find_type(node);
  if (type == nullptr) {
    NodeDefinition unknown = opaque(node, definition.id, definition.place);
    unknown.next = definition.next;
    return unknown;
  }
  definition.shape = find_shape(type->key);
  report_unknown_keys(node, definition);
  if (definition.next && definition.shape->continues == Continues::nowhere) {
    diagnostics().error(definition.next->place, "nothing comes after " + in_ticks(type->key), "take `next` out");
    definition.next.reset();
  }
  read_settings(*type, definition);
  return definition;
}

void NodeReader::read_id(const yaml::Node& node, NodeDefinition& definition) {
  const yaml::Entry* entry = find_entry(node, "id");
  if (entry == nullptr) {
    const std::array<std::string, 1> wanted = {"id"};
    const bool is_misspelt = std::any_of(node.entries.begin(), node.entries.end(), [&](const yaml::Entry& other) {
      return nearest_name(other.key, wanted).has_value() && other.value.is(yaml::Kind::scalar);
    });
    if (!is_misspelt) diagnostics().error(node.place, "this node has no `id`");
    return;
  }
  const std::optional<std::string> id = read_text(*entry, diagnostics());
  if (!id) return;
  definition.place = entry->value.place;
  if (*id == "end") {
    diagnostics().error(entry->value.place, "a node cannot be called `end`", "`next: end` is the end of the journey");
    return;
  }
  check_name(*id, entry->value.place, NameStyle::words, "the id of a node", diagnostics());
  const auto [before, is_new] = ids_.try_emplace(*id, entry->value.place);
  if (!is_new) {
    diagnostics().error(entry->value.place, "there is already a node " + in_ticks(*id) + " in this journey",
                        "the first is in line " + std::to_string(position_of(before->second).line));
  }
  definition.id = *id;
}

std::optional<Next> NodeReader::read_next(const yaml::Entry& entry) {
  const std::optional<std::string> id = read_text(entry, diagnostics());
  if (!id) return std::nullopt;
  return Next{*id, entry.value.place};
}

const yaml::Entry* NodeReader::find_type(const yaml::Node& node) {
  const yaml::Entry* type = nullptr;
  std::vector<const yaml::Entry*> unknown;
  for (const yaml::Entry& entry : node.entries) {
    if (has(common_keys, entry.key)) continue;
    if (find_shape(entry.key) == nullptr) {
      unknown.push_back(&entry);
    } else if (type == nullptr) {
      type = &entry;
    } else {
      diagnostics().error(entry.key_place,
                          "a node does one thing; this one has " + in_ticks(type->key) + " and " + in_ticks(entry.key),
                          "make two nodes of it");
    }
  }
  if (type == nullptr) report_no_type(node, unknown);
  return type;
}

void NodeReader::report_no_type(const yaml::Node& node, std::span<const yaml::Entry* const> unknown) {
  const std::vector<std::string> types = type_names();
  if (unknown.empty()) {
    std::vector<std::string_view> names(types.begin(), types.end());
    diagnostics().error(find_entry(node, "id") != nullptr ? find_entry(node, "id")->key_place : node.place,
                        "this node has no type", "it needs one of " + listed(names));
    return;
  }
  const yaml::Entry* likeliest = unknown.front();
  for (const yaml::Entry* entry : unknown) {
    if (nearest_name(entry->key, types)) likeliest = entry;
  }
  std::string hint = did_you_mean(likeliest->key, types);
  if (hint.empty()) {
    std::vector<std::string_view> names(types.begin(), types.end());
    hint = "the types are " + listed(names);
  }
  diagnostics().error(likeliest->key_place, "unknown node type " + in_ticks(likeliest->key), std::move(hint));
}

void NodeReader::report_unknown_keys(const yaml::Node& node, NodeDefinition& definition) {
  const std::array<std::string, 1> next = {"next"};
  for (const yaml::Entry& entry : node.entries) {
    if (has(common_keys, entry.key) || find_shape(entry.key) != nullptr) continue;
    const auto& keys = definition.shape->keys;
    const bool is_misplaced =
        std::any_of(keys.begin(), keys.end(), [&](const KeyShape& key) { return key.name == entry.key; });
    const std::vector<std::string> known = owned(common_keys);
    std::string hint = is_misplaced ? "it belongs below " + in_ticks(definition.shape->type) + ", indented further"
                                    : did_you_mean(entry.key, known);
    diagnostics().error(entry.key_place, "unknown key " + in_ticks(entry.key), std::move(hint));
    // A misspelt `next` still leads somewhere: what it leads to is not unreachable.
    if (!definition.next && nearest_name(entry.key, next) && entry.value.is(yaml::Kind::scalar)) {
      definition.next = Next{entry.value.text, entry.value.place};
    }
  }
}

NodeDefinition NodeReader::opaque(const yaml::Node& node, std::string id, const Place& place) {
  NodeDefinition definition;
  definition.id = std::move(id);
  definition.place = place;
  PathDefinition inside;
  for (const yaml::Entry& entry : node.entries) {
    if (!has(common_keys, entry.key)) collect_inside(entry.value, inside);
  }
  for (NodeDefinition& inner : inside.nodes) {
    if (inner.next) definition.paths.push_back({"", inner.place, std::nullopt, 0, {}, inner.next});
    inner.next.reset();
  }
  if (!inside.nodes.empty()) definition.paths.push_back(std::move(inside));
  return definition;
}

void NodeReader::collect_inside(const yaml::Node& node, PathDefinition& inside) {
  for (const yaml::Node& item : node.items)
    collect_inside(item, inside);
  NodeDefinition found;
  found.place = node.place;
  for (const yaml::Entry& entry : node.entries) {
    const bool is_scalar = entry.value.is(yaml::Kind::scalar);
    if (entry.key == "id" && is_scalar) found.id = entry.value.text;
    if (entry.key == "next" && is_scalar) found.next = Next{entry.value.text, entry.value.place};
    collect_inside(entry.value, inside);
  }
  if (!found.id.empty() || found.next) inside.nodes.push_back(std::move(found));
}

const NodeShape* NodeReader::find_shape(std::string_view type) const {
  for (const NodeShape* shape : loading_.shapes) {
    if (shape->type == type) return shape;
  }
  return nullptr;
}

std::vector<std::string> NodeReader::type_names() const {
  std::vector<std::string> names;
  for (const NodeShape* shape : loading_.shapes)
    names.emplace_back(shape->type);
  return names;
}

}  // namespace caravan::loader
