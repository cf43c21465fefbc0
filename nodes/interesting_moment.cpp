// interesting_moment: says that something worth telling sales about has happened.

#include "nodes/registry.hpp"
#include "nodes/who.hpp"

namespace caravan {
namespace {

class InterestingMoment final : public Node {
 public:
  InterestingMoment(std::string kind, std::string description, std::optional<Who> who)
      : kind_(std::move(kind)), description_(std::move(description)), who_(std::move(who)) {}

  Step visit(Scene& scene) const override {
    if (!who_) {
      raise(scene, scene.person());
      return Advance{};
    }
    return done_to(who_->any(scene, [&](const PersonRecord& person) {
      raise(scene, &person);
      return true;
    }));
  }

 private:
  void raise(Scene& scene, const PersonRecord* person) const {
    scene.raise("interesting_moment", {{"kind", {kind_}}, {"description", {description_}}}, person);
  }

  std::string kind_;
  std::string description_;
  std::optional<Who> who_;  ///< none: whom it runs for, else the account
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  const bool has_who = definition.settings.contains("who");
  return std::make_unique<InterestingMoment>(*definition.setting<std::string>("type"),
                                             *definition.setting<std::string>("description"),
                                             has_who ? std::optional<Who>(definition) : std::nullopt);
}

}  // namespace

const NodeType& interesting_moment_node() {
  static const NodeType type{
      .shape =
          {
              .type = "interesting_moment",
              .summary =
                  "Notes something worth telling sales about: an event `interesting_moment` with the properties `kind` "
                  "and `description`, of the person where the node runs for one, else of the account.",
              .short_form = "",
              .keys =
                  {
                      {.name = "type",
                       .kind = KeyKind::choice,
                       .required = true,
                       .summary = "What kind of moment; `event.kind` in expressions.",
                       .choices = {"email", "milestone", "web"}},
                      {.name = "description",
                       .kind = KeyKind::text,
                       .required = true,
                       .summary = "What has happened, in a sentence as sales will read it."},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Whose moment it is, as a condition on `person`: one event for each of them.",
                       .scope = Scope::person},
                  },
              .example = "id: noticed\ninteresting_moment: {type: milestone, description: Asked for a demo a second "
                         "time}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
