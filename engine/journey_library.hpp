#pragma once
// The versions of journeys that the store holds, ready to run. Publishing adds one where a journey, or anything it
// uses, has changed; a version that is still under way is compiled again from the texts kept with it.

#include "engine/compiled_workspace.hpp"
#include "engine/outbox.hpp"

namespace caravan {

/// A version, compiled. Immutable; `workspace` keeps everything its programs point to.
struct RunnableJourney {
  VersionRecord record;
  std::shared_ptr<const Workspace> workspace;
  std::shared_ptr<const JourneyParts> parts;

  // What stands in `parts`.
  const CompiledJourney& journey = parts->journey;
  const std::vector<RunnableMessage>& messages = parts->messages;
  const std::vector<NameId>& authors = parts->authors;
  const std::vector<InterestPlan>& interests = parts->interests;
  const Dependencies& exit_reads = parts->exit_reads;
  const Dependencies& goal_reads = parts->goal_reads;
  const std::vector<std::string>& activity_read = parts->activity_read;
  const bool reads_any_activity = parts->reads_any_activity;

  RunnableJourney(VersionRecord the_record, std::shared_ptr<const Workspace> of,
                  std::shared_ptr<const JourneyParts> the_parts)
      : record(std::move(the_record)), workspace(std::move(of)), parts(std::move(the_parts)) {}
  RunnableJourney(const RunnableJourney&) = delete;
  RunnableJourney& operator=(const RunnableJourney&) = delete;

  const InterestPlan* interest(NameId id) const;
  const InterestPlan* interest(std::string_view name) const;
};

/// What became of a journey at a publication.
struct Publication {
  std::string journey;
  std::uint32_t number = 1;
  enum class Kind { unchanged, first, changed, closed } kind = Kind::first;
};

struct LiveJourney;

/// Safe to use from any thread.
class JourneyLibrary final : public MessageBook {
 public:
  JourneyLibrary(Store& store, NameBook& names, NodeTypeFinder find_type = {});

  /// Puts what must be written to publish journeys of the workspace into `changes`, and makes them live here. `named`
  /// are those to publish; empty: all, and a journey that the workspace no longer has is closed to new entries. One
  /// that has not changed keeps its version and, unless it is named, its state. Throws std::runtime_error for a name
  /// that the workspace does not have.
  std::vector<Publication> publish(std::shared_ptr<const Workspace> workspace, std::span<const std::string> named,
                                   Instant now, Changes& changes);

  /// Knows what the store holds and nothing else: what was published here and not committed is forgotten. Throws
  /// StoreError; then it knows what it knew.
  void reread();

  /// What the newest publication says of audiences, buying groups and engagement; null when nothing was published, or
  /// when its texts do not check any more.
  std::shared_ptr<const Definitions> definitions();

  /// Where a journey stands in its life; nothing when it was never published.
  std::optional<JourneyState> state(std::string_view journey) const;
  /// The same of a version's journey.
  JourneyState state(VersionId id) const;
  void change_state(std::string_view journey, JourneyState state, Instant now, Changes& changes);

  /// Compiles it first where it must. Throws std::runtime_error with the reason when its texts no longer check.
  std::shared_ptr<const RunnableJourney> version(VersionId id);
  std::shared_ptr<const Message> message(VersionId version, MessageIndex index) override;
  bool is_aborted(VersionId version) override;

  /// The newest version of each journey that is live or paused, as far as its texts check.
  std::vector<LiveJourney> current();
  /// Why the newest version of a journey cannot run: its texts do not check any more. Empty: they do.
  std::string fault_of(std::string_view journey);
  /// Every version of a journey, by number.
  std::vector<VersionRecord> versions_of(std::string_view journey) const;
  std::vector<JourneyRecord> journeys() const;

  /// The journey that it is a version of, whether or not its texts check; empty when it is not in the store.
  std::string journey_of(VersionId version) const override;
  /// Whether both are versions of the same journey.
  bool same_journey(VersionId left, VersionId right) const;

 private:
  Publication publish_one(const std::shared_ptr<const Workspace>& workspace, const JourneyDefinition& definition,
                          bool is_named, Instant now, Changes& changes);
  void publish_definitions(const std::shared_ptr<const Workspace>& workspace, Instant now, Changes& changes);
  std::shared_ptr<const Definitions> define(DefinitionsRecord record, std::shared_ptr<const Workspace> workspace);
  const std::shared_ptr<const Workspace>& workspace_of(std::int64_t snapshot);
  VersionRecord* latest(std::string_view journey);
  std::shared_ptr<const JourneyParts> parts_of(const std::shared_ptr<const Workspace>& workspace,
                                               const std::string& journey);
  std::shared_ptr<const RunnableJourney> compile(const VersionRecord& record,
                                                 std::shared_ptr<const Workspace> workspace);

  mutable std::mutex mutex_;
  std::unique_ptr<Reader> reader_;
  NameBook& names_;
  NodeTypeFinder find_type_;
  /// Compiled with other types than the registry's, which nobody shares.
  std::map<std::pair<std::shared_ptr<const Workspace>, std::string>, std::shared_ptr<const JourneyParts>> own_parts_;
  std::map<VersionId, VersionRecord> versions_;
  std::map<std::string, JourneyRecord, std::less<>> journeys_;
  std::map<VersionId, std::shared_ptr<const RunnableJourney>> compiled_;
  std::map<std::int64_t, std::shared_ptr<const Workspace>> snapshots_;
  std::optional<DefinitionsRecord> definitions_record_;
  std::shared_ptr<const Definitions> definitions_;
  std::int64_t last_snapshot_ = 0;
  bool new_snapshot_ = false;  ///< of the publication at hand: some version needs its texts
};

}  // namespace caravan
