// caravan publish: makes what the files say now what the engine runs, and shows before what that changes.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "tools/caravan/engine_command.hpp"
#include "tools/caravan/report/publication_text.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Publishes the journeys of a workspace: the engine runs what was published, whatever the files say later.\n"
    "A journey that has changed, or whose mails, audiences or buying groups have, becomes a new version. New entries "
    "take it; accounts under way stay on theirs, unless --move takes them along. A journey that the workspace no "
    "longer "
    "has is closed. It first shows what changes; --dry-run does no more than that.";

constexpr const char* footer = R"(Examples
  caravan publish my-workspace --dry-run           what would change, and who stands where
  caravan publish my-workspace                     all journeys
  caravan publish my-workspace welcome             one of them; a closed one takes entries again
  caravan publish my-workspace --move --gone leave accounts under way go along; who stands at a node that is gone leaves

Versions, and what moving means node by node: `caravan help life`.
Exit code 1 when the workspace has faults, or when accounts under way cannot be moved.)";

struct Options {
  CommandOptions command;
  std::string first;  ///< what stands first without an option's name: the workspace, where no option names it
  std::vector<std::string> journeys;
  bool is_dry_run = false;
  bool moves = false;
  std::string gone;
};

Publish publication_of(const Options& options, std::shared_ptr<const Workspace> workspace) {
  Publish publish;
  publish.workspace = std::move(workspace);
  publish.journeys = options.journeys;
  if (options.moves) publish.under_way = Publish::UnderWay::move;
  publish.gone = options.gone;
  return publish;
}

void check_names(const Options& options, const Workspace& workspace) {
  if (!options.gone.empty() && !options.moves) {
    throw Failure(ExitCode::usage, "--gone goes with --move: without it nobody is moved");
  }
  std::vector<std::string> known;
  for (const auto& [name, journey] : workspace.journeys)
    known.push_back(name);
  for (const std::string& name : options.journeys) {
    if (workspace.journeys.contains(name)) continue;
    const std::string meant = did_you_mean(name, known);
    throw Failure(ExitCode::usage,
                  "the workspace has no journey \"" + name + "\"" + (meant.empty() ? "" : "; " + meant));
  }
}

/// The last line: what was done, or would be.
std::string outcome_of(const Options& options, const PublicationReport& report, const std::string& refused) {
  if (!refused.empty()) return {};
  const auto number = static_cast<std::int64_t>(report.changes());
  if (options.is_dry_run) {
    return number == 0 ? "Nothing would change.\n"
                       : "Nothing was changed: this was a dry run. Without --dry-run, " +
                             counted(number, "journey changes", "journeys change") + ".\n";
  }
  return number == 0 && !options.moves
             ? "Nothing has changed.\n"
             : "Published. `" + program_name() + " serve" + repeated(options.command.data) + "` runs it.\n";
}

ExitCode tell(const Options& options, const PublicationReport& report, const std::string& refused) {
  if (options.command.as_json) {
    boost::json::object object = as_json(report);
    object["dry_run"] = options.is_dry_run;
    object["published"] = !options.is_dry_run && refused.empty();
    object["refused"] = refused;
    std::cout << boost::json::serialize(object) << "\n";
  } else {
    std::cout << as_text(report, Terminal::output()) << outcome_of(options, report, refused) << std::flush;
  }
  if (refused.empty()) return ExitCode::success;
  throw Failure(ExitCode::faults, refused);
}

/// Why it would be refused, with what to do.
std::string refusal_of(const PublicationReport& report) {
  std::string all;
  for (const std::string& refusal : report.refusals())
    all += (all.empty() ? "" : "; ") + refusal;
  if (all.empty()) return {};
  return "nobody can be moved: " + all +
         ". Say what becomes of those whose node is gone: --gone leave, --gone stay, or --gone NODE where they go on";
}

ExitCode dry_run(const Options& options, const Workspace& checked, const std::filesystem::path& database) {
  std::error_code ignored;
  if (!std::filesystem::exists(database, ignored)) {
    PublicationReport report;
    for (const auto& [name, journey] : checked.journeys) {
      if (!options.journeys.empty() &&
          std::find(options.journeys.begin(), options.journeys.end(), name) == options.journeys.end())
        continue;
      JourneyReport& each = report.journeys.emplace_back();
      each.journey = name;
      each.title = journey.title;
    }
    return tell(options, report, {});
  }
  const auto store = open_for_reading(database);
  const auto reader = store->reader();
  NameBook names(*reader);
  const Publish publish = publication_of(options, look_at_workspace(options.command.data, names));
  const PublicationReport report = look_at_publication(*store, *reader, names, publish);
  return tell(options, report, refusal_of(report));
}

/// Makes `store`; where an engine runs on the database, a Failure that names the way without a stop too.
CommandStore& open_for_publication(std::optional<CommandStore>& store, const std::filesystem::path& database,
                                   const Options& options, const Workspace& workspace) {
  try {
    return store.emplace(database, options.command, CommandStore::Make::yes);
  } catch (const Failure& failure) {
    if (failure.code() != ExitCode::environment) throw;
    throw Failure(failure.code(), std::string(failure.what()) +
                                      (workspace.configuration.api.written
                                           ? "; without a stop: POST /v1/publications of its API"
                                           : "; without a stop it publishes over its API, where caravan.yaml has one") +
                                      " (`caravan help api`)");
  }
}

ExitCode publish(const Options& options) {
  // Checked with made-up numbers first, so that a faulty workspace makes no database.
  ScratchNames scratch;
  const std::unique_ptr<Workspace> checked = look_at_workspace(options.command.data, scratch);
  print_diagnostics(*checked);
  if (checked->diagnostics.errors() > 0) return ExitCode::faults;
  check_names(options, *checked);
  const std::filesystem::path database = database_file(options.command.data, *checked);
  if (options.is_dry_run) return dry_run(options, *checked, database);

  std::optional<CommandStore> opened;
  CommandStore& store = open_for_publication(opened, database, options, *checked);
  const Publish publish = publication_of(options, look_at_workspace(options.command.data, store.names()));
  const PublicationReport report = look_at_publication(store.store(), store.reader(), store.names(), publish);
  std::string refused = refusal_of(report);
  // The engine looks once more, and has the last word.
  if (refused.empty()) refused = store.ask(publish).refused;
  return tell(options, report, refused);
}

}  // namespace

void add_publish(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("publish", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  command->add_option("workspace", options->first, "The workspace's folder; with -w, a journey")->type_name("DIR");
  command->add_option("journeys", options->journeys, "Which journeys (default: all)")->type_name("JOURNEY");
  command->add_flag("--dry-run", options->is_dry_run, "Shows what would change, and changes nothing");
  command->add_flag("--move", options->moves, "Takes accounts under way along to the new version, node by node");
  command
      ->add_option("--gone", options->gone,
                   "With --move, what becomes of those whose node is gone: leave, stay, or the node they go on at")
      ->type_name("RULE");
  add_command_options(*command, options->command, Positional::no);
  command->callback([options, &exit_code] {
    if (options->command.data.workspace.empty()) {
      options->command.data.workspace = options->first;
    } else if (!options->first.empty()) {
      options->journeys.insert(options->journeys.begin(), options->first);
    }
    exit_code = publish(*options);
  });
}

}  // namespace caravan::tools
