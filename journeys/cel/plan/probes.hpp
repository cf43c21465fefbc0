#pragma once
// Where probes sit in an expression, and their node.

#include <vector>

#include "journeys/cel/plan/node.hpp"
#include "journeys/cel/probes.hpp"

namespace caravan::cel {

/// The expression itself and those of its parts whose outcomes count, the outer before the inner.
std::vector<const Expression*> conditions_of(const Expression& root);

/// Yields what `watched` does, and tells the thread's Probing.
NodePtr make_probe(NodePtr watched, std::uint32_t number);

}  // namespace caravan::cel
