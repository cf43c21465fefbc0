// caravan replay: what the journal says was given to the engine is done again, and compared with what came of it.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "storage/archive.hpp"
#include "storage/snapshots.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/report/replay_report.hpp"
#include "tools/caravan/terminal/progress.hpp"
#include "tools/caravan/what_if.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Does again what a database's journal says that the engine was given, in virtual time and against the same "
    "journeys, and compares every visit, delivery and final state with what the database holds.\n"
    "With --with WORKSPACE it asks what if: what would have come of the same inputs, had the workspace been another "
    "one.\n"
    "Nothing is sent, and the database is only read; an engine may be running on it.";

constexpr const char* footer = R"(Examples
  caravan replay caravan.db
  caravan replay -w my-workspace --json | jq .first_difference
  caravan replay caravan.db --with proposal
  caravan replay caravan.db --with proposal --accounts sales/ai-driven-seeds

Exit codes
  0  there is no difference
  1  there is one, or the journal cannot be replayed
With --with: 0, whatever the difference; 1 where the workspace has faults or the journal cannot be replayed.
See `caravan help replay` and `caravan help what-if`.)";

struct Options {
  DataOptions data;
  WhatIfOptions what_if;  ///< with the folder, and whether it is JSON, of both
};

/// One bar for each thing that is done after the other.
class Bars {
 public:
  void update(std::string_view label, std::int64_t done, std::optional<std::int64_t> total, std::int64_t items) {
    if (label != label_) {
      label_ = label;
      bar_.reset();
      bar_.emplace(label_, total ? std::optional(static_cast<std::uint64_t>(*total)) : std::nullopt);
    }
    bar_->update(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(items));
  }
  void clear() { bar_.reset(); }

 private:
  std::string label_;
  std::optional<Progress> bar_;
};

ReplayReport replay(const std::filesystem::path& database, Store& production, const std::filesystem::path& folder) {
  const std::unique_ptr<Reader> reader = production.reader();
  const std::vector<StoreSnapshot> snapshots = snapshots_of(database);
  const std::optional<StoreSnapshot> base = replay_base(snapshots, reader->journal_range().first);
  ScratchStore scratch(folder, base ? base->file : std::filesystem::path());
  Bars bars;
  ReplayReport report;
  report.replayed =
      Replay(*reader, scratch.store()).run([&](std::int64_t entries, std::int64_t of, std::int64_t inputs) {
        bars.update("inputs replayed", entries, of, inputs);
      });
  const std::unique_ptr<Reader> replayed = archived_reader(scratch.file(), database);
  report.comparison =
      compare_replay({production, *reader}, {scratch.store(), *replayed},
                     [&](std::string_view what, std::int64_t done) { bars.update(what, done, std::nullopt, done); });
  bars.clear();
  return report;
}

ExitCode run(const Options& options) {
  const std::filesystem::path database = database_file(options.data);
  if (!options.what_if.workspace.empty()) return what_if(database, options.what_if);
  const auto store = open_for_reading(database);
  ReplayReport report;
  try {
    report = replay(database, *store, options.what_if.folder);
  } catch (const ReplayError& error) {
    throw Failure(ExitCode::faults, database.string() + ": " + error.what());
  }
  if (options.what_if.as_json) {
    std::cout << boost::json::serialize(as_json(report)) << "\n";
  } else {
    std::cout << as_text(report, Terminal::output());
  }
  return report.is_same() ? ExitCode::success : ExitCode::faults;
}

}  // namespace

void add_replay(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("replay", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  command
      ->add_option("database,-d,--database", options->data.database,
                   "The database, instead of the one that the workspace's caravan.yaml names")
      ->type_name("DATABASE");
  command->add_option("-w,--workspace", options->data.workspace, "The workspace's folder (default: the current folder)")
      ->type_name("DIR");
  command
      ->add_option("--folder", options->what_if.folder,
                   "Where the replay keeps its own database, as large as the other; the system's temporary folder by "
                   "default")
      ->type_name("DIR");
  command->add_flag("--json", options->what_if.as_json, "As one JSON object, with both timelines whole");
  add_what_if_options(*command, options->what_if);
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace caravan::tools
