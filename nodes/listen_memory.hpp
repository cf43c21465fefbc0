#pragma once
// What a token that listens keeps meanwhile: since when it stands there, and how often each of the node's patterns has
// matched so far. Packed into a few bytes, which are stored with the token; where every pattern needs one event only,
// nothing is ever counted.

#include "storage/records.hpp"

namespace caravan {

struct ListenMemory {
  /// How often a pattern has matched.
  struct Count {
    std::uint64_t pattern = 0;
    PersonId person;  ///< where each person is counted alone; none: everybody together, or the account itself
    std::int64_t matches = 0;
    bool operator==(const Count&) const = default;
  };

  Instant since{};
  std::vector<Count> counts;  ///< only those that are not 0

  /// One more; gives how many there are now.
  std::int64_t count(std::uint64_t pattern, PersonId person);

  std::string pack() const;
  /// Reads what pack() has written. Throws std::runtime_error for other bytes (a damaged database).
  static ListenMemory unpack(std::string_view bytes);

  bool operator==(const ListenMemory&) const = default;
};

}  // namespace caravan
