#pragma once
// The figures of a journey's map, read from the store's counters: what `caravan status` shows, and `caravan serve` when
// it ends. The names of nodes come from the texts that were published with the version.

#include <boost/json/object.hpp>

#include "engine/journey_library.hpp"

namespace caravan {

/// One line of the map: a node, or one of a node's paths.
struct MapLine {
  std::size_t depth = 0;  ///< how many paths it stands in
  bool is_path = false;
  std::string name;              ///< the node's id or the path's name
  std::string of;                ///< of a path: the id of its node
  std::string type;              ///< of a node; where a path leads when it has no nodes of its own
  std::int64_t count = 0;        ///< visits, or how often the path was taken
  std::int64_t standing = 0;     ///< those held included
  std::int64_t held = 0;         ///< because the node failed, or the journey is paused
  std::int64_t timed_out = 0;    ///< of a listen: how often its time came before an event
  std::int64_t joined = 0;       ///< people who became members of a buying group here
  std::int64_t errors = 0;       ///< expressions that failed here
  std::int64_t split_count = 0;  ///< of a path: how often any of its split's was taken
};

struct MessageFigures {
  std::string name;  ///< as message_words.hpp calls it
  std::int64_t promised = 0;
  std::int64_t delivered = 0;
  std::int64_t undelivered = 0;
  std::int64_t deduplicated = 0;  ///< not sent, because the address had it already
  std::int64_t suppressed = 0;    ///< not sent, because the person wants none or cannot be reached
  std::int64_t withheld = 0;      ///< of those, what was promised before
  std::int64_t waiting() const { return promised - delivered - undelivered - withheld; }
};

struct JourneyFigures {
  std::string journey;
  std::string title;
  std::uint32_t version = 1;
  bool is_newest = true;  ///< the version that new entries take while the journey is live
  JourneyState state = JourneyState::live;
  Instant state_since{};
  Instant published_at{};
  std::int64_t entered = 0;
  std::int64_t completed = 0;
  std::int64_t left = 0;
  std::int64_t failed = 0;
  std::int64_t reached_goal = 0;
  std::int64_t moved_in = 0;   ///< came from another version
  std::int64_t moved_out = 0;  ///< went on in another version
  std::int64_t held = 0;       ///< tokens that are held now
  std::vector<MapLine> map;
  std::vector<MessageFigures> messages;
  std::int64_t under_way() const { return entered + moved_in - completed - left - failed - moved_out; }
};

struct StoreFigures {
  Reader::Totals totals;
  std::optional<Instant> engine_time;
  std::vector<JourneyFigures> journeys;  ///< by journey and version; an older one that nobody entered is left out
};

/// Reads them as the reader sees the store now; `totals` are given where they need not be counted anew.
StoreFigures read_figures(JourneyLibrary& library, Reader& reader, const std::optional<Reader::Totals>& totals = {});

/// Which journeys are asked for.
struct FiguresAsked {
  std::string journey = {};  ///< this one alone; empty: all
  enum class Versions { entered, newest } versions = Versions::entered;
  std::optional<std::uint32_t> below = {};                     ///< versions of smaller numbers than this
  std::size_t most = std::numeric_limits<std::size_t>::max();  ///< so many, and of these the newest
};
/// Without counting what the store has, which takes the longer the more that is.
std::vector<JourneyFigures> read_journey_figures(JourneyLibrary& library, Reader& reader,
                                                 const FiguresAsked& asked = {});

boost::json::object as_json(const JourneyFigures& figures);
boost::json::object as_json(const StoreFigures& figures);

}  // namespace caravan
