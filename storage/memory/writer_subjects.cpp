// What is written of accounts and people: the records themselves, their events, and where they are in.

#include "storage/memory/writer.hpp"

namespace caravan::memory {
namespace {

/// Puts `value` into the sorted `values`, unless it is there.
template <class Value>
void put(std::vector<Value>& values, const Value& value) {
  const auto at = std::lower_bound(values.begin(), values.end(), value);
  if (at == values.end() || *at != value) values.insert(at, value);
}

template <class Value>
void take(std::vector<Value>& values, const Value& value) {
  const auto at = std::lower_bound(values.begin(), values.end(), value);
  if (at != values.end() && *at == value) values.erase(at);
}

/// Puts (key, value) into `pairs`, sorted by key; whether there was none of that key.
template <class Key, class Value>
bool put(std::vector<std::pair<Key, Value>>& pairs, Key key, Value value) {
  const auto at = place_of(pairs, key, [](const auto& each) { return each.first; });
  if (at != pairs.end() && at->first == key) {
    at->second = value;
    return false;
  }
  pairs.insert(at, {key, value});
  return true;
}

template <class Key, class Value>
bool take(std::vector<std::pair<Key, Value>>& pairs, Key key) {
  const auto at = place_of(pairs, key, [](const auto& each) { return each.first; });
  if (at == pairs.end() || at->first != key) return false;
  pairs.erase(at);
  return true;
}

}  // namespace

void Writer::write_accounts() {
  for (const void* each : new_accounts_) {
    const auto& account = *static_cast<const AccountRecord*>(each);
    state_.accounts.at(account.id).record = account;
    state_.accounts_by_key.emplace(account.key, account.id);
    state_.greatest.account = std::max(state_.greatest.account, account.id);
  }
  for (const void* each : changed_accounts_) {
    const auto& account = *static_cast<const AccountRecord*>(each);
    state_.accounts.find(account.id)->record->attributes = account.attributes;
  }
}

void Writer::remove_people(const Changes& changes) {
  removed_memberships_.clear();
  if (removed_people_.empty()) return;
  // Who comes, changes accounts or joins a group in this very write set is a member there, too.
  for (const auto& [person, is_new] : changes.people)
    if (is_removed(person.id)) removed_memberships_.emplace_back(person.account, person.id);
  for (const RelationRecord& relation : changes.relations)
    if (is_removed(relation.person)) removed_memberships_.emplace_back(relation.account, relation.person);
  for (const GroupRecord& group : changes.groups)
    for (const MemberRecord& member : group.members)
      if (is_removed(member.person)) removed_memberships_.emplace_back(group.account, member.person);
  for (const PersonId id : removed_people_) {
    PersonRow& row = state_.people.at(id);
    if (row.record) {
      removed_memberships_.emplace_back(row.record->account, id);
      take(state_.accounts.at(row.record->account).people, id);
      state_.people_by_key.erase(row.record->key);
      row.record.reset();
    }
    for (const auto& [account, role] : row.relations) {
      removed_memberships_.emplace_back(account, id);
      take(state_.accounts.at(account).related, id);
    }
    state_.relations -= row.relations.size();
    row.relations.clear();
    state_.greatest.person = std::max(state_.greatest.person, id);
  }
}

void Writer::write_people() {
  for (const void* each : new_people_) {
    const auto& person = *static_cast<const PersonRecord*>(each);
    if (is_removed(person.id)) continue;
    state_.people.at(person.id).record = person;
    state_.people_by_key.emplace(person.key, person.id);
    put(state_.accounts.at(person.account).people, person.id);
    state_.greatest.person = std::max(state_.greatest.person, person.id);
  }
  for (const void* each : changed_people_) {
    const auto& person = *static_cast<const PersonRecord*>(each);
    if (is_removed(person.id)) continue;
    PersonRecord& record = *state_.people.find(person.id)->record;
    if (record.account != person.account) {
      take(state_.accounts.at(record.account).people, person.id);
      put(state_.accounts.at(person.account).people, person.id);
      record.account = person.account;
    }
    record.attributes = person.attributes;
    record.account_role = person.account_role;
  }
}

void Writer::write_relations(const Changes& changes) {
  for (const RelationRecord& relation : changes.relations) {
    if (is_removed(relation.person)) continue;
    PersonRow& person = state_.people.at(relation.person);
    AccountRow& account = state_.accounts.at(relation.account);
    if (relation.related) {
      put(account.related, relation.person, relation.role);
      if (put(person.relations, relation.account, relation.role)) ++state_.relations;
    } else {
      take(account.related, relation.person);
      if (take(person.relations, relation.account)) --state_.relations;
    }
  }
}

void Writer::write_kept_consent(const Changes& changes) {
  for (const KeptConsentRecord& consent : changes.kept_consent) {
    const std::tuple key(consent.address, consent.kind, consent.topic);
    if (consent.kept)
      state_.kept_consent.insert_or_assign(key, consent.at);
    else
      state_.kept_consent.erase(key);
  }
}

void Writer::write_activity(const Changes& changes) {
  for (const void* each : activity_) {
    const auto& activity = *static_cast<const ActivityRecord*>(each);
    AccountRow& account = state_.accounts.at(activity.account);
    account.activity.insert(place_of(account.activity, activity.sequence, sequence_of), activity);
    if (!activity.id.empty()) account.activity_ids.insert(activity.id);
    state_.greatest.activity = std::max(state_.greatest.activity, activity.sequence);
  }
  for (const auto& [id, last] : changes.forgotten_activity) {
    AccountRow* const account = state_.accounts.find(id);
    if (account == nullptr) continue;
    const auto kept = std::find_if(account->activity.begin(), account->activity.end(),
                                   [last = last](const ActivityRecord& each) { return each.sequence > last; });
    for (auto forgotten = account->activity.begin(); forgotten != kept; ++forgotten)
      account->activity_ids.erase(forgotten->id);
    account->activity.erase(account->activity.begin(), kept);
  }
}

void Writer::write_audience_members(const Changes& changes) {
  for (const AudienceMemberRecord& member : changes.audience_members) {
    auto& audiences = state_.accounts.at(member.account).audiences;
    const auto at =
        place_of(audiences, member.audience, [](const AudienceMemberRecord& each) { return each.audience; });
    const bool there = at != audiences.end() && at->audience == member.audience;
    if (!member.in && there) audiences.erase(at);
    if (!member.in) continue;
    if (there)
      *at = member;
    else
      audiences.insert(at, member);
  }
}

void Writer::tell(const RosterName& roster, AccountId account, PersonId person, Instant at, bool in) {
  state_.rosters[roster].changes.push_back(
      {++state_.roster_changes, {roster.kind, roster.name, account, person, at, in}});
}

/// In the order given: what changes nothing makes no line in the feed.
void Writer::write_rosters(const Changes& changes) {
  for (const RosterRecord& record : changes.rosters) {
    const RosterName name{record.kind, record.name};
    auto& members = state_.rosters[name].members;
    const std::pair member{record.account, record.person};
    const bool changed = record.in ? members.emplace(member, record.at).second : members.erase(member) != 0;
    if (!changed) continue;
    tell(name, record.account, record.person, record.at, record.in);
    if (!record.person) continue;
    auto& rosters = state_.people.at(record.person).rosters;
    if (record.in)
      put(rosters, {name, record.account});
    else
      take(rosters, std::pair(name, record.account));
  }
}

void Writer::remove_memberships(const Changes& changes) {
  for (const auto& [account, person] : removed_memberships_)
    erase_from_groups(account, person);
  for (const PersonId id : removed_people_) {
    state_.engagement.erase(id);
    PersonRow& row = state_.people.at(id);
    for (const auto& [name, account] : row.rosters) {
      tell(name, account, id, changes.engine_time.value_or(Instant()), false);
      state_.rosters[name].members.erase({account, id});
    }
    row.rosters.clear();
  }
}

void Writer::erase_from_groups(AccountId account, PersonId person) {
  for (GroupRecord& group : state_.accounts.at(account).groups) {
    const auto at = place_of(group.members, person, [](const MemberRecord& member) { return member.person; });
    if (at != group.members.end() && at->person == person) group.members.erase(at);
  }
}

void Writer::write_notes(const Changes& changes) {
  for (const NoteRecord& note : changes.notes) {
    auto& notes = state_.accounts.at(note.account).notes;
    const auto at = std::upper_bound(notes.begin(), notes.end(), note.at,
                                     [](Instant wanted, const auto& each) { return wanted < each.record.at; });
    const bool has_others = at != notes.begin() && std::prev(at)->record.at == note.at;
    notes.insert(at, {{note.at, has_others ? std::prev(at)->position.sequence + 1 : 1}, note});
  }
}

}  // namespace caravan::memory
