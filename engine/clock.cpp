// The three kinds of time: the machine's, a faster one, and one that stands until it is moved. All three may be asked
// from any thread, and none ever goes back.

#include <atomic>
#include <stdexcept>

#include "engine/machine_clock.hpp"

namespace caravan {
namespace {

using Steady = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// No timer runs longer than this: whoever waits asks again, and no arithmetic overflows on the way.
constexpr Milliseconds longest_wait = std::chrono::hours(24 * 365);

/// Raises `latest` to `at`, unless another thread has raised it further, and gives what it is then.
std::int64_t raise(std::atomic<std::int64_t>& latest, std::int64_t at) {
  std::int64_t seen = latest.load();
  while (seen < at && !latest.compare_exchange_weak(seen, at)) {
  }
  return std::max(seen, at);
}

class RealClock final : public Clock {
 public:
  RealClock(std::function<Instant()> machine, Instant not_before)
      : machine_(std::move(machine)), latest_(not_before.time_since_epoch().count()) {}

  Instant now() override { return Instant(Milliseconds(raise(latest_, machine_().time_since_epoch().count()))); }

  std::optional<Steady::duration> real_time_until(Instant at) override {
    if (now() >= at) return Steady::duration::zero();
    // Where the machine is behind what was seen before, it has to catch up first: its own time counts, not now().
    const Instant machine_now = machine_();
    return at > machine_now + longest_wait ? longest_wait : at - machine_now;
  }

  std::chrono::milliseconds behind() override {
    const Instant machine_now = machine_();
    return std::max(Instant(Milliseconds(latest_.load())) - machine_now, Milliseconds(0));
  }

 private:
  const std::function<Instant()> machine_;
  std::atomic<std::int64_t> latest_;
};

class TimeLapseClock final : public Clock {
 public:
  TimeLapseClock(Instant start, double speed) : start_(start), speed_(speed) {}

  Instant now() override {
    const double passed = milliseconds(Steady::now() - began_) * speed_;
    return start_ + Milliseconds(static_cast<std::int64_t>(std::min(passed, furthest)));
  }

  std::optional<Steady::duration> real_time_until(Instant at) override {
    if (now() >= at) return Steady::duration::zero();
    const double ahead = milliseconds(at - start_) / speed_ - milliseconds(Steady::now() - began_);
    const double longest = milliseconds(longest_wait);
    // A microsecond more than computed, so that rounding never ends a timer just before its time.
    const std::chrono::duration<double, std::milli> wait(std::clamp(ahead, 0.0, longest) + 0.001);
    return std::chrono::ceil<Steady::duration>(wait);
  }

 private:
  static double milliseconds(auto duration) { return std::chrono::duration<double, std::milli>(duration).count(); }
  static constexpr double furthest = 1e15;  ///< some thirty thousand years
  const Instant start_;
  const double speed_;
  const Steady::time_point began_ = Steady::now();
};

}  // namespace

std::unique_ptr<Clock> make_real_clock(Instant not_before) {
  return make_machine_clock([] { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); },
                            not_before);
}

std::unique_ptr<Clock> make_machine_clock(std::function<Instant()> machine, Instant not_before) {
  return std::make_unique<RealClock>(std::move(machine), not_before);
}

std::unique_ptr<Clock> make_time_lapse_clock(Instant start, double speed) {
  if (!(speed > 0.0) || !std::isfinite(speed)) throw std::invalid_argument("the speed of time must be above zero");
  return std::make_unique<TimeLapseClock>(start, speed);
}

std::optional<Steady::duration> VirtualClock::real_time_until(Instant at) {
  if (now() >= at) return Steady::duration::zero();
  return std::nullopt;
}

void VirtualClock::move_to(Instant at) {
  raise(now_, at.time_since_epoch().count());
}

}  // namespace caravan
