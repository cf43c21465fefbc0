#pragma once
// What publishing would change, for people.

#include "engine/report/publication_report.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

std::string as_text(const PublicationReport& report, const Terminal& terminal);

}  // namespace caravan::tools
