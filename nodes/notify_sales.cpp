// notify_sales: hands a buying group to sales with a summary, by e-mail.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class NotifySales final : public Node {
 public:
  NotifySales(MessageIndex message, NameId interest, Recipients to, NameId owner)
      : message_(message), interest_(interest), to_(std::move(to)), owner_(owner) {}

  Step visit(Scene& scene) const override {
    if (is_stand_in(scene.account())) return Advance{.outcome = VisitOutcome::nobody};
    bool anybody = false;
    int ordinal = 0;
    if (to_.empty()) {
      const std::optional<std::string> owner = scene.account_text(owner_);
      anybody = owner && scene.notify(message_, ++ordinal, *owner, interest_);
    }
    for (const Recipient& recipient : to_) {
      ++ordinal;
      const std::optional<std::string> address =
          recipient.expression ? scene.text_of(*recipient.expression->program) : recipient.address;
      if (address) anybody |= scene.notify(message_, ordinal, *address, interest_);
    }
    return Advance{.outcome = anybody ? VisitOutcome::done : VisitOutcome::nobody};
  }

 private:
  MessageIndex message_;
  NameId interest_;
  Recipients to_;  ///< empty: the account's owner
  NameId owner_;   ///< the attribute with the owner's address
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  const auto* to = definition.setting<Recipients>("to");
  return std::make_unique<NotifySales>(compiler.message({.kind = MessageKind::sales_summary, .name = {}}),
                                       compiler.name(*definition.setting<std::string>("solution_interest")),
                                       to ? *to : Recipients{}, compiler.name("owner_email"));
}

}  // namespace

const NodeType& notify_sales_node() {
  static const NodeType type{
      .shape =
          {
              .type = "notify_sales",
              .summary =
                  "Hands the account's buying group to sales: a summary with its completeness, missing roles and "
                  "members, by e-mail.",
              .short_form = "solution_interest",
              .keys =
                  {
                      {.name = "solution_interest",
                       .kind = KeyKind::solution_interest,
                       .required = true,
                       .summary = "Whose buying group."},
                      {.name = "to",
                       .kind = KeyKind::recipients,
                       .summary =
                           "Addresses, and expressions that yield one: `[account.owner_email, sales@example.com]`. "
                           "Without it, the account's `owner_email`."},
                  },
              .example = "id: tell-sales\nnotify_sales: {solution_interest: ai-driven-seeds, to: [account.owner_email, "
                         "sales@example.com]}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
