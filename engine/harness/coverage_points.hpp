#pragma once
// All that scenarios could take of a workspace, with the way each is counted. Made once for a workspace, and shared.

#include "engine/harness/coverage.hpp"

namespace caravan {

inline constexpr std::size_t kNoPoint = static_cast<std::size_t>(-1);

/// A node's points, by their position among all; kNoPoint for what it has not.
struct NodePoints {
  std::size_t node = kNoPoint;
  std::vector<std::size_t> paths;  ///< by PathIndex
  std::size_t time_out = kNoPoint;
  std::size_t heard = kNoPoint;
};

/// A journey's nodes by NodeIndex, and where names lead for versions that number them otherwise.
struct JourneyPoints {
  const JourneyDefinition* definition = nullptr;
  std::vector<NodePoints> nodes;
  std::map<std::string, std::size_t, std::less<>> by_id;  ///< the position in `nodes`
  std::vector<const NodeDefinition*> definitions;         ///< as `nodes`
};

struct CoverPoints {
  /// What a probe tells of a point.
  struct Seen {
    std::uint32_t probe = 0;
    bool yes = false;  ///< these outcomes are the point's
    bool no = false;
    bool failed = false;
  };
  struct Entry {
    CoverPoint point;
    std::optional<Seen> seen;  ///< none: counted by what tokens did
    bool is_shared = false;    ///< other journeys have the same condition
  };
  const Workspace* workspace = nullptr;
  std::vector<Entry> all;  ///< by journey, in the order of places
  std::map<std::string, JourneyPoints, std::less<>> journeys;
};

std::shared_ptr<const CoverPoints> cover_points_of(const Workspace& workspace);

}  // namespace caravan
