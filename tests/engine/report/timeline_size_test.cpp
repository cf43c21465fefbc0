// How much of the store a page of a large account's timeline reads, and that all of its pages fit together.

#include <sqlite3.h>

#include "storage/sqlite/reader.hpp"
#include "tests/engine/report/timelines.hpp"
#include "tests/storage/temporary_folder.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

constexpr std::int64_t kEvents = 100'000;
constexpr std::int64_t kPeople = 20'000;

/// 100,000 events, a people split of 20,000 people, and one enrollment that went round 50,000 times.
Changes large_account() {
  Changes changes = with_acme();
  changes.people.reserve(static_cast<std::size_t>(kPeople));
  for (std::int64_t sequence = 1; sequence <= kEvents; ++sequence)
    changes.activity.push_back(event_at(sequence, sequence, 1 + sequence % kPeople));
  changes.tokens.push_back({token_from(1, 1), true});
  for (std::uint32_t visit = 0; visit < 50'000; ++visit)
    changes.runs.push_back(run_of(1, visit, 1 + visit));
  TokenRecord split = token_from(2, 60'000);
  changes.tokens.push_back({split, true});
  for (std::int64_t person = 1; person <= kPeople; ++person) {
    changes.people.push_back({{{person}, kAcme, "person-" + std::to_string(person), {}}, true});
    TokenRecord way = token_from(2 + person, 60'000);
    way.parent = {2};
    way.person = {person};
    changes.tokens.push_back({way, true});
    changes.runs.push_back(run_of(2 + person, 0, 60'000));
  }
  return changes;
}

/// What SQLite has done for the statements of a reader since it was last asked, in its own steps.
std::int64_t steps_of(sqlite::SqliteReader& reader) {
  std::int64_t steps = 0;
  sqlite3* const handle = reader.connection().handle();
  for (sqlite3_stmt* each = sqlite3_next_stmt(handle, nullptr); each != nullptr; each = sqlite3_next_stmt(handle, each))
    steps += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 1);
  return steps;
}

}  // namespace

TEST_CASE("a page of an account with 100,000 events and 20,000 people reads a bounded part of them") {
  const caravan::testing::TemporaryFolder folder;
  SqliteSettings settings;
  settings.synchronous = SqliteSettings::Synchronous::off;
  const std::unique_ptr<Store> store = open_sqlite(folder.file(), OpenMode::write, settings);
  store->commit(large_account());
  NameBook names;
  JourneyLibrary library(*store, names);
  sqlite::SqliteReader reader(folder.file(), settings);
  const AccountTimeline acme{kAcme};

  // Events alone: a page reads as many as it tells and one more, wherever it lies, and goes through all of them once.
  TimelineSearch events{.limit = 50, .kinds = {EntryKind::event}};
  for (const std::optional<Instant> until :
       {std::optional<Instant>(), std::optional(at(50'000)), std::optional(at(5))}) {
    events.span.until = until;
    steps_of(reader);
    const TimelinePage page = read_timeline(library, reader, acme, events);
    CHECK(page.rows_read == page.entries.size() + (page.next ? 1 : 0));
    CHECK(steps_of(reader) < 30 * kEvents);
    const std::int64_t newest = until ? until->time_since_epoch() / std::chrono::seconds(1) - 1 : kEvents;
    REQUIRE_FALSE(page.entries.empty());
    CHECK(name_of_entry(page.entries.front()) == "event " + std::to_string(newest));
  }

  // Everything: as many tokens as are followed at once, and the run that is next of each.
  TimelineSearch all{.limit = 50};
  for (const std::optional<Instant> until : {std::optional<Instant>(), std::optional(at(30'000))}) {
    all.span.until = until;
    steps_of(reader);
    const TimelinePage page = read_timeline(library, reader, acme, all);
    CHECK(page.entries.size() == 50);
    CHECK(page.rows_read < 4 * kMostTokens);
    CHECK(steps_of(reader) < 30 * kEvents + 2'000'000);
  }

  // Before the split began there were the events and the first enrollment: two entries a second.
  all.span = {at(10'000), at(10'300)};
  CHECK(all_pages(library, reader, acme, all).names.size() == 600);
}

TEST_CASE("all pages of an account with 100,000 events and 20,000 people fit together") {
  const caravan::testing::TemporaryFolder folder;
  SqliteSettings settings;
  settings.synchronous = SqliteSettings::Synchronous::off;
  const std::unique_ptr<Store> store = open_sqlite(folder.file(), OpenMode::write, settings);
  store->commit(large_account());
  NameBook names;
  JourneyLibrary library(*store, names);
  const auto reader = store->reader();
  const Listing listing = all_pages(library, *reader, AccountTimeline{kAcme}, {.limit = 10'000});
  // Two beginnings, the visits of the first enrollment and of each person's way.
  const std::size_t whole = static_cast<std::size_t>(kEvents + 2 + 50'000 + kPeople);
  CHECK(listing.names.size() == whole);
  CHECK(std::set<std::string>(listing.names.begin(), listing.names.end()).size() == whole);
  const PersonTimeline person{{{77}, kAcme, "person-77", {}}};
  const Listing own = all_pages(library, *reader, person, {.limit = 50});
  CHECK(own.names.size() == 6);  // five events and a visit
}

TEST_CASE("where many were moved to another version, a page goes through the account's notes once") {
  constexpr std::int64_t moved = 300;
  Changes changes = with_acme();
  changes.versions = {{{1}, "seeds", 1, "", {}, false}, {{2}, "seeds", 2, "", {}, true}};
  changes.count({{2}, CounterKind::moved_in}, moved);
  for (std::int64_t id = 1; id <= moved; ++id) {
    TokenRecord token = token_from(id, 10);
    token.version = {2};
    changes.tokens.push_back({token, true});
    changes.runs.push_back(run_of(id, 0, 10));
    changes.runs.push_back(run_of(id, 1, 30));
    changes.notes.push_back(moved_at(id, 20, {1, 2, 1}));
  }
  for (std::int64_t note = 0; note < 10 * moved; ++note)
    changes.notes.push_back(note_of(0, 40));
  const caravan::testing::TemporaryFolder folder;
  SqliteSettings settings;
  settings.synchronous = SqliteSettings::Synchronous::off;
  const std::unique_ptr<Store> store = open_sqlite(folder.file(), OpenMode::write, settings);
  store->commit(changes);
  NameBook names;
  JourneyLibrary library(*store, names);
  sqlite::SqliteReader reader(folder.file(), settings);
  steps_of(reader);
  const TimelinePage page =
      read_timeline(library, reader, AccountTimeline{kAcme}, {.limit = 1'000, .kinds = {EntryKind::visit}});
  CHECK(steps_of(reader) < 500'000);
  REQUIRE(page.entries.size() == 2 * moved);
  CHECK(std::get<VisitHappened>(page.entries.front()).version == VersionId{2});
  CHECK(std::get<VisitHappened>(page.entries.back()).version == VersionId{1});
}

TEST_CASE("a page that goes on within a run of many visits reads none of what was told") {
  Changes changes = with_acme();
  changes.tokens = {{token_from(1, 10), true}};
  changes.runs = {run_of(1, 0, 10, 100)};
  for (std::uint32_t visit = 0; visit < 100; ++visit)
    for (std::int64_t person = 1; person <= 20; ++person)
      changes.deliveries.push_back(delivery_of(1, visit, person, 10));
  Told told(changes);
  for (const Order order : {Order::ascending, Order::descending}) {
    TimelineSearch search{.order = order, .limit = 2'050};
    search.after = told.page(search).next;
    REQUIRE(search.after);
    search.limit = 1;
    CHECK(told.page(search).rows_read < 200);
    CHECK(told.names({.order = order, .limit = 33}).size() == 2'101);
  }
}

TEST_CASE("for beginnings and ends alone no visits are read") {
  Changes changes = with_acme();
  TokenRecord token = token_from(1, 10);
  token.state = TokenState::completed;
  token.ended_at = at(5'000);
  changes.tokens = {{token, true}};
  for (std::uint32_t visit = 0; visit < 2'000; ++visit)
    changes.runs.push_back(run_of(1, visit, 10 + visit));
  Told told(changes);
  for (const Order order : {Order::ascending, Order::descending}) {
    const TimelinePage page = told.page({.order = order, .kinds = {EntryKind::enrollment}});
    CHECK(page.entries.size() == 2);
    CHECK(page.rows_read < 10);
  }
}

TEST_CASE("what an account began after an enrollment has ended is not gone through for it") {
  Changes changes = with_acme();
  TokenRecord enrollment = token_from(1, 10);
  enrollment.state = TokenState::completed;
  enrollment.ended_at = at(20);
  TokenRecord way = token_from(2, 15);
  way.parent = {1};
  way.person = {7};
  changes.tokens = {{enrollment, true}, {way, true}};
  for (std::int64_t id = 3; id <= 5'000; ++id)
    changes.tokens.push_back({token_from(id, 30), true});
  changes.runs = {run_of(1, 0, 10), run_of(2, 0, 15)};
  Told told(changes);
  const TimelinePage page = told.page({}, EnrollmentTimeline{enrollment});
  CHECK(page.entries.size() == 4);
  CHECK_FALSE(page.next);
  CHECK(page.rows_read < 1'100);
}

TEST_CASE("what is let go between two pages hides nothing of what is left") {
  const std::int64_t count = static_cast<std::int64_t>(kMostTokens) + 500;
  const std::int64_t forgotten = count - 600;
  Changes changes = with_acme();
  Changes forgetting;
  forgetting.history.forgotten = {{{forgotten}, kAcme, {}, at(50'000)}};
  for (std::int64_t id = 1; id <= count; ++id) {
    TokenRecord token = token_from(id, id);
    if (id >= forgotten && id <= forgotten + 550) {
      token.state = TokenState::completed;
      token.ended_at = at(id);
    }
    if (id > forgotten && id <= forgotten + 550) {
      token.parent = {forgotten};
      token.person = {7};
      forgetting.history.forgotten.front().people.push_back(token.id);
    }
    changes.tokens.push_back({token, true});
  }
  // The oldest are not among those that are followed first, and did something last.
  for (std::int64_t id = 1; id <= 400; ++id)
    changes.runs.push_back(run_of(id, 0, 40'000));
  Told told(changes);
  TimelineSearch search{.limit = 20};
  const TimelinePage first = told.page(search);
  REQUIRE(first.next);
  told.add(forgetting);
  search.after = first.next;
  search.limit = 1'000;
  const Names names = told.names(search);
  const std::set<std::string> all(names.begin(), names.end());
  CHECK(all.size() == names.size());
  for (std::int64_t id = 1; id <= 400; ++id) {
    CAPTURE(id);
    CHECK(all.contains("begin " + std::to_string(id)));
    CHECK(all.contains("visit " + std::to_string(id) + ".0"));
  }
}
