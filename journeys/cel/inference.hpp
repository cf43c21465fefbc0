#pragma once
// Type inference: which types fit where, and what type parameters turn out to be.

#include <map>
#include <string>
#include <vector>

#include "journeys/cel/type.hpp"

namespace caravan::cel {

class Inference {
 public:
  /// A type that is not known yet.
  Type unknown();
  /// The type with each parameter (`A`) replaced by an unknown, the same for the same name in `parameters`.
  Type instantiate(const Type& type, std::map<std::string, Type, std::less<>>& parameters);

  /// Whether a value of type `source` may stand where `target` is wanted; finds out unknowns on the way, also when it
  /// fails.
  bool assignable(const Type& target, const Type& source);
  /// The type that both fit, or dyn.
  Type join(const Type& left, const Type& right);
  /// The type as far as it is known: one level, or all the way down with what is left unknown as dyn.
  Type shallow(const Type& type) const;
  Type resolved(const Type& type) const;

  /// What is known, to go back to when an overload does not fit.
  using Knowledge = std::vector<Type>;
  const Knowledge& knowledge() const { return known_; }
  void restore(Knowledge knowledge) { known_ = std::move(knowledge); }

 private:
  bool occurs(std::uint32_t variable, const Type& type) const;
  bool bind(const Type& variable, const Type& type);

  Knowledge known_;  ///< by variable number; a variable that stands for itself is not known yet
};

}  // namespace caravan::cel
