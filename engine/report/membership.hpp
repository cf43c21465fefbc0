#pragma once
// WhoIsIn is in an audience, a list or a destination, by key, page by page: so that the largest is shown in little
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
  std::pair<AccountId, PersonId> position = {};  ///< of a member: behind which the next one stands
};

class MembershipReader {
 public:
  MembershipReader(Reader& reader, const NameBook& names) : reader_(reader), names_(names) {}

  /// Called until it gives false.
  using Take = std::function<bool(const MemberLine&)>;
  /// By position, those behind `after`.
  void each_member(const MemberSet& set, const Take& take, std::pair<AccountId, PersonId> after = {});
  void each_change(const MemberSet& set, std::int64_t after, const Take& take);
  std::int64_t count(const MemberSet& set);

 private:
  void each_account(NameId audience, AccountId after, const Take& take);
  MemberLine line_of(const RosterRecord& record);
  WhoIsIn who(AccountId account, PersonId person);

  Reader& reader_;
  const NameBook& names_;
  AccountId account_;  ///< whose key and people are at hand
  std::string account_key_;
  std::map<PersonId, std::string> people_;
};

}  // namespace caravan
