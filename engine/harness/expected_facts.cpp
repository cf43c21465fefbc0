// What a subject is: the events that happened to it, its buying groups, where it is listed, its attributes, and whether
// conditions hold for it.

#include "engine/attribute_values.hpp"
#include "engine/harness/expectations.hpp"
#include "engine/harness/facts_now.hpp"
#include "engine/harness/scenario_inputs.hpp"

namespace caravan {

std::vector<std::pair<std::string, std::string>> members_of(const ExpectedSubject& of, const std::string& interest) {
  Reader& reader = of.rehearsal.reader();
  const NameBook& names = of.rehearsal.names();
  std::vector<PersonRecord> people;
  reader.people_of(of.account->id, people);
  std::vector<GroupRecord> groups;
  reader.groups_of(of.account->id, groups);
  std::vector<std::pair<std::string, std::string>> members;
  for (const GroupRecord& group : groups) {
    if (names.text_of(group.interest) != interest) continue;
    for (const MemberRecord& member : group.members) {
      const auto person =
          std::find_if(people.begin(), people.end(), [&](const auto& each) { return each.id == member.person; });
      if (!member.removed && person != people.end()) members.emplace_back(person->key, names.text_of(member.role));
    }
  }
  return members;
}

bool is_listed(const ExpectedSubject& of, RosterKind kind, const std::string& name) {
  const std::optional<NameId> id = of.rehearsal.names().find(name);
  if (!id) return false;
  const PersonId person = of.person ? of.person->id : PersonId{};
  std::vector<RosterRecord> rows;
  of.rehearsal.reader().roster(kind, *id, {of.account->id, PersonId{person.value - 1}}, 1, rows);
  return !rows.empty() && rows.front().account == of.account->id && rows.front().person == person;
}

bool is_in_audience(const ExpectedSubject& of, const std::string& name) {
  std::vector<AudienceMemberRecord> audiences;
  of.rehearsal.reader().audiences_of(of.account->id, audiences);
  return std::any_of(audiences.begin(), audiences.end(), [&](const AudienceMemberRecord& each) {
    return of.rehearsal.names().text_of(each.audience) == name;
  });
}

namespace {

std::optional<Mismatch> check_events(const ExpectedSubject& of, FactsNow&) {
  if (!of.step.events) return std::nullopt;
  std::vector<ActivityRecord> activity;
  of.rehearsal.reader().activity_of(of.account->id, activity);
  std::vector<std::string> types;
  for (const ActivityRecord& each : activity) {
    if (!of.person || each.person == of.person->id) types.emplace_back(of.rehearsal.names().text_of(each.type));
  }
  if (types == *of.step.events) return std::nullopt;
  return of.mismatch("events", "other events are kept of " + of.label, diff_lines(*of.step.events, types));
}

std::vector<std::string> member_lines(std::vector<std::pair<std::string, std::string>> members) {
  std::sort(members.begin(), members.end());
  std::vector<std::string> lines;
  for (const auto& [person, role] : members)
    lines.push_back(person + ": " + role);
  return lines;
}

std::string or_none(std::string_view name) {
  return name.empty() ? "none" : std::string(name);
}

/// One key of one group against what is there.
std::optional<Mismatch> check_group(const ExpectedSubject& of, const ExpectedGroup& expected, FactsNow& facts) {
  const std::string whose =
      "the group of " + ticked(expected.solution_interest) + " of " + "account " + of.account->key;
  const auto mismatch = [&](std::string message, std::vector<DiffLine> diff) {
    Mismatch found = of.mismatch("group", std::move(message), std::move(diff));
    if (expected.place.file) found.place = expected.place;
    return found;
  };
  const auto one = [&](std::string_view key, const std::string& should, const std::string& is) {
    return mismatch(whose + " should have the " + std::string(key) + " " + ticked(should) + ", and has " + ticked(is),
                    {{DiffLine::Kind::expected, std::string(key) + ": " + should},
                     {DiffLine::Kind::actual, std::string(key) + ": " + is}});
  };
  const std::optional<GroupFacts> is = facts.group(expected.solution_interest);
  if (expected.exists == false) {
    if (!is) return std::nullopt;
    return mismatch("there should be no group of " + ticked(expected.solution_interest) + " of account " +
                        of.account->key + ", and there is one",
                    diff_lines({}, member_lines(members_of(of, expected.solution_interest))));
  }
  if (!is) {
    return mismatch("account " + of.account->key + " has no group of " + ticked(expected.solution_interest), {});
  }
  const auto rounded = [](double value) { return std::lround(value); };
  if (expected.completeness && *expected.completeness != rounded(is->completeness))
    return one("completeness", std::to_string(*expected.completeness), std::to_string(rounded(is->completeness)));
  if (expected.engagement && *expected.engagement != rounded(is->engagement))
    return one("engagement", std::to_string(*expected.engagement), std::to_string(rounded(is->engagement)));
  if (expected.stage && *expected.stage != is->stage) return one("stage", or_none(*expected.stage), or_none(is->stage));
  if (expected.status && *expected.status != is->status)
    return one("status", or_none(*expected.status), or_none(is->status));
  if (expected.members) {
    const std::vector<std::string> should = member_lines(*expected.members);
    const std::vector<std::string> are = member_lines(members_of(of, expected.solution_interest));
    if (should != are) return mismatch(whose + " has other members", diff_lines(should, are));
  }
  if (expected.missing_roles) {
    std::vector<std::string> should = *expected.missing_roles;
    std::vector<std::string> are(is->missing_roles.begin(), is->missing_roles.end());
    std::sort(should.begin(), should.end());
    std::sort(are.begin(), are.end());
    if (should != are) return mismatch(whose + " misses other roles", diff_lines(should, are));
  }
  return std::nullopt;
}

std::optional<Mismatch> check_groups(const ExpectedSubject& of, FactsNow& facts) {
  for (const ExpectedGroup& group : of.step.groups) {
    if (std::optional<Mismatch> found = check_group(of, group, facts)) return found;
  }
  return std::nullopt;
}

std::optional<Mismatch> check_places(const ExpectedSubject& of, FactsNow&) {
  const auto check_all = [&](const std::vector<ExpectedPlace>& expected, std::string_view key, std::string_view word,
                             const auto& is_in) -> std::optional<Mismatch> {
    for (const ExpectedPlace& each : expected) {
      if (is_in(each.name) == each.in) continue;
      const std::string where = " in the " + std::string(word) + " " + ticked(each.name);
      Mismatch found = of.mismatch(
          key, of.label + (each.in ? " should be" + where + ", and is not" : " should not be" + where + ", and is"));
      if (each.place.file) found.place = each.place;
      return found;
    }
    return std::nullopt;
  };
  const auto in = [&](RosterKind kind) {
    return [&of, kind](const std::string& name) { return is_listed(of, kind, name); };
  };
  if (auto found = check_all(of.step.lists, "lists", "list", in(RosterKind::list))) return found;
  if (auto found = check_all(of.step.destinations, "destinations", "destination", in(RosterKind::destination)))
    return found;
  return check_all(of.step.audiences, "audiences", "audience",
                   [&](const std::string& name) { return is_in_audience(of, name); });
}

std::optional<Mismatch> check_attributes(const ExpectedSubject& of, FactsNow&) {
  const Attributes& attributes = of.person ? of.person->attributes : of.account->attributes;
  for (const ScenarioField& field : of.step.attributes) {
    const NameId name = of.rehearsal.names().id_of(field.name);
    const Attributes wanted = Attributes().with(std::array{std::pair{name, to_input(field.value)}});
    const std::optional<AttributeValue> should = wanted.find(name);
    const std::optional<AttributeValue> is = attributes.find(name);
    cel::Evaluation evaluation;
    const cel::Value left = should ? to_value(*should, evaluation) : cel::Value::null();
    const cel::Value right = is ? to_value(*is, evaluation) : cel::Value::null();
    if (cel::equal(left, right)) continue;
    const std::string expected = cel::to_text(left);
    const std::string actual = cel::to_text(right);
    const std::string whose = ticked(field.name) + " of " + of.label;
    std::string message = whose + " should be " + ticked(expected) + ", and is " + ticked(actual);
    if (!is) message = whose + " should be " + ticked(expected) + ", and is not set";
    if (!should) message = whose + " should not be set, and is " + ticked(actual);
    Mismatch found = of.mismatch("attributes", std::move(message),
                                 {{DiffLine::Kind::expected, field.name + ": " + expected},
                                  {DiffLine::Kind::actual, field.name + ": " + actual}});
    if (field.place.file) found.place = field.place;
    return found;
  }
  return std::nullopt;
}

std::optional<Mismatch> check_holds(const ExpectedSubject& of, FactsNow& facts) {
  for (const Expression& condition : of.step.holds) {
    const cel::Value value = facts.evaluate(*condition.program);
    if (value.is_true()) continue;
    const std::string why = value.is_error() ? ": " + std::string(value.as_error().message) : "";
    Mismatch found = of.mismatch("holds", ticked(condition.text) + " does not hold for " + of.label + why);
    if (condition.place.file) found.place = condition.place;
    return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Mismatch> check_facts(const ExpectedSubject& of) {
  FactsNow facts(of);
  for (const auto& check_key : {check_events, check_groups, check_places, check_attributes, check_holds}) {
    if (std::optional<Mismatch> found = check_key(of, facts)) return found;
  }
  return std::nullopt;
}

}  // namespace caravan
