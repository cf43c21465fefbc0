#pragma once
// Where the engine's time comes from. Nothing else in the engine reads a clock: the scheduler asks this one once a
// batch and hands the time to its turns.

#include "storage/records.hpp"

namespace caravan {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Never goes backwards.
  virtual Instant now() = 0;
  /// How long a real timer must run until now() >= `at`; zero when it is reached. Nothing when no real time will
  /// bring it (virtual time is moved by hand).
  virtual std::optional<std::chrono::steady_clock::duration> real_time_until(Instant at) = 0;
  /// How far the machine's time is behind now(): it was set back, or is not what the store has seen last. now() stands
  /// still until it has caught up.
  virtual std::chrono::milliseconds behind() { return {}; }
};

/// The machine's time; where that jumps backwards, it stands still until the machine has caught up.
/// Starts no earlier than `not_before` (what the store has seen last).
std::unique_ptr<Clock> make_real_clock(Instant not_before);

/// Time lapse: starts at `start` and runs `speed` times as fast as the machine's steady clock (86'400: a day a second).
std::unique_ptr<Clock> make_time_lapse_clock(Instant start, double speed);

/// Time that stands until it is moved: for tests, scenarios, replay and the benchmark. Safe to move from any thread.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start.time_since_epoch().count()) {}
  Instant now() override { return Instant(std::chrono::milliseconds(now_.load())); }
  std::optional<std::chrono::steady_clock::duration> real_time_until(Instant at) override;
  void move_to(Instant at);

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace caravan
