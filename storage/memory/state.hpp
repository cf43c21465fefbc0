#pragma once
// What a store in memory holds: what belongs to an account stands with the account, what belongs to a person or a
// token with these, and indexes say who is due, held or pending. Plain containers throughout: a copy is another store,
// and an empty one owns nothing.

#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "storage/memory/numbered_rows.hpp"
#include "storage/store.hpp"

namespace caravan::memory {

/// An account, and everything that is read by account. There is a row as soon as anything is written of one.
struct AccountRow {
  explicit AccountRow(AccountId number) : id(number) {}
  AccountId id;
  std::optional<AccountRecord> record;
  std::vector<PersonId> people;                      ///< whose primary account it is; sorted
  std::vector<std::pair<PersonId, NameId>> related;  ///< who belongs to it beside, with their role here; sorted
  std::vector<TokenId> tokens;                       ///< sorted
  std::vector<GroupRecord> groups;                   ///< by interest
  /// By interest and position.
  std::vector<Positioned<GroupChangeRecord>> group_changes;
  std::vector<ActivityRecord> activity;             ///< by sequence
  std::set<std::string, std::less<>> activity_ids;  ///< the senders' ids of these
  std::vector<AudienceMemberRecord> audiences;      ///< by audience
  std::vector<Positioned<NoteRecord>> notes;        ///< by position
};

struct RosterName {
  RosterKind kind = RosterKind::list;
  NameId name{};
  auto operator<=>(const RosterName&) const = default;
};
/// Who is in a list or a destination, and what those who follow it are told.
struct Roster {
  std::map<std::pair<AccountId, PersonId>, Instant> members;  ///< each since when
  std::vector<RosterChange> changes;
};

/// A person, and what goes with them when they are removed. The row stays then, without a record.
struct PersonRow {
  explicit PersonRow(PersonId number) : id(number) {}
  PersonId id;
  std::optional<PersonRecord> record;
  std::vector<std::pair<AccountId, NameId>> relations;    ///< to accounts beside the primary one; sorted by account
  std::vector<std::pair<RosterName, AccountId>> rosters;  ///< where they are in; sorted
};

/// A run whose visits are `count` of its token's from `begin` on.
struct Run {
  std::uint32_t first_visit = 0;
  Instant at{};
  std::size_t begin = 0;
  std::size_t count = 0;
};

/// A token with its history and what it has promised.
struct TokenRow {
  explicit TokenRow(TokenId number) : id(number) {}
  TokenId id;
  std::optional<TokenRecord> record;
  std::vector<Run> runs;                   ///< by first visit
  std::vector<VisitRecord> visits;         ///< of all runs, as they came
  std::vector<DeliveryRecord> deliveries;  ///< by visit and recipient
};

/// Where a delivery that has not been delivered stands in the order in which such are asked for.
struct OpenDelivery {
  DeliveryState state = DeliveryState::pending;
  VersionId version;
  MessageIndex message{};
  std::optional<Instant> next_attempt_at;
  DeliveryKey key;
  auto operator<=>(const OpenDelivery&) const = default;
};

/// Hashes texts however they are held, so that a look-up makes none.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

struct State {
  std::vector<std::pair<NameId, std::string>> names;  ///< by number

  NumberedRows<AccountRow> accounts;
  ByText<AccountId> accounts_by_key;
  NumberedRows<PersonRow> people;
  ByText<PersonId> people_by_key;
  std::size_t relations = 0;
  /// When each was kept, by address, kind and topic.
  std::map<std::tuple<std::string, ConsentKind, std::string>, Instant> kept_consent;
  std::map<RosterName, Roster> rosters;
  std::int64_t roster_changes = 0;  ///< the number of the last
  std::set<MailedRecord> mailed;
  std::set<AccountId> to_evaluate;

  NumberedRows<TokenRow> tokens;
  std::set<std::pair<Instant, TokenId>> due;
  std::set<TokenId> held;
  std::set<OpenDelivery> open_deliveries;
  std::map<std::uint64_t, std::int64_t> counters;  ///< by in_reading_order() of their packed keys

  std::map<PersonId, EngagementRecord> engagement;
  std::map<AccountId, Instant> engagement_due;
  std::optional<EngagementRoundRecord> engagement_round;

  std::map<VersionId, VersionRecord> versions;
  std::map<std::int64_t, std::shared_ptr<const SnapshotRecord>> snapshots;  ///< shared with copies: never changed
  std::optional<DefinitionsRecord> definitions;
  std::map<std::string, JourneyRecord> journeys;
  std::map<std::int64_t, TaskRecord> tasks;
  std::map<VersionId, SweepRecord> sweeps;
  std::optional<Instant> engine_time;

  std::map<std::int64_t, JournalRecord> journal;
  std::int64_t forgotten_journal = 0;  ///< entries up to this were let go
  HistoryRecord history;
  std::vector<AuditRecord> audit;
  std::map<std::pair<std::string, std::string>, AskedKeyRecord> asked_keys;  ///< by caller and key

  Reader::Greatest greatest;  ///< that have ever been written
};

/// A counter's packed key so that keys sort as they are read: what has no path comes before the paths.
std::uint64_t in_reading_order(std::uint64_t packed);
/// The key of a counter, from what in_reading_order() has made of it.
CounterKey counter_key(std::uint64_t in_order);

/// The place of `key` among `items`, which are in the order of what `key_of` gives of each.
template <class Items, class Key, class KeyOf>
auto place_of(Items& items, const Key& key, KeyOf key_of) {
  return std::lower_bound(items.begin(), items.end(), key,
                          [&](const auto& item, const Key& wanted) { return key_of(item) < wanted; });
}
/// The item of that key, if there is one.
template <class Items, class Key, class KeyOf>
auto find_in(Items& items, const Key& key, KeyOf key_of) -> decltype(&*items.begin()) {
  const auto at = place_of(items, key, key_of);
  return at != items.end() && key_of(*at) == key ? &*at : nullptr;
}
inline OpenDelivery open_place_of(const DeliveryRecord& delivery) {
  return {delivery.state, delivery.version, delivery.message, delivery.next_attempt_at, delivery.key};
}
inline const DeliveryKey& key_of_delivery(const DeliveryRecord& delivery) {
  return delivery.key;
}
inline std::int64_t sequence_of(const ActivityRecord& activity) {
  return activity.sequence;
}

}  // namespace caravan::memory
