// caravan snapshot: a copy of a database without its journal, for replays to begin with.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "storage/snapshots.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Takes a snapshot of a database that no engine runs on: a copy of all that it holds, without the journal, in the "
    "folder NAME.db-snapshots beside it. A replay can begin with it.\n"
    "`caravan serve` takes snapshots by itself, as often as `journal: {keep: ...}` in caravan.yaml needs them.";

constexpr const char* footer = R"(Examples
  caravan snapshot -w my-workspace
  caravan snapshot --database caravan.db --json

What snapshots are for, and how long the journal is kept: `caravan help operations`.)";

struct Options {
  DataOptions data;
  bool as_json = false;
};

/// With the writer's lock in hand. The next to run the database begins with an entry that says so, whoever it is.
StoreSnapshot take_snapshot(const std::filesystem::path& database) {
  open_for_reading(database);  // tells how data gets there
  try {
    const auto store = open_sqlite(database, OpenMode::write);
    remove_half_snapshots(database);
    return pin_sqlite(database)->write();
  } catch (const StoreInUse& error) {
    throw Failure(ExitCode::environment, std::string(error.what()) +
                                             ", or let it take its own: `caravan serve` does so as often as "
                                             "`journal: {keep: ...}` needs it; no snapshot was taken");
  }
}

ExitCode snapshot(const Options& options) {
  const StoreSnapshot taken = take_snapshot(database_file(options.data));
  if (options.as_json) {
    std::cout << boost::json::serialize(boost::json::object{
                     {"file", taken.file.string()}, {"through", taken.through}, {"bytes", taken.bytes}})
              << "\n";
  } else {
    std::cout << taken.file.string() << ": through entry " << with_separators(taken.through) << " of the journal, "
              << human_bytes(taken.bytes) << "\n";
  }
  return ExitCode::success;
}

}  // namespace

void add_snapshot(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("snapshot", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = snapshot(*options); });
}

}  // namespace caravan::tools
