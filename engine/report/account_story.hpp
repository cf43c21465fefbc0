#pragma once
// Everything the store knows of one account, put together for `caravan show`: who it is, its people, buying
// groups with their history, audiences, lists and events, and a timeline of what every journey did with it.

#include <boost/json/object.hpp>

#include "engine/harness/enrollment_story.hpp"
#include "engine/journey_library.hpp"
#include "engine/report/group_lines.hpp"

namespace caravan {

/// One of an account's people.
struct StoryPerson {
  PersonRecord record;
  std::string role;     ///< what they are in this account; empty: nobody has said
  std::string primary;  ///< the account they belong to first of all, where it is another
};

struct StoryMember {
  std::string person;
  std::string role;
  std::string source;
  std::string reason;  ///< empty: none
  Instant since{};
  bool removed = false;  ///< was taken out, and is remembered
};

/// A line of a group's history.
struct StoryGroupChange {
  Instant at{};
  std::string what;    ///< `stage` or `status`
  std::string before;  ///< empty: none
  std::string after;   ///< the same
  std::string source;
  std::string reason;  ///< empty: none
};

struct StoryGroup {
  GroupLine now;
  std::vector<StoryMember> members;
  std::vector<StoryGroupChange> history;  ///< in the order it happened
};

/// That the account or one of its people is in an audience, a list or a destination.
struct StoryMembership {
  std::string kind;  ///< `audience`, `list` or `destination`
  std::string name;
  std::string person;  ///< empty: the account
  Instant since{};
};

struct StoryEvent {
  std::int64_t number = 0;
  Instant at{};
  std::string type;
  std::string person;  ///< empty: the account
  std::string id;      ///< the sender's; empty: raised by the engine, or the sender gave none
  boost::json::object properties;
};

struct AccountStory {
  AccountRecord account;
  std::vector<StoryPerson> people;
  std::vector<StoryGroup> groups;
  std::vector<StoryMembership> memberships;
  std::vector<StoryEvent> events;  ///< those that are kept, in the order they came
  std::vector<StoryLine> lines;    ///< enrollment by enrollment, each in the order it happened
};

/// A person's place in one buying group.
struct StoryPlace {
  std::string interest;
  StoryMember member;
};

/// An account that a person belongs to.
struct StoryRelation {
  std::string account;  ///< its key; empty: a person without an account
  std::string role;     ///< what they are in it; empty: nobody has said
  std::vector<StoryPlace> places;
};

/// How much a person has done of late, as of the last round.
struct StoryEngagement {
  double score = 0;
  double raw = 0;
  std::vector<std::pair<std::string, std::int64_t>> counts;  ///< by type of event
};

/// What is about one person.
struct PersonStory {
  PersonRecord person;
  std::vector<StoryRelation> accounts;  ///< the primary one first
  std::optional<StoryEngagement> engagement;
  std::vector<StoryMembership> memberships;
  std::vector<StoryEvent> events;
  std::vector<StoryLine> lines;
};

/// Nothing when no account, or no person, has that key.
std::optional<AccountStory> tell_story(JourneyLibrary& library, Reader& reader, NameBook& names, std::string_view key);
std::optional<PersonStory> tell_person_story(JourneyLibrary& library, Reader& reader, NameBook& names,
                                             std::string_view key);

boost::json::object as_json(const StoryLine& line);
boost::json::object as_json(const StoryGroup& group);
boost::json::object as_json(const AccountStory& story, const NameBook& names);
boost::json::object as_json(const PersonStory& story, const NameBook& names);

}  // namespace caravan
