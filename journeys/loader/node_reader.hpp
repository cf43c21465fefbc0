#pragma once
// Reads the nodes of one journey by the shapes of their types. A node that cannot be understood stays in the journey
// without a shape, holding whatever ids and `next` stand inside of it, so that one mistake does not raise others.

#include "journeys/loader/loading.hpp"

namespace caravan::loader {

class NodeReader {
 public:
  NodeReader(Loading& loading, JourneyDefinition& journey) : loading_(loading), journey_(journey) {}

  /// The nodes of a list, that of the journey or that of a path.
  std::vector<NodeDefinition> read_nodes(const yaml::Entry& list);

 private:
  NodeDefinition read_node(const yaml::Node& node);
  void read_id(const yaml::Node& node, NodeDefinition& definition);
  std::optional<Next> read_next(const yaml::Entry& entry);
  /// The entry that names the node's type; null, with a report, when there is none or more than one.
  const yaml::Entry* find_type(const yaml::Node& node, NodeDefinition& definition);
  void report_unknown_keys(const yaml::Node& node, NodeDefinition& definition);
  void report_no_type(const yaml::Node& node, std::span<const yaml::Entry* const> unknown);
  NodeDefinition opaque(const yaml::Node& node, std::string id, const Place& place);
  void collect_inside(const yaml::Node& node, PathDefinition& inside);

  void read_settings(const yaml::Entry& type, NodeDefinition& definition);
  void read_short_form(const yaml::Entry& type, const KeyShape& key, NodeDefinition& definition);
  void read_setting(const yaml::Entry& entry, const KeyShape& key, NodeDefinition& definition);
  std::optional<SettingValue> read_value(const yaml::Entry& entry, const KeyShape& key);
  std::optional<SettingValue> read_values(const yaml::Entry& entry, const KeyShape& key);
  std::optional<SettingValue> read_recipients(const yaml::Entry& entry, const KeyShape& key);
  void check_role(const NodeDefinition& definition, const KeyShape& key);

  void read_paths(const yaml::Entry& entry, NodeDefinition& definition);
  PathDefinition read_path(const yaml::Node& node, const PathShape& shape, bool is_last);

  const NodeShape* find_shape(std::string_view type) const;
  std::vector<std::string> type_names() const;
  ExpressionUse use_of(const KeyShape& key, cel::Type expected) const {
    return {key.scope, Within::journey, std::move(expected)};
  }
  Diagnostics& diagnostics() const { return loading_.diagnostics; }

  Loading& loading_;
  JourneyDefinition& journey_;
  std::map<std::string, Place> ids_;
  std::size_t count_ = 0;
};

}  // namespace caravan::loader
