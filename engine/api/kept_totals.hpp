#pragma once
// What the store holds, for those who ask again and again. Counting takes the longer the more that is, and whoever else
// reads waits meanwhile: so a count that took long is given again for a while.

#include "storage/store.hpp"

namespace caravan::api {

/// Used by one thread.
class KeptTotals {
 public:
  using Steady = std::chrono::steady_clock;
  explicit KeptTotals(std::function<Steady::time_point()> now = &Steady::now) : now_(std::move(now)) {}

  /// What `count` says now or, where that takes more than kShort, has said up to kShare times as long ago as it takes: a
  /// hundredth of the thread's time goes into it.
  Reader::Totals get(const std::function<Reader::Totals()>& count);

  static constexpr std::chrono::milliseconds kShort{10};
  static constexpr int kShare = 100;

 private:
  std::function<Steady::time_point()> now_;
  Reader::Totals last_;
  Steady::time_point good_until_ = Steady::time_point::min();
};

}  // namespace caravan::api
