// Every question that the engine asks while it runs, as one statement that an index answers. The few that read a whole
// table say so. What concerns buying groups and engagement stands in reader_groups.cpp.

#include "storage/sqlite/reader.hpp"

#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {

SqliteReader::SqliteReader(const std::filesystem::path& file, const SqliteSettings& settings)
    : connection_(file, Access::look, settings) {}

void SqliteReader::refresh() {
  if (!in_snapshot_) return;
  in_snapshot_ = false;
  has_relations_.reset();
  if (!connection_.is_in_transaction()) return;
  try {
    end_.prepare("COMMIT");
    end_.run();
  } catch (const StoreError&) {
    connection_.roll_back();  // what only read has nothing to lose
  }
}

void SqliteReader::begin_snapshot() {
  begin_.prepare("BEGIN DEFERRED");
  begin_.run();
  in_snapshot_ = true;
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
  return {{row.integer(0)}, {row.integer(1)}, std::string(row.bytes(2)), attributes_in(row, 3), name_in(row, 4)};
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
  query(person_by_key_, "SELECT id, account, key, attributes, account_role FROM person WHERE key = ?1", key);
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
  const auto first = static_cast<std::ptrdiff_t>(to.size());
  query(people_of_, "SELECT id, account, key, attributes, account_role FROM person WHERE account = ?1 ORDER BY id",
        account);
  for (Rows rows(people_of_); rows.next();)
    to.push_back(person_in(people_of_));
  if (!has_relations()) return;

  const auto related = static_cast<std::ptrdiff_t>(to.size());
  query(
      related_people_of_,
      "SELECT person.id, person.account, key, attributes, role FROM relation JOIN person ON person.id = relation.person"
      " WHERE relation.account = ?1 ORDER BY relation.person",
      account);
  for (Rows rows(related_people_of_); rows.next();)
    to.push_back(person_in(related_people_of_));
  std::inplace_merge(to.begin() + first, to.begin() + related, to.end(),
                     [](const PersonRecord& a, const PersonRecord& b) { return a.id < b.id; });
}

std::optional<PersonRecord> SqliteReader::person(PersonId id) {
  query(person_by_id_, "SELECT id, account, key, attributes, account_role FROM person WHERE id = ?1", id);
  Rows rows(person_by_id_);
  if (!rows.next()) return std::nullopt;
  return person_in(person_by_id_);
}

std::optional<AccountId> SqliteReader::account_of(PersonId person) {
  query(account_of_, "SELECT account FROM person WHERE id = ?1", person);
  Rows rows(account_of_);
  if (!rows.next()) return std::nullopt;
  return AccountId{account_of_.integer(0)};
}

void SqliteReader::relations_of(PersonId person, std::vector<RelationRecord>& to) {
  query(relations_of_, "SELECT account, role FROM relation WHERE person = ?1 ORDER BY account", person);
  for (Rows rows(relations_of_); rows.next();)
    to.push_back({person, {relations_of_.integer(0)}, name_in(relations_of_, 1)});
}

/// Asked once a snapshot, because every turn that loads an account's people asks it.
bool SqliteReader::has_relations() {
  if (!has_relations_) has_relations_ = number(has_relations_query_, "SELECT 1 FROM relation LIMIT 1") == 1;
  return *has_relations_;
}

void SqliteReader::kept_consent(std::string_view address, std::vector<KeptConsentRecord>& to) {
  query(kept_consent_, "SELECT kind, topic, at FROM kept_consent WHERE address = ?1 ORDER BY kind, topic",
        std::span<const char>(address));
  for (Rows rows(kept_consent_); rows.next();)
    to.push_back({std::string(address), static_cast<ConsentKind>(kept_consent_.integer(0)),
                  std::string(kept_consent_.bytes(1)), instant_in(kept_consent_, 2)});
}

bool SqliteReader::has_kept_consent() {
  return number(has_kept_consent_, "SELECT 1 FROM kept_consent LIMIT 1") == 1;
}

void SqliteReader::tokens_of(AccountId account, std::vector<TokenRecord>& to) {
  query(tokens_of_, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE account = ?1 ORDER BY id", account);
  for (Rows rows(tokens_of_); rows.next();)
    to.push_back(token_in(tokens_of_));
}

void SqliteReader::activity_of(AccountId account, std::vector<ActivityRecord>& to) {
  query(activity_of_,
        "SELECT sequence, at, person, type, id, properties FROM activity WHERE account = ?1 ORDER BY sequence",
        account);
  for (Rows rows(activity_of_); rows.next();)
    to.push_back({account,
                  activity_of_.integer(0),
                  instant_in(activity_of_, 1),
                  {activity_of_.integer(2)},
                  name_in(activity_of_, 3),
                  std::string(activity_of_.bytes(4)),
                  attributes_in(activity_of_, 5)});
}

std::int64_t SqliteReader::activity_count(AccountId account) {
  return number(activity_count_, "SELECT count(*) FROM activity WHERE account = ?1", account);
}

bool SqliteReader::has_activity(AccountId account, std::string_view id) {
  query(has_activity_, "SELECT 1 FROM activity WHERE account = ?1 AND id = ?2", account, id);
  Rows rows(has_activity_);
  return rows.next();
}

void SqliteReader::audiences_of(AccountId account, std::vector<AudienceMemberRecord>& to) {
  query(audiences_of_, "SELECT audience, since FROM audience_member WHERE account = ?1 ORDER BY audience", account);
  for (Rows rows(audiences_of_); rows.next();)
    to.push_back({account, name_in(audiences_of_, 0), instant_in(audiences_of_, 1)});
}

void SqliteReader::audiences_between(AccountId first, AccountId last, std::vector<AudienceMemberRecord>& to) {
  query(audiences_between_,
        "SELECT account, audience, since FROM audience_member WHERE account >= ?1 AND account <= ?2"
        " ORDER BY account, audience",
        first, last);
  for (Rows rows(audiences_between_); rows.next();)
    to.push_back({{audiences_between_.integer(0)}, name_in(audiences_between_, 1), instant_in(audiences_between_, 2)});
}

bool SqliteReader::was_mailed(const MailedRecord& mailed) {
  query(was_mailed_, "SELECT 1 FROM mailed WHERE journey = ?1 AND message = ?2 AND address = ?3", mailed.journey,
        mailed.message, mailed.address);
  Rows rows(was_mailed_);
  return rows.next();
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

/// Goes by the ids, past tokens that have ended: it reads as many rows as lie between the two ids, or until it has
/// found `limit`.
void SqliteReader::open_tokens(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) {
  query(open_tokens_,
        "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE id >= ?1 AND id <= ?2 AND state < 6 ORDER BY id LIMIT ?3",
        first, last, limit);
  for (Rows rows(open_tokens_); rows.next();)
    to.push_back(token_in(open_tokens_));
}

void SqliteReader::held_tokens(TokenId first, std::size_t limit, std::vector<TokenRecord>& to) {
  query(held_tokens_, "SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE state = 5 AND id >= ?1 ORDER BY id LIMIT ?2",
        first, limit);
  for (Rows rows(held_tokens_); rows.next();)
    to.push_back(token_in(held_tokens_));
}

void SqliteReader::accounts_to_evaluate(AccountId first, std::size_t limit, std::vector<AccountId>& to) {
  query(accounts_to_evaluate_, "SELECT account FROM account_to_evaluate WHERE account >= ?1 ORDER BY account LIMIT ?2",
        first, limit);
  for (Rows rows(accounts_to_evaluate_); rows.next();)
    to.push_back({accounts_to_evaluate_.integer(0)});
}

// `state <> 3` repeats what `state = ...` says: by these very words SQLite knows that the partial index will do.

/// One step of the index a message: each begins behind the message before.
void SqliteReader::pending_messages(std::vector<PendingMessage>& to) {
  PendingMessage last;
  for (std::int64_t message = -1;; message = static_cast<std::int64_t>(last.message)) {
    query(pending_message_,
          "SELECT version, message, next_attempt_at FROM delivery"
          " WHERE state = 1 AND state <> 3 AND (version, message) > (?1, ?2)"
          " ORDER BY version, message, next_attempt_at LIMIT 1",
          last.version, message);
    Rows rows(pending_message_);
    if (!rows.next()) return;
    last.version = {pending_message_.integer(0)};
    last.message = static_cast<MessageIndex>(pending_message_.integer(1));
    last.next_attempt_at = instant_in(pending_message_, 2);
    to.push_back(last);
  }
}

void SqliteReader::pending_deliveries(VersionId version, MessageIndex message, Instant until, std::size_t limit,
                                      std::vector<DeliveryRecord>& to) {
  query(pending_deliveries_,
        "SELECT " CARAVAN_DELIVERY_COLUMNS
        " FROM delivery WHERE state = 1 AND state <> 3 AND version = ?1 AND message = ?2 AND next_attempt_at <= ?3"
        " ORDER BY next_attempt_at LIMIT ?4",
        version, message, until, limit);
  for (Rows rows(pending_deliveries_); rows.next();)
    to.push_back(delivery_in(pending_deliveries_, texts_));
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
    to.push_back(delivery_in(statement, texts_));
}

}  // namespace caravan::sqlite
