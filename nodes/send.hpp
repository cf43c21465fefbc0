#pragma once
// What send_email, send_sms and send_message have in common: a message to every person in scope, or to those for whom
// `to` holds, with values computed for each of them.

#include "nodes/registry.hpp"

namespace caravan {

/// A node with the keys `template`, `to` and `with`, whose messages go out as `kind`.
std::unique_ptr<Node> compile_send(const NodeDefinition& definition, NodeCompiler& compiler, MessageKind kind);

/// Those keys, with what the reference says of two of them. `template_kind` is where templates come from.
std::vector<KeyShape> send_keys(KeyKind template_kind, std::string_view template_summary, std::string_view to_summary);

/// The values of a map as a Scene takes them; views into `values`.
std::vector<MessageValue> message_values_of(const ValueMap& values);

}  // namespace caravan
