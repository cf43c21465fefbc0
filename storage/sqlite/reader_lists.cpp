// Lists, page by page and both ways. A page seeks the place where it begins; a search goes on from there past rows that
// it does not look for, and no further than it may.

#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::uint32_t kLastVisit = std::numeric_limits<std::uint32_t>::max();
/// The first text behind all those that begin with kStandInMark.
constexpr std::string_view kBehindStandIns = "\x7f";
static_assert(kBehindStandIns.front() == kStandInMark + 1);

}  // namespace

/// Rows by key from `bound` on, or down to it, without it; no bound: all of them.
Statement& SqliteReader::keys(Both& both, const char* ascending, const char* descending, Order order,
                              const std::optional<std::string>& bound, std::size_t limit) {
  if (order == Order::ascending) {
    query(both.ascending, ascending, std::string_view(bound ? *bound : std::string_view()), limit);
    return both.ascending;
  }
  // Every text sorts before every blob.
  if (bound)
    query(both.descending, descending, std::string_view(*bound), limit);
  else
    query(both.descending, descending, std::span<const char>(), limit);
  return both.descending;
}

/// The stand-ins lie together in the order of keys: where they begin, the page goes on behind them.
void SqliteReader::accounts_by_key(const Page<std::string>& page, std::vector<AccountRecord>& to) {
  const std::size_t full = to.size() + page.limit;
  const bool goes_up = page.order == Order::ascending;
  std::optional<std::string> bound = page.after;
  if (bound && goes_up) bound->push_back('\0');  // the first text behind it
  while (to.size() < full) {
    Statement& statement =
        keys(accounts_by_key_, "SELECT id, key, attributes FROM account WHERE key >= ?1 ORDER BY key LIMIT ?2",
             "SELECT id, key, attributes FROM account WHERE key < ?1 ORDER BY key DESC LIMIT ?2", page.order, bound,
             full - to.size());
    bool is_at_stand_ins = false;
    for (Rows rows(statement); !is_at_stand_ins && rows.next();) {
      is_at_stand_ins = statement.bytes(1).starts_with(kStandInMark);
      if (!is_at_stand_ins) to.push_back(account_in(statement));
    }
    if (!is_at_stand_ins) return;
    bound = goes_up ? std::string(kBehindStandIns) : std::string(1, kStandInMark);
  }
}

void SqliteReader::people_by_key(const Page<std::string>& page, std::vector<PersonRecord>& to) {
  std::optional<std::string> bound = page.after;
  if (bound && page.order == Order::ascending) bound->push_back('\0');
  Statement& statement =
      keys(people_by_key_,
           "SELECT id, account, key, attributes, account_role FROM person WHERE key >= ?1 ORDER BY key LIMIT ?2",
           "SELECT id, account, key, attributes, account_role FROM person WHERE key < ?1 ORDER BY key DESC LIMIT ?2",
           page.order, bound, page.limit);
  for (Rows rows(statement); rows.next();)
    to.push_back(person_in(statement));
}

void SqliteReader::people_by_id(const Page<PersonId>& page, std::vector<PersonRecord>& to) {
  const bool goes_up = page.order == Order::ascending;
  Statement& statement = goes_up ? people_by_id_.ascending : people_by_id_.descending;
  if (goes_up)
    query(statement, "SELECT id, account, key, attributes, account_role FROM person WHERE id > ?1 ORDER BY id LIMIT ?2",
          page.after.value_or(PersonId{}), page.limit);
  else
    query(statement,
          "SELECT id, account, key, attributes, account_role FROM person WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
          page.after.value_or(PersonId{kGreatest}), page.limit);
  for (Rows rows(statement); rows.next();)
    to.push_back(person_in(statement));
}

template <class Position, class Record, class Take>
Searched<Position> SqliteReader::go_through(Statement& statement, const RowSearch<Position>& search,
                                            std::vector<Record>& to, Take take) {
  Searched<Position> searched;
  const std::size_t full = to.size() + search.page.limit;
  std::size_t looked_at = 0;
  Rows rows(statement);
  while (rows.next()) {
    searched.next = take();
    ++looked_at;
    searched.is_end = false;
    if (to.size() >= full) return searched;
  }
  searched.is_end = looked_at < search.most_rows;
  return searched;
}

Searched<AccountId> SqliteReader::accounts_by_id(const RowSearch<AccountId>& search, std::vector<AccountRecord>& to) {
  const bool goes_up = search.page.order == Order::ascending;
  Statement& statement = goes_up ? accounts_by_id_.ascending : accounts_by_id_.descending;
  if (goes_up)
    query(statement, "SELECT id, key, attributes FROM account WHERE id > ?1 ORDER BY id LIMIT ?2",
          search.page.after.value_or(AccountId{}), search.most_rows);
  else
    query(statement, "SELECT id, key, attributes FROM account WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
          search.page.after.value_or(AccountId{kGreatest}), search.most_rows);
  return go_through(statement, search, to, [&] {
    if (!statement.bytes(1).starts_with(kStandInMark)) to.push_back(account_in(statement));
    return AccountId{statement.integer(0)};
  });
}

/// Those of an account, and those that are held and nothing else, are found by the index that they have.
Searched<TokenId> SqliteReader::enrollments(const EnrollmentSearch& search, std::vector<TokenRecord>& to) {
  const bool goes_up = search.page.order == Order::ascending;
  const TokenId after = search.page.after.value_or(TokenId{goes_up ? 0 : kGreatest});
  const bool is_of_one = static_cast<bool>(search.account);
  const bool is_held = !is_of_one && search.states == std::vector{TokenState::held};
  Both& both = is_of_one ? enrollments_of_ : is_held ? held_enrollments_ : enrollments_;
  Statement& statement = goes_up ? both.ascending : both.descending;
  if (is_of_one && goes_up)
    query(statement, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE account = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
          search.account, after, search.most_rows);
  else if (is_of_one)
    query(statement,
          "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE account = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
          search.account, after, search.most_rows);
  else if (is_held && goes_up)
    query(statement, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE state = 5 AND id > ?1 ORDER BY id LIMIT ?2",
          after, search.most_rows);
  else if (is_held)
    query(statement,
          "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE state = 5 AND id < ?1 ORDER BY id DESC LIMIT ?2", after,
          search.most_rows);
  else if (goes_up)
    query(statement, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE id > ?1 ORDER BY id LIMIT ?2", after,
          search.most_rows);
  else
    query(statement, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE id < ?1 ORDER BY id DESC LIMIT ?2", after,
          search.most_rows);
  return go_through(statement, search, to, [&] {
    TokenRecord token = token_in(statement);
    const TokenId id = token.id;
    if (search.finds(token)) to.push_back(std::move(token));
    return id;
  });
}

Searched<DeliveryKey> SqliteReader::deliveries(const DeliverySearch& search, std::vector<DeliveryRecord>& to) {
  const bool goes_up = search.page.order == Order::ascending;
  const bool is_of_one = static_cast<bool>(search.token);
  Both& both = is_of_one ? deliveries_of_token_ : deliveries_;
  Statement& statement = goes_up ? both.ascending : both.descending;
  const DeliveryKey after = search.page.after.value_or(DeliveryKey{
      TokenId{goes_up ? 0 : kGreatest}, goes_up ? 0 : kLastVisit, RecipientId{goes_up ? kLeast : kGreatest}});
  if (is_of_one && goes_up)
    query(statement,
          "SELECT " CARAVAN_DELIVERY_COLUMNS
          " FROM delivery WHERE token = ?1 AND (visit, recipient) > (?2, ?3) ORDER BY visit, recipient LIMIT ?4",
          search.token, after.visit, after.recipient.value, search.most_rows);
  else if (is_of_one)
    query(statement,
          "SELECT " CARAVAN_DELIVERY_COLUMNS
          " FROM delivery WHERE token = ?1 AND (visit, recipient) < (?2, ?3)"
          " ORDER BY visit DESC, recipient DESC LIMIT ?4",
          search.token, after.visit, after.recipient.value, search.most_rows);
  else if (goes_up)
    query(statement,
          "SELECT " CARAVAN_DELIVERY_COLUMNS
          " FROM delivery WHERE (token, visit, recipient) > (?1, ?2, ?3) ORDER BY token, visit, recipient LIMIT ?4",
          after.token, after.visit, after.recipient.value, search.most_rows);
  else
    query(statement,
          "SELECT " CARAVAN_DELIVERY_COLUMNS
          " FROM delivery WHERE (token, visit, recipient) < (?1, ?2, ?3)"
          " ORDER BY token DESC, visit DESC, recipient DESC LIMIT ?4",
          after.token, after.visit, after.recipient.value, search.most_rows);
  return go_through(statement, search, to, [&] {
    // Their texts are unpacked only where they are looked for.
    const bool is_wanted = search.finds({statement.integer(4)}, static_cast<MessageIndex>(statement.integer(5)),
                                        static_cast<DeliveryState>(statement.integer(6)), instant_in(statement, 8));
    if (is_wanted) to.push_back(delivery_in(statement, texts_));
    return DeliveryKey{TokenId{statement.integer(0)}, static_cast<std::uint32_t>(statement.integer(1)),
                       RecipientId{statement.integer(2)}};
  });
}

std::optional<DeliveryRecord> SqliteReader::delivery(const DeliveryKey& key) {
  query(delivery_,
        "SELECT " CARAVAN_DELIVERY_COLUMNS " FROM delivery WHERE token = ?1 AND visit = ?2 AND recipient = ?3",
        key.token, key.visit, key.recipient.value);
  Rows rows(delivery_);
  if (!rows.next()) return std::nullopt;
  return delivery_in(delivery_, texts_);
}

Searched<std::int64_t> SqliteReader::audit(const AuditSearch& search, std::vector<AuditRecord>& to) {
  const bool goes_up = search.page.order == Order::ascending;
  Statement& statement = goes_up ? audit_.ascending : audit_.descending;
  if (goes_up)
    query(statement,
          "SELECT sequence, at, caller, request_id, action, target, refused FROM audit WHERE sequence > ?1"
          " ORDER BY sequence LIMIT ?2",
          search.page.after.value_or(0), search.most_rows);
  else
    query(statement,
          "SELECT sequence, at, caller, request_id, action, target, refused FROM audit WHERE sequence < ?1"
          " ORDER BY sequence DESC LIMIT ?2",
          search.page.after.value_or(kGreatest), search.most_rows);
  return go_through(statement, search, to, [&] {
    const std::int64_t sequence = statement.integer(0);
    if (search.finds(statement.bytes(2), statement.bytes(4)))
      to.push_back({sequence, instant_in(statement, 1), std::string(statement.bytes(2)),
                    std::string(statement.bytes(3)), std::string(statement.bytes(4)), std::string(statement.bytes(5)),
                    std::string(statement.bytes(6))});
    return sequence;
  });
}

Searched<std::pair<AccountId, NameId>> SqliteReader::audience_members(const AudienceSearch& search,
                                                                      std::vector<AudienceMemberRecord>& to) {
  const bool goes_up = search.page.order == Order::ascending;
  Statement& statement = goes_up ? audience_members_.ascending : audience_members_.descending;
  const auto after = search.page.after.value_or(std::pair(AccountId{goes_up ? 0 : kGreatest}, NameId{}));
  if (goes_up)
    query(statement,
          "SELECT account, audience, since FROM audience_member WHERE (account, audience) > (?1, ?2)"
          " ORDER BY account, audience LIMIT ?3",
          after.first, after.second, search.most_rows);
  else
    query(statement,
          "SELECT account, audience, since FROM audience_member WHERE (account, audience) < (?1, ?2)"
          " ORDER BY account DESC, audience DESC LIMIT ?3",
          after.first, after.second, search.most_rows);
  return go_through(statement, search, to, [&] {
    const std::pair<AccountId, NameId> position{AccountId{statement.integer(0)}, name_in(statement, 1)};
    if (position.second == search.audience) to.push_back({position.first, search.audience, instant_in(statement, 2)});
    return position;
  });
}

std::optional<AskedKeyRecord> SqliteReader::asked_key(std::string_view caller, std::string_view key) {
  query(asked_key_, "SELECT caller, key, fingerprint, result, at FROM asked_key WHERE caller = ?1 AND key = ?2", caller,
        key);
  Rows rows(asked_key_);
  if (!rows.next()) return std::nullopt;
  return AskedKeyRecord{std::string(asked_key_.bytes(0)), std::string(asked_key_.bytes(1)),
                        std::string(asked_key_.bytes(2)), std::string(asked_key_.bytes(3)), instant_in(asked_key_, 4)};
}

}  // namespace caravan::sqlite
