#pragma once
// What every subcommand of the program shares: how it is added, and the exit codes that `caravan --help` documents.
// One subcommand is one file: it adds itself to the CLI11 app and, when chosen, leaves its exit code behind.

#include <CLI/CLI.hpp>

namespace caravan::tools {

/// What the program tells its caller. Documented in `caravan --help`.
enum class ExitCode : int {
  success = 0,
  faults = 1,       ///< what was given has faults or is refused: a journey that does not check, a scenario that fails
  usage = 2,        ///< the command line is wrong
  environment = 3,  ///< the machine said no: a file, a database, a port, a server
  internal = 4,     ///< a bug of ours
};

/// Adds a subcommand to `app`; `exit_code` outlives the parse and is set when the subcommand ran.
using AddCommand = void (*)(CLI::App& app, ExitCode& exit_code);

void add_backup(CLI::App& app, ExitCode& exit_code);
void add_bench(CLI::App& app, ExitCode& exit_code);
void add_check(CLI::App& app, ExitCode& exit_code);
void add_compact(CLI::App& app, ExitCode& exit_code);
void add_doctor(CLI::App& app, ExitCode& exit_code);
void add_enter(CLI::App& app, ExitCode& exit_code);
void add_eval(CLI::App& app, ExitCode& exit_code);
void add_explore(CLI::App& app, ExitCode& exit_code);
void add_generate(CLI::App& app, ExitCode& exit_code);
void add_graph(CLI::App& app, ExitCode& exit_code);
void add_groups(CLI::App& app, ExitCode& exit_code);
void add_help(CLI::App& app, ExitCode& exit_code);
void add_import(CLI::App& app, ExitCode& exit_code);
void add_interfere(CLI::App& app, ExitCode& exit_code);         // retry, skip, remove
void add_journey_commands(CLI::App& app, ExitCode& exit_code);  // pause, resume, close, abort
void add_members(CLI::App& app, ExitCode& exit_code);           // audiences, lists, destinations
void add_migrate(CLI::App& app, ExitCode& exit_code);
void add_publish(CLI::App& app, ExitCode& exit_code);
void add_replay(CLI::App& app, ExitCode& exit_code);
void add_restore(CLI::App& app, ExitCode& exit_code);
void add_schema(CLI::App& app, ExitCode& exit_code);
void add_serve(CLI::App& app, ExitCode& exit_code);
void add_show(CLI::App& app, ExitCode& exit_code);
void add_snapshot(CLI::App& app, ExitCode& exit_code);
void add_status(CLI::App& app, ExitCode& exit_code);
void add_suppress(CLI::App& app, ExitCode& exit_code);
void add_test(CLI::App& app, ExitCode& exit_code);
void add_token(CLI::App& app, ExitCode& exit_code);

}  // namespace caravan::tools
