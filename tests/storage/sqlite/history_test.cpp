// What is let go of history, in the file and in memory.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

TokenRecord ended_token(std::int64_t id, std::int64_t account, std::int64_t parent = 0) {
  TokenRecord token = waiting_token(id, 0);
  token.account.value = account;
  token.parent.value = parent;
  if (parent != 0) token.person.value = 7;
  token.state = TokenState::completed;
  token.due_at.reset();
  token.ended_at = at(5'000);
  return token;
}

RunRecord run_of(std::int64_t token) {
  return {{token}, 0, at(1'000), {{NodeIndex{0}, kNoPath, VisitOutcome::done}, {NodeIndex{1}}, {NodeIndex{2}}}};
}

DeliveryRecord delivered(std::int64_t token) {
  DeliveryRecord delivery = pending_delivery(token, 1, 0);
  delivery.account.value = 1;
  delivery.state = DeliveryState::in_doubt;
  delivery.next_attempt_at.reset();
  return delivery;
}

NoteRecord note_of(std::int64_t token, std::int64_t when) {
  return {{1}, at(when), NoteKind::failure, {token}, NodeIndex{1}, "of " + std::to_string(token)};
}

/// Account 1 has an enrollment 1 that has ended, with a person's token 3, and an enrollment 2 that has not.
Changes two_enrollments() {
  Changes changes = with_accounts({1});
  TokenRecord open = waiting_token(2, 9'000);
  open.account.value = 1;
  changes.tokens = {{ended_token(1, 1), true}, {open, true}, {ended_token(3, 1, 1), true}};
  changes.runs = {run_of(1), run_of(2), run_of(3)};
  changes.deliveries = {delivered(1), delivered(2), delivered(3)};
  changes.notes = {note_of(1, 2'000), note_of(2, 2'000), note_of(3, 2'500), note_of(1, 7'000)};
  return changes;
}

Changes forget_first() {
  Changes changes;
  changes.history.forgotten = {{{1}, {1}, {{3}}, at(5'000)}};
  changes.history.next = {2};
  changes.history.archive = ArchiveRecord{"2026-11.db", -42, 1, 1};
  return changes;
}

TEST_CASE("of an enrollment that is let go its own token stays, and nothing of what it did") {
  Reopened store{two_enrollments(), forget_first()};
  CHECK(gather<TokenRecord>([&](auto& to) { store->tokens_of({1}, to); }).size() == 2);
  CHECK(gather<RunRecord>([&](auto& to) { store->runs_of({1}, to); }).empty());
  CHECK(gather<RunRecord>([&](auto& to) { store->runs_of({3}, to); }).empty());
  CHECK(gather<RunRecord>([&](auto& to) { store->runs_of({2}, to); }).size() == 1);
  CHECK(gather<DeliveryRecord>([&](auto& to) { store->deliveries_in(DeliveryState::in_doubt, 9, to); }) ==
        std::vector{delivered(2)});
  CHECK(gather<NoteRecord>([&](auto& to) { store->notes_of({1}, to); }) ==
        std::vector{note_of(2, 2'000), note_of(1, 7'000)});
}

TEST_CASE("numbers go on behind the tokens of people who were let go") {
  Reopened store{two_enrollments(), forget_first()};
  CHECK(store->greatest().token == TokenId{3});
}

TEST_CASE("what was let go is known, and of which enrollments nothing tells") {
  BothStores store;
  store.commit(two_enrollments());
  store.commit(forget_first());
  const auto reader = store.reader();
  CHECK(reader->history() == HistoryRecord{{2}, 1, {{"2026-11.db", -42, 1, 1}}});
  CHECK(reader->history().lost() == 0);
  CHECK(gather<TokenRecord>([&](auto& to) { reader->enrollments_with_history({1}, {9}, 9, to); }).size() == 1);
  CHECK(reader->why_untold(ended_token(1, 1)) == kLetGo);
  CHECK(reader->why_untold(waiting_token(2, 9'000)).empty());
}

TEST_CASE("a store that has let nothing go says so") {
  Reopened store{two_enrollments()};
  CHECK(store->history() == HistoryRecord{});
  CHECK(gather<TokenRecord>([&](auto& to) { store->enrollments_with_history({1}, {9}, 9, to); }).size() == 2);
  CHECK(store->why_untold(ended_token(1, 1)).empty());
}

TEST_CASE("an enrollment that is under way, or of another account, is never let go, nor somebody else's person") {
  BothStores store;
  store.commit(two_enrollments());
  const auto refused = [&](ForgottenHistory forgotten) {
    Changes changes = with_accounts({5});
    changes.history.forgotten = {std::move(forgotten)};
    CHECK_THROWS_AS(store.commit(changes), StoreError);
  };
  refused({{2}, {1}, {}, at(5'000)});
  refused({{1}, {2}, {}, at(5'000)});
  refused({{3}, {1}, {}, at(5'000)});
  refused({{9}, {1}, {}, at(5'000)});
  refused({{1}, {1}, {{2}}, at(5'000)});
  const auto reader = store.reader();
  CHECK_FALSE(reader->account(AccountId{5}));
  CHECK(gather<RunRecord>([&](auto& to) { reader->runs_of({1}, to); }).size() == 1);
}

}  // namespace
}  // namespace caravan
