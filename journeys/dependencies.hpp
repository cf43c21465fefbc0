#pragma once
// What the value of an expression depends on, so that only what could have changed is evaluated again: an audience
// whose condition reads `account.industry` need not be asked when somebody's title changes.

#include "journeys/vocabulary.hpp"

namespace caravan {

/// Anything that is not named here can change without changing the value. Keys are not named: they never change.
struct Dependencies {
  std::vector<std::uint32_t> account_attributes;  ///< by number, sorted
  std::vector<std::uint32_t> person_attributes;   ///< of whoever it is, by number, sorted
  bool any_account_attribute = false;             ///< it looks for attributes by names that only evaluation knows
  bool any_person_attribute = false;
  bool people = false;      ///< it reads `people`, or what somebody is in the account: who joins the account, leaves it
                            ///< or has another role in it counts as well
  bool groups = false;      ///< buying groups and their members
  bool engagement = false;  ///< the engagement of people or groups
  std::vector<std::string> activity_types;  ///< sorted; events of these types
  bool any_activity = false;                ///< of whichever type
  bool time = false;                        ///< it may change by time passing alone: `now`, or a window of activity
  bool event = false;                       ///< it is about the event at hand
  bool person = false;                      ///< it is about the person at hand
  bool operator==(const Dependencies&) const = default;
};

/// Those of a program that was compiled in an environment of the vocabulary. What a program yields is taken to be data:
/// one that yields an account or a person as a whole depends on all of their attributes.
Dependencies dependencies_of(const cel::Program& program, const Vocabulary& vocabulary);

/// Adds those of another expression.
void merge(Dependencies& dependencies, const Dependencies& other);

}  // namespace caravan
