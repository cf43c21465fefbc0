#pragma once
// An account's and a person's story for people.

#include "engine/report/account_story.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

std::string as_text(const AccountStory& story, const NameBook& names, const Terminal& terminal);
std::string as_text(const PersonStory& story, const NameBook& names, const Terminal& terminal);

}  // namespace caravan::tools
