// What engagement is computed from and what comes of it: the events that may count, the scores, and when to count
// again.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

constexpr NameId kOpened{4};
constexpr NameId kClicked{5};

EngagementRecord engaged(std::int64_t person, std::int64_t opened, double raw = 1, double score = 50) {
  return {{person}, {{kOpened, opened}}, raw, score};
}

TEST_CASE("a person's engagement lasts to the last digit, changes, and is gone without counts") {
  const EngagementRecord full{
      {7},
      {{kOpened, 1}, {kClicked, std::numeric_limits<std::int64_t>::max()}, {NameId{0xffffffff}, 600}},
      0.1,
      100.0 / 3};
  Changes first;
  first.engagement = {engaged(8, 3), full};
  Reopened before({first});
  CHECK(before->engagement({7}) == full);
  CHECK(before->engagement({8}) == engaged(8, 3));
  CHECK_FALSE(before->engagement({9}));

  Changes second;
  second.engagement = {{{7}, {}, 0, 0}, engaged(8, 5, 2.5, 0), {{9}, {}, 0, 0}};
  Reopened after({first, second});
  CHECK_FALSE(after->engagement({7}));
  CHECK(after->engagement({8}) == engaged(8, 5, 2.5, 0));
}

TEST_CASE("of several entries for a person's engagement in a commit the last counts") {
  Changes changes;
  changes.engagement = {engaged(1, 1), {{2}, {}, 0, 0}, {{1}, {}, 0, 0}, engaged(2, 2), engaged(3, 1), engaged(3, 3)};
  Reopened store({changes});
  CHECK(gather<EngagementRecord>([&](auto& to) { store->engagement_after({}, 9, to); }) ==
        std::vector{engaged(2, 2), engaged(3, 3)});
}

TEST_CASE("people's engagement comes by person, page by page") {
  Changes changes;
  for (const std::int64_t person : {30, 10, 50, 20, 40})
    changes.engagement.push_back(engaged(person, person));
  Reopened store({changes});
  const auto page = [&](std::int64_t after) {
    return gather<EngagementRecord>([&](auto& to) { store->engagement_after({after}, 2, to); });
  };
  CHECK(page(0) == std::vector{engaged(10, 10), engaged(20, 20)});
  CHECK(page(20) == std::vector{engaged(30, 30), engaged(40, 40)});
  CHECK(page(40) == std::vector{engaged(50, 50)});
  CHECK(page(50).empty());
}

TEST_CASE("an account's engagement is that of the people whose primary account it is, by person") {
  Changes changes;
  for (const std::int64_t person : {3, 1, 2, 4})
    changes.people.push_back({{{person}, {person == 2 ? 20 : 10}, "person " + std::to_string(person), {}}, true});
  changes.relations = {{{2}, {10}}};
  changes.engagement = {engaged(1, 1), engaged(2, 2), engaged(3, 3)};
  Reopened store({changes});
  const auto of = [&](std::int64_t account) {
    return gather<EngagementRecord>([&](auto& to) { store->engagement_of({account}, to); });
  };
  CHECK(of(10) == std::vector{engaged(1, 1), engaged(3, 3)});
  CHECK(of(20) == std::vector{engaged(2, 2)});
  CHECK(of(30).empty());
  CHECK(store->account_of({2}) == AccountId{20});
  CHECK_FALSE(store->account_of({5}));
  CHECK(store->person(PersonId{2})->key == "person 2");
  CHECK_FALSE(store->person(PersonId{5}));
}

TEST_CASE("counts that are damaged in the file are an error that names the person") {
  TemporaryFolder folder;
  Changes changes;
  changes.engagement = {engaged(7, 1)};
  open_sqlite(folder.file(), OpenMode::write)->commit(changes);
  run_sql(folder.file(), "UPDATE engagement SET counts = x'04'");
  const auto reader = open_sqlite(folder.file(), OpenMode::read)->reader();
  CHECK_THAT(error_of([&] { reader->engagement({7}); }), says("the engagement of person 7"));
}

std::vector<EngagementDueRecord> due(Reopened& store, std::int64_t until, std::int64_t after = 0,
                                     std::size_t limit = 100) {
  return gather<EngagementDueRecord>([&](auto& to) { store->engagement_due(at(until), {after}, limit, to); });
}

TEST_CASE("accounts to count again come by account, those whose time has come, page by page") {
  Changes changes;
  changes.engagement_due = {{{5}, at(10)}, {{1}, at(20)}, {{4}, at(-30)}, {{2}, at(30)}, {{3}, at(20)}};
  Reopened store({changes});
  CHECK(due(store, 20) ==
        std::vector<EngagementDueRecord>{{{1}, at(20)}, {{3}, at(20)}, {{4}, at(-30)}, {{5}, at(10)}});
  CHECK(due(store, 20, 1, 2) == std::vector<EngagementDueRecord>{{{3}, at(20)}, {{4}, at(-30)}});
  CHECK(due(store, 20, 5).empty());
  CHECK(due(store, -31).empty());
}

TEST_CASE("when an account is to be counted again changes and ends, and the last entry of a commit counts") {
  Changes first;
  first.engagement_due = {{{1}, at(10)}, {{2}, at(10)}, {{3}, at(10)}};
  Changes second;
  second.engagement_due = {{{1}, {}}, {{2}, at(50)}, {{4}, at(50)}, {{4}, {}}, {{3}, {}}, {{3}, at(40)}, {{5}, {}}};
  Reopened store({first, second});
  CHECK(due(store, 100) == std::vector<EngagementDueRecord>{{{2}, at(50)}, {{3}, at(40)}});
}

TEST_CASE("the last round lasts, whether it is through or not") {
  Changes begun;
  begun.engagement_round = {at(1'000), "f00d", false};
  Changes through;
  through.engagement_round = {at(1'000), "f00d", true};
  CHECK_FALSE(Reopened({})->engagement_round());
  CHECK(Reopened({begun})->engagement_round() == begun.engagement_round);
  CHECK(Reopened({begun, through, {}})->engagement_round() == through.engagement_round);
}

/// Person, type and time of the points, sorted.
std::vector<std::tuple<std::int64_t, NameId, std::int64_t>> points(Reader& reader, std::int64_t account,
                                                                   std::int64_t since, std::int64_t until) {
  std::vector<std::tuple<std::int64_t, NameId, std::int64_t>> to;
  for (const ActivityPoint& point :
       gather<ActivityPoint>([&](auto& found) { reader.activity_points({account}, at(since), at(until), found); }))
    to.emplace_back(point.person.value, point.type, point.at.time_since_epoch().count());
  std::sort(to.begin(), to.end());
  return to;
}
using Points = std::vector<std::tuple<std::int64_t, NameId, std::int64_t>>;

/// Ann (1) and Bob (2) of account 10, Cid (3) of account 20 and, beside it, of account 10. What they do is told to all
/// of their accounts.
Changes active_people() {
  Changes changes;
  changes.people = {{{{1}, {10}, "ann", {}}, true}, {{{2}, {10}, "bob", {}}, true}, {{{3}, {20}, "cid", {}}, true}};
  changes.relations = {{{3}, {10}}};
  changes.activity = {
      {{10}, 1, at(100), {1}, kOpened, "a", one_attribute(1)},
      {{10}, 2, at(200), {}, kOpened, "b", {}},
      {{10}, 3, at(200), {2}, kClicked, "", {}},
      {{10}, 4, at(250), {3}, kOpened, "c", {}},
      {{20}, 5, at(250), {3}, kOpened, "c", {}},
      {{10}, 6, at(300), {1}, kOpened, "", {}},
  };
  return changes;
}

TEST_CASE(
    "of the events those of the account's own people count, within the time that is asked for, its ends included") {
  Reopened store({active_people()});
  Reader& reader = *store.operator->();
  CHECK(points(reader, 10, 100, 300) == Points{{1, kOpened, 100}, {1, kOpened, 300}, {2, kClicked, 200}});
  CHECK(points(reader, 10, 101, 300) == Points{{1, kOpened, 300}, {2, kClicked, 200}});
  CHECK(points(reader, 10, 100, 299) == Points{{1, kOpened, 100}, {2, kClicked, 200}});
  CHECK(points(reader, 10, 301, 900).empty());
  CHECK(points(reader, 20, 0, 900) == Points{{3, kOpened, 250}});
  CHECK(points(reader, 30, 0, 900).empty());
}

TEST_CASE("what somebody did who now belongs to another account, or is removed, counts in the old account no more") {
  Changes move;
  move.people = {{{{1}, {20}, "ann", {}}, false}};
  move.removed_people = {{2}};
  move.relations = {{{3}, {10}, {}, false}};
  Reopened store({active_people(), move});
  REQUIRE_FALSE(store->has_relations());
  CHECK(points(*store.operator->(), 10, 0, 900).empty());
  CHECK(points(*store.operator->(), 20, 0, 900) == Points{{3, kOpened, 250}});
}

TEST_CASE("points are appended to what is there, and what is there stays") {
  Reopened store({active_people()});
  std::vector<ActivityPoint> to = {{{99}, kClicked, at(7)}};
  store->activity_points({20}, at(0), at(900), to);
  REQUIRE(to.size() == 2);
  CHECK(to[0].person.value == 99);
  CHECK(to[1].person.value == 3);
}

}  // namespace
}  // namespace caravan
