#pragma once
// What people have done, as sales reads it.

#include "engine/name_book.hpp"

namespace caravan {

/// Whether an event is something that its person did or that became of a mail to them. What the engine says of itself
/// and what it sent is not.
bool is_doing(std::string_view type);

/// `Opened a mail: welcome`, `Sent the form demo`; for a type without words of its own, the type. One line.
std::string words_for(const ActivityRecord& activity, const NameBook& names);

}  // namespace caravan
