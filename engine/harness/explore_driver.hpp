#pragma once
// Drives one run of an exploration: makes up who is there, and step by step decides what happens, so that what is still
// open is come by.

#include <random>

#include "engine/harness/explore_plan.hpp"
#include "engine/harness/explore_recipes.hpp"

namespace caravan::exploring {

/// Whom an account comes with.
enum class Company {
  alone,
  recipe,  ///< whom the recipe asks for, if anybody
  team,    ///< so many of each role as make buying groups complete
  some,    ///< a few, at random
};

/// What a run is after.
struct Aim {
  const Recipe* recipe = nullptr;  ///< none: anything
  Company company = Company::recipe;
  bool late = false;  ///< what the recipe says becomes so later, not before the account enters
  /// Nodes whose listens are to be heard, and those whose time-outs are to be waited for; others are left to chance.
  std::set<std::string> heard;
  std::set<std::string> timed_out;
};

class Driver {
 public:
  Driver(const Ground& ground, const Recipes& recipes, Instant at, std::uint32_t seed)
      : ground_(ground), recipes_(recipes), at_(at), random_(seed) {}

  /// Who is there at first.
  Plan begin(const Aim& aim);
  /// Goes on until everybody has ended, nothing happens any more, or long enough.
  void drive(PlanRun& run, const Aim& aim);

  std::size_t pick(std::size_t among) { return std::uniform_int_distribution<std::size_t>(0, among - 1)(random_); }
  bool once_in(std::size_t times) { return pick(times) == 0; }

 private:
  ScenarioPerson person(std::size_t number, ScenarioFields attributes) const;
  bool enter(PlanRun& run);
  bool go_on(PlanRun& run, const Aim& aim);
  bool listen(PlanRun& run, const Aim& aim, const TokenRecord& token, const std::string& node);
  bool tell(PlanRun& run, const EventRecipe& event, std::int64_t times, PersonId about);
  /// Something that brings the engine to raise an event of a type that nobody else may tell.
  bool stir(PlanRun& run, std::string_view type);
  bool become(PlanRun& run, const Recipe& recipe);
  bool change_something(PlanRun& run);
  bool change_stage(PlanRun& run);
  bool somebody_comes(PlanRun& run);
  std::string any_person(PlanRun& run);

  const Ground& ground_;
  const Recipes& recipes_;
  Instant at_;
  std::mt19937 random_;
};

/// Sets fields, over those of the same names.
void merge_fields(ScenarioFields& to, const ScenarioFields& from);

}  // namespace caravan::exploring
