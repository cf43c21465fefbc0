// send_email: a mail to every person in scope, or to those for whom a condition holds.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class SendEmail final : public Node {
 public:
  SendEmail(MessageIndex message, std::shared_ptr<const cel::Program> to, ValueMap with)
      : message_(message), to_(std::move(to)), with_(std::move(with)) {
    for (const NamedExpression& value : with_)
      values_.push_back({value.name, value.expression.program.get()});
  }

  Step visit(Scene& scene) const override {
    bool anybody = false;
    for (const PersonRecord& person : scene.people()) {
      if (to_ && !scene.holds_for(*to_, person)) continue;
      anybody |= scene.mail(message_, person, values_);
    }
    return Advance{.outcome = anybody ? VisitOutcome::done : VisitOutcome::nobody};
  }

 private:
  MessageIndex message_;
  std::shared_ptr<const cel::Program> to_;  ///< null: everybody
  ValueMap with_;
  std::vector<MessageValue> values_;  ///< views into with_
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  const auto* to = definition.setting<Expression>("to");
  const auto* with = definition.setting<ValueMap>("with");
  return std::make_unique<SendEmail>(compiler.email(*definition.setting<std::string>("template")),
                                     to ? to->program : nullptr, with ? *with : ValueMap{});
}

}  // namespace

const NodeType& send_email_node() {
  static const NodeType type{
      .shape =
          {
              .type = "send_email",
              .summary = "A mail to every person in scope, or to those for whom `to` holds.",
              .short_form = "template",
              .keys =
                  {
                      {.name = "template",
                       .kind = KeyKind::email_template,
                       .required = true,
                       .summary = "The message: the name of a file in emails/, without .html."},
                      {.name = "to",
                       .kind = KeyKind::condition,
                       .summary = "Who gets it, as a condition on `person`. People without an address are passed over.",
                       .scope = Scope::person},
                      {.name = "with",
                       .kind = KeyKind::values,
                       .summary = "Values computed for the template, by name.",
                       .scope = Scope::person},
                  },
              .example = "id: welcome\nsend_email: {template: welcome, to: 'person.title != \"\"'}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
