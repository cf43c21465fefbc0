// caravan bench: the project's yardstick. Runs the real engine and, on the same disk with the same settings, bare
// SQLite that writes the same rows; prints both and their ratio.

#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tools/bench/expressions.hpp"
#include "tools/bench/groups.hpp"
#include "tools/bench/machine.hpp"
#include "tools/bench/reference_race.hpp"
#include "tools/bench/replays.hpp"
#include "tools/bench/soak.hpp"
#include "tools/bench/whole_table.hpp"
#include "tools/caravan/failure.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Measures the engine, on this machine, against bare SQLite.\n\n"
    "Without an option it runs the whole table: the reference journey, people splits, listens answered by events, an "
    "audience, 200 live journeys, the latency of an idle engine and its start with many waiting tokens; at several "
    "sizes, each in a process of its own. All is written with synchronous=FULL and with the journal. With --accounts "
    "it is the reference journey alone, at that size.\n\n"
    "`caravan help bench` says what each row is and how to read it.";

constexpr const char* kExamples = R"(Examples
  caravan bench                             the table; some minutes, and 4 GB of disk
  caravan bench --large                     with 10,000,000 accounts as well
  caravan bench --only latency              one of its measurements
  caravan bench --accounts 1000000          the reference journey
  caravan bench --soak                      a virtual year: memory, disk and due times
  caravan bench --groups --accounts 200000  buying groups and engagement
  caravan bench --replay                    a replay of recorded inputs
  caravan bench --expressions               expressions against C++

Exit codes
  0  measured, and a soak has held
  1  something could not be measured, or a soak has not held
  3  the machine said no: a file, a database)";

struct Options {
  std::optional<std::size_t> accounts;
  std::optional<std::size_t> people_per_account;
  std::optional<std::size_t> activities_per_person;
  std::string folder;
  std::string only;
  std::optional<std::uint64_t> seed;
  std::optional<std::size_t> days;
  bool json = false;
  bool large = false;
  bool quick = false;
  bool expressions = false;
  bool groups = false;
  bool replay = false;
  bool soak = false;

  /// Whether it is the table that is asked for, or a part of it.
  bool is_other() const { return expressions || groups || replay || soak; }
  bool is_table() const { return !is_other() && (!accounts || !only.empty() || large || quick); }
};

bench::ReferenceRace measure(const Options& options) {
  bench::PhaseProgress phases;
  bench::ReferenceRace race = bench::run_reference_race(
      *options.accounts, options.folder,
      [&](std::string_view what, std::size_t done, std::size_t of) { phases.update(what, done, of); });
  phases.finish();
  return race;
}

void print_json(const bench::ReferenceRace& figures) {
  boost::json::object object;
  object["accounts"] = figures.accounts;
  object["seconds"] = figures.engine.seconds;
  object["accounts_per_second"] = figures.accounts_per_second();
  object["node_executions_per_second"] = static_cast<double>(figures.engine.node_executions) / figures.engine.seconds;
  object["peak_memory_bytes"] = figures.peak_memory;
  object["bytes_per_account"] = figures.bytes_per_account;
  object["added_bytes_per_account"] = figures.added_bytes_per_account;
  object["bare_loop_accounts_per_second"] = figures.bare_accounts_per_second();
  object["ratio_to_bare_loop"] = figures.accounts_per_second() / figures.bare_accounts_per_second();
  std::cout << boost::json::serialize(object) << '\n';
}

void print_table(const bench::ReferenceRace& figures) {
  using bench::two_decimals, bench::whole;
  Table table({{"", Align::left}, {"engine", Align::right}, {"bare loop", Align::right}, {"ratio", Align::right}});
  const double executions = static_cast<double>(figures.engine.node_executions);
  table.add_row({{"accounts"},
                 {with_separators(static_cast<std::int64_t>(figures.accounts))},
                 {with_separators(static_cast<std::int64_t>(figures.accounts))}});
  table.add_row({{"seconds"}, {two_decimals(figures.engine.seconds)}, {two_decimals(figures.bare_seconds)}});
  table.add_row({{"accounts/s"},
                 {whole(figures.accounts_per_second())},
                 {whole(figures.bare_accounts_per_second())},
                 {two_decimals(figures.accounts_per_second() / figures.bare_accounts_per_second()), Style::strong}});
  table.add_row({{"node executions/s"},
                 {whole(executions / figures.engine.seconds)},
                 {whole(executions / figures.bare_seconds)}});
  table.add_row({{"peak memory"}, {human_bytes(static_cast<std::uint64_t>(figures.peak_memory))}});
  table.add_row({{"bytes per account"}, {whole(figures.bytes_per_account)}});
  table.add_row({{"of them added"}, {whole(figures.added_bytes_per_account)}});
  std::cout << table.render(Terminal::output());
}

bench::GroupSizes sizes_of(const Options& options) {
  bench::GroupSizes sizes;
  sizes.accounts = options.accounts.value_or(sizes.accounts);
  sizes.people_per_account = options.people_per_account.value_or(sizes.people_per_account);
  sizes.activities_per_person = options.activities_per_person.value_or(sizes.activities_per_person);
  return sizes;
}

ExitCode run_table(const Options& options) {
  using Sizes = bench::TableSettings::Sizes;
  bench::TableSettings settings;
  settings.sizes = options.large ? Sizes::large : options.quick ? Sizes::quick : Sizes::usual;
  settings.only = options.only;
  settings.size = options.accounts;
  settings.seed = options.seed.value_or(settings.seed);
  settings.folder = options.folder;
  const bench::WholeTable table = bench::measure_table(settings);
  const boost::json::object machine = bench::describe_machine(options.folder);
  if (options.json) {
    std::cout << bench::table_json(table, machine, settings.seed) << '\n';
  } else {
    std::cout << bench::table_text(table, machine);
  }
  return table.failed.empty() ? ExitCode::success : ExitCode::faults;
}

ExitCode run_soak(const Options& options) {
  bench::SoakSettings settings;
  settings.accounts = options.accounts.value_or(settings.accounts);
  settings.days = options.days.value_or(settings.days);
  settings.seed = options.seed.value_or(settings.seed);
  settings.folder = options.folder;
  const bench::SoakReport report = bench::run_soak(settings);
  if (options.json) {
    std::cout << bench::soak_json(report, settings, bench::describe_machine(options.folder)) << '\n';
  } else {
    std::cout << bench::soak_text(report);
  }
  return report.faults().empty() ? ExitCode::success : ExitCode::faults;
}

void check(const Options& options) {
  const auto refuse = [](bool is_wrong, const char* sentence) {
    if (is_wrong) throw Failure(ExitCode::usage, sentence);
  };
  refuse((options.people_per_account || options.activities_per_person) && !options.groups,
         "--people-per-account and --activities-per-person go with --groups");
  refuse(int{options.replay} + int{options.groups} + int{options.expressions} + int{options.soak} > 1,
         "--groups, --replay, --expressions and --soak measure different things: give one of them");
  refuse(options.expressions && (options.accounts || !options.folder.empty()),
         "--expressions measures in memory, alone: leave out all but --json");
  refuse(options.is_other() && (options.large || options.quick || !options.only.empty()),
         "--large, --quick and --only are of the table: leave out what measures something else");
  refuse(options.days && !options.soak, "--days goes with --soak");
  refuse(options.large && options.quick, "--large and --quick are opposites: give one of them");
  refuse(options.accounts && (options.large || options.quick),
         "--accounts names the size: leave out --large and --quick");
  refuse(options.seed && !options.is_table() && !options.soak,
         "--seed is of the table and of --soak: nothing is drawn here");
}

ExitCode run(const Options& options) {
  check(options);
  if (options.is_table()) return run_table(options);
  if (options.soak) return run_soak(options);
  if (options.replay) {
    bench::run_replay_bench(options.accounts.value_or(500'000), options.folder, options.json);
    return ExitCode::success;
  }
  if (options.groups) {
    bench::run_group_bench(sizes_of(options), options.folder, options.json);
    return ExitCode::success;
  }
  if (options.expressions) return bench::run_expression_bench(options.json) == 0 ? ExitCode::success : ExitCode::faults;
  const bench::ReferenceRace figures = measure(options);
  if (options.json) {
    print_json(figures);
  } else {
    print_table(figures);
  }
  return ExitCode::success;
}

std::vector<std::string> measurement_names() {
  std::vector<std::string> names;
  for (const bench::Measurement& each : bench::measurements())
    names.emplace_back(each.name);
  return names;
}

}  // namespace

void add_bench(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("bench", "Measure the engine against a bare SQLite loop");
  command->description(kDescription);
  command->footer(kExamples);
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "--accounts", options->accounts,
          "How many accounts go through the reference journey, or through what --only names; with --replay (default: "
          "500,000), --groups (default: 10,000) and --soak (default: 100,000) how many those have")
      ->check(whole_between(1, 100'000'000))
      ->type_name("N");
  command
      ->add_option("--only", options->only,
                   "One measurement of the table: " + CLI::detail::join(measurement_names(), ", "))
      ->check(one_of(measurement_names()))
      ->type_name("NAME");
  command->add_flag("--large", options->large, "The table with 10,000,000 accounts as well");
  command->add_flag("--quick", options->quick,
                    "The table at small sizes, to see that it works: its figures say little");
  command->add_option("--seed", options->seed, "What is drawn comes from it (default: 2026)")->type_name("N");
  command->add_option("--folder", options->folder,
                      "Where the databases are written; the system's temporary folder by default");
  command->add_flag("--json", options->json, "One JSON object instead of the table");
  command->add_flag("--expressions", options->expressions, "Measure expressions against the same conditions in C++");
  command->add_flag("--groups", options->groups, "Measure buying groups and engagement against bare SQLite");
  command->add_flag("--replay", options->replay, "Measure a replay of recorded inputs against the engine");
  command->add_flag("--soak", options->soak,
                    "Live through an accelerated year, and see whether anything grows that must not");
  command->add_option("--days", options->days, "With --soak, so many virtual days (default: 365)")
      ->check(whole_between(1, 3'650))
      ->type_name("N");
  command->add_option("--people-per-account", options->people_per_account, "With --groups (default: 5)")
      ->check(whole_between(1, 1'000))
      ->type_name("N");
  command->add_option("--activities-per-person", options->activities_per_person, "With --groups (default: 20)")
      ->check(whole_between(0, 1'000))
      ->type_name("N");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace caravan::tools
