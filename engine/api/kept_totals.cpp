#include "engine/api/kept_totals.hpp"

namespace caravan::api {

Reader::Totals KeptTotals::get(const std::function<Reader::Totals()>& count) {
  const Steady::time_point began = now_();
  if (began < good_until_) return last_;
  last_ = count();
  const Steady::time_point end = now_();
  good_until_ = end - began > kShort ? end + kShare * (end - began) : Steady::time_point::min();
  return last_;
}

}  // namespace caravan::api
