#pragma once
// What an author changed in a journey: its own settings, and its nodes, told apart by their ids. Compared is what the
// definitions mean, not how they are written: a comment or another order of keys is no difference.

#include "journeys/definitions.hpp"

namespace caravan {

/// A setting that is another one now. The texts are one line each, as an author would write them; empty: not set.
struct SettingDifference {
  std::string what;  ///< the key, or `path x`, or where it goes on
  std::string before;
  std::string after;
  bool operator==(const SettingDifference&) const = default;
};

struct NodeDifference {
  enum class Kind {
    added,
    removed,
    replaced,  ///< another type under the same id
    changed,   ///< the same type with other settings or paths
  };
  Kind kind = Kind::changed;
  std::string id;
  std::string type;                              ///< the new one; of a node that was removed, the one it had
  std::string type_before;                       ///< of a node that was replaced
  std::vector<SettingDifference> settings = {};  ///< of a node that was changed
  bool operator==(const NodeDifference&) const = default;
};

struct JourneyDifference {
  std::vector<SettingDifference> settings;
  std::vector<NodeDifference> nodes;  ///< in the order of the new journey, then those that were removed
  bool empty() const { return settings.empty() && nodes.empty(); }
};

JourneyDifference difference(const JourneyDefinition& before, const JourneyDefinition& after);

/// A setting in one line, whole: settings of a key that mean different things have different texts.
std::string to_text(const SettingValue& value);

}  // namespace caravan
