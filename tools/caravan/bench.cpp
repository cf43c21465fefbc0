// caravan bench: the project's yardstick. Runs the reference journey through the real engine and, on the same disk with
// the same settings, a bare loop that writes the same rows; prints both and their ratio.

#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "tools/bench/bare_loop.hpp"
#include "tools/bench/expressions.hpp"
#include "tools/bench/reference.hpp"
#include "tools/caravan/command.hpp"
#include "tools/caravan/terminal/progress.hpp"
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
  ratio               accounts/s of the engine over those of the bare loop)";

struct Options {
  std::size_t accounts = 100'000;
  std::string folder;
  bool json = false;
  bool expressions = false;
};

/// A folder for the run's files, removed at the end.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& parent)
      : path_(parent / ("caravan-bench-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path file(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// One bar a phase of the run.
class PhaseProgress {
 public:
  void update(std::string_view what, std::size_t done, std::size_t of) {
    if (!bar_ || what != what_) {
      what_ = what;
      bar_.emplace(what_, of);
    }
    bar_->update(done, done);
  }
  void finish() { bar_.reset(); }

 private:
  std::string what_;
  std::optional<Progress> bar_;
};

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

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
  const Scratch scratch(options.folder.empty() ? std::filesystem::temp_directory_path()
                                               : std::filesystem::path(options.folder));
  const auto engine_file = scratch.file("engine.db"), bare_file = scratch.file("bare.db");
  PhaseProgress phases;
  const bench::Progress progress = [&](std::string_view what, std::size_t done, std::size_t of) {
    phases.update(what, done, of);
  };
  Figures figures;
  figures.accounts = options.accounts;
  bench::fill(engine_file, options.accounts, progress);
  std::filesystem::copy_file(engine_file, bare_file);
  figures.engine = bench::run_engine(engine_file, options.accounts, progress);
  figures.peak_memory = peak_memory_bytes();
  // Opening a store for reading goes without a write-ahead log left behind: the writer has copied it back.
  figures.bytes_per_account =
      static_cast<double>(std::filesystem::file_size(engine_file)) / static_cast<double>(options.accounts);
  constexpr std::size_t kAccountsPerCommit = 4'096;
  { const auto made = open_sqlite(bare_file, OpenMode::write); }
  figures.bare_seconds = bench::run_bare_loop(bare_file, options.accounts, kAccountsPerCommit, progress);
  phases.finish();
  if (bench::written_rows(engine_file) != bench::written_rows(bare_file)) {
    throw std::logic_error("the engine and the bare loop have not written the same rows");
  }
  if (figures.engine.completed != static_cast<std::int64_t>(options.accounts)) {
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
  const auto whole = [](double number) { return with_separators(static_cast<std::int64_t>(std::llround(number))); };
  const auto ratio = [](double number) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.2f", number);
    return std::string(text.data());
  };
  Table table({{"", Align::left}, {"engine", Align::right}, {"bare loop", Align::right}, {"ratio", Align::right}});
  const double executions = static_cast<double>(figures.engine.node_executions);
  table.add_row({{"accounts"},
                 {with_separators(static_cast<std::int64_t>(figures.accounts))},
                 {with_separators(static_cast<std::int64_t>(figures.accounts))}});
  table.add_row({{"seconds"}, {ratio(figures.engine.seconds)}, {ratio(figures.bare_seconds)}});
  table.add_row({{"accounts/s"},
                 {whole(figures.accounts_per_second())},
                 {whole(figures.bare_accounts_per_second())},
                 {ratio(figures.accounts_per_second() / figures.bare_accounts_per_second()), Style::strong}});
  table.add_row({{"node executions/s"},
                 {whole(executions / figures.engine.seconds)},
                 {whole(executions / figures.bare_seconds)}});
  table.add_row({{"peak memory"}, {human_bytes(static_cast<std::uint64_t>(figures.peak_memory))}});
  table.add_row({{"bytes per account"}, {whole(figures.bytes_per_account)}});
  std::cout << table.render(Terminal::output());
}

ExitCode run(const Options& options) {
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
  command->add_option("--accounts", options->accounts, "How many accounts go through the journey")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
      ->capture_default_str();
  command->add_option("--folder", options->folder,
                      "Where the databases are written; the system's temporary folder by default");
  command->add_flag("--json", options->json, "One JSON object instead of the table");
  command->add_flag("--expressions", options->expressions, "Measure expressions against the same conditions in C++");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace caravan::tools
