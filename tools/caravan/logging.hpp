#pragma once
// Where the engine's log goes: standard error, as text for people or as JSON lines for machines.

#include <string>
#include <utility>
#include <vector>

#include <spdlog/common.h>

namespace caravan::tools {

enum class LogFormat { text, json };

/// `level` is one of trace, debug, info, warn, error, off. Replaces the default logger.
void set_up_logging(const std::string& level, LogFormat format);

/// A message with fields: members of the JSON object, or `name=value` behind the text. Empty ones are left out.
void log_fields(spdlog::level::level_enum level, std::string_view message,
                const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace caravan::tools
