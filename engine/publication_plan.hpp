#pragma once
// What publishing a journey would change: what its author changed, who stands where in its versions, and what becomes
// of them where accounts under way are taken along. Pure functions over compiled journeys and counters; the engine
// moves by them, `caravan publish --dry-run` shows them.

#include "engine/definition_difference.hpp"
#include "engine/move_plan.hpp"

namespace caravan {

/// How many tokens stand at each node of a version, by NodeIndex.
struct NodeCounts {
  std::vector<std::int64_t> standing;  ///< those held included
  std::vector<std::int64_t> held;
};
/// `counters` are the store's; `nodes` is how many the version has.
NodeCounts node_counts(std::span<const std::pair<CounterKey, std::int64_t>> counters, VersionId version,
                       std::size_t nodes);

/// Enrollments of a version that have not ended, by the store's counters.
std::int64_t under_way(std::span<const std::pair<CounterKey, std::int64_t>> counters, VersionId version);

/// Why the move cannot be done while tokens stand as counted; empty: it can. Sentences without full stops.
std::vector<std::string> refusals(const MovePlan& plan, const CompiledJourney& from, const NodeCounts& counts);
/// The same in one sentence, with what to do; empty: it can be done.
std::string refusal(const MovePlan& plan, const CompiledJourney& from, const NodeCounts& counts);

/// What else somebody should know who moves: what a listen has heard and forgets, who leaves, who begins anew.
std::vector<std::string> warnings(const MovePlan& plan, const CompiledJourney& from, const CompiledJourney& to,
                                  const NodeCounts& counts);

/// The paths of the texts that are not the same, of those that a journey can be changed by: its own file, the schema,
/// audiences, buying groups, and the messages it sends.
std::vector<std::string> changed_texts(const SourceTexts& before, const SourceTexts& after,
                                       const CompiledJourney& journey);

}  // namespace caravan
