#pragma once
// The values that a turn keeps with a delivery: those that the message's text names and no others, numbered by their
// position among its names.

#include "engine/journey_library.hpp"

namespace caravan {

struct MessageSubject {
  const RunnableJourney& journey;
  const AccountRecord& account;
  const PersonRecord* person;  ///< null where the message is not to a person
};

/// What a name that is no attribute yields; nothing to leave it empty. Each name is asked for once.
using ComputedValue = std::function<std::optional<AttributeInput>(std::string_view name)>;

Attributes message_values(const RunnableMessage& message, const MessageSubject& subject, const ComputedValue& computed);

}  // namespace caravan
