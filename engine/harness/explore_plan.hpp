#pragma once
// A plan is what an exploration tries: an account with its people, and what happens to them one after the other. A run
// of one is a rehearsal that can be looked at between two steps, so that the next step can be chosen by where it
// stands.

#include "engine/harness/coverage.hpp"
#include "engine/harness/rehearsal.hpp"
#include "journeys/scenario.hpp"

namespace caravan::exploring {

/// One thing that happens. Nothing: time goes on until something is due.
using PlanStep = std::optional<ScenarioStep>;

struct Plan {
  Instant at{};
  std::vector<ScenarioAccount> accounts;
  std::vector<ScenarioPerson> people;
  std::vector<PlanStep> steps;
};

/// What all runs share. All of it outlives them.
struct Ground {
  std::shared_ptr<const Workspace> workspace;  ///< without errors, loaded with probes
  NameBook& names;
  const JourneyDefinition& journey;
  const Coverage& nothing_taken;  ///< of the workspace
};

/// Which points of a journey something takes, by their position among all.
using Taken = std::set<std::size_t>;

class PlanRun {
 public:
  /// Begins with what is given, and does no step yet.
  PlanRun(const Ground& ground, const Plan& given);
  PlanRun(const PlanRun&) = delete;
  PlanRun& operator=(const PlanRun&) = delete;

  /// Whether all that was given was taken; else the plan is none.
  bool is_sound() const { return is_sound_; }
  /// False, and nothing is done, where the engine refuses it or nothing is due.
  bool step(const PlanStep& step);
  /// Takes steps that are refused out of the plan.
  void do_all(std::vector<PlanStep> steps);

  /// What was done, for as long as the run goes.
  const Plan& plan() const { return plan_; }
  Rehearsal& rehearsal() { return rehearsal_; }
  /// The tokens of the journey, of the first account and its people, oldest first.
  std::vector<TokenRecord> tokens();
  /// The id of the node where a token stands, or stood last.
  std::string node_of(const TokenRecord& token);

  /// What has been taken of the journey so far. To be asked once, at the end.
  Taken taken();
  /// The steps with their times, as a scenario writes them, and behind them what came of it.
  ScenarioDefinition scenario();

 private:
  std::vector<ExpectStep> expectations();
  ExpectStep expectation_of(const TokenRecord* newest, const std::string& person);
  void add_messages(ExpectStep& expect, PersonId person);
  void pass(Instant to);

  const Ground& ground_;
  Plan plan_;
  std::vector<ScenarioStep> written_;  ///< by what was done, times among them
  Coverage coverage_;
  Rehearsal rehearsal_;
  bool is_sound_ = true;
};

}  // namespace caravan::exploring
