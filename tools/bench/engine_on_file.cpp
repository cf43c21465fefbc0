#include "tools/bench/engine_on_file.hpp"

#include <boost/asio/executor_work_guard.hpp>

namespace caravan::bench {

std::unique_ptr<Workspace> read_workspace(const SourceTexts& texts, NameBook& names) {
  std::unique_ptr<Workspace> workspace = load_workspace(texts, "measured", node_shapes(), names);
  if (workspace->diagnostics.errors() != 0)
    throw std::logic_error(render(workspace->diagnostics.sorted().front(), Colour::never));
  return workspace;
}

EngineOnFile::EngineOnFile(const std::filesystem::path& file, Clock& clock, const SourceTexts& texts, const Ways& ways)
    : store_(open_sqlite(file, OpenMode::write)),
      names_(*store_->reader()),
      channels_(ways ? std::optional(ways(io_)) : std::nullopt),
      engine_(io_, *store_, names_, clock, texts.empty() ? nullptr : read_workspace(texts, names_),
              channels_ ? &*channels_ : nullptr, {.publish = !texts.empty()}) {
  engine_.on_batch([this](const BatchReport& report) {
    count(report);
    if (on_batch_) on_batch_(report);
  });
}

void EngineOnFile::count(const BatchReport& report) {
  ++work_.commits;
  work_.turns += report.turns;
  for (const auto& [packed, by] : report.counted) {
    switch (unpack_counter(packed).kind) {
      case CounterKind::entered: work_.entered += by; break;
      case CounterKind::completed: work_.completed += by; break;
      case CounterKind::promised: work_.promised += by; break;
      default: break;
    }
  }
}

void EngineOnFile::run() {
  std::optional<std::string> failure;
  engine_.start([this, &failure](const std::string& reason) {
    failure = reason;
    io_.stop();
  });
  const auto work = boost::asio::make_work_guard(io_);
  io_.run();
  if (failure) throw StoreError(*failure);
}

void EngineOnFile::stop() {
  engine_.stop([this] { io_.stop(); });
}

double run_to_the_end(EngineOnFile& engine, VirtualClock& clock) {
  const Stopwatch watch;
  double seconds = 0;
  engine.engine().on_idle([&](std::optional<Instant> next_due) {
    if (seconds > 0) return;
    if (next_due) {
      clock.move_to(*next_due);
      return engine.engine().poke();
    }
    seconds = watch.seconds();
    engine.stop();
  });
  engine.run();
  return seconds;
}

double run_until_idle(EngineOnFile& engine) {
  const Stopwatch watch;
  double seconds = 0;
  engine.engine().on_idle([&](std::optional<Instant>) {
    if (seconds > 0) return;
    seconds = watch.seconds();
    engine.stop();
  });
  engine.run();
  return seconds;
}

}  // namespace caravan::bench
