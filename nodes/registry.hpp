#pragma once
// The node types there are. A new type is one file in this folder and its line in registry.cpp.

#include "journeys/workspace.hpp"
#include "nodes/node.hpp"

namespace caravan {

/// What goes to the outside, and by which way. Stored by position in its journey.
enum class MessageKind { email, sales_summary, sales_chat, sms, chat, webhook };

struct MessageDefinition {
  MessageKind kind = MessageKind::email;
  std::string name;  ///< of the template; for a webhook, of the connection; empty for what sales gets
  /// For a webhook: the names of its body's values, the path behind the connection's URL and the method.
  std::vector<std::string> values = {};
  std::string path = {};
  std::string method = {};
  bool operator==(const MessageDefinition&) const = default;
};

/// What a node needs of its journey and workspace while it is compiled.
class NodeCompiler {
 public:
  NodeCompiler(const Workspace& workspace, AttributeNames& names) : workspace_(workspace), names_(names) {}
  const Workspace& workspace() const { return workspace_; }
  /// The number of an interest, a role or any other name that is stored.
  NameId name(std::string_view text) { return NameId{names_.number_of(text)}; }
  /// The number of a message among the journey's; the same message has the same number.
  MessageIndex message(MessageDefinition message);
  /// The messages asked for so far, by number.
  const std::vector<MessageDefinition>& messages() const { return messages_; }

 private:
  const Workspace& workspace_;
  AttributeNames& names_;
  std::vector<MessageDefinition> messages_;
};

struct NodeType {
  NodeShape shape;
  std::unique_ptr<Node> (*compile)(const NodeDefinition& definition, NodeCompiler& compiler);
};

/// The path of that name, such as the exit that a key holds; kNoPath where the author wrote none.
PathIndex path_named(const NodeDefinition& definition, std::string_view name);

/// Every node type, in the order of the reference.
std::span<const NodeType* const> node_types();

/// Their shapes, for the loader.
NodeShapes node_shapes();

/// The type of that name; null when there is none.
const NodeType* find_node_type(std::string_view name);

/// Who says which type a node is of: find_node_type(), unless somebody runs journeys with other behaviour than ours.
using NodeTypeFinder = std::function<const NodeType*(std::string_view name)>;

}  // namespace caravan
