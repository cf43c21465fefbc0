#pragma once
// Buying groups as arithmetic: which roles a group needs, how complete it is, and who may change a membership. Pure
// functions over records; who calls them decides what is written.

#include "journeys/workspace.hpp"
#include "storage/records.hpp"

namespace caravan {

struct RolePlan {
  NameId role{};
  std::string name;
  std::int64_t members_required = 1;
  bool required = true;
};

/// What the engine knows of a solution interest while it runs.
struct InterestPlan {
  NameId interest{};
  std::string name;
  std::string title;
  std::vector<RolePlan> roles;  ///< in order of priority
};

/// The plans of all solution interests of a workspace without errors.
std::vector<InterestPlan> interest_plans(const Workspace& workspace, AttributeNames& names);

/// How many members have the role.
std::int64_t members_in(const GroupRecord& group, NameId role);

/// Percent, 0 to 100: the mean over the required roles of min(members / required, 1); 100 where no role is required.
double completeness(const GroupRecord& group, const InterestPlan& plan);

/// The required roles that have fewer members than required, in order of priority. Views into `plan`.
std::vector<std::string_view> missing_roles(const GroupRecord& group, const InterestPlan& plan);

/// Gives a person a role in the group. False, and nothing is changed, when they have it already or have another one by
/// a stronger source.
bool assign_member(GroupRecord& group, const MemberRecord& member);

}  // namespace caravan
