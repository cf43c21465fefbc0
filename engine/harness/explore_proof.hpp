#pragma once
// What nobody can reach, proved: a path whose condition holds for nobody who has not gone another way before, an
// outcome that no value brings, a node to which only such paths lead. A proof goes through every class of values that
// the conditions tell apart; what it cannot look into (buying groups, activity, words within texts) may come to
// anything, so that what is said to be unreachable is.

#include "engine/harness/coverage.hpp"
#include "engine/harness/explore_logic.hpp"

namespace caravan::exploring {

/// Of one journey of a workspace without errors, which outlives it, as accounts go through this version of it: somebody
/// who moves an account from another version to a node by its name is not thought of.
class Proofs {
 public:
  Proofs(const Workspace& workspace, const JourneyDefinition& journey);
  ~Proofs();
  Proofs(const Proofs&) = delete;
  Proofs& operator=(const Proofs&) = delete;

  /// Why nobody can reach it, as a sentence without its full stop (`every account that fits it takes the path "x"
  /// before`); nothing where that is not proved.
  std::optional<std::string> why_not(const CoverPoint& point) const;

 private:
  struct Findings;
  std::unique_ptr<const Findings> findings_;
};

/// More combinations of values than this are not gone through: then nothing is proved.
inline constexpr std::size_t kMostCombinations = 200'000;

/// Something that is asked for of values: that a condition comes to `yes`, or to whatever is in `to`.
struct Wanted {
  const Logic* logic = nullptr;
  std::vector<Truth> to = {Truth::yes};
};

/// Goes through every combination of what the leaves of `logics` can come to, each class of values once, until `visit`
/// gives false. False when there are more than kMostCombinations.
bool each_combination(const Leaves& leaves, std::span<const Logic* const> logics,
                      const std::function<bool(const std::function<Truth(std::size_t leaf)>& of)>& visit);

}  // namespace caravan::exploring
