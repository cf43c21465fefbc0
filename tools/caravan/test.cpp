// caravan test: a workspace's scenarios, run in virtual time.

#include <cerrno>
#include <fstream>
#include <iostream>
#include <system_error>

#include <boost/json/serialize.hpp>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/report/coverage_report.hpp"
#include "tools/caravan/report/test_report.hpp"
#include "tools/caravan/terminal/progress.hpp"
#include "tools/caravan/test_watch.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Runs the scenarios of a workspace: journeys in virtual time, with nothing sent and nothing stored.\n\n"
    "Each file of scenarios/ is a line. Of a scenario that does not hold its step is shown with its line, what was "
    "expected against what was there, and the timeline of the account. Nothing runs where the workspace or its "
    "scenarios have faults; they are printed as `caravan check` does.";

constexpr const char* kExamples = R"(Coverage
  A journey's points are its nodes, the paths of its splits (and the way of those who match none), its time-outs, and
  the two outcomes of every condition and of the parts that && || ! and ?: join in it. --min holds all of them
  together, of all journeys or of the one that --journey names, to a figure.

Examples
  caravan test                                  all scenarios of the workspace in the current folder
  caravan test samples/ai-driven-seeds --watch  and again whenever a file is saved
  caravan test --filter "hand raise"            those with these words in their name, row or file
  caravan test --coverage --min 90              and what no scenario has taken; fails below 90 %
  caravan test --journey seeds --picture seeds.dot && dot -Tsvg -O seeds.dot
  caravan test --junit report.xml --lcov coverage.info
                                                for continuous integration, genhtml and editors

Exit codes
  0  every scenario holds
  1  one does not, the workspace or a scenario has faults, there are none, or coverage is below --min
See `caravan help testing`.)";

struct Options {
  std::string workspace = ".";
  ScenarioChoice choice;
  bool tap = false;
  bool json = false;
  bool watch = false;
  bool coverage = false;
  std::string junit;
  std::string picture;
  std::string lcov;
  std::optional<double> least;

  bool covers() const { return coverage || !picture.empty() || !lcov.empty() || least; }
  Probes probes() const { return covers() ? Probes::conditions : Probes::none; }
  /// For people, not for a program that reads it.
  bool is_prose() const { return !tap && !json; }
};

/// Ends before its time, with what it has, when this says so.
using MustEnd = std::function<bool()>;

void write_file(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::system_error(errno, std::generic_category(), path);
}

DiagramFormat format_of_picture(const std::string& file) {
  const std::string extension = std::filesystem::path(file).extension().string();
  if (extension == ".mmd" || extension == ".mermaid") return DiagramFormat::mermaid;
  if (extension == ".dot" || extension == ".gv") return DiagramFormat::dot;
  throw Failure(ExitCode::usage, "is the picture " + file + " to be Mermaid or DOT? Name it .mmd or .dot");
}

/// The journey of the picture: the one that was named, or the only one.
const JourneyDefinition& journey_of_picture(const Workspace& workspace, const Options& options) {
  if (!options.choice.journey.empty()) return journey_named(workspace, options.choice.journey);
  if (workspace.journeys.size() == 1) return workspace.journeys.begin()->second;
  throw Failure(ExitCode::usage, "a picture shows one journey: name it with --journey");
}

void check_options(const Options& options) {
  if (options.watch && !options.is_prose())
    throw Failure(ExitCode::usage, "--watch is for people: leave --tap and --json out");
  if (!options.picture.empty()) format_of_picture(options.picture);
}

ExitCode report_faults(const TestSuite& suite, const Options& options) {
  const bool in_workspace = suite.workspace->diagnostics.errors() > 0;
  const Diagnostics& faults = in_workspace ? suite.workspace->diagnostics : suite.scenarios.diagnostics;
  print_diagnostics(faults);
  if (options.tap) std::cout << "TAP version 14\nBail out! The workspace has faults\n" << std::flush;
  if (!options.junit.empty()) write_file(options.junit, junit_of_faults(faults));
  return ExitCode::faults;
}

Failure nothing_to_run(const TestSuite& suite, const Options& options) {
  const std::string root = suite.workspace->root.string();
  if (suite.scenarios.scenarios.empty()) {
    return {ExitCode::faults,
            "there are no scenarios in " + root +
                "; write one into scenarios/ (`caravan help scenarios`), or let `caravan explore` write them"};
  }
  std::string what;
  if (!options.choice.journey.empty()) what = " of the journey \"" + options.choice.journey + "\"";
  if (!options.choice.filter.empty()) what += " with \"" + options.choice.filter + "\" in name, row or file";
  return {ExitCode::usage, "there is no scenario" + what + " in " + root};
}

TestRun run_chosen(TestSuite& suite, std::span<const ScenarioDefinition* const> scenarios, const Options& options,
                   const MustEnd& must_end) {
  Progress bar("scenarios", scenarios.size());
  return run_scenarios(suite, scenarios, options.probes(), [&](std::size_t done) {
    bar.update(done, done);
    return !must_end();
  });
}

/// As TAP's comments.
std::string commented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += end == 0 ? "#\n" : "# " + std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void print(const TestRun& run, const Options& options) {
  const Terminal& terminal = Terminal::output();
  const std::string& journey = options.choice.journey;
  if (options.json) {
    std::cout << boost::json::serialize(as_json(run, journey)) << "\n";
  } else if (options.tap) {
    std::cout << as_tap(run);
    if (options.coverage) std::cout << commented(as_text(*run.coverage, journey, Terminal::plain()));
  } else {
    std::cout << as_text(run, terminal);
    if (options.coverage) std::cout << "\n" << as_text(*run.coverage, journey, terminal);
  }
  std::cout.flush();
}

void write_files(const TestSuite& suite, const TestRun& run, const Options& options) {
  if (!options.junit.empty()) write_file(options.junit, as_junit(run));
  if (!options.lcov.empty()) write_file(options.lcov, lcov_of(*run.coverage, options.choice.journey));
  if (options.picture.empty()) return;
  const JourneyDefinition& journey = journey_of_picture(*suite.workspace, options);
  write_file(options.picture, picture_of(*run.coverage, journey, format_of_picture(options.picture),
                                         suite.workspace->configuration.timezone));
}

/// `80`, `99.5`
std::string spoken(double percent) {
  std::ostringstream out;
  out << percent;
  return out.str();
}

void hold_to_least(const TestRun& run, const Options& options) {
  if (!options.least) return;
  const Coverage::Figure all = run.coverage->figure(options.choice.journey);
  if (static_cast<double>(all.taken) * 100.0 >= *options.least * static_cast<double>(all.of)) return;
  throw Failure(ExitCode::faults, "coverage is " + percent_of(all) + ", and --min asks for " + spoken(*options.least) +
                                      " %: " + with_separators(all.of - all.taken) + " of " + with_separators(all.of) +
                                      " points are not taken" + (options.coverage ? "" : "; --coverage names them"));
}

/// Loads, runs and reports.
ExitCode test(const Options& options, const MustEnd& must_end) {
  const std::unique_ptr<TestSuite> suite = load_suite(workspace_folder(options.workspace), options.probes());
  if (suite->errors() > 0) return report_faults(*suite, options);
  if (!options.choice.journey.empty()) journey_named(*suite->workspace, options.choice.journey);
  if (!options.picture.empty()) journey_of_picture(*suite->workspace, options);
  const std::vector<const ScenarioDefinition*> scenarios = chosen(suite->scenarios, options.choice);
  if (scenarios.empty()) throw nothing_to_run(*suite, options);
  const TestRun run = run_chosen(*suite, scenarios, options, must_end);
  print(run, options);
  write_files(*suite, run, options);
  hold_to_least(run, options);
  return run.failed() == 0 ? ExitCode::success : ExitCode::faults;
}

/// The exit code is that of the last round. What a round cannot do is said, and the next one tries again.
ExitCode test_and_watch(const Options& options) {
  ExitCode code = ExitCode::success;
  watch_and_run(options.workspace, [&](EndOfWatch& end) {
    try {
      bool is_broken_off = false;
      const ExitCode result = test(options, [&] { return is_broken_off = is_broken_off || end.has_come(); });
      // A round that was broken off says nothing.
      if (!is_broken_off) code = result;
    } catch (const Failure& failure) {
      code = failure.code();
      std::cerr << Terminal::error().paint(Style::bad, "caravan: ") << printable(failure.what()) << std::endl;
    } catch (const std::exception& error) {  // a file that cannot be written, a folder that is being replaced
      code = ExitCode::faults;
      std::cerr << Terminal::error().paint(Style::bad, "caravan: ") << printable(error.what()) << std::endl;
    }
  });
  return code;
}

void add_output_options(CLI::App& command, Options& options) {
  CLI::Option* tap = command.add_flag("--tap", options.tap, "TAP version 14 on standard output");
  CLI::Option* json = command.add_flag("--json", options.json, "One JSON object on standard output");
  tap->excludes(json);
  command.add_option("--junit", options.junit, "Writes JUnit XML into a file as well")->type_name("FILE");
}

void add_coverage_options(CLI::App& command, Options& options) {
  command.add_flag("--coverage", options.coverage,
                   "Says what is taken of each journey, and what no scenario has taken");
  command
      .add_option("--min", options.least,
                  "Fails where less than so many percent of all points together (see Coverage below) are taken")
      ->check(number_between(0, 100))
      ->type_name("PERCENT");
  command.add_option("--lcov", options.lcov, "Writes coverage over the YAML lines, for genhtml and the like")
      ->type_name("FILE");
  command
      .add_option("--picture", options.picture,
                  "Writes the journey's picture, coloured by coverage: Mermaid (.mmd) or Graphviz (.dot)")
      ->type_name("FILE");
}

}  // namespace

void add_test(CLI::App& app, ExitCode& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("test", "Runs a workspace's scenarios, and says what they cover");
  command->description(kDescription);
  command->footer(kExamples);
  command
      ->add_option("workspace,-w,--workspace", options->workspace,
                   "The workspace's folder (default: the current folder)")
      ->type_name("DIR");
  command
      ->add_option("--filter", options->choice.filter,
                   "Only scenarios with this text in their name, their row or their file's name")
      ->type_name("TEXT");
  command->add_option("--journey", options->choice.journey, "Only scenarios of this journey")->type_name("JOURNEY");
  command->add_flag("--watch", options->watch, "Runs again whenever a file of the workspace is saved");
  add_output_options(*command, *options);
  add_coverage_options(*command, *options);
  command->callback([options, &exit_code] {
    check_options(*options);
    exit_code = options->watch ? test_and_watch(*options) : test(*options, [] { return false; });
  });
}

}  // namespace caravan::tools
