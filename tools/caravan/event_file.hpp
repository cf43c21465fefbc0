#pragma once
// Files of events, as `caravan import` and `caravan serve` read them.

#include "engine/intake/intake.hpp"
#include "tools/caravan/file_format.hpp"

namespace caravan::tools {

/// An event of a file.
struct FileEvent {
  std::size_t line = 0;
  TellEvent event;
};

/// All events of a file in the order of their `at`, those without one first. Throws Failure with `file:line: reason` of
/// the first line that is no event, and std::system_error when the file cannot be read.
std::vector<FileEvent> read_events(const std::string& file, TextFormat format, const IntakeSettings& settings);

}  // namespace caravan::tools
