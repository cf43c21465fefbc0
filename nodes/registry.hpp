#pragma once
// The node types there are. A new type is one file in this folder and its line in registry.cpp.

#include "journeys/workspace.hpp"
#include "nodes/node.hpp"

namespace caravan {

/// What a node needs of its journey and workspace while it is compiled.
class NodeCompiler {
 public:
  NodeCompiler(const Workspace& workspace, AttributeNames& names) : workspace_(workspace), names_(names) {}
  const Workspace& workspace() const { return workspace_; }
  /// The number of an interest, a role or any other name that is stored.
  NameId name(std::string_view text) { return NameId{names_.number_of(text)}; }
  /// The number of an e-mail template among the journey's messages; the same template has the same number.
  MessageIndex email(std::string_view template_name);
  /// The number of the sales summary among the journey's messages.
  MessageIndex sales_summary();
  /// The messages asked for so far, by number; an empty name is the sales summary.
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  MessageIndex message(std::string_view name);
  const Workspace& workspace_;
  AttributeNames& names_;
  std::vector<std::string> messages_;
};

struct NodeType {
  NodeShape shape;
  std::unique_ptr<Node> (*compile)(const NodeDefinition& definition, NodeCompiler& compiler);
};

/// Every node type, in the order of the reference.
std::span<const NodeType* const> node_types();

/// Their shapes, for the loader.
NodeShapes node_shapes();

/// The type of that name; null when there is none.
const NodeType* find_node_type(std::string_view name);

}  // namespace caravan
