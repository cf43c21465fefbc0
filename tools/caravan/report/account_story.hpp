#pragma once
// Everything the store knows of one account, put together for `caravan show`: who it is, its people, buying groups,
// audiences, lists and events, and a timeline of what every journey did with it.

#include <boost/json/object.hpp>

#include "engine/journey_library.hpp"
#include "tools/caravan/report/enrollment_story.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

struct StoryMember {
  std::string person;
  std::string role;
  std::string source;
  Instant since{};
  bool removed = false;  ///< was taken out, and is remembered
};

struct StoryGroup {
  std::string interest;
  Instant created_at{};
  std::string stage;  ///< empty: none
  std::optional<Instant> stage_since;
  std::string status;  ///< empty: none
  std::vector<StoryMember> members;
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
  std::vector<PersonRecord> people;
  std::vector<StoryGroup> groups;
  std::vector<StoryMembership> memberships;
  std::vector<StoryEvent> events;  ///< those that are kept, in the order they came
  std::vector<StoryLine> lines;    ///< enrollment by enrollment, each in the order it happened
};

/// Of that, what is about one person.
struct PersonStory {
  PersonRecord person;
  std::string account;                                     ///< its key; empty: none
  std::vector<std::pair<std::string, std::string>> roles;  ///< by solution interest
  std::vector<StoryMembership> memberships;
  std::vector<StoryEvent> events;
  std::vector<StoryLine> lines;
};

/// Nothing when no account, or no person, has that key.
std::optional<AccountStory> tell_story(Store& store, Reader& reader, NameBook& names, std::string_view key);
std::optional<PersonStory> tell_person_story(Store& store, Reader& reader, NameBook& names, std::string_view key);

std::string as_text(const AccountStory& story, const NameBook& names, const Terminal& terminal);
std::string as_text(const PersonStory& story, const NameBook& names, const Terminal& terminal);
boost::json::object as_json(const AccountStory& story, const NameBook& names);
boost::json::object as_json(const PersonStory& story, const NameBook& names);

}  // namespace caravan::tools
