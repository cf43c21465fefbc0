#pragma once
// What is live now, as turns need it: the journeys that may be entered, the audiences whose members are known, and
// which events anybody wants. Made anew whenever something is published or changes its state; the turn thread has the
// only one.

#include "engine/journey_library.hpp"

namespace caravan {

/// The version of a journey that new entries take.
struct LiveJourney {
  std::shared_ptr<const RunnableJourney> journey;
  JourneyState state = JourneyState::live;

  const JourneyDefinition& definition() const { return *journey->journey.definition; }
};

/// An audience that a journey or a solution interest draws from, as the newest publication defines it.
struct AudiencePlan {
  NameId name{};
  std::shared_ptr<const Workspace> workspace;  ///< that it is from
  std::shared_ptr<const cel::Program> when;
  Dependencies reads;
  VersionId counted_for;  ///< where its errors are counted: a journey that draws from it; none: none does
};

class LivePlan {
 public:
  LivePlan() = default;
  /// `under_way` are the versions whose enrollments have not all ended; they may be current as well. `definitions` may
  /// be null.
  LivePlan(std::vector<LiveJourney> current, std::span<const std::shared_ptr<const RunnableJourney>> under_way,
           std::shared_ptr<const Definitions> definitions, NameBook& names);

  const std::vector<LiveJourney>& journeys() const { return journeys_; }
  const std::vector<AudiencePlan>& audiences() const { return audiences_; }
  /// Null when there are none.
  const std::shared_ptr<const Definitions>& definitions() const { return definitions_; }
  /// The solution interests; none without definitions.
  std::span<const InterestPlan> interests() const;
  /// Whether an audience that makes buying groups, or a role's condition, may change by time alone.
  bool groups_read_time() const;
  /// Whether any rule reads engagement.
  bool reads_engagement() const { return reads_engagement_; }
  /// The bounds of the newest publication.
  const LimitsDefinition& limits() const { return limits_; }
  /// Null when there is none.
  const LiveJourney* find(std::string_view journey) const;
  const AudiencePlan* audience(NameId name) const;

  /// Whether somebody listens for events of the type, enters by them or looks at every event.
  bool is_heard(NameId type) const { return hears_all_ || heard_.contains(type); }
  /// Whether some expression reads such events by activity().
  bool is_read(NameId type) const { return reads_all_ || read_.contains(type); }
  /// Whether anything at all would come of such an event.
  bool is_wanted(NameId type) const { return is_heard(type) || is_read(type); }

 private:
  void add_audience(const std::string& text, NameBook& names);
  void want_definitions(NameBook& names);
  void want(const Dependencies& reads, NameBook& names);
  void want_events_of(const RunnableJourney& journey, NameBook& names);

  std::vector<LiveJourney> journeys_;
  std::vector<AudiencePlan> audiences_;
  std::shared_ptr<const Definitions> definitions_;
  LimitsDefinition limits_;
  std::set<NameId> heard_;
  std::set<NameId> read_;
  bool hears_all_ = false;
  bool reads_all_ = false;
  bool reads_engagement_ = false;
};

}  // namespace caravan
