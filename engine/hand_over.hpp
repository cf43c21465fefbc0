#pragma once
// What sales is told of a buying group, gathered once: a mail, a chat message and a call say the same of it, each in
// its own form (hand_over_values.hpp).

#include "engine/buying_groups.hpp"
#include "engine/name_book.hpp"

namespace caravan {

/// What a hand-over is gathered from. The references must outlive the gathering.
struct HandOverFacts {
  const InterestPlan& plan;
  const AccountRecord& account;
  const GroupRecord* group = nullptr;  ///< null: the account has none
  std::span<const PersonRecord> people = {};
  std::span<const ActivityRecord> activity = {};  ///< of the account and its people, by sequence
  /// A person's engagement; empty: the workspace has no engagement model, and no scores are told.
  std::function<EngagementRecord(PersonId)> engagement = {};
  std::string_view journey = {};
  std::string_view journey_title = {};
  Instant now{};
  std::string_view timezone = {};  ///< an IANA name: whose calendar the days are of
};

/// Texts are single lines of bounded length, save for keys, which are as they stand; empty ones are not known.
struct HandOver {
  static constexpr std::size_t kMembers = 4;     ///< the most engaged ones
  static constexpr std::size_t kActivities = 2;  ///< of each of these
  static constexpr std::size_t kMoments = 5;

  struct Account {
    std::string key;
    std::string name;
    std::string industry;
    std::string website;
    std::string city;
    std::string country;
    AttributeInput employees;  ///< a number or a text; null: not known
  };
  struct Score {
    std::int64_t score = 0;  ///< 0 to 100
    double raw = 0;          ///< to one decimal
  };
  struct Role {
    std::string role;
    std::int64_t members = 0;
    std::int64_t required = 1;
  };
  struct Moment {
    Instant at{};
    std::string kind;
    std::string description;
    std::string person;  ///< the key; empty: it is the account's
    std::string name;
  };
  struct Activity {
    Instant at{};
    std::string type;
    std::string words;
  };
  struct Member {
    std::string key;
    std::string name;  ///< never empty: the key stands in for it
    std::string title;
    std::string role;
    std::optional<Score> engagement;
    std::string email;
    std::string phone;
    std::string mobile;
    std::vector<Activity> activities;  ///< newest first
  };

  std::string interest;
  std::string interest_title;
  Account account;
  std::int64_t completeness = 0;  ///< percent, rounded
  std::optional<Score> engagement;
  std::string stage;
  std::optional<Instant> stage_since;
  std::string status;
  std::int64_t member_count = 0;
  std::vector<Role> missing_roles;  ///< in order of priority
  std::vector<Moment> moments;      ///< newest first
  std::vector<Member> members;      ///< the most engaged first
  std::string journey;
  std::string journey_title;
  Instant at{};
  std::string timezone;
};

HandOver hand_over(const HandOverFacts& facts, const NameBook& names);

}  // namespace caravan
