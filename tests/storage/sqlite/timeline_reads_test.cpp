// Events in the order in which they happened, and the notes of moves: what timelines are made of.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

using Numbers = std::vector<std::int64_t>;

ActivityRecord event_of(std::int64_t account, std::int64_t sequence, std::int64_t when, std::int64_t person = 0) {
  return {
      {account}, sequence, at(when), {person}, NameId{1}, "id-" + std::to_string(sequence), one_attribute(sequence)};
}

/// All pages, one after the other.
Numbers all_events(Reader& reader, ActivitySearch search) {
  Numbers numbers;
  for (;;) {
    const auto events = gather<ActivityRecord>([&](auto& to) { reader.activity_by_time({1}, search, to); });
    CHECK(events.size() <= search.page.limit);
    if (events.empty()) return numbers;
    for (const ActivityRecord& event : events) {
      CHECK(event == event_of(1, event.sequence, event.at.time_since_epoch().count(), event.person.value));
      numbers.push_back(event.sequence);
    }
    search.page.after = HistoryPosition{events.back().at, events.back().sequence};
  }
}

TEST_CASE("events are read in the order in which they happened, whenever they came") {
  BothStores store;
  Changes changes = with_accounts({1, 2});
  changes.activity = {event_of(1, 1, 50), event_of(1, 2, 60, 7), event_of(2, 3, 55),
                      event_of(1, 4, 50), event_of(1, 5, -9, 7), event_of(1, 6, 50, 8)};
  store.commit(changes);
  const auto reader = store.reader();
  const Numbers up = {5, 1, 4, 6, 2};
  for (const std::size_t limit : {1U, 2U, 5U, 100U}) {
    CAPTURE(limit);
    CHECK(all_events(*reader, {{Order::ascending, {}, limit}}) == up);
    CHECK(all_events(*reader, {{Order::descending, {}, limit}}) == Numbers(up.rbegin(), up.rend()));
    CHECK(all_events(*reader, {{Order::ascending, {}, limit}, {7}}) == Numbers{5, 2});
    CHECK(all_events(*reader, {{Order::descending, {}, limit}, {}, 4}) == Numbers{2, 4, 1});
    CHECK(all_events(*reader, {{Order::ascending, HistoryPosition{at(50), 1}, limit}}) == Numbers{4, 6, 2});
    CHECK(all_events(*reader, {{Order::descending, HistoryPosition{at(50), 0}, limit}}) == Numbers{5});
  }
}

TEST_CASE("the notes of moves are read without the others, by time") {
  BothStores store;
  Changes changes = with_accounts({1, 2});
  const NoteRecord later{{1}, at(20), NoteKind::moved, {3}, NodeIndex{4}, "later"};
  const NoteRecord earlier{{1}, at(10), NoteKind::moved, {5}, kNoNode, "earlier"};
  changes.notes = {later,
                   earlier,
                   {{1}, at(15), NoteKind::refused, {3}, kNoNode, "another"},
                   {{2}, at(15), NoteKind::moved, {9}, kNoNode, "elsewhere"}};
  store.commit(changes);
  const auto reader = store.reader();
  CHECK(gather<NoteRecord>([&](auto& to) { reader->moves_of({1}, to); }) == std::vector{earlier, later});
}

}  // namespace
}  // namespace caravan
