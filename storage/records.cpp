// The write set's own few functions, and the 64 bits a counter is known by while it is in memory.

#include "storage/records.hpp"

#include <cassert>

namespace caravan {
namespace {

// From the top: 24 bits of version, 8 of kind, 16 of slot, 16 of path; so packed keys sort as the keys do.
constexpr unsigned kVersionShift = 40;
constexpr unsigned kKindShift = 32;
constexpr unsigned kSlotShift = 16;

}  // namespace

bool Changes::empty() const {
  return names.empty() && accounts.empty() && people.empty() && removed_people.empty() && relations.empty() &&
         kept_consent.empty() && tokens.empty() && runs.empty() && deliveries.empty() && progress.empty() &&
         groups.empty() && group_changes.empty() && engagement.empty() && engagement_due.empty() && !engagement_round &&
         activity.empty() && forgotten_activity.empty() && audience_members.empty() && rosters.empty() &&
         mailed.empty() && notes.empty() && counters.empty() && versions.empty() && snapshots.empty() && !definitions &&
         journeys.empty() && tasks.empty() && sweeps.empty() && to_evaluate.empty() && !engine_time && !journal &&
         forgotten_journal == 0 && history.empty() && audit.empty() && asked_keys.empty();
}

void Changes::clear() {
  names.clear();
  accounts.clear();
  people.clear();
  removed_people.clear();
  relations.clear();
  kept_consent.clear();
  tokens.clear();
  runs.clear();
  deliveries.clear();
  progress.clear();
  groups.clear();
  group_changes.clear();
  engagement.clear();
  engagement_due.clear();
  engagement_round.reset();
  activity.clear();
  forgotten_activity.clear();
  audience_members.clear();
  rosters.clear();
  mailed.clear();
  notes.clear();
  counters.clear();
  versions.clear();
  snapshots.clear();
  definitions.reset();
  journeys.clear();
  tasks.clear();
  sweeps.clear();
  to_evaluate.clear();
  engine_time.reset();
  journal.reset();
  forgotten_journal = 0;
  history = {};
  audit.clear();
  asked_keys.clear();
  asked_keys_since = {};
}

void Changes::count(const CounterKey& key, std::int64_t by) {
  counters[pack(key)] += by;
}

std::uint64_t pack(const CounterKey& key) {
  assert(key.version.value >= 0 && key.version.value < std::int64_t{1} << 24U);
  return static_cast<std::uint64_t>(key.version.value) << kVersionShift |
         static_cast<std::uint64_t>(key.kind) << kKindShift | static_cast<std::uint64_t>(key.slot) << kSlotShift |
         static_cast<std::uint64_t>(key.path);
}

CounterKey unpack_counter(std::uint64_t packed) {
  CounterKey key;
  key.version.value = static_cast<std::int64_t>(packed >> kVersionShift);
  key.kind = static_cast<CounterKind>(packed >> kKindShift & 0xffU);
  key.slot = static_cast<std::uint16_t>(packed >> kSlotShift);
  key.path = static_cast<PathIndex>(packed & 0xffffU);
  return key;
}

}  // namespace caravan
