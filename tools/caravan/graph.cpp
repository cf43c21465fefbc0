// caravan graph: a journey as a picture, in text that other programs draw.

#include <iostream>

#include "journeys/diagram.hpp"
#include "tools/caravan/command.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/option_checks.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Prints the picture of a journey: its nodes, its paths and where they lead.\n\n"
    "`mermaid` is what GitHub, GitLab and most wikis draw in a fenced block named mermaid; `dot` is for Graphviz. "
    "The workspace must be free of errors.";

constexpr const char* kExamples = R"(Examples
  caravan graph ai-driven-seeds -w samples/ai-driven-seeds
  caravan graph ai-driven-seeds --format dot | dot -Tsvg -o journey.svg)";

struct Options {
  std::string journey;
  std::string workspace = ".";
  std::string format = "mermaid";
};

ExitCode graph(const Options& options) {
  ScratchNames names;
  const std::unique_ptr<Workspace> workspace = look_at_workspace({options.workspace, ""}, names);
  if (workspace->diagnostics.errors() > 0) {
    print_diagnostics(*workspace);
    return ExitCode::faults;
  }
  const JourneyDefinition& journey = journey_named(*workspace, options.journey);
  const DiagramFormat format = options.format == "dot" ? DiagramFormat::dot : DiagramFormat::mermaid;
  DiagramFigures figures;
  figures.timezone = workspace->configuration.timezone;
  std::cout << diagram_of(journey, format, figures) << std::flush;
  return ExitCode::success;
}

}  // namespace

void add_graph(CLI::App& app, ExitCode& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("graph", "Prints a journey as a Mermaid or DOT picture");
  command->description(kDescription);
  command->footer(kExamples);
  command->add_option("journey", options->journey, "The journey's name")->required()->type_name("JOURNEY");
  command->add_option("-w,--workspace", options->workspace, "The workspace's folder (default: the current folder)")
      ->type_name("DIR");
  command->add_option("--format", options->format, "mermaid (default) or dot")
      ->check(one_of({"mermaid", "dot"}))
      ->type_name("FORMAT");
  command->callback([options, &exit_code] { exit_code = graph(*options); });
}

}  // namespace caravan::tools
