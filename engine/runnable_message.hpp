#pragma once
// A message of a journey, ready to run: what it says, where the values come from that a turn keeps for it, and where
// its receivers are reached.

#include "engine/messages.hpp"
#include "engine/name_book.hpp"

namespace caravan {

/// Where a message's value comes from.
struct ValueSource {
  enum class Kind {
    account_attribute,
    account_key,
    person_attribute,
    person_key,
    journey_name,
    journey_title,
    computed
  };
  Kind kind = Kind::computed;
  NameId attribute{};             ///< for the attributes
  std::vector<std::string> keys;  ///< for an attribute that is a map: the keys that lead into it
  std::string name;               ///< for computed: the name under `with` or `body`, or one of what sales gets
};

struct RunnableMessage {
  std::shared_ptr<const Message> message;
  std::vector<ValueSource> sources;  ///< by position in Message::names()
  /// The attribute of a person that holds where they are reached; 0 for what does not go to people.
  NameId address{};
};

/// Compiles a message of a workspace that was checked. Throws std::runtime_error with what is wrong where it does not
/// check any more.
RunnableMessage compile_message(const MessageDefinition& definition, const Workspace& workspace, NameBook& names);

}  // namespace caravan
