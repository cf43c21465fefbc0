#pragma once
// A workspace's scenarios, loaded once and run on all cores.

#include "engine/harness/scenario_run.hpp"
#include "engine/name_book.hpp"

namespace caravan {

/// A workspace with its scenarios. Where either has errors there is nothing to run.
struct TestSuite {
  NameBook names;
  std::shared_ptr<const Workspace> workspace;
  ScenarioSet scenarios;
  std::chrono::nanoseconds loading{};

  std::size_t errors() const { return workspace->diagnostics.errors() + scenarios.diagnostics.errors(); }
};

/// Loads them from a workspace's folder; with probes where conditions are to be covered.
std::unique_ptr<TestSuite> load_suite(const std::filesystem::path& folder, Probes probes);

/// Which scenarios are run; empty: all.
struct ScenarioChoice {
  std::string filter;   ///< stands in its name, its row or its file, whatever the case of letters
  std::string journey;  ///< its journey
};
std::vector<const ScenarioDefinition*> chosen(const ScenarioSet& set, const ScenarioChoice& choice);

/// `an order is late (#3 friday)`
std::string title_of(const ScenarioDefinition& scenario);

/// What came of a run.
struct TestRun {
  std::vector<ScenarioResult> results;  ///< in the order of files and places
  std::optional<Coverage> coverage;
  std::chrono::nanoseconds loading{};
  std::chrono::nanoseconds running{};

  std::size_t failed() const;
};

/// Called on the thread that runs, now and then, with how many are done; false ends the run before its end.
using RunProgress = std::function<bool(std::size_t done)>;

/// Runs them on as many threads as there are cores. What a thread throws is thrown here.
TestRun run_scenarios(TestSuite& suite, std::span<const ScenarioDefinition* const> scenarios, Probes probes,
                      const RunProgress& progress);

}  // namespace caravan
