#pragma once
// A timeline's entries as objects for programs, in the words of the live stream.

#include "engine/report/happening_json.hpp"
#include "engine/report/timeline_page.hpp"

namespace caravan {

class TimelineTeller {
 public:
  /// All outlive it.
  TimelineTeller(KeyBook& keys, AllNames& names, const NameBook& texts)
      : keys_(keys), names_(names), texts_(texts), happenings_(keys, names, texts) {}

  /// With its `kind`.
  boost::json::object tell(const TimelineEntry& entry);

 private:
  boost::json::object tell_entry(const ActivityRecord& event);
  boost::json::object tell_entry(const EnrollmentHappened& happened) { return happenings_(happened); }
  boost::json::object tell_entry(const VisitHappened& happened) { return happenings_(happened); }
  boost::json::object tell_entry(const DeliveryRecord& delivery);
  boost::json::object tell_entry(const TimelineNote& noted);
  boost::json::object tell_entry(const TimelineChange& changed);

  KeyBook& keys_;
  AllNames& names_;
  const NameBook& texts_;
  HappeningTeller happenings_;
};

}  // namespace caravan
