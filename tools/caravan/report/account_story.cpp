#include "tools/caravan/report/account_story.hpp"

#include "tools/caravan/report/attribute_text.hpp"
#include "tools/caravan/report/membership.hpp"

namespace caravan::tools {
namespace {

std::string words_of(MembershipSource source) {
  switch (source) {
    case MembershipSource::conditions: return "by role conditions";
    case MembershipSource::journey: return "by a journey";
    case MembershipSource::hand: return "by hand";
  }
  return {};
}

/// Puts the story together from what the store has of the account.
class Biographer {
 public:
  Biographer(Store& store, Reader& reader, NameBook& names, AccountStory& story)
      : store_(store), reader_(reader), names_(names), story_(story) {
    reader_.people_of(id(), story_.people);
    for (const PersonRecord& person : story_.people)
      people_.emplace(person.id, person.key);
  }

  void tell() {
    tell_groups();
    tell_audiences();
    tell_rosters(MemberSet::Kind::list, RosterKind::list, "list");
    tell_rosters(MemberSet::Kind::destination, RosterKind::destination, "destination");
    tell_events();
    JourneyLibrary library(store_, names_);
    story_.lines = tell_enrollments(library, reader_, id(), people_);
  }

 private:
  AccountId id() const { return story_.account.id; }

  std::string text_of(NameId name) const { return std::string(names_.text_of(name)); }

  void tell_groups() {
    std::vector<GroupRecord> groups;
    reader_.groups_of(id(), groups);
    for (const GroupRecord& record : groups) {
      StoryGroup group{.interest = text_of(record.interest),
                       .created_at = record.created_at,
                       .stage = text_of(record.stage),
                       .stage_since = record.stage_since,
                       .status = text_of(record.status),
                       .members = {}};
      for (const MemberRecord& member : record.members) {
        group.members.push_back({name_of_person(people_, member.person), text_of(member.role), words_of(member.source),
                                 member.since, member.removed});
      }
      story_.groups.push_back(std::move(group));
    }
  }

  void tell_audiences() {
    std::vector<AudienceMemberRecord> audiences;
    reader_.audiences_of(id(), audiences);
    for (const AudienceMemberRecord& each : audiences)
      story_.memberships.push_back({"audience", text_of(each.audience), {}, each.since});
  }

  void tell_rosters(MemberSet::Kind set, RosterKind kind, const std::string& word) {
    constexpr std::size_t most = 1'000;
    for (const MemberSet& each : member_sets(store_, names_, set)) {
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

  Store& store_;
  Reader& reader_;
  NameBook& names_;
  AccountStory& story_;
  std::map<PersonId, std::string> people_;
};

}  // namespace

std::optional<AccountStory> tell_story(Store& store, Reader& reader, NameBook& names, std::string_view key) {
  const std::optional<AccountRecord> account = reader.account(key);
  if (!account) return std::nullopt;
  AccountStory story;
  story.account = *account;
  Biographer(store, reader, names, story).tell();
  return story;
}

std::optional<PersonStory> tell_person_story(Store& store, Reader& reader, NameBook& names, std::string_view key) {
  const std::optional<PersonRecord> person = reader.person(key);
  if (!person) return std::nullopt;
  const std::optional<AccountRecord> account = reader.account(person->account);
  if (!account) return std::nullopt;
  AccountStory all = *tell_story(store, reader, names, account->key);
  PersonStory story;
  story.person = *person;
  story.account = is_stand_in(*account) ? "" : account->key;
  for (const StoryGroup& group : all.groups) {
    for (const StoryMember& member : group.members) {
      if (member.person == person->key && !member.removed) story.roles.emplace_back(group.interest, member.role);
    }
  }
  const auto keep = [&](auto& from, auto& to) {
    std::copy_if(std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()), std::back_inserter(to),
                 [&](const auto& each) { return each.person == person->key; });
  };
  keep(all.memberships, story.memberships);
  keep(all.events, story.events);
  keep(all.lines, story.lines);
  return story;
}

}  // namespace caravan::tools
