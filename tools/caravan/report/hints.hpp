#pragma once
// Where to look next: the commands that a person may want after a table of figures, as they would type them here.

#include "engine/report/journey_figures.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

struct Hint {
  std::string command;
  std::string what;
};

/// `outbox` is the folder into which mails were written; empty where there is none.
std::vector<Hint> where_to_look_next(const DataOptions& options, const StoreFigures& figures, Reader& reader,
                                     const std::filesystem::path& outbox);

std::string hints_as_text(const std::vector<Hint>& hints, const Terminal& terminal);

}  // namespace caravan::tools
