#pragma once
// A picture of a journey as text: a Mermaid flowchart or a DOT graph, with what each node does in a few words, and the
// figures of a running engine where there are some.

#include "journeys/definitions.hpp"

namespace caravan {

enum class DiagramFormat { mermaid, dot };

/// A way out of a node that is no path of it.
enum class Way {
  onward,    ///< to the next node; of a listen: when it has heard
  no_match,  ///< of those who match no path of a split
  time_out,  ///< of a listen without `on_timeout`
};

/// How a node or a way is coloured. Colour alone tells nothing: what it means must stand in the figure as well.
enum class Shade { plain, good, middling, bad };

/// Figures to show, already in words (`1,204 here`). A function that is not set shows none, nor does an empty text.
struct DiagramFigures {
  std::function<std::string(const NodeDefinition& node)> of_node = {};
  std::function<std::string(const NodeDefinition& node, const PathDefinition& path)> of_path = {};
  std::function<std::string(const NodeDefinition& node, Way way)> of_way = {};
  std::function<Shade(const NodeDefinition& node)> shade_of_node = {};
  std::function<Shade(const NodeDefinition& node, const PathDefinition& path)> shade_of_path = {};
  std::function<Shade(const NodeDefinition& node, Way way)> shade_of_way = {};
  std::string timezone = "UTC";  ///< the workspace's, for the times of a journey that has none of its own
};

/// The text of the picture, ending with a newline. Of a journey without errors; any text is safe in it.
std::string diagram_of(const JourneyDefinition& journey, DiagramFormat format, const DiagramFigures& figures = {});

}  // namespace caravan
