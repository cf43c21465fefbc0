#pragma once
// The records of who belongs together: people of several accounts, buying groups with their members and history, and
// how engaged people are. Part of storage/records.hpp, which is what to include.

#include "storage/identities.hpp"

namespace caravan {

/// That a person belongs to an account beside their primary one, or does not any more.
struct RelationRecord {
  PersonId person;
  AccountId account;
  NameId role{};  ///< what they are in this account; 0: nobody has said
  bool related = true;
  bool operator==(const RelationRecord&) const = default;
};

/// How somebody came into a buying group; a stronger source (a greater number) is not overruled by a weaker one.
enum class MembershipSource : std::uint8_t { conditions = 1, journey = 2, hand = 3 };

struct MemberRecord {
  PersonId person;
  NameId role{};
  MembershipSource source = MembershipSource::journey;
  Instant since{};
  bool removed = false;     ///< was taken out, by `source`, and is remembered; `role` is the last one
  std::string reason = {};  ///< by hand: what was said; else empty
  NameId author{};          ///< of a journey: the name `journey/node`; else 0
  bool operator==(const MemberRecord&) const = default;
};

/// A buying group: one an account and solution interest.
struct GroupRecord {
  AccountId account;
  NameId interest{};
  Instant created_at{};
  NameId stage{};  ///< 0: none
  std::optional<Instant> stage_since;
  NameId status{};                    ///< 0: none
  double raw_engagement = 0;          ///< as engine/engagement.hpp says; of the last round
  double engagement = 0;              ///< 0 to 100, of the last round
  std::vector<MemberRecord> members;  ///< sorted by person; those removed included
  bool operator==(const GroupRecord&) const = default;
};

/// Stored numbers.
enum class GroupAspect : std::uint8_t { stage = 1, status = 2 };

/// A line of a buying group's history: its stage or its status has changed.
struct GroupChangeRecord {
  AccountId account;
  NameId interest{};
  Instant at{};
  GroupAspect aspect = GroupAspect::stage;
  NameId before{};  ///< 0: none
  NameId after{};
  MembershipSource source = MembershipSource::journey;  ///< by whom; `conditions`: where the group began
  std::string reason{};  ///< of a journey: `journey/node`; by hand: what was said; else empty
  bool operator==(const GroupChangeRecord&) const = default;
};

/// How often a person has done something within the window, as it counts.
struct ActivityCount {
  NameId type{};
  std::int64_t count = 0;  ///< after the daily cap
  bool operator==(const ActivityCount&) const = default;
};

/// A person's engagement as of the last round. Nobody has a record who has done nothing within the window.
struct EngagementRecord {
  PersonId person;
  std::vector<ActivityCount> counts;  ///< by type, none of them 0; empty: the record is not needed any more
  double raw = 0;
  double score = 0;  ///< 0 to 100
  bool operator==(const EngagementRecord&) const = default;
};

/// When the activity of an account's people must be counted again: at once, where something has come, or when the
/// oldest of it leaves the window.
struct EngagementDueRecord {
  AccountId account;
  std::optional<Instant> due_at;  ///< none: nothing is within the window
  bool operator==(const EngagementDueRecord&) const = default;
};

/// The last round in which engagement was computed.
struct EngagementRoundRecord {
  Instant at{};          ///< what it counted up to
  std::string model;     ///< a fingerprint of the model that it counted by; empty: none, or while all are counted anew
  bool through = false;  ///< false: it was begun, and begins anew after a restart
  bool operator==(const EngagementRoundRecord&) const = default;
};

/// What of an event counts for engagement.
struct ActivityPoint {
  PersonId person;
  NameId type{};
  Instant at{};
  auto operator<=>(const ActivityPoint&) const = default;
};

}  // namespace caravan
