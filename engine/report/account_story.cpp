#include "engine/report/account_story.hpp"

#include "engine/report/attributes_json.hpp"
#include "engine/report/membership.hpp"

namespace caravan {
namespace {

std::string words_of(MembershipSource source) {
  switch (source) {
    case MembershipSource::conditions: return "by role conditions";
    case MembershipSource::journey: return "by a journey";
    case MembershipSource::hand: return "by hand";
  }
  return {};
}

StoryMember tell_member(const MemberRecord& member, std::string person, const NameBook& names) {
  return {std::move(person),
          std::string(names.text_of(member.role)),
          words_of(member.source),
          member.author == NameId{} ? member.reason : std::string(names.text_of(member.author)),
          member.since,
          member.removed};
}

/// Empty for a record that stands in for an account.
std::string key_of(Reader& reader, AccountId id) {
  const std::optional<AccountRecord> account = reader.account(id);
  return account && !is_stand_in(*account) ? account->key : std::string();
}

/// Puts the story together from what the store has of the account.
class Biographer {
 public:
  Biographer(JourneyLibrary& library, Reader& reader, NameBook& names, AccountStory& story)
      : reader_(reader), names_(names), library_(library), story_(story) {
    tell_people();
  }

  void tell() {
    tell_groups();
    tell_audiences();
    tell_rosters(MemberSet::Kind::list, RosterKind::list, "list");
    tell_rosters(MemberSet::Kind::destination, RosterKind::destination, "destination");
    tell_events();
    story_.lines = tell_enrollments(library_, reader_, id(), people_);
  }

 private:
  AccountId id() const { return story_.account.id; }

  std::string text_of(NameId name) const { return std::string(names_.text_of(name)); }

  void tell_people() {
    std::vector<PersonRecord> people;
    reader_.people_of(id(), people);
    for (PersonRecord& person : people) {
      people_.emplace(person.id, person.key);
      StoryPerson told{.record = {}, .role = text_of(person.account_role), .primary = {}};
      if (person.account != id()) told.primary = key_of(reader_, person.account);
      told.record = std::move(person);
      story_.people.push_back(std::move(told));
    }
  }

  void tell_groups() {
    std::vector<GroupRecord> groups;
    reader_.groups_of(id(), groups);
    std::vector<GroupChangeRecord> changes;
    reader_.group_changes_of(id(), changes);
    const auto definitions = library_.definitions();
    GroupReader lines(reader_, names_, definitions.get());
    for (GroupRecord& record : groups) {
      StoryGroup group;
      group.now = lines.line_of(std::move(record));
      for (const MemberRecord& member : group.now.record.members)
        group.members.push_back(tell_member(member, name_of_person(people_, member.person), names_));
      for (const GroupChangeRecord& change : changes) {
        if (change.interest == group.now.record.interest) group.history.push_back(tell_change(change));
      }
      story_.groups.push_back(std::move(group));
    }
  }

  StoryGroupChange tell_change(const GroupChangeRecord& change) const {
    return {change.at,
            change.aspect == GroupAspect::stage ? "stage" : "status",
            text_of(change.before),
            text_of(change.after),
            words_of(change.source),
            change.reason};
  }

  void tell_audiences() {
    std::vector<AudienceMemberRecord> audiences;
    reader_.audiences_of(id(), audiences);
    for (const AudienceMemberRecord& each : audiences)
      story_.memberships.push_back({"audience", text_of(each.audience), {}, each.since});
  }

  void tell_rosters(MemberSet::Kind set, RosterKind kind, const std::string& word) {
    constexpr std::size_t most = 1'000;
    for (const MemberSet& each : member_sets(library_, set)) {
      const std::optional<NameId> name = names_.find(each.name);
      if (!name) continue;
      std::vector<RosterRecord> rows;
      reader_.roster(kind, *name, {id(), PersonId{-1}}, most, rows);
      for (const RosterRecord& row : rows) {
        if (row.account != id()) break;
        story_.memberships.push_back(
            {word, each.name, row.person ? name_of_person(people_, row.person) : std::string(), row.at});
      }
    }
  }

  void tell_events() {
    std::vector<ActivityRecord> activity;
    reader_.activity_of(id(), activity);
    for (const ActivityRecord& each : activity) {
      story_.events.push_back({each.sequence, each.at, text_of(each.type),
                               each.person ? name_of_person(people_, each.person) : std::string(), each.id,
                               as_json(each.properties, names_)});
    }
  }

  Reader& reader_;
  NameBook& names_;
  JourneyLibrary& library_;
  AccountStory& story_;
  std::map<PersonId, std::string> people_;
};

/// The accounts that a person belongs to, the primary one first.
std::vector<RelationRecord> all_accounts_of(const PersonRecord& person, Reader& reader) {
  std::vector<RelationRecord> relations = {{person.id, person.account, person.account_role, true}};
  reader.relations_of(person.id, relations);
  return relations;
}

/// Each of them with the person's places in its buying groups.
std::vector<StoryRelation> tell_accounts(const PersonRecord& person, Reader& reader, const NameBook& names) {
  std::vector<StoryRelation> accounts;
  for (const RelationRecord& relation : all_accounts_of(person, reader)) {
    StoryRelation told{key_of(reader, relation.account), std::string(names.text_of(relation.role)), {}};
    std::vector<GroupRecord> groups;
    reader.groups_of(relation.account, groups);
    for (const GroupRecord& group : groups) {
      for (const MemberRecord& member : group.members) {
        if (member.person != person.id) continue;
        told.places.push_back({std::string(names.text_of(group.interest)), tell_member(member, person.key, names)});
      }
    }
    accounts.push_back(std::move(told));
  }
  return accounts;
}

std::optional<StoryEngagement> tell_engagement(const PersonRecord& person, Reader& reader, const NameBook& names) {
  const std::optional<EngagementRecord> record = reader.engagement(person.id);
  if (!record) return std::nullopt;
  StoryEngagement told{record->score, record->raw, {}};
  for (const ActivityCount& each : record->counts)
    told.counts.emplace_back(names.text_of(each.type), each.count);
  return told;
}

}  // namespace

std::optional<AccountStory> tell_story(JourneyLibrary& library, Reader& reader, NameBook& names, std::string_view key) {
  const std::optional<AccountRecord> account = reader.account(key);
  if (!account) return std::nullopt;
  AccountStory story;
  story.account = *account;
  Biographer(library, reader, names, story).tell();
  return story;
}

std::optional<PersonStory> tell_person_story(JourneyLibrary& library, Reader& reader, NameBook& names,
                                             std::string_view key) {
  const std::optional<PersonRecord> person = reader.person(key);
  if (!person) return std::nullopt;
  PersonStory story;
  story.person = *person;
  story.accounts = tell_accounts(*person, reader, names);
  story.engagement = tell_engagement(*person, reader, names);
  const auto keep = [&](auto& from, auto& to) {
    std::copy_if(std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()), std::back_inserter(to),
                 [&](const auto& each) { return each.person == person->key; });
  };
  for (const RelationRecord& relation : all_accounts_of(*person, reader)) {
    const std::optional<AccountRecord> account = reader.account(relation.account);
    if (!account) continue;
    AccountStory all = *tell_story(library, reader, names, account->key);
    keep(all.memberships, story.memberships);
    // What happened to a person is kept with every account of theirs.
    if (relation.account == person->account) keep(all.events, story.events);
    keep(all.lines, story.lines);
  }
  return story;
}

}  // namespace caravan
