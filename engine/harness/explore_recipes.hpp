#pragma once
// Values with which conditions come to what is wanted of them: for each path, and each outcome of a condition, an
// account, a person or an event that brings it, as far as values alone can.

#include "engine/harness/coverage.hpp"
#include "engine/harness/explore_logic.hpp"
#include "journeys/scenario.hpp"

namespace caravan::exploring {

/// Who or what to try, and for the sake of which point.
struct Recipe {
  CoverPoint target;
  ScenarioFields account;
  std::optional<ScenarioFields> person;  ///< none: the condition says nothing of people
  std::optional<ScenarioFields> event;   ///< properties of the event at hand
};

/// An event that a journey may hear.
struct EventRecipe {
  std::string type;
  ScenarioFields properties;
};

/// Somebody whom a role's condition takes.
struct RoleRecipe {
  std::string solution_interest;
  std::string role;
  std::int64_t members = 1;  ///< so many make it complete
  ScenarioFields person;
};

/// All that a search tries from.
struct Recipes {
  std::vector<Recipe> of_points;
  std::vector<EventRecipe> events;                              ///< each that a condition tells apart
  std::map<std::string, std::vector<EventRecipe>> of_patterns;  ///< by node: events that its listen hears
  std::map<std::string, std::int64_t> at_least;                 ///< by node: how often they must come at most
  std::vector<EventRecipe> of_entry;                            ///< events by which the journey is entered
  std::vector<RoleRecipe> roles;
  ScenarioFields everybody;  ///< attributes that an account has anyway: where sales is reached
  /// What makes a difference anywhere, by attribute.
  std::map<std::string, std::vector<ScenarioValue>> account_values;
  std::map<std::string, std::vector<ScenarioValue>> person_values;
  std::vector<std::pair<std::string, std::string>> stages;  ///< solution interests and stages that are asked for
  std::vector<std::pair<std::string, std::string>> statuses;
};

/// Of a journey of a workspace without errors. `at` is when what is tried begins.
Recipes recipes_of(const Workspace& workspace, const JourneyDefinition& journey, Instant at);

/// Whether somebody outside the engine may say that such an event has happened.
bool may_be_told(std::string_view type);

}  // namespace caravan::exploring
