// Whose time a command means.

#include "tools/caravan/engine_command.hpp"

#include "tests/support/catch.hpp"

using namespace caravan::tools;
using namespace std::chrono_literals;
using caravan::Instant;

TEST_CASE("the present of a store in time lapse is its own") {
  const Instant now{1'000h};
  CHECK(present_of(std::nullopt, now) == now);
  CHECK(present_of(now - 3h, now) == now);
  CHECK(present_of(now - 25h, now) == now - 25h);
  CHECK(present_of(now + 100h, now) == now + 100h);
}
