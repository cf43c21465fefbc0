#pragma once
// What add_to_list, remove_from_list, activate and deactivate have in common: accounts or people, by what the list or
// destination of caravan.yaml is of, are put into it or taken out.

#include "nodes/registry.hpp"

namespace caravan {

enum class Movement { in, out };

/// A node with the key of that kind's name (`list`, `destination`) and `who`.
std::unique_ptr<Node> compile_roster(const NodeDefinition& definition, NodeCompiler& compiler, RosterKind kind,
                                     Movement movement);

}  // namespace caravan
