#pragma once
// Runs a scenario and says what came of it: held, or which expectation failed, where, what was expected and what was
// there, with the account's timeline.

#include "engine/harness/coverage.hpp"
#include "engine/harness/rehearsal.hpp"
#include "journeys/scenario.hpp"

namespace caravan {

/// A difference, line by line.
struct DiffLine {
  enum class Kind { same, expected, actual } kind = Kind::same;
  std::string text;
};
/// `- ` before what was expected, `+ ` before what was there, blanks before what is the same.
std::string to_text(const DiffLine& line);

struct ScenarioFailure {
  Place place;          ///< of the step, or of the key within it that does not hold
  std::string step;     ///< `expect`, `event`, ...
  std::string subject;  ///< `account acme`
  std::string what;     ///< `path`, `sent`, `holds`; `refused` for a step that the engine refused
  std::string message;  ///< a sentence: what was expected and what was there
  std::vector<DiffLine> diff;
  std::vector<std::string> timeline;  ///< of the account, a line a happening, with times
};

/// `file:line:column: what is wrong`, the difference and the timeline, line by line. Ends with a line break.
std::string to_text(const ScenarioFailure& failure);

struct ScenarioResult {
  const ScenarioDefinition* scenario = nullptr;
  std::optional<ScenarioFailure> failure;  ///< the first: what follows would follow from it
  Instant ended{};                         ///< in virtual time
  std::size_t steps = 0;                   ///< that were done
  std::chrono::nanoseconds took{};         ///< on the machine's clock, for reports only
};

/// Runs one scenario. `coverage`, where there is one, takes in what was visited. Safe from several threads at once,
/// each with a Coverage of its own.
ScenarioResult run_scenario(const ScenarioDefinition& scenario, std::shared_ptr<const Workspace> workspace,
                            NameBook& names, Coverage* coverage = nullptr);

}  // namespace caravan
