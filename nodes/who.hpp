#pragma once
// Who, of the people in scope, a node is about: everybody, or those for whom a condition holds.

#include "nodes/node.hpp"

namespace caravan {

/// An expression of a node by its key; null where the author wrote none.
inline std::shared_ptr<const cel::Program> program_of(const NodeDefinition& definition, std::string_view key) {
  const auto* expression = definition.setting<Expression>(key);
  return expression ? expression->program : nullptr;
}

/// What came of a visit that had to be done to somebody.
inline Advance done_to(bool anybody) {
  return Advance{.outcome = anybody ? VisitOutcome::done : VisitOutcome::nobody};
}

class Who {
 public:
  explicit Who(const NodeDefinition& definition, std::string_view key = "who")
      : condition_(program_of(definition, key)) {}

  bool is_everybody() const { return !condition_; }

  /// Calls `act(person)` for each of them, by id. Whether any of the calls gave true.
  template <class Act>
  bool any(Scene& scene, Act&& act) const {
    bool anybody = false;
    for (const PersonRecord& person : scene.people()) {
      if (!condition_ || scene.holds_for(*condition_, person)) anybody |= act(person);
    }
    return anybody;
  }

 private:
  std::shared_ptr<const cel::Program> condition_;  ///< null: everybody
};

}  // namespace caravan
