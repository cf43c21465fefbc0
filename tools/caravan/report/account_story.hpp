#pragma once
// Everything the store knows of one account, put together for `caravan show`: who it is, its people and buying groups,
// and a timeline of what every journey did with it.

#include <boost/json/object.hpp>

#include "engine/journey_library.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

/// A line of the timeline.
struct StoryLine {
  enum class Kind { entered, visit, delivery, note, ended, standing };
  Kind kind = Kind::visit;
  Instant at{};
  std::string journey = {};
  std::string node = {};     ///< its id; the message's name for a delivery
  std::string type = {};     ///< the node's
  std::string path = {};     ///< the one that was taken
  std::string outcome = {};  ///< in words
  std::string address = {};  ///< of a delivery
  bool is_bad = false;
};

struct StoryMember {
  std::string person;
  std::string role;
  std::string source;
  Instant since{};
};

struct StoryGroup {
  std::string interest;
  Instant created_at{};
  std::vector<StoryMember> members;
};

struct AccountStory {
  AccountRecord account;
  std::vector<PersonRecord> people;
  std::vector<StoryGroup> groups;
  std::vector<StoryLine> lines;  ///< enrollment by enrollment, each in the order it happened
};

/// Nothing when no account has that key.
std::optional<AccountStory> tell_story(Store& store, Reader& reader, NameBook& names, std::string_view key);

std::string as_text(const AccountStory& story, const NameBook& names, const Terminal& terminal);
boost::json::object as_json(const AccountStory& story, const NameBook& names);

}  // namespace caravan::tools
