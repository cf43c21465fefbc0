#pragma once
// What a workspace alone decides of what is run: its journeys compiled, and what is every journey's. Made once for each
// workspace, however many libraries publish it, and immutable; a test suite publishes the same one thousands of times.

#include "engine/definitions.hpp"
#include "engine/name_book.hpp"
#include "engine/runnable_message.hpp"
#include "journeys/dependencies.hpp"
#include "nodes/compiler.hpp"

namespace caravan {

/// A journey of a workspace, compiled. It points into the workspace, which must outlive it.
struct JourneyParts {
  std::string fingerprint;  ///< of the journey and all it uses; equal means nothing changed
  CompiledJourney journey;
  std::vector<RunnableMessage> messages;   ///< by MessageIndex
  std::vector<NameId> authors;             ///< by NodeIndex: `journey/node`, as what a node does is signed
  std::vector<InterestPlan> interests;     ///< for interests that the newest publication has no more
  Dependencies exit_reads;                 ///< what `exit_when` depends on
  Dependencies goal_reads;                 ///< what `goal` depends on
  std::vector<std::string> activity_read;  ///< the types of events that its expressions read by activity()
  bool reads_any_activity = false;         ///< some of them by a computed type
};

/// The same of what is every journey's.
struct DefinitionParts {
  std::string fingerprint;
  std::vector<InterestPlan> interests;
  std::optional<EngagementPlan> engagement;
};

/// Compiles it, for whoever asks. Throws as compiled_journey() does.
std::shared_ptr<const JourneyParts> compile_parts(const Workspace& workspace, const std::string& journey,
                                                  NameBook& names, const NodeTypeFinder& find_type = find_node_type);

/// The same, once for all. `names` are those that the workspace was loaded with. Nothing that the journey uses has a
/// fault, else std::runtime_error says which. Safe from any thread.
std::shared_ptr<const JourneyParts> compiled_journey(const std::shared_ptr<const Workspace>& workspace,
                                                     const std::string& journey, NameBook& names);
std::shared_ptr<const DefinitionParts> compiled_definitions(const std::shared_ptr<const Workspace>& workspace,
                                                            NameBook& names);

}  // namespace caravan
