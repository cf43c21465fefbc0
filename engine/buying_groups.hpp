#pragma once
// Buying groups as arithmetic: which roles a group needs, how complete it is, and who may change a membership. Pure
// functions over records; who calls them decides what is written.

#include "journeys/dependencies.hpp"
#include "journeys/workspace.hpp"
#include "storage/records.hpp"

namespace caravan {

struct RolePlan {
  NameId role{};
  std::string name;
  std::int64_t members_required = 1;
  bool required = true;
  int weight = 60;                                ///< of engagement: 20, 40, 60, 80 or 100
  std::shared_ptr<const cel::Program> when = {};  ///< of a person; null: by hand or by a journey alone
};

struct StagePlan {
  NameId stage{};
  std::string name;
  bool entry = false;
  std::vector<NameId> to;
};

/// What the engine knows of a solution interest while it runs.
struct InterestPlan {
  NameId interest{};
  std::string name;
  std::string title;
  std::vector<RolePlan> roles;        ///< in order of priority
  std::vector<StagePlan> stages;      ///< of its stage model; empty: none
  NameId audience{};                  ///< whose accounts have a group; 0: groups are made by journeys and by hand
  Dependencies conditions_read = {};  ///< what the roles' conditions depend on, all of them together

  /// Null when the role template, or the stage model, has none of that name.
  const RolePlan* role(NameId name) const;
  const StagePlan* stage(NameId name) const;
  /// Where a group begins; null without a stage model.
  const StagePlan* first_stage() const;
};

/// The plans of all solution interests of a workspace without errors.
std::vector<InterestPlan> interest_plans(const Workspace& workspace, AttributeNames& names);

/// How many members the group has; those who were removed are none.
std::int64_t members_of(const GroupRecord& group);

/// How many members have the role.
std::int64_t members_in(const GroupRecord& group, NameId role);

/// Percent, 0 to 100: the mean over the required roles of min(members / required, 1); 100 where no role is required.
double completeness(const GroupRecord& group, const InterestPlan& plan);

/// The required roles that have fewer members than required, in order of priority. Views into `plan`.
std::vector<std::string_view> missing_roles(const GroupRecord& group, const InterestPlan& plan);

/// The row of a person who is a member or was one; null when they never were.
MemberRecord* find_member(GroupRecord& group, PersonId person);

/// Gives a person a role in the group. False, and nothing is changed, when they have it already by this source, have
/// any by a stronger one, or were taken out by one.
bool assign_member(GroupRecord& group, const MemberRecord& member);

/// Takes a person out, who is remembered as removed. The row as it is then; nothing, and nothing is changed, when they
/// are no member or are one by a stronger source.
std::optional<MemberRecord> remove_member(GroupRecord& group, PersonId person, MembershipSource source, Instant now,
                                          std::string reason = {}, NameId author = {});

/// Why the group may not go to `stage`; empty when it may. A group without a stage may go to the model's entry alone.
std::string why_not(const GroupRecord& group, NameId stage, const InterestPlan& plan);

}  // namespace caravan
