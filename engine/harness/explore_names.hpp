#pragma once
// What was found, in words: a sentence that names a scenario by who it is about and what it reaches.

#include "engine/harness/explore.hpp"

namespace caravan::exploring {

/// `an account with industry "technology" and employees 1000 takes by-industry/technology`
std::string name_of(const ScenarioDefinition& scenario, std::span<const CoverPoint> reaches);

/// A value as a scenario's YAML has it.
std::string yaml_of(const ScenarioValue& value);

}  // namespace caravan::exploring
