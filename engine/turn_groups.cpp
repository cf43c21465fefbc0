// Buying groups: made for every account of an interest's audience and kept as its roles' conditions say, changed by
// journeys and by hand, told of by events. Who put somebody in or took them out is kept, and a weaker source does not
// overrule a stronger one.

#include <cmath>

#include "engine/turn.hpp"

namespace caravan {

namespace {

/// Which role was meant, perhaps; else which there are.
std::string hint_of(const InterestPlan& plan, std::string_view role) {
  std::vector<std::string> names;
  for (const RolePlan& each : plan.roles)
    names.push_back(each.name);
  std::string hint = did_you_mean(role, names);
  if (hint.empty()) {
    for (const std::string& name : names)
      hint += (hint.empty() ? "there are " : ", ") + name;
  }
  return ": " + hint;
}

}  // namespace

std::string_view TurnRunner::name_of(MembershipSource source) {
  switch (source) {
    case MembershipSource::conditions: return "conditions";
    case MembershipSource::journey: return "journey";
    case MembershipSource::hand: return "hand";
  }
  return {};
}

/// As the newest publication has it, else the journey at hand.
const InterestPlan* TurnRunner::interest_plan(NameId interest) const {
  const InterestPlan* plan = plan_.definitions() ? plan_.definitions()->interest(interest) : nullptr;
  return plan || !journey_ ? plan : journey_->interest(interest);
}

GroupRecord* TurnRunner::find_group(NameId interest) {
  std::vector<GroupRecord>& groups = subject_->groups(reader_);
  const auto found =
      std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.interest == interest; });
  return found == groups.end() ? nullptr : &*found;
}

/// Writes the group's row and these of its members.
void TurnRunner::write(const GroupRecord& group, std::vector<MemberRecord> members) {
  GroupRecord written{.account = group.account,
                      .interest = group.interest,
                      .created_at = group.created_at,
                      .stage = group.stage,
                      .stage_since = group.stage_since,
                      .status = group.status,
                      .raw_engagement = group.raw_engagement,
                      .engagement = group.engagement,
                      .members = std::move(members)};
  changes_->groups.push_back(std::move(written));
}

/// The same, of one member; while the group is filled, together with the others.
void TurnRunner::write_member(const GroupRecord& group, const MemberRecord& member) {
  if (filled_) {
    filled_->push_back(member);
  } else {
    write(group, {member});
  }
}

/// The group, made where there is none: it begins at the first stage of its model. Whoever makes one puts somebody in
/// or writes it.
GroupRecord& TurnRunner::group_for(const InterestPlan& plan, const Author& author) {
  if (GroupRecord* group = find_group(plan.interest)) return *group;
  std::vector<GroupRecord>& groups = subject_->groups(reader_);
  GroupRecord& made = groups.emplace_back();
  made.account = subject_->account.id;
  made.interest = plan.interest;
  made.created_at = now_;
  if (const StagePlan* first = plan.first_stage()) {
    made.stage = first->stage;
    made.stage_since = now_;
    changes_->group_changes.push_back({made.account, plan.interest, now_, GroupAspect::stage, NameId{}, made.stage,
                                       author.source, reason_of(author)});
  }
  // One that is not made by conditions has them put in whom they would.
  const bool follows_conditions = plan.audience != NameId{} && author.source != MembershipSource::conditions;
  if (follows_conditions) agenda_.push_back(Changed{{.people = true}});
  if (wants("buying_group.created")) raise_event("buying_group.created", {{"solution_interest", {plan.name}}}, {});
  return made;
}

std::string TurnRunner::reason_of(const Author& author) const {
  return author.name == NameId{} ? author.reason : std::string(names_.text_of(author.name));
}

/// Whether anything would come of such an event: else it need not be put together.
bool TurnRunner::wants(std::string_view event) {
  return plan_.is_wanted(names_.id_of(event));
}

/// Rules that read groups are looked at; once, for changes that follow each other.
void TurnRunner::groups_changed() {
  facts_.changed();
  if (!agenda_.empty()) {
    Changed* last = std::get_if<Changed>(&agenda_.back());
    if (last && !last->leaves_audiences && last->change.groups) return;
  }
  agenda_.push_back(Changed{{.groups = true}});
}

/// False when nothing has changed of who is in the group as what.
bool TurnRunner::put_in(GroupRecord& group, const InterestPlan& plan, PersonId person, NameId role,
                        const Author& author) {
  const double before = completeness(group, plan);
  const MemberRecord* known = find_member(group, person);
  const bool is_new = !known || known->removed || known->role != role;
  if (!assign_member(group, {person, role, author.source, now_, false, author.reason, author.name})) return false;
  write_member(group, *find_member(group, person));
  if (!is_new) return false;
  if (wants("buying_group.member_assigned")) {
    raise_event("buying_group.member_assigned",
                {{"solution_interest", {plan.name}},
                 {"role", {std::string(names_.text_of(role))}},
                 {"source", {std::string(name_of(author.source))}},
                 {"reason", {reason_of(author)}}},
                person);
  }
  tell_completeness(group, plan, before);
  return true;
}

/// False when the person is no member, or is one by a stronger source.
bool TurnRunner::take_from(GroupRecord& group, const InterestPlan& plan, PersonId person, const Author& author) {
  const double before = completeness(group, plan);
  const std::optional<MemberRecord> removed =
      remove_member(group, person, author.source, now_, author.reason, author.name);
  if (!removed) return false;
  write_member(group, *removed);
  if (wants("buying_group.member_removed")) {
    raise_event("buying_group.member_removed",
                {{"solution_interest", {plan.name}},
                 {"role", {std::string(names_.text_of(removed->role))}},
                 {"source", {std::string(name_of(author.source))}},
                 {"reason", {reason_of(author)}}},
                person);
  }
  tell_completeness(group, plan, before);
  return true;
}

void TurnRunner::tell_completeness(const GroupRecord& group, const InterestPlan& plan, double before) {
  if (filled_) return;  // it is told once
  groups_changed();
  const double after = completeness(group, plan);
  if (after == before || !wants("buying_group.completeness_changed")) return;
  raise_event("buying_group.completeness_changed",
              {{"solution_interest", {plan.name}}, {"old", {before}}, {"new", {after}}}, {});
}

/// Sets what is not 0 of the two; why not, where the stage model does not allow it.
std::string TurnRunner::set_stage(GroupRecord& group, const InterestPlan& plan, NameId stage, NameId status,
                                  const Author& author) {
  if (stage != NameId{}) {
    if (std::string why = caravan::why_not(group, stage, plan); !why.empty()) return why;
  }
  const bool other_stage = stage != NameId{} && stage != group.stage;
  const bool other_status = status != NameId{} && status != group.status;
  const auto change = [&](GroupAspect aspect, std::string_view event, NameId before, NameId after) {
    changes_->group_changes.push_back(
        {group.account, plan.interest, now_, aspect, before, after, author.source, reason_of(author)});
    raise_event(event,
                {{"solution_interest", {plan.name}},
                 {"old", {std::string(names_.text_of(before))}},
                 {"new", {std::string(names_.text_of(after))}}},
                {});
  };
  if (other_stage) {
    change(GroupAspect::stage, "buying_group.stage_changed", std::exchange(group.stage, stage), stage);
    group.stage_since = now_;
  }
  if (other_status)
    change(GroupAspect::status, "buying_group.status_changed", std::exchange(group.status, status), status);
  if (!other_stage && !other_status) return {};
  write(group);
  groups_changed();
  return {};
}

/// The first role in order whose condition holds for the person; 0: none. One that fails does not hold, and is counted.
NameId TurnRunner::role_by_conditions(const InterestPlan& plan, const PersonRecord& person) {
  evaluation_.reset();
  look_at(*plan_.definitions()->workspace);
  facts_.person(&person);
  FactsActivation activation(facts_);
  for (const RolePlan& role : plan.roles) {
    if (!role.when) continue;
    const cel::Value holds = role.when->evaluate(activation, evaluation_);
    if (holds.is_true()) return role.role;
    if (holds.is_error())
      changes_->count({VersionId{}, CounterKind::expression_errors, static_cast<std::uint16_t>(kNoNode), kNoPath});
  }
  return NameId{};
}

/// Brings those members that the conditions decide on to what these say now; makes the group where there is none.
void TurnRunner::fill(const InterestPlan& plan) {
  const Author conditions{MembershipSource::conditions, {}};
  filled_.emplace();
  const bool is_new = !find_group(plan.interest);
  GroupRecord& group = group_for(plan, conditions);
  const double before = completeness(group, plan);
  for (const PersonRecord& person : subject_->people(reader_)) {
    const MemberRecord* member = find_member(group, person.id);
    if (member && member->source > MembershipSource::conditions) continue;
    const NameId role = role_by_conditions(plan, person);
    if (role != NameId{}) {
      put_in(group, plan, person.id, role, conditions);
    } else if (member && !member->removed) {
      take_from(group, plan, person.id, conditions);
    }
  }
  std::vector<MemberRecord> members = *std::exchange(filled_, std::nullopt);
  if (!is_new && members.empty()) return;
  write(group, std::move(members));
  tell_completeness(group, plan, before);
}

/// Only groups that an audience makes follow their roles' conditions.
void TurnRunner::consider_group(const InterestPlan& plan, const SubjectChange& change) {
  if (plan.audience == NameId{}) return;
  const bool is_asked = find_group(plan.interest) ? change.people || may_matter(change, plan.conditions_read)
                                                  : is_in_audience(plan.audience);
  if (is_asked) fill(plan);
}

void TurnRunner::sweep_groups(Subject& subject, Instant now, Changes& changes) {
  if (is_stand_in(subject.account)) return;
  begin_turn(subject, now, changes);
  std::vector<const AudiencePlan*> came_in;
  for (const AudiencePlan& audience : plan_.audiences()) {
    if (set_membership(audience, evaluate_audience(audience))) came_in.push_back(&audience);
  }
  // Other roles, or other numbers of them, are another completeness.
  if (!subject.groups(reader_).empty()) agenda_.push_back(Changed{{.groups = true}, true});
  for (const InterestPlan& plan : plan_.interests())
    consider_group(plan, {.everything = true});
  for (const AudiencePlan* audience : came_in)
    enter_from(*audience, true, nullptr);
  work_off();
}

/// The person is gone from the account, and so from its groups. Nobody has decided that they must stay out.
void TurnRunner::leave_groups(PersonId person) {
  for (GroupRecord& group : subject_->groups(reader_)) {
    MemberRecord* member = find_member(group, person);
    if (!member || member->removed) continue;
    member->source = MembershipSource::conditions;
    if (const InterestPlan* plan = plan_.definitions() ? plan_.definitions()->interest(group.interest) : nullptr) {
      take_from(group, *plan, person, {MembershipSource::conditions, "does not belong to the account any more"});
      continue;
    }
    member->removed = true;
    write(group, {*member});
  }
}

WhyNot TurnRunner::change(Subject& subject, const ChangeMember& input, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  const InterestPlan& plan = *plan_.definitions()->interest(input.solution_interest);
  const std::vector<PersonRecord>& people = subject.people(reader_);
  const auto person =
      std::find_if(people.begin(), people.end(), [&](const PersonRecord& each) { return each.key == input.person; });
  if (person == people.end()) {
    return {Refusal::unknown, "the account \"" + subject.account.key + "\" has no person \"" + input.person + "\""};
  }
  const Author hand{MembershipSource::hand, input.reason};
  if (input.command == ChangeMember::Command::assign) {
    NameId role;
    if (input.role.empty()) {
      role = role_by_conditions(plan, *person);
      if (role == NameId{})
        return {Refusal::invalid, "no role of " + plan.name + " fits " + input.person + ": name one"};
    } else {
      role = names_.id_of(input.role);
      if (!plan.role(role))
        return {Refusal::unknown, plan.name + " has no role \"" + input.role + "\"" + hint_of(plan, input.role)};
    }
    put_in(group_for(plan, hand), plan, person->id, role, hand);
    work_off();
    return {};
  }
  GroupRecord* group = find_group(plan.interest);
  MemberRecord* member = group ? find_member(*group, person->id) : nullptr;
  if (!group)
    return {Refusal::unknown, "the account \"" + subject.account.key + "\" has no buying group of " + plan.name};
  if (input.command == ChangeMember::Command::remove) {
    if (!member) {
      // Nobody is to put them in later either.
      assign_member(*group, {person->id, NameId{}, MembershipSource::hand, now, true, input.reason});
      write(*group, {*find_member(*group, person->id)});
    } else if (member->removed) {
      member->source = MembershipSource::hand;
      member->reason = input.reason;
      member->author = {};
      write(*group, {*member});
    } else {
      take_from(*group, plan, person->id, hand);
    }
  } else {
    if (!member || member->source == MembershipSource::conditions)
      return {Refusal::conflict,
              "nothing was decided by hand or by a journey about " + input.person + " in " + plan.name};
    member->source = MembershipSource::conditions;
    member->reason.clear();
    member->author = {};
    write(*group, {*member});
    if (plan.audience != NameId{}) fill(plan);
  }
  work_off();
  return {};
}

WhyNot TurnRunner::change(Subject& subject, const ChangeGroup& input, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  const InterestPlan& plan = *plan_.definitions()->interest(input.solution_interest);
  GroupRecord* group = find_group(plan.interest);
  if (!group)
    return {Refusal::unknown, "the account \"" + subject.account.key + "\" has no buying group of " + plan.name};
  const auto id_of = [&](const std::string& name) { return name.empty() ? NameId{} : names_.id_of(name); };
  const NameId stage = id_of(input.stage);
  std::string why = set_stage(*group, plan, stage, id_of(input.status), {MembershipSource::hand, input.reason});
  if (!why.empty()) return {plan.stage(stage) ? Refusal::conflict : Refusal::unknown, std::move(why)};
  work_off();
  return {};
}

void TurnRunner::group_scored(Subject& subject, NameId interest, double raw, double score, Instant now,
                              Changes& changes) {
  begin_turn(subject, now, changes);
  GroupRecord* group = find_group(interest);
  if (!group) return;
  const std::int64_t before = std::lround(group->engagement);
  group->raw_engagement = raw;
  group->engagement = score;
  write(*group);
  const std::int64_t after = std::lround(score);
  if (before != after) {
    raise_event("buying_group.engagement_changed",
                {{"solution_interest", {std::string(names_.text_of(interest))}}, {"old", {before}}, {"new", {after}}},
                {});
  }
  agenda_.push_back(Changed{{.engagement = true}});
  work_off();
}

}  // namespace caravan
