// add_to_list: puts the account or its people into a static list.

#include "nodes/rosters.hpp"

namespace caravan {
namespace {

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return compile_roster(definition, compiler, RosterKind::list, Movement::in);
}

}  // namespace

const NodeType& add_to_list_node() {
  static const NodeType type{
      .shape =
          {
              .type = "add_to_list",
              .summary = "Puts the people in scope into a static list, or the account where the list is one of "
                         "accounts. Who is in it already stays.",
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
                                  "accounts: the account goes in when it holds for anybody.",
                       .scope = Scope::person},
                  },
              .example = "id: keep-in-mind\nadd_to_list: {list: event-guests, who: person.registered == true}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
