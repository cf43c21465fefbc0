// remove_from_buying_group: people leave the account's buying group, and are remembered as removed.

#include "nodes/registry.hpp"
#include "nodes/who.hpp"

namespace caravan {
namespace {

class RemoveFromBuyingGroup final : public Node {
 public:
  RemoveFromBuyingGroup(NameId interest, Who who) : interest_(interest), who_(std::move(who)) {}

  Step visit(Scene& scene) const override {
    return done_to(who_.any(scene, [&](const PersonRecord& person) { return scene.unassign(interest_, person); }));
  }

 private:
  NameId interest_;
  Who who_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return std::make_unique<RemoveFromBuyingGroup>(compiler.name(*definition.setting<std::string>("solution_interest")),
                                                 Who(definition));
}

}  // namespace

const NodeType& remove_from_buying_group_node() {
  static const NodeType type{
      .shape =
          {
              .type = "remove_from_buying_group",
              .summary =
                  "People in scope leave the account's buying group. The role template's conditions do not bring them "
                  "back; another journey or a hand may. Whom a hand has put there stays.",
              .short_form = "solution_interest",
              .keys =
                  {
                      {.name = "solution_interest",
                       .kind = KeyKind::solution_interest,
                       .required = true,
                       .summary = "Whose buying group."},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Who leaves, as a condition on `person`; everybody without it.",
                       .scope = Scope::person},
                  },
              .example = "id: forget-leavers\nremove_from_buying_group:\n  solution_interest: ai-driven-seeds\n  who: "
                         "person.has_left == true\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
