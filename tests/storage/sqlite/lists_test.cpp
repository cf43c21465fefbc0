// Lists page by page: both ways, from where the last page ended, and no further than they may look.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

constexpr Order kBothWays[] = {Order::ascending, Order::descending};

template <class Record>
Texts keys_of(const std::vector<Record>& records) {
  Texts keys;
  for (const Record& record : records)
    keys.push_back(record.key);
  return keys;
}

/// All pages of a list by key, one after the other.
template <class Record, class Read>
Texts all_keys(Order order, std::size_t limit, Read read) {
  Texts keys;
  Page<std::string> page{.order = order, .after = {}, .limit = limit};
  for (;;) {
    const auto records = gather<Record>([&](auto& to) { read(page, to); });
    if (records.empty()) return keys;
    CHECK(records.size() <= limit);
    for (const std::string& key : keys_of(records))
      keys.push_back(key);
    page.after = keys.back();
  }
}

/// All that a search finds, and in how many steps.
template <class Record, class Search, class Read>
std::pair<std::vector<Record>, int> all_found(Search search, Read read) {
  std::vector<Record> found;
  for (int steps = 1;; ++steps) {
    const auto searched = read(search, found);
    if (searched.is_end) return {found, steps};
    REQUIRE(steps < 1'000);
    search.page.after = searched.next;
  }
}

TEST_CASE("accounts are listed by key both ways, without those that stand in for one") {
  BothStores store;
  Changes changes;
  std::int64_t id = 0;
  for (const char* key : {"zeta", "~ann", "acme", "~bob", "\xc3\xa9tude", "Beta", "acme2", "~", "\x7fkey"})
    changes.accounts.push_back({{{++id}, key, {}}, true});
  store.commit(changes);
  const auto reader = store.reader();
  const auto read = [&](const Page<std::string>& page, auto& to) { reader->accounts_by_key(page, to); };
  const Texts up{"Beta", "acme", "acme2", "zeta", "\x7fkey", "\xc3\xa9tude"};
  for (const std::size_t limit : {1U, 2U, 4U, 100U}) {
    INFO(limit << " a page");
    CHECK(all_keys<AccountRecord>(Order::ascending, limit, read) == up);
    CHECK(all_keys<AccountRecord>(Order::descending, limit, read) == Texts(up.rbegin(), up.rend()));
  }
  // A cursor need not be anybody's key.
  CHECK(keys_of(gather<AccountRecord>([&](auto& to) { reader->accounts_by_key({.after = "acm", .limit = 2}, to); })) ==
        Texts{"acme", "acme2"});
}

TEST_CASE("people are listed by key and by id both ways, those without an account as well") {
  BothStores store;
  Changes changes = with_accounts({1});
  changes.accounts.push_back({{{2}, "~eve", {}}, true});
  changes.people = {
      {{{1}, {1}, "bob", {}, NameId{3}}, true}, {{{2}, {2}, "eve", {}}, true}, {{{3}, {1}, "ann", {}}, true}};
  store.commit(changes);
  const auto reader = store.reader();
  const auto by_key = [&](const Page<std::string>& page, auto& to) { reader->people_by_key(page, to); };
  CHECK(all_keys<PersonRecord>(Order::ascending, 2, by_key) == Texts{"ann", "bob", "eve"});
  CHECK(all_keys<PersonRecord>(Order::descending, 1, by_key) == Texts{"eve", "bob", "ann"});
  const auto by_id = [&](Page<PersonId> page) {
    return keys_of(gather<PersonRecord>([&](auto& to) { reader->people_by_id(page, to); }));
  };
  CHECK(by_id({}) == Texts{"bob", "eve", "ann"});
  CHECK(by_id({.order = Order::descending, .limit = 2}) == Texts{"ann", "eve"});
  CHECK(by_id({.order = Order::descending, .after = PersonId{2}}) == Texts{"bob"});
  CHECK(gather<PersonRecord>([&](auto& to) { reader->people_by_id({.limit = 1}, to); }).at(0).account_role ==
        NameId{3});
}

TEST_CASE("accounts by id are looked for past stand-ins, so many at once and no more") {
  BothStores store;
  Changes changes = with_accounts({1, 9});
  for (std::int64_t id = 2; id < 9; ++id)
    changes.accounts.push_back({{{id}, "~" + std::to_string(id), {}}, true});
  store.commit(changes);
  const auto reader = store.reader();
  std::vector<AccountRecord> found;
  RowSearch<AccountId> search{.page = {.order = Order::descending, .limit = 5}, .most_rows = 4};
  CHECK(reader->accounts_by_id(search, found) == Searched<AccountId>{false, {6}});
  CHECK(keys_of(found) == Texts{"account-9"});
  search.page.after = AccountId{6};
  CHECK(reader->accounts_by_id(search, found) == Searched<AccountId>{false, {2}});
  CHECK(found.size() == 1);
  search.page.after = AccountId{2};
  CHECK(reader->accounts_by_id(search, found).is_end);
  CHECK(keys_of(found) == Texts{"account-9", "account-1"});
}

/// Tokens 1 to `count`: every third is a person's within the one before, every fifth is held.
Changes with_tokens(std::int64_t count) {
  Changes changes;
  for (std::int64_t id = 1; id <= count; ++id) {
    TokenRecord token = waiting_token(id, 5'000);
    token.version.value = 1 + id % 2;
    token.node = static_cast<NodeIndex>(id % 4);
    if (id % 3 == 0) {
      token.parent.value = id - 1;
      token.person.value = 7;
    }
    if (id % 5 == 0) token.state = TokenState::held;
    changes.tokens.push_back({token, true});
  }
  return changes;
}

TEST_CASE("enrollments are listed both ways by version, node and state, and people's tokens are none") {
  BothStores store;
  store.commit(with_tokens(30));
  const auto reader = store.reader();
  const auto found = [&](EnrollmentSearch search) {
    search.page.limit = 3;
    search.most_rows = 7;
    Numbers ids;
    const auto read = [&](const EnrollmentSearch& next, auto& to) { return reader->enrollments(next, to); };
    for (const TokenRecord& token : all_found<TokenRecord>(search, read).first)
      ids.push_back(token.id.value);
    return ids;
  };
  for (const Order order : kBothWays) {
    const auto in_order = [&](Numbers ids) {
      if (order == Order::descending) std::reverse(ids.begin(), ids.end());
      return ids;
    };
    EnrollmentSearch search;
    search.page.order = order;
    CHECK(found(search).size() == 20);
    search.where = {{{1}, kNoNode}};
    CHECK(found(search) == in_order({2, 4, 8, 10, 14, 16, 20, 22, 26, 28}));
    search.where = {{{1}, NodeIndex{2}}, {{2}, NodeIndex{1}}};
    CHECK(found(search) == in_order({1, 2, 5, 10, 13, 14, 17, 22, 25, 26, 29}));
    search.states = {TokenState::held};
    CHECK(found(search) == in_order({5, 10, 25}));
    search.where.reset();
    CHECK(found(search) == in_order({5, 10, 20, 25}));
    search.states = {TokenState::held, TokenState::waiting};
    CHECK(found(search).size() == 20);
    search.where.emplace();
    CHECK(found(search).empty());
  }
}

TEST_CASE("a page of what is rare looks at no more rows than it may, and says where it goes on") {
  BothStores store;
  store.commit(with_tokens(1'000));
  Changes one;
  one.tokens = {{waiting_token(500, 5'000), false}};
  one.tokens[0].record.state = TokenState::left;
  store.commit(one);
  const auto reader = store.reader();
  EnrollmentSearch search;
  search.states = {TokenState::left};
  search.most_rows = 100;
  std::vector<TokenRecord> tokens;
  CHECK(reader->enrollments(search, tokens) == Searched<TokenId>{false, {100}});
  CHECK(tokens.empty());
  const auto read = [&](const EnrollmentSearch& next, auto& to) { return reader->enrollments(next, to); };
  const auto [found, steps] = all_found<TokenRecord>(search, read);
  REQUIRE(found.size() == 1);
  CHECK(found[0].id.value == 500);
  CHECK(steps == 11);  // the last finds that nothing is behind
}

TEST_CASE("deliveries of all tokens are listed by their keys both ways, and one is found by its key") {
  BothStores store;
  Changes changes;
  for (std::int64_t token = 1; token <= 6; ++token) {
    for (std::uint32_t visit = 0; visit < 2; ++visit) {
      DeliveryRecord delivery = pending_delivery(token, visit, 5'000);
      delivery.version.value = 1 + token % 2;
      delivery.message = static_cast<MessageIndex>(visit);
      delivery.key.recipient.value = visit == 0 ? 3 : -1;
      if (token > 4) {
        delivery.state = token == 5 ? DeliveryState::delivered : DeliveryState::failed;
        delivery.next_attempt_at.reset();
      }
      changes.deliveries.push_back(delivery);
    }
  }
  store.commit(changes);
  const auto reader = store.reader();
  const auto found = [&](DeliverySearch search) {
    search.page.limit = 2;
    search.most_rows = 5;
    std::vector<DeliveryKey> keys;
    const auto read = [&](const DeliverySearch& next, auto& to) { return reader->deliveries(next, to); };
    for (const DeliveryRecord& delivery : all_found<DeliveryRecord>(search, read).first)
      keys.push_back(delivery.key);
    return keys;
  };
  std::vector<DeliveryKey> all;
  for (const DeliveryRecord& delivery : changes.deliveries)
    all.push_back(delivery.key);
  CHECK(found({}) == all);
  DeliverySearch down;
  down.page.order = Order::descending;
  CHECK(found(down) == std::vector<DeliveryKey>(all.rbegin(), all.rend()));
  DeliverySearch some;
  some.states = {DeliveryState::delivered, DeliveryState::failed};
  some.of = {{{1}, {}}, {{2}, MessageIndex{1}}};
  CHECK(found(some) == std::vector<DeliveryKey>{{{5}, 1, {-1}}, {{6}, 0, {3}}, {{6}, 1, {-1}}});

  CHECK(reader->delivery({{6}, 0, {3}}) == changes.deliveries[10]);
  CHECK_FALSE(reader->delivery({{6}, 0, {4}}));
}

AuditRecord line(std::int64_t at_ms, std::string caller, std::string action, std::string refused = {}) {
  return {.sequence = 0,
          .at = at(at_ms),
          .caller = std::move(caller),
          .request_id = "request",
          .action = std::move(action),
          .target = "seeds",
          .refused = std::move(refused)};
}

TEST_CASE("the audit trail numbers its lines, and is read from either end by caller and action") {
  Changes first;
  first.audit = {line(1'000, "ann", "journey.pause"), line(1'000, "crm", "event.tell", "no such account")};
  Changes second;
  second.audit = {line(2'000, "ann", "journey.resume")};
  Reopened store{first, second};
  const auto sequences = [&](const AuditSearch& search) {
    Numbers found;
    for (const AuditRecord& each : gather<AuditRecord>([&](auto& to) { store->audit(search, to); }))
      found.push_back(each.sequence);
    return found;
  };
  CHECK(sequences({}) == Numbers{1, 2, 3});
  AuditSearch newest;
  newest.page = {.order = Order::descending, .limit = 2};
  CHECK(sequences(newest) == Numbers{3, 2});
  newest.page.after = 2;
  CHECK(sequences(newest) == Numbers{1});
  AuditSearch by_ann;
  by_ann.caller = "ann";
  CHECK(sequences(by_ann) == Numbers{1, 3});
  by_ann.action = "journey.resume";
  CHECK(sequences(by_ann) == Numbers{3});
  AuditRecord refused = line(1'000, "crm", "event.tell", "no such account");
  refused.sequence = 2;
  CHECK(gather<AuditRecord>([&](auto& to) { store->audit({}, to); }).at(1) == refused);
}

AskedKeyRecord asked(std::string key, std::int64_t at_ms, std::string caller = "crm") {
  return {
      .caller = std::move(caller), .key = std::move(key), .fingerprint = "print", .result = "0-0:", .at = at(at_ms)};
}

TEST_CASE("a key is known by its caller, and a newer request takes its place") {
  Changes first;
  first.asked_keys = {asked("one", 1'000), asked("one", 1'000, "ann"), asked("two", 1'000)};
  Changes second;
  second.asked_keys = {asked("one", 2'000)};
  second.asked_keys[0].fingerprint = "other";
  Reopened store{first, second};
  CHECK(store->asked_key("crm", "one")->fingerprint == "other");
  CHECK(store->asked_key("crm", "one")->at == at(2'000));
  CHECK(store->asked_key("ann", "one") == asked("one", 1'000, "ann"));
  CHECK(store->asked_key("crm", "two"));
  CHECK_FALSE(store->asked_key("", "one"));
}

TEST_CASE("old keys are let go with new ones, the oldest first and two for each") {
  BothStores store;
  Changes old;
  for (std::int64_t i = 0; i < 10; ++i)
    old.asked_keys.push_back(asked("old-" + std::to_string(i), 1'000 + i));
  store.commit(old);
  const auto reader = store.reader();
  const auto left = [&] {
    int count = 0;
    reader->refresh();
    for (std::int64_t i = 0; i < 10; ++i)
      count += reader->asked_key("crm", "old-" + std::to_string(i)) ? 1 : 0;
    return count;
  };
  Changes next;
  next.asked_keys = {asked("new", 9'000)};
  next.asked_keys_since = at(1'005);
  store.commit(next);
  CHECK(left() == 8);
  CHECK_FALSE(reader->asked_key("crm", "old-1"));
  CHECK(reader->asked_key("crm", "old-2"));
  store.commit(next);
  store.commit(next);
  CHECK(left() == 5);  // the rest is not from before
  Changes none;
  none.asked_keys_since = at(9'999);
  store.commit(none);
  CHECK(left() == 5);
}

TEST_CASE("an account's enrollments are found by the account, with or without the ways of its people") {
  BothStores store;
  Changes changes = with_tokens(12);
  for (auto& write : changes.tokens)
    write.record.account.value = write.record.id.value % 2;
  store.commit(changes);
  const auto reader = store.reader();
  EnrollmentSearch search;
  search.account = {1};
  search.page = {.order = Order::descending, .limit = 2};
  const auto read = [&](const EnrollmentSearch& next, auto& to) { return reader->enrollments(next, to); };
  const auto ids = [&] {
    Numbers ids;
    for (const TokenRecord& token : all_found<TokenRecord>(search, read).first)
      ids.push_back(token.id.value);
    return ids;
  };
  CHECK(ids() == Numbers{11, 7, 5, 1});
  search.ways = Ways::told;
  CHECK(ids() == Numbers{11, 9, 7, 5, 3, 1});
  search.page.order = Order::ascending;
  search.entered.until = at(1'000);
  CHECK(ids().empty());
  search.entered = {at(1'000), at(1'001)};
  CHECK(ids() == Numbers{1, 3, 5, 7, 9, 11});
  CHECK(reader->token({3})->parent == TokenId{2});
  CHECK_FALSE(reader->token({13}));
}

TEST_CASE("runs are sought by their time and by the visit that they hold, both ways") {
  BothStores store;
  Changes changes;
  // Run n, from 0, has visits 3n to 3n + 2, at n / 2 seconds: two at each instant.
  for (std::uint32_t n = 0; n < 100; ++n)
    changes.runs.push_back({{7}, 3 * n, at(1'000 * (n / 2)), std::vector<VisitRecord>(3)});
  store.commit(changes);
  const auto reader = store.reader();
  const auto first_visits = [&](const RunPage& page) {
    Numbers numbers;
    for (const RunRecord& run : gather<RunRecord>([&](auto& to) { reader->runs_of({7}, page, to); }))
      numbers.push_back(run.first_visit);
    return numbers;
  };
  using enum Order;
  CHECK(first_visits({descending, {}, {}, 2}) == Numbers{297, 294});
  CHECK(first_visits({descending, at(20'500), {}, 3}) == Numbers{123, 120, 117});
  CHECK(first_visits({descending, at(20'000), {}, 1}) == Numbers{123});
  CHECK(first_visits({descending, at(20'000), 121U, 2}) == Numbers{120, 117});
  CHECK(first_visits({descending, at(-1), {}, 2}).empty());
  CHECK(first_visits({ascending, at(20'000), {}, 2}) == Numbers{120, 123});
  CHECK(first_visits({ascending, at(19'001), {}, 1}) == Numbers{120});
  CHECK(first_visits({ascending, at(0), 299U, 5}) == Numbers{297});
  CHECK(first_visits({ascending, at(90'000), {}, 5}).empty());
  for (std::int64_t second = 0; second < 50; ++second) {
    CHECK(first_visits({descending, at(second * 1'000), {}, 1}) == Numbers{6 * second + 3});
    CHECK(first_visits({ascending, at(second * 1'000), {}, 1}) == Numbers{6 * second});
  }
}

TEST_CASE("an account's people come page by page, those who belong to it beside among them") {
  BothStores store;
  Changes changes = with_accounts({1, 2});
  for (std::int64_t id = 1; id <= 9; ++id)
    changes.people.push_back({{{id}, {id % 3 == 0 ? 2 : 1}, "person-" + std::to_string(id), {}}, true});
  changes.relations = {{{3}, {1}, NameId{4}}, {{9}, {1}}};
  store.commit(changes);
  const auto reader = store.reader();
  for (const Order order : kBothWays) {
    Numbers ids;
    Page<PersonId> page{.order = order, .limit = 2};
    for (;;) {
      const auto people = gather<PersonRecord>([&](auto& to) { reader->people_of({1}, page, to); });
      for (const PersonRecord& person : people)
        ids.push_back(person.id.value);
      if (people.size() < 2) break;
      page.after = people.back().id;
    }
    const Numbers all{1, 2, 3, 4, 5, 7, 8, 9};
    CHECK(ids == (order == Order::ascending ? all : Numbers(all.rbegin(), all.rend())));
  }
  CHECK(gather<PersonRecord>([&](auto& to) { reader->people_of({1}, {.after = PersonId{2}, .limit = 1}, to); })
            .at(0)
            .account_role == NameId{4});
}

TEST_CASE("notes and changes of groups are numbered within their instant, and come page by page") {
  BothStores store;
  Changes changes = with_accounts({1});
  changes.groups = {group_of(1, NameId{5}, {})};
  for (const char* text : {"a", "b", "c"})
    changes.notes.push_back({{1}, at(10), NoteKind::refused, {}, kNoNode, text});
  changes.notes.push_back({{1}, at(5), NoteKind::refused, {}, kNoNode, "first"});
  for (const std::uint32_t after : {7U, 8U})
    changes.group_changes.push_back({{1}, NameId{5}, at(3), GroupAspect::stage, {}, NameId{after}});
  store.commit(changes);
  const auto reader = store.reader();
  using Notes = std::vector<Positioned<NoteRecord>>;
  Page<HistoryPosition> page{.order = Order::descending, .limit = 2};
  const auto texts = [](const Notes& notes) {
    Texts texts;
    for (const auto& each : notes)
      texts.push_back(each.record.text);
    return texts;
  };
  const Notes newest = gather<Positioned<NoteRecord>>([&](auto& to) { reader->notes_of({1}, page, to); });
  CHECK(texts(newest) == Texts{"c", "b"});
  CHECK(newest[0].position == HistoryPosition{at(10), 3});
  page.after = newest[1].position;
  CHECK(texts(gather<Positioned<NoteRecord>>([&](auto& to) { reader->notes_of({1}, page, to); })) ==
        Texts{"a", "first"});
  const auto history = gather<Positioned<GroupChangeRecord>>([&](auto& to) {
    reader->group_changes_of({1}, NameId{5}, {.after = HistoryPosition{at(3), 1}}, to);
  });
  REQUIRE(history.size() == 1);
  CHECK(history[0].record.after == NameId{8});
}

}  // namespace
}  // namespace caravan
