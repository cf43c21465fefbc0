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

  // Events alone: a page reads hundreds, wherever it lies.
  TimelineSearch events{.limit = 50, .kinds = {EntryKind::event}};
  for (const std::optional<Instant> until :
       {std::optional<Instant>(), std::optional(at(50'000)), std::optional(at(5))}) {
    events.span.until = until;
    steps_of(reader);
    const TimelinePage page = read_timeline(library, reader, acme, events);
    CHECK(page.rows_read < 2'000);
    CHECK(steps_of(reader) < 60'000);
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
    CHECK(steps_of(reader) < 2'000'000);
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
