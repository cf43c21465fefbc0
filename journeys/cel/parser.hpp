#pragma once
// Text to syntax tree. Hand-written, and bounded: neither length nor nesting nor size can exceed the limits given.

#include <string_view>
#include <vector>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/limits.hpp"
#include "journeys/cel/program.hpp"

namespace caravan::cel {

struct ParseOptions {
  bool macros = true;
  Limits limits{};
};

/// The tree, or nullptr with the fault added to `diagnostics`.
ExpressionPtr parse(std::string_view source, const ParseOptions& options, std::vector<Diagnostic>& diagnostics);

/// Turns a call into the macro it is, where it is one; a call that only looks like one (a variable that is not a name)
/// throws SyntaxError.
ExpressionPtr expand_macro(ExpressionPtr call);

}  // namespace caravan::cel
