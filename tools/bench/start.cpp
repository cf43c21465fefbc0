// How soon an engine works again that has many waiting tokens: from opening the store to the first turns committed of
// tokens that are due. Once with what the machine has read of the file dropped from its memory, once with it there.

#include <fcntl.h>
#include <unistd.h>

#include "tools/bench/accounts.hpp"
#include "tools/bench/engine_on_file.hpp"
#include "tools/bench/measurement.hpp"
#include "tools/bench/process.hpp"

namespace caravan::bench {
namespace {

using namespace std::chrono_literals;

/// Ten accounts wait a day less than all others, whose times are spread.
constexpr std::string_view kJourney = R"(journey: waits
enter: {audience: everyone}
nodes:
  - id: first-ones
    split:
      - path: first
        when: account.key in ["account-1", "account-2", "account-3", "account-4", "account-5", "account-6", "account-7", "account-8", "account-9", "account-10"]
        nodes:
          - id: a-shorter-wait
            wait: 30d
      - path: others
        nodes:
          - id: a-wait
            wait: 31d
)";

constexpr std::int64_t kFirstOnes = 10;

SourceTexts workspace() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/everyone.yaml", "audience: everyone\nwhen: account.employees > 0\n"},
          {"journeys/waits.yaml", std::string(kJourney)}};
}

/// Everybody enters and waits; time passes between the batches, so that due times differ.
void make_waiting(const std::filesystem::path& file, const Task& task, const Progress& progress) {
  VirtualClock clock(kMeasuredAt);
  EngineOnFile engine(file, clock, workspace());
  engine.on_batch([&](const BatchReport& report) {
    progress("accounts made to wait", static_cast<std::size_t>(engine.work().entered), task.size);
    clock.move_to(report.now + 1s);
  });
  run_until_idle(engine);
}

/// What of the file is in the machine's memory goes from there, as after a start of the machine.
void drop_from_cache(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), file.string() + ": cannot be opened");
  const bool is_dropped = ::fsync(descriptor) == 0 && ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0;
  ::close(descriptor);
  if (!is_dropped) throw std::runtime_error(file.string() + ": cannot be dropped from the machine's memory");
}

/// Opens the store and runs until the first turns are committed, at the time at which the first ones are due. The store
/// stays as it was in all but these: it must be another's copy.
Row start(const std::filesystem::path& file, std::string title, const Task& task) {
  const Stopwatch watch;
  VirtualClock clock(kMeasuredAt + std::chrono::days(30) + 1h);
  double seconds = 0;
  {
    EngineOnFile engine(file, clock, {});
    engine.on_batch([&](const BatchReport&) {
      if (engine.work().completed == 0 || seconds > 0) return;
      seconds = watch.seconds();
      engine.leave();
    });
    engine.run();
    if (engine.work().completed > kFirstOnes) throw std::logic_error("more tokens were due than should be");
  }
  return {.kind = "start",
          .title = std::move(title),
          .size = task.size,
          .seconds = seconds,
          .peak_memory = peak_memory_bytes(),
          .bytes_per_account = bytes_per_account(file, task.size)};
}

}  // namespace

std::vector<Row> measure_start(const Task& task, const Progress& progress) {
  const Scratch scratch(task.folder);
  const auto file = scratch.file("engine.db"), copy = scratch.file("copy.db");
  fill_apart(file, task.size, 1, progress);
  do_apart([&] { make_waiting(file, task, progress); });
  std::filesystem::copy_file(file, copy);
  drop_from_cache(file);
  const auto started = [&](const std::filesystem::path& which, const std::string& title) {
    return row_from(apart([&] { return boost::json::value(to_json(start(which, title, task))); }).as_object());
  };
  std::vector<Row> rows = {started(file, "start to the first due turn, file not in memory")};
  rows.push_back(started(copy, "start to the first due turn, file in memory"));
  return rows;
}

}  // namespace caravan::bench
