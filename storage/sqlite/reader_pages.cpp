// What belongs to one account, person or token, page by page and both ways: each page is a range of a table's key, and
// seeks where it begins.

#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/visits.hpp"

namespace caravan::sqlite {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kLastVisit = std::numeric_limits<std::uint32_t>::max();

/// Where a page by number begins: its rows lie behind it.
std::int64_t first_bound(Order order, std::optional<std::int64_t> after) {
  return after.value_or(order == Order::ascending ? std::numeric_limits<std::int64_t>::min() : kGreatest);
}
template <class Tag>
std::int64_t first_bound(Order order, std::optional<Id<Tag>> after) {
  return first_bound(order, after ? std::optional(after->value) : std::nullopt);
}
HistoryPosition first_bound(Order order, const std::optional<HistoryPosition>& after) {
  return after.value_or(order == Order::ascending ? HistoryPosition{Instant::min(), 0}
                                                  : HistoryPosition{Instant::max(), kGreatest});
}

HistoryPosition position_in(const Statement& row) {
  return {instant_in(row, 0), row.integer(1)};
}

}  // namespace

/// Those of the account and those of others who belong to it are two indexes, each in the order of people.
void SqliteReader::people_of(AccountId account, const Page<PersonId>& page, std::vector<PersonRecord>& to) {
  const bool goes_up = page.order == Order::ascending;
  const std::int64_t bound = first_bound(page.order, page.after);
  const auto first = static_cast<std::ptrdiff_t>(to.size());
  Statement& own = goes_up ? own_people_page_.ascending : own_people_page_.descending;
  if (goes_up)
    query(own,
          "SELECT id, account, key, attributes, account_role FROM person WHERE account = ?1 AND id > ?2"
          " ORDER BY id LIMIT ?3",
          account, bound, page.limit);
  else
    query(own,
          "SELECT id, account, key, attributes, account_role FROM person WHERE account = ?1 AND id < ?2"
          " ORDER BY id DESC LIMIT ?3",
          account, bound, page.limit);
  for (Rows rows(own); rows.next();)
    to.push_back(person_in(own));
  if (!has_relations()) return;

  const auto middle = static_cast<std::ptrdiff_t>(to.size());
  Statement& related = goes_up ? related_people_page_.ascending : related_people_page_.descending;
  if (goes_up)
    query(related,
          "SELECT person.id, person.account, key, attributes, role FROM relation JOIN person ON person.id = "
          "relation.person WHERE relation.account = ?1 AND relation.person > ?2 ORDER BY relation.person LIMIT ?3",
          account, bound, page.limit);
  else
    query(related,
          "SELECT person.id, person.account, key, attributes, role FROM relation JOIN person ON person.id = "
          "relation.person WHERE relation.account = ?1 AND relation.person < ?2 ORDER BY relation.person DESC LIMIT ?3",
          account, bound, page.limit);
  for (Rows rows(related); rows.next();)
    to.push_back(person_in(related));
  std::inplace_merge(to.begin() + first, to.begin() + middle, to.end(),
                     [&](const PersonRecord& a, const PersonRecord& b) { return goes_up ? a.id < b.id : b.id < a.id; });
  const std::size_t full = static_cast<std::size_t>(first) + page.limit;
  if (to.size() > full) to.erase(to.begin() + static_cast<std::ptrdiff_t>(full), to.end());
}

void SqliteReader::relations_of(PersonId person, AccountId after, std::size_t limit, std::vector<RelationRecord>& to) {
  query(relations_after_,
        "SELECT account, role FROM relation WHERE person = ?1 AND account > ?2 ORDER BY account LIMIT ?3", person,
        after, limit);
  for (Rows rows(relations_after_); rows.next();)
    to.push_back({person, {relations_after_.integer(0)}, name_in(relations_after_, 1)});
}

/// `person <> 0` are the words by which SQLite knows that the partial index will do.
void SqliteReader::rosters_of(PersonId person, const RosterPlace& after, std::size_t limit,
                              std::vector<RosterRecord>& to) {
  query(rosters_of_,
        "SELECT kind, name, account, since FROM roster WHERE person = ?1 AND person <> 0"
        " AND (kind, name, account) > (?2, ?3, ?4) ORDER BY kind, name, account LIMIT ?5",
        person, after.kind, after.name, after.account, limit);
  for (Rows rows(rosters_of_); rows.next();)
    to.push_back({static_cast<RosterKind>(rosters_of_.integer(0)),
                  name_in(rosters_of_, 1),
                  {rosters_of_.integer(2)},
                  person,
                  instant_in(rosters_of_, 3)});
}

std::optional<TokenRecord> SqliteReader::token(TokenId id) {
  query(token_, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE id = ?1", id);
  Rows rows(token_);
  if (!rows.next()) return std::nullopt;
  return token_in(token_);
}

void SqliteReader::interests_of(AccountId account, std::vector<NameId>& to) {
  query(interests_of_, "SELECT interest FROM buying_group WHERE account = ?1 ORDER BY interest", account);
  for (Rows rows(interests_of_); rows.next();)
    to.push_back(name_in(interests_of_, 0));
}

void SqliteReader::members_of(AccountId account, NameId interest, const Page<PersonId>& page,
                              std::vector<MemberRecord>& to) {
  const bool goes_up = page.order == Order::ascending;
  const std::int64_t bound = first_bound(page.order, page.after);
  Statement& statement = goes_up ? members_page_.ascending : members_page_.descending;
  if (goes_up)
    query(statement,
          "SELECT " CARAVAN_MEMBER_COLUMNS
          " FROM member WHERE account = ?1 AND interest = ?2 AND person > ?3 ORDER BY person LIMIT ?4",
          account, interest, bound, page.limit);
  else
    query(statement,
          "SELECT " CARAVAN_MEMBER_COLUMNS
          " FROM member WHERE account = ?1 AND interest = ?2 AND person < ?3 ORDER BY person DESC LIMIT ?4",
          account, interest, bound, page.limit);
  for (Rows rows(statement); rows.next();)
    to.push_back(member_in(statement));
}

void SqliteReader::group_changes_of(AccountId account, NameId interest, const Page<HistoryPosition>& page,
                                    std::vector<Positioned<GroupChangeRecord>>& to) {
  const bool goes_up = page.order == Order::ascending;
  const HistoryPosition bound = first_bound(page.order, page.after);
  Statement& statement = goes_up ? group_changes_page_.ascending : group_changes_page_.descending;
  if (goes_up)
    query(statement,
          "SELECT at, sequence, aspect, before, after, source, reason FROM group_change WHERE account = ?1"
          " AND interest = ?2 AND (at, sequence) > (?3, ?4) ORDER BY at, sequence LIMIT ?5",
          account, interest, bound.at, bound.sequence, page.limit);
  else
    query(statement,
          "SELECT at, sequence, aspect, before, after, source, reason FROM group_change WHERE account = ?1"
          " AND interest = ?2 AND (at, sequence) < (?3, ?4) ORDER BY at DESC, sequence DESC LIMIT ?5",
          account, interest, bound.at, bound.sequence, page.limit);
  for (Rows rows(statement); rows.next();) {
    const HistoryPosition position = position_in(statement);
    to.push_back({position,
                  {account, interest, position.at, static_cast<GroupAspect>(statement.integer(2)),
                   name_in(statement, 3), name_in(statement, 4), static_cast<MembershipSource>(statement.integer(5)),
                   std::string(statement.bytes(6))}});
  }
}

void SqliteReader::activity_of(AccountId account, const Page<std::int64_t>& page, std::vector<ActivityRecord>& to) {
  const bool goes_up = page.order == Order::ascending;
  const std::int64_t bound = first_bound(page.order, page.after);
  Statement& statement = goes_up ? activity_page_.ascending : activity_page_.descending;
  if (goes_up)
    query(statement,
          "SELECT sequence, at, person, type, id, properties FROM activity WHERE account = ?1 AND sequence > ?2"
          " ORDER BY sequence LIMIT ?3",
          account, bound, page.limit);
  else
    query(statement,
          "SELECT sequence, at, person, type, id, properties FROM activity WHERE account = ?1 AND sequence < ?2"
          " ORDER BY sequence DESC LIMIT ?3",
          account, bound, page.limit);
  append_activity(account, statement, to);
}

/// The narrow rows of all are sorted first, and those of the page read wholly. Going down, all are gone through from
/// the newest on (a subquery with a limit keeps its order): most that follow are older, and no more is done with them.
void SqliteReader::activity_by_time(AccountId account, const ActivitySearch& search, std::vector<ActivityRecord>& to) {
  const bool goes_up = search.page.order == Order::ascending;
  const HistoryPosition bound = first_bound(search.page.order, search.page.after);
  Statement& statement = goes_up ? activity_by_time_.ascending : activity_by_time_.descending;
  if (goes_up)
    query(statement,
          "SELECT sequence, at, person, type, id, properties FROM activity WHERE account = ?1 AND sequence IN"
          " (SELECT sequence FROM activity WHERE account = ?1 AND sequence <= ?5 AND (at, sequence) > (?2, ?3)"
          " AND (?6 = 0 OR person = ?6) ORDER BY at, sequence LIMIT ?4) ORDER BY at, sequence",
          account, bound.at, bound.sequence, search.page.limit, search.last, search.person);
  else
    query(statement,
          "SELECT sequence, at, person, type, id, properties FROM activity WHERE account = ?1 AND sequence IN"
          " (SELECT sequence FROM (SELECT sequence, at, person FROM activity WHERE account = ?1 AND sequence <= ?5"
          " ORDER BY sequence DESC LIMIT -1) WHERE (at, sequence) < (?2, ?3) AND (?6 = 0 OR person = ?6)"
          " ORDER BY at DESC, sequence DESC LIMIT ?4) ORDER BY at DESC, sequence DESC",
          account, bound.at, bound.sequence, search.page.limit, search.last, search.person);
  append_activity(account, statement, to);
}

void SqliteReader::append_activity(AccountId account, Statement& statement, std::vector<ActivityRecord>& to) {
  for (Rows rows(statement); rows.next();)
    to.push_back({account,
                  statement.integer(0),
                  instant_in(statement, 1),
                  {statement.integer(2)},
                  name_in(statement, 3),
                  std::string(statement.bytes(4)),
                  attributes_in(statement, 5)});
}

RunRecord SqliteReader::run_in(TokenId token, const Statement& row) const {
  auto visits = unpack_visits(row.bytes(2));
  if (!visits) damaged("the visits of token " + std::to_string(token.value));
  return {token, static_cast<std::uint32_t>(row.integer(0)), instant_in(row, 1), std::move(*visits)};
}

/// Runs lie in the order of their visits, which is that of their times: so the place of an instant is found by halves.
std::optional<std::uint32_t> SqliteReader::last_run(TokenId token, std::uint32_t visit, Instant until) {
  struct Found {
    std::int64_t first_visit = -1;  ///< -1: there is none
    Instant at = Instant::min();
  };
  const auto look = [&](std::int64_t most) {
    query(run_before_,
          "SELECT first_visit, at FROM run WHERE token = ?1 AND first_visit <= ?2 ORDER BY first_visit DESC LIMIT 1",
          token, most);
    Rows rows(run_before_);
    return rows.next() ? Found{run_before_.integer(0), instant_in(run_before_, 1)} : Found{};
  };
  Found best = look(visit);
  if (best.at > until) {
    std::int64_t high = best.first_visit;  // too late
    std::int64_t low = -1;                 // not too late
    best = {};
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      const Found found = look(middle);
      if (found.at > until) {
        high = found.first_visit;
      } else {
        low = middle;
        best = found;
      }
    }
  }
  if (best.first_visit < 0) return std::nullopt;
  return static_cast<std::uint32_t>(best.first_visit);
}

void SqliteReader::runs_of(TokenId token, const RunPage& page, std::vector<RunRecord>& to) {
  const bool goes_up = page.order == Order::ascending;
  std::int64_t bound = 0;
  if (goes_up) {
    // The run that holds the visit begins before it.
    if (page.visit) bound = last_run(token, *page.visit, Instant::max()).value_or(0);
    if (page.from && *page.from > Instant::min()) {
      const auto before = last_run(token, kLastVisit, *page.from - std::chrono::milliseconds(1));
      if (before) bound = std::max(bound, std::int64_t{*before} + 1);
    }
    query(runs_page_.ascending,
          "SELECT first_visit, at, visits FROM run WHERE token = ?1 AND first_visit >= ?2 ORDER BY first_visit"
          " LIMIT ?3",
          token, bound, page.limit);
  } else {
    bound = page.visit.value_or(kLastVisit);
    if (page.from) {
      const auto last = last_run(token, static_cast<std::uint32_t>(bound), *page.from);
      if (!last) return;
      bound = *last;
    }
    query(runs_page_.descending,
          "SELECT first_visit, at, visits FROM run WHERE token = ?1 AND first_visit <= ?2 ORDER BY first_visit DESC"
          " LIMIT ?3",
          token, bound, page.limit);
  }
  Statement& statement = goes_up ? runs_page_.ascending : runs_page_.descending;
  for (Rows rows(statement); rows.next();)
    to.push_back(run_in(token, statement));
}

void SqliteReader::notes_of(AccountId account, const Page<HistoryPosition>& page,
                            std::vector<Positioned<NoteRecord>>& to) {
  const bool goes_up = page.order == Order::ascending;
  const HistoryPosition bound = first_bound(page.order, page.after);
  Statement& statement = goes_up ? notes_page_.ascending : notes_page_.descending;
  if (goes_up)
    query(statement,
          "SELECT at, sequence, kind, token, node, text FROM note WHERE account = ?1 AND (at, sequence) > (?2, ?3)"
          " ORDER BY at, sequence LIMIT ?4",
          account, bound.at, bound.sequence, page.limit);
  else
    query(statement,
          "SELECT at, sequence, kind, token, node, text FROM note WHERE account = ?1 AND (at, sequence) < (?2, ?3)"
          " ORDER BY at DESC, sequence DESC LIMIT ?4",
          account, bound.at, bound.sequence, page.limit);
  for (Rows rows(statement); rows.next();) {
    const HistoryPosition position = position_in(statement);
    to.push_back({position,
                  {account,
                   position.at,
                   static_cast<NoteKind>(statement.integer(2)),
                   {statement.integer(3)},
                   node_in(statement, 4),
                   std::string(statement.bytes(5))}});
  }
}

void SqliteReader::moves_of(AccountId account, std::vector<NoteRecord>& to) {
  query(moves_of_, "SELECT at, token, node, text FROM note WHERE account = ?1 AND kind = ?2 ORDER BY at, sequence",
        account, NoteKind::moved);
  for (Rows rows(moves_of_); rows.next();)
    to.push_back({account,
                  instant_in(moves_of_, 0),
                  NoteKind::moved,
                  {moves_of_.integer(1)},
                  node_in(moves_of_, 2),
                  std::string(moves_of_.bytes(3))});
}

}  // namespace caravan::sqlite
