// The write set's own functions.

#include "storage/records.hpp"

#include "tests/support/catch.hpp"

namespace caravan {
namespace {

TEST_CASE("a counter's key survives being packed, and packed keys sort as the keys do") {
  const std::vector<CounterKey> keys = {
      {{1}, CounterKind::entered, 0, kNoPath},
      {{1}, CounterKind::taken, 3, PathIndex{0}},
      {{1}, CounterKind::taken, 3, kNoPath},
      {{1}, CounterKind::undelivered, 0xffff, kNoPath},
      {{(1 << 24) - 1}, CounterKind::visited, 65'534, PathIndex{65'534}},
  };
  for (const CounterKey& key : keys)
    CHECK(unpack_counter(pack(key)) == key);
  for (std::size_t i = 1; i < keys.size(); ++i)
    CHECK(pack(keys[i - 1]) < pack(keys[i]));
}

TEST_CASE("counting twice adds up, and a cleared write set is empty") {
  Changes changes;
  CHECK(changes.empty());
  const CounterKey key{{7}, CounterKind::visited, 2, kNoPath};
  changes.count(key);
  changes.count(key, 4);
  CHECK(changes.counters.at(pack(key)) == 5);
  CHECK_FALSE(changes.empty());
  changes.engine_time = Instant();
  changes.clear();
  CHECK(changes.empty());
}

TEST_CASE("any part of a write set keeps it from being empty, until it is cleared") {
  const auto with = [](auto change) {
    Changes changes;
    change(changes);
    const bool empty = changes.empty();
    changes.clear();
    CHECK(changes.empty());
    return empty;
  };
  CHECK_FALSE(with([](Changes& c) { c.names.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.accounts.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.people.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.removed_people.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.relations.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.kept_consent.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.tokens.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.runs.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.deliveries.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.progress.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.groups.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.group_changes.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.engagement.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.engagement_due.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.engagement_round.emplace(); }));
  CHECK_FALSE(with([](Changes& c) { c.activity.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.forgotten_activity.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.audience_members.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.rosters.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.mailed.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.notes.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.versions.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.snapshots.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.definitions.emplace(); }));
  CHECK_FALSE(with([](Changes& c) { c.journeys.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.tasks.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.sweeps.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.to_evaluate.emplace_back(); }));
  CHECK_FALSE(with([](Changes& c) { c.engine_time = Instant(); }));
}

}  // namespace
}  // namespace caravan
