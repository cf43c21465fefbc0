#include "engine/report/membership.hpp"

namespace caravan {
namespace {

constexpr std::size_t page = 1'000;

RosterKind roster_kind(MemberSet::Kind kind) {
  return kind == MemberSet::Kind::list ? RosterKind::list : RosterKind::destination;
}

void add_rosters(const std::map<std::string, RosterDefinition, std::less<>>& rosters, MemberSet::Kind kind,
                 std::map<std::string, MemberSet>& to) {
  for (const auto& [name, roster] : rosters)
    to[name] = {kind, name, roster.title, roster.of == RosterOf::accounts ? "accounts" : "people"};
}

void add_sets(const RunnableJourney& journey, MemberSet::Kind kind, std::map<std::string, MemberSet>& to) {
  const Workspace& workspace = *journey.workspace;
  if (kind == MemberSet::Kind::list) add_rosters(workspace.configuration.lists, kind, to);
  if (kind == MemberSet::Kind::destination) add_rosters(workspace.configuration.destinations, kind, to);
  const std::string& audience = journey.journey.definition->audience;
  if (kind == MemberSet::Kind::audience && !audience.empty())
    to[audience] = {kind, audience, workspace.audiences.at(audience).title, "accounts"};
}

}  // namespace

std::vector<MemberSet> member_sets(JourneyLibrary& library, MemberSet::Kind kind) {
  std::vector<VersionRecord> newest;
  for (const JourneyRecord& journey : library.journeys())
    newest.push_back(library.versions_of(journey.name).back());
  std::sort(newest.begin(), newest.end(),
            [](const VersionRecord& left, const VersionRecord& right) { return left.id < right.id; });
  std::map<std::string, MemberSet> sets;
  for (const VersionRecord& version : newest) {
    try {
      add_sets(*library.version(version.id), kind, sets);
    } catch (const StoreError&) {
      throw;
    } catch (const std::runtime_error&) {
      // Its texts no longer check: nobody knows what it had.
    }
  }
  std::vector<MemberSet> all;
  for (auto& [name, set] : sets)
    all.push_back(std::move(set));
  return all;
}

MemberPage MembershipReader::members(const MemberSet& set, std::optional<MemberPosition> after, std::size_t limit) {
  MemberPage members;
  const std::optional<NameId> name = names_.find(set.name);
  if (!name) return members;  // nobody has ever been in
  // One more than is told says whether there are others behind.
  if (set.kind == MemberSet::Kind::audience) {
    AudienceSearch search{{.page = {.limit = limit + 1}}, *name};
    if (after) search.page.after = {after->account, static_cast<NameId>(after->number)};
    std::vector<AudienceMemberRecord> rows;
    const auto searched = reader_.audience_members(search, rows);
    for (const AudienceMemberRecord& row : rows)
      if (members.lines.size() < limit) members.lines.push_back({0, who(row.account, {}), row.since});
    if (rows.size() > limit)
      members.next = {rows[limit - 1].account, static_cast<std::int64_t>(*name)};
    else if (!searched.is_end)
      members.next = {searched.next.first, static_cast<std::int64_t>(searched.next.second)};
    return members;
  }
  std::vector<RosterRecord> rows;
  const MemberPosition from = after.value_or(MemberPosition{});
  reader_.roster(roster_kind(set.kind), *name, {from.account, PersonId{from.number}}, limit + 1, rows);
  const bool is_end = rows.size() <= limit;
  if (!is_end) rows.pop_back();
  for (const RosterRecord& row : rows)
    members.lines.push_back(line_of(row));
  if (!is_end) members.next = {rows.back().account, rows.back().person.value};
  return members;
}

void MembershipReader::each_member(const MemberSet& set, const Take& take) {
  MemberPage members;
  do {
    members = this->members(set, members.next, page);
    for (const MemberLine& line : members.lines)
      if (!take(line)) return;
  } while (members.next);
}

void MembershipReader::each_change(const MemberSet& set, std::int64_t after, const Take& take) {
  const std::optional<NameId> name = names_.find(set.name);
  if (!name) return;
  std::vector<RosterChange> rows;
  do {
    rows.clear();
    reader_.roster_changes(roster_kind(set.kind), *name, after, page, rows);
    for (const RosterChange& row : rows) {
      after = row.sequence;
      MemberLine line = line_of(row.record);
      line.number = row.sequence;
      if (!take(line)) return;
    }
  } while (rows.size() == page);
}

std::int64_t MembershipReader::count(const MemberSet& set) {
  std::int64_t number = 0;
  each_member(set, [&](const MemberLine&) { return ++number > 0; });
  return number;
}

MemberLine MembershipReader::line_of(const RosterRecord& record) {
  return {0, who(record.account, record.person), record.at, record.in};
}

WhoIsIn MembershipReader::who(AccountId account, PersonId person) {
  if (account != account_) {
    account_ = account;
    const std::optional<AccountRecord> record = reader_.account(account);
    account_key_ = !record || is_stand_in(*record) ? "" : record->key;
  }
  if (!person) return {account_key_, {}};
  const std::optional<PersonRecord> known = reader_.person(person);
  return {account_key_, known ? known->key : "somebody who is gone"};
}

}  // namespace caravan
