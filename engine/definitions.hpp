#pragma once
// What the newest publication says of audiences, buying groups and engagement. No journey owns these: accounts have one
// buying group of an interest, whichever version of a journey they are under way in.

#include "engine/engagement.hpp"

namespace caravan {

/// Immutable; `workspace` keeps everything its programs point to.
struct Definitions {
  DefinitionsRecord record;
  std::shared_ptr<const Workspace> workspace;
  std::vector<InterestPlan> interests;
  std::optional<EngagementPlan> engagement;

  /// Null when there is none of that name.
  const InterestPlan* interest(NameId id) const;
  const InterestPlan* interest(std::string_view name) const;
};

}  // namespace caravan
