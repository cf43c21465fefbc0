// variant_split: accounts or people take paths by percentage.

#include "nodes/variant_split.hpp"

#include "nodes/murmur_hash.hpp"
#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

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

namespace {

constexpr std::string_view kHalves = R"(- id: variants
  variant_split:
    - path: short
      percent: 50
      nodes: [{id: brief, wait: 1d}]
    - path: long
      percent: 50
      nodes: [{id: full, wait: 1d}]
- id: last
  wait: 1d
)";

/// The path of an account or a person in a journey `seeds`, as the hash gives it.
std::string half_of(std::string_view subject) {
  return bucket_of(subject, "seeds") < 5'000 ? "short" : "long";
}

std::vector<Input> accounts(int count) {
  std::vector<Input> inputs;
  for (int i = 0; i < count; ++i)
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), {}});
  return inputs;
}

std::string variants(const std::string& keys) {
  return "- id: variants\n  variant_split:\n" + indented(keys, 4) +
         "    paths:\n      - {path: a, percent: 20, nodes: []}\n      - {path: b, percent: 80, nodes: []}\n";
}

}  // namespace

TEST_CASE("an account takes the path of its hash and goes on behind the split") {
  World world(seeds_workspace(kHalves));
  world.account("acme");
  const std::string path = half_of("acme");
  CHECK(world.trail("acme") == "variants/" + path + (path == "short" ? " brief:stopped" : " full:stopped"));
  world.run_out();
  CHECK(world.trail("acme").ends_with(" last:stopped"));
}

TEST_CASE("the map counts what the hash gives, and a restart gives the same") {
  World world(seeds_workspace(kHalves));
  world.post_all(accounts(200));
  world.restart();
  int wanted = 0;
  for (int i = 0; i < 200; ++i)
    wanted += half_of("account-" + std::to_string(i)) == "short" ? 1 : 0;
  CHECK(world.counted(CounterKind::taken, "variants", "short") == wanted);
  CHECK(world.counted(CounterKind::taken, "variants", "long") == 200 - wanted);
}

TEST_CASE("by hash the same account takes the same path each time it enters") {
  World world(workspace_with("journey: seeds\nenter: {audience: everyone}\nre_enter: {after: 1d, limit: 5}\nnodes:\n" +
                             indented(variants(""), 2)));
  world.post_all(accounts(20));
  world.run_out();
  for (int i = 0; i < 20; ++i) {
    const std::string account = "account-" + std::to_string(i);
    const std::string path = bucket_of(account, "seeds") < 2'000 ? "variants/a" : "variants/b";
    CHECK(world.trail(account) == path + " | " + path + " | " + path + " | " + path + " | " + path);
  }
}

TEST_CASE("by people each person takes a path of their own, and all come together behind the split") {
  World world(seeds_workspace(R"(- id: variants
  variant_split:
    by: people
    paths:
      - {path: short, percent: 50, nodes: [{id: brief, wait: 1d}]}
      - {path: long, percent: 50, nodes: [{id: full, wait: 1d}]}
- id: last
  wait: 1d
)"));
  world.post_all(acme());
  const auto way = [](const std::string& person) {
    return half_of(person) == "short" ? "variants/short brief:stopped" : "variants/long full:stopped";
  };
  CHECK(world.trail("acme") ==
        std::string("variants:stopped | ") + way("ada") + " | " + way("bob") + " | " + way("cy"));
  CHECK(world.standing("acme").starts_with("joining at variants | "));
  world.advance(24h);
  CHECK(world.standing("acme").starts_with("waiting at last | "));
}

TEST_CASE("inside of a people split it is the person's hash, or the account's where the node says so") {
  const auto inside = [](const std::string& keys) {
    return "- id: each\n  split_people:\n    - path: all\n      nodes:\n" + indented(variants(keys), 8);
  };
  const auto path = [](std::string_view subject) {
    return std::string(bucket_of(subject, "seeds") < 2'000 ? "variants/a" : "variants/b");
  };
  for (const std::string keys : {"", "by: people\n"}) {
    World world(seeds_workspace(inside(keys)));
    world.post_all(acme());
    CHECK(world.trail("acme") ==
          "each:stopped | each/all " + path("ada") + " | each/all " + path("bob") + " | each/all " + path("cy"));
  }
  World world(seeds_workspace(inside("by: accounts\n")));
  world.post_all(acme());
  const std::string way = "each/all " + path("acme");
  CHECK(world.trail("acme") == "each:stopped | " + way + " | " + way + " | " + way);
}

TEST_CASE("by quota accounts take paths in turn, whatever their keys") {
  World world(seeds_workspace(variants("assign: quota\n")));
  std::string ways;
  for (int i = 0; i < 10; ++i) {
    world.account("account-" + std::to_string(i));
    ways += world.trail("account-" + std::to_string(i)).back();
  }
  CHECK(std::count(ways.begin(), ways.end(), 'a') == 2);
  CHECK(world.counted(CounterKind::taken, "variants", "a") == 2);
  CHECK(world.counted(CounterKind::taken, "variants", "b") == 8);
}

TEST_CASE("by quota the counts hold over one batch, many batches and restarts") {
  World world(seeds_workspace(variants("assign: quota\n")));
  world.post_all(accounts(55));
  CHECK(world.counted(CounterKind::taken, "variants", "a") == 11);
  world.restart();
  for (int i = 55; i < 100; ++i) {
    world.account("account-" + std::to_string(i));
    const auto taken = static_cast<double>(world.counted(CounterKind::taken, "variants", "a"));
    CHECK(std::abs(taken - (i + 1) * 0.2) < 1);
    if (i % 10 == 0) world.restart();
  }
  CHECK(world.counted(CounterKind::taken, "variants", "a") == 20);
}

TEST_CASE("by quota and people the people of one account are assigned one after the other") {
  World world(seeds_workspace(variants("by: people\nassign: quota\n")));
  std::vector<Input> inputs = {UpsertAccount{"acme", {}}};
  for (int i = 0; i < 10; ++i)
    inputs.push_back(UpsertPerson{"person-" + std::to_string(i), "acme", {}});
  world.post_all(inputs);
  CHECK(world.counted(CounterKind::taken, "variants", "a") == 2);
  CHECK(world.counted(CounterKind::taken, "variants", "b") == 8);
}

TEST_CASE("a path may lead elsewhere with next") {
  World world(seeds_workspace(R"(- id: variants
  variant_split:
    - {path: a, percent: 1, nodes: []}
    - {path: b, percent: 99, next: far}
- id: near
  wait: 1d
- id: far
  wait: 1d
)"));
  world.account("acme");
  CHECK(world.trail("acme") ==
        (bucket_of("acme", "seeds") < 100 ? "variants/a near:stopped" : "variants/b far:stopped"));
}

TEST_CASE("wrong uses of variant_split are told where they stand") {
  const auto fault = [](const std::string& paths) { return fault_of_node("variant_split: " + paths); };
  const std::string a = "{path: a, percent: 50, nodes: []}";
  CHECK(fault("[" + a + "]") == "journeys/seeds.yaml:5:5: `variant_split` needs 2 paths");
  CHECK(fault("[" + a + ", {path: b, percent: 49, nodes: []}]") ==
        "journeys/seeds.yaml:5:5: the percentages add up to 99 and not to 100");
  CHECK(fault("[" + a + ", {path: b, percent: 0, nodes: []}]").find("1") != std::string::npos);
  CHECK(fault("[" + a + ", {path: b, percent: 100, nodes: []}]").find("99") != std::string::npos);
  CHECK(fault("[" + a + ", {path: b, percent: 12.5, nodes: []}]").find("whole number") != std::string::npos);
  CHECK(fault("[" + a + ", {path: b, nodes: []}]").find("needs the key `percent`") != std::string::npos);
  CHECK(fault("[" + a + ", {path: b, percent: 50, when: 'true', nodes: []}]").find("has no `when`") !=
        std::string::npos);
  CHECK(fault("{by: person, paths: [" + a + ", {path: b, percent: 50, nodes: []}]}").find("`people`") !=
        std::string::npos);
  CHECK(fault("{assign: random, paths: [" + a + ", {path: b, percent: 50, nodes: []}]}").find("`quota`") !=
        std::string::npos);
  CHECK(fault("{by: people}") == "journeys/seeds.yaml:5:5: `variant_split` needs the key `paths`");
  std::string many = "[{path: p0, percent: 80, nodes: []}";
  for (int i = 1; i <= 20; ++i)
    many += ", {path: p" + std::to_string(i) + ", percent: 1, nodes: []}";
  CHECK(fault(many + "]").find("at most 20 paths") != std::string::npos);
}
