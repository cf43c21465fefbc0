#include "tools/bench/replays.hpp"

#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/engine.hpp"
#include "engine/harness/comparison.hpp"
#include "engine/harness/replay.hpp"
#include "tools/bench/reference.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::bench {
namespace {

using tools::Align;
using tools::Style;
using tools::Table;

constexpr Instant kStart{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) + std::chrono::hours(9)};

struct Figures {
  std::size_t accounts = 0;
  double engine_seconds = 0;
  double replay_seconds = 0;
  double comparison_seconds = 0;
  std::int64_t journal_entries = 0;
  std::int64_t peak_memory = 0;

  double inputs() const { return 2.0 * static_cast<double>(accounts); }
  double engine_rate() const { return inputs() / engine_seconds; }
  double whole_replay_seconds() const { return replay_seconds + comparison_seconds; }
  double replay_rate() const { return inputs() / whole_replay_seconds(); }
  double ratio() const { return replay_rate() / engine_rate(); }
};

std::vector<Input> inputs_of(std::size_t number) {
  const ReferenceAccount account = reference_account(number);
  return {UpsertAccount{
              account.key,
              {{"industry", {account.industry}}, {"employees", {account.employees}}, {"owner_email", {account.owner}}}},
          UpsertPerson{account.person_key,
                       account.key,
                       {{"first_name", {account.first_name}}, {"title", {account.title}}, {"email", {account.email}}}}};
}

/// Gives the engine every account with its person as inputs, and lets time pass until all are through.
class Run {
 public:
  Run(const std::filesystem::path& file, std::size_t accounts, const Progress& progress)
      : accounts_(accounts),
        progress_(progress),
        store_(open_sqlite(file, OpenMode::write)),
        names_(*store_->reader()) {
    std::unique_ptr<Workspace> workspace = load_workspace(reference_workspace(), "reference", node_shapes(), names_);
    if (workspace->diagnostics.errors() != 0)
      throw std::logic_error(render(workspace->diagnostics.sorted().front(), Colour::never));
    engine_.emplace(io_, *store_, names_, clock_, std::move(workspace), nullptr);
    engine_->on_batch([this](const BatchReport& report) { committed(report); });
    engine_->on_idle([this](std::optional<Instant> next_due) { idle(next_due); });
  }

  double seconds() {
    const Stopwatch watch;
    feed();  // before it starts, for an engine that finds nothing says at once that it is idle
    engine_->start([this](const std::string& reason) {
      failure_ = reason;
      io_.stop();
    });
    const auto work = boost::asio::make_work_guard(io_);
    io_.run();
    if (!failure_.empty()) throw StoreError(failure_);
    if (completed_ != static_cast<std::int64_t>(accounts_))
      throw std::logic_error("not every account has completed the journey");
    return watch.seconds();
  }

 private:
  void feed() {
    while (posted_ < accounts_ && engine_->post_all(inputs_of(posted_ + 1), nullptr))
      ++posted_;
  }

  void committed(const BatchReport& report) {
    for (const auto& [packed, by] : report.counted) {
      if (unpack_counter(packed).kind == CounterKind::completed) completed_ += by;
    }
    progress_("inputs run", 2 * posted_, 2 * accounts_);
    feed();
  }

  void idle(std::optional<Instant> next_due) {
    if (posted_ < accounts_) return feed();
    if (!next_due) return engine_->stop([this] { io_.stop(); });
    clock_.move_to(*next_due);
    engine_->poke();
  }

  std::size_t accounts_;
  const Progress& progress_;
  std::unique_ptr<Store> store_;
  NameBook names_;
  boost::asio::io_context io_;
  VirtualClock clock_{kStart};
  std::optional<Engine> engine_;
  std::size_t posted_ = 0;
  std::int64_t completed_ = 0;
  std::string failure_;
};

Figures measure(std::size_t accounts, const std::filesystem::path& folder) {
  const Scratch scratch(folder);
  const std::filesystem::path file = scratch.file("engine.db");
  PhaseProgress phases;
  const Progress progress = [&](std::string_view what, std::size_t done, std::size_t of) {
    phases.update(what, done, of);
  };
  Figures figures;
  figures.accounts = accounts;
  figures.engine_seconds = Run(file, accounts, progress).seconds();
  const std::unique_ptr<Store> store = open_sqlite(file, OpenMode::read);
  const std::unique_ptr<Reader> reader = store->reader();
  ScratchStore replayed(scratch.path());
  Stopwatch replaying;
  const ReplayedJournal journal =
      Replay(*reader, replayed.store()).run([&](std::int64_t, std::int64_t, std::int64_t inputs) {
        progress("inputs replayed", static_cast<std::size_t>(inputs), 2 * accounts);
      });
  figures.replay_seconds = replaying.seconds();
  figures.journal_entries = journal.last;
  Stopwatch comparing;
  const std::unique_ptr<Reader> replayed_reader = replayed.store().reader();
  const ReplayComparison comparison = compare_replay({*store, *reader}, {replayed.store(), *replayed_reader});
  figures.comparison_seconds = comparing.seconds();
  figures.peak_memory = peak_memory_bytes();
  phases.finish();
  if (comparison.first || journal.inputs != static_cast<std::int64_t>(2 * accounts))
    throw std::logic_error("the replay has not come to the same rows as the engine");
  return figures;
}

void print_json(const Figures& figures) {
  const boost::json::object object{
      {"accounts", figures.accounts},
      {"inputs", 2 * figures.accounts},
      {"journal_entries", figures.journal_entries},
      {"engine", {{"seconds", figures.engine_seconds}, {"inputs_per_second", figures.engine_rate()}}},
      {"replay",
       {{"seconds", figures.whole_replay_seconds()},
        {"comparing_seconds", figures.comparison_seconds},
        {"inputs_per_second", figures.replay_rate()}}},
      {"ratio_to_engine", figures.ratio()},
      {"peak_memory_bytes", figures.peak_memory}};
  std::cout << boost::json::serialize(object) << '\n';
}

void print_table(const Figures& figures) {
  const auto inputs = static_cast<std::int64_t>(2 * figures.accounts);
  Table table({{"", Align::left}, {"engine", Align::right}, {"replay", Align::right}, {"ratio", Align::right}});
  table.add_row({{"inputs"}, {tools::with_separators(inputs)}, {tools::with_separators(inputs)}});
  table.add_row({{"seconds"}, {two_decimals(figures.engine_seconds)}, {two_decimals(figures.whole_replay_seconds())}});
  table.add_row({{"of these comparing"}, {}, {two_decimals(figures.comparison_seconds)}});
  table.add_row({{"inputs/s"},
                 {whole(figures.engine_rate())},
                 {whole(figures.replay_rate())},
                 {two_decimals(figures.ratio()), Style::strong}});
  table.add_row({{"peak memory"}, {tools::human_bytes(static_cast<std::uint64_t>(figures.peak_memory))}});
  std::cout << table.render(tools::Terminal::output());
}

}  // namespace

void run_replay_bench(std::size_t accounts, const std::filesystem::path& folder, bool json) {
  const Figures figures = measure(accounts, folder);
  if (json) {
    print_json(figures);
  } else {
    print_table(figures);
  }
}

}  // namespace caravan::bench
