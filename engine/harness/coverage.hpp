#pragma once
// What scenarios have taken of a workspace's journeys: nodes, paths, time-outs, and the two outcomes of every
// condition and of the parts that && || ! and ?: join in it.

#include "journeys/workspace.hpp"
#include "nodes/compiler.hpp"
#include "storage/store.hpp"

namespace caravan {

/// Something that can be taken or not.
struct CoverPoint {
  enum class Kind { node, path, time_out, condition } kind = Kind::node;
  std::string journey;
  std::string node;     ///< its id; for a condition of the journey as a whole (`exit_when`, `goal`): empty
  std::string path;     ///< for paths: its name; `no path` where a subject that fits none leaves or goes past
  Place place;          ///< of a condition: its text, or the text of the part
  bool outcome = true;  ///< of a condition: which outcome this is
  auto key() const { return std::tuple(journey, node, kind, path, place.offset, place.length, outcome); }
};

struct CoverCount {
  CoverPoint point;
  std::int64_t times = 0;
};

class Coverage {
 public:
  /// All that can be taken in the journeys of the workspace, none of it taken. The workspace outlives it.
  explicit Coverage(const Workspace& workspace);

  /// Takes in what the tokens in the store have visited. Versions whose journey is not the workspace's own (a scenario
  /// published another one) count for the nodes and paths of the same names.
  void add(Reader& reader, class JourneyLibrary& library);
  /// Takes in another's counts, of the same workspace.
  void add(const Coverage& other);
  /// A condition at `place` has come out so.
  void add_outcome(const Place& place, bool outcome);

  /// By journey, in the order of places.
  const std::vector<CoverCount>& counts() const { return counts_; }
  /// Of the points of a kind, or of all: how many are taken, of how many.
  struct Figure {
    std::int64_t taken = 0;
    std::int64_t of = 0;
  };
  Figure figure(std::string_view journey = {}, std::optional<CoverPoint::Kind> kind = {}) const;

 private:
  std::vector<CoverCount> counts_;
};

}  // namespace caravan
