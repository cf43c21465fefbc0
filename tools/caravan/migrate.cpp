// caravan migrate: brings a database of an older Caravan to this one's layout, or says what that would do.

#include <iostream>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "storage/migration.hpp"
#include "tools/caravan/copy_bar.hpp"
#include "tools/caravan/data_place.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Brings a database of an older Caravan to the layout of this one, and keeps a copy of what it was beside it, as "
    "NAME.db-layout-4-2026-01-05T090000Z.\n"
    "Whatever opens a database for writing does that by itself, with a copy. This does it when you choose, or, with "
    "--dry-run, on a copy that is taken away again, and says how long it takes and what it makes.";

constexpr const char* footer = R"(Examples
  caravan migrate my-workspace --dry-run          beside a running engine of the older Caravan too
  caravan migrate my-workspace
  caravan migrate --database caravan.db --without-copy

Back to what it was: `caravan restore COPY --replace`, with the older Caravan.)";

struct Options {
  DataOptions data;
  bool is_rehearsal = false;
  bool without_copy = false;
  bool as_json = false;
};

Migration migrate_offline(const std::filesystem::path& database, const Options& options) {
  CopyBar bar;
  if (options.is_rehearsal) return rehearse_migration(database, bar.listener());
  try {
    return migrate_sqlite(database, options.without_copy ? KeepCopy::no : KeepCopy::yes, bar.listener());
  } catch (const StoreInUse& error) {
    throw Failure(ExitCode::environment, std::string(error.what()) + "; nothing was changed");
  }
}

std::string seconds(std::chrono::milliseconds took) {
  if (took < std::chrono::seconds(1)) return std::to_string(took.count()) + " ms";
  return human_seconds(std::chrono::duration<double>(took).count());
}

boost::json::object as_json(const std::filesystem::path& database, const Migration& migration, bool is_rehearsal) {
  boost::json::array steps;
  for (const MigrationStep& step : migration.steps)
    steps.push_back(boost::json::object{{"layout", step.layout}, {"milliseconds", step.took.count()}});
  boost::json::object json{{"database", database.string()},
                           {"dry_run", is_rehearsal},
                           {"from", migration.from},
                           {"to", migration.to},
                           {"steps", std::move(steps)},
                           {"copying_milliseconds", migration.copying.count()},
                           {"bytes_before", migration.bytes_before},
                           {"bytes", migration.bytes_after}};
  json["copy"] = migration.kept.empty() ? boost::json::value() : boost::json::value(migration.kept.string());
  return json;
}

void print(const std::filesystem::path& database, const Migration& migration, bool is_rehearsal) {
  const std::string name = printable(database.string());
  if (migration.steps.empty()) {
    std::cout << name << ": layout " << migration.to << ", which is this Caravan's; there is nothing to do\n";
    return;
  }
  if (!migration.kept.empty())
    std::cout << printable(migration.kept.string()) << ": the copy that is kept, "
              << human_bytes(migration.bytes_before) << " in " << seconds(migration.copying) << "\n";
  for (const MigrationStep& step : migration.steps)
    std::cout << "layout " << step.layout << ": " << seconds(step.took) << "\n";
  std::cout << name << (is_rehearsal ? ": would go" : ": went") << " from layout " << migration.from << " to "
            << migration.to << ", from " << human_bytes(migration.bytes_before) << " to "
            << human_bytes(migration.bytes_after);
  if (is_rehearsal) std::cout << "; copying it took " << seconds(migration.copying) << ", and nothing was changed";
  std::cout << "\n";
}

ExitCode migrate(const Options& options) {
  const std::filesystem::path database = database_file(options.data);
  std::error_code ignored;
  if (!std::filesystem::exists(database, ignored)) open_for_reading(database);  // tells how data gets there
  if (options.is_rehearsal && options.without_copy)
    throw Failure(ExitCode::usage, "--dry-run is done on a copy; leave --without-copy out");
  const Migration migration = migrate_offline(database, options);
  if (options.as_json)
    std::cout << boost::json::serialize(as_json(database, migration, options.is_rehearsal)) << "\n";
  else
    print(database, migration, options.is_rehearsal);
  return ExitCode::success;
}

}  // namespace

void add_migrate(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("migrate", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_flag("--dry-run", options->is_rehearsal, "Does it on a copy, says what it took, and takes it away");
  command->add_flag("--without-copy", options->without_copy,
                    "Keeps no copy of what it was, where there is no room for one and a backup elsewhere");
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = migrate(*options); });
}

}  // namespace caravan::tools
