#pragma once
// From a checked syntax tree to nodes: chooses the node for each expression, computes now what does not depend on the
// evaluation, and notes what the program reads.

#include <optional>
#include <vector>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/plan/node.hpp"
#include "journeys/cel/probes.hpp"

namespace caravan::cel {

/// What a Program holds.
class Plan {
 public:
  Arena constants;  ///< outlives the nodes, which point into it
  NodePtr root;
  std::uint32_t local_count = 0;
  Type type;
  Reads reads;
  std::optional<Value> constant;
  std::string text;
  std::vector<Condition> conditions;  ///< by probe; none where there are no probes
};

class Planner {
 public:
  Planner(Plan& plan, const Environment& environment, std::vector<Diagnostic>* diagnostics)
      : plan_{plan}, environment_{environment}, diagnostics_{diagnostics} {}

  /// From here on conditions get probes, numbered from `first`: those of `root`, which outlives the planner.
  void probe(const Expression& root, std::uint32_t first);
  /// Fills in everything but the type and the text.
  void run(const Expression& root);

 private:
  NodePtr build(const Expression& e);
  NodePtr build_form(const Expression& e);
  std::vector<NodePtr> build_all(const Expression& e, std::size_t first);
  NodePtr identifier(const Expression& e);
  NodePtr literal(const Expression& e);
  NodePtr select(const Expression& e);
  NodePtr index(const Expression& e);
  NodePtr call(const Expression& e);
  NodePtr builtin_call(const Expression& e, std::size_t first);
  NodePtr matches(const Expression& e, std::size_t first);
  NodePtr macro(const Expression& e);
  NodePtr loop(const Expression& e);
  NodePtr folded(NodePtr node);
  NodePtr watched(NodePtr node, const Expression& e);

  Value keep_text(std::string_view text);
  void read_variable(Slot slot);
  void read_field(const std::shared_ptr<const ObjectType>& type, FieldId field, std::string_view name);
  void read_from(const Expression& target);
  bool is_data(const Expression& e);
  bool note_locals(const Expression& e);
  void read_call(const Expression& e);

  Plan& plan_;
  const Environment& environment_;
  std::vector<Diagnostic>* diagnostics_;   ///< null when nothing is to be reported
  std::uint64_t built_ = 0;                ///< nodes so far; what a loop's body adds is its cost
  std::uint64_t dynamic_ = 0;              ///< reads of the evaluation so far; none in a part means that it is constant
  std::uint32_t lowest_local_ = 0;         ///< the outermost macro variable used in the part being built
  std::uint32_t scope_ = 0;                ///< macro variables in scope
  std::vector<bool> data_locals_;          ///< by place: macro variables that hold no host object
  std::vector<const Expression*> probed_;  ///< the whole first
  std::uint32_t first_probe_ = 0;
};

/// The value with everything it points to copied into the arena; nullopt when it does not fit or holds a host object.
std::optional<Value> copy_into(Arena& arena, const Value& value);

}  // namespace caravan::cel
