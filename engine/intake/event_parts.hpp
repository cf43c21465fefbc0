#pragma once
// What an event has beside its properties, as the columns of a CSV file or the members of a JSON object say it: `type`,
// `account`, `person`, `id` and `at`. Everything else is a property.

#include "engine/intake/intake.hpp"

namespace caravan {

enum class EventPart { type, account, person, id, at };

/// The part that an attribute's name means; nothing for a property.
std::optional<EventPart> event_part_named(std::string_view name);

/// Sets a part of the event. Gives why it cannot be set; empty when it is.
std::string set_part(TellEvent& event, EventPart part, std::string_view text);

/// What the schema says of a property of events of that type; `any` where it says nothing.
AttributeType type_of_property(const IntakeSettings& settings, std::string_view event_type, std::string_view property);

}  // namespace caravan
