#pragma once
// Finds values with which conditions come to what is wanted of them.

#include <random>

#include "engine/harness/explore_proof.hpp"
#include "journeys/scenario.hpp"

namespace caravan::exploring {

/// Looks for values among those that are worth a try. The same questions in the same order have the same answers.
class Solver {
 public:
  /// Both outlive it; the leaves have been evaluated.
  Solver(const Leaves& leaves, const SchemaDefinition& schema) : leaves_(leaves), schema_(schema) {}

  /// The values that bring all of it, absent ones left out; nothing where none are found. What values do not decide is
  /// taken to be as it must.
  std::optional<std::map<Quality, ScenarioValue>> solve(const std::vector<Wanted>& wanted);

 private:
  struct Choice;
  void choices_among(const std::set<std::size_t>& used, std::vector<Choice>& choices, std::vector<std::size_t>& free);

  const Leaves& leaves_;
  const SchemaDefinition& schema_;
  std::mt19937 random_{2026};
};

/// The type that the schema, or for what Caravan knows itself the table of events, gives an attribute.
AttributeType type_of(const SchemaDefinition& schema, const Quality& quality);

/// A value as a scenario writes it; nothing for what it cannot write, or what is not of the schema's type.
std::optional<ScenarioValue> to_scenario_value(AttributeInput value, AttributeType type);

}  // namespace caravan::exploring
