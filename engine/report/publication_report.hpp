#pragma once
// What publishing a workspace would change, read beside the store: journey by journey what its author changed, who is
// under way in which version, and what becomes of them. `caravan publish` shows it before it does it, `caravan serve`
// counts it.

#include <boost/json/object.hpp>

#include "engine/input.hpp"
#include "engine/journey_library.hpp"
#include "engine/publication_plan.hpp"

namespace caravan {

/// A node of a version under way at which somebody stands.
struct StandingReport {
  std::string node;
  std::string type;
  std::int64_t standing = 0;
  std::int64_t held = 0;
  std::optional<NodeMove> move;  ///< where accounts under way are to be taken along
  std::string to;                ///< the node's id for it; empty: none
};

struct UnderWayReport {
  std::uint32_t version = 1;
  std::int64_t accounts = 0;
  std::vector<StandingReport> nodes;
  std::vector<std::string> refusals;
  std::vector<std::string> warnings;
};

struct JourneyReport {
  enum class Kind {
    first,      ///< it was never published
    changed,    ///< a new version
    unchanged,  ///< its version stays
    reopened,   ///< it has not changed, and takes entries again
    closed,     ///< the workspace no longer has it
  };
  Kind kind = Kind::first;
  std::string journey;
  std::string title;
  std::uint32_t version = 1;          ///< the one that is live afterwards
  std::optional<JourneyState> state;  ///< now; nothing when it was never published
  JourneyDifference difference;       ///< from the version before
  std::vector<std::string> texts;     ///< files that changed, of those that can change it
  std::string unreadable;             ///< why the version before cannot be compared
  std::vector<UnderWayReport> under_way;
};

struct PublicationReport {
  std::vector<JourneyReport> journeys;
  /// How many journeys are not as they were published.
  std::size_t changes() const;
  /// Why it cannot be done, by journey and version; empty: it can.
  std::vector<std::string> refusals() const;
};

/// What is to be published, as the engine's input has it.
PublicationReport look_at_publication(Store& store, Reader& reader, NameBook& names, const Publish& publish);

boost::json::object as_json(const PublicationReport& report);

}  // namespace caravan
