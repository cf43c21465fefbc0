// What readers see and when, in what order, and that an index answers each of their questions.

#include "storage/sqlite/reader.hpp"

#include <set>

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

TEST_CASE("a reader sees one state until it is refreshed, and a new reader the newest") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(with_accounts({1}));
  const auto reader = store->reader();
  REQUIRE(reader->greatest().account.value == 1);

  store->commit(with_accounts({2}));
  CHECK(reader->greatest().account.value == 1);
  CHECK_FALSE(reader->account("account-2"));
  CHECK(store->reader()->greatest().account.value == 2);

  reader->refresh();
  CHECK(reader->account("account-2"));
  CHECK(reader->greatest().account.value == 2);
}

TEST_CASE("a reader in another process sees what is committed beside it") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(with_accounts({1}));
  Child child([&](int output) {
    const auto reader = open_sqlite(folder.file(), OpenMode::read)->reader();
    Child::say(output, std::to_string(reader->greatest().account.value));
  });
  CHECK(child.hear_all() == "1");
}

std::vector<std::int64_t> ids_of(const std::vector<TokenRecord>& tokens) {
  std::vector<std::int64_t> ids;
  for (const TokenRecord& token : tokens)
    ids.push_back(token.id.value);
  return ids;
}

TEST_CASE("due tokens come by time, then by id, and the cursor goes on after the last one seen") {
  const auto store = std::make_unique<BothStores>();
  Changes changes;
  const std::pair<std::int64_t, std::int64_t> due[] = {{1, 30}, {2, 10}, {3, 20}, {4, 10}, {5, 20}, {6, 10}, {7, 40}};
  for (const auto& [id, time] : due)
    changes.tokens.push_back({waiting_token(id, time), true});
  TokenRecord idle = waiting_token(8, 0);
  idle.due_at.reset();
  changes.tokens.push_back({idle, true});
  store->commit(changes);
  const auto reader = store->reader();
  CHECK(reader->next_due() == at(10));

  std::vector<TokenRecord> tokens;
  reader->due_tokens(at(30), {}, 100, tokens);
  CHECK(ids_of(tokens) == std::vector<std::int64_t>{2, 4, 6, 3, 5, 1});

  tokens.clear();
  DueCursor cursor;
  std::vector<std::int64_t> seen;
  do {
    tokens.clear();
    reader->due_tokens(at(30), cursor, 2, tokens);
    for (const std::int64_t id : ids_of(tokens))
      seen.push_back(id);
    if (!tokens.empty()) cursor = {*tokens.back().due_at, tokens.back().id};
  } while (!tokens.empty());
  CHECK(seen == std::vector<std::int64_t>{2, 4, 6, 3, 5, 1});

  tokens.clear();
  reader->due_tokens(at(9), {}, 100, tokens);
  CHECK(tokens.empty());
}

TEST_CASE("open tokens come by id between two ids, as many as asked for, without those that have ended") {
  const auto store = std::make_unique<BothStores>();
  Changes changes;
  const TokenState states[] = {TokenState::ready,   TokenState::waiting,   TokenState::listening,
                               TokenState::joining, TokenState::completed, TokenState::held,
                               TokenState::left,    TokenState::failed,    TokenState::waiting};
  for (const TokenState state : states) {
    TokenRecord token = waiting_token(static_cast<std::int64_t>(changes.tokens.size()) + 1, 10);
    token.state = state;
    changes.tokens.push_back({token, true});
  }
  store->commit(changes);
  const auto reader = store->reader();
  const auto open = [&](std::int64_t first, std::int64_t last, std::size_t limit) {
    return ids_of(gather<TokenRecord>([&](auto& to) { reader->open_tokens({first}, {last}, limit, to); }));
  };
  CHECK(open(1, 9, 100) == std::vector<std::int64_t>{1, 2, 3, 4, 6, 9});
  CHECK(open(2, 6, 100) == std::vector<std::int64_t>{2, 3, 4, 6});
  CHECK(open(3, 9, 2) == std::vector<std::int64_t>{3, 4});
  CHECK(open(7, 8, 100).empty());
}

TEST_CASE("held tokens come by id from one on, and a token that goes on is not among them any more") {
  const auto store = std::make_unique<BothStores>();
  Changes changes;
  for (const std::int64_t id : {5, 2, 9, 4}) {
    TokenRecord token = waiting_token(id, 10);
    token.state = id == 4 ? TokenState::waiting : TokenState::held;
    changes.tokens.push_back({token, true});
  }
  store->commit(changes);
  const auto reader = store->reader();
  const auto held = [&](std::int64_t first, std::size_t limit) {
    return ids_of(gather<TokenRecord>([&](auto& to) { reader->held_tokens({first}, limit, to); }));
  };
  CHECK(held(0, 100) == std::vector<std::int64_t>{2, 5, 9});
  CHECK(held(3, 1) == std::vector<std::int64_t>{5});

  Changes on;
  on.tokens = {{waiting_token(5, 10), false}};
  store->commit(on);
  reader->refresh();
  CHECK(held(0, 100) == std::vector<std::int64_t>{2, 9});
}

TEST_CASE("times before 1970 are due before those after it") {
  const auto store = std::make_unique<BothStores>();
  Changes changes;
  changes.tokens = {{waiting_token(1, 5), true}, {waiting_token(2, -5), true}};
  store->commit(changes);
  CHECK(store->reader()->next_due() == at(-5));
}

TEST_CASE("pending deliveries come by the time of their next attempt, others by their state") {
  const auto store = std::make_unique<BothStores>();
  Changes changes;
  changes.deliveries = {pending_delivery(1, 0, 30), pending_delivery(2, 0, 10), pending_delivery(3, 0, 20)};
  for (const auto state : {DeliveryState::under_way, DeliveryState::delivered, DeliveryState::failed}) {
    DeliveryRecord other = pending_delivery(4, static_cast<std::uint32_t>(state), 0);
    other.next_attempt_at.reset();
    other.state = state;
    changes.deliveries.push_back(other);
  }
  store->commit(changes);
  const auto reader = store->reader();
  std::vector<DeliveryRecord> pending;
  reader->pending_deliveries(pending_delivery(1, 0, 0).version, pending_delivery(1, 0, 0).message, at(20), 10, pending);
  REQUIRE(pending.size() == 2);
  CHECK(pending[0].key.token.value == 2);
  CHECK(pending[1].key.token.value == 3);

  for (const auto state : {DeliveryState::under_way, DeliveryState::delivered, DeliveryState::failed}) {
    std::vector<DeliveryRecord> some;
    reader->deliveries_in(state, 10, some);
    REQUIRE(some.size() == 1);
    CHECK(some[0].state == state);
  }
  std::vector<DeliveryRecord> all_pending;
  reader->deliveries_in(DeliveryState::pending, 2, all_pending);
  CHECK(all_pending.size() == 2);
}

TEST_CASE("what is pending is told message by message, each with its first time, and taken the same way") {
  const auto store = std::make_unique<BothStores>();
  Changes changes;
  const auto promise = [&](std::int64_t token, std::int64_t version, std::uint16_t message, std::int64_t time) {
    DeliveryRecord delivery = pending_delivery(token, 0, time);
    delivery.version = {version};
    delivery.message = MessageIndex{message};
    changes.deliveries.push_back(delivery);
  };
  promise(1, 7, 0, 30);
  promise(2, 7, 0, 20);
  promise(3, 7, 5, 50);
  promise(4, 9, 0, 10);
  promise(5, 9, 0, 15);
  store->commit(changes);
  const auto reader = store->reader();
  std::vector<PendingMessage> messages;
  reader->pending_messages(messages);
  REQUIRE(messages.size() == 3);
  std::map<std::pair<std::int64_t, int>, Instant> first;
  for (const PendingMessage& each : messages)
    first[{each.version.value, static_cast<int>(each.message)}] = each.next_attempt_at;
  CHECK(first == std::map<std::pair<std::int64_t, int>, Instant>{{{7, 0}, at(20)}, {{7, 5}, at(50)}, {{9, 0}, at(10)}});

  std::vector<DeliveryRecord> pending;
  reader->pending_deliveries({9}, MessageIndex{0}, at(100), 1, pending);
  reader->pending_deliveries({7}, MessageIndex{0}, at(20), 10, pending);
  reader->pending_deliveries({7}, MessageIndex{5}, at(49), 10, pending);
  reader->pending_deliveries({8}, MessageIndex{0}, at(100), 10, pending);
  REQUIRE(pending.size() == 2);
  CHECK(pending[0].key.token.value == 4);
  CHECK(pending[1].key.token.value == 2);
}

TEST_CASE("attributes that are damaged in the file are an error that names the file") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write)->commit(with_accounts({1}));
  ask(folder.file(), "UPDATE account SET attributes = x'ff'");
  const auto reader = open_sqlite(folder.file(), OpenMode::read)->reader();
  CHECK_THAT(error_of([&] { reader->account(AccountId{1}); }), says(folder.file().string() + ": the file is damaged"));
  // The reader stays usable.
  CHECK(reader->greatest().account.value == 1);
}

/// Runs every function of a reader once, so that all its statements are prepared.
void ask_everything(Reader& reader) {
  std::vector<AccountRecord> accounts;
  std::vector<AccountId> account_ids;
  std::vector<PersonRecord> people;
  std::vector<TokenRecord> tokens;
  std::vector<GroupRecord> groups;
  std::vector<DeliveryRecord> deliveries;
  std::vector<PendingMessage> messages;
  std::vector<RunRecord> runs;
  std::vector<NoteRecord> notes;
  std::vector<ActivityRecord> activity;
  std::vector<AudienceMemberRecord> audience_members;
  std::vector<RosterRecord> rosters;
  std::vector<RosterChange> roster_changes;
  std::vector<RelationRecord> relations;
  std::vector<GroupChangeRecord> group_changes;
  std::vector<ActivityPoint> points;
  std::vector<NameId> gathered_names;
  std::vector<EngagementRecord> engagement;
  std::vector<EngagementDueRecord> engagement_due;
  reader.names();
  reader.account(AccountId{1});
  reader.account("");
  reader.person("");
  reader.accounts_from({}, 1, accounts);
  reader.people_of({1}, people);
  reader.person(PersonId{1});
  reader.account_of({1});
  reader.relations_of({1}, relations);
  reader.relations_of({1}, {}, 1, relations);
  reader.tokens_of({1}, tokens);
  reader.token({1});
  reader.groups_of({1}, groups);
  reader.groups_after({}, 1, groups);
  reader.interests_of({1}, gathered_names);
  reader.group_changes_of({1}, group_changes);
  reader.activity_of({1}, activity);
  reader.activity_count({1});
  reader.activity_points({1}, at(0), at(9), points);
  reader.has_activity({1}, "");
  reader.engagement({1});
  reader.engagement_of({1}, engagement);
  reader.engagement_after({}, 1, engagement);
  reader.engagement_due(at(1), {}, 1, engagement_due);
  reader.engagement_round();
  reader.audiences_of({1}, audience_members);
  reader.audiences_between({1}, {2}, audience_members);
  reader.was_mailed({});
  reader.due_tokens(at(1), {}, 1, tokens);
  reader.next_due();
  reader.open_tokens({1}, {2}, 1, tokens);
  reader.held_tokens({1}, 1, tokens);
  for (const Order order : {Order::ascending, Order::descending}) {
    reader.accounts_by_key({.order = order}, accounts);
    reader.people_by_key({.order = order}, people);
    reader.people_by_id({.order = order}, people);
    reader.accounts_by_id({.page = {.order = order}}, accounts);
    EnrollmentSearch enrollments{{.page = {.order = order}}};
    reader.enrollments(enrollments, tokens);
    enrollments.states = {TokenState::held};
    reader.enrollments(enrollments, tokens);
    enrollments.account = {1};
    reader.enrollments(enrollments, tokens);
    DeliverySearch promised{{.page = {.order = order}}};
    reader.deliveries(promised, deliveries);
    promised.token = {1};
    reader.deliveries(promised, deliveries);
    reader.people_of({1}, {.order = order}, people);
    gather<MemberRecord>([&](auto& to) { reader.members_of({1}, NameId{1}, {.order = order}, to); });
    gather<Positioned<GroupChangeRecord>>(
        [&](auto& to) { reader.group_changes_of({1}, NameId{1}, {.order = order}, to); });
    reader.activity_of({1}, {.order = order}, activity);
    reader.runs_of({1}, {.order = order, .from = at(1), .visit = 1}, runs);
    gather<Positioned<NoteRecord>>([&](auto& to) { reader.notes_of({1}, {.order = order}, to); });
    reader.audience_members({{.page = {.order = order}}, NameId{1}}, audience_members);
    gather<AuditRecord>([&](auto& to) { reader.audit({{.page = {.order = order}}}, to); });
  }
  reader.delivery({});
  reader.asked_key("", "");
  reader.accounts_to_evaluate({}, 1, account_ids);
  reader.pending_messages(messages);
  reader.pending_deliveries({1}, MessageIndex{0}, at(1), 1, deliveries);
  reader.deliveries_in(DeliveryState::under_way, 1, deliveries);
  reader.deliveries_in(DeliveryState::delivered, 1, deliveries);
  reader.runs_of({1}, runs);
  reader.deliveries_of({1}, deliveries);
  reader.notes_of({1}, notes);
  reader.counters();
  reader.versions();
  reader.snapshot(1);
  reader.definitions();
  reader.journeys();
  reader.tasks();
  reader.sweeps();
  reader.rosters_of({1}, {}, 1, rosters);
  reader.roster(RosterKind::list, NameId{1}, {}, 1, rosters);
  reader.roster_changes(RosterKind::list, NameId{1}, 0, 1, roster_changes);
  reader.has_kept_consent();
  gather<KeptConsentRecord>([&](auto& to) { reader.kept_consent("", to); });
  reader.engine_time();
  reader.history();
  gather<TokenRecord>([&](auto& to) { reader.enrollments_with_history({1}, {9}, 9, to); });
  TokenRecord ended = waiting_token(1, 0);
  ended.state = TokenState::left;
  reader.why_untold(ended);
  reader.greatest();
  reader.totals();
}

/// The lines of a statement's plan.
std::vector<std::string> plan_of(sqlite3* handle, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(handle, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &statement, nullptr) == SQLITE_OK);
  std::vector<std::string> lines;
  while (sqlite3_step(statement) == SQLITE_ROW)
    lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
  sqlite3_finalize(statement);
  return lines;
}

std::map<std::string, std::vector<std::string>> plans_of_reader(const TemporaryFolder& folder) {
  Changes changes;
  changes.snapshots = {{1, {}}};
  changes.people = {{{{1}, {1}, "ann", {}}, true}};
  changes.relations = {{{1}, {2}}};
  changes.groups = {group_of(1, NameId{1}, {})};
  changes.activity = {{{1}, 1, at(1), {1}, NameId{1}, "", {}}};
  open_sqlite(folder.file(), OpenMode::write)->commit(changes);
  sqlite::SqliteReader reader(folder.file(), {});
  ask_everything(reader);
  sqlite3* handle = reader.connection().handle();
  std::set<std::string> statements;
  for (sqlite3_stmt* each = sqlite3_next_stmt(handle, nullptr); each != nullptr; each = sqlite3_next_stmt(handle, each))
    statements.insert(sqlite3_sql(each));
  std::map<std::string, std::vector<std::string>> plans;
  for (const std::string& sql : statements)
    plans[sql] = plan_of(handle, sql);
  return plans;
}

TEST_CASE("an index answers every question, and nothing is sorted, but for the small tables and the counts") {
  TemporaryFolder folder;
  // What may read a whole table: small tables, counts for reports, and a look at the beginning of an index.
  const std::set<std::string> whole = {
      "SCAN name",
      "SCAN counter",
      "SCAN version",
      "SCAN journey",
      "SCAN task",
      "SCAN sweep",
      "SCAN definitions",
      "SCAN engagement_round",
      "SCAN relation USING COVERING INDEX relation_by_person",
      "SCAN kept_consent",
      "SCAN buying_group",
      "SCAN member",
      "SCAN account USING COVERING INDEX sqlite_autoindex_account_1",
      "SCAN person USING COVERING INDEX person_by_account",
      "SCAN token USING COVERING INDEX token_due",
      "CORRELATED SCALAR SUBQUERY 1",  // one look into the runs a token
  };
  const auto plans = plans_of_reader(folder);
  CHECK(plans.size() == 117);
  for (const auto& [sql, lines] : plans)
    for (const std::string& line : lines) {
      INFO(sql << "\n" << line);
      CHECK((line.rfind("SEARCH ", 0) == 0 || whole.count(line) == 1 || sql.find("state = 3") != std::string::npos));
    }
}

TEST_CASE("each pending message is one step of the index, and its deliveries come from it in order") {
  TemporaryFolder folder;
  std::set<std::string> seeks;
  for (const auto& [sql, lines] : plans_of_reader(folder))
    if (sql.find("FROM delivery WHERE state = 1") != std::string::npos) seeks.insert(lines.begin(), lines.end());
  CHECK(seeks ==
        std::set<std::string>{
            "SEARCH delivery USING COVERING INDEX delivery_open (state=? AND (version,message)>(?,?))",
            "SEARCH delivery USING INDEX delivery_open (state=? AND version=? AND message=? AND next_attempt_at<?)"});
}

TEST_CASE("held tokens are found by their index, and one among many events by its own") {
  TemporaryFolder folder;
  std::set<std::string> seeks;
  for (const auto& [sql, lines] : plans_of_reader(folder))
    if (sql.find("FROM token WHERE state = 5") != std::string::npos ||
        sql.find("activity WHERE account = ?1 AND id") != std::string::npos ||
        sql.find("FROM roster") != std::string::npos)
      seeks.insert(lines.begin(), lines.end());
  CHECK(seeks == std::set<std::string>{
                     "SEARCH token USING INDEX token_held (state=? AND rowid>?)",
                     "SEARCH token USING INDEX token_held (state=? AND rowid<?)",
                     "SEARCH activity USING COVERING INDEX activity_id (account=? AND id=?)",
                     "SEARCH roster USING PRIMARY KEY (kind=? AND name=? AND (account,person)>(?,?))",
                     "SEARCH roster USING INDEX roster_by_person (person=? AND (kind,name,account)>(?,?,?))",
                     "SEARCH roster_change USING INDEX roster_change_by_name (kind=? AND name=? AND rowid>?)"});
}

TEST_CASE("a page of groups and all of its members are a range of their tables each") {
  TemporaryFolder folder;
  std::set<std::string> seeks;
  for (const auto& [sql, lines] : plans_of_reader(folder))
    if (sql.find("(account, interest) > ") != std::string::npos) seeks.insert(lines.begin(), lines.end());
  CHECK(seeks == std::set<std::string>{
                     "SEARCH buying_group USING PRIMARY KEY ((account,interest)>(?,?))",
                     "SEARCH member USING PRIMARY KEY ((account,interest)>(?,?) AND (account,interest)<(?,?))"});
}

TEST_CASE("an account's related people are found by the account, and a person's accounts by the person") {
  TemporaryFolder folder;
  std::set<std::string> seeks;
  for (const auto& [sql, lines] : plans_of_reader(folder))
    if (sql.find("FROM relation WHERE") != std::string::npos || sql.find("FROM relation JOIN") != std::string::npos)
      seeks.insert(lines.begin(), lines.end());
  CHECK(seeks == std::set<std::string>{"SEARCH relation USING PRIMARY KEY (account=?)",
                                       "SEARCH relation USING PRIMARY KEY (account=? AND person>?)",
                                       "SEARCH relation USING PRIMARY KEY (account=? AND person<?)",
                                       "SEARCH relation USING INDEX relation_by_person (person=? AND account>?)",
                                       "SEARCH person USING INTEGER PRIMARY KEY (rowid=?)",
                                       "SEARCH relation USING INDEX relation_by_person (person=?)"});
}

TEST_CASE("a cursor among tokens that are all due at once seeks its place instead of walking to it") {
  TemporaryFolder folder;
  std::set<std::string> seeks;
  for (const auto& [sql, lines] : plans_of_reader(folder))
    if (sql.find("FROM token WHERE due_at ") != std::string::npos && sql.find("IS NOT NULL") == std::string::npos)
      seeks.insert(lines.begin(), lines.end());
  CHECK(seeks == std::set<std::string>{"SEARCH token USING INDEX token_due (due_at=? AND rowid>?)",
                                       "SEARCH token USING INDEX token_due (due_at>? AND due_at<?)"});
}

}  // namespace
}  // namespace caravan
