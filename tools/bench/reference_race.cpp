#include "tools/bench/reference_race.hpp"

#include "tools/bench/accounts.hpp"
#include "tools/bench/bare_loop.hpp"
#include "tools/bench/measurement.hpp"
#include "tools/bench/process.hpp"

namespace caravan::bench {

ReferenceRace run_reference_race(std::size_t accounts, const std::filesystem::path& folder, const Progress& progress) {
  constexpr std::size_t kAccountsPerCommit = 4'096;
  const Scratch scratch(folder);
  const auto engine_file = scratch.file("engine.db"), bare_file = scratch.file("bare.db");
  ReferenceRace race;
  race.accounts = accounts;
  do_apart([&] { fill(engine_file, accounts, progress); });
  std::filesystem::copy_file(engine_file, bare_file);
  race.engine = run_engine(engine_file, accounts, progress);
  race.peak_memory = peak_memory_bytes();
  race.bytes_per_account = bytes_per_account(engine_file, accounts);
  race.added_bytes_per_account = race.bytes_per_account - bytes_per_account(bare_file, accounts);
  { const auto made = open_sqlite(bare_file, OpenMode::write); }
  race.bare_seconds = run_bare_loop(bare_file, accounts, kAccountsPerCommit, progress);
  if (written_rows(engine_file) != written_rows(bare_file))
    throw std::logic_error("the engine and the bare loop have not written the same rows");
  if (race.engine.completed != static_cast<std::int64_t>(accounts))
    throw std::logic_error("not every account has completed the journey");
  return race;
}

namespace {

/// Of a race that is over in a moment a single one says little: of several, the one in the middle is told.
ReferenceRace middle_race(const Task& task, const Progress& progress) {
  constexpr std::size_t kShort = 20'000;
  constexpr std::size_t kTimes = 5;
  const auto ratio = [](const ReferenceRace& race) { return race.bare_seconds / race.engine.seconds; };
  std::vector<ReferenceRace> races;
  for (std::size_t i = 0; i < (task.size > kShort ? 1 : kTimes); ++i)
    races.push_back(run_reference_race(task.size, task.folder, progress));
  std::sort(races.begin(), races.end(),
            [&](const auto& left, const auto& right) { return ratio(left) < ratio(right); });
  return races[races.size() / 2];
}

}  // namespace

std::vector<Row> measure_reference(const Task& task, const Progress& progress) {
  const ReferenceRace run = middle_race(task, progress);
  Row row = race("reference", "the reference journey", task, "accounts", run.engine.seconds, run.bare_seconds);
  row.peak_memory = run.peak_memory;
  row.bytes_per_account = run.bytes_per_account;
  row.added_bytes_per_account = run.added_bytes_per_account;
  return {row};
}

}  // namespace caravan::bench
