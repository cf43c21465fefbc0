#pragma once
// What is published is told from what was before by a hash of the texts that decide it.

#include "journeys/workspace.hpp"

namespace caravan {

/// A hash of everything that decides how a journey behaves: its own text and the texts it can use.
std::string fingerprint(const Workspace& workspace, const JourneyDefinition& journey);

/// The same of what is every journey's: audiences, buying groups, engagement, and what their expressions are compiled
/// in.
std::string fingerprint_of_definitions(const Workspace& workspace);

/// The places of the templates that a journey's nodes use, by kind and name.
std::map<std::string, Place> templates_of(const JourneyDefinition& journey, const Workspace& workspace);

/// A file's path as the workspace's texts name it.
std::string path_within(const Workspace& workspace, const SourceFile& file);

}  // namespace caravan
