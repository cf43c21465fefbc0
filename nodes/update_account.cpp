// update_account: sets attributes of the account to computed values.

#include "nodes/attribute_updates.hpp"
#include "nodes/registry.hpp"

namespace caravan {
namespace {

class UpdateAccount final : public Node {
 public:
  explicit UpdateAccount(AttributeUpdates updates) : updates_(std::move(updates)) {}

  Step visit(Scene& scene) const override {
    bool changed = false;
    if (!is_stand_in(scene.account())) {
      for (const auto& [attribute, value] : updates_.values(scene, nullptr))
        changed |= scene.set_account(attribute, value);
    }
    return Advance{.outcome = changed ? VisitOutcome::done : VisitOutcome::nobody};
  }

 private:
  AttributeUpdates updates_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return std::make_unique<UpdateAccount>(AttributeUpdates(definition, compiler));
}

}  // namespace

const NodeType& update_account_node() {
  static const NodeType type{
      .shape =
          {
              .type = "update_account",
              .summary =
                  "Sets attributes of the account to computed values, all computed before the first is set. `null` "
                  "takes an attribute out; one whose value cannot be computed stays as it is.",
              .short_form = "set",
              .keys = {{.name = "set",
                        .kind = KeyKind::values,
                        .required = true,
                        .summary = "Attributes of the account, each with an expression. Text is quoted twice: "
                                   "`tier: '\"gold\"'`.",
                        .names_attributes = true}},
              .example = "id: mark\nupdate_account:\n  tier: '\"gold\"'\n  marked_at: now\n  trial_ends: 'null'\n",
              .check = check_attribute_updates,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
