// caravan restore: puts a backup in the place of a database.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "journeys/duration.hpp"
#include "storage/backup.hpp"
#include "tools/caravan/copy_bar.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/engine_command.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Puts a copy of a backup in the place of a database that no engine runs on: of a folder that `caravan backup` "
    "made, "
    "with its archives and snapshots, or of a single file, such as was kept before a migration, which leaves those "
    "alone.\n"
    "The backup is checked first. A database that is there is left alone unless --replace is given, and then kept in a "
    "dated folder beside it. Whenever this is cut off, the database is the old one or the new one.";

constexpr const char* footer = R"(Examples
  caravan restore /srv/backups/caravan.db-2026-01-05T090000Z -w my-workspace
  caravan restore /srv/backups/caravan.db-2026-01-05T090000Z -w my-workspace --replace
  caravan restore caravan.db-layout-4-2026-01-05T090000Z -d caravan.db --replace

What has been told to the world since the backup is told again: mails that were sent behind it are pending in it, or are
promised anew. More: `caravan help operations`.)";

struct Options {
  DataOptions data;
  std::string backup;
  bool replaces = false;
  bool is_full = false;
  bool only_finishes = false;
  bool as_json = false;
};

void expect_place(const std::filesystem::path& database, const Options& options) {
  std::error_code ignored;
  const std::filesystem::path folder = database.has_parent_path() ? database.parent_path() : ".";
  if (!std::filesystem::is_directory(folder, ignored))
    throw Failure(ExitCode::environment, "there is no folder " + folder.string() + " to restore into; make it first");
  if (options.replaces || !std::filesystem::exists(database, ignored)) return;
  throw Failure(ExitCode::usage, "there is a database " + database.string() +
                                     " already: --replace puts the backup in its place, and keeps it in a folder "
                                     "beside; nothing was changed");
}

RestoredStore restore_offline(const std::filesystem::path& database, const Options& options) {
  CopyBar bar;
  try {
    return restore_sqlite(database, options.backup, machine_time(),
                          {options.replaces, options.is_full ? Thoroughness::full : Thoroughness::quick},
                          bar.listener());
  } catch (const StoreInUse& error) {
    throw Failure(ExitCode::environment, std::string(error.what()) + "; nothing was restored");
  }
}

boost::json::object as_json(const std::filesystem::path& database, const RestoredStore& restored) {
  const BackupContents& contents = restored.contents;
  boost::json::object json{{"database", database.string()},
                           {"backup", contents.database.string()},
                           {"layout", contents.layout},
                           {"journal_through", contents.through},
                           {"archives", contents.archives.size()},
                           {"snapshots", contents.snapshots.size()},
                           {"bytes", contents.bytes}};
  json["engine_time"] =
      contents.engine_time ? boost::json::value(to_text(*contents.engine_time)) : boost::json::value();
  json["replaced"] = restored.replaced.empty() ? boost::json::value() : boost::json::value(restored.replaced.string());
  return json;
}

void print(const std::filesystem::path& database, const RestoredStore& restored) {
  const BackupContents& contents = restored.contents;
  std::cout << printable(database.string()) << ": " << human_bytes(contents.bytes);
  if (contents.is_folder) {
    std::cout << ", " << counted(static_cast<std::int64_t>(contents.archives.size()), "archive", "archives") << ", "
              << counted(static_cast<std::int64_t>(contents.snapshots.size()), "snapshot", "snapshots");
  }
  if (contents.engine_time) std::cout << ", as of " << short_time(*contents.engine_time);
  std::cout << "\n";
  if (!restored.replaced.empty())
    std::cout << printable(restored.replaced.string())
              << ": what was there before; remove it when you do not need it any more\n";
}

ExitCode finish(const std::filesystem::path& database, const Options& options) {
  if (!options.backup.empty()) throw Failure(ExitCode::usage, "--finish takes no backup: it ends what was begun");
  const bool was_cut_off = is_restore_cut_off(database);
  finish_restore(database);
  if (options.as_json) {
    std::cout << boost::json::serialize(boost::json::object{{"database", database.string()}, {"finished", was_cut_off}})
              << "\n";
  } else {
    std::cout << printable(database.string())
              << (was_cut_off ? ": the restore that was cut off is done\n" : ": no restore was cut off here\n");
  }
  return ExitCode::success;
}

ExitCode restore(const Options& options) {
  const std::filesystem::path database = database_file(options.data);
  if (options.only_finishes) return finish(database, options);
  if (options.backup.empty()) throw Failure(ExitCode::usage, "name the backup: a folder that `caravan backup` made");
  expect_place(database, options);
  const RestoredStore restored = restore_offline(database, options);
  if (options.as_json)
    std::cout << boost::json::serialize(as_json(database, restored)) << "\n";
  else
    print(database, restored);
  return ExitCode::success;
}

}  // namespace

void add_restore(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("restore", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  command->add_option("backup", options->backup, "A folder that `caravan backup` made, or a single database file")
      ->type_name("BACKUP");
  add_data_options(*command, options->data, Positional::no);
  command->add_flag("--replace", options->replaces,
                    "Takes the place of a database that is there, which is kept in a dated folder beside it");
  command->add_flag("--full", options->is_full, "Checks each index against its table too, which takes longer");
  command->add_flag("--finish", options->only_finishes,
                    "Ends a restore that was cut off when all was copied; starting the engine does so too");
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = restore(*options); });
}

}  // namespace caravan::tools
