// Timelines page by page: that pages fit together, in which order, and how much of the store a page reads.

#include <sqlite3.h>

#include "engine/report/naming.hpp"
#include "engine/report/timeline_page.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/sqlite/reader.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

constexpr AccountId kAcme{1};

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

ActivityRecord event_at(std::int64_t sequence, std::int64_t seconds, std::int64_t person = 0) {
  return {kAcme, sequence, at(seconds), {person}, NameId{1}, "", {}};
}

TokenRecord token_from(std::int64_t id, std::int64_t seconds) {
  TokenRecord token;
  token.id = {id};
  token.version = {1};
  token.account = kAcme;
  token.node = NodeIndex{0};
  token.state = TokenState::waiting;
  token.entered_at = at(seconds);
  return token;
}

RunRecord run_of(std::int64_t token, std::uint32_t first, std::int64_t seconds, std::size_t visits = 1) {
  return {{token}, first, at(seconds), std::vector<VisitRecord>(visits, {NodeIndex{0}})};
}

DeliveryRecord delivery_of(std::int64_t token, std::uint32_t visit, std::int64_t recipient, std::int64_t seconds) {
  DeliveryRecord delivery;
  delivery.key = {{token}, visit, {recipient}};
  delivery.account = kAcme;
  delivery.version = {1};
  delivery.state = DeliveryState::delivered;
  delivery.created_at = at(seconds);
  delivery.ended_at = at(seconds + 5);
  delivery.address = "x@acme.example";
  return delivery;
}

NoteRecord note_of(std::int64_t token, std::int64_t seconds, std::string text = "note") {
  return {kAcme, at(seconds), NoteKind::refused, {token}, kNoNode, std::move(text)};
}

Changes with_acme() {
  Changes changes;
  changes.accounts.push_back({{kAcme, "acme", {}}, true});
  return changes;
}

/// An entry in a few letters, by which it is known among all of an account's: `event 7`, `visit 3.1`.
std::string name_of_entry(const TimelineEntry& entry) {
  struct {
    std::string operator()(const ActivityRecord& each) const { return "event " + std::to_string(each.sequence); }
    std::string operator()(const EnrollmentHappened& each) const {
      return (each.ended ? "end " : "begin ") + std::to_string(each.enrollment.value);
    }
    std::string operator()(const VisitHappened& each) const {
      return "visit " + std::to_string(each.enrollment.value) + "." + std::to_string(each.number) +
             (each.person ? " of " + std::to_string(each.person.value) : "");
    }
    std::string operator()(const DeliveryRecord& each) const { return "delivery " + caravan::name_of(each.key); }
    std::string operator()(const TimelineNote& each) const { return "note " + each.note.text; }
    std::string operator()(const TimelineChange& each) const {
      return "group " + std::to_string(static_cast<std::uint32_t>(each.change.after));
    }
  } name;
  return std::visit(name, entry);
}

using Names = std::vector<std::string>;

struct Listing {
  Names names;
  std::size_t pages = 0;
  std::size_t most_rows = 0;  ///< that a page has read
};

/// All pages, one after the other; each cursor goes through its text, as it does over HTTP.
Listing all_pages(JourneyLibrary& library, Reader& reader, const TimelineSubject& subject, TimelineSearch search) {
  Listing listing;
  for (;;) {
    const TimelinePage page = read_timeline(library, reader, subject, search);
    REQUIRE(page.entries.size() <= search.limit);
    for (const TimelineEntry& entry : page.entries)
      listing.names.push_back(name_of_entry(entry));
    ++listing.pages;
    listing.most_rows = std::max(listing.most_rows, page.rows_read);
    if (!page.next) return listing;
    search.after = parse_timeline_cursor(to_text(*page.next));
    REQUIRE(search.after == page.next);
  }
}

/// A store in memory with what is told of it.
class Told {
 public:
  explicit Told(const Changes& changes) { store_.commit(changes); }
  Names names(TimelineSearch search = {}, const TimelineSubject& subject = AccountTimeline{kAcme}) {
    return all_pages(library_, *store_.reader(), subject, std::move(search)).names;
  }
  void add(const Changes& changes) { store_.commit(changes); }
  TimelinePage page(const TimelineSearch& search) {
    return read_timeline(library_, *store_.reader(), AccountTimeline{kAcme}, search);
  }

 private:
  MemoryStore store_;
  NameBook names_;
  JourneyLibrary library_{store_, names_};
};

}  // namespace

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

TEST_CASE("an event that came late stands among what came with it") {
  Changes changes = with_acme();
  changes.tokens = {{token_from(1, 50), true}};
  changes.runs = {run_of(1, 0, 50)};
  // The third happened long before, and came when the second had come.
  changes.activity = {event_at(1, 10), event_at(2, 60), event_at(3, 5), event_at(4, 70)};
  Told told(changes);
  const Names up = {"event 1", "begin 1", "visit 1.0", "event 2", "event 3", "event 4"};
  for (const std::size_t limit : {1U, 2U, 100U}) {
    CHECK(told.names({.order = Order::ascending, .limit = limit}) == up);
    CHECK(told.names({.limit = limit}) == Names(up.rbegin(), up.rend()));
    CHECK(told.names({.limit = limit, .kinds = {EntryKind::event}, .span = {at(11), at(70)}}) ==
          Names{"event 3", "event 2"});
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
    more.activity = {event_at(3, 3)};
    told.add(more);
    search.after = first.next;
    search.limit = 100;
    Names names;
    for (const TimelinePage& page : {first, told.page(search)})
      for (const TimelineEntry& entry : page.entries)
        names.push_back(name_of_entry(entry));
    // Going up, what came meanwhile is on the way: the event came before what is still to be told.
    const Names up = {"event 1", "event 2", "event 3", "begin 1", "visit 1.0", "visit 1.1", "begin 2", "visit 2.0"};
    CHECK(names == (order == Order::ascending ? up : Names{"visit 1.0", "begin 1", "event 2", "event 1"}));
  }
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

// A large account in a file.

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
