// caravan backup: a dated folder with all that a database is, taken beside a running engine.

#include "storage/backup.hpp"

#include <iostream>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "journeys/duration.hpp"
#include "tools/caravan/copy_bar.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/engine_command.hpp"
#include "tools/caravan/option_checks.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Takes a backup of a database, beside a running engine: a folder NAME.db-2026-01-05T090000Z with the database, its "
    "journal, its archives and its snapshots as they were at one instant, and SHA256SUMS over them.\n"
    "It is checked before it gets its name, so that there is never half of one.";

constexpr const char* footer = R"(Examples
  caravan backup my-workspace --to /srv/backups
  caravan backup my-workspace --to /srv/backups --keep 7     and lets go what is older than the newest seven
  caravan backup --database caravan.db --to . --without-snapshots --json

A workspace's files and its secrets are not in it: keep those where you keep your texts. `caravan restore` puts a backup
back. More: `caravan help operations`.)";

struct Options {
  DataOptions data;
  std::string to;
  std::int64_t keep = 0;
  bool without_snapshots = false;
  bool is_full = false;
  bool as_json = false;
};

/// Lets go all backups but the newest `keep`; which they were.
std::vector<StoreBackup> let_go(const std::filesystem::path& database, const Options& options) {
  if (options.keep == 0) return {};
  std::vector<StoreBackup> backups = backups_of(database, options.to);
  const auto keep = static_cast<std::size_t>(options.keep);
  if (backups.size() <= keep) return {};
  backups.resize(backups.size() - keep);  // the oldest stand first
  for (const StoreBackup& backup : backups)
    remove_backup(backup);
  return backups;
}

boost::json::object as_json(const StoreBackup& backup, const std::vector<StoreBackup>& gone) {
  boost::json::object json{{"folder", backup.folder.string()},
                           {"database", backup.database.string()},
                           {"made_at", to_text(backup.made_at)},
                           {"journal_through", backup.through},
                           {"bytes", backup.bytes}};
  json["engine_time"] = backup.engine_time ? boost::json::value(to_text(*backup.engine_time)) : boost::json::value();
  json["files"] = boost::json::array(backup.files.begin(), backup.files.end());
  json["lacks"] = boost::json::array(backup.lacks.begin(), backup.lacks.end());
  boost::json::array let_go;
  for (const StoreBackup& each : gone)
    let_go.emplace_back(each.folder.string());
  json["let_go"] = std::move(let_go);
  return json;
}

ExitCode back_up(const Options& options) {
  const std::filesystem::path database = database_file(options.data);
  open_for_reading(database);  // tells how data gets there
  CopyBar bar;
  BackupSettings settings;
  settings.with_snapshots = !options.without_snapshots;
  settings.thoroughness = options.is_full ? Thoroughness::full : Thoroughness::quick;
  const StoreBackup backup = back_up_sqlite(database, options.to, machine_time(), settings, bar.listener());
  for (const std::string& lack : backup.lacks)
    std::cerr << Terminal::error().paint(Style::bad, "caravan: ") << printable(lack) << "\n";
  // What lacks something takes nothing's place.
  const std::vector<StoreBackup> gone = backup.lacks.empty() ? let_go(database, options) : std::vector<StoreBackup>();
  if (options.as_json) {
    std::cout << boost::json::serialize(as_json(backup, gone)) << "\n";
  } else {
    std::cout << printable(backup.folder.string()) << ": "
              << counted(static_cast<std::int64_t>(backup.files.size()), "file", "files") << ", "
              << human_bytes(backup.bytes) << ", through entry " << with_separators(backup.through)
              << " of the journal\n";
    for (const StoreBackup& each : gone)
      std::cout << printable(each.folder.string()) << ": let go\n";
  }
  return backup.lacks.empty() ? ExitCode::success : ExitCode::faults;
}

}  // namespace

void add_backup(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("backup", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_option("--to", options->to, "The folder that backups are in; made where it is missing")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--keep", options->keep,
                   "Lets go all backups of this database in that folder but the newest N (default: keeps all)")
      ->check(whole_between(1, 100'000))
      ->type_name("N");
  command->add_flag("--without-snapshots", options->without_snapshots,
                    "Leaves snapshots out: each is nearly as large as the database, and only replays need them");
  command->add_flag("--full", options->is_full, "Checks each index against its table too, which takes longer");
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = back_up(*options); });
}

}  // namespace caravan::tools
