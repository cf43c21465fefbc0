#include "journeys/graph.hpp"

namespace caravan {
namespace {

/// Whether a wait takes its time again each time round: not one until a date, which passes, and not one that must end
/// on a day, whenever that is.
bool takes_time(const WaitDefinition& wait) {
  const bool is_computed = wait.until && wait.until->expression;
  return wait.duration || is_computed || (wait.must_end_on && wait.must_end_on->time);
}

/// The times that a node has among its keys, in one; nothing when it has none that could be read.
std::optional<WaitDefinition> times_of(const NodeDefinition& node) {
  WaitDefinition times;
  for (const auto& [key, setting] : node.settings) {
    if (const auto* wait = std::get_if<WaitDefinition>(&setting.value)) return *wait;
    if (const auto* duration = std::get_if<CalendarDuration>(&setting.value)) times.duration = *duration;
    if (const auto* until = std::get_if<Moment>(&setting.value)) times.until = *until;
    if (const auto* weekly = std::get_if<WeeklyTime>(&setting.value)) times.must_end_on = *weekly;
  }
  const bool has_any = times.duration || times.until || times.must_end_on;
  return has_any ? std::optional(std::move(times)) : std::nullopt;
}

class GraphCheck {
 public:
  GraphCheck(const JourneyDefinition& journey, Diagnostics& diagnostics)
      : graph_(graph_of(journey)), diagnostics_(diagnostics), reached_(graph_.nodes.size(), false) {}

  void run() {
    if (graph_.nodes.empty()) return;
    const bool all_edges_known = check_dangling();
    if (all_edges_known) check_reached();
    check_people_splits();
    check_loops();
  }

 private:
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
      for (const Edge& edge : graph_.edges_of(node)) {
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

  /// False where a `next` names no node, and what it leads to is a guess.
  bool is_meant(const Edge& edge) const {
    return std::find(graph_.dangling.begin(), graph_.dangling.end(), edge.next) == graph_.dangling.end();
  }

  /// A person's way stays inside of their people split, and nobody gets in but through it. Edges to the join do not
  /// count: they are how one leaves.
  void check_people_splits() {
    for (const Edge& edge : graph_.edges) {
      const bool is_by_next = edge.kind == EdgeKind::next && edge.next != nullptr && is_meant(edge);
      if (is_by_next) check_people_split(edge, graph_.begins_in(edge));
      // Where a people split itself goes on by `next`, every way to its join does.
      const bool is_from_join = edge.kind == EdgeKind::join && edge.next != nullptr && edge.next->id != "end";
      if (is_from_join && is_meant(edge) && graph_.nodes[edge.from]->divides_people)
        check_people_split(edge, graph_.people_split[edge.from]);
    }
  }

  void check_people_split(const Edge& edge, std::size_t inside) {
    const std::size_t target = edge.to == Graph::end ? Graph::none : graph_.people_split[edge.to];
    if (target == inside) return;
    if (inside != Graph::none) {
      diagnostics_.error(edge.next->place, name(edge.to) + " is outside of the people split " + name(inside),
                         "a person's way goes to a node inside of it, or ends with `next: end`; all go on together "
                         "behind the split");
    } else {
      diagnostics_.error(edge.next->place, name(edge.to) + " is inside of the people split " + name(target),
                         "nobody gets there but through " + name(target));
    }
  }

  bool stops(std::size_t node) const {
    const NodeDefinition& definition = *graph_.nodes[node];
    if (definition.shape == nullptr) return true;  // nothing is known of a node that could not be read
    if (definition.shape->stops == Stops::never) return false;
    const std::optional<WaitDefinition> times = times_of(definition);
    return times ? takes_time(*times) : definition.shape->stops == Stops::always;
  }

  /// What to do about a loop that passes the node; empty when it never stops there.
  std::string how_to_stop(std::size_t node) const {
    const NodeDefinition& definition = *graph_.nodes[node];
    if (definition.shape->stops == Stops::never) return {};
    if (definition.shape->stops == Stops::with_timeout && !definition.settings.contains("timeout"))
      return "give " + name(node) + " a `timeout`";
    return name(node) + " may be over at once: give it a `for`, or its `must_end_on` a `time`";
  }

  bool may_loop(const Edge& edge) const {
    return edge.to != Graph::end && is_meant(edge) && !stops(edge.from) && !stops(edge.to);
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
      std::string hint = "put a `wait` into it";
      for (const std::size_t node : loop) {
        shown[node] = true;
        way += name(node) + ", ";
        if (std::string how = how_to_stop(node); !how.empty()) hint = std::move(how);
      }
      diagnostics_.error(back.next->place, "this loop never waits: " + way + name(back.to), hint);
    }
  }

  /// The nodes from one to another over edges that never wait; empty when there is no such way.
  std::vector<std::size_t> shortest_way(std::size_t from, std::size_t to) const {
    std::vector<std::size_t> before(graph_.nodes.size(), Graph::end);
    std::vector<std::size_t> queue = {from};
    before[from] = from;
    for (std::size_t i = 0; i < queue.size() && before[to] == Graph::end; ++i) {
      for (const Edge& edge : graph_.edges_of(queue[i])) {
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
