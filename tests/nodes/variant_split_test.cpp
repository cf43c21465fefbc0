// variant_split: accounts or people take paths by percentage.

#include "nodes/variant_split.hpp"

#include "nodes/murmur_hash.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

/// How often each path of a journey is taken by so many accounts.
std::vector<int> hash_counts(std::span<const std::int64_t> percentages, std::string_view journey, int accounts) {
  std::vector<int> taken(percentages.size());
  for (int i = 0; i < accounts; ++i) {
    const std::uint32_t bucket = bucket_of("account-" + std::to_string(i), journey);
    ++taken[static_cast<std::size_t>(path_of_bucket(percentages, bucket))];
  }
  return taken;
}

/// How often each path is taken by so many subjects, one after the other.
std::vector<std::int64_t> quota_counts(std::span<const std::int64_t> percentages, int subjects) {
  std::vector<std::int64_t> taken(percentages.size());
  for (int i = 0; i < subjects; ++i)
    ++taken[static_cast<std::size_t>(path_of_quota(percentages, taken))];
  return taken;
}

/// The farthest that any count ever was from its percentage, over the first `subjects`.
double farthest(std::span<const std::int64_t> percentages, int subjects) {
  std::vector<std::int64_t> taken(percentages.size());
  double most = 0;
  for (int i = 1; i <= subjects; ++i) {
    ++taken[static_cast<std::size_t>(path_of_quota(percentages, taken))];
    for (std::size_t path = 0; path < taken.size(); ++path) {
      const double wanted = static_cast<double>(percentages[path]) * i / 100;
      most = std::max(most, std::abs(static_cast<double>(taken[path]) - wanted));
    }
  }
  return most;
}

const std::vector<std::vector<std::int64_t>> kSplits = {{50, 50},
                                                        {1, 99},
                                                        {33, 33, 34},
                                                        {10, 20, 70},
                                                        {1, 1, 1, 97},
                                                        {25, 25, 25, 25},
                                                        {2, 3, 5, 7, 11, 13, 59},
                                                        std::vector<std::int64_t>(20, 5),
                                                        {81, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};

}  // namespace

TEST_CASE("a bucket's path is the first whose percentages reach beyond it") {
  const std::array<std::int64_t, 3> percentages = {10, 20, 70};
  CHECK(path_of_bucket(percentages, 0) == PathIndex{0});
  CHECK(path_of_bucket(percentages, 999) == PathIndex{0});
  CHECK(path_of_bucket(percentages, 1'000) == PathIndex{1});
  CHECK(path_of_bucket(percentages, 2'999) == PathIndex{1});
  CHECK(path_of_bucket(percentages, 3'000) == PathIndex{2});
  CHECK(path_of_bucket(percentages, 9'999) == PathIndex{2});
}

TEST_CASE("a thousand accounts take paths by hash within two points of the percentages") {
  for (const std::string journey : {"nurture", "win-back"}) {
    for (const std::vector<std::int64_t>& percentages : kSplits) {
      const std::vector<int> taken = hash_counts(percentages, journey, 1'000);
      for (std::size_t path = 0; path < percentages.size(); ++path) {
        INFO(journey << ", path " << path << " of " << percentages.size() << " with " << percentages[path]
                     << " percent");
        CHECK(std::abs(taken[path] / 10.0 - static_cast<double>(percentages[path])) <= 2.0);
      }
    }
  }
}

TEST_CASE("by hash the counts stray from the percentages as chance does, no more and no less") {
  // Over 400 journeys; the variance of a share p of n subjects is p (1 - p) / n.
  for (const std::vector<std::int64_t>& percentages : kSplits) {
    double squares = 0;
    for (int journey = 0; journey < 400; ++journey) {
      const std::vector<int> taken = hash_counts(percentages, "journey-" + std::to_string(journey), 1'000);
      const double share = static_cast<double>(percentages.front()) / 100;
      squares += std::pow(taken.front() / 1'000.0 - share, 2) / (share * (1 - share) / 1'000);
    }
    INFO(percentages.size() << " paths, the first with " << percentages.front() << " percent");
    CHECK(squares / 400 > 0.75);
    CHECK(squares / 400 < 1.25);
  }
}

TEST_CASE("by quota the counts are always less than one from the percentages") {
  for (const std::vector<std::int64_t>& percentages : kSplits) {
    INFO(percentages.size() << " paths, the first with " << percentages.front() << " percent");
    CHECK(farthest(percentages, 1'000) < 1);
  }
}

TEST_CASE("by quota the counts are exact after every hundred") {
  for (const std::vector<std::int64_t>& percentages : kSplits) {
    std::vector<std::int64_t> wanted = percentages;
    CHECK(quota_counts(percentages, 100) == wanted);
    for (std::int64_t& count : wanted)
      count *= 3;
    CHECK(quota_counts(percentages, 300) == wanted);
  }
}

TEST_CASE("by quota the greatest percentage goes first, and of two the earlier") {
  const std::array<std::int64_t, 2> even = {50, 50};
  CHECK(path_of_quota(even, std::array<std::int64_t, 2>{0, 0}) == PathIndex{0});
  CHECK(path_of_quota(even, std::array<std::int64_t, 2>{1, 0}) == PathIndex{1});
  CHECK(path_of_quota(even, std::array<std::int64_t, 2>{1, 1}) == PathIndex{0});
  const std::array<std::int64_t, 3> uneven = {10, 60, 30};
  CHECK(path_of_quota(uneven, std::array<std::int64_t, 3>{0, 0, 0}) == PathIndex{1});
}

TEST_CASE("by quota counts that are off come back to the percentages") {
  const std::array<std::int64_t, 2> percentages = {50, 50};
  std::vector<std::int64_t> taken = {40, 0};
  for (int i = 0; i < 40; ++i)
    ++taken[static_cast<std::size_t>(path_of_quota(percentages, taken))];
  CHECK(taken == std::vector<std::int64_t>{40, 40});
}
