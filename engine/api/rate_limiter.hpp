#pragma once
// How often somebody may ask: a bucket a name, which holds as many requests as a second allows and fills steadily.

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

namespace caravan::api {

/// Used on one thread.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `per_second` requests, and `burst` at once. It remembers as many names as asked within the time that fills a
  /// bucket, at most `names`: beyond, all that it does not know share one bucket. Once a second at most it looks which
  /// of them it may forget.
  RateLimiter(double per_second, double burst, std::size_t names = 20'000)
      : per_second_(per_second), burst_(burst), names_(names) {}

  /// Nothing when it may; else how long until it may again.
  std::optional<std::chrono::milliseconds> take(const std::string& name, Time now);

 private:
  struct Bucket {
    double left = 0;
    Time at{};
  };
  void forget_full(Time now);
  bool may_know(const std::string& name, Time now);

  const double per_second_;
  const double burst_;
  const std::size_t names_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::optional<Time> looked_at_;  ///< when it last looked which may be forgotten
};

/// By which name an address is limited: of IPv6 the first 64 bits, which one sender has all addresses of; of IPv4, and
/// of what is no address, all of it.
std::string network_of(const std::string& address);

}  // namespace caravan::api
