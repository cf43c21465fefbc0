#include "journeys/graph.hpp"

namespace caravan {
namespace {

/// Lays the nodes out in a row, then draws the edges, each sequence knowing what comes behind it.
class GraphBuilder {
 public:
  explicit GraphBuilder(const JourneyDefinition& journey) : journey_(journey) {}

  Graph build() {
    number(journey_.nodes, Graph::none);
    for (const auto& [id, index] : by_id_)
      ids_.push_back(id);
    draw(journey_.nodes, {});
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
  /// Where a sequence of nodes leads when it has ended.
  struct Behind {
    std::size_t to = Graph::end;
    EdgeKind kind = EdgeKind::onward;
    const Next* next = nullptr;  ///< by which it leads there
  };

  void number(const std::vector<NodeDefinition>& nodes, std::size_t people_split) {
    for (const NodeDefinition& node : nodes) {
      const std::size_t index = graph_.nodes.size();
      index_.emplace(&node, index);
      if (!node.id.empty()) by_id_.try_emplace(node.id, index);
      graph_.nodes.push_back(&node);
      graph_.people_split.push_back(people_split);
      for (const PathDefinition& path : node.paths)
        number(path.nodes, node.divides_people ? index : people_split);
    }
  }

  void draw(const std::vector<NodeDefinition>& nodes, const Behind& behind) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      draw_node(nodes[i], i + 1 < nodes.size() ? Behind{.to = index_.at(&nodes[i + 1])} : behind);
    }
  }

  void draw_node(const NodeDefinition& node, const Behind& below) {
    const std::size_t from = index_.at(&node);
    const std::optional<Behind> elsewhere = node.next ? behind_next(*node.next) : std::nullopt;
    // A node that could not be read may do anything: go on, and enter whatever stands in it.
    const bool is_opaque = node.shape == nullptr;
    const bool is_lost = node.next && !elsewhere;
    const Behind onward = elsewhere.value_or(below);
    const bool goes_on = is_opaque || node.shape->continues == Continues::next;
    if (goes_on && !is_lost) add(from, onward, nullptr);
    const bool ends_own_way = !is_opaque && node.shape->continues == Continues::nowhere && join_;
    if (ends_own_way) add(from, *join_, nullptr);
    if (node.divides_people) {
      draw_people_split(node, onward);
    } else {
      for (const PathDefinition& path : node.paths)
        draw_path(node, path, onward);
    }
  }

  void draw_people_split(const NodeDefinition& split, const Behind& onward) {
    const Behind join{onward.to, EdgeKind::join, onward.next};
    join_ = join;
    for (const PathDefinition& path : split.paths)
      draw_path(split, path, join);
    join_.reset();
    // There need be nobody who goes along a path.
    add(index_.at(&split), join, nullptr);
  }

  void draw_path(const NodeDefinition& node, const PathDefinition& path, const Behind& onward) {
    const std::size_t from = index_.at(&node);
    if (path.next) {
      if (const std::optional<Behind> to = behind_next(*path.next)) add(from, *to, &path);
      return;
    }
    if (path.nodes.empty()) {
      const EdgeKind kind = onward.kind == EdgeKind::join ? EdgeKind::join : EdgeKind::path;
      add(from, {onward.to, kind, onward.next}, &path);
      return;
    }
    const std::size_t entered = node.shape == nullptr ? path.nodes.size() : 1;
    for (std::size_t i = 0; i < entered; ++i)
      add(from, {index_.at(&path.nodes[i]), EdgeKind::path, nullptr}, &path);
    draw(path.nodes, onward);
  }

  void add(std::size_t from, const Behind& behind, const PathDefinition* path) {
    graph_.edges.push_back({from, behind.to, behind.kind, path, behind.next});
  }

  /// Nothing for a `next` that cannot be followed.
  std::optional<Behind> behind_next(const Next& next) {
    if (next.id == "end" && join_) return Behind{join_->to, EdgeKind::join, &next};
    const std::optional<std::size_t> to = target(next);
    return to ? std::optional(Behind{*to, EdgeKind::next, &next}) : std::nullopt;
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
  std::optional<Behind> join_;  ///< of the people split whose paths are drawn
  std::map<const NodeDefinition*, std::size_t> index_;
  std::map<std::string, std::size_t> by_id_;
  std::vector<std::string> ids_;
};

}  // namespace

std::size_t Graph::begins_in(const Edge& edge) const {
  const bool enters = edge.path != nullptr && nodes[edge.from]->divides_people;
  return enters ? edge.from : people_split[edge.from];
}

Graph graph_of(const JourneyDefinition& journey) {
  return GraphBuilder(journey).build();
}

}  // namespace caravan
