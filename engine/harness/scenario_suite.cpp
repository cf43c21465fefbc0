#include "engine/harness/scenario_suite.hpp"

#include "engine/message_check.hpp"
#include "nodes/registry.hpp"

namespace caravan {
namespace {

using Steady = std::chrono::steady_clock;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool fits(const ScenarioDefinition& scenario, const ScenarioChoice& choice) {
  if (!choice.journey.empty() && scenario.journey != choice.journey) return false;
  return contains(title_of(scenario), choice.filter) || contains(scenario.place.file->path, choice.filter);
}

/// What the threads of a run share.
class Run {
 public:
  Run(TestSuite& suite, std::span<const ScenarioDefinition* const> scenarios, const RunProgress& progress)
      : suite_(suite), scenarios_(scenarios), progress_(progress), results_(scenarios.size()) {}

  /// On every thread; `coverage` is the thread's own.
  void work(Coverage* coverage, bool is_first) {
    try {
      for (std::size_t next = next_++; next < scenarios_.size() && !is_over_; next = next_++) {
        results_[next] = run_scenario(*scenarios_[next], suite_.workspace, suite_.names, coverage);
        const std::size_t done = ++done_;
        if (is_first && !progress_(done)) is_over_ = true;
      }
    } catch (...) {
      is_over_ = true;
      const std::lock_guard lock(mutex_);
      if (!fault_) fault_ = std::current_exception();
    }
  }

  /// Those that were run.
  std::vector<ScenarioResult> take() {
    if (fault_) std::rethrow_exception(fault_);
    std::erase_if(results_, [](const ScenarioResult& result) { return result.scenario == nullptr; });
    return std::move(results_);
  }

 private:
  TestSuite& suite_;
  std::span<const ScenarioDefinition* const> scenarios_;
  const RunProgress& progress_;
  std::vector<ScenarioResult> results_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> done_ = 0;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  std::exception_ptr fault_;
};

}  // namespace

std::unique_ptr<TestSuite> load_suite(const std::filesystem::path& folder, Probes probes) {
  const Steady::time_point began = Steady::now();
  auto suite = std::make_unique<TestSuite>();
  std::unique_ptr<Workspace> workspace = load_workspace(folder, node_shapes(), suite->names, {}, probes);
  check_messages(*workspace);
  if (workspace->diagnostics.errors() == 0) {
    suite->scenarios =
        load_scenarios(*workspace, {.shapes = node_shapes(), .names = suite->names, .also_check = check_messages});
  }
  suite->workspace = std::move(workspace);
  suite->loading = Steady::now() - began;
  return suite;
}

std::vector<const ScenarioDefinition*> chosen(const ScenarioSet& set, const ScenarioChoice& choice) {
  std::vector<const ScenarioDefinition*> scenarios;
  for (const ScenarioDefinition& scenario : set.scenarios) {
    if (fits(scenario, choice)) scenarios.push_back(&scenario);
  }
  return scenarios;
}

std::string title_of(const ScenarioDefinition& scenario) {
  return scenario.row.empty() ? scenario.name : scenario.name + " (" + scenario.row + ")";
}

std::size_t TestRun::failed() const {
  return static_cast<std::size_t>(std::count_if(results.begin(), results.end(),
                                                [](const ScenarioResult& each) { return each.failure.has_value(); }));
}

TestRun run_scenarios(TestSuite& suite, std::span<const ScenarioDefinition* const> scenarios, Probes probes,
                      const RunProgress& progress) {
  const Steady::time_point began = Steady::now();
  TestRun done;
  done.loading = suite.loading;
  if (probes == Probes::conditions) done.coverage.emplace(*suite.workspace);
  const std::size_t cores = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  const std::size_t others = std::min(cores, std::max<std::size_t>(1, scenarios.size())) - 1;
  std::vector<std::optional<Coverage>> coverages(others, done.coverage);
  Run run(suite, scenarios, progress);
  {
    std::vector<std::jthread> threads;
    for (std::optional<Coverage>& coverage : coverages)
      threads.emplace_back([&run, own = coverage ? &*coverage : nullptr] { run.work(own, false); });
    run.work(done.coverage ? &*done.coverage : nullptr, true);
  }
  done.results = run.take();
  for (const std::optional<Coverage>& coverage : coverages) {
    if (coverage) done.coverage->add(*coverage);
  }
  done.running = Steady::now() - began;
  return done;
}

}  // namespace caravan
