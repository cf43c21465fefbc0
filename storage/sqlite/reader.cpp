// Every question that the engine asks, as one statement that an index answers. The few that read a whole table say so.

#include "storage/sqlite/reader.hpp"

#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/visits.hpp"

namespace caravan::sqlite {

SqliteReader::SqliteReader(const std::filesystem::path& file, const SqliteSettings& settings)
    : connection_(file, Access::look, settings) {}

void SqliteReader::refresh() {
  if (!in_snapshot_) return;
  end_.prepare("COMMIT");
  end_.run();
  in_snapshot_ = false;
}

template <class... Values>
void SqliteReader::query(Statement& statement, const char* sql, const Values&... values) {
  if (!in_snapshot_) {
    begin_.prepare("BEGIN DEFERRED");
    begin_.run();
    in_snapshot_ = true;
  }
  statement.prepare(sql);
  statement.bind(values...);
}

std::int64_t SqliteReader::number(Statement& statement, const char* sql) {
  query(statement, sql);
  Rows rows(statement);
  return rows.next() ? statement.integer(0) : 0;
}

std::optional<Instant> SqliteReader::instant(Statement& statement, const char* sql) {
  query(statement, sql);
  Rows rows(statement);
  if (!rows.next()) return std::nullopt;
  return instant_in(statement, 0);
}

void SqliteReader::damaged(const std::string& what) const {
  throw StoreError(connection_.file().string() + ": the file is damaged (" + what +
                   "): restore it from a backup, or try `sqlite3 FILE .recover`");
}

Attributes SqliteReader::attributes_in(const Statement& row, int column) const {
  try {
    return Attributes::from_bytes(std::string(row.bytes(column)));
  } catch (const std::runtime_error& error) {
    damaged(error.what());
  }
}

AccountRecord SqliteReader::account_in(const Statement& row) const {
  return {{row.integer(0)}, std::string(row.bytes(1)), attributes_in(row, 2)};
}

PersonRecord SqliteReader::person_in(const Statement& row) const {
  return {{row.integer(0)}, {row.integer(1)}, std::string(row.bytes(2)), attributes_in(row, 3)};
}

/// Reads the whole table: once, at a start.
std::vector<std::pair<NameId, std::string>> SqliteReader::names() {
  query(names_, "SELECT number, text FROM name ORDER BY number");
  std::vector<std::pair<NameId, std::string>> names;
  for (Rows rows(names_); rows.next();)
    names.emplace_back(static_cast<NameId>(names_.integer(0)), names_.bytes(1));
  return names;
}

std::optional<AccountRecord> SqliteReader::account(AccountId id) {
  query(account_by_id_, "SELECT id, key, attributes FROM account WHERE id = ?1", id);
  Rows rows(account_by_id_);
  if (!rows.next()) return std::nullopt;
  return account_in(account_by_id_);
}

std::optional<AccountRecord> SqliteReader::account(std::string_view key) {
  query(account_by_key_, "SELECT id, key, attributes FROM account WHERE key = ?1", key);
  Rows rows(account_by_key_);
  if (!rows.next()) return std::nullopt;
  return account_in(account_by_key_);
}

std::optional<PersonRecord> SqliteReader::person(std::string_view key) {
  query(person_by_key_, "SELECT id, account, key, attributes FROM person WHERE key = ?1", key);
  Rows rows(person_by_key_);
  if (!rows.next()) return std::nullopt;
  return person_in(person_by_key_);
}

void SqliteReader::accounts_from(AccountId first, std::size_t limit, std::vector<AccountRecord>& to) {
  query(accounts_from_, "SELECT id, key, attributes FROM account WHERE id >= ?1 ORDER BY id LIMIT ?2", first, limit);
  for (Rows rows(accounts_from_); rows.next();)
    to.push_back(account_in(accounts_from_));
}

void SqliteReader::people_of(AccountId account, std::vector<PersonRecord>& to) {
  query(people_of_, "SELECT id, account, key, attributes FROM person WHERE account = ?1 ORDER BY id", account);
  for (Rows rows(people_of_); rows.next();)
    to.push_back(person_in(people_of_));
}

void SqliteReader::tokens_of(AccountId account, std::vector<TokenRecord>& to) {
  query(tokens_of_, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE account = ?1 ORDER BY id", account);
  for (Rows rows(tokens_of_); rows.next();)
    to.push_back(token_in(tokens_of_));
}

void SqliteReader::groups_of(AccountId account, std::vector<GroupRecord>& to) {
  const std::size_t first = to.size();
  query(groups_of_, "SELECT interest, created_at FROM buying_group WHERE account = ?1 ORDER BY interest", account);
  for (Rows rows(groups_of_); rows.next();)
    to.push_back({account, static_cast<NameId>(groups_of_.integer(0)), instant_in(groups_of_, 1), {}});

  // Both in the order of interests: members go to the group the walk has come to.
  query(members_of_,
        "SELECT interest, person, role, source, since FROM member WHERE account = ?1 ORDER BY interest, person",
        account);
  std::size_t group = first;
  for (Rows rows(members_of_); rows.next();) {
    const auto interest = static_cast<NameId>(members_of_.integer(0));
    while (group < to.size() && to[group].interest < interest)
      ++group;
    if (group == to.size() || to[group].interest != interest) damaged("a member of a buying group that is not there");
    to[group].members.push_back({{members_of_.integer(1)},
                                 static_cast<NameId>(members_of_.integer(2)),
                                 static_cast<MembershipSource>(members_of_.integer(3)),
                                 instant_in(members_of_, 4)});
  }
}

void SqliteReader::due_tokens(Instant until, DueCursor cursor, std::size_t limit, std::vector<TokenRecord>& to) {
  const std::size_t full = to.size() + limit;
  // Two seeks, because SQLite (3.40) walks through all that is due at the cursor's instant when asked for
  // `(due_at, id) > (?, ?)`, and after an import a million tokens may be due at the same one.
  if (cursor.due_at <= until) {
    query(due_with_cursor_,
          "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE due_at = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
          cursor.due_at, cursor.token, limit);
    for (Rows rows(due_with_cursor_); rows.next();)
      to.push_back(token_in(due_with_cursor_));
  }
  if (to.size() == full) return;
  query(due_after_cursor_,
        "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE due_at > ?1 AND due_at <= ?2 ORDER BY due_at, id LIMIT ?3",
        cursor.due_at, until, full - to.size());
  for (Rows rows(due_after_cursor_); rows.next();)
    to.push_back(token_in(due_after_cursor_));
}

std::optional<Instant> SqliteReader::next_due() {
  return instant(next_due_, "SELECT due_at FROM token WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1");
}

void SqliteReader::accounts_to_evaluate(AccountId first, std::size_t limit, std::vector<AccountId>& to) {
  query(accounts_to_evaluate_, "SELECT account FROM account_to_evaluate WHERE account >= ?1 ORDER BY account LIMIT ?2",
        first, limit);
  for (Rows rows(accounts_to_evaluate_); rows.next();)
    to.push_back({accounts_to_evaluate_.integer(0)});
}

// `state <> 3` repeats what `state = ...` says: by these very words SQLite knows that the partial index will do.

void SqliteReader::pending_deliveries(Instant until, std::size_t limit, std::vector<DeliveryRecord>& to) {
  query(pending_deliveries_,
        "SELECT " CARAVAN_DELIVERY_COLUMNS
        " FROM delivery WHERE state = 1 AND state <> 3 AND next_attempt_at <= ?1 ORDER BY next_attempt_at LIMIT ?2",
        until, limit);
  for (Rows rows(pending_deliveries_); rows.next();)
    to.push_back(delivery_in(pending_deliveries_));
}

std::optional<Instant> SqliteReader::next_attempt() {
  return instant(next_attempt_,
                 "SELECT next_attempt_at FROM delivery WHERE state = 1 AND state <> 3 AND next_attempt_at IS NOT NULL"
                 " ORDER BY next_attempt_at LIMIT 1");
}

/// For those delivered it reads the table from its beginning until it has found `limit`.
void SqliteReader::deliveries_in(DeliveryState state, std::size_t limit, std::vector<DeliveryRecord>& to) {
  Statement& statement = state == DeliveryState::delivered ? delivered_ : open_deliveries_in_;
  if (state == DeliveryState::delivered)
    query(statement, "SELECT " CARAVAN_DELIVERY_COLUMNS " FROM delivery WHERE state = 3 LIMIT ?1", limit);
  else
    query(statement, "SELECT " CARAVAN_DELIVERY_COLUMNS " FROM delivery WHERE state = ?2 AND state <> 3 LIMIT ?1",
          limit, state);
  for (Rows rows(statement); rows.next();)
    to.push_back(delivery_in(statement));
}

void SqliteReader::runs_of(TokenId token, std::vector<RunRecord>& to) {
  query(runs_of_, "SELECT first_visit, at, visits FROM run WHERE token = ?1 ORDER BY first_visit", token);
  for (Rows rows(runs_of_); rows.next();) {
    auto visits = unpack_visits(runs_of_.bytes(2));
    if (!visits) damaged("the visits of token " + std::to_string(token.value));
    to.push_back({token, static_cast<std::uint32_t>(runs_of_.integer(0)), instant_in(runs_of_, 1), std::move(*visits)});
  }
}

void SqliteReader::deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) {
  query(deliveries_of_, "SELECT " CARAVAN_DELIVERY_COLUMNS " FROM delivery WHERE token = ?1 ORDER BY visit, recipient",
        token);
  for (Rows rows(deliveries_of_); rows.next();)
    to.push_back(delivery_in(deliveries_of_));
}

void SqliteReader::notes_of(AccountId account, std::vector<NoteRecord>& to) {
  query(notes_of_, "SELECT at, kind, token, node, text FROM note WHERE account = ?1 ORDER BY at, sequence", account);
  for (Rows rows(notes_of_); rows.next();)
    to.push_back({account,
                  instant_in(notes_of_, 0),
                  static_cast<NoteKind>(notes_of_.integer(1)),
                  {notes_of_.integer(2)},
                  node_in(notes_of_, 3),
                  std::string(notes_of_.bytes(4))});
}

/// Reads the whole table, which has a row a node, path and message.
std::vector<std::pair<CounterKey, std::int64_t>> SqliteReader::counters() {
  query(counters_, "SELECT version, kind, slot, path, amount FROM counter ORDER BY version, kind, slot, path");
  std::vector<std::pair<CounterKey, std::int64_t>> counters;
  for (Rows rows(counters_); rows.next();) {
    const std::int64_t path = counters_.integer(3);
    counters.push_back({{{counters_.integer(0)},
                         static_cast<CounterKind>(counters_.integer(1)),
                         static_cast<std::uint16_t>(counters_.integer(2)),
                         path < 0 ? kNoPath : static_cast<PathIndex>(path)},
                        counters_.integer(4)});
  }
  return counters;
}

/// Reads the whole table: once, at a start.
std::vector<VersionRecord> SqliteReader::versions() {
  query(versions_, "SELECT id, journey, number, fingerprint, published_at, live, snapshot FROM version ORDER BY id");
  std::vector<VersionRecord> versions;
  for (Rows rows(versions_); rows.next();)
    versions.push_back({{versions_.integer(0)},
                        std::string(versions_.bytes(1)),
                        static_cast<std::uint32_t>(versions_.integer(2)),
                        std::string(versions_.bytes(3)),
                        instant_in(versions_, 4),
                        versions_.integer(5) != 0,
                        versions_.integer(6)});
  return versions;
}

SnapshotRecord SqliteReader::snapshot(std::int64_t id) {
  query(snapshot_, "SELECT id FROM snapshot WHERE id = ?1", id);
  if (Rows rows(snapshot_); !rows.next()) damaged("snapshot " + std::to_string(id) + " is not there");
  query(snapshot_texts_, "SELECT path, text FROM snapshot_text WHERE snapshot = ?1", id);
  SnapshotRecord snapshot{id, {}};
  for (Rows rows(snapshot_texts_); rows.next();)
    snapshot.texts.emplace(snapshot_texts_.bytes(0), snapshot_texts_.bytes(1));
  return snapshot;
}

/// Reads the whole table, which has a row a live version.
std::vector<SweepRecord> SqliteReader::sweeps() {
  query(sweeps_, "SELECT version, next_account FROM sweep ORDER BY version");
  std::vector<SweepRecord> sweeps;
  for (Rows rows(sweeps_); rows.next();)
    sweeps.push_back({{sweeps_.integer(0)}, {sweeps_.integer(1)}});
  return sweeps;
}

std::optional<Instant> SqliteReader::engine_time() {
  return instant(engine_time_, "SELECT value FROM setting WHERE name = 'engine_time'");
}

Reader::Greatest SqliteReader::greatest() {
  Greatest greatest;
  greatest.account.value = number(greatest_account_, "SELECT max(id) FROM account");
  greatest.person.value = number(greatest_person_, "SELECT max(id) FROM person");
  greatest.token.value = number(greatest_token_, "SELECT max(id) FROM token");
  greatest.version.value = number(greatest_version_, "SELECT max(id) FROM version");
  greatest.snapshot = number(greatest_snapshot_, "SELECT max(id) FROM snapshot");
  return greatest;
}

/// Counts rows, which reads through an index of each table: for reports, not for the engine's way.
Reader::Totals SqliteReader::totals() {
  Totals totals;
  totals.accounts = number(count_accounts_, "SELECT count(*) FROM account");
  totals.people = number(count_people_, "SELECT count(*) FROM person");
  totals.groups = number(count_groups_, "SELECT count(*) FROM buying_group");
  totals.members = number(count_members_, "SELECT count(*) FROM member");
  return totals;
}

}  // namespace caravan::sqlite
