// The paths of a node: those that it chooses from, and the exits that are taken when something did not come.
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::string_view exit_prefix = "on_";

/// Whether a node has the people go along its paths one by one, as its keys say.
bool says_people(const NodeShape& shape, const yaml::Node& keys) {
  if (shape.paths->people == ForPeople::always) return true;
  const yaml::Node* by = shape.paths->people == ForPeople::by_people ? keys.find("by") : nullptr;
  return by != nullptr && by->text == "people";
}

}  // namespace

void NodeReader::read_paths(const yaml::Entry& type, const yaml::Entry& entry, NodeDefinition& definition) {
  if (!is_list(entry, diagnostics())) {
    // Whatever stands there may be the only way to other nodes.
    definition.paths = opaque(entry.value, "", entry.key_place).paths;
    definition.shape = nullptr;
    return;
  }
  const NodeShape& shape = *definition.shape;
  check_path_count(entry, shape);
  const bool was_for_person = for_person_;
  // Who is one person already goes along a path like any other.
  definition.divides_people = !for_person_ && says_people(shape, type.value);
  for_person_ = was_for_person || definition.divides_people;
  std::map<std::string, Place> places;
  for (const yaml::Node& item : entry.value.items) {
    PathDefinition path = read_path(item, *shape.paths, &item == &entry.value.items.back());
    const auto [before, is_new] = places.try_emplace(path.name, path.place);
    if (!is_new && !path.name.empty()) {
      diagnostics().error(path.place, "there is already a path " + in_ticks(path.name) + " here",
                          "the first is in line " + std::to_string(position_of(before->second).line));
    }
    definition.paths.push_back(std::move(path));
  }
  for_person_ = was_for_person;
  if (shape.paths->choice == PathChoice::percent) check_percentages(entry, definition);
}

void NodeReader::check_path_count(const yaml::Entry& entry, const NodeShape& shape) {
  const LimitsDefinition& limits = loading_.workspace.configuration.limits;
  const bool by_percent = shape.paths->choice == PathChoice::percent;
  const auto limit = static_cast<std::size_t>(by_percent ? limits.paths_per_variant_split : limits.paths_per_split);
  const std::string_view setting = by_percent ? "paths_per_variant_split" : "paths_per_split";
  const std::size_t minimum = shape.paths->minimum;
  const std::size_t count = entry.value.items.size();
  const std::string type = in_ticks(shape.type);
  if (count < minimum) {
    diagnostics().error(entry.key_place,
                        type + " needs " + (minimum == 1 ? "a path" : std::to_string(minimum) + " paths"));
  }
  if (count > limit) {
    diagnostics().error(entry.value.items[limit].place, type + " has at most " + std::to_string(limit) +
                                                            " paths (limits: " + std::string(setting) +
                                                            "), and here are " + std::to_string(count));
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
  if (shape.choice == PathChoice::percent) {
    read_percentage(fields, path);
  } else {
    read_condition(fields, is_last, path);
  }
  if (!read_way(fields, path) && !path.name.empty()) {
    diagnostics().error(path.place, "the path " + in_ticks(path.name) + " leads nowhere",
                        "add `nodes` or `next`; `nodes: []` goes on behind the split");
  }
  return path;
}

void NodeReader::read_condition(Fields& fields, bool is_last, PathDefinition& path) {
  if (const yaml::Entry* when = fields.find("when")) {
    const Scope scope = for_person_ ? Scope::person : Scope::account;
    path.when = read_expression(loading_, *when, {scope, Within::journey, cel::Type::boolean(), {}});
  } else if (!is_last) {
    const std::string named = path.name.empty() ? "this path" : "the path " + in_ticks(path.name);
    diagnostics().error(path.place, named + " has no `when`, and the paths below it are never taken",
                        "an open path must stand last");
  }
}

void NodeReader::read_percentage(Fields& fields, PathDefinition& path) {
  if (const yaml::Entry* percent = fields.require("percent", "a path by percentage", path.place))
    path.percent = read_whole_number(*percent, 1, 99, diagnostics()).value_or(0);
  if (const yaml::Entry* when = fields.find("when")) {
    diagnostics().error(when->key_place, "a path by percentage has no `when`",
                        "put a `split` before it, or make it a `split`");
  }
}

void NodeReader::check_percentages(const yaml::Entry& entry, const NodeDefinition& definition) {
  std::int64_t sum = 0;
  for (const PathDefinition& path : definition.paths) {
    if (path.percent == 0) return;  // it has a fault of its own
    sum += path.percent;
  }
  if (definition.paths.size() < definition.shape->paths->minimum || sum == 100) return;
  diagnostics().error(entry.key_place, "the percentages add up to " + std::to_string(sum) + " and not to 100");
}

void NodeReader::read_exit(const yaml::Entry& entry, const KeyShape& key, NodeDefinition& definition) {
  if (!is_mapping(entry, diagnostics())) return;
  PathDefinition path;
  path.name = key.name.substr(key.name.starts_with(exit_prefix) ? exit_prefix.size() : 0);
  path.place = entry.key_place;
  Fields fields(entry.value, diagnostics());
  if (!read_way(fields, path)) {
    diagnostics().error(entry.key_place, in_ticks(entry.key) + " leads nowhere",
                        "add `nodes` or `next`; `nodes: []` goes on as if nothing had happened");
  }
  definition.paths.push_back(std::move(path));
}

bool NodeReader::read_way(Fields& fields, PathDefinition& path) {
  const yaml::Entry* nodes = fields.find("nodes");
  const yaml::Entry* next = fields.find("next");
  fields.finish();
  if (nodes != nullptr) path.nodes = read_nodes(*nodes);
  if (next != nullptr) path.next = read_next(*next);
  if (nodes != nullptr && next != nullptr) {
    diagnostics().error(next->key_place, "a path has its own `nodes` or goes elsewhere with `next`, not both",
                        "put `next` on the last of its nodes");
  }
  return nodes != nullptr || next != nullptr;
}

}  // namespace caravan::loader
