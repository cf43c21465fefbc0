// The paths of a node.
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {

void NodeReader::read_paths(const yaml::Entry& entry, NodeDefinition& definition) {
  if (!is_list(entry, diagnostics())) {
    // Whatever stands there may be the only way to other nodes.
    definition.paths = opaque(entry.value, "", entry.key_place).paths;
    definition.shape = nullptr;
    return;
  }
  const PathShape& shape = *definition.shape->paths;
  const std::size_t count = entry.value.items.size();
  const std::string type = in_ticks(definition.shape->type);
  if (count < shape.minimum) {
    diagnostics().error(entry.key_place,
                        type + " needs " + (shape.minimum == 1 ? "a path" : std::to_string(shape.minimum) + " paths"));
  }
  if (count > shape.maximum) {
    diagnostics().error(entry.value.items[shape.maximum].place, type + " has at most " + std::to_string(shape.maximum) +
                                                                    " paths, and here are " + std::to_string(count));
  }
  std::map<std::string, Place> places;
  for (const yaml::Node& item : entry.value.items) {
    PathDefinition path = read_path(item, shape, &item == &entry.value.items.back());
    const auto [before, is_new] = places.try_emplace(path.name, path.place);
    if (!is_new && !path.name.empty()) {
      diagnostics().error(path.place, "there is already a path " + in_ticks(path.name) + " here",
                          "the first is in line " + std::to_string(position_of(before->second).line));
    }
    definition.paths.push_back(std::move(path));
  }
}

PathDefinition NodeReader::read_path(const yaml::Node& node, const PathShape& shape, bool is_last) {
  PathDefinition path;
  path.place = node.place;
  if (!node.is(yaml::Kind::mapping)) {
    if (!node.is(yaml::Kind::broken))
      diagnostics().error(node.place, "a path must be a mapping that begins with `path`");
    return path;
  }
  Fields fields(node, diagnostics());
  if (const yaml::Entry* name = fields.require("path", "a path", node.place)) {
    path.name = read_name(*name, NameStyle::words, "the name of a path", diagnostics()).value_or("");
    path.place = name->value.place;
  }
  const yaml::Entry* when = fields.find("when");
  if (when != nullptr) {
    path.when = read_expression(loading_, *when, {shape.scope, Within::journey, cel::Type::boolean()});
  } else if (!is_last) {
    const std::string named = path.name.empty() ? "this path" : "the path " + in_ticks(path.name);
    diagnostics().error(path.place, named + " has no `when`, and the paths below it are never taken",
                        "an open path must stand last");
  }
  const yaml::Entry* nodes = fields.find("nodes");
  const yaml::Entry* next = fields.find("next");
  fields.finish();
  if (nodes != nullptr) path.nodes = read_nodes(*nodes);
  if (next != nullptr) path.next = read_next(*next);
  if (nodes != nullptr && next != nullptr) {
    diagnostics().error(next->key_place, "a path has its own `nodes` or goes elsewhere with `next`, not both",
                        "put `next` on the last of its nodes");
  } else if (nodes == nullptr && next == nullptr && !path.name.empty()) {
    diagnostics().error(path.place, "the path " + in_ticks(path.name) + " leads nowhere",
                        "add `nodes` or `next`; `nodes: []` goes on behind the split");
  }
  return path;
}

}  // namespace caravan::loader
