#include "journeys/graph.hpp"

namespace caravan {
namespace {

class GraphCheck {
 public:
  GraphCheck(const JourneyDefinition& journey, Diagnostics& diagnostics)
      : graph_(graph_of(journey)), diagnostics_(diagnostics), reached_(graph_.nodes.size(), false) {}

  void run() {
    if (graph_.nodes.empty()) return;
    const bool all_edges_known = check_dangling();
    if (all_edges_known) check_reached();
    check_loops();
  }

 private:
  std::span<const Edge> edges_of(std::size_t node) const {
    return std::span(graph_.edges)
        .subspan(graph_.first_edge[node], graph_.first_edge[node + 1] - graph_.first_edge[node]);
  }

  std::string name(std::size_t node) const { return "`" + graph_.nodes[node]->id + "`"; }

  /// False when some `next` may mean any node, so that nothing can be said about what is reached.
  bool check_dangling() {
    std::vector<std::string> ids;
    for (const NodeDefinition* node : graph_.nodes) {
      if (!node->id.empty()) ids.push_back(node->id);
    }
    bool all_meant = true;
    for (const Next* next : graph_.dangling) {
      std::string hint = did_you_mean(next->id, ids);
      all_meant = all_meant && !hint.empty();
      diagnostics_.error(next->place, "there is no node `" + next->id + "` in this journey", std::move(hint));
    }
    return all_meant;
  }

  void flood(std::size_t start) {
    std::vector<std::size_t> open = {start};
    reached_[start] = true;
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      for (const Edge& edge : edges_of(node)) {
        if (edge.to == Graph::end || reached_[edge.to]) continue;
        reached_[edge.to] = true;
        open.push_back(edge.to);
      }
    }
  }

  /// Reports the heads of what is not reached: where no other unreached node leads, or else the first of a ring.
  void check_reached() {
    flood(0);
    std::vector<bool> has_unreached_before(graph_.nodes.size(), false);
    for (const Edge& edge : graph_.edges) {
      if (!reached_[edge.from] && edge.to != Graph::end && edge.to != edge.from) has_unreached_before[edge.to] = true;
    }
    for (const bool heads_only : {true, false}) {
      for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
        if (reached_[node] || (heads_only && has_unreached_before[node])) continue;
        diagnostics_.error(graph_.nodes[node]->place, "nothing leads to this node", why_unreached(node));
        flood(node);
      }
    }
  }

  std::string why_unreached(std::size_t node) const {
    if (node == 0) return {};
    const NodeDefinition& above = *graph_.nodes[node - 1];
    if (above.next) return "the node above goes on at `" + above.next->id + "`";
    if (above.shape != nullptr && above.shape->continues == Continues::nowhere)
      return "the node above ends the journey";
    return "lead to it with `next`, or take it out";
  }

  bool may_loop(const Edge& edge) const {
    const auto passes = [&](std::size_t node) {
      const NodeShape* shape = graph_.nodes[node]->shape;
      return shape != nullptr && shape->stops == Stops::never;
    };
    const bool is_guess = std::find(graph_.dangling.begin(), graph_.dangling.end(), edge.next) != graph_.dangling.end();
    return edge.to != Graph::end && !is_guess && passes(edge.from) && passes(edge.to);
  }

  /// Every loop goes back by a `next`, to the node itself or to one above. One loop is shown for each such `next` that
  /// is not already part of one that was shown.
  void check_loops() {
    std::vector<bool> shown(graph_.nodes.size(), false);
    for (const Edge& back : graph_.edges) {
      if (back.next == nullptr || !may_loop(back) || back.to > back.from) continue;
      const std::vector<std::size_t> loop = shortest_way(back.to, back.from);
      const bool is_new = std::any_of(loop.begin(), loop.end(), [&](std::size_t node) { return !shown[node]; });
      if (loop.empty() || !is_new) continue;
      std::string way;
      for (const std::size_t node : loop) {
        shown[node] = true;
        way += name(node) + ", ";
      }
      diagnostics_.error(back.next->place, "this loop never waits: " + way + name(back.to), "put a `wait` into it");
    }
  }

  /// The nodes from one to another over edges that never wait; empty when there is no such way.
  std::vector<std::size_t> shortest_way(std::size_t from, std::size_t to) const {
    std::vector<std::size_t> before(graph_.nodes.size(), Graph::end);
    std::vector<std::size_t> queue = {from};
    before[from] = from;
    for (std::size_t i = 0; i < queue.size() && before[to] == Graph::end; ++i) {
      for (const Edge& edge : edges_of(queue[i])) {
        if (!may_loop(edge) || before[edge.to] != Graph::end) continue;
        before[edge.to] = queue[i];
        queue.push_back(edge.to);
      }
    }
    std::vector<std::size_t> way;
    if (before[to] == Graph::end) return way;
    for (std::size_t node = to; node != from; node = before[node])
      way.push_back(node);
    way.push_back(from);
    std::reverse(way.begin(), way.end());
    return way;
  }

  Graph graph_;
  Diagnostics& diagnostics_;
  std::vector<bool> reached_;
};

}  // namespace

void check_graph(const JourneyDefinition& journey, Diagnostics& diagnostics) {
  GraphCheck(journey, diagnostics).run();
}

}  // namespace caravan
