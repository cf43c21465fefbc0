// assign_to_buying_group: people join the account's buying group, in a given role or in the one that the role
// template's conditions give them.

#include "nodes/registry.hpp"
#include "nodes/who.hpp"

namespace caravan {
namespace {

struct Role {
  NameId name;
  std::shared_ptr<const cel::Program> when;  ///< null: nobody by condition
};

class AssignToBuyingGroup final : public Node {
 public:
  AssignToBuyingGroup(NameId interest, Who who, std::optional<NameId> role, std::vector<Role> roles)
      : interest_(interest), who_(std::move(who)), role_(role), roles_(std::move(roles)) {}

  Step visit(Scene& scene) const override {
    if (is_stand_in(scene.account())) return done_to(false);
    return done_to(who_.any(scene, [&](const PersonRecord& person) {
      const std::optional<NameId> role = role_ ? role_ : role_by_condition(scene, person);
      return role && scene.assign(interest_, person, *role);
    }));
  }

 private:
  std::optional<NameId> role_by_condition(Scene& scene, const PersonRecord& person) const {
    for (const Role& role : roles_) {
      if (role.when && scene.holds_for(*role.when, person)) return role.name;
    }
    return std::nullopt;
  }

  NameId interest_;
  Who who_;
  std::optional<NameId> role_;
  std::vector<Role> roles_;  ///< in order of priority
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  const std::string& interest = *definition.setting<std::string>("solution_interest");
  const auto* role = definition.setting<std::string>("role");
  const Workspace& workspace = compiler.workspace();
  std::vector<Role> roles;
  const std::string& role_template = workspace.solution_interests.at(interest).role_template;
  for (const RoleDefinition& each : workspace.role_templates.at(role_template).roles) {
    roles.push_back({compiler.name(each.name), each.when ? each.when->program : nullptr});
  }
  return std::make_unique<AssignToBuyingGroup>(compiler.name(interest), Who(definition),
                                               role ? std::optional(compiler.name(*role)) : std::nullopt,
                                               std::move(roles));
}

}  // namespace

const NodeType& assign_to_buying_group_node() {
  static const NodeType type{
      .shape =
          {
              .type = "assign_to_buying_group",
              .summary = "People in scope join the account's buying group, which is made where there is none.",
              .short_form = "solution_interest",
              .keys =
                  {
                      {.name = "solution_interest",
                       .kind = KeyKind::solution_interest,
                       .required = true,
                       .summary = "Whose buying group."},
                      {.name = "role",
                       .kind = KeyKind::role,
                       .summary =
                           "The role they get. Without it, the first role of the template whose `when` holds for "
                           "them; those for whom none holds do not join."},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Who joins, as a condition on `person`; everybody without it.",
                       .scope = Scope::person},
                  },
              .example = "id: find-influencers\nassign_to_buying_group:\n  solution_interest: ai-driven-seeds\n  role: "
                         "influencer\n  who: 'person.title.contains(\"Agronom\")'\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
