// send_email: a mail to every person in scope, or to those for whom a condition holds.

#include "nodes/send.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_send(definition, compiler, MessageKind::email);
}

}  // namespace

const NodeType& send_email_node() {
  static const NodeType type{
      .shape =
          {
              .type = "send_email",
              .summary = "A mail to every person in scope, or to those for whom `to` holds.",
              .short_form = "template",
              .keys = send_keys(
                  KeyKind::email_template, "The message: the name of a file in emails/, without .html.",
                  "Who gets it, as a condition on `person`. People without an address are passed over, and so "
                  "are those who have unsubscribed or left the mail's topic, unless the mail is operational, and those "
                  "whose address is undeliverable."),
              .example = "id: welcome\nsend_email: {template: welcome, to: 'person.title != \"\"'}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
