#include "journeys/graph.hpp"

namespace caravan {
namespace {

/// Lays the nodes out in a row, then draws the edges, each sequence knowing what comes behind it.
class GraphBuilder {
 public:
  explicit GraphBuilder(const JourneyDefinition& journey) : journey_(journey) {}

  Graph build() {
    number(journey_.nodes);
    for (const auto& [id, index] : by_id_)
      ids_.push_back(id);
    draw(journey_.nodes, Graph::end);
    std::stable_sort(graph_.edges.begin(), graph_.edges.end(),
                     [](const Edge& a, const Edge& b) { return a.from < b.from; });
    graph_.first_edge.assign(graph_.nodes.size() + 1, 0);
    for (const Edge& edge : graph_.edges)
      ++graph_.first_edge[edge.from + 1];
    for (std::size_t i = 1; i < graph_.first_edge.size(); ++i)
      graph_.first_edge[i] += graph_.first_edge[i - 1];
    return std::move(graph_);
  }

 private:
  void number(const std::vector<NodeDefinition>& nodes) {
    for (const NodeDefinition& node : nodes) {
      const std::size_t index = graph_.nodes.size();
      index_.emplace(&node, index);
      if (!node.id.empty()) by_id_.try_emplace(node.id, index);
      graph_.nodes.push_back(&node);
      for (const PathDefinition& path : node.paths)
        number(path.nodes);
    }
  }

  void draw(const std::vector<NodeDefinition>& nodes, std::size_t behind) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      draw_node(nodes[i], i + 1 < nodes.size() ? index_.at(&nodes[i + 1]) : behind);
    }
  }

  void draw_node(const NodeDefinition& node, std::size_t below) {
    const std::size_t from = index_.at(&node);
    const std::optional<std::size_t> elsewhere = node.next ? target(*node.next) : std::nullopt;
    // A node that could not be read may do anything: go on, and enter whatever stands in it.
    const bool is_opaque = node.shape == nullptr;
    const bool goes_on = is_opaque || node.shape->continues == Continues::next;
    const bool is_lost = node.next && !elsewhere;
    const std::size_t onward = elsewhere.value_or(below);
    if (goes_on && !is_lost) {
      graph_.edges.push_back(
          {from, onward, elsewhere ? EdgeKind::next : EdgeKind::onward, nullptr, elsewhere ? &*node.next : nullptr});
    }
    for (const PathDefinition& path : node.paths)
      draw_path(node, path, onward, is_opaque);
  }

  void draw_path(const NodeDefinition& split, const PathDefinition& path, std::size_t onward, bool is_opaque) {
    const std::size_t from = index_.at(&split);
    if (path.next) {
      if (const std::optional<std::size_t> to = target(*path.next))
        graph_.edges.push_back({from, *to, EdgeKind::next, &path, &*path.next});
      return;
    }
    if (path.nodes.empty()) {
      graph_.edges.push_back({from, onward, EdgeKind::path, &path, nullptr});
      return;
    }
    const std::size_t entered = is_opaque ? path.nodes.size() : 1;
    for (std::size_t i = 0; i < entered; ++i) {
      graph_.edges.push_back({from, index_.at(&path.nodes[i]), EdgeKind::path, &path, nullptr});
    }
    draw(path.nodes, onward);
  }

  std::optional<std::size_t> target(const Next& next) {
    if (next.id == "end") return Graph::end;
    if (const auto found = by_id_.find(next.id); found != by_id_.end()) return found->second;
    graph_.dangling.push_back(&next);
    const std::optional<std::string> near = nearest_name(next.id, ids_);
    return near ? std::optional(by_id_.at(*near)) : std::nullopt;
  }

  const JourneyDefinition& journey_;
  Graph graph_;
  std::map<const NodeDefinition*, std::size_t> index_;
  std::map<std::string, std::size_t> by_id_;
  std::vector<std::string> ids_;
};

}  // namespace

Graph graph_of(const JourneyDefinition& journey) {
  return GraphBuilder(journey).build();
}

}  // namespace caravan
