// Rounds of engagement over a store: when they come, whom they read, what they write and whom they tell.

#include "engine/engagement_rounds.hpp"

#include "tests/engine/scored_store.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr Instant kMonday{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) + 9h};
constexpr Instant kTuesday{std::chrono::sys_days(std::chrono::year{2026} / 1 / 6)};  // its midnight

using Told = std::vector<AccountId>;

/// Two accounts with a group each: Ada decides at acme, Bob influences; Cleo decides at bolt.
struct TwoGroups {
  explicit TwoGroups(std::size_t turns = 1'000) : store(kMonday, turns) {
    store.put_into_group(acme, kSeeds, ada, kDecisionMaker);
    store.put_into_group(acme, kSeeds, bob, kInfluencer);
    store.put_into_group(bolt, kSeeds, cleo, kDecisionMaker);
    store.run();
  }
  ScoredStore store;
  AccountId acme = store.account();
  AccountId bolt = store.account();
  PersonId ada = store.person(acme);
  PersonId bob = store.person(acme);
  PersonId cleo = store.person(bolt);
};

}  // namespace

TEST_CASE("a first round scores everybody and every group") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 16);
  store.did(world.bob, kOpened, 4);
  store.did(world.ada, kNotWeighed, 7);
  store.go_live(definitions_of(two_types()));
  store.run();

  CHECK(store.of(world.ada) == EngagementRecord{world.ada, {{kOpened, 16}}, 480, 100});
  CHECK(store.of(world.bob) == EngagementRecord{world.bob, {{kOpened, 4}}, 120, 50});
  CHECK(store.of(world.cleo) == EngagementRecord{world.cleo, {}, 0, 0});
  CHECK(store.people().size() == 2);
  // (480 * 100 + 120 * 60) / 160; of two groups, one is the best and one the least.
  CHECK(store.group(world.acme).raw_engagement == 345);
  CHECK(store.group(world.acme).engagement == 100);
  CHECK(store.group(world.bolt).raw_engagement == 0);
  CHECK(store.group(world.bolt).engagement == 0);
  CHECK(store.groups_told == std::vector{std::pair{world.acme, kSeeds}});
  CHECK(store.rounds().last_round() == EngagementRoundRecord{kMonday, "two types", true});
}

TEST_CASE("a group's score is of its members' scores, not of their raw ones") {
  TwoGroups world;
  ScoredStore& store = world.store;
  const AccountId core = store.account();
  const PersonId dan = store.person(core);
  store.put_into_group(core, kSeeds, dan, kInfluencer);
  store.did(world.ada, kOpened, 16);
  store.did(dan, kOpened, 4);
  store.go_live(definitions_of(two_types()));
  store.run();
  // Acme's: sqrt(100 * 100/160 + 0 * 60/160) = sqrt(62.5); core's: sqrt(50); bolt's: 0.
  CHECK(store.group(world.acme).engagement == 100);
  CHECK(store.group(core).engagement == Approx(100 * std::sqrt(50) / std::sqrt(62.5)));
  CHECK(store.group(core).raw_engagement == 120);
}

TEST_CASE("a round comes at midnight of the workspace's time zone, and counts what came before") {
  TwoGroups world;
  ScoredStore& store = world.store;
  EngagementPlan plan = two_types();
  plan.timezone = "Europe/Berlin";
  store.go_live(definitions_of(plan));
  store.run();
  CHECK(store.rounds().next_round() == kTuesday - 1h);
  store.did(world.ada, kOpened, 3);
  store.run();
  CHECK(store.people().empty());
  store.advance_to(kTuesday - 1h - 1ms);
  CHECK(store.people().empty());
  store.advance_to(kTuesday - 1h);
  CHECK(store.of(world.ada).raw == 90);
  CHECK(store.rounds().next_round() == kTuesday + 23h);
}

TEST_CASE("a midnight that passed while nobody was there is made up for, once") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.go_live(definitions_of(two_types()));
  store.did(world.ada, kOpened, 3);
  store.run();
  store.kill();
  store.now = kTuesday + 72h + 5h;
  store.run();
  CHECK(store.rounds().last_round() == EngagementRoundRecord{kTuesday + 77h, "two types", true});
  CHECK(store.rounds().next_round() == kTuesday + 96h);
}

TEST_CASE("a round on demand counts at once what has just come, also with the batch that asks for it") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.go_live(definitions_of(two_types()));
  store.run();
  store.now += 1min;
  store.did(world.ada, kAttended, 2);
  store.ask();
  store.run();
  CHECK(store.of(world.ada) == EngagementRecord{world.ada, {{kAttended, 2}}, 120, 100});
  CHECK(store.rounds().next_round() == kTuesday);
}

TEST_CASE("scores decay as activity ages, and who has done nothing within the window has no record") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, kMonday - 24h, 9);
  store.did(world.ada, kOpened, kMonday, 16);
  store.did(world.cleo, kOpened, kMonday, 4);
  store.go_live(definitions_of(two_types()));
  store.run();
  CHECK(store.of(world.ada).raw == 25 * 30);
  CHECK(store.of(world.cleo).score == 40);
  store.advance_to(kTuesday + 24h * 28 - 1ms);  // 2 February, a moment before the 3rd
  CHECK(store.of(world.ada).raw == 25 * 30);
  store.advance_to(kTuesday + 24h * 28);
  CHECK(store.of(world.ada).raw == 16 * 30);
  CHECK(store.of(world.cleo).score == 50);
  store.advance_to(kTuesday + 24h * 29);
  CHECK(store.people().empty());
  CHECK(store.due().empty());
  CHECK(store.group(world.acme).raw_engagement == 0);
  CHECK(store.group(world.acme).engagement == 0);
}

TEST_CASE("what happens after a round's time counts in the next one, whoever is read when") {
  TwoGroups world(1);  // so that a round takes many batches
  ScoredStore& store = world.store;
  store.did(world.cleo, kOpened, 2);
  store.go_live(definitions_of(two_types()));
  REQUIRE(store.run_batch());
  REQUIRE_FALSE(store.rounds().exhausted());
  store.now += 1min;
  store.did(world.cleo, kOpened, 1);
  store.run();
  CHECK(store.of(world.cleo).raw == 60);
  store.ask();
  store.run();
  CHECK(store.of(world.cleo).raw == 90);
}

TEST_CASE("a late event counts in the next round") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.go_live(definitions_of(two_types()));
  store.run();
  store.advance_to(kTuesday + 1h);
  store.did(world.ada, kOpened, kMonday - 48h);
  store.advance_to(kTuesday + 23h);
  CHECK(store.people().empty());
  store.advance_to(kTuesday + 24h);
  CHECK(store.of(world.ada).raw == 30);
  store.advance_to(kTuesday + 24h * 27);  // 2 February: the 3rd of January has left
  CHECK(store.people().empty());
}

TEST_CASE("another model counts everybody anew") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 2);
  store.did(world.ada, kNotWeighed, 5);
  store.go_live(definitions_of(two_types()));
  store.run();
  EngagementPlan other = two_types("another");
  other.weights = {{kNotWeighed, 10}};
  store.go_live(definitions_of(other));
  store.run();
  CHECK(store.of(world.ada) == EngagementRecord{world.ada, {{kNotWeighed, 5}}, 50, 100});
  CHECK(store.rounds().last_round() == EngagementRoundRecord{kMonday, "another", true});
}

TEST_CASE("without a model any more, nobody has a score, and no more rounds come") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 2);
  store.go_live(definitions_of(two_types()));
  store.run();
  REQUIRE(store.group(world.acme).engagement == 100);
  store.go_live(definitions_of(std::nullopt), true);
  store.run();
  CHECK(store.people().empty());
  CHECK(store.due().empty());
  CHECK(store.people_told == Told{world.acme});
  CHECK(store.group(world.acme).engagement == 0);
  CHECK(store.group(world.acme).raw_engagement == 0);
  CHECK_FALSE(store.rounds().next_round());
  const std::size_t commits = store.commits;
  store.ask();
  store.kill();
  store.run();
  CHECK(store.commits == commits);
}

TEST_CASE("a workspace that never had a model has no rounds") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.go_live(definitions_of(std::nullopt));
  store.ask();
  store.run();
  CHECK_FALSE(store.rounds().last_round());
  CHECK_FALSE(store.rounds().next_round());
}

TEST_CASE("rules are looked at for the accounts of those whose score has changed, primary and others, once each") {
  TwoGroups world;
  ScoredStore& store = world.store;
  const AccountId core = store.account();
  store.relate(world.ada, core);
  store.person(core);  // who does nothing: the scale begins at 0
  store.did(world.ada, kOpened, 16);
  store.did(world.bob, kOpened, 4);
  store.go_live(definitions_of(two_types()), true);
  store.run();
  CHECK(store.people_told == Told{world.acme, core});
  store.people_told.clear();
  store.ask();
  store.run();
  CHECK(store.people_told.empty());
  store.did(world.cleo, kOpened, 9);  // between the two, whose scores stay
  store.ask();
  store.run();
  CHECK(store.people_told == Told{world.bolt});
}

TEST_CASE("where no rule reads scores, nobody's rules are looked at") {
  TwoGroups world;
  world.store.did(world.ada, kOpened, 16);
  world.store.go_live(definitions_of(two_types()), false);
  world.store.run();
  CHECK(world.store.people().size() == 1);
  CHECK(world.store.people_told.empty());
}

TEST_CASE("only groups whose scores have changed are told") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 16);
  store.did(world.cleo, kOpened, 4);
  store.go_live(definitions_of(two_types()));
  store.run();
  CHECK(store.groups_told.size() == 2);
  store.groups_told.clear();
  store.advance_to(kTuesday + 48h);
  CHECK(store.groups_told.empty());
  store.did(world.bob, kOpened, 1);
  store.ask();
  store.run();
  CHECK(store.groups_told == std::vector{std::pair{world.acme, kSeeds}});
}

TEST_CASE("groups of an interest that is no more are left as they are") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.put_into_group(world.acme, NameId{99}, world.ada, kDecisionMaker);
  store.did(world.ada, kOpened, 16);
  store.go_live(definitions_of(two_types()));
  store.run();
  CHECK(store.group(world.acme, NameId{99}).engagement == 0);
  CHECK(store.group(world.acme, kSeeds).engagement == 100);
}

TEST_CASE("a daily round reads those alone for whom something has come or gone") {
  TwoGroups world;
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 3);
  store.did(world.cleo, kOpened, 5);
  store.go_live(definitions_of(two_types()));
  store.run();
  const std::vector<EngagementDueRecord> in_a_month{{world.acme, kTuesday + 24h * 29},
                                                    {world.bolt, kTuesday + 24h * 29}};
  CHECK(store.due() == in_a_month);
  store.now += 1h;
  store.did(world.ada, kOpened, 1);
  store.run();
  CHECK(store.due() == std::vector<EngagementDueRecord>{{world.acme, kMonday + 1h}, {world.bolt, kTuesday + 24h * 29}});
  store.advance_to(kTuesday);
  CHECK(store.due() == in_a_month);
  CHECK(store.of(world.ada).raw == 120);
}

TEST_CASE("somebody who is removed in the middle of a round is not written again") {
  for (std::size_t batches = 1; batches < 12; ++batches) {
    TwoGroups world(1);
    ScoredStore& store = world.store;
    store.did(world.ada, kOpened, 16);
    store.did(world.bob, kOpened, 4);
    store.did(world.cleo, kOpened, 1);
    store.go_live(definitions_of(two_types()), true);
    for (std::size_t batch = 0; batch < batches; ++batch)
      store.run_batch();
    store.remove(world.bob);
    store.run();
    CHECK(store.people().size() == 2);
    CHECK(store.group(world.acme).members.size() == 1);
    store.ask();
    store.run();
    CHECK(store.of(world.ada).score == 100);
    CHECK(store.of(world.cleo).score == 0);
  }
}

TEST_CASE("a round that dies at any batch begins anew, and gives what it would have given") {
  const auto scored = [](std::optional<std::size_t> dies_after, bool is_lost) {
    TwoGroups world(1);
    ScoredStore& store = world.store;
    store.go_live(definitions_of(two_types()), true);
    store.did(world.ada, kOpened, kMonday - 24h, 30);
    store.did(world.cleo, kOpened, kMonday - 24h, 9);
    store.run();
    store.did(world.bob, kAttended, 4);
    store.run();
    EngagementPlan other = two_types("another");
    other.daily_cap = 5;
    store.go_live(definitions_of(other), true);
    if (dies_after) {
      for (std::size_t batch = 0; batch < *dies_after; ++batch)
        store.run_batch();
      if (!is_lost) store.settle();
      store.kill();
    }
    store.run();
    REQUIRE(store.rounds().last_round() == EngagementRoundRecord{kMonday, "another", true});
    return std::pair{store.people(), store.groups()};
  };
  const auto undisturbed = scored(std::nullopt, false);
  CHECK(undisturbed.first.front().counts == std::vector<ActivityCount>{{kOpened, 5}});
  CHECK(undisturbed.first.back().counts == std::vector<ActivityCount>{{kOpened, 5}});
  for (std::size_t batches = 1; batches < 16; ++batches) {
    CHECK(scored(batches, true) == undisturbed);
    CHECK(scored(batches, false) == undisturbed);
  }
}

TEST_CASE("interests that change while groups are scored begin that anew") {
  TwoGroups world(1);
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 16);
  store.did(world.bob, kOpened, 4);
  store.go_live(definitions_of(two_types()));
  const auto definitions = definitions_of(two_types());
  definitions->interests[0].roles[1].weight = 100;
  while (store.groups_told.empty())
    REQUIRE(store.run_batch());
  store.go_live(definitions);
  store.run();
  CHECK(store.group(world.acme).raw_engagement == (480 + 120) / 2);
}

TEST_CASE("a round says how far it is") {
  TwoGroups world(1);
  ScoredStore& store = world.store;
  store.did(world.ada, kOpened, 16);
  store.go_live(definitions_of(two_types()));
  CHECK_FALSE(store.rounds().progress());
  store.run_batch();
  std::int64_t done = 0;
  while (!store.rounds().exhausted()) {
    const std::optional<RoundProgress> progress = store.rounds().progress();
    REQUIRE(progress);
    CHECK(progress->total == 2 + 3 * 3 + 2 * 2);
    CHECK(progress->done >= done);
    CHECK(progress->done <= progress->total);
    done = progress->done;
    store.run_batch();
  }
  CHECK(done > 0);
}
