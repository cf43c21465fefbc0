#include "nodes/compiler.hpp"

#include <cassert>

namespace caravan {
namespace {

/// Numbers nodes in the order written, then resolves where each leads.
class Flattener {
 public:
  Flattener(CompiledJourney& journey, NodeCompiler& compiler) : journey_(journey), compiler_(compiler) {}

  void flatten(const std::vector<NodeDefinition>& nodes) {
    number(nodes);
    resolve(nodes, kNoNode);
  }

 private:
  void number(const std::vector<NodeDefinition>& nodes) {
    for (const NodeDefinition& definition : nodes) {
      assert(journey_.nodes.size() < static_cast<std::size_t>(kNoNode));
      by_id_.emplace(definition.id, NodeIndex{static_cast<std::uint16_t>(journey_.nodes.size())});
      const NodeType* type = find_node_type(definition.shape->type);
      assert(type);
      journey_.nodes.push_back({definition.id, type, type->compile(definition, compiler_), kNoNode, {}});
      for (const PathDefinition& path : definition.paths)
        number(path.nodes);
    }
  }

  /// `after` is where the last of `nodes` leads when it does not say so itself.
  void resolve(const std::vector<NodeDefinition>& nodes, NodeIndex after) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const NodeDefinition& definition = nodes[i];
      const NodeIndex below = i + 1 < nodes.size() ? by_id_.at(nodes[i + 1].id) : after;
      CompiledNode& node = journey_.nodes[static_cast<std::size_t>(by_id_.at(definition.id))];
      node.next = definition.next ? target(*definition.next) : below;
      for (const PathDefinition& path : definition.paths) {
        const NodeIndex first = path.nodes.empty() ? node.next : by_id_.at(path.nodes.front().id);
        node.paths.push_back({path.name, path.next ? target(*path.next) : first});
        resolve(path.nodes, node.next);
      }
    }
  }

  NodeIndex target(const Next& next) const { return next.id == "end" ? kNoNode : by_id_.at(next.id); }

  CompiledJourney& journey_;
  NodeCompiler& compiler_;
  std::map<std::string, NodeIndex, std::less<>> by_id_;
};

}  // namespace

NodeIndex CompiledJourney::find(std::string_view id) const {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].id == id) return NodeIndex{static_cast<std::uint16_t>(i)};
  }
  return kNoNode;
}

CompiledJourney compile_journey(const Workspace& workspace, const JourneyDefinition& journey, AttributeNames& names) {
  CompiledJourney compiled;
  compiled.name = journey.name;
  compiled.title = journey.title;
  compiled.timezone = journey.timezone.empty() ? workspace.configuration.timezone : journey.timezone;
  compiled.evaluate = journey.evaluate;
  if (!journey.audience.empty()) compiled.audience = workspace.audiences.at(journey.audience).when.program;
  NodeCompiler compiler(workspace, names);
  Flattener(compiled, compiler).flatten(journey.nodes);
  compiled.messages = compiler.messages();
  return compiled;
}

}  // namespace caravan
