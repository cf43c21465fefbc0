// split_people: each of the account's people takes the first path that holds for them; all come together after it.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class SplitPeople final : public Node {
 public:
  explicit SplitPeople(std::vector<std::shared_ptr<const cel::Program>> conditions)
      : conditions_(std::move(conditions)) {}

  Step visit(Scene& scene) const override {
    if (const PersonRecord* person = scene.person()) {
      const PathIndex path = path_of(scene, *person);
      return Advance{path, path == kNoPath ? VisitOutcome::nobody : VisitOutcome::done};
    }
    Fork fork;
    for (const PersonRecord& person : scene.people()) {
      const PathIndex path = path_of(scene, person);
      if (path != kNoPath) fork.branches.push_back({person.id, path});
    }
    return fork;
  }

 private:
  /// kNoPath for a person who matches none.
  PathIndex path_of(Scene& scene, const PersonRecord& person) const {
    for (std::size_t path = 0; path < conditions_.size(); ++path) {
      if (!conditions_[path] || scene.holds_for(*conditions_[path], person))
        return PathIndex{static_cast<std::uint16_t>(path)};
    }
    return kNoPath;
  }

  std::vector<std::shared_ptr<const cel::Program>> conditions_;  ///< by path; null: everyone else
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  std::vector<std::shared_ptr<const cel::Program>> conditions;
  for (const PathDefinition& path : definition.paths)
    conditions.push_back(path.when ? path.when->program : nullptr);
  return std::make_unique<SplitPeople>(std::move(conditions));
}

}  // namespace

const NodeType& split_people_node() {
  static const NodeType type{
      .shape =
          {
              .type = "split_people",
              .summary =
                  "Each person takes the first path whose `when` holds for them, and whatever stands in it runs for "
                  "that person. All come together after the split; who matches no path goes past. Where it runs for "
                  "one person already, it splits for that person.",
              .short_form = "paths",
              .keys = {{.name = "paths",
                        .kind = KeyKind::paths,
                        .required = true,
                        .summary = "At most 25 paths, tried top to bottom for each person; `when` is a condition on "
                                   "`person`. The last may have no `when`: everyone else.",
                        .scope = Scope::person}},
              .continues = Continues::by_paths,
              .paths = PathShape{.minimum = 1, .maximum = 25, .people = ForPeople::always},
              .example = R"(id: by-role
split_people:
  - path: deciders
    when: person.role("ai-driven-seeds") == "decision_maker"
    nodes:
      - id: reflect
        wait: 2d
      - id: reassure
        send_email: reassure
  - path: others
    nodes:
      - id: inform
        send_email: inform
)",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
