#pragma once
// An order in which things come that do not come one behind the other.

#include <numeric>

namespace caravan::bench {

/// Every number from 1 to `size` once, spread over all of them, in an order that the seed gives. Keeps none of them.
class Shuffled {
 public:
  Shuffled(std::size_t size, std::uint64_t seed) : size_(size), start_(seed % size), step_(size * 3 / 5 + seed % 97) {
    while (std::gcd(step_, size_) != 1)
      ++step_;
    step_ %= size_;
  }
  std::size_t at(std::size_t place) const { return (start_ + place * step_) % size_ + 1; }

 private:
  std::size_t size_, start_, step_;
};

}  // namespace caravan::bench
