#pragma once
// What SIGHUP cannot change: settings that a running engine was made with.

#include "journeys/definitions.hpp"

namespace caravan::tools {

/// The settings of caravan.yaml, by name, in which `read` differs from what the engine was started with and that count
/// from its next start only. Retention, servers and secrets of channels, and what `api:` allows are none of them; nor
/// is what belongs to journeys and comes with their publication, such as `timezone` or `limits`.
std::vector<std::string> settings_of_next_start(const ConfigurationDefinition& started,
                                                const ConfigurationDefinition& read);

}  // namespace caravan::tools
