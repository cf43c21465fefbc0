// split: the account, or the person for whom it runs, takes the first path whose condition holds.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class Split final : public Node {
 public:
  explicit Split(std::vector<std::shared_ptr<const cel::Program>> conditions) : conditions_(std::move(conditions)) {}

  Step visit(Scene& scene) const override {
    for (std::size_t path = 0; path < conditions_.size(); ++path) {
      if (!conditions_[path] || scene.holds(*conditions_[path])) {
        return Advance{.path = PathIndex{static_cast<std::uint16_t>(path)}};
      }
    }
    return Leave{};
  }

 private:
  std::vector<std::shared_ptr<const cel::Program>> conditions_;  ///< by path; null: everyone else
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  std::vector<std::shared_ptr<const cel::Program>> conditions;
  for (const PathDefinition& path : definition.paths)
    conditions.push_back(path.when ? path.when->program : nullptr);
  return std::make_unique<Split>(std::move(conditions));
}

}  // namespace

const NodeType& split_node() {
  static const NodeType type{
      .shape =
          {
              .type = "split",
              .summary =
                  "The account, or in a people split the person, takes the first path whose `when` holds; who matches "
                  "none leaves the journey.",
              .short_form = "paths",
              .keys = {{.name = "paths",
                        .kind = KeyKind::paths,
                        .required = true,
                        .summary =
                            "At most 25 paths, tried top to bottom. The last may have no `when`: everyone else."}},
              .continues = Continues::by_paths,
              .paths = PathShape{.minimum = 1, .maximum = 25},
              .example = R"(id: by-size
split:
  - path: enterprise
    when: account.employees >= 1000
    nodes: []
  - path: others
    nodes: []
)",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
