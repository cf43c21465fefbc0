// activate: puts the account or its people into a destination's audience.

#include "nodes/rosters.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_roster(definition, compiler, RosterKind::destination, Movement::in);
}

}  // namespace

const NodeType& activate_node() {
  static const NodeType type{
      .shape =
          {
              .type = "activate",
              .summary = "Puts the people in scope, or the account, into the audience of a destination, such as an "
                         "advertising platform; a connector reads who is in it and what has changed.",
              .short_form = "destination",
              .keys =
                  {
                      {.name = "destination",
                       .kind = KeyKind::destination,
                       .required = true,
                       .summary = "The destination: one of `destinations` in caravan.yaml, which says whether it takes "
                                  "accounts or people."},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Which people, as a condition on `person`; everybody without it. Of a destination of "
                                  "accounts: the account goes in when it holds for anybody.",
                       .scope = Scope::person},
                  },
              .example = "id: show-ads\nactivate: {destination: linkedin, who: 'person.role(\"ai-driven-seeds\") == "
                         "\"decision_maker\"'}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
