// update_buying_group: moves the account's buying group to another stage, or gives it a status.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class UpdateBuyingGroup final : public Node {
 public:
  UpdateBuyingGroup(NameId interest, NameId stage, NameId status)
      : interest_(interest), stage_(stage), status_(status) {}

  Step visit(Scene& scene) const override {
    const bool changed = scene.update_group(interest_, stage_, status_);
    return Advance{.outcome = changed ? VisitOutcome::done : VisitOutcome::nobody};
  }

 private:
  NameId interest_;
  NameId stage_;   ///< 0: stays as it is
  NameId status_;  ///< 0: stays as it is
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  const auto number_of = [&](std::string_view key) {
    const auto* name = definition.setting<std::string>(key);
    return name ? compiler.name(*name) : NameId{};
  };
  return std::make_unique<UpdateBuyingGroup>(number_of("solution_interest"), number_of("stage"), number_of("status"));
}

void check(const NodeDefinition& definition, Diagnostics& diagnostics) {
  const auto status = definition.settings.find("status");
  if (status == definition.settings.end() && !definition.settings.contains("stage")) {
    diagnostics.error(definition.place, "`update_buying_group` changes nothing", "add `stage` or `status`");
  } else if (status != definition.settings.end() && definition.setting<std::string>("status")->empty()) {
    diagnostics.error(status->second.place, "a status has a name", "take `status` out to leave it as it is");
  }
}

}  // namespace

const NodeType& update_buying_group_node() {
  static const NodeType type{
      .shape =
          {
              .type = "update_buying_group",
              .summary =
                  "Moves the account's buying group to another stage, gives it a status, or both. A stage that the "
                  "stage model does not allow from where the group is, is refused and noted on the account's timeline.",
              .short_form = "",
              .keys =
                  {
                      {.name = "solution_interest",
                       .kind = KeyKind::solution_interest,
                       .required = true,
                       .summary = "Whose buying group."},
                      {.name = "stage",
                       .kind = KeyKind::stage,
                       .summary = "The stage it goes to, one of the solution interest's stage model."},
                      {.name = "status", .kind = KeyKind::text, .summary = "The status it gets, in your own words."},
                  },
              .example = "id: engaged\nupdate_buying_group: {solution_interest: ai-driven-seeds, stage: Engaged, "
                         "status: working}\n",
              .check = check,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
