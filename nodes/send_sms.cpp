// send_sms: an SMS to every person in scope, or to those for whom a condition holds.

#include "nodes/send.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_send(definition, compiler, MessageKind::sms);
}

}  // namespace

const NodeType& send_sms_node() {
  static const NodeType type{
      .shape =
          {
              .type = "send_sms",
              .summary = "An SMS, over the channel `sms` of caravan.yaml, to every person in scope, or to those for "
                         "whom `to` holds.",
              .short_form = "template",
              .keys = send_keys(KeyKind::text_template, "The message: the name of a file in messages/, without .txt.",
                                "Who gets it, as a condition on `person`. People without a number are passed over."),
              .example = "id: remind\nsend_sms: {template: reminder, to: 'person.consent_sms == true', with: {day: "
                         "account.event_day}}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
