#pragma once
// What happened as an object for programs: the live stream tells it when it happens, timelines tell it afterwards.

#include <boost/json/object.hpp>

#include "engine/happenings.hpp"
#include "engine/report/naming.hpp"

namespace caravan {

/// One happening with its names. All outlive it.
class HappeningTeller {
 public:
  HappeningTeller(KeyBook& keys, AllNames& names, const NameBook& texts) : keys_(keys), names_(names), texts_(texts) {}

  boost::json::object operator()(const VisitHappened& each);
  boost::json::object operator()(const EnrollmentHappened& each);
  boost::json::object operator()(const DeliveryHappened& each);
  boost::json::object operator()(const GroupHappened& each);
  boost::json::object operator()(const MemberHappened& each);

  /// What is told of everything that happens in a journey.
  boost::json::object of_version(VersionId version, AccountId account, PersonId person, Instant at);

 private:
  boost::json::object of_group(AccountId account, NameId interest, MembershipSource source, Instant at);

  KeyBook& keys_;
  AllNames& names_;
  const NameBook& texts_;
};

}  // namespace caravan
