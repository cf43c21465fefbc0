// end: the journey ends here.

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
              .summary = "The journey ends here for this account.",
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
