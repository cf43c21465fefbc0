#pragma once
// What journeys did with an account, line by line: enrollment by enrollment, and within one the ways of its people
// behind the split that sent them. Names are those of the version that a token was in at the time.

#include "engine/journey_library.hpp"

namespace caravan {

/// A line of the timeline.
struct StoryLine {
  enum class Kind {
    entered,
    alone,  ///< a person goes on their own
    visit,
    delivery,
    note,
    ended,
    standing,
  };
  Kind kind = Kind::visit;
  Instant at{};
  TokenId token = {};        ///< none: of no journey
  std::string journey = {};  ///< with its version; empty: of no journey
  std::string person = {};   ///< whom it is about; empty: the account
  std::string node = {};     ///< its id; the message's name for a delivery
  std::string type = {};     ///< the node's
  std::string path = {};     ///< the one that was taken
  std::string outcome = {};  ///< in words
  std::string address = {};  ///< of a delivery
  bool is_bad = false;
  bool is_alone = false;  ///< of a person's own way
};

/// Those of all enrollments, oldest first, then notes that belong to none. `people` are the account's, by key. Times
/// within the words are those of clocks in `zone`.
std::vector<StoryLine> tell_enrollments(JourneyLibrary& library, Reader& reader, AccountId account,
                                        const std::map<PersonId, std::string>& people, const std::string& zone = "UTC");

/// The key of a person, also of one who is gone.
std::string name_of_person(const std::map<PersonId, std::string>& people, PersonId person);

/// `2026-01-05 09:00`, as clocks in the zone show it.
std::string short_time(Instant at, std::string_view zone);

}  // namespace caravan
