#pragma once
// What stands in a picture of a journey, in a few words: on its start, on nodes and on paths. Lines of plain text; the
// picture escapes them.

#include "journeys/diagram.hpp"

namespace caravan {

using Lines = std::vector<std::string>;

/// Who enters, when, and how often.
Lines start_label(const JourneyDefinition& journey, std::string_view workspace_timezone);
/// A node's id, what it does, and its figure.
Lines node_label(const NodeDefinition& node, const DiagramFigures& figures);
/// A path's name, its share if it has one, and its figure.
Lines path_label(const NodeDefinition& node, const PathDefinition& path, const DiagramFigures& figures);

}  // namespace caravan
