// What the list of buying groups is made of: ranges and shown figures.

#include "engine/report/group_lines.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

TEST_CASE("a range has two ends, one of which may be left out") {
  CHECK(parse_hundred_range("50..80") == HundredRange{50, 80});
  CHECK(parse_hundred_range("50..") == HundredRange{50, 100});
  CHECK(parse_hundred_range("..80") == HundredRange{0, 80});
  CHECK(parse_hundred_range("7") == HundredRange{7, 7});
  for (const char* none : {"", "..", "80..50", "101", "-1", "1.5", "a..b", "1..2..3", " 1", "1..101"}) {
    CAPTURE(none);
    CHECK(parse_hundred_range(none) == std::nullopt);
  }
}

TEST_CASE("a value is in a range when the number that is shown is") {
  const double two_thirds = 200.0 / 3.0;
  CHECK(shown(two_thirds) == 67);
  CHECK(HundredRange{67, 67}.contains(two_thirds));
  CHECK_FALSE(HundredRange{0, 66}.contains(two_thirds));
  CHECK(HundredRange{0, 0}.contains(0.4));
}

TEST_CASE("how long ago something was is said in its greatest unit") {
  const Instant now{1'000h};
  CHECK(stretch_since(now, now) == "0 min");
  CHECK(stretch_since(now - 59min, now) == "59 min");
  CHECK(stretch_since(now - 61min, now) == "1 h");
  CHECK(stretch_since(now - 47h, now) == "47 h");
  CHECK(stretch_since(now - 48h, now) == "2 d");
  CHECK(stretch_since(now + 5min, now) == "0 min");
}
