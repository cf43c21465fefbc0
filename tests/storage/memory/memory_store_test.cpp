// The store in memory answers as the file does, whatever it is given; a copy goes its own way; what does not fit is
// refused before anything is done.

#include "storage/memory/memory_store.hpp"

#include "tests/storage/memory/random_changes.hpp"
#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

/// What is asked of one account, one person and one token.
void ask_about_accounts(Reader& reader, RandomChanges& chance) {
  for (std::int64_t id = 0; id <= chance.accounts() + 1; ++id) {
    const AccountId account{id};
    reader.account(account);
    reader.account(RandomChanges::account_key(id));
    gather<PersonRecord>([&](auto& to) { reader.people_of(account, to); });
    for (const TokenRecord& token : gather<TokenRecord>([&](auto& to) { reader.tokens_of(account, to); }))
      reader.why_untold(token);
    gather<GroupRecord>([&](auto& to) { reader.groups_of(account, to); });
    gather<GroupChangeRecord>([&](auto& to) { reader.group_changes_of(account, to); });
    gather<ActivityRecord>([&](auto& to) { reader.activity_of(account, to); });
    reader.activity_count(account);
    gather<ActivityPoint>([&](auto& to) { reader.activity_points(account, chance.instant(), chance.instant(), to); });
    reader.has_activity(account, "event-" + std::to_string(chance.number(30)));
    gather<EngagementRecord>([&](auto& to) { reader.engagement_of(account, to); });
    gather<AudienceMemberRecord>([&](auto& to) { reader.audiences_of(account, to); });
    gather<NoteRecord>([&](auto& to) { reader.notes_of(account, to); });
  }
  for (std::int64_t id = 1; id <= chance.people(); ++id) {
    reader.person(chance.person_key(id));
    reader.person(PersonId{id});
    reader.account_of({id});
    reader.engagement({id});
    gather<RelationRecord>([&](auto& to) { reader.relations_of({id}, to); });
  }
  for (std::int64_t id = 0; id <= chance.tokens() + 1; ++id) {
    gather<RunRecord>([&](auto& to) { reader.runs_of({id}, to); });
    gather<DeliveryRecord>([&](auto& to) { reader.deliveries_of({id}, to); });
  }
}

/// What is asked page by page, from a place and with a length that are made up.
void ask_for_pages(Reader& reader, RandomChanges& chance) {
  const auto limit = static_cast<std::size_t>(chance.number(6));
  const AccountId account{chance.number(chance.accounts() + 1)};
  const NameId name{static_cast<std::uint32_t>(chance.number(4))};
  const TokenId token{chance.number(chance.tokens() + 1)};
  gather<AccountRecord>([&](auto& to) { reader.accounts_from(account, limit, to); });
  gather<GroupRecord>([&](auto& to) { reader.groups_after({account, name}, limit, to); });
  gather<EngagementRecord>([&](auto& to) { reader.engagement_after({chance.number(9)}, limit, to); });
  const Instant until = chance.instant();
  gather<EngagementDueRecord>([&](auto& to) { reader.engagement_due(until, account, limit, to); });
  gather<AudienceMemberRecord>([&](auto& to) { reader.audiences_between(account, {account.value + 3}, to); });
  const DueCursor cursor{chance.instant(), token};
  gather<TokenRecord>([&](auto& to) { reader.due_tokens(until, cursor, limit, to); });
  gather<TokenRecord>([&](auto& to) { reader.due_tokens(until, {}, limit, to); });
  gather<TokenRecord>([&](auto& to) { reader.open_tokens(token, {token.value + 5}, limit, to); });
  gather<TokenRecord>([&](auto& to) { reader.held_tokens(token, limit, to); });
  gather<TokenRecord>([&](auto& to) { reader.enrollments_with_history(token, {token.value + 9}, limit, to); });
  gather<AccountId>([&](auto& to) { reader.accounts_to_evaluate(account, limit, to); });
  for (const RosterKind kind : {RosterKind::list, RosterKind::destination}) {
    gather<RosterRecord>([&](auto& to) { reader.roster(kind, name, {account, {chance.number(4)}}, limit, to); });
    gather<RosterChange>([&](auto& to) { reader.roster_changes(kind, name, chance.number(9), limit, to); });
  }
  gather<JournalRecord>([&](auto& to) { reader.journal_from(chance.number(9), limit, to); });
  for (const PendingMessage& message : gather<PendingMessage>([&](auto& to) { reader.pending_messages(to); }))
    gather<DeliveryRecord>(
        [&](auto& to) { reader.pending_deliveries(message.version, message.message, until, limit, to); });
  for (const auto state : {DeliveryState::pending, DeliveryState::under_way, DeliveryState::delivered,
                           DeliveryState::failed, DeliveryState::in_doubt})
    gather<DeliveryRecord>([&](auto& to) { reader.deliveries_in(state, limit, to); });
}

/// What there is one of, and what is read whole.
void ask_for_all(Reader& reader, RandomChanges& chance) {
  reader.names();
  reader.has_relations();
  reader.has_kept_consent();
  for (std::int64_t address = 0; address < 4; ++address)
    gather<KeptConsentRecord>([&](auto& to) { reader.kept_consent(RandomChanges::address_hash(address), to); });
  reader.engagement_round();
  reader.next_due();
  reader.counters();
  for (const VersionRecord& version : reader.versions())
    reader.snapshot(version.snapshot);
  reader.definitions();
  reader.journeys();
  reader.tasks();
  reader.sweeps();
  reader.engine_time();
  reader.journal_range();
  reader.history();
  reader.greatest();
  reader.totals();
  reader.was_mailed({NameId{1}, NameId{2}, std::to_string(chance.number(3)) + "@acme.example"});
}

template <class Position>
RowSearch<Position> made_up_search(RandomChanges& chance, std::optional<Position> after) {
  return {{.order = chance.number(2) == 0 ? Order::ascending : Order::descending,
           .after = after,
           .limit = static_cast<std::size_t>(chance.number(5) + 1)},
          static_cast<std::size_t>(chance.number(12) + 1)};
}

/// What belongs to one account, person or token, from a place that is made up.
void ask_for_pages_of_one(Reader& reader, RandomChanges& chance) {
  const AccountId account{chance.number(chance.accounts() + 1)};
  const NameId name{static_cast<std::uint32_t>(chance.number(4))};
  const PersonId person{chance.number(chance.people() + 2)};
  const auto page_from = [&](auto position) {
    return made_up_search(chance, chance.number(3) == 0 ? std::nullopt : std::optional(position)).page;
  };
  const auto people = page_from(PersonId{chance.number(chance.people() + 2)});
  gather<PersonRecord>([&](auto& to) { reader.people_of(account, people, to); });
  gather<RelationRecord>([&](auto& to) { reader.relations_of(person, account, 2, to); });
  gather<RosterRecord>([&](auto& to) { reader.rosters_of(person, {RosterKind::list, name, account}, 2, to); });
  reader.token({chance.number(chance.tokens() + 2)});
  gather<NameId>([&](auto& to) { reader.interests_of(account, to); });
  gather<MemberRecord>([&](auto& to) { reader.members_of(account, name, people, to); });
  const auto history = page_from(HistoryPosition{chance.instant(), chance.number(3)});
  gather<Positioned<GroupChangeRecord>>([&](auto& to) { reader.group_changes_of(account, name, history, to); });
  gather<Positioned<NoteRecord>>([&](auto& to) { reader.notes_of(account, history, to); });
  const auto activity = page_from(chance.number(100));
  gather<ActivityRecord>([&](auto& to) { reader.activity_of(account, activity, to); });
  const auto visit = page_from(static_cast<std::uint32_t>(chance.number(9)));
  const TokenId token{chance.number(chance.tokens() + 2)};
  gather<RunRecord>([&](auto& to) {
    reader.runs_of(token, {visit.order, std::nullopt, visit.after, visit.limit}, to);
  });
}

/// Lists, from a place that is made up or from where they begin.
void ask_for_lists(Reader& reader, RandomChanges& chance) {
  const bool begins = chance.number(3) == 0;
  const auto some = [&](auto position) { return begins ? std::nullopt : std::optional(position); };
  const std::string account_key = RandomChanges::account_key(chance.number(chance.accounts()) + 1);
  for (const std::string& key : {account_key, std::string("~"), std::string("person-4")}) {
    const Page<std::string> page = made_up_search(chance, some(key)).page;
    gather<AccountRecord>([&](auto& to) { reader.accounts_by_key(page, to); });
    gather<PersonRecord>([&](auto& to) { reader.people_by_key(page, to); });
  }
  const auto accounts = made_up_search(chance, some(AccountId{chance.number(chance.accounts() + 2)}));
  gather<AccountRecord>([&](auto& to) { reader.accounts_by_id(accounts, to); });
  const auto people = made_up_search(chance, some(PersonId{chance.number(chance.people() + 2)}));
  gather<PersonRecord>([&](auto& to) { reader.people_by_id(people.page, to); });
  const TokenId token{chance.number(chance.tokens() + 2)};
  ask_for_pages_of_one(reader, chance);
  AudienceSearch members{made_up_search(chance, some(std::pair(AccountId{chance.number(chance.accounts() + 1)},
                                                               NameId{static_cast<std::uint32_t>(chance.number(4))}))),
                         NameId{static_cast<std::uint32_t>(chance.number(4))}};
  gather<AudienceMemberRecord>([&](auto& to) { reader.audience_members(members, to); });
  EnrollmentSearch enrollments{made_up_search(chance, some(token))};
  if (chance.number(3) == 0) enrollments.account = {chance.number(chance.accounts() + 1)};
  if (chance.number(2) == 0) enrollments.ways = Ways::told;
  DeliverySearch deliveries{made_up_search(
      chance, some(DeliveryKey{token, static_cast<std::uint32_t>(chance.number(3)), {chance.number(3)}}))};
  if (chance.number(3) == 0) deliveries.token = token;
  AuditSearch audit{made_up_search(chance, some(chance.number(30)))};
  switch (chance.number(4)) {
    case 0:
      enrollments.states = {TokenState::held};
      deliveries.states = {DeliveryState::failed, DeliveryState::pending};
      audit.caller = "crm";
      break;
    case 1:
      enrollments.states = {TokenState::waiting, TokenState::left};
      deliveries.of = {{{chance.number(3) + 1}, MessageIndex{1}}, {{chance.number(3) + 1}, {}}};
      audit.action = "enter";
      break;
    case 2:
      enrollments.where = {{{chance.number(3) + 1}, NodeIndex{1}}, {{chance.number(3) + 1}, kNoNode}};
      deliveries.of.emplace();
      break;
    default: break;
  }
  gather<TokenRecord>([&](auto& to) { reader.enrollments(enrollments, to); });
  gather<AuditRecord>([&](auto& to) { reader.audit(audit, to); });
  for (const DeliveryRecord& each : gather<DeliveryRecord>([&](auto& to) { reader.deliveries(deliveries, to); }))
    CHECK(reader.delivery(each.key));
  for (std::int64_t key = 0; key < 20; ++key)
    reader.asked_key(chance.number(2) == 0 ? "crm" : "", std::to_string(key));
}

TEST_CASE("whatever is committed, memory and file answer every question the same") {
  for (std::uint32_t seed = 1; seed <= 15; ++seed) {
    INFO("seed " << seed);
    BothStores store;
    const auto reader = store.reader();
    RandomChanges chance(seed);
    for (int commit = 0; commit < 40; ++commit) {
      store.commit(chance.next());
      reader->refresh();
      ask_for_all(*reader, chance);
      ask_for_pages(*reader, chance);
      ask_for_lists(*reader, chance);
      if (commit % 4 == 3) ask_about_accounts(*reader, chance);
    }
  }
}

TEST_CASE("a copy holds what the store held, and from then on both go their own ways") {
  MemoryStore store;
  store.commit(with_accounts({1}));
  const std::unique_ptr<MemoryStore> copy = store.copy();
  copy->commit(with_accounts({2}));
  Changes change;
  change.accounts = {{{{1}, "account-1", one_attribute(10)}, false}};
  store.commit(change);

  CHECK_FALSE(store.reader()->account("account-2"));
  CHECK(copy->reader()->account("account-2"));
  CHECK(copy->reader()->account("account-1")->attributes == one_attribute(1));
  CHECK(store.reader()->account("account-1")->attributes == one_attribute(10));
}

TEST_CASE("a copy of a store full of all sorts answers as the store does") {
  BothStores original;
  RandomChanges chance(2026);
  for (int commit = 0; commit < 60; ++commit)
    original.commit(chance.next());
  const std::unique_ptr<MemoryStore> copy = original.memory().copy();
  ReaderOfBoth reader(original.memory().reader(), copy->reader());
  ask_for_all(reader, chance);
  ask_for_pages(reader, chance);
  ask_for_lists(reader, chance);
  ask_about_accounts(reader, chance);
}

TEST_CASE("a reader in memory sees each commit at once, and outlives the store") {
  auto store = std::make_unique<MemoryStore>();
  const auto reader = store->reader();
  CHECK_FALSE(reader->account("account-1"));
  store->commit(with_accounts({1}));
  CHECK(reader->account("account-1"));
  store.reset();
  CHECK(reader->account("account-1"));
}

/// A store with an account, a person, a token with a run and a delivery, an event and an entry of the journal.
Changes one_of_each() {
  Changes changes = with_accounts({1});
  changes.names = {{NameId{1}, "industry"}};
  changes.people = {{{{1}, {1}, "ann", {}}, true}};
  changes.tokens = {{waiting_token(1, 5'000), true}};
  changes.runs = {{{1}, 0, at(1'000), {{NodeIndex{0}}}}};
  changes.deliveries = {pending_delivery(1, 1, 5'000)};
  changes.activity = {{{1}, 1, at(1'000), {1}, NameId{1}, "a", {}}};
  changes.snapshots = {{1, {}}};
  changes.versions = {{{1}, "a", 1, "", at(0), true, 1}};
  changes.journal = JournalRecord{1, at(1'000), "entry"};
  return changes;
}

TEST_CASE("a write set that does not fit is refused by memory and file alike, and nothing of it is done") {
  const std::pair<const char*, std::function<void(Changes&)>> faults[] = {
      {"name 1",
       [](Changes& c) {
         c.names = {{NameId{1}, "other"}};
       }},
      {"account 1",
       [](Changes& c) {
         c.accounts.push_back({{{1}, "other", {}}, true});
       }},
      {"account-1",
       [](Changes& c) {
         c.accounts.push_back({{{8}, "account-1", {}}, true});
       }},
      {"twin",
       [](Changes& c) {
         c.accounts = {{{{8}, "twin", {}}, true}, {{{9}, "twin", {}}, true}};
       }},
      {"account 9",
       [](Changes& c) {
         c.accounts.push_back({{{9}, "nobody", {}}, false});
       }},
      {"person 1",
       [](Changes& c) {
         c.people.push_back({{{1}, {1}, "bob", {}}, true});
       }},
      {"ann",
       [](Changes& c) {
         c.people.push_back({{{2}, {1}, "ann", {}}, true});
       }},
      {"cid",
       [](Changes& c) {
         c.people = {{{{2}, {1}, "cid", {}}, true}, {{{3}, {1}, "cid", {}}, true}};
       }},
      {"person 9",
       [](Changes& c) {
         c.people.push_back({{{9}, {1}, "nobody", {}}, false});
       }},
      {"person 8",
       [](Changes& c) {
         c.removed_people = {{1}, {8}};
       }},
      {"token 1",
       [](Changes& c) {
         c.tokens.push_back({waiting_token(1, 5), true});
       }},
      {"token 9",
       [](Changes& c) {
         c.tokens.push_back({waiting_token(9, 5), false});
       }},
      {"run of token 1",
       [](Changes& c) {
         c.runs.push_back({{1}, 0, at(1), {}});
       }},
      {"run of token 2",
       [](Changes& c) {
         c.runs = {{{2}, 4, at(1), {}}, {{2}, 4, at(2), {}}};
       }},
      {"delivery of token 1", [](Changes& c) { c.deliveries.push_back(pending_delivery(1, 1, 5)); }},
      {"delivery of token 3",
       [](Changes& c) {
         c.deliveries = {pending_delivery(3, 1, 5), pending_delivery(3, 1, 5)};
       }},
      {"delivery of token 4",
       [](Changes& c) {
         c.progress.emplace_back().key = {{4}, 1, {1}};
       }},
      {"event 1",
       [](Changes& c) {
         c.activity.push_back({{1}, 1, at(1), {}, NameId{1}, "", {}});
       }},
      {"the key \"a\"",
       [](Changes& c) {
         c.activity.push_back({{1}, 2, at(1), {}, NameId{1}, "a", {}});
       }},
      {"the key \"b\"",
       [](Changes& c) {
         c.activity = {{{1}, 2, at(1), {}, NameId{1}, "b", {}}, {{1}, 3, at(1), {}, NameId{1}, "b", {}}};
       }},
      {"snapshot 1",
       [](Changes& c) {
         c.snapshots = {{1, {}}};
       }},
      {"journey a number 1",
       [](Changes& c) {
         c.versions = {{{2}, "a", 1, "", at(0), true, 1}};
       }},
      {"journal 1",
       [](Changes& c) {
         c.journal = JournalRecord{1, at(2'000), "other"};
       }},
  };
  for (const auto& [named, put_fault] : faults) {
    INFO(named);
    BothStores store;
    store.commit(one_of_each());
    Changes changes = with_accounts({5});
    changes.people = {{{{5}, {5}, "eve", {}}, true}};
    changes.tokens = {{waiting_token(5, 1'000), true}};
    changes.to_evaluate = {{{5}, true}};
    put_fault(changes);
    CHECK_FALSE(error_of([&] { store.commit(changes); }).empty());
    CHECK_THAT(error_of([&] { store.memory().commit(changes); }),
               says(named) && says("nothing of this transaction was written"));

    const auto reader = store.reader();
    CHECK_FALSE(reader->account("account-5"));
    CHECK_FALSE(reader->person("eve"));
    CHECK(reader->person("ann"));
    CHECK(reader->next_due() == at(5'000));
    CHECK(reader->greatest().token.value == 1);
    CHECK(gather<AccountId>([&](auto& to) { reader->accounts_to_evaluate({}, 9, to); }).empty());
    CHECK(reader->journal_range() == Reader::JournalRange{1, 1});
  }
}

TEST_CASE("rows are found by their numbers also where numbers were left out") {
  BothStores store;
  store.commit(with_accounts({3, 90, 7, 1'000'000}));
  store.commit(with_accounts({50, 4, 1}));
  const auto reader = store.reader();
  for (const std::int64_t id : {1, 2, 3, 4, 7, 8, 50, 90, 91, 1'000'000, 1'000'001})
    reader->account(AccountId{id});
  const auto accounts = gather<AccountRecord>([&](auto& to) { reader->accounts_from({5}, 3, to); });
  REQUIRE(accounts.size() == 3);
  CHECK(accounts[0].id.value == 7);
  CHECK(accounts[2].id.value == 90);
}

}  // namespace
}  // namespace caravan
