#pragma once
// What scenarios have taken of a workspace's journeys: nodes, paths, time-outs, and the two outcomes of every
// condition and of the parts that && || ! and ?: join in it. Conditions are known of a workspace that was loaded with
// probes; of another one, nodes, paths and time-outs alone.

#include "engine/journey_library.hpp"
#include "journeys/cel/probes.hpp"

namespace caravan {

/// Something that can be taken or not.
struct CoverPoint {
  enum class Kind { node, path, time_out, condition } kind = Kind::node;
  std::string journey = {};
  /// Its id; for a condition of the journey as a whole (`exit_when`, `goal`, its audience's): empty.
  std::string node = {};
  /// For paths: its name; `no path` where a subject that fits none leaves or goes past, `heard` where a listen goes on.
  std::string path = {};
  Place place = {};     ///< of a condition: its text, or the text of the part
  bool outcome = true;  ///< of a condition: which outcome this is
};

inline constexpr std::string_view kNoPathTaken = "no path";
inline constexpr std::string_view kHeard = "heard";

struct CoverCount {
  CoverPoint point;
  std::int64_t times = 0;
};

struct CoverPoints;

/// One thread at a time; each thread has its own, and they are added up.
class Coverage {
 public:
  /// All that can be taken in the journeys of the workspace, none of it taken. The workspace outlives it. Copies of one
  /// cost little.
  explicit Coverage(const Workspace& workspace);

  /// Takes in what the tokens in the store have visited. Versions whose journey is not the workspace's own (a scenario
  /// published another one) count for the nodes and paths of the same names.
  void add(Reader& reader, JourneyLibrary& library);
  /// Takes in another's counts, of the same workspace.
  void add(const Coverage& other);
  /// Where conditions are counted: `const cel::Probing watched(&coverage.conditions())` around what is run.
  cel::ProbeCounts& conditions() { return conditions_; }

  /// By journey, in the order of places.
  std::vector<CoverCount> counts() const;
  /// Of the points of a kind, or of all: how many are taken, of how many. A condition that journeys share counts once
  /// over all journeys.
  struct Figure {
    std::int64_t taken = 0;
    std::int64_t of = 0;
    bool operator==(const Figure&) const = default;
  };
  Figure figure(std::string_view journey = {}, std::optional<CoverPoint::Kind> kind = {}) const;

 private:
  std::int64_t times(std::size_t point) const;

  std::shared_ptr<const CoverPoints> points_;
  std::vector<std::int64_t> times_;  ///< by point; those that probes see are counted there
  cel::ProbeCounts conditions_;
};

/// Coverage as LCOV's tracefile, for `genhtml` and the like: lines are those on which a node, a path or a condition
/// begins, and branches the ways out of a node and the outcomes of conditions. `journey` empty: of all.
std::string lcov_of(const Coverage& coverage, std::string_view journey = {});

}  // namespace caravan
