#pragma once
// Where a journey leads: its nodes in a row with the edges between them, as the rules of the language give them. The
// checker, the diagrams and whoever wants to walk a definition use the same edges.

#include "journeys/definitions.hpp"

namespace caravan {

/// Why an edge is there.
enum class EdgeKind {
  onward,  ///< to the node below, or behind the split that a path's last node stands in
  next,    ///< by `next`, of a node or of a path
  path,    ///< into a path or an exit, or past the node when it holds no nodes
  join,    ///< out of a people split, to where all go on together; also past it, for those who match no path
};

struct Edge {
  std::size_t from = 0;
  std::size_t to = 0;  ///< `Graph::end` for the end of the journey
  EdgeKind kind = EdgeKind::onward;
  const PathDefinition* path = nullptr;  ///< of the node `from`, for an edge that a path or an exit takes
  const Next* next = nullptr;            ///< what was written, where the edge leads by a `next`, its own or a split's
};

/// In a people split every person's way ends at the join, with its last node as by `next: end`; the account goes on
/// from there to the node behind the split. So such an edge leads to that node, and all ways of people stay inside.
struct Graph {
  static constexpr std::size_t end = static_cast<std::size_t>(-1);
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// In the order written, inner nodes behind their split; the first is the start.
  std::vector<const NodeDefinition*> nodes;
  std::vector<Edge> edges;              ///< in the order of `from`
  std::vector<const Next*> dangling;    ///< every `next` that names no node
  std::vector<std::size_t> first_edge;  ///< by node, and one behind: where its edges begin
  /// By node: the people split that it stands in; `none` where the account goes itself.
  std::vector<std::size_t> people_split;

  std::span<const Edge> edges_of(std::size_t node) const {
    return std::span(edges).subspan(first_edge[node], first_edge[node + 1] - first_edge[node]);
  }
  /// The people split that an edge begins in: for an edge into the paths of one, that split itself.
  std::size_t begins_in(const Edge& edge) const;
};

/// The graph of a journey, which outlives it. A `next` that names no node leads to the node of the nearest name, if
/// any.
Graph graph_of(const JourneyDefinition& journey);

/// Reports what cannot be meant: a `next` that leads nowhere, into a people split or out of one; nodes that nothing
/// leads to; loops that never wait.
void check_graph(const JourneyDefinition& journey, Diagnostics& diagnostics);

}  // namespace caravan
