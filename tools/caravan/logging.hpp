#pragma once
// Where the engine's log goes: standard error, as text for people or as JSON lines for machines.

#include <string>

namespace caravan::tools {

enum class LogFormat { text, json };

/// `level` is one of trace, debug, info, warn, error, off. Replaces the default logger.
void set_up_logging(const std::string& level, LogFormat format);

}  // namespace caravan::tools
