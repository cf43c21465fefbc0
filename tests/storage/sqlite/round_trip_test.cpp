// Every record that is committed is read back as it was, also after the store was closed and opened again.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

TEST_CASE("names last, in the order of their numbers") {
  Changes changes;
  changes.names = {{NameId{2}, "employees"}, {NameId{1}, "industry"}};
  Reopened store({changes});
  CHECK(store->names() == decltype(changes.names){{NameId{1}, "industry"}, {NameId{2}, "employees"}});
}

TEST_CASE("an account lasts and is found by its id and by its key") {
  Reopened store({with_accounts({1, 2})});
  const AccountRecord expected{{2}, "account-2", one_attribute(2)};
  CHECK(store->account(AccountId{2}) == expected);
  CHECK(store->account("account-2") == expected);
  CHECK_FALSE(store->account(AccountId{3}));
  CHECK_FALSE(store->account("account-3"));
}

TEST_CASE("an account that is changed keeps its key and has the attributes it was given last") {
  Changes change;
  change.accounts = {{{{1}, "account-1", one_attribute(10)}, false}, {{{1}, "account-1", one_attribute(11)}, false}};
  Reopened store({with_accounts({1}), change});
  CHECK(store->account("account-1")->attributes == one_attribute(11));
}

TEST_CASE("accounts are listed from an id on, as many as asked for") {
  Reopened store({with_accounts({5, 1, 3, 2, 4})});
  const auto some = gather<AccountRecord>([&](auto& to) { store->accounts_from({2}, 3, to); });
  REQUIRE(some.size() == 3);
  CHECK(some[0].id.value == 2);
  CHECK(some[2].id.value == 4);
}

TEST_CASE("a person lasts, may come to another account, and is listed with it") {
  Changes first;
  first.people = {{{{1}, {10}, "ann", one_attribute(1)}, true}, {{{2}, {10}, "bob", {}}, true}};
  Changes second;
  second.people = {{{{2}, {20}, "bob", one_attribute(2)}, false}};
  Reopened store({first, second});
  const PersonRecord ann{{1}, {10}, "ann", one_attribute(1)};
  const PersonRecord bob{{2}, {20}, "bob", one_attribute(2)};
  CHECK(store->person("bob") == bob);
  CHECK(gather<PersonRecord>([&](auto& to) { store->people_of({10}, to); }) == std::vector{ann});
  CHECK(gather<PersonRecord>([&](auto& to) { store->people_of({20}, to); }) == std::vector{bob});
  CHECK_FALSE(store->person("cid"));
}

TEST_CASE("a token lasts with everything it carries") {
  TokenRecord full = waiting_token(4, 5'000);
  full.account.value = 9;
  full.version.value = 3;
  full.entry = 2;
  TokenRecord bare;
  bare.id.value = 5;
  bare.account.value = 9;
  Changes changes;
  changes.tokens = {{bare, true}, {full, true}};
  Reopened store({changes});
  CHECK(gather<TokenRecord>([&](auto& to) { store->tokens_of({9}, to); }) == std::vector{full, bare});
}

/// A person's token within a people split, held after its node has failed, with a value in every column.
TokenRecord held_token_of_person(std::int64_t id) {
  TokenRecord token = waiting_token(id, 5'000);
  token.parent.value = 1;
  token.person.value = 7;
  token.state = TokenState::held;
  token.resume = Resume::hear;
  token.attempts = 65'535;
  token.reached_goal = true;
  token.memory = std::string("a\0b", 3);
  return token;
}

TEST_CASE("a person's token lasts with its parent, what it does next and what its node keeps") {
  const TokenRecord enrollment = waiting_token(1, 5'000);
  TokenRecord part = held_token_of_person(2);
  part.account = enrollment.account;
  Changes changes;
  changes.tokens = {{part, true}, {enrollment, true}};
  Reopened store({changes});
  CHECK(gather<TokenRecord>([&](auto& to) { store->tokens_of({1}, to); }) == std::vector{enrollment, part});
}

TEST_CASE("tokens that are written together keep each what it has and lose what it has not any more") {
  // One loses all that is rare, one gains it, one has it in both writes, one in none.
  const auto bare = [](std::int64_t id) {
    TokenRecord token = waiting_token(id, 6'000);
    token.account.value = 1;
    return token;
  };
  const auto full = [&](std::int64_t id) {
    TokenRecord token = bare(id);
    token.resume = Resume::wake;
    token.attempts = 3;
    token.reached_goal = true;
    token.memory = "kept";
    return token;
  };
  Changes first;
  first.tokens = {{full(1), true}, {bare(2), true}, {full(3), true}, {bare(4), true}};
  Changes second;
  second.tokens = {{bare(1), false}, {full(2), false}, {full(3), false}, {bare(4), false}};
  Reopened store({first, second});
  CHECK(gather<TokenRecord>([&](auto& to) { store->tokens_of({1}, to); }) ==
        std::vector{bare(1), full(2), full(3), bare(4)});
}

TEST_CASE("a token that moves on is where its last write left it, within a commit and over commits") {
  TokenRecord token = waiting_token(1, 5'000);
  Changes first;
  first.tokens.push_back({token, true});
  token.visits = 4;
  first.tokens.push_back({token, false});
  token.state = TokenState::completed;
  token.node = NodeIndex{7};
  token.due_at.reset();
  token.ended_at = at(6'000);
  token.visits = 8;
  Changes second;
  second.tokens.push_back({token, false});
  Reopened store({first, second});
  CHECK(gather<TokenRecord>([&](auto& to) { store->tokens_of({1}, to); }) == std::vector{token});
  CHECK_FALSE(store->next_due());
}

TEST_CASE("the runs of a token last, in the order of its visits") {
  const RunRecord first{{1}, 0, at(1'000), {{NodeIndex{0}, PathIndex{1}, VisitOutcome::done}, {NodeIndex{2}}}};
  const RunRecord second{{1}, 2, at(2'000), {{NodeIndex{300}, kNoPath, VisitOutcome::failed}}};
  Changes changes;
  changes.runs = {second, {{2}, 0, at(1'000), {}}, first};
  Reopened store({changes});
  CHECK(gather<RunRecord>([&](auto& to) { store->runs_of({1}, to); }) == std::vector{first, second});
}

TEST_CASE("a delivery lasts with everything it carries") {
  DeliveryRecord delivery = pending_delivery(1, 2, 5'000);
  delivery.message = MessageIndex{3};
  delivery.attempts = 4;
  delivery.values = std::string("a\0b", 3);
  delivery.reason = "550 no such user";
  DeliveryRecord other = pending_delivery(1, 2, 5'000);
  other.key.recipient.value = -1;
  other.state = DeliveryState::delivered;
  other.next_attempt_at.reset();
  other.ended_at = at(9'000);
  Changes changes;
  changes.deliveries = {delivery, other};
  Reopened store({changes});
  CHECK(gather<DeliveryRecord>([&](auto& to) { store->deliveries_of({1}, to); }) == std::vector{other, delivery});
}

TEST_CASE("progress changes a delivery's part and nothing else, the last progress of a commit counts") {
  DeliveryRecord delivery = pending_delivery(1, 2, 5'000);
  Changes promise;
  promise.deliveries = {delivery};
  promise.progress = {{delivery.key, {}, {}, {}, DeliveryState::under_way, 1, {}, {}, "", {}}};
  Changes made;
  made.progress = {{delivery.key, {}, {}, {}, DeliveryState::pending, 1, at(7'000), {}, "451 later", {}},
                   {delivery.key, {}, {}, {}, DeliveryState::delivered, 2, {}, at(8'000), "", {}}};
  Reopened store({promise, made});
  delivery.state = DeliveryState::delivered;
  delivery.attempts = 2;
  delivery.next_attempt_at.reset();
  delivery.ended_at = at(8'000);
  CHECK(gather<DeliveryRecord>([&](auto& to) { store->deliveries_of({1}, to); }) == std::vector{delivery});
  CHECK(gather<DeliveryRecord>([&](auto& to) { store->deliveries_in(DeliveryState::delivered, 10, to); }).size() == 1);
  CHECK(gather<PendingMessage>([&](auto& to) { store->pending_messages(to); }).empty());
}

TEST_CASE("notes last in the order of their time, those of the same instant in the order they were made") {
  const NoteRecord first{{1}, at(1'000), NoteKind::failure, {5}, NodeIndex{2}, "no such template"};
  const NoteRecord second{{1}, at(1'000), NoteKind::expression_error, {5}, kNoNode, "no such key"};
  const NoteRecord third{{1}, at(2'000), NoteKind::refused, {6}, NodeIndex{3}, "refused"};
  Changes changes;
  changes.notes = {third, first};
  Changes later;
  later.notes = {second};
  Reopened store({changes, later});
  CHECK(gather<NoteRecord>([&](auto& to) { store->notes_of({1}, to); }) == std::vector{first, second, third});
}

TEST_CASE("counters add up over commits") {
  const CounterKey visited{{1}, CounterKind::visited, 2, kNoPath};
  const CounterKey taken{{1}, CounterKind::taken, 2, PathIndex{0}};
  Changes first;
  first.count(visited, 10);
  first.count(taken, 4);
  Changes second;
  second.count(visited, -3);
  Reopened store({first, second});
  CHECK(store->counters() == std::vector<std::pair<CounterKey, std::int64_t>>{{visited, 7}, {taken, 4}});
}

TEST_CASE("versions and the texts they were compiled from last, and a version that is not live any more says so") {
  VersionRecord version{{1}, "ai-driven-seeds", 1, "f00d", at(1'000), true, 3};
  const SnapshotRecord snapshot{3, {{"journeys/a.yaml", "journey: a\n"}, {"templates/m.html", ""}}};
  Changes first;
  first.versions = {version};
  first.snapshots = {snapshot, {4, {}}};
  version.live = false;
  const VersionRecord next{{2}, "ai-driven-seeds", 2, "beef", at(2'000), true, 4};
  Changes second;
  second.versions = {version, next};
  Reopened store({first, second});
  CHECK(store->versions() == std::vector{version, next});
  CHECK(store->snapshot(3) == snapshot);
  CHECK(store->snapshot(4) == SnapshotRecord{4, {}});
  CHECK_THROWS_AS(store->snapshot(5), StoreError);
}

TEST_CASE("of the definitions that were published the newest last, and there are none before the first") {
  Changes first;
  first.definitions = {3, "f00d", at(1'000)};
  Changes second;
  second.definitions = {4, "beef", at(2'000)};
  CHECK(Reopened({first})->definitions() == first.definitions);
  CHECK(Reopened({first, second, {}})->definitions() == second.definitions);
  CHECK_FALSE(Reopened({})->definitions());
}

TEST_CASE("where journeys stand in their life lasts, by name") {
  Changes first;
  first.journeys = {{"seeds", JourneyState::live, at(1'000)}, {"harvest", JourneyState::closed, at(2'000)}};
  Changes second;
  second.journeys = {{"seeds", JourneyState::paused, at(3'000)}, {"seeds", JourneyState::aborted, at(4'000)}};
  Reopened store({first, second});
  CHECK(store->journeys() == std::vector<JourneyRecord>{{"harvest", JourneyState::closed, at(2'000)},
                                                        {"seeds", JourneyState::aborted, at(4'000)}});
}

TEST_CASE("a task lasts with how far it has come until it is over, and its number is not given again") {
  TaskRecord move;
  move.id = 2;
  move.kind = TaskKind::move;
  move.journey = "seeds";
  move.to.value = 3;
  move.gone = "leave";
  move.next.value = 1;
  move.last.value = 900;
  move.since = at(1'000);
  TaskRecord skip;
  skip.id = 3;
  skip.kind = TaskKind::skip;
  skip.journey = "seeds";
  skip.node = "welcome";
  skip.account.value = 8;
  Changes first;
  first.tasks = {skip, move};
  CHECK(Reopened({first})->tasks() == std::vector{move, skip});

  move.next.value = 500;
  move.done = 480;
  skip.over = true;
  Changes second;
  second.tasks = {move, skip};
  Reopened store({first, second});
  CHECK(store->tasks() == std::vector{move});
  CHECK(store->greatest().task == 3);
}

TEST_CASE("how far audiences are evaluated lasts, and which accounts must be evaluated again") {
  Changes first;
  first.sweeps = {{{1}, {100}, {}}, {{2}, {5}, at(3'000)}};
  first.to_evaluate = {{{3}, true}, {{1}, true}, {{2}, true}, {{2}, false}, {{1}, true}};
  first.sweeps.push_back({{}, {7}, {}});  // of buying groups
  Changes second;
  second.sweeps = {{{1}, {200}, at(4'000)}};
  second.to_evaluate = {{{3}, false}, {{9}, true}, {{4}, false}};
  Reopened store({first, second});
  CHECK(store->sweeps() == std::vector<SweepRecord>{{{}, {7}, {}}, {{1}, {200}, at(4'000)}, {{2}, {5}, at(3'000)}});
  const auto from = [&](std::int64_t id, std::size_t limit) {
    return gather<AccountId>([&](auto& to) { store->accounts_to_evaluate({id}, limit, to); });
  };
  CHECK(from(0, 10) == std::vector<AccountId>{{1}, {9}});
  CHECK(from(2, 10) == std::vector<AccountId>{{9}});
  CHECK(from(0, 1) == std::vector<AccountId>{{1}});
}

TEST_CASE("the engine's time lasts") {
  Changes first;
  first.engine_time = at(1'000);
  Changes second;
  second.engine_time = at(2'000);
  CHECK(Reopened({first, second})->engine_time() == at(2'000));
  CHECK_FALSE(Reopened({})->engine_time());
}

TEST_CASE("the greatest ids and the totals of an empty store are zero, and else what is there") {
  Reopened empty({});
  CHECK(empty->greatest().account.value == 0);
  CHECK(empty->greatest().activity == 0);
  CHECK(empty->greatest().task == 0);
  CHECK(empty->totals().members == 0);

  Changes changes = with_accounts({3, 12});
  changes.people = {{{{7}, {3}, "ann", {}}, true}};
  changes.tokens = {{waiting_token(21, 1'000), true}};
  changes.versions = {{{4}, "a", 1, "", at(0), true, 6}};
  changes.snapshots = {{6, {}}};
  changes.groups = {group_of(3, NameId{1}, {{{7}, NameId{2}}, {{8}, NameId{2}}})};
  Reopened store({changes});
  const auto greatest = store->greatest();
  CHECK(greatest.account.value == 12);
  CHECK(greatest.person.value == 7);
  CHECK(greatest.token.value == 21);
  CHECK(greatest.version.value == 4);
  CHECK(greatest.snapshot == 6);
  const auto totals = store->totals();
  CHECK(totals.accounts == 2);
  CHECK(totals.people == 1);
  CHECK(totals.groups == 1);
  CHECK(totals.members == 2);
}

TEST_CASE("an empty write set is a commit like any other") {
  Reopened store({Changes()});
  CHECK(store->names().empty());
}

TEST_CASE("keys and addresses keep every byte: empty, NUL and letters of all scripts") {
  Changes changes;
  changes.accounts = {
      {{{1}, "", {}}, true}, {{{2}, std::string("a\0b", 3), {}}, true}, {{{3}, "Ünïcødé 会社", {}}, true}};
  Reopened store({changes});
  CHECK(store->account("")->id.value == 1);
  CHECK(store->account(std::string_view("a\0b", 3))->id.value == 2);
  CHECK(store->account("Ünïcødé 会社")->key == "Ünïcødé 会社");
}

}  // namespace
}  // namespace caravan
