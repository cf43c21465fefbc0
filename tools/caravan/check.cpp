// caravan check: reads a workspace and says everything that is wrong with it.

#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tools/caravan/command.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Reads a workspace and reports everything that is wrong with it, in one run; where it has no errors, its "
    "scenarios as well.\n\n"
    "Each fault is a line `file:line:column: error: what is wrong; what to do`, then the source line with a caret "
    "under the place. Nothing is run, sent or stored. The last line counts what there is, or the faults.\n\n"
    "With --json each fault is an object on a line of its own, with the keys `file`, `line`, `column`, `length` (of "
    "the place, in bytes), `severity` (`error` or `warning`), `message` and `hint` (may be empty). There is no last "
    "line then.\n\n"
    "The exit code is 0 where there are no errors; warnings do not change it.";

constexpr const char* kExamples = R"(Examples
  caravan check                                 the workspace in the current folder
  caravan check samples/ai-driven-seeds
  caravan check --json | jq -r .message)";

struct Options {
  std::string workspace = ".";
  bool json = false;
};

std::string count_of(std::size_t number, std::string_view one, std::string_view many) {
  return counted(static_cast<std::int64_t>(number), one, many);
}

/// All that was looked at. Scenarios are about a workspace without errors: of any other, they are not read.
struct Checked {
  std::unique_ptr<Workspace> workspace;
  ScenarioSet scenarios;
  std::size_t errors() const { return workspace->diagnostics.errors() + scenarios.diagnostics.errors(); }
  std::size_t warnings() const { return workspace->diagnostics.warnings() + scenarios.diagnostics.warnings(); }
  std::size_t left_out() const { return workspace->diagnostics.left_out() + scenarios.diagnostics.left_out(); }
  /// Those of the workspace, then those of the scenarios.
  std::vector<Diagnostic> faults() const {
    std::vector<Diagnostic> all = workspace->diagnostics.sorted();
    for (Diagnostic& each : scenarios.diagnostics.sorted())
      all.push_back(std::move(each));
    return all;
  }
};

std::string inventory(const Workspace& workspace, const ScenarioSet& scenarios) {
  return count_of(workspace.journeys.size(), "journey", "journeys") + ", " +
         count_of(workspace.emails.size(), "mail", "mails") + ", " +
         count_of(workspace.audiences.size(), "audience", "audiences") + ", " +
         count_of(workspace.solution_interests.size(), "solution interest", "solution interests") + ", " +
         count_of(scenarios.scenarios.size(), "scenario", "scenarios");
}

std::string summary(const Checked& found) {
  if (found.errors() > 0) return faults_counted(found.errors(), found.warnings());
  const std::string warnings = found.warnings() == 0 ? "" : ", " + count_of(found.warnings(), "warning", "warnings");
  return inventory(*found.workspace, found.scenarios) + ": no errors" + warnings;
}

void print_for_people(const Checked& found) {
  const Terminal& terminal = Terminal::output();
  const Colour colour = terminal.has_colours() ? Colour::always : Colour::never;
  for (const Diagnostic& each : found.faults())
    std::cout << render(each, colour);
  if (found.left_out() > 0) std::cout << "and " << found.left_out() << " more\n";
  const Style style = found.errors() > 0 ? Style::bad : found.warnings() > 0 ? Style::warning : Style::good;
  std::cout << terminal.paint(style, summary(found)) << std::endl;
}

void print_for_programs(const Checked& found) {
  for (const Diagnostic& each : found.faults()) {
    const Position position = position_of(each.place);
    boost::json::object line;
    line["file"] = each.place.file == nullptr ? std::string() : each.place.file->path;
    line["line"] = position.line;
    line["column"] = position.column;
    line["length"] = each.place.length;
    line["severity"] = each.severity == Severity::error ? "error" : "warning";
    line["message"] = each.message;
    line["hint"] = each.hint;
    std::cout << boost::json::serialize(line) << "\n";
  }
  std::cout.flush();
}

ExitCode check(const Options& options) {
  ScratchNames names;
  Checked checked;
  checked.workspace = look_at_workspace({options.workspace, ""}, names);
  if (checked.errors() == 0) checked.scenarios = look_at_scenarios(*checked.workspace, names);
  if (options.json) {
    print_for_programs(checked);
  } else {
    print_for_people(checked);
  }
  return checked.errors() == 0 ? ExitCode::success : ExitCode::faults;
}

}  // namespace

void add_check(CLI::App& app, ExitCode& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("check", "Says what is wrong with a workspace");
  command->description(kDescription);
  command->footer(kExamples);
  command
      ->add_option("workspace,-w,--workspace", options->workspace,
                   "The workspace's folder (default: the current folder)")
      ->type_name("DIR");
  command->add_flag("--json", options->json, "Faults as JSON, one object a line");
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace caravan::tools
