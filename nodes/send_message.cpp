// send_message: a chat message to every person in scope, or to those for whom a condition holds.

#include "nodes/send.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_send(definition, compiler, MessageKind::chat);
}

}  // namespace

const NodeType& send_message_node() {
  static const NodeType type{
      .shape =
          {
              .type = "send_message",
              .summary = "A chat message, over the channel `chat` of caravan.yaml, to every person in scope, or to "
                         "those for whom `to` holds.",
              .short_form = "template",
              .keys = send_keys(
                  KeyKind::text_template, "The message: the name of a file in messages/, without .txt.",
                  "Who gets it, as a condition on `person`. People who are not reached by chat are passed over."),
              .example = "id: say-hello\nsend_message: {template: hello, to: 'person.role(\"ai-driven-seeds\") == "
                         "\"influencer\"'}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
