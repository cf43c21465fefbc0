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

void MembershipReader::each_member(const MemberSet& set, const Take& take, std::pair<AccountId, PersonId> after) {
  const std::optional<NameId> name = names_.find(set.name);
  if (!name) return;  // nobody has ever been in
  if (set.kind == MemberSet::Kind::audience) return each_account(*name, after.first, take);
  std::vector<RosterRecord> rows;
  do {
    rows.clear();
    reader_.roster(roster_kind(set.kind), *name, after, page, rows);
    for (const RosterRecord& row : rows) {
      after = {row.account, row.person};
      if (!take(line_of(row))) return;
    }
  } while (rows.size() == page);
}

void MembershipReader::each_account(NameId audience, AccountId after, const Take& take) {
  std::vector<AudienceMemberRecord> rows;
  do {
    rows.clear();
    reader_.audience_members(audience, after, page, rows);
    for (const AudienceMemberRecord& row : rows) {
      after = row.account;
      if (!take({0, who(row.account, {}), row.since, true, {row.account, {}}})) return;
    }
  } while (rows.size() == page);
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
  return {0, who(record.account, record.person), record.at, record.in, {record.account, record.person}};
}

WhoIsIn MembershipReader::who(AccountId account, PersonId person) {
  if (account != account_) {
    account_ = account;
    const std::optional<AccountRecord> record = reader_.account(account);
    account_key_ = !record || is_stand_in(*record) ? "" : record->key;
    people_.clear();
  }
  if (!person) return {account_key_, {}};
  if (people_.empty()) {
    std::vector<PersonRecord> people;
    reader_.people_of(account, people);
    for (PersonRecord& each : people)
      people_.emplace(each.id, std::move(each.key));
  }
  const auto found = people_.find(person);
  return {account_key_, found == people_.end() ? "somebody who is gone" : found->second};
}

}  // namespace caravan
