// update_person: sets attributes of every person in scope to computed values.

#include "nodes/attribute_updates.hpp"
#include "nodes/registry.hpp"

namespace caravan {
namespace {

class UpdatePerson final : public Node {
 public:
  explicit UpdatePerson(AttributeUpdates updates) : updates_(std::move(updates)) {}

  Step visit(Scene& scene) const override {
    bool changed = false;
    for (const PersonRecord& person : scene.people()) {
      for (const auto& [attribute, value] : updates_.values(scene, &person))
        changed |= scene.set_person(person, attribute, value);
    }
    return Advance{.outcome = changed ? VisitOutcome::done : VisitOutcome::nobody};
  }

 private:
  AttributeUpdates updates_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return std::make_unique<UpdatePerson>(AttributeUpdates(definition, compiler));
}

}  // namespace

const NodeType& update_person_node() {
  static const NodeType type{
      .shape =
          {
              .type = "update_person",
              .summary =
                  "Sets attributes of every person in scope to values computed for each of them. `null` takes an "
                  "attribute out; one whose value cannot be computed stays as it is.",
              .short_form = "set",
              .keys = {{.name = "set",
                        .kind = KeyKind::values,
                        .required = true,
                        .summary =
                            "Attributes of people, each with an expression that may use `person`. For some people "
                            "only, put the node into a `split_people`.",
                        .scope = Scope::person,
                        .names_attributes = true}},
              .example = "id: greet-by\nupdate_person:\n  greeting: '\"Dear \" + person.first_name'\n  greeted_at: "
                         "now\n",
              .check = check_attribute_updates,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
