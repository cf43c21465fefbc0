#include "tools/caravan/what_if.hpp"

#include <iostream>

#include <boost/json/serialize.hpp>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/report/what_if_report.hpp"
#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {
namespace {

WhatIfWorld run(const std::filesystem::path& database, const Workspace& workspace, const std::string& folder) {
  open_for_reading(database);  // tells how data gets there
  try {
    std::optional<Progress> bar;
    return run_what_if({database, folder, workspace.texts, workspace.root}, [&](std::int64_t done, std::int64_t of) {
      if (!bar) bar.emplace("entries", static_cast<std::uint64_t>(of));
      bar->update(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(done));
    });
  } catch (const ReplayError& error) {
    throw Failure(ExitCode::faults, database.string() + ": " + error.what());
  }
}

/// Prints who stands behind a figure, a line each.
void print_accounts(WhatIfWorld& world, const std::string& figure) {
  std::int64_t printed = 0;
  const WhatIfReport report =
      compare(world, {}, [&](const std::string& found, const std::string& subject, const std::string& how) {
        if (found != figure) return;
        ++printed;
        std::cout << how << "\t" << printable(subject) << "\n";
      });
  std::cout << std::flush;
  const bool is_known = printed > 0 || std::any_of(report.figures.begin(), report.figures.end(),
                                                   [&](const auto& each) { return to_text(each.key) == figure; });
  if (is_known) return;
  const std::string meant = did_you_mean(figure, figure_names(report));
  throw Failure(ExitCode::usage,
                "no figure \"" + figure + "\" differs" +
                    (meant.empty() ? "; see `" + program_name() + " help what-if` for their names" : "; " + meant));
}

}  // namespace

void add_what_if_options(CLI::App& command, WhatIfOptions& options) {
  CLI::Option* with =
      command
          .add_option("--with", options.workspace,
                      "What if: against this workspace instead of what was published; says what would be different")
          ->type_name("DIR");
  command
      .add_option("--accounts", options.figure,
                  "With --with: prints who stands behind a figure that differs, such as seeds/path/by-size/large")
      ->type_name("FIGURE")
      ->needs(with)
      ->excludes("--json");
  CLI::Option* picture =
      command
          .add_option("--picture", options.picture,
                      "With --with: prints the picture of a journey, before and after at each node and path")
          ->type_name("JOURNEY")
          ->needs(with)
          ->excludes("--json")
          ->excludes("--accounts");
  command.add_option("--format", options.format, "Of the picture: mermaid (default) or dot")
      ->check(one_of({"mermaid", "dot"}))
      ->type_name("FORMAT")
      ->needs(picture);
}

ExitCode what_if(const std::filesystem::path& database, const WhatIfOptions& options) {
  ScratchNames names;
  const std::unique_ptr<Workspace> workspace = look_at_workspace({options.workspace, ""}, names);
  if (workspace->diagnostics.errors() > 0) {
    print_diagnostics(*workspace);
    return ExitCode::faults;
  }
  const JourneyDefinition* picture = options.picture.empty() ? nullptr : &journey_named(*workspace, options.picture);
  WhatIfWorld world = run(database, *workspace, options.folder);
  if (!options.figure.empty()) {
    print_accounts(world, options.figure);
    return ExitCode::success;
  }
  const WhatIfReport report = compare(world);
  if (picture != nullptr) {
    const DiagramFormat format = options.format == "dot" ? DiagramFormat::dot : DiagramFormat::mermaid;
    std::cout << as_picture(report, *picture, format, workspace->configuration.timezone);
  } else if (options.as_json) {
    std::cout << boost::json::serialize(as_json(report)) << "\n";
  } else {
    std::cout << as_text(report, *workspace, Terminal::output());
  }
  return ExitCode::success;
}

}  // namespace caravan::tools
