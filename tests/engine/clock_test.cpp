// Time never goes back, whatever the machine does, and every clock says how long a real timer has to run.

#include "engine/clock.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {
constexpr Instant monday = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h;
}

TEST_CASE("virtual time stands until it is moved, and never moves back") {
  VirtualClock clock(monday);
  CHECK(clock.now() == monday);
  clock.move_to(monday + 3h);
  CHECK(clock.now() == monday + 3h);
  clock.move_to(monday);
  CHECK(clock.now() == monday + 3h);
}

TEST_CASE("no real time brings a virtual instant that lies ahead") {
  VirtualClock clock(monday);
  CHECK(clock.real_time_until(monday) == std::chrono::steady_clock::duration::zero());
  CHECK_FALSE(clock.real_time_until(monday + 1ms).has_value());
}

TEST_CASE(
    "the real clock starts no earlier than what the store has seen, and stands still until the machine is there") {
  const Instant far_ahead = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + 48h;
  const auto clock = make_real_clock(far_ahead);
  CHECK(clock->now() == far_ahead);
  CHECK(clock->now() == far_ahead);
  const auto wait = clock->real_time_until(far_ahead + 1h);
  REQUIRE(wait.has_value());
  CHECK(*wait > 48h);
  CHECK(*wait <= 49h);
}

TEST_CASE("the real clock is the machine's where the store is behind") {
  const auto before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto clock = make_real_clock(monday - std::chrono::hours(24 * 3650));
  CHECK(clock->now() >= before);
  CHECK(clock->real_time_until(before) == std::chrono::steady_clock::duration::zero());
}

TEST_CASE("time lapse runs from its start at its speed") {
  const auto clock = make_time_lapse_clock(monday, 86'400.0);
  CHECK(clock->now() >= monday);
  const Instant first = clock->now();
  CHECK(clock->now() >= first);
  const auto wait = clock->real_time_until(monday + std::chrono::hours(240));
  REQUIRE(wait.has_value());
  CHECK(*wait <= 10s + 1ms);
  CHECK(clock->real_time_until(monday) == std::chrono::steady_clock::duration::zero());
}

TEST_CASE("the end of time overflows no clock") {
  CHECK(*make_real_clock(monday)->real_time_until(Instant::max()) > 24h);
  CHECK(*make_time_lapse_clock(monday, 0.001)->real_time_until(monday + std::chrono::hours(24 * 365'000)) > 24h);
  CHECK(make_time_lapse_clock(monday, 1e300)->now() > monday);
}

TEST_CASE("a time that would stand still or run back is no time lapse") {
  CHECK_THROWS(make_time_lapse_clock(monday, 0.0));
  CHECK_THROWS(make_time_lapse_clock(monday, -1.0));
}
