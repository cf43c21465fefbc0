#pragma once
// From a checked definition to a runnable journey: nested paths become one row of numbered nodes with every
// continuation resolved, so that running a token is following numbers.

#include "nodes/registry.hpp"

namespace caravan {

struct CompiledPath {
  std::string name;
  NodeIndex target = kNoNode;  ///< kNoNode: the end of the journey or, of a person's own way, the join
};

struct CompiledNode {
  std::string id;
  const NodeType* type = nullptr;
  std::unique_ptr<const Node> node;
  /// After it, and after its paths' own nodes; kNoNode: the end of the journey or, of a person's own way, the join.
  NodeIndex next = kNoNode;
  std::vector<CompiledPath> paths;
};

struct CompiledJourney {
  std::string name;
  std::string title;
  std::string timezone;                     ///< empty: the account's, else the workspace's
  std::vector<CompiledNode> nodes;          ///< by NodeIndex, in the order written, a path's nodes behind their split
  std::vector<MessageDefinition> messages;  ///< by MessageIndex
  const JourneyDefinition* definition = nullptr;  ///< of the workspace; who enters, and when, stands there
  std::vector<NameId> hears;                      ///< the types of events that its nodes listen for, each once

  const CompiledNode& node(NodeIndex index) const { return nodes[static_cast<std::size_t>(index)]; }
  NodeIndex find(std::string_view id) const;  ///< kNoNode when there is none
};

/// Compiles a journey of a workspace without errors. Throws nothing; what cannot be compiled is our assertion.
CompiledJourney compile_journey(const Workspace& workspace, const JourneyDefinition& journey, AttributeNames& names,
                                const NodeTypeFinder& find_type = find_node_type);

}  // namespace caravan
