#pragma once
// Who is in an audience, a list or a destination, by key, page by page: so that the largest is shown in little
// memory.

#include "engine/journey_library.hpp"

namespace caravan {

/// An audience, list or destination that the published journeys know.
struct MemberSet {
  enum class Kind { audience, list, destination };
  Kind kind = Kind::audience;
  std::string name;
  std::string title;
  std::string of;  ///< `accounts` or `people`
};

/// By name. An audience is one that a journey draws from; lists and destinations are those of the newest publication of
/// each journey.
std::vector<MemberSet> member_sets(JourneyLibrary& library, MemberSet::Kind kind);

/// An account or a person, by key; a person without an account has none.
struct WhoIsIn {
  std::string account;
  std::string person;
};

struct MemberLine {
  std::int64_t number = 0;  ///< of a change
  WhoIsIn who;
  Instant at{};  ///< since when they are in, or when they came or went
  bool in = true;
};

/// Where a member stands; opaque to whoever asks.
struct MemberPosition {
  AccountId account;
  std::int64_t number = 0;
};
struct MemberPage {
  std::vector<MemberLine> lines;
  std::optional<MemberPosition> next;  ///< behind which others may stand, even where the page has none
};

class MembershipReader {
 public:
  MembershipReader(Reader& reader, const NameBook& names) : reader_(reader), names_(names) {}

  /// At most `limit` of those behind `after`. Looks at a bounded number of rows.
  MemberPage members(const MemberSet& set, std::optional<MemberPosition> after, std::size_t limit);

  /// Called until it gives false.
  using Take = std::function<bool(const MemberLine&)>;
  void each_member(const MemberSet& set, const Take& take);
  void each_change(const MemberSet& set, std::int64_t after, const Take& take);
  std::int64_t count(const MemberSet& set);

 private:
  MemberLine line_of(const RosterRecord& record);
  WhoIsIn who(AccountId account, PersonId person);

  Reader& reader_;
  const NameBook& names_;
  AccountId account_;  ///< whose key is at hand
  std::string account_key_;
};

}  // namespace caravan
