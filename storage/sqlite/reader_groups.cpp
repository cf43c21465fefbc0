// What is asked of buying groups and of engagement: of one account while turns run, and of the whole workspace, page by
// page, in a round. Each is one statement that an index answers; what reads more than it gives says so.

#include "storage/sqlite/activity_counts.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {
namespace {

std::pair<AccountId, NameId> key_of(const GroupRecord& group) {
  return {group.account, group.interest};
}

}  // namespace

void SqliteReader::append_members(Statement& members, std::size_t first, std::vector<GroupRecord>& to) const {
  std::size_t group = first;
  for (Rows rows(members); rows.next();) {
    const std::pair key{AccountId{members.integer(0)}, name_in(members, 1)};
    while (group < to.size() && key_of(to[group]) < key)
      ++group;
    if (group == to.size() || key_of(to[group]) != key) damaged("a member of a buying group that is not there");
    to[group].members.push_back(member_in(members));
  }
}

void SqliteReader::groups_of(AccountId account, std::vector<GroupRecord>& to) {
  const std::size_t first = to.size();
  query(groups_of_, "SELECT " CARAVAN_GROUP_COLUMNS " FROM buying_group WHERE account = ?1 ORDER BY interest", account);
  for (Rows rows(groups_of_); rows.next();)
    to.push_back(group_in(groups_of_));
  query(members_of_, "SELECT " CARAVAN_MEMBER_COLUMNS " FROM member WHERE account = ?1 ORDER BY interest, person",
        account);
  append_members(members_of_, first, to);
}

void SqliteReader::groups_after(std::pair<AccountId, NameId> after, std::size_t limit, std::vector<GroupRecord>& to) {
  const std::size_t first = to.size();
  query(groups_after_,
        "SELECT " CARAVAN_GROUP_COLUMNS
        " FROM buying_group WHERE (account, interest) > (?1, ?2) ORDER BY account, interest LIMIT ?3",
        after.first, after.second, limit);
  for (Rows rows(groups_after_); rows.next();)
    to.push_back(group_in(groups_after_));
  if (to.size() == first) return;
  query(members_between_,
        "SELECT " CARAVAN_MEMBER_COLUMNS
        " FROM member WHERE (account, interest) > (?1, ?2) AND (account, interest) <= (?3, ?4)"
        " ORDER BY account, interest, person",
        after.first, after.second, to.back().account, to.back().interest);
  append_members(members_between_, first, to);
}

void SqliteReader::group_changes_of(AccountId account, std::vector<GroupChangeRecord>& to) {
  query(group_changes_of_,
        "SELECT interest, at, aspect, before, after, source, reason FROM group_change WHERE account = ?1"
        " ORDER BY interest, at, sequence",
        account);
  for (Rows rows(group_changes_of_); rows.next();)
    to.push_back({account, name_in(group_changes_of_, 0), instant_in(group_changes_of_, 1),
                  static_cast<GroupAspect>(group_changes_of_.integer(2)), name_in(group_changes_of_, 3),
                  name_in(group_changes_of_, 4), static_cast<MembershipSource>(group_changes_of_.integer(5)),
                  std::string(group_changes_of_.bytes(6))});
}

/// Reads all of the account's events. Whose they are is looked up among the account's people, who are read once: a
/// join would seek a person an event.
void SqliteReader::activity_points(AccountId account, Instant since, Instant until, std::vector<ActivityPoint>& to) {
  const std::size_t first = to.size();
  query(activity_points_,
        "SELECT person, type, at FROM activity"
        " WHERE account = ?1 AND at >= ?2 AND at <= ?3 AND person IS NOT NULL",
        account, since, until);
  for (Rows rows(activity_points_); rows.next();)
    to.push_back({{activity_points_.integer(0)}, name_in(activity_points_, 1), instant_in(activity_points_, 2)});
  if (to.size() == first) return;

  own_people_ids_.clear();
  query(own_people_, "SELECT id FROM person WHERE account = ?1 ORDER BY id", account);
  for (Rows rows(own_people_); rows.next();)
    own_people_ids_.push_back({own_people_.integer(0)});
  const auto kept =
      std::remove_if(to.begin() + static_cast<std::ptrdiff_t>(first), to.end(), [&](const ActivityPoint& point) {
        return !std::binary_search(own_people_ids_.begin(), own_people_ids_.end(), point.person);
      });
  to.erase(kept, to.end());
}

EngagementRecord SqliteReader::engagement_in(const Statement& row) const {
  const PersonId person{row.integer(0)};
  auto counts = unpack_counts(row.bytes(1));
  if (!counts) damaged("the engagement of person " + std::to_string(person.value));
  return {person, std::move(*counts), row.real(2), row.real(3)};
}

std::optional<EngagementRecord> SqliteReader::engagement(PersonId person) {
  query(engagement_, "SELECT person, counts, raw, score FROM engagement WHERE person = ?1", person);
  Rows rows(engagement_);
  if (!rows.next()) return std::nullopt;
  return engagement_in(engagement_);
}

void SqliteReader::engagement_of(AccountId account, std::vector<EngagementRecord>& to) {
  query(engagement_of_,
        "SELECT e.person, e.counts, e.raw, e.score FROM person AS p CROSS JOIN engagement AS e ON e.person = p.id"
        " WHERE p.account = ?1 ORDER BY p.id",
        account);
  for (Rows rows(engagement_of_); rows.next();)
    to.push_back(engagement_in(engagement_of_));
}

void SqliteReader::engagement_after(PersonId after, std::size_t limit, std::vector<EngagementRecord>& to) {
  query(engagement_after_,
        "SELECT person, counts, raw, score FROM engagement WHERE person > ?1 ORDER BY person LIMIT ?2", after, limit);
  for (Rows rows(engagement_after_); rows.next();)
    to.push_back(engagement_in(engagement_after_));
}

/// Reads the table from `after` on until it has found `limit`: a walk over a few bytes an account, once a round, is
/// less than an index that every event would change.
void SqliteReader::engagement_due(Instant until, AccountId after, std::size_t limit,
                                  std::vector<EngagementDueRecord>& to) {
  query(engagement_due_,
        "SELECT account, due_at FROM engagement_due WHERE account > ?2 AND due_at <= ?1 ORDER BY account LIMIT ?3",
        until, after, limit);
  for (Rows rows(engagement_due_); rows.next();)
    to.push_back({{engagement_due_.integer(0)}, instant_in(engagement_due_, 1)});
}

/// Reads the whole table, which has one row.
std::optional<EngagementRoundRecord> SqliteReader::engagement_round() {
  query(engagement_round_, "SELECT at, model, through FROM engagement_round");
  Rows rows(engagement_round_);
  if (!rows.next()) return std::nullopt;
  return EngagementRoundRecord{instant_in(engagement_round_, 0), std::string(engagement_round_.bytes(1)),
                               engagement_round_.integer(2) != 0};
}

}  // namespace caravan::sqlite
