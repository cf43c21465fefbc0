#pragma once
// The real engine on a store of its own, as rows of `caravan bench` run it.

#include <boost/asio/io_context.hpp>

#include "engine/engine.hpp"
#include "tools/bench/run.hpp"

namespace caravan::bench {

/// When measurements begin, in virtual time.
inline constexpr Instant kMeasuredAt{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) + std::chrono::hours(9)};

/// The workspace, read with the store's names. Throws std::logic_error where it has faults.
std::unique_ptr<Workspace> read_workspace(const SourceTexts& texts, NameBook& names);

/// What an engine has done, by its batches.
struct EngineWork {
  std::size_t commits = 0;
  std::size_t turns = 0;
  std::int64_t entered = 0;
  std::int64_t completed = 0;
  std::int64_t promised = 0;  ///< deliveries
};

class EngineOnFile {
 public:
  using Ways = std::function<Channels(boost::asio::io_context&)>;

  /// Opens `file` for writing, or makes it. Publishes `texts`, or where they are empty runs what was published. Without
  /// `ways` deliveries are promised, not made. `clock` outlives it. Throws StoreError.
  EngineOnFile(const std::filesystem::path& file, Clock& clock, const SourceTexts& texts, const Ways& ways = {});

  Engine& engine() { return engine_; }
  Store& store() { return *store_; }
  NameBook& names() { return names_; }
  boost::asio::io_context& io() { return io_; }
  const EngineWork& work() const { return work_; }

  /// Told after each commit, when it has been counted.
  void on_batch(std::function<void(const BatchReport&)> listener) { on_batch_ = std::move(listener); }

  /// Runs until stop() or leave() was called. Throws StoreError.
  void run();
  /// Ends the engine in its order.
  void stop();
  /// Ends run() at once; what the engine has in hand is dropped when this is destroyed.
  void leave() { io_.stop(); }

 private:
  void count(const BatchReport& report);

  std::unique_ptr<Store> store_;
  NameBook names_;
  boost::asio::io_context io_;
  std::optional<Channels> channels_;
  Engine engine_;
  EngineWork work_;
  std::function<void(const BatchReport&)> on_batch_;
};

/// Runs it until nothing waits for a time any more, moving `clock` from one due time to the next. Gives the seconds
/// from the engine's start.
double run_to_the_end(EngineOnFile& engine, VirtualClock& clock);

/// Runs it until there is nothing to do at the present time. Gives the seconds from the engine's start.
double run_until_idle(EngineOnFile& engine);

}  // namespace caravan::bench
