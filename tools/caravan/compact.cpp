// caravan compact: gives the room that a database does not need any more back to the file system.

#include "storage/compact.hpp"

#include <iostream>

#include <boost/json/serialize.hpp>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Writes a database that no engine runs on anew, without the room in it that nothing needs any more. From then on "
    "`caravan serve` gives back by itself what it lets go.\n"
    "It takes room for two copies of what is in the database, on the same disk, until it is done.";

constexpr const char* footer = R"(Examples
  caravan compact -w my-workspace
  caravan compact --database caravan.db --json

How old history is let go: `caravan help operations`.)";

struct Options {
  DataOptions data;
  bool as_json = false;
};

CompactedStore compact_offline(const std::filesystem::path& database) {
  open_for_reading(database);  // tells how data gets there
  try {
    return compact_sqlite(database);
  } catch (const StoreInUse& error) {
    throw Failure(ExitCode::environment, std::string(error.what()) + "; nothing was compacted");
  }
}

ExitCode compact(const Options& options) {
  const std::filesystem::path database = database_file(options.data);
  const CompactedStore compacted = compact_offline(database);
  if (options.as_json) {
    std::cout << boost::json::serialize(boost::json::object{
                     {"file", database.string()}, {"bytes_before", compacted.before}, {"bytes", compacted.after}})
              << "\n";
  } else {
    std::cout << database.string() << ": " << human_bytes(compacted.after) << ", was " << human_bytes(compacted.before)
              << "\n";
  }
  return ExitCode::success;
}

}  // namespace

void add_compact(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("compact", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = compact(*options); });
}

}  // namespace caravan::tools
