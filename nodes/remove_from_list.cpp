// remove_from_list: takes the account or its people out of a static list.

#include "nodes/rosters.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_roster(definition, compiler, RosterKind::list, Movement::out);
}

}  // namespace

const NodeType& remove_from_list_node() {
  static const NodeType type{
      .shape =
          {
              .type = "remove_from_list",
              .summary =
                  "Takes the people in scope out of a static list, or the account where the list is one of accounts.",
              .short_form = "list",
              .keys =
                  {
                      {.name = "list",
                       .kind = KeyKind::list,
                       .required = true,
                       .summary = "The list: one of `lists` in caravan.yaml."},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Which people, as a condition on `person`; everybody without it. Of a list of "
                                  "accounts: the account comes out when it holds for anybody.",
                       .scope = Scope::person},
                  },
              .example = "id: let-go\nremove_from_list: event-guests\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
