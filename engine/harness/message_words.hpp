#pragma once
// A message as figures and timelines call it.

#include "nodes/registry.hpp"

namespace caravan {

/// The template's name; what is no mail says what it is.
inline std::string words_for(const MessageDefinition& message) {
  switch (message.kind) {
    case MessageKind::email: return message.name;
    case MessageKind::sales_summary: return "sales summary";
    case MessageKind::sales_chat: return "sales summary by chat";
    case MessageKind::sms: return "SMS " + message.name;
    case MessageKind::chat: return "chat message " + message.name;
    case MessageKind::webhook: return "call of " + message.name;
  }
  return message.name;
}

}  // namespace caravan
