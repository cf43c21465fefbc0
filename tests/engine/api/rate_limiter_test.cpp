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

TEST_CASE("which names may be forgotten is looked for once a second at most") {
  RateLimiter limiter(2, 1, 2);  // a bucket is full again after half a second
  const RateLimiter::Time now{};
  limiter.take("a", now);
  limiter.take("b", now);
  CHECK_FALSE(limiter.take("c", now + 400ms));  // looked, and nobody may be forgotten: the bucket of all others
  CHECK(limiter.take("d", now + 600ms));        // both may be by now, and it does not look
  CHECK_FALSE(limiter.take("e", now + 1400ms));
  CHECK_FALSE(limiter.take("f", now + 1400ms));
}

TEST_CASE("of an IPv6 address the network counts, and all of an IPv4 address") {
  CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(network_of("2001:db8:1:2:ffff::1") == network_of("2001:db8:1:2::1"));
  CHECK(network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1"));
  CHECK(network_of("192.0.2.7") == "192.0.2.7");
  CHECK(network_of("somebody") == "somebody");
}
