#pragma once
// A picture of a journey as text: a Mermaid flowchart or a DOT graph, with what each node does in a few words, and the
// figures of a running engine where there are some.

#include "journeys/definitions.hpp"

namespace caravan {

enum class DiagramFormat { mermaid, dot };

/// Figures to show, already in words (`1,204 here`). A function that is not set shows none, nor does an empty text.
struct DiagramFigures {
  std::function<std::string(const NodeDefinition& node)> of_node = {};
  std::function<std::string(const NodeDefinition& node, const PathDefinition& path)> of_path = {};
  std::string timezone = "UTC";  ///< the workspace's, for the times of a journey that has none of its own
};

/// The text of the picture, ending with a newline. Of a journey without errors; any text is safe in it.
std::string diagram_of(const JourneyDefinition& journey, DiagramFormat format, const DiagramFigures& figures = {});

}  // namespace caravan
