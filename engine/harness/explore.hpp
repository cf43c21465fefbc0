#pragma once
// Exploration: the search for accounts, people and events that take what no scenario takes of a journey, and the proof
// that some of it nobody can take. What is found is a scenario that holds as it is written.

#include "engine/harness/coverage.hpp"
#include "journeys/scenario.hpp"

namespace caravan {

struct ExploreSettings {
  std::size_t plans = 2'000;  ///< how many are tried at most
  std::uint32_t seed = 1;     ///< the same search for the same seed
  /// Called now and then with how many plans were tried, and how many points are still to be found.
  std::function<void(std::size_t tried, std::size_t open)> progress = {};
};

/// A scenario that was found, and what it takes first.
struct ExploredScenario {
  ScenarioDefinition scenario;  ///< its name says what it reaches
  std::vector<CoverPoint> reaches;
};

/// What nobody has reached.
struct OpenPoint {
  CoverPoint point;
  std::string why;  ///< a sentence without its full stop, where it is proved that nobody can; else empty
};

struct Exploration {
  std::vector<ExploredScenario> found;
  std::vector<OpenPoint> open;  ///< in the order of places, those that are proved and those that are not
  Coverage::Figure before;      ///< of the journey, as scenarios have it
  Coverage::Figure after;       ///< with those that were found
  std::size_t tried = 0;        ///< plans
};

/// Explores a journey. `workspace` has no errors and was loaded with probes and `names`; `covered` is of it, and says
/// what scenarios take already.
Exploration explore(std::shared_ptr<const Workspace> workspace, NameBook& names, const JourneyDefinition& journey,
                    const Coverage& covered, const ExploreSettings& settings = {});

/// A point as a marketer reads it: `by-industry/technology`, `hand-raise times out`, `account.employees >= 1000 is
/// true`.
std::string to_text(const CoverPoint& point);

/// Scenarios as a file, one document each: reading it gives the same again. The workspace says what a name means.
std::string to_yaml(std::span<const ExploredScenario> scenarios, const Workspace& workspace);

}  // namespace caravan
