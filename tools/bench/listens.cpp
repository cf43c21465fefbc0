// Listens that events answer: every account stands at one, and gets its event through the engine's door, as a sender
// with many connections tells it: so many at once that are not acknowledged yet, and the next when one is.

#include "tools/bench/accounts.hpp"
#include "tools/bench/bare_copy.hpp"
#include "tools/bench/engine_on_file.hpp"
#include "tools/bench/measurement.hpp"
#include "tools/bench/process.hpp"
#include "tools/bench/shuffled.hpp"

namespace caravan::bench {
namespace {

using namespace std::chrono_literals;

/// Events that are told and not acknowledged yet.
constexpr std::size_t kUnderWay = 8'192;

constexpr std::string_view kJourney = R"(journey: listens
enter: {audience: everyone}
nodes:
  - id: hear
    listen:
      event: form.submitted
      where: event.form == "demo"
      timeout: 30d
  - id: thanks
    send_email: thanks
)";

SourceTexts workspace() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/everyone.yaml", "audience: everyone\nwhen: account.employees > 0\n"},
          {"emails/thanks.html", "---\nsubject: Thanks\n---\n<p>Dear {{person.first_name}}.</p>\n"},
          {"journeys/listens.yaml", std::string(kJourney)}};
}

/// All events are told and acknowledged.
class Sender {
 public:
  Sender(EngineOnFile& engine, const Task& task, const Progress& progress)
      : engine_(engine), task_(task), order_(task.size, task.seed), progress_(progress) {}

  double seconds() {
    const Stopwatch watch;
    double seconds = 0;
    all_acknowledged_ = [&] {
      seconds = watch.seconds();
      engine_.stop();
    };
    tell();
    engine_.run();
    return seconds;
  }

 private:
  void tell() {
    while (told_ < task_.size && told_ - acknowledged_ < kUnderWay) {
      const std::string account = std::to_string(order_.at(told_));
      TellEvent event;
      event.type = "form.submitted";
      event.person = "person-" + account + "-1";
      event.id = "event-" + account;
      event.properties = {{"form", {std::string("demo")}}};
      // The engine's queue has room for more than are under way.
      if (!engine_.engine().post(std::move(event), [this](const InputResult& result) { acknowledged(result); }))
        throw std::logic_error("the engine refuses an event for which it has room");
      ++told_;
    }
  }

  void acknowledged(const InputResult& result) {
    if (!result.refused.empty()) throw std::logic_error("an event was refused: " + result.refused);
    progress_("events acknowledged", ++acknowledged_, task_.size);
    if (acknowledged_ == task_.size) return all_acknowledged_();
    tell();
  }

  EngineOnFile& engine_;
  const Task& task_;
  Shuffled order_;
  const Progress& progress_;
  std::function<void()> all_acknowledged_;
  std::size_t told_ = 0;
  std::size_t acknowledged_ = 0;
};

}  // namespace

std::vector<Row> measure_listens(const Task& task, const Progress& progress) {
  const Scratch scratch(task.folder);
  const auto engine_file = scratch.file("engine.db"), bare_file = scratch.file("bare.db");
  fill_apart(engine_file, task.size, 1, progress);
  do_apart([&] {
    VirtualClock clock(kMeasuredAt);
    EngineOnFile engine(engine_file, clock, workspace());
    engine.on_batch([&](const BatchReport&) {
      progress("accounts made to listen", static_cast<std::size_t>(engine.work().entered), task.size);
    });
    run_until_idle(engine);
  });
  std::filesystem::copy_file(engine_file, bare_file);
  VirtualClock clock(kMeasuredAt + 1h);
  double seconds = 0;
  EngineWork work;
  {
    EngineOnFile engine(engine_file, clock, {});
    seconds = Sender(engine, task, progress).seconds();
    work = engine.work();
  }
  if (work.completed != static_cast<std::int64_t>(task.size))
    throw std::logic_error("not every account has heard its event");
  const std::int64_t peak_memory = peak_memory_bytes();
  const double bytes = bytes_per_account(engine_file, task.size);
  const double bytes_before = bytes_per_account(bare_file, task.size);
  BareCopy bare(bare_file, engine_file, progress);
  bare.shuffle(task.seed);
  const double bare_seconds = bare.write(work.commits, progress);
  Row row = race("listens", "listens answered by events", task, "events", seconds, bare_seconds);
  row.peak_memory = peak_memory;
  row.bytes_per_account = bytes;
  row.added_bytes_per_account = bytes - bytes_before;
  return {row};
}

}  // namespace caravan::bench
