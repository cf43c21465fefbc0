#include "engine/hand_over.hpp"

#include <cmath>

#include "engine/activity_words.hpp"
#include "engine/attribute_values.hpp"
#include "engine/channels/mime.hpp"
#include "engine/one_line.hpp"

namespace caravan {
namespace {

std::optional<AttributeValue> value_of(const Attributes& attributes, std::string_view name, const NameBook& names) {
  const std::optional<NameId> id = names.find(name);
  return id ? attributes.find(*id) : std::nullopt;
}

/// The attribute as one line; empty where it is no text.
std::string text_of(const Attributes& attributes, std::string_view name, const NameBook& names) {
  const std::optional<AttributeValue> value = value_of(attributes, name, names);
  return value && value->kind() == AttributeKind::text ? one_line(value->text()) : std::string();
}

AttributeInput number_or_text(const Attributes& attributes, std::string_view name, const NameBook& names) {
  const std::optional<AttributeValue> value = value_of(attributes, name, names);
  if (!value) return {};
  if (value->kind() == AttributeKind::integer || value->kind() == AttributeKind::real) return to_input(*value);
  std::string text = text_of(attributes, name, names);
  return text.empty() ? AttributeInput{} : AttributeInput{std::move(text)};
}

HandOver::Account account_of(const AccountRecord& account, const NameBook& names) {
  const auto text = [&](std::string_view name) { return text_of(account.attributes, name, names); };
  return {.key = account.key,
          .name = text("name"),
          .industry = text("industry"),
          .website = text("website"),
          .city = text("city"),
          .country = text("country"),
          .employees = number_or_text(account.attributes, "employees", names)};
}

std::string name_of(const PersonRecord& person, const NameBook& names) {
  std::string name = text_of(person.attributes, "name", names);
  if (!name.empty()) return name;
  name = text_of(person.attributes, "first_name", names);
  const std::string last = text_of(person.attributes, "last_name", names);
  if (!name.empty() && !last.empty()) name += ' ';
  name += last;
  return name.empty() ? one_line(person.key) : name;
}

const PersonRecord* find_person(const HandOverFacts& facts, PersonId id) {
  const auto found =
      std::find_if(facts.people.begin(), facts.people.end(), [&](const PersonRecord& each) { return each.id == id; });
  return found == facts.people.end() ? nullptr : &*found;
}

HandOver::Score shown(double score, double raw) {
  return {std::lround(score), std::round(raw * 10) / 10};
}

/// The newest `most` of the activities that `fits` holds for, newest first; of two at one time, the later to arrive.
template <class Fits>
std::vector<const ActivityRecord*> newest(const HandOverFacts& facts, std::size_t most, const Fits& fits) {
  std::vector<const ActivityRecord*> found;
  for (const ActivityRecord& each : facts.activity) {
    if (fits(each)) found.push_back(&each);
  }
  std::sort(found.begin(), found.end(), [](const ActivityRecord* left, const ActivityRecord* right) {
    return std::pair(left->at, left->sequence) > std::pair(right->at, right->sequence);
  });
  found.resize(std::min(found.size(), most));
  return found;
}

std::vector<HandOver::Moment> moments_of(const HandOverFacts& facts, const NameBook& names) {
  std::vector<HandOver::Moment> moments;
  const std::optional<NameId> type = names.find("interesting_moment");
  if (!type) return moments;
  const auto is_moment = [&](const ActivityRecord& each) { return each.type == *type; };
  for (const ActivityRecord* each : newest(facts, HandOver::kMoments, is_moment)) {
    HandOver::Moment& moment = moments.emplace_back();
    moment.at = each->at;
    moment.kind = text_of(each->properties, "kind", names);
    moment.description = text_of(each->properties, "description", names);
    const PersonRecord* person = each->person ? find_person(facts, each->person) : nullptr;
    if (!person) continue;
    moment.person = person->key;
    moment.name = name_of(*person, names);
  }
  return moments;
}

std::vector<HandOver::Activity> activities_of(PersonId person, const HandOverFacts& facts, const NameBook& names) {
  std::vector<HandOver::Activity> activities;
  const auto is_theirs = [&](const ActivityRecord& each) {
    return each.person == person && is_doing(names.text_of(each.type));
  };
  for (const ActivityRecord* each : newest(facts, HandOver::kActivities, is_theirs))
    activities.push_back({each->at, std::string(names.text_of(each->type)), words_for(*each, names)});
  return activities;
}

/// A member with what decides who stands first.
struct Candidate {
  const MemberRecord* member;
  const PersonRecord* person;
  EngagementRecord engagement;
  std::size_t priority;  ///< of the role, 0 for the first
  std::string name;
};

bool stands_before(const Candidate& left, const Candidate& right) {
  const auto order = [](const Candidate& each) {
    return std::tuple(-each.engagement.score, -each.engagement.raw, each.priority, std::string_view(each.name),
                      each.person->id);
  };
  return order(left) < order(right);
}

HandOver::Member member_of(const Candidate& candidate, const HandOverFacts& facts, const NameBook& names) {
  const Attributes& attributes = candidate.person->attributes;
  const auto text = [&](std::string_view name) { return text_of(attributes, name, names); };
  HandOver::Member member{.key = candidate.person->key,
                          .name = candidate.name,
                          .title = text("title"),
                          .role = std::string(names.text_of(candidate.member->role)),
                          .engagement = {},
                          .email = text("email"),
                          .phone = text("phone"),
                          .mobile = text("mobile"),
                          .activities = activities_of(candidate.person->id, facts, names)};
  if (facts.engagement) member.engagement = shown(candidate.engagement.score, candidate.engagement.raw);
  if (std::string address = address_of(member.email); !address.empty()) member.email = std::move(address);
  return member;
}

std::vector<HandOver::Member> most_engaged(const HandOverFacts& facts, const NameBook& names) {
  std::vector<Candidate> candidates;
  for (const MemberRecord& member : facts.group->members) {
    const PersonRecord* person = member.removed ? nullptr : find_person(facts, member.person);
    if (!person) continue;
    const auto role = std::find_if(facts.plan.roles.begin(), facts.plan.roles.end(),
                                   [&](const RolePlan& each) { return each.role == member.role; });
    candidates.push_back({&member, person, facts.engagement ? facts.engagement(person->id) : EngagementRecord{},
                          static_cast<std::size_t>(role - facts.plan.roles.begin()), name_of(*person, names)});
  }
  std::sort(candidates.begin(), candidates.end(), stands_before);
  candidates.resize(std::min(candidates.size(), HandOver::kMembers), Candidate{});
  std::vector<HandOver::Member> members;
  for (const Candidate& candidate : candidates)
    members.push_back(member_of(candidate, facts, names));
  return members;
}

void tell_group(HandOver& told, const HandOverFacts& facts, const NameBook& names) {
  const GroupRecord nobody{};
  const GroupRecord& group = facts.group ? *facts.group : nobody;
  told.completeness = std::lround(completeness(group, facts.plan));
  told.member_count = members_of(group);
  for (const RolePlan& role : facts.plan.roles) {
    const std::int64_t members = members_in(group, role.role);
    if (role.required && members < role.members_required)
      told.missing_roles.push_back({role.name, members, role.members_required});
  }
  if (!facts.group) return;
  if (facts.engagement) told.engagement = shown(group.engagement, group.raw_engagement);
  told.stage = names.text_of(group.stage);
  if (!told.stage.empty()) told.stage_since = group.stage_since;
  told.status = one_line(names.text_of(group.status));
  told.members = most_engaged(facts, names);
}

}  // namespace

HandOver hand_over(const HandOverFacts& facts, const NameBook& names) {
  HandOver told;
  told.interest = facts.plan.name;
  told.interest_title = one_line(facts.plan.title.empty() ? facts.plan.name : facts.plan.title);
  told.account = account_of(facts.account, names);
  tell_group(told, facts, names);
  told.moments = moments_of(facts, names);
  told.journey = facts.journey;
  told.journey_title = one_line(facts.journey_title.empty() ? facts.journey : facts.journey_title);
  told.at = facts.now;
  told.timezone = facts.timezone;
  return told;
}

}  // namespace caravan
