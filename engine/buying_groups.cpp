#include "engine/buying_groups.hpp"

namespace caravan {

std::vector<InterestPlan> interest_plans(const Workspace& workspace, AttributeNames& names) {
  std::vector<InterestPlan> plans;
  for (const auto& [name, interest] : workspace.solution_interests) {
    InterestPlan plan{NameId{names.number_of(name)}, name, interest.title, {}};
    for (const RoleDefinition& role : workspace.role_templates.at(interest.role_template).roles) {
      plan.roles.push_back({NameId{names.number_of(role.name)}, role.name, role.members_required, role.required});
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

std::int64_t members_in(const GroupRecord& group, NameId role) {
  return std::count_if(group.members.begin(), group.members.end(),
                       [&](const MemberRecord& member) { return member.role == role; });
}

double completeness(const GroupRecord& group, const InterestPlan& plan) {
  double sum = 0;
  int required = 0;
  for (const RolePlan& role : plan.roles) {
    if (!role.required) continue;
    ++required;
    const auto share = static_cast<double>(members_in(group, role.role)) / static_cast<double>(role.members_required);
    sum += std::min(share, 1.0);
  }
  return required == 0 ? 100.0 : 100.0 * sum / required;
}

std::vector<std::string_view> missing_roles(const GroupRecord& group, const InterestPlan& plan) {
  std::vector<std::string_view> missing;
  for (const RolePlan& role : plan.roles) {
    if (role.required && members_in(group, role.role) < role.members_required) missing.push_back(role.name);
  }
  return missing;
}

bool assign_member(GroupRecord& group, const MemberRecord& member) {
  const auto place = std::lower_bound(group.members.begin(), group.members.end(), member.person,
                                      [](const MemberRecord& each, PersonId person) { return each.person < person; });
  if (place == group.members.end() || place->person != member.person) {
    group.members.insert(place, member);
    return true;
  }
  if (place->role == member.role || place->source > member.source) return false;
  *place = member;
  return true;
}

}  // namespace caravan
