// caravan status: the figures of every journey's map, from the store's own counters.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/report/figures_text.hpp"
#include "tools/caravan/report/hints.hpp"
#include "tools/caravan/report/history_figures.hpp"
#include "tools/caravan/report/journal_figures.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Shows how many accounts came through which node and path, where they stand now, and what became of the mails.\n"
    "The figures are counted by the same transaction that makes them true, so this is quick however large the store "
    "is, "
    "and can be asked beside a running engine.";

constexpr const char* footer = R"(Examples
  caravan status my-workspace
  caravan status --database caravan.db --json)";

struct Options {
  DataOptions data;
  bool as_json = false;
};

ExitCode show_status(const Options& options) {
  ScratchNames scratch;
  std::unique_ptr<Workspace> workspace;
  if (options.data.database.empty()) workspace = look_at_workspace(options.data, scratch);
  const std::filesystem::path database =
      workspace ? database_file(options.data, *workspace) : std::filesystem::path(options.data.database);
  const auto store = open_for_reading(database);
  const auto reader = store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*store, names);
  const StoreFigures figures = read_figures(library, *reader);
  const JournalFigures journal = read_journal_figures(*reader, database);
  const HistoryFigures history = read_history_figures(*store, *reader, database);
  if (options.as_json) {
    boost::json::object json = as_json(figures);
    json["journal"] = as_json(journal);
    json["history"] = as_json(history);
    std::cout << boost::json::serialize(json) << "\n";
  } else {
    std::cout << as_text(figures, Terminal::output()) << as_text(journal) << as_text(history)
              << hints_as_text(
                     where_to_look_next(options.data, figures, *reader, workspace ? outbox_of(*workspace) : ""),
                     Terminal::output());
  }
  return ExitCode::success;
}

}  // namespace

void add_status(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("status", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = show_status(*options); });
}

}  // namespace caravan::tools
