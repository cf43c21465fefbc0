#pragma once
// Engagement as arithmetic: how much a person and a buying group have done of late, in two numbers that are kept apart.
// Pure functions; engagement_rounds.hpp applies them to a store.
//
// What counts. Of each type of activity that the model weighs, at most `daily_cap` a person and calendar day, over the
// last `window_days` calendar days of the workspace's time zone, the present one included. So a score decays as
// activity ages.
//
// Raw. A person's is the sum of count times weight. A group's is the sum over its roles in use (those that have
// members) of the role members' raw scores, times the role's share of the weights of the roles in use. With unit
// weights, roles that weigh 100, 80 and 60 and members that have done 52, 28 and 17 things: 52 * 100/240 + 28 * 80/240
// + 17 * 60/240 = 35.25.
//
// Normalized, 0 to 100, against the workspace. A person's: the weights of the types that occurred are min-max
// normalized (one type, or all of one weight: 1 each), the counts are summed with them, the square root is taken, and
// the result is min-max scaled to 0..100 over all people. A group's: its members' normalized scores, each times the
// share of their role, are summed, the square root is taken, and the result is scaled the same way over all groups.
// Where everybody has the same, it is 0 if that is nothing, else 100.

#include "engine/buying_groups.hpp"

namespace caravan {

/// The active engagement model of a workspace. One that weighs nothing scores everybody 0.
struct EngagementPlan {
  std::string fingerprint;  ///< of all that decides what is counted and how it weighs
  std::int64_t window_days = 30;
  std::int64_t daily_cap = 20;
  std::string timezone = "UTC";                    ///< the workspace's, whose calendar days they are
  std::vector<std::pair<NameId, double>> weights;  ///< sorted by type, each above 0

  /// 0 for a type that does not count.
  double weight(NameId type) const;
};

/// That of a workspace without errors; nothing when it has no model.
std::optional<EngagementPlan> engagement_plan(const Workspace& workspace, AttributeNames& names);

/// The first midnight after `at`, on the clocks of a time zone; where spring leaves it out, the moment of the change.
Instant midnight_after(Instant at, std::string_view timezone);

/// The calendar days of a window that ends now, in a time zone: which day an instant falls on, quickly.
class EngagementWindow {
 public:
  EngagementWindow(Instant now, std::int64_t days, std::string_view timezone);

  Instant begin() const { return midnights_.front(); }  ///< of its first day
  Instant end() const { return now_; }                  ///< the last instant that counts
  /// 0 for the first day; nothing outside of the window.
  std::optional<std::size_t> day_of(Instant at) const;
  /// The first instant at which a day, counted from 0, is not within the window any more.
  Instant leaves_at(std::size_t day) const { return midnights_[days_ + day]; }

 private:
  Instant now_;
  std::size_t days_;
  /// At which each of its days begins, and each of as many that follow it: when the n-th of those begins, the n-th day
  /// leaves the window.
  std::vector<Instant> midnights_;
};

/// What each of the people has done, by person, and when that will be out of date: when the first of it leaves the
/// window, or at once when something has come that is later than the window's end. Nothing: by new activity alone.
struct CountedActivity {
  std::vector<std::pair<PersonId, std::vector<ActivityCount>>> people;  ///< only who has done something
  std::optional<Instant> count_again_at;
};
/// Sorts `points` and leaves out those that do not matter.
CountedActivity count_activity(std::vector<ActivityPoint>& points, const EngagementPlan& plan,
                               const EngagementWindow& window);

/// A person's raw score.
double raw_engagement(std::span<const ActivityCount> counts, const EngagementPlan& plan);

/// A group's raw score, from its members' raw scores.
double raw_engagement(const GroupRecord& group, const InterestPlan& plan,
                      const std::function<double(PersonId)>& raw_of);

/// The smallest and the largest of what was added, for scaling to 0..100.
class Scale {
 public:
  void add(double value);
  /// Where all that was added is the same: 0 if that is 0, else 100. A value beyond what was added is that of the
  /// nearest; 0 where nothing was added.
  double score(double value) const;

 private:
  double least_ = std::numeric_limits<double>::infinity();
  double greatest_ = -std::numeric_limits<double>::infinity();
};

/// The weights of the types that occurred, min-max normalized.
class NormalizedWeights {
 public:
  /// `type` has occurred. One that does not count is none.
  void add(NameId type, const EngagementPlan& plan);
  /// The square root of the normalized sum, which Scale makes a score of. All types of `counts` must have been added.
  double unscaled(std::span<const ActivityCount> counts, const EngagementPlan& plan) const;

 private:
  double least_ = std::numeric_limits<double>::infinity();
  double greatest_ = -std::numeric_limits<double>::infinity();
};

/// The square root of the members' normalized scores, weighted by the shares of their roles; for Scale.
double unscaled_engagement(const GroupRecord& group, const InterestPlan& plan,
                           const std::function<double(PersonId)>& score_of);

}  // namespace caravan
