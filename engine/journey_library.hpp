#pragma once
// The versions of journeys that the store holds, ready to run. Publishing adds one where a journey, or anything it
// uses, has changed; a version that is still under way is compiled again from the texts kept with it.

#include "engine/buying_groups.hpp"
#include "engine/name_book.hpp"
#include "engine/outbox.hpp"
#include "engine/runnable_message.hpp"
#include "nodes/compiler.hpp"

namespace caravan {

/// A version, compiled. Immutable; `workspace` keeps everything its programs point to.
struct RunnableJourney {
  VersionRecord record;
  std::shared_ptr<const Workspace> workspace;
  CompiledJourney journey;
  std::vector<RunnableMessage> messages;  ///< by MessageIndex
  std::vector<InterestPlan> interests;

  const InterestPlan* interest(NameId id) const;
  const InterestPlan* interest(std::string_view name) const;
};

/// What became of a journey at a publication.
struct Publication {
  std::string journey;
  std::uint32_t number = 1;
  enum class Kind { unchanged, first, changed, closed } kind = Kind::first;
};

/// Safe to use from any thread.
class JourneyLibrary final : public MessageBook {
 public:
  JourneyLibrary(Store& store, NameBook& names);

  /// Puts what must be written to publish the workspace's journeys into `changes`, and makes them live here. A journey
  /// that the workspace no longer has is closed to new entries. To be committed before anything enters.
  std::vector<Publication> publish(std::shared_ptr<const Workspace> workspace, Instant now, Changes& changes);

  /// Compiles it first where it must. Throws std::runtime_error with the reason when its texts no longer check.
  std::shared_ptr<const RunnableJourney> version(VersionId id);
  std::shared_ptr<const Message> message(VersionId version, MessageIndex index) override;
  bool is_aborted(VersionId version) override;

  /// The versions that let accounts in.
  std::vector<std::shared_ptr<const RunnableJourney>> live();

  /// Whether both are versions of the same journey.
  bool same_journey(VersionId left, VersionId right) const;

 private:
  std::shared_ptr<const RunnableJourney> compile(const VersionRecord& record,
                                                 std::shared_ptr<const Workspace> workspace);

  mutable std::mutex mutex_;
  std::unique_ptr<Reader> reader_;
  NameBook& names_;
  std::map<VersionId, VersionRecord> versions_;
  std::map<VersionId, std::shared_ptr<const RunnableJourney>> compiled_;
  std::map<std::int64_t, std::shared_ptr<const Workspace>> snapshots_;
  std::int64_t last_snapshot_ = 0;
};

/// A hash of everything that decides how a journey behaves: its own text and the texts it can use.
std::string fingerprint(const Workspace& workspace, const JourneyDefinition& journey);

}  // namespace caravan
