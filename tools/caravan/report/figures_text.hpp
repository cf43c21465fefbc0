#pragma once
// The figures of journeys' maps as tables.

#include "engine/report/journey_figures.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {

std::string as_text(const StoreFigures& figures, const Terminal& terminal);

}  // namespace caravan::tools
