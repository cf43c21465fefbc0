#pragma once
// What happened in a batch, for whoever watches live: numbers as they are stored, which whoever tells them turns into
// names. Made of what was written, after it is on the disk.

#include "storage/records.hpp"

namespace caravan {

/// A token has visited a node.
struct VisitHappened {
  TokenId enrollment;  ///< of a person in a people split: their account's
  AccountId account;
  PersonId person;  ///< none: the account
  VersionId version;
  VisitRecord visit;
  std::uint32_t number = 0;  ///< of the visit, among the token's
  Instant at{};
};

/// An account or a person has entered a journey, or an enrollment has ended.
struct EnrollmentHappened {
  TokenId enrollment;
  AccountId account;
  PersonId person;
  VersionId version;
  std::optional<TokenState> ended;  ///< as what; nothing: it was entered
  Instant at{};
};

/// A delivery was promised, or its state has changed.
struct DeliveryHappened {
  DeliveryKey key;
  AccountId account;
  VersionId version;
  MessageIndex message{};
  DeliveryState state = DeliveryState::pending;
  bool is_promised = false;
  std::uint16_t attempts = 0;
  std::string reason;  ///< of the last failed attempt
  Instant at{};
};

/// A buying group's stage or status has changed.
struct GroupHappened {
  AccountId account;
  NameId interest{};
  GroupAspect aspect = GroupAspect::stage;
  NameId before{};
  NameId after{};
  MembershipSource source = MembershipSource::journey;
  Instant at{};
};

/// Somebody has become a member of a buying group, plays another role in it, or is none any more.
struct MemberHappened {
  AccountId account;
  NameId interest{};
  PersonId person;
  NameId role{};  ///< of whom was removed: the last one
  bool is_removed = false;
  MembershipSource source = MembershipSource::journey;
  Instant at{};
};

using Happening = std::variant<VisitHappened, EnrollmentHappened, DeliveryHappened, GroupHappened, MemberHappened>;

/// Those of one batch: what was entered, then visits, then how enrollments ended, and the rest; of each kind in the
/// order in which it was written.
struct Happenings {
  std::vector<Happening> list;
  std::size_t dropped = 0;  ///< how many more there were
};

/// As many of a batch are kept.
inline constexpr std::size_t kMostHappenings = 20'000;

/// Finds in write sets what has happened. Used by one thread, which gives it every batch in order.
class HappeningsFinder {
 public:
  std::shared_ptr<const Happenings> find(const Changes& changes, Instant now);

 private:
  Instant last_{};
  std::set<TokenId> ended_;  ///< at that instant, and told
};

}  // namespace caravan
