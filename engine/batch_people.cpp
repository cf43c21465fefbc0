// People from outside, and the accounts they belong to: one first of all, others beside it. Each account has its own
// copy of a person at hand; what is changed in one is spread to the others.

#include "engine/attribute_values.hpp"
#include "engine/batch.hpp"

namespace caravan {
Subject& BatchRunner::stand_in_of(const std::string& person, Changes& changes) {
  const std::string key = kStandInMark + person;
  if (Subject* subject = subjects_.find(key)) return *subject;
  AccountRecord record{AccountId{++numbering_.account.value}, key, {}};
  changes.accounts.push_back({record, true});
  return subjects_.create(std::move(record));
}

InputResult BatchRunner::take(const UpsertPerson& input, Changes& changes) {
  if (std::string fault = fault_of_key(input.key, "person"); !fault.empty())
    return refuse(Refusal::invalid, std::move(fault));
  const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.key);
  Subject* subject = nullptr;
  if (!input.account.empty()) {
    subject = input.account.front() == kStandInMark ? nullptr : subjects_.find(input.account);
    if (!subject) return refuse(Refusal::unknown, "there is no account \"" + input.account + "\": import it first");
  } else {
    subject = place ? subjects_.find(place->account) : &stand_in_of(input.key, changes);
  }
  make_ready(*subject, changes);
  if (place && place->account == subject->account.id) return update_person(*subject, place->person, input, changes);

  const PersonRecord* known = place ? subject->find_person(reader_, place->person) : nullptr;
  if (!known) {
    if (std::string why = why_not_one_more(*subject); !why.empty()) return refuse(Refusal::conflict, std::move(why));
  }
  Attributes known_as;
  NameId known_role{};
  if (known) std::tie(known_as, known_role) = std::tuple(known->attributes, known->account_role);
  PersonRecord record{.id = {}, .account = subject->account.id, .key = input.key, .attributes = {}};
  AttributeMap due;
  if (place) {
    Subject& before = *subjects_.find(place->account);
    make_ready(before, changes);
    record.id = place->person;
    const Attributes& attributes = before.find_person(reader_, place->person)->attributes;
    record.attributes = attributes.with(named(input.attributes));
    due = hold_against_kept(attributes, record.attributes, changes);
    leave_account(before, PersonRecord(*before.find_person(reader_, place->person)), changes);
    if (known) end_relation(record.id, record.account, changes);
    // What they have done in the account before does not count any more.
    changes.engagement_due.push_back({record.account, now_});
  } else {
    record.attributes = Attributes().with(named(input.attributes));
    due = hold_against_kept({}, record.attributes, changes);
    record.id = PersonId{++numbering_.person.value};
  }
  if (!due.empty()) record.attributes = record.attributes.with(named(due));
  record.account_role = known_role;
  if (input.account_role)
    record.account_role = input.account_role->empty() ? NameId{} : names_.id_of(*input.account_role);
  subjects_.place_person(input.key, {record.id, subject->account.id});
  changes.people.push_back({record, !place});
  std::vector<NameId> names;
  for (const auto& [name, value] : input.attributes)
    names.push_back(names_.id_of(name));
  for (const auto& [name, value] : due)
    names.push_back(names_.id_of(name));
  if (place) set_elsewhere(record, record.account, names, {.everything = true});
  const PersonId id = record.id;
  const std::vector<AttributeChange> changed =
      known ? changes_between(known_as, record.attributes) : std::vector<AttributeChange>{};
  join_account(*subject, std::move(record), changes);
  if (!changed.empty() && is_running()) runner_.changed(*subject, id, changed, now_, changes);
  return {.created = !place};
}

/// Somebody who is in their primary account already.
InputResult BatchRunner::update_person(Subject& subject, PersonId person, const UpsertPerson& input, Changes& changes) {
  PersonRecord& known = *subject.find_person(reader_, person);
  Attributes merged = known.attributes.with(named(input.attributes));
  if (const AttributeMap due = hold_against_kept(known.attributes, merged, changes); !due.empty())
    merged = merged.with(named(due));
  NameId role = known.account_role;
  if (input.account_role) role = input.account_role->empty() ? NameId{} : names_.id_of(*input.account_role);
  const bool has_other_role = role != known.account_role;
  if (merged == known.attributes && !has_other_role) return {};
  const Attributes before = std::exchange(known.attributes, std::move(merged));
  known.account_role = role;
  const PersonRecord record = known;
  changes.people.push_back({record, false});
  SubjectChange change;
  if (is_running())
    change = runner_.changed(subject, person, changes_between(before, record.attributes), now_, changes);
  std::vector<NameId> names;
  for (const AttributeChange& each : changes_between(before, record.attributes))
    names.push_back(each.attribute);
  if (!names.empty()) set_elsewhere(record, subject.account.id, names, {.person_attributes = names});
  change.people = has_other_role;
  look_later(subject, std::move(change), changes);
  return {};
}

std::string BatchRunner::why_not_one_more(Subject& subject) {
  const auto most = static_cast<std::size_t>(runner_.plan().limits().people_per_account);
  if (subject.people(reader_).size() < most) return {};
  return "the account \"" + subject.account.key + "\" has " + std::to_string(most) +
         " people, as many as an account may have (limits: people_per_account)";
}

/// The person is one of the account's from now on, as its copy of them says.
void BatchRunner::join_account(Subject& subject, PersonRecord person, Changes& changes) {
  if (PersonRecord* known = subject.find_person(reader_, person.id)) {
    *known = std::move(person);
  } else {
    std::vector<PersonRecord>& people = subject.people(reader_);
    const auto behind = std::upper_bound(people.begin(), people.end(), person.id,
                                         [](PersonId id, const PersonRecord& each) { return id < each.id; });
    people.insert(behind, std::move(person));
  }
  look_later(subject, {.people = true}, changes);
}

/// The person is none of the account's any more, and their tokens leave.
void BatchRunner::leave_account(Subject& subject, const PersonRecord& person, Changes& changes) {
  make_ready(subject, changes);
  std::erase_if(subject.people(reader_), [&](const PersonRecord& each) { return each.id == person.id; });
  if (is_running()) {
    runner_.person_left(subject, person.id, person.key, now_, changes);
  } else {
    runner_.person_left_quietly(subject, person.id, now_, changes);
  }
  look_later(subject, {.people = true, .groups = true}, changes);
}

/// Remembers what was set of a person who belongs to other accounts too.
void BatchRunner::set_elsewhere(const PersonRecord& person, AccountId from, std::span<const NameId> attributes,
                                SubjectChange change) {
  if (subjects_.other_accounts_of(person.id).empty()) return;
  SetElsewhere set{person.id, person.account, from, {}, std::move(change)};
  for (const NameId name : attributes) {
    const std::optional<AttributeValue> value = person.attributes.find(name);
    set.attributes.emplace_back(name, value ? to_input(*value) : AttributeInput{});
  }
  set_elsewhere_.push_back(std::move(set));
}

/// Does with what turns have set of people what is left to do when they are over; what comes of that may set more.
void BatchRunner::spread(Changes& changes) {
  do {
    spread_sets(changes);
  } while (hold_turn_against_kept(changes));
}

/// Sets what turns have set in one account in the others, whose journeys may set more. Journeys that answer each other
/// over accounts in a circle are not told any more at some point.
void BatchRunner::spread_sets(Changes& changes) {
  constexpr std::size_t most_told = 1'000;
  for (std::size_t spread_already = 0; !set_elsewhere_.empty(); ++spread_already) {
    const SetElsewhere set = std::move(set_elsewhere_.front());
    set_elsewhere_.pop_front();
    if (spread_already == most_told) {
      changes.notes.push_back({set.from,
                               now_,
                               NoteKind::refused,
                               {},
                               kNoNode,
                               "people of several accounts were set more than " + std::to_string(most_told) +
                                   " times by one turn: journeys answer each other's in a circle, and were not told "
                                   "of the rest"});
    }
    spread(set, spread_already < most_told, changes);
  }
}

void BatchRunner::spread(const SetElsewhere& set, bool is_told, Changes& changes) {
  std::vector<AccountId> accounts = subjects_.other_accounts_of(set.person);
  accounts.push_back(set.primary);
  std::vector<Subject*> subjects;
  for (const AccountId account : accounts) {
    Subject* subject = account == set.from ? nullptr : subjects_.find(account);
    if (!subject || !subject->find_person(reader_, set.person)) continue;
    if (is_told) make_ready(*subject, changes);
    subjects.push_back(subject);
  }
  // All have it before any of them answers.
  std::vector<Attributes> before;
  for (Subject* subject : subjects) {
    PersonRecord& copy = *subject->find_person(reader_, set.person);
    before.push_back(copy.attributes);
    copy.attributes = copy.attributes.with(set.attributes);
    copy.account = set.primary;
    if (subject->account.id == set.primary) changes.people.push_back({copy, false});
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const PersonRecord* copy = subjects[i]->find_person(reader_, set.person);
    if (!copy) continue;
    const std::vector<AttributeChange> changed = changes_between(before[i], copy->attributes);
    if (is_running() && is_told) runner_.changed(*subjects[i], set.person, changed, now_, changes);
    look_later(*subjects[i], set.change, changes);
  }
}

void BatchRunner::end_relation(PersonId person, AccountId account, Changes& changes) {
  changes.relations.push_back({person, account, NameId{}, false});
  std::vector<AccountId> others = subjects_.other_accounts_of(person);
  std::erase(others, account);
  subjects_.set_other_accounts(person, std::move(others));
}

InputResult BatchRunner::take(const RelatePerson& input, Changes& changes) {
  const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.person);
  if (!place) return refuse(Refusal::unknown, "there is no person \"" + input.person + "\": import them first");
  Subject* subject = input.account.starts_with(kStandInMark) ? nullptr : subjects_.find(input.account);
  if (!subject) return refuse(Refusal::unknown, "there is no account \"" + input.account + "\": import it first");
  Subject& primary = *subjects_.find(place->account);
  if (is_stand_in(primary.account))
    return refuse(Refusal::conflict,
                  "the person \"" + input.person + "\" has no account yet: import them with `account` first");
  make_ready(*subject, changes);
  if (subject == &primary) {
    if (input.related) return update_person(primary, place->person, {input.person, {}, {}, input.role}, changes);
    return refuse(Refusal::conflict, "the account \"" + input.account + "\" is the first of the person \"" +
                                         input.person + "\": they leave it by being imported with another `account`");
  }
  PersonRecord* copy = subject->find_person(reader_, place->person);
  if (!input.related) {
    if (!copy)
      return refuse(Refusal::conflict,
                    "the person \"" + input.person + "\" does not belong to the account \"" + input.account + "\"");
    end_relation(place->person, subject->account.id, changes);
    leave_account(*subject, PersonRecord(*copy), changes);
    return {};
  }
  const NameId role = input.role.empty() ? NameId{} : names_.id_of(input.role);
  if (copy && copy->account_role == role) return {};
  if (!copy) {
    if (std::string why = why_not_one_more(*subject); !why.empty()) return refuse(Refusal::conflict, std::move(why));
    std::vector<AccountId> others = subjects_.other_accounts_of(place->person);
    others.push_back(subject->account.id);
    subjects_.set_other_accounts(place->person, std::move(others));
  }
  changes.relations.push_back({place->person, subject->account.id, role, true});
  PersonRecord record = *primary.find_person(reader_, place->person);
  record.account_role = role;
  join_account(*subject, std::move(record), changes);
  return {};
}

InputResult BatchRunner::take(const RemovePerson& input, Changes& changes) {
  const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.key);
  if (!place) return refuse(Refusal::unknown, "there is no person \"" + input.key + "\"");
  std::vector<AccountId> accounts = subjects_.other_accounts_of(place->person);
  accounts.push_back(place->account);
  for (const AccountId account : accounts) {
    Subject& subject = *subjects_.find(account);
    make_ready(subject, changes);
    const PersonRecord person = *subject.find_person(reader_, place->person);
    kept_consent_.keep(person.attributes, now_, changes);
    leave_account(subject, person, changes);
    // Their rows go with them: what was to be written of them in this batch is not.
    for (GroupRecord& group : subject.groups(reader_))
      std::erase_if(group.members, [&](const MemberRecord& each) { return each.person == place->person; });
  }
  if (accounts.size() > 1) subjects_.set_other_accounts(place->person, {});
  subjects_.forget_person(input.key);
  scores_.remove(place->person);
  changes.removed_people.push_back(place->person);
  return {};
}

}  // namespace caravan
