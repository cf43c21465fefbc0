#pragma once
// Every expression of a definition, wherever it stands: for whoever must know what a journey reads as a whole.

#include "journeys/workspace.hpp"

namespace caravan {

/// Calls `visit` for each expression of the journey that was compiled: of its entry, its rules, its nodes and paths.
void each_expression(const JourneyDefinition& journey, const std::function<void(const Expression&)>& visit);

/// Those of a node's own settings: neither of its paths nor of the nodes in them.
void each_expression(const NodeDefinition& node, const std::function<void(const Expression&)>& visit);

/// The same for what journeys share: audiences and the conditions of roles.
void each_shared_expression(const Workspace& workspace, const std::function<void(const Expression&)>& visit);

}  // namespace caravan
