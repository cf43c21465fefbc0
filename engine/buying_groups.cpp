#include "engine/buying_groups.hpp"

namespace caravan {

std::vector<InterestPlan> interest_plans(const Workspace& workspace, AttributeNames& names) {
  std::vector<InterestPlan> plans;
  for (const auto& [name, interest] : workspace.solution_interests) {
    InterestPlan plan;
    plan.interest = NameId{names.number_of(name)};
    plan.name = name;
    plan.title = interest.title;
    if (!interest.audience.empty()) plan.audience = NameId{names.number_of(interest.audience)};
    for (const RoleDefinition& role : workspace.role_templates.at(interest.role_template).roles) {
      plan.roles.push_back({NameId{names.number_of(role.name)}, role.name, role.members_required, role.required,
                            static_cast<int>(role.weighting), role.when ? role.when->program : nullptr});
      if (role.when) merge(plan.conditions_read, dependencies_of(*role.when->program, *workspace.vocabulary));
    }
    if (!interest.stage_model.empty()) {
      for (const StageDefinition& stage : workspace.stage_models.at(interest.stage_model).stages) {
        StagePlan& planned =
            plan.stages.emplace_back(StagePlan{NameId{names.number_of(stage.name)}, stage.name, stage.entry, {}});
        for (const std::string& to : stage.to)
          planned.to.push_back(NameId{names.number_of(to)});
      }
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

const RolePlan* InterestPlan::role(NameId name) const {
  const auto found = std::find_if(roles.begin(), roles.end(), [&](const RolePlan& each) { return each.role == name; });
  return found == roles.end() ? nullptr : &*found;
}

const StagePlan* InterestPlan::stage(NameId name) const {
  const auto found =
      std::find_if(stages.begin(), stages.end(), [&](const StagePlan& each) { return each.stage == name; });
  return found == stages.end() ? nullptr : &*found;
}

const StagePlan* InterestPlan::first_stage() const {
  const auto found = std::find_if(stages.begin(), stages.end(), [](const StagePlan& each) { return each.entry; });
  return found == stages.end() ? nullptr : &*found;
}

std::int64_t members_of(const GroupRecord& group) {
  return std::count_if(group.members.begin(), group.members.end(),
                       [](const MemberRecord& each) { return !each.removed; });
}

std::int64_t members_in(const GroupRecord& group, NameId role) {
  return std::count_if(group.members.begin(), group.members.end(),
                       [&](const MemberRecord& member) { return member.role == role && !member.removed; });
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

MemberRecord* find_member(GroupRecord& group, PersonId person) {
  const auto place = std::lower_bound(group.members.begin(), group.members.end(), person,
                                      [](const MemberRecord& each, PersonId wanted) { return each.person < wanted; });
  return place == group.members.end() || place->person != person ? nullptr : &*place;
}

bool assign_member(GroupRecord& group, const MemberRecord& member) {
  MemberRecord* place = find_member(group, member.person);
  if (!place) {
    const auto behind =
        std::upper_bound(group.members.begin(), group.members.end(), member.person,
                         [](PersonId person, const MemberRecord& each) { return person < each.person; });
    group.members.insert(behind, member);
    return true;
  }
  const bool is_the_same = !place->removed && place->role == member.role;
  // Whoever is in already by a weaker source is held there by the stronger one from now on.
  if (place->source > member.source || (is_the_same && place->source == member.source)) return false;
  const Instant since = is_the_same ? place->since : member.since;
  *place = member;
  place->since = since;
  return true;
}

std::optional<MemberRecord> remove_member(GroupRecord& group, PersonId person, MembershipSource source, Instant now,
                                          std::string reason, NameId author) {
  MemberRecord* member = find_member(group, person);
  if (!member || member->removed || member->source > source) return std::nullopt;
  member->removed = true;
  member->source = source;
  member->since = now;
  member->reason = std::move(reason);
  member->author = author;
  return *member;
}

std::string why_not(const GroupRecord& group, NameId stage, const InterestPlan& plan) {
  const StagePlan* wanted = plan.stage(stage);
  if (!wanted) return "the stage model of " + plan.name + " has no such stage";
  const StagePlan* present = plan.stage(group.stage);
  const StagePlan* first = plan.first_stage();
  if (!present) {
    if (wanted == first) return {};
    return "a buying group of " + plan.name + " begins at " + (first ? first->name : "no stage") + ", not at " +
           wanted->name;
  }
  if (present == wanted) return {};
  if (std::find(present->to.begin(), present->to.end(), stage) != present->to.end()) return {};
  return "the stage model of " + plan.name + " does not lead from " + present->name + " to " + wanted->name;
}

}  // namespace caravan
