#pragma once
// The compiled form of an expression: a tree of small immutable nodes, each of which yields a value or an error value.
// The planner builds it; the factories below are grouped by the file that defines their nodes.

#include <memory>
#include <string>
#include <vector>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/environment.hpp"
#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/program.hpp"

namespace caravan::cel {

/// What one evaluation works on.
struct Frame {
  Evaluation& evaluation;
  Activation& activation;
  Value* locals;  ///< the macros' variables, by place
};

class Node {
 public:
  virtual ~Node() = default;
  /// Never throws, never absent. An error has its place in the text by the time it leaves the node it arose in.
  virtual Value evaluate(Frame& frame) const = 0;
  /// The value, when it is always the same.
  virtual const Value* constant() const { return nullptr; }
};
using NodePtr = std::unique_ptr<const Node>;

// leaves.cpp
NodePtr make_constant(Value value);
NodePtr make_local(std::uint32_t place);
NodePtr make_variable(Slot slot, std::string name, std::uint32_t offset);
/// A node that always fails, for names that are not known.
NodePtr make_failure(ErrorCode code, std::string message, std::uint32_t offset);

// access.cpp
enum class Presence { required, optional };
NodePtr make_field(NodePtr target, std::shared_ptr<const ObjectType> type, FieldId field, Value name, Presence presence,
                   std::uint32_t offset);
/// The same of a variable, in one step.
NodePtr make_variable_field(Slot slot, std::shared_ptr<const ObjectType> type, FieldId field, Value name,
                            Presence presence, std::uint32_t offset);
NodePtr make_select(NodePtr target, Value name, Presence presence, std::uint32_t offset);
NodePtr make_index(NodePtr target, NodePtr index, Presence presence, std::uint32_t offset);
NodePtr make_has(NodePtr target, std::shared_ptr<const ObjectType> type, FieldId field, Value name,
                 std::uint32_t offset);

// logic.cpp
NodePtr make_logical(Form form, std::vector<NodePtr> parts, std::vector<std::uint32_t> offsets);
NodePtr make_not(NodePtr operand, std::uint32_t offset);
NodePtr make_conditional(NodePtr condition, NodePtr yes, NodePtr no, std::uint32_t offset);
/// `or` and `orValue`: the alternative is evaluated only when there is no value.
NodePtr make_alternative(NodePtr optional, NodePtr alternative, bool unwrap, std::uint32_t offset);

// comparison.cpp
NodePtr make_comparison(Operator operation, NodePtr left, NodePtr right, std::uint32_t offset);
NodePtr make_membership(NodePtr item, NodePtr container, std::uint32_t offset);

// calls.cpp
NodePtr make_call(const Function& function, std::vector<NodePtr> arguments, std::uint32_t offset);
NodePtr make_host_call(std::string name, std::vector<std::shared_ptr<const HostOverload>> overloads,
                       const Function* builtin, std::vector<NodePtr> arguments, std::uint32_t offset);
NodePtr make_extreme(Order wanted, std::string_view name, std::vector<NodePtr> arguments, std::uint32_t offset);
/// `text.matches(pattern)` with a pattern known now. nullptr, and the reason in `fault`, when it is no pattern.
NodePtr make_matches(NodePtr text, std::string_view pattern, std::uint32_t offset, std::string& fault);

// literals.cpp
NodePtr make_list(std::vector<NodePtr> elements, std::vector<bool> optional, std::uint32_t offset);
NodePtr make_map(std::vector<NodePtr> keys_and_values, std::vector<bool> optional, std::uint32_t offset);

// loops.cpp
struct Loop {
  Macro macro;
  NodePtr range;
  NodePtr filter;  ///< may be missing
  NodePtr body;    ///< of `filter`, missing
  std::uint32_t first_local;
  bool two_variables;
  std::uint64_t cost;  ///< of one turn
  std::uint32_t offset;
};
NodePtr make_loop(Loop loop);
NodePtr make_binding(NodePtr value, NodePtr body, std::uint32_t local);
NodePtr make_optional_map(NodePtr optional, NodePtr body, std::uint32_t local, bool flat, std::uint32_t offset);

}  // namespace caravan::cel
