// deactivate: takes the account or its people out of a destination's audience.

#include "nodes/rosters.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_roster(definition, compiler, RosterKind::destination, Movement::out);
}

}  // namespace

const NodeType& deactivate_node() {
  static const NodeType type{
      .shape =
          {
              .type = "deactivate",
              .summary = "Takes the people in scope, or the account, out of the audience of a destination.",
              .short_form = "destination",
              .keys =
                  {
                      {.name = "destination",
                       .kind = KeyKind::destination,
                       .required = true,
                       .summary = "The destination: one of `destinations` in caravan.yaml."},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Which people, as a condition on `person`; everybody without it. Of a destination of "
                                  "accounts: the account comes out when it holds for anybody.",
                       .scope = Scope::person},
                  },
              .example = "id: stop-ads\ndeactivate: linkedin\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
