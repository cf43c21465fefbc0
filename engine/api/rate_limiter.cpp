#include "engine/api/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

#include <boost/asio/ip/address.hpp>

namespace caravan::api {
namespace {

const std::string kOthers;

}

std::optional<std::chrono::milliseconds> RateLimiter::take(const std::string& name, Time now) {
  Bucket& bucket = buckets_.try_emplace(may_know(name, now) ? name : kOthers, Bucket{burst_, now}).first->second;
  const double passed = std::chrono::duration<double>(now - bucket.at).count();
  bucket.left = std::min(burst_, bucket.left + passed * per_second_);
  bucket.at = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return std::nullopt;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil((1 - bucket.left) / per_second_ * 1'000)));
}

/// Whether the name has a bucket of its own, or may get one.
bool RateLimiter::may_know(const std::string& name, Time now) {
  if (buckets_.size() < names_ || buckets_.contains(name)) return true;
  if (looked_at_ && now - *looked_at_ < std::chrono::seconds(1)) return false;
  looked_at_ = now;
  forget_full(now);
  return buckets_.size() < names_;
}

/// Whose bucket is full again is as good as unknown.
void RateLimiter::forget_full(Time now) {
  std::erase_if(buckets_, [&](const auto& each) {
    const double passed = std::chrono::duration<double>(now - each.second.at).count();
    return each.second.left + passed * per_second_ >= burst_;
  });
}

std::string network_of(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error || !parsed.is_v6()) return address;
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace caravan::api
