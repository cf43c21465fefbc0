#include "engine/api/kept_totals.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using caravan::api::KeptTotals;

namespace {

/// What is counted grows by one with each count, which takes as long as the test says.
class Counts {
 public:
  std::int64_t accounts() {
    const auto count = [this] {
      now_ += takes;
      return caravan::Reader::Totals{.accounts = ++counted_, .stand_ins = 0, .people = 0, .groups = 0, .members = 0};
    };
    return totals_.get(count).accounts;
  }
  void wait(KeptTotals::Steady::duration time) { now_ += time; }

  KeptTotals::Steady::duration takes{};

 private:
  KeptTotals::Steady::time_point now_{};
  std::int64_t counted_ = 0;
  KeptTotals totals_{[this] { return now_; }};
};

}  // namespace

TEST_CASE("what is counted fast is counted each time") {
  Counts counts;
  counts.takes = 10ms;
  CHECK(counts.accounts() == 1);
  CHECK(counts.accounts() == 2);
}

TEST_CASE("what takes long to be counted is kept a hundred times as long, and counted anew then") {
  Counts counts;
  counts.takes = 200ms;
  CHECK(counts.accounts() == 1);
  counts.wait(19'999ms);
  CHECK(counts.accounts() == 1);
  counts.takes = 1ms;
  counts.wait(1ms);
  CHECK(counts.accounts() == 2);
  CHECK(counts.accounts() == 3);
}
