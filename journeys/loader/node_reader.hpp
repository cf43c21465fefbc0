#pragma once
// Reads the nodes of one journey by the shapes of their types. A node that cannot be understood stays in the journey
// without a shape, holding whatever ids and `next` stand inside of it, so that one mistake does not raise others.

#include "journeys/loader/loading.hpp"

namespace caravan::loader {

class NodeReader {
 public:
  NodeReader(Loading& loading, JourneyDefinition& journey)
      : loading_(loading), journey_(journey), for_person_(journey.subject == JourneySubject::person) {}

  /// The nodes of a list, that of the journey or that of a path.
  std::vector<NodeDefinition> read_nodes(const yaml::Entry& list);

 private:
  /// What the keys of a node say about each other.
  struct Context {
    std::string zone;        ///< in which a date alone is midnight
    std::string event_type;  ///< that its conditions on an event are about; empty: any
  };

  // node_reader.cpp: a node, its id and its type.
  NodeDefinition read_node(const yaml::Node& node);
  void read_id(const yaml::Node& node, NodeDefinition& definition);
  std::optional<Next> read_next(const yaml::Entry& entry);
  /// The entry that names the node's type; null, with a report, when there is none or more than one.
  const yaml::Entry* find_type(const yaml::Node& node);
  void report_unknown_keys(const yaml::Node& node, NodeDefinition& definition);
  void report_no_type(const yaml::Node& node, std::span<const yaml::Entry* const> unknown);
  NodeDefinition opaque(const yaml::Node& node, std::string id, const Place& place);
  void collect_inside(const yaml::Node& node, PathDefinition& inside);
  const NodeShape* find_shape(std::string_view type) const;
  std::vector<std::string> type_names() const;

  // node_settings.cpp: the keys of a type.
  void read_settings(const yaml::Entry& type, NodeDefinition& definition);
  Context context_of(const yaml::Entry& type, const NodeShape& shape) const;
  void read_keys(const yaml::Entry& type, NodeDefinition& definition);
  void read_short_form(const yaml::Entry& type, const KeyShape& key, NodeDefinition& definition);
  void read_setting(const yaml::Entry& type, const yaml::Entry& entry, const KeyShape& key, NodeDefinition& definition);
  std::optional<SettingValue> read_value(const yaml::Entry& entry, const KeyShape& key);
  std::optional<SettingValue> read_values(const yaml::Entry& entry, const KeyShape& key);
  std::optional<SettingValue> read_recipients(const yaml::Entry& entry, const KeyShape& key);
  std::optional<SettingValue> read_events(const yaml::Entry& entry);
  EventPattern read_event_pattern(const yaml::Node& node);
  ExpressionUse use_of(const KeyShape& key, cel::Type expected) const;

  // node_times.cpp: times and waits.
  std::optional<Moment> read_moment(const yaml::Entry& entry, const KeyShape& key, std::string_view zone);
  std::optional<WeeklyTime> read_weekly_time(const yaml::Entry& entry);
  WaitDefinition read_wait(const yaml::Entry& entry, const KeyShape& key);
  /// The time zone that a date alone is midnight in: that of the mapping's key `timezone`, else of the journey.
  std::string zone_of(const yaml::Node& mapping) const;

  // node_references.cpp: names that depend on other keys.
  std::optional<SettingValue> read_reference_of(const yaml::Entry& entry, const KeyShape& key);
  void check_role(const NodeDefinition& definition, const KeyShape& key);
  void check_stage(const NodeDefinition& definition, const KeyShape& key);
  /// The interest that a node's role or stage belongs to; null when there is none, which is somebody else's fault.
  const SolutionInterestDefinition* interest_of(const NodeDefinition& definition) const;

  // node_paths.cpp: paths to choose from, and exits.
  void read_paths(const yaml::Entry& type, const yaml::Entry& entry, NodeDefinition& definition);
  void check_path_count(const yaml::Entry& entry, const NodeShape& shape);
  PathDefinition read_path(const yaml::Node& node, const PathShape& shape, bool is_last);
  void read_condition(Fields& fields, bool is_last, PathDefinition& path);
  void read_percentage(Fields& fields, PathDefinition& path);
  void check_percentages(const yaml::Entry& entry, const NodeDefinition& definition);
  void read_exit(const yaml::Entry& entry, const KeyShape& key, NodeDefinition& definition);
  /// `nodes` or `next`; false when neither is there.
  bool read_way(Fields& fields, PathDefinition& path);

  Diagnostics& diagnostics() const { return loading_.diagnostics; }

  Loading& loading_;
  JourneyDefinition& journey_;
  std::map<std::string, Place> ids_;
  std::size_t count_ = 0;
  bool for_person_;               ///< what is read runs for one person
  Context context_;               ///< of the node at hand
  std::size_t inner_errors_ = 0;  ///< how many of the errors are those of nodes inside of others
};

}  // namespace caravan::loader
