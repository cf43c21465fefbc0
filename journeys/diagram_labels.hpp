#pragma once
// What stands in a picture of a journey, in a few words: on its start, on nodes and on paths. Lines of plain text; the
// picture escapes them.

#include "journeys/diagram.hpp"

namespace caravan {

using Lines = std::vector<std::string>;

/// Who enters, when, and how often. Times are those of the clocks of `zone`.
Lines start_label(const JourneyDefinition& journey, std::string_view zone);
/// A node's id, what it does, and its figure. Times are those of the node's own zone, else of `zone`.
Lines node_label(const NodeDefinition& node, std::string_view zone, const DiagramFigures& figures);
/// A path's name, its share if it has one, and its figure.
Lines path_label(const NodeDefinition& node, const PathDefinition& path, const DiagramFigures& figures);

}  // namespace caravan
