#pragma once
// Where a journey leads: its nodes in a row with the edges between them, as the rules of the language give them. The
// checker, the diagrams and whoever wants to walk a definition use the same edges.

#include "journeys/definitions.hpp"

namespace caravan {

/// Why an edge is there.
enum class EdgeKind {
  onward,  ///< to the node below, or behind the split that a path's last node stands in
  next,    ///< by `next`, of a node or of a path
  path,    ///< into a path, or past the split when the path holds no nodes
};

struct Edge {
  std::size_t from = 0;
  std::size_t to = 0;  ///< `Graph::end` for the end of the journey
  EdgeKind kind = EdgeKind::onward;
  const PathDefinition* path = nullptr;  ///< of the node `from`, for an edge that a path takes
  const Next* next = nullptr;            ///< what was written, for an edge by `next`
};

struct Graph {
  static constexpr std::size_t end = static_cast<std::size_t>(-1);

  std::vector<const NodeDefinition*>
      nodes;                          ///< in the order written, inner nodes behind their split; the first is the start
  std::vector<Edge> edges;            ///< in the order of `from`
  std::vector<const Next*> dangling;  ///< every `next` that names no node
  std::vector<std::size_t> first_edge;  ///< by node, and one behind: where its edges begin
};

/// The graph of a journey, which outlives it. A `next` that names no node leads to the node of the nearest name, if
/// any.
Graph graph_of(const JourneyDefinition& journey);

/// Reports what cannot be meant: a `next` that leads nowhere, nodes that nothing leads to, loops that never wait.
void check_graph(const JourneyDefinition& journey, Diagnostics& diagnostics);

}  // namespace caravan
