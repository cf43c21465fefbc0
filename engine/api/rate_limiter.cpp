#include "engine/api/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace caravan::api {
namespace {

const std::string kOthers;

}

std::optional<std::chrono::milliseconds> RateLimiter::take(const std::string& name, Time now) {
  if (buckets_.size() >= names_ && !buckets_.contains(name)) forget_full(now);
  const bool is_known = buckets_.size() < names_ || buckets_.contains(name);
  Bucket& bucket = buckets_.try_emplace(is_known ? name : kOthers, Bucket{burst_, now}).first->second;
  const double passed = std::chrono::duration<double>(now - bucket.at).count();
  bucket.left = std::min(burst_, bucket.left + passed * per_second_);
  bucket.at = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return std::nullopt;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil((1 - bucket.left) / per_second_ * 1'000)));
}

/// Whose bucket is full again is as good as unknown.
void RateLimiter::forget_full(Time now) {
  std::erase_if(buckets_, [&](const auto& each) {
    const double passed = std::chrono::duration<double>(now - each.second.at).count();
    return each.second.left + passed * per_second_ >= burst_;
  });
}

}  // namespace caravan::api
