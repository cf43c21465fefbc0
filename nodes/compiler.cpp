#include "nodes/compiler.hpp"

#include <cassert>

namespace caravan {
namespace {

/// Numbers nodes in the order written, then resolves where each leads.
class Flattener {
 public:
  Flattener(CompiledJourney& journey, NodeCompiler& compiler, const NodeTypeFinder& find_type)
      : journey_(journey), compiler_(compiler), find_type_(find_type) {}

  void flatten(const JourneyDefinition& journey) {
    number(journey.nodes);
    resolve(journey.nodes, kNoNode, journey.subject == JourneySubject::person ? RunsFor::person : RunsFor::account);
  }

 private:
  enum class RunsFor { account, person };

  void number(const std::vector<NodeDefinition>& nodes) {
    for (const NodeDefinition& definition : nodes) {
      assert(journey_.nodes.size() < static_cast<std::size_t>(kNoNode));
      by_id_.emplace(definition.id, NodeIndex{static_cast<std::uint16_t>(journey_.nodes.size())});
      const NodeType* type = find_type_(definition.shape->type);
      assert(type);
      journey_.nodes.push_back({definition.id, type, type->compile(definition, compiler_), kNoNode, {}});
      for (const PathDefinition& path : definition.paths)
        number(path.nodes);
    }
  }

  /// `after` is where the last of `nodes` leads when it does not say so itself. People whom a node has divided come
  /// together where their ways end; where it runs for one person already, that person goes on behind it.
  void resolve(const std::vector<NodeDefinition>& nodes, NodeIndex after, RunsFor runs_for) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const NodeDefinition& definition = nodes[i];
      const NodeIndex below = i + 1 < nodes.size() ? by_id_.at(nodes[i + 1].id) : after;
      CompiledNode& node = journey_.nodes[static_cast<std::size_t>(by_id_.at(definition.id))];
      node.next = definition.next ? target(*definition.next) : below;
      const bool divides = definition.divides_people && runs_for == RunsFor::account;
      const NodeIndex behind = divides ? kNoNode : node.next;
      for (const PathDefinition& path : definition.paths) {
        const NodeIndex first = path.nodes.empty() ? behind : by_id_.at(path.nodes.front().id);
        node.paths.push_back({path.name, path.next ? target(*path.next) : first});
        resolve(path.nodes, behind, divides ? RunsFor::person : runs_for);
      }
    }
  }

  NodeIndex target(const Next& next) const { return next.id == "end" ? kNoNode : by_id_.at(next.id); }

  CompiledJourney& journey_;
  NodeCompiler& compiler_;
  const NodeTypeFinder& find_type_;
  std::map<std::string, NodeIndex, std::less<>> by_id_;
};

}  // namespace

NodeIndex CompiledJourney::find(std::string_view id) const {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].id == id) return NodeIndex{static_cast<std::uint16_t>(i)};
  }
  return kNoNode;
}

CompiledJourney compile_journey(const Workspace& workspace, const JourneyDefinition& journey, AttributeNames& names,
                                const NodeTypeFinder& find_type) {
  CompiledJourney compiled;
  compiled.name = journey.name;
  compiled.title = journey.title;
  compiled.timezone = journey.timezone;
  compiled.definition = &journey;
  NodeCompiler compiler(workspace, names);
  Flattener(compiled, compiler, find_type).flatten(journey);
  compiled.messages = compiler.messages();
  for (const CompiledNode& node : compiled.nodes) {
    for (const NameId type : node.node->hears()) {
      if (std::find(compiled.hears.begin(), compiled.hears.end(), type) == compiled.hears.end())
        compiled.hears.push_back(type);
    }
  }
  return compiled;
}

}  // namespace caravan
