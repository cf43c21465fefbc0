// People from outside, and the accounts they belong to: one first of all, others beside it. Each account has its own
// copy of a person at hand; what is changed in one is spread to the others.

#include "engine/attribute_values.hpp"
#include "engine/batch.hpp"

namespace caravan {
namespace {

InputResult refused(std::string why) {
  return {std::move(why), false, false};
}

}  // namespace

Subject& BatchRunner::stand_in_of(const std::string& person, Changes& changes) {
  const std::string key = kStandInMark + person;
  if (Subject* subject = subjects_.find(key)) return *subject;
  AccountRecord record{AccountId{++numbering_.account.value}, key, {}};
  changes.accounts.push_back({record, true});
  return subjects_.create(std::move(record));
}

InputResult BatchRunner::take(const UpsertPerson& input, Changes& changes) {
  if (std::string fault = fault_of_key(input.key, "person"); !fault.empty()) return refused(std::move(fault));
  const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.key);
  Subject* subject = nullptr;
  if (!input.account.empty()) {
    subject = input.account.front() == kStandInMark ? nullptr : subjects_.find(input.account);
    if (!subject) return refused("there is no account \"" + input.account + "\": import it first");
  } else {
    subject = place ? subjects_.find(place->account) : &stand_in_of(input.key, changes);
  }
  make_ready(*subject, changes);
  if (place && place->account == subject->account.id) return update_person(*subject, place->person, input, changes);

  const bool is_known = place && subject->find_person(reader_, place->person);
  if (!is_known) {
    if (std::string why = why_not_one_more(*subject); !why.empty()) return refused(std::move(why));
  }
  PersonRecord record{.id = {}, .account = subject->account.id, .key = input.key, .attributes = {}};
  if (place) {
    Subject& before = *subjects_.find(place->account);
    record.id = place->person;
    record.attributes = before.find_person(reader_, place->person)->attributes.with(named(input.attributes));
    leave_account(before, PersonRecord(*before.find_person(reader_, place->person)), changes);
    if (is_known) end_relation(record.id, record.account, changes);
    // What they have done in the account before does not count any more.
    changes.engagement_due.push_back({record.account, now_});
  } else {
    record.attributes = Attributes().with(named(input.attributes));
    record.id = PersonId{++numbering_.person.value};
  }
  if (input.account_role && !input.account_role->empty()) record.account_role = names_.id_of(*input.account_role);
  subjects_.place_person(input.key, {record.id, subject->account.id});
  changes.people.push_back({record, !place});
  if (place) spread(record, record.account, {.everything = true}, changes);
  join_account(*subject, std::move(record), changes);
  return {{}, !place, false};
}

/// Somebody who is in their primary account already.
InputResult BatchRunner::update_person(Subject& subject, PersonId person, const UpsertPerson& input, Changes& changes) {
  PersonRecord& known = *subject.find_person(reader_, person);
  Attributes merged = known.attributes.with(named(input.attributes));
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
  if (record.attributes != before) spread(record, subject.account.id, change, changes);
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

void BatchRunner::spread(const PersonRecord& person, AccountId but, const SubjectChange& change, Changes& changes) {
  std::vector<AccountId> accounts = subjects_.other_accounts_of(person.id);
  if (accounts.empty()) return;
  accounts.push_back(person.account);
  for (const AccountId account : accounts) {
    Subject* subject = account == but ? nullptr : subjects_.find(account);
    PersonRecord* copy = subject ? subject->find_person(reader_, person.id) : nullptr;
    if (!copy) continue;
    const Attributes before = std::exchange(copy->attributes, person.attributes);
    copy->account = person.account;
    if (account == person.account) changes.people.push_back({*copy, false});
    if (is_running()) runner_.changed(*subject, person.id, changes_between(before, copy->attributes), now_, changes);
    look_later(*subject, change, changes);
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
  if (!place) return refused("there is no person \"" + input.person + "\": import them first");
  Subject* subject = input.account.starts_with(kStandInMark) ? nullptr : subjects_.find(input.account);
  if (!subject) return refused("there is no account \"" + input.account + "\": import it first");
  Subject& primary = *subjects_.find(place->account);
  if (is_stand_in(primary.account))
    return refused("the person \"" + input.person + "\" has no account yet: import them with `account` first");
  make_ready(*subject, changes);
  if (subject == &primary) {
    if (input.related)
      return update_person(primary, place->person, {input.person, {}, {}, input.role}, changes);
    return refused("the account \"" + input.account + "\" is the first of the person \"" + input.person +
                   "\": they leave it by being imported with another `account`");
  }
  PersonRecord* copy = subject->find_person(reader_, place->person);
  if (!input.related) {
    if (!copy)
      return refused("the person \"" + input.person + "\" does not belong to the account \"" + input.account + "\"");
    end_relation(place->person, subject->account.id, changes);
    leave_account(*subject, PersonRecord(*copy), changes);
    return {};
  }
  const NameId role = input.role.empty() ? NameId{} : names_.id_of(input.role);
  if (copy && copy->account_role == role) return {};
  if (!copy) {
    if (std::string why = why_not_one_more(*subject); !why.empty()) return refused(std::move(why));
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
  if (!place) return refused("there is no person \"" + input.key + "\"");
  std::vector<AccountId> accounts = subjects_.other_accounts_of(place->person);
  accounts.push_back(place->account);
  for (const AccountId account : accounts) {
    Subject& subject = *subjects_.find(account);
    leave_account(subject, PersonRecord(*subject.find_person(reader_, place->person)), changes);
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
