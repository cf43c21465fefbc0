#pragma once
// What no event can be, whatever the store holds: the engine refuses it, and whoever takes it in can say it earlier.

#include <string>
#include <string_view>

namespace caravan {

/// Why a type of event that comes from outside is none; empty when it is one.
std::string fault_of_type(std::string_view type);

/// Of an event that says of nobody that it happened to them.
inline constexpr std::string_view kNobodysEvent = "the event names neither an account nor a person";

}  // namespace caravan
