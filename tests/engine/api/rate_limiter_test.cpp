#include "engine/api/rate_limiter.hpp"

#include "tests/support/catch.hpp"

using namespace caravan::api;
using namespace std::chrono_literals;

TEST_CASE("a bucket holds what may be asked at once, and fills steadily") {
  RateLimiter limiter(10, 2);
  const RateLimiter::Time now{};
  CHECK_FALSE(limiter.take("a", now));
  CHECK_FALSE(limiter.take("a", now));
  CHECK(limiter.take("a", now) == 100ms);
  CHECK(limiter.take("a", now + 40ms) == 60ms);
  CHECK_FALSE(limiter.take("a", now + 100ms));
  CHECK(limiter.take("a", now + 100ms) == 100ms);
}

TEST_CASE("what one asks for is not taken from another") {
  RateLimiter limiter(1, 1);
  const RateLimiter::Time now{};
  CHECK_FALSE(limiter.take("a", now));
  CHECK(limiter.take("a", now));
  CHECK_FALSE(limiter.take("b", now));
}

TEST_CASE("more names than it remembers share one bucket, until those of before are full again") {
  RateLimiter limiter(1, 1, 2);
  const RateLimiter::Time now{};
  CHECK_FALSE(limiter.take("a", now));
  CHECK_FALSE(limiter.take("b", now));
  CHECK_FALSE(limiter.take("c", now));  // the bucket of all others
  CHECK(limiter.take("d", now));
  CHECK_FALSE(limiter.take("e", now + 2s));
  CHECK_FALSE(limiter.take("f", now + 2s));
}
