// caravan bench: the project's yardstick. Runs the reference journey through the real engine and, on the same disk with
// the same settings, a bare loop that writes the same rows; prints both and their ratio.

#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tools/bench/bare_loop.hpp"
#include "tools/bench/expressions.hpp"
#include "tools/bench/groups.hpp"
#include "tools/bench/reference.hpp"
#include "tools/bench/replays.hpp"
#include "tools/caravan/failure.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription = R"(Measures the engine against a bare SQLite loop.

The reference journey: an account enters; split on industry into three paths;
send_email; wait 1d (in virtual time); split on employees >= 1000, and if so
assign_to_buying_group; notify_sales; end. Every account has one person; half
have 5,000 employees. The accounts are in the store before the clock starts.

The bare loop writes the same rows (tokens, runs, deliveries, buying groups and
members) into the same schema, in the same order and in transactions of the same
number of accounts, through SQLite's C functions: no reading, no expressions, no
journey. Both run with synchronous=FULL on the disk of --folder, one after the
other. Deliveries are written, not sent.

  accounts/s          accounts through the whole journey, by the wall clock
  node executions/s   visits of nodes
  peak memory         the process's largest resident set, over all phases
  bytes per account   of the database file at the end, accounts and people included
  ratio               accounts/s of the engine over those of the bare loop

With --groups: a solution interest with an audience, three roles with conditions
and stages makes and fills a group for every account; then engagement is scored
for everybody, with all of the activity new. Bare SQLite copies the same rows
between the same tables, in transactions of as many accounts, and reads all
activity for the scores; it evaluates, counts and scores nothing. Accounts,
people and activity are in the store before the clock starts. A million people
with twenty million activities:
  caravan bench --groups --accounts 200000

With --replay: accounts and people come as inputs, two for each account, which
the engine takes, records in its journal and runs through the reference journey.
Then all of it is replayed from the journal, in a database of its own, and
compared row by row. The ratio is inputs/s of the replay, comparison included,
over those of the engine. A million recorded inputs:
  caravan bench --replay)";

struct Options {
  std::optional<std::size_t> accounts;
  std::optional<std::size_t> people_per_account;
  std::optional<std::size_t> activities_per_person;
  std::string folder;
  bool json = false;
  bool expressions = false;
  bool groups = false;
  bool replay = false;
};

struct Figures {
  std::size_t accounts = 0;
  bench::EngineRun engine;
  double bare_seconds = 0;
  std::int64_t peak_memory = 0;
  double bytes_per_account = 0;

  double accounts_per_second() const { return static_cast<double>(accounts) / engine.seconds; }
  double bare_accounts_per_second() const { return static_cast<double>(accounts) / bare_seconds; }
};

Figures measure(const Options& options) {
  const bench::Scratch scratch(options.folder);
  const auto engine_file = scratch.file("engine.db"), bare_file = scratch.file("bare.db");
  bench::PhaseProgress phases;
  const bench::Progress progress = [&](std::string_view what, std::size_t done, std::size_t of) {
    phases.update(what, done, of);
  };
  Figures figures;
  figures.accounts = options.accounts.value_or(100'000);
  bench::fill(engine_file, figures.accounts, progress);
  std::filesystem::copy_file(engine_file, bare_file);
  figures.engine = bench::run_engine(engine_file, figures.accounts, progress);
  figures.peak_memory = bench::peak_memory_bytes();
  // Opening a store for reading goes without a write-ahead log left behind: the writer has copied it back.
  figures.bytes_per_account =
      static_cast<double>(std::filesystem::file_size(engine_file)) / static_cast<double>(figures.accounts);
  constexpr std::size_t kAccountsPerCommit = 4'096;
  { const auto made = open_sqlite(bare_file, OpenMode::write); }
  figures.bare_seconds = bench::run_bare_loop(bare_file, figures.accounts, kAccountsPerCommit, progress);
  phases.finish();
  if (bench::written_rows(engine_file) != bench::written_rows(bare_file)) {
    throw std::logic_error("the engine and the bare loop have not written the same rows");
  }
  if (figures.engine.completed != static_cast<std::int64_t>(figures.accounts)) {
    throw std::logic_error("not every account has completed the journey");
  }
  return figures;
}

void print_json(const Figures& figures) {
  boost::json::object object;
  object["accounts"] = figures.accounts;
  object["seconds"] = figures.engine.seconds;
  object["accounts_per_second"] = figures.accounts_per_second();
  object["node_executions_per_second"] = static_cast<double>(figures.engine.node_executions) / figures.engine.seconds;
  object["peak_memory_bytes"] = figures.peak_memory;
  object["bytes_per_account"] = figures.bytes_per_account;
  object["bare_loop_accounts_per_second"] = figures.bare_accounts_per_second();
  object["ratio_to_bare_loop"] = figures.accounts_per_second() / figures.bare_accounts_per_second();
  std::cout << boost::json::serialize(object) << '\n';
}

void print_table(const Figures& figures) {
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
  std::cout << table.render(Terminal::output());
}

bench::GroupSizes sizes_of(const Options& options) {
  bench::GroupSizes sizes;
  sizes.accounts = options.accounts.value_or(sizes.accounts);
  sizes.people_per_account = options.people_per_account.value_or(sizes.people_per_account);
  sizes.activities_per_person = options.activities_per_person.value_or(sizes.activities_per_person);
  return sizes;
}

ExitCode run(const Options& options) {
  const bool has_sizes = options.people_per_account || options.activities_per_person;
  if (has_sizes && !options.groups)
    throw Failure(ExitCode::usage, "--people-per-account and --activities-per-person go with --groups");
  if (options.replay && options.groups)
    throw Failure(ExitCode::usage, "--replay and --groups measure different things: give one of them");
  if (options.expressions && (options.groups || options.replay || options.accounts || !options.folder.empty()))
    throw Failure(ExitCode::usage, "--expressions measures in memory, alone: leave out all but --json");
  if (options.replay) {
    bench::run_replay_bench(options.accounts.value_or(500'000), options.folder, options.json);
    return ExitCode::success;
  }
  if (options.groups) {
    bench::run_group_bench(sizes_of(options), options.folder, options.json);
    return ExitCode::success;
  }
  if (options.expressions) return bench::run_expression_bench(options.json) == 0 ? ExitCode::success : ExitCode::faults;
  const Figures figures = measure(options);
  if (options.json) {
    print_json(figures);
  } else {
    print_table(figures);
  }
  return ExitCode::success;
}

}  // namespace

void add_bench(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("bench", "Measure the engine against a bare SQLite loop");
  command->description(kDescription);
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "--accounts", options->accounts,
          "How many accounts go through the journey (default: 100,000; with --replay 500,000), or have a group "
          "(default: 10,000)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
      ->type_name("N");
  command->add_option("--folder", options->folder,
                      "Where the databases are written; the system's temporary folder by default");
  command->add_flag("--json", options->json, "One JSON object instead of the table");
  command->add_flag("--expressions", options->expressions, "Measure expressions against the same conditions in C++");
  command->add_flag("--groups", options->groups, "Measure buying groups and engagement against bare SQLite");
  command->add_flag("--replay", options->replay, "Measure a replay of recorded inputs against the engine");
  command->add_option("--people-per-account", options->people_per_account, "With --groups (default: 5)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}))
      ->type_name("N");
  command->add_option("--activities-per-person", options->activities_per_person, "With --groups (default: 20)")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1'000}))
      ->type_name("N");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace caravan::tools
