// The program: one command line with a subcommand for each thing that people start. Commands report what they cannot
// do by throwing; here it becomes one line on standard error and an exit code.

#include <csignal>
#include <iostream>

#include "storage/store.hpp"
#include "tools/caravan/failure.hpp"
#include "tools/caravan/help_format.hpp"
#include "tools/caravan/logging.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/output.hpp"
#include "tools/caravan/terminal/terminal.hpp"
#include "tools/caravan/usage_error.hpp"

namespace caravan::tools {
namespace {

constexpr std::string_view description =
    "Caravan runs B2B marketing journeys: accounts and their people enter, split, wait, join buying groups, get mails "
    "and reach sales, as written in a folder of YAML files. One program, one database file, nothing lost.";

constexpr std::string_view footer = R"(Examples
  caravan check samples/ai-driven-seeds             what is wrong with a workspace
  caravan test samples/ai-driven-seeds --coverage   whether its scenarios hold, and what they do not take
  caravan import -w samples/ai-driven-seeds --accounts accounts.csv --people people.csv
  caravan serve samples/ai-driven-seeds --publish --speed 1d/s --until-idle
                                                    publish and run it, a day a second, until nothing waits
  caravan status samples/ai-driven-seeds            how many came through where
  caravan show account ACME -w samples/ai-driven-seeds

Exit codes
  0  done
  1  what was given has faults or is refused: a journey that does not check, a scenario that does not hold, lines of
     an import, a move; a replay that differs
  2  the command line is wrong
  3  the machine said no: a file, a database, a port, a server
  4  a bug in Caravan; please report it
A reader that stops reading, such as `| head`, changes none of them.

Environment
  NO_COLOR  no colours, whatever it is set to)";

struct LogOptions {
  std::string level = "info";
  std::string format = "text";
};

struct CommandGroup {
  std::string_view title;
  std::vector<std::string> commands;
};

/// The commands in the order of `caravan --help`, by who uses them.
const std::vector<CommandGroup>& groups() {
  static const std::vector<CommandGroup> all = {
      {"For authors of journeys", {"check", "test", "explore", "graph", "eval", "schema"}},
      {"To run them", {"import", "suppress", "publish", "serve", "token", "generate"}},
      {"To keep them running", {"doctor", "backup", "restore", "migrate", "snapshot", "compact"}},
      {"A journey's life", {"pause", "resume", "close", "abort", "enter", "retry", "skip", "remove"}},
      {"To see what happened", {"status", "show", "groups", "audiences", "lists", "destinations"}},
      {"For engineers", {"replay", "bench"}},
      {"To learn more", {"help"}},
  };
  return all;
}

void add_commands(CLI::App& app, ExitCode& exit_code) {
  for (const AddCommand add :
       {add_check,    add_test,    add_explore,          add_graph,  add_eval,      add_schema,   add_import,
        add_publish,  add_serve,   add_generate,         add_doctor, add_backup,    add_restore,  add_migrate,
        add_snapshot, add_compact, add_journey_commands, add_enter,  add_interfere, add_status,   add_show,
        add_groups,   add_members, add_replay,           add_bench,  add_token,     add_suppress, add_help}) {
    add(app, exit_code);
  }
  for (const CommandGroup& group : groups()) {
    for (const std::string& name : group.commands)
      app.get_subcommand(name)->group(std::string(group.title));
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    command->fallthrough();
}

void add_global_options(CLI::App& app, LogOptions& log) {
  app.set_version_flag("--version", std::string("caravan ") + CARAVAN_VERSION, "Prints the version");
  app.add_option("--log-level", log.level,
                 "What is logged on standard error: trace, debug, info (default), warn, error or off")
      ->check(one_of({"trace", "debug", "info", "warn", "error", "off"}))
      ->type_name("LEVEL");
  app.add_option("--log-format", log.format, "How: text (default) or json, one object a line")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
}

ExitCode complain(std::string_view sentence, ExitCode code) {
  std::cerr << Terminal::error().paint(Style::bad, "caravan: ") << printable(sentence) << std::endl;
  return code;
}

ExitCode report_usage(const CLI::App& app, const CLI::ParseError& error) {
  complain(usage_sentence(app, error), ExitCode::usage);
  const auto chosen = app.get_subcommands();
  std::cerr << "See `caravan " << (chosen.empty() ? "" : chosen.front()->get_name() + " ") << "--help`." << std::endl;
  return ExitCode::usage;
}

ExitCode run(int argc, char** argv) {
  ExitCode exit_code = ExitCode::success;
  LogOptions log;
  CLI::App app{std::string(description), "caravan"};
  app.formatter(std::make_shared<HelpFormat>());
  app.set_help_flag("-h,--help", "Prints this and ends");
  app.require_subcommand(0, 1);
  add_global_options(app, log);
  app.parse_complete_callback(
      [&log] { set_up_logging(log.level, log.format == "json" ? LogFormat::json : LogFormat::text); });
  add_commands(app, exit_code);
  app.footer(std::string(footer));  // after the commands, which would inherit it
  if (const auto sentence =
          unknown_command(app, std::span(argv + 1, static_cast<std::size_t>(std::max(argc - 1, 0))))) {
    return complain(*sentence, ExitCode::usage);
  }
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) std::cout << app.help();
    finish_output();
    return exit_code;
  } catch (const CLI::Success& success) {
    app.exit(success);
    finish_output();
    return ExitCode::success;
  } catch (const CLI::ParseError& error) {
    return report_usage(app, error);
  }
}

ExitCode run_guarded(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Failure& failure) {
    return complain(failure.what(), failure.code());
  } catch (const StoreError& error) {
    return complain(error.what(), ExitCode::environment);
  } catch (const std::system_error& error) {
    return complain(error.what(), ExitCode::environment);
  } catch (const std::runtime_error& error) {
    return complain(error.what(), ExitCode::faults);
  } catch (const std::exception& error) {
    return complain("internal error: " + std::string(error.what()), ExitCode::internal);
  }
}

}  // namespace
}  // namespace caravan::tools

int main(int argc, char** argv) {
  // Whoever reads our output may stop reading; that is an error of a write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  return static_cast<int>(caravan::tools::run_guarded(argc, argv));
}
