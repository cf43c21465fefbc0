#pragma once
// When a wait is over: `for`, `until` and `must_end_on`, as a wait node has them and as a timeout of a listen or a
// webhook does. The rules:
//
//   - `for` is counted from now, on the calendar of the wait's `timezone`, else of the scene's.
//   - `until` is a date, or what an expression yields. Where that is no timestamp, which is noted, there is nothing to
//     wait for: it counts as now.
//   - `must_end_on` then looks for the next day and time that fit, the end of `for` or `until` included, but never now
//     itself: a token that comes to Monday 09:00 on Monday at 09:00 sharp stands until the Monday after. So a loop over
//     it goes round once a week.
//   - Without a time a day fits from its first moment to its last: a wait that would end on such a day ends when it
//     would, and goes on at once where today is one. Else it ends with the first moment of the next.
//   - What is past goes on at once.

#include "nodes/node.hpp"

namespace caravan {

class WaitPlan {
 public:
  explicit WaitPlan(WaitDefinition definition) : definition_(std::move(definition)) {}

  /// Until when a token that comes now must stand; a time that is not after now: not at all.
  Instant end(Scene& scene) const;

 private:
  WaitDefinition definition_;
};

}  // namespace caravan
