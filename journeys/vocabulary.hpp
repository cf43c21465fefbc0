#pragma once
// The names that an author's expressions may use, and what they mean to the checker: variables, their attributes, and
// the functions of the domain (group, person.role, ...). What they yield comes from `Facts`, which the engine supplies.

#include "journeys/cel/environment.hpp"
#include "journeys/cel/value.hpp"
#include "journeys/workspace.hpp"

namespace caravan {

/// The variables, in the order of their slots.
enum class Variable : std::uint8_t { account, people, person, event, journey, now };

/// What a buying group answers to an expression. Percentages are 0 to 100.
struct GroupFacts {
  double completeness = 0;
  std::int64_t members = 0;
  std::vector<std::string_view> missing_roles;
};

/// What the engine knows about the subject at hand; one evaluation asks it for what the expression reads and no more.
class Facts {
 public:
  virtual ~Facts() = default;
  virtual cel::Value variable(Variable variable, cel::Evaluation& evaluation) = 0;
  virtual bool has_group(std::string_view interest) = 0;
  /// Nothing when the account has no such group; the expression then fails with `no buying group "x"`.
  virtual std::optional<GroupFacts> group(std::string_view interest) = 0;
  virtual std::int64_t group_members(std::string_view interest, std::string_view role) = 0;
  /// The role of a person object in the account's group, empty for none.
  virtual std::string_view role(const cel::Value& person, std::string_view interest) = 0;
};

}  // namespace caravan
