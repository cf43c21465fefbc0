// Timelines page by page: that pages fit together, and in which order.

#include "tests/engine/report/timelines.hpp"

using namespace caravan;
using namespace caravan::test;

TEST_CASE("a timeline has what happened in the order of time, newest first or oldest first") {
  Changes changes = with_acme();
  TokenRecord token = token_from(1, 10);
  token.state = TokenState::completed;
  token.ended_at = at(40);
  changes.tokens = {{token, true}};
  changes.runs = {run_of(1, 0, 10, 2), run_of(1, 2, 40)};
  changes.deliveries = {delivery_of(1, 0, 7, 10), delivery_of(1, 0, -1, 10)};
  changes.notes = {note_of(1, 20, "twenty"), note_of(0, 40, "forty")};
  changes.activity = {event_at(1, 5), event_at(2, 40)};
  changes.groups = {{kAcme, NameId{2}, at(30), {}, {}, {}, 0, 0, {}}};
  changes.group_changes = {{kAcme, NameId{2}, at(30), GroupAspect::stage, {}, NameId{9}, MembershipSource::hand}};
  Told told(changes);
  const Names up = {"event 1",     "begin 1", "visit 1.0", "delivery 1.0.-1", "delivery 1.0.7", "visit 1.1",
                    "note twenty", "group 9", "event 2",   "visit 1.2",       "end 1",          "note forty"};
  for (const std::size_t limit : {1U, 2U, 3U, 5U, 100U}) {
    CAPTURE(limit);
    CHECK(told.names({.order = Order::ascending, .limit = limit}) == up);
    CHECK(told.names({.limit = limit}) == Names(up.rbegin(), up.rend()));
  }
}

TEST_CASE("a timeline is filtered by kinds, versions and time") {
  Changes changes = with_acme();
  TokenRecord other = token_from(2, 20);
  other.version = {2};
  changes.tokens = {{token_from(1, 10), true}, {other, true}};
  changes.runs = {run_of(1, 0, 10), run_of(2, 0, 20), run_of(1, 1, 30)};
  changes.notes = {note_of(1, 10, "one"), note_of(2, 20, "two"), note_of(0, 30, "none")};
  changes.activity = {event_at(1, 10), event_at(2, 20), event_at(3, 30)};
  Told told(changes);
  CHECK(told.names({.limit = 1, .kinds = {EntryKind::visit}}) == Names{"visit 1.1", "visit 2.0", "visit 1.0"});
  CHECK(told.names({.kinds = {EntryKind::event, EntryKind::note}}) ==
        Names{"note none", "event 3", "note two", "event 2", "note one", "event 1"});
  CHECK(told.names({.limit = 2, .versions = std::vector{VersionId{2}}}) == Names{"note two", "visit 2.0", "begin 2"});
  for (const std::size_t limit : {1U, 100U}) {
    CHECK(told.names({.limit = limit, .span = {at(20), at(30)}}) ==
          Names{"note two", "visit 2.0", "begin 2", "event 2"});
    CHECK(told.names({.order = Order::ascending, .limit = limit, .span = {at(20), {}}}) ==
          Names{"event 2", "begin 2", "visit 2.0", "note two", "event 3", "visit 1.1", "note none"});
    CHECK(told.names({.limit = limit, .span = {{}, at(20)}}) == Names{"note one", "visit 1.0", "begin 1", "event 1"});
  }
  CHECK(told.names({.span = {at(31), {}}}).empty());
  CHECK(told.names({.kinds = {EntryKind::group}}).empty());
}

TEST_CASE("what a moved enrollment did is of the version that it happened in") {
  Changes changes = with_acme();
  changes.versions = {{{1}, "seeds", 1, "", {}, false}, {{2}, "seeds", 2, "", {}, true}};
  changes.count({{2}, CounterKind::moved_in});
  TokenRecord moved = token_from(1, 10);
  moved.version = {2};
  moved.state = TokenState::completed;
  moved.ended_at = at(40);
  TokenRecord other = token_from(3, 35);
  other.version = {2};
  changes.tokens = {{moved, true}, {token_from(2, 35), true}, {other, true}};
  changes.runs = {run_of(1, 0, 10, 2), run_of(1, 2, 30), run_of(2, 0, 35), run_of(3, 0, 35)};
  changes.deliveries = {delivery_of(1, 1, 7, 10), delivery_of(1, 2, 7, 30)};
  changes.deliveries.back().version = {2};
  changes.notes = {note_of(1, 10, "early"), moved_at(1, 20, {1, 2, 2}), note_of(1, 30, "late")};
  Told told(changes);
  for (const std::size_t limit : {1U, 100U}) {
    CHECK(told.names({.order = Order::ascending, .limit = limit, .versions = std::vector{VersionId{1}}}) ==
          Names{"begin 1", "visit 1.0", "visit 1.1", "delivery 1.1.7", "note early", "begin 2", "visit 2.0"});
    CHECK(told.names({.order = Order::ascending, .limit = limit, .versions = std::vector{VersionId{2}}}) ==
          Names{"note from version 1 to version 2, after 2 visits", "visit 1.2", "delivery 1.2.7", "note late",
                "begin 3", "visit 3.0", "end 1"});
  }
}

TEST_CASE("a person's timeline has their own ways, what was sent to them and what they did, in all their accounts") {
  Changes changes = with_acme();
  changes.accounts.push_back({{{2}, "zeta", {}}, true});
  changes.people = {{{{7}, kAcme, "mia", {}}, true}, {{{8}, kAcme, "leo", {}}, true}};
  changes.relations = {{{7}, {2}}};
  TokenRecord way = token_from(2, 10);
  way.parent = {1};
  way.person = {7};
  TokenRecord others_way = way;
  others_way.id = {3};
  others_way.person = {8};
  TokenRecord elsewhere = token_from(4, 30);
  elsewhere.account = {2};
  changes.tokens = {{token_from(1, 10), true}, {way, true}, {others_way, true}, {elsewhere, true}};
  changes.runs = {run_of(1, 0, 10), run_of(2, 0, 11), run_of(3, 0, 11), run_of(1, 1, 20), run_of(4, 0, 30)};
  changes.deliveries = {delivery_of(1, 1, 7, 20), delivery_of(1, 1, 8, 20), delivery_of(4, 0, 7, 30)};
  changes.notes = {note_of(2, 12, "hers"), note_of(3, 12, "his"), note_of(1, 12, "theirs")};
  changes.activity = {event_at(1, 5, 7), event_at(2, 6, 8), event_at(3, 7)};
  Told told(changes);
  const PersonTimeline mia{{{7}, kAcme, "mia", {}}};
  for (const std::size_t limit : {1U, 2U, 100U}) {
    CHECK(told.names({.limit = limit}, mia) ==
          Names{"delivery 4.0.7", "delivery 1.1.7", "note hers", "visit 1.0 of 7", "event 1"});
    CHECK(told.names({.order = Order::ascending, .limit = limit, .kinds = {EntryKind::delivery}}, mia) ==
          Names{"delivery 1.1.7", "delivery 4.0.7"});
  }
  const EnrollmentTimeline first{token_from(1, 10)};
  CHECK(told.names({.limit = 2}, first) == Names{"delivery 1.1.8", "delivery 1.1.7", "visit 1.1", "note theirs",
                                                 "note his", "note hers", "visit 1.0 of 8", "visit 1.0 of 7",
                                                 "visit 1.0", "begin 1"});
}

TEST_CASE("an event that came late stands where it happened") {
  Changes changes = with_acme();
  changes.tokens = {{token_from(1, 50), true}};
  changes.runs = {run_of(1, 0, 50)};
  // The third happened long before, and came when the second had come.
  changes.activity = {event_at(1, 10), event_at(2, 60), event_at(3, 5), event_at(4, 70)};
  Told told(changes);
  const Names up = {"event 3", "event 1", "begin 1", "visit 1.0", "event 2", "event 4"};
  for (const std::size_t limit : {1U, 2U, 100U}) {
    CHECK(told.names({.order = Order::ascending, .limit = limit}) == up);
    CHECK(told.names({.limit = limit}) == Names(up.rbegin(), up.rend()));
    CHECK(told.names({.limit = limit, .kinds = {EntryKind::event}, .span = {at(10), at(70)}}) ==
          Names{"event 2", "event 1"});
  }
}

TEST_CASE("a back-fill of old events hides none of those that were there, and is in no span that they are not of") {
  Changes changes = with_acme();
  Names live;
  Names old;
  for (std::int64_t sequence = 1; sequence <= 10; ++sequence) {
    changes.activity.push_back(event_at(sequence, 10'000 + sequence));
    live.push_back("event " + std::to_string(sequence));
  }
  for (std::int64_t sequence = 11; sequence <= 310; ++sequence) {
    changes.activity.push_back(event_at(sequence, sequence));
    old.push_back("event " + std::to_string(sequence));
  }
  Told told(changes);
  for (const std::size_t limit : {3U, 100U}) {
    CHECK(told.names({.order = Order::ascending, .limit = limit, .span = {at(10'000), {}}}) == live);
    CHECK(told.names({.limit = limit, .span = {at(10'000), {}}}) == Names(live.rbegin(), live.rend()));
    CHECK(told.names({.order = Order::ascending, .limit = limit, .span = {{}, at(10'000)}}) == old);
    CHECK(told.names({.limit = limit, .span = {{}, at(10'000)}}) == Names(old.rbegin(), old.rend()));
  }
}

TEST_CASE("what happens between two pages is on none of them, or on the last") {
  Changes changes = with_acme();
  changes.tokens = {{token_from(1, 10), true}};
  changes.runs = {run_of(1, 0, 10)};
  changes.activity = {event_at(1, 5), event_at(2, 6)};
  for (const Order order : {Order::ascending, Order::descending}) {
    Told told(changes);
    TimelineSearch search{.order = order, .limit = 2};
    const TimelinePage first = told.page(search);
    REQUIRE(first.next);
    Changes more;
    more.tokens = {{token_from(2, 20), true}};
    more.runs = {run_of(2, 0, 20), run_of(1, 1, 20)};
    more.activity = {event_at(3, 3), event_at(4, 20)};
    told.add(more);
    search.after = first.next;
    search.limit = 100;
    Names names;
    for (const TimelinePage& page : {first, told.page(search)})
      for (const TimelineEntry& entry : page.entries)
        names.push_back(name_of_entry(entry));
    // Going up, what came meanwhile is on the way, but for what happened before what was told.
    const Names up = {"event 1", "event 2", "begin 1", "visit 1.0", "event 4", "visit 1.1", "begin 2", "visit 2.0"};
    CHECK(names == (order == Order::ascending ? up : Names{"visit 1.0", "begin 1", "event 2", "event 1"}));
  }
}

TEST_CASE("what an account is told of for the first time between two pages is on none that goes down") {
  Changes changes = with_acme();
  changes.tokens = {{token_from(1, 10), true}};
  changes.runs = {run_of(1, 0, 10)};
  Told told(changes);
  TimelineSearch search{.limit = 1};
  search.after = told.page(search).next;
  REQUIRE(search.after);
  Changes more;
  more.activity = {event_at(1, 5)};
  told.add(more);
  CHECK(told.names(search) == Names{"begin 1"});
}

TEST_CASE("entries of the same instant are told once each, however pages are cut") {
  Changes changes = with_acme();
  std::set<std::string> all;
  for (std::int64_t id = 1; id <= 7; ++id) {
    TokenRecord token = token_from(id, 10);
    if (id % 2 == 0) {
      token.state = TokenState::left;
      token.ended_at = at(10);
      all.insert("end " + std::to_string(id));
    }
    changes.tokens.push_back({token, true});
    all.insert("begin " + std::to_string(id));
    // Two runs at once, each of two visits; the second of each promises something.
    for (const std::uint32_t first : {0U, 2U}) {
      changes.runs.push_back(run_of(id, first, 10, 2));
      changes.deliveries.push_back(delivery_of(id, first + 1, id, 10));
      for (const std::uint32_t visit : {first, first + 1})
        all.insert("visit " + std::to_string(id) + "." + std::to_string(visit));
      all.insert("delivery " + std::to_string(id) + "." + std::to_string(first + 1) + "." + std::to_string(id));
    }
    changes.notes.push_back(note_of(id, 10, std::to_string(id)));
    changes.activity.push_back(event_at(id, 10));
    all.insert("note " + std::to_string(id));
    all.insert("event " + std::to_string(id));
  }
  Told told(changes);
  const Names up = told.names({.order = Order::ascending, .limit = 1'000});
  CHECK(std::set<std::string>(up.begin(), up.end()) == all);
  CHECK(up.size() == all.size());
  for (const std::size_t limit : {1U, 2U, 3U, 7U}) {
    CHECK(told.names({.order = Order::ascending, .limit = limit}) == up);
    CHECK(told.names({.limit = limit}) == Names(up.rbegin(), up.rend()));
  }
  // Pages that look at few entries are short, and fit as well.
  CHECK(told.names({.order = Order::ascending, .most_looked_at = 3}) == up);
}

TEST_CASE("a visit that promises something to very many is told page by page") {
  Changes changes = with_acme();
  changes.tokens = {{token_from(1, 10), true}};
  changes.runs = {run_of(1, 0, 10), run_of(1, 1, 20)};
  for (std::int64_t person = 1; person <= 500; ++person)
    changes.deliveries.push_back(delivery_of(1, 0, person, 10));
  Told told(changes);
  const Names all = told.names({.limit = 1'000});
  CHECK(all.size() == 503);
  CHECK(told.names({.limit = 7}) == all);
  CHECK(told.names({.order = Order::ascending, .limit = 64}) == Names(all.rbegin(), all.rend()));
}

TEST_CASE("who has more tokens than are followed at once is told of in parts, without a gap or a double") {
  const std::int64_t count = static_cast<std::int64_t>(kMostTokens) + 500;
  Changes changes = with_acme();
  for (std::int64_t id = 1; id <= count; ++id) {
    changes.tokens.push_back({token_from(id, id), true});
    changes.runs.push_back(run_of(id, 0, id));
  }
  changes.notes = {note_of(1, 1, "old"), note_of(count, count, "new")};
  changes.activity = {event_at(1, 2)};
  Told told(changes);
  for (const Order order : {Order::ascending, Order::descending}) {
    const Names names = told.names({.order = order, .limit = 10'000});
    CHECK(names.size() == static_cast<std::size_t>(2 * count) + 3);
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  }
}

TEST_CASE("a cursor's text is read back, and no other text is one") {
  TimelineCursor cursor;
  cursor.newest_token = 8;
  CHECK(parse_timeline_cursor(to_text(cursor)) == cursor);
  cursor.last =
      EntryPosition{at(-5), 1, 2, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
  cursor.newest_event = 7;
  cursor.begin = {{3}, {4}};
  cursor.end = TokenPlace{{5}, {6}};
  cursor.is_later = true;
  CHECK(parse_timeline_cursor(to_text(cursor)) == cursor);
  for (const char* text :
       {"", "1", "1,2,3,4,5,6,7,8,9,10,11", "1,2,3,4,5,6,7,8,9,10,11,0,1", "a,2,3,4,5,6,7,8,9,10,11,0",
        "-9223372036854775808,0,0,0,0,0,0,0,0,0,0,0", "9007199254740992,0,0,0,0,0,0,0,0,0,0,0",
        "1,2,3,4,5,-6,7,8,9,10,11,0", "1,2,3,4,5,6,-7,8,9,10,11,0", "1,2,3,4,5,6,7,-8,9,10,11,0",
        "1,2,3,4,5,6,7,8,9,-10,11,0", "99999999999999999999,2,3,4,5,6,7,8,9,10,11,0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_timeline_cursor(text));
  }
}
