// caravan explore: what no scenario of a journey takes is looked for, and what is found becomes scenarios.

#include "engine/harness/explore.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <system_error>

#include <boost/json/serialize.hpp>

#include "engine/harness/scenario_suite.hpp"
#include "engine/message_check.hpp"
#include "nodes/registry.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/report/explore_report.hpp"
#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Looks for accounts, people and events that take what no scenario takes of a journey, and writes them down as "
    "scenarios: scenarios/explored-JOURNEY.yaml of the workspace. Of the rest it says what nobody can reach, where "
    "that is proved, and what it has not found.\n\n"
    "Values are tried from the conditions themselves, each constant with its neighbours. The same search finds the "
    "same each time. A file that is there is left as it is, unless --force has it written anew.";

constexpr const char* kExamples = R"(Examples
  caravan explore seeds --dry-run                     only says what there is to find
  caravan explore seeds -w samples/ai-driven-seeds    and writes it down
  caravan explore seeds --budget 20000 --seed 7       longer, and along another way
  caravan explore seeds --json --dry-run | jq .unreachable

Exit codes
  0  the search is over, whatever it found
  1  the workspace or a scenario has faults
  2  there is no such journey, or the file is there already and --force is not
See `caravan help exploring`.)";

struct Options {
  std::string journey;
  std::string workspace = ".";
  std::string file;
  std::size_t budget = ExploreSettings().plans;
  std::uint32_t seed = ExploreSettings().seed;
  bool dry_run = false;
  bool force = false;
  bool json = false;
};

std::filesystem::path file_of(const Options& options, const Workspace& workspace) {
  if (!options.file.empty()) return options.file;
  return workspace.root / "scenarios" / ("explored-" + options.journey + ".yaml");
}

bool is_same_file(const std::filesystem::path& left, const std::filesystem::path& right) {
  std::error_code ignored;
  return std::filesystem::equivalent(left, right, ignored);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path().empty() ? "." : path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::system_error(errno, std::generic_category(), path.string());
}

/// What scenarios take, but for those of the file that is written anew.
Coverage covered(TestSuite& suite, const std::filesystem::path& file) {
  std::vector<const ScenarioDefinition*> scenarios;
  for (const ScenarioDefinition& scenario : suite.scenarios.scenarios)
    if (!is_same_file(scenario.place.file->path, file)) scenarios.push_back(&scenario);
  Progress bar("scenarios", scenarios.size());
  TestRun run = run_scenarios(suite, scenarios, Probes::conditions, [&](std::size_t done) {
    bar.update(done, done);
    return true;
  });
  bar.clear();
  if (const std::size_t failed = run.failed(); failed > 0) {
    std::cerr << Terminal::error().paint(Style::warning, "warning: ") << failed
              << (failed == 1 ? " scenario does not hold" : " scenarios do not hold")
              << ": what comes behind its failure counts as not taken; `caravan test` shows it" << std::endl;
  }
  return std::move(*run.coverage);
}

/// Reads and runs what is about to be written. What does not hold is a bug.
void verify(TestSuite& suite, const std::string& text) {
  const ScenarioSet set = load_scenarios(*suite.workspace, {{"scenarios/explored.yaml", text}},
                                         {.shapes = node_shapes(), .names = suite.names, .also_check = check_messages});
  for (const Diagnostic& fault : set.diagnostics.sorted())
    if (fault.severity == Severity::error) throw std::logic_error("what was found is no scenario: " + fault.message);
  for (const ScenarioDefinition& scenario : set.scenarios) {
    const ScenarioResult result = run_scenario(scenario, suite.workspace, suite.names);
    if (result.failure)
      throw std::logic_error("what was found does not hold: " + scenario.name + ": " + result.failure->message);
  }
}

ExitCode run(const Options& options) {
  const std::unique_ptr<TestSuite> suite = load_suite(workspace_folder(options.workspace), Probes::conditions);
  if (suite->errors() > 0) {
    const bool in_workspace = suite->workspace->diagnostics.errors() > 0;
    print_diagnostics(in_workspace ? suite->workspace->diagnostics : suite->scenarios.diagnostics);
    return ExitCode::faults;
  }
  const JourneyDefinition& journey = journey_named(*suite->workspace, options.journey);
  const std::filesystem::path file = file_of(options, *suite->workspace);
  if (!options.dry_run && !options.force && std::filesystem::exists(file)) {
    throw Failure(ExitCode::usage, file.string() +
                                       ": the file is there already: rename it and keep it, name another one with "
                                       "--write, or have it written anew with --force");
  }
  const Coverage before = covered(*suite, options.force ? file : std::filesystem::path());
  Progress bar("plans", options.budget);
  ExploreSettings settings;
  settings.plans = options.budget;
  settings.seed = options.seed;
  settings.progress = [&](std::size_t tried, std::size_t) { bar.update(tried, tried); };
  ExploreReport report;
  report.journey = journey.name;
  report.exploration = explore(suite->workspace, suite->names, journey, before, settings);
  bar.clear();
  const std::string text = to_yaml(report.exploration.found, *suite->workspace);
  verify(*suite, text);
  report.file = file.string();
  report.is_written = !options.dry_run && !text.empty();
  if (report.is_written) write_file(file, text);
  if (options.json)
    std::cout << boost::json::serialize(as_json(report)) << "\n";
  else
    std::cout << as_text(report, Terminal::output());
  std::cout.flush();
  return ExitCode::success;
}

}  // namespace

void add_explore(CLI::App& app, ExitCode& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("explore", "Finds what no scenario of a journey takes, and writes scenarios");
  command->description(kDescription);
  command->footer(kExamples);
  command->add_option("journey", options->journey, "The journey's name")->required()->type_name("JOURNEY");
  command->add_option("-w,--workspace", options->workspace, "The workspace's folder (default: the current folder)")
      ->type_name("DIR");
  CLI::Option* write =
      command->add_option("--write", options->file, "Where to write (default: scenarios/explored-JOURNEY.yaml)")
          ->type_name("FILE");
  CLI::Option* dry_run = command->add_flag("--dry-run", options->dry_run, "Writes nothing");
  CLI::Option* force = command->add_flag("--force", options->force, "Writes a file that is there anew");
  dry_run->excludes(write)->excludes(force);
  command->add_option("--budget", options->budget, "How many plans are tried at most")
      ->check(whole_between(1, 100'000'000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--seed", options->seed, "Another number searches along another way")
      ->capture_default_str()
      ->type_name("N");
  command->add_flag("--json", options->json, "One JSON object on standard output");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace caravan::tools
