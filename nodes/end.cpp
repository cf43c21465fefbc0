// end: the journey ends here; in a people split, a person's way through it.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class End final : public Node {
 public:
  Step visit(Scene&) const override { return Finish{}; }
};

std::unique_ptr<Node> compile(const NodeDefinition&, NodeCompiler&) {
  return std::make_unique<End>();
}

}  // namespace

const NodeType& end_node() {
  static const NodeType type{
      .shape =
          {
              .type = "end",
              .summary =
                  "The journey ends here for the account. In a people split only this person's way ends, and the "
                  "account goes on behind the split.",
              .short_form = "",
              .keys = {},
              .continues = Continues::nowhere,
              .example = "id: enough\nend:\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
