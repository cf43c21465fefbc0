// What accounts and people belong to and what happened to them: events, audiences, lists and destinations with what
// those who follow them are told, and how a person is removed from all of it.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

std::vector<ActivityRecord> activity_of(Reopened& store, std::int64_t account) {
  return gather<ActivityRecord>([&](auto& to) { store->activity_of({account}, to); });
}

ActivityRecord event(std::int64_t account, std::int64_t sequence, std::string id = {}) {
  return {{account}, sequence, at(1'000 + sequence), {}, NameId{4}, std::move(id), {}};
}

TEST_CASE("an event lasts with everything it carries, and an account's events come in the order of arrival") {
  const ActivityRecord full{{1}, 7, at(-5), {3}, NameId{4}, "mail-77", one_attribute(42)};
  const ActivityRecord raised = event(1, 8);
  Changes changes;
  changes.activity = {event(2, 9), raised, full};
  Reopened store({changes});
  CHECK(activity_of(store, 1) == std::vector{full, raised});
  CHECK(store->activity_count({1}) == 2);
  CHECK(store->activity_count({2}) == 1);
  CHECK(store->activity_count({3}) == 0);
  CHECK(store->greatest().activity == 9);
}

TEST_CASE("an event is known by its account and the sender's id; those without an id are known by none") {
  Changes changes;
  changes.activity = {event(1, 1, "a"), event(2, 2, "a"), event(1, 3), event(1, 4), event(1, 5, "b")};
  Reopened store({changes});
  CHECK(store->has_activity({1}, "a"));
  CHECK(store->has_activity({2}, "a"));
  CHECK_FALSE(store->has_activity({2}, "b"));
  CHECK_FALSE(store->has_activity({3}, "a"));
  CHECK_FALSE(store->has_activity({1}, ""));
}

TEST_CASE("an account that is given an event twice contradicts itself") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes first;
  first.activity = {event(1, 1, "a")};
  store->commit(first);
  Changes again;
  again.activity = {event(1, 2, "a")};
  CHECK_THAT(error_of([&] { store->commit(again); }), says("the rows contradict what is there") && says("activity"));
  CHECK(store->reader()->greatest().activity == 1);
}

TEST_CASE("events are forgotten up to a number, of one account, also those of the same commit") {
  Changes first;
  first.activity = {event(1, 1), event(1, 2, "b"), event(2, 3), event(1, 4)};
  Changes second;
  second.activity = {event(1, 5), event(1, 6)};
  second.forgotten_activity = {{{1}, 2}, {{1}, 5}};
  Reopened store({first, second});
  CHECK(activity_of(store, 1) == std::vector{event(1, 6)});
  CHECK(activity_of(store, 2) == std::vector{event(2, 3)});
  CHECK_FALSE(store->has_activity({1}, "b"));
}

TEST_CASE("the number of a forgotten event is not given again") {
  Changes first;
  first.activity = {event(1, 5)};
  Changes second;
  second.forgotten_activity = {{{1}, 5}};
  Reopened store({first, second});
  CHECK(store->activity_count({1}) == 0);
  CHECK(store->greatest().activity == 5);
}

std::vector<AudienceMemberRecord> audiences_of(Reopened& store, std::int64_t account) {
  return gather<AudienceMemberRecord>([&](auto& to) { store->audiences_of({account}, to); });
}

TEST_CASE("an account is in the audiences it came into last and did not leave") {
  Changes first;
  first.audience_members = {{{1}, NameId{6}, at(10)}, {{2}, NameId{5}, at(20)}, {{1}, NameId{5}, at(30)}};
  Changes second;
  second.audience_members = {
      {{1}, NameId{5}, at(40), false}, {{1}, NameId{7}, at(40)}, {{3}, NameId{5}, at(40), false}};
  Reopened store({first, second});
  CHECK(audiences_of(store, 1) ==
        std::vector<AudienceMemberRecord>{{{1}, NameId{6}, at(10)}, {{1}, NameId{7}, at(40)}});
  CHECK(audiences_of(store, 2) == std::vector<AudienceMemberRecord>{{{2}, NameId{5}, at(20)}});
  CHECK(audiences_of(store, 3).empty());
}

TEST_CASE("of several entries for an account and an audience in a commit the last counts") {
  Changes first;
  first.audience_members = {{{1}, NameId{5}, at(10)}};
  Changes second;
  second.audience_members = {{{1}, NameId{5}, at(20), false},
                             {{2}, NameId{5}, at(20)},
                             {{1}, NameId{5}, at(30)},
                             {{2}, NameId{5}, at(30), false}};
  Reopened store({first, second});
  CHECK(audiences_of(store, 1) == std::vector<AudienceMemberRecord>{{{1}, NameId{5}, at(30)}});
  CHECK(audiences_of(store, 2).empty());
}

TEST_CASE("audiences of neighbouring accounts come together, and an audience's accounts page by page") {
  Changes changes;
  for (std::int64_t id = 1; id <= 5; ++id)
    changes.audience_members.push_back({{id}, NameId{5}, at(id)});
  changes.audience_members.push_back({{3}, NameId{4}, at(9)});
  Reopened store({changes});
  CHECK(gather<AudienceMemberRecord>([&](auto& to) { store->audiences_between({2}, {3}, to); }) ==
        std::vector<AudienceMemberRecord>{{{2}, NameId{5}, at(2)}, {{3}, NameId{4}, at(9)}, {{3}, NameId{5}, at(3)}});
  AudienceSearch search{{.page = {.limit = 2}, .most_rows = 4}, NameId{5}};
  std::vector<AudienceMemberRecord> found;
  CHECK(store->audience_members(search, found) == Searched<std::pair<AccountId, NameId>>{false, {{2}, NameId{5}}});
  search.page.after = {AccountId{2}, NameId{5}};
  CHECK(store->audience_members(search, found).next == std::pair(AccountId{4}, NameId{5}));
  search.page.after = {AccountId{4}, NameId{5}};
  CHECK(store->audience_members(search, found).is_end);
  CHECK(found.size() == 5);
  // Another audience's row of the same account lies between, and is looked at.
  search.page.after = {AccountId{2}, NameId{5}};
  search.most_rows = 1;
  found.clear();
  CHECK(store->audience_members(search, found) == Searched<std::pair<AccountId, NameId>>{false, {{3}, NameId{4}}});
  CHECK(found.empty());
  search.page = {Order::descending, std::nullopt, 1};
  CHECK(store->audience_members(search, found).next == std::pair(AccountId{5}, NameId{5}));
}

RosterRecord listed(std::int64_t account, std::int64_t person, std::int64_t time, bool in = true) {
  return {RosterKind::list, NameId{5}, {account}, {person}, at(time), in};
}

std::vector<RosterRecord> roster(Reopened& store, std::pair<AccountId, PersonId> after = {}, std::size_t limit = 100) {
  return gather<RosterRecord>([&](auto& to) { store->roster(RosterKind::list, NameId{5}, after, limit, to); });
}

std::vector<RosterChange> feed(Reopened& store, std::int64_t after = 0, std::size_t limit = 100) {
  return gather<RosterChange>([&](auto& to) { store->roster_changes(RosterKind::list, NameId{5}, after, limit, to); });
}

TEST_CASE("a list holds accounts and people, and those who follow it are told of each who comes and goes") {
  Changes first;
  first.rosters = {listed(2, 9, 10), listed(2, 0, 20), listed(1, 0, 30)};
  Changes second;
  second.rosters = {listed(2, 0, 40, false)};
  Reopened store({first, second});
  CHECK(roster(store) == std::vector{listed(1, 0, 30), listed(2, 9, 10)});
  CHECK(feed(store) ==
        std::vector<RosterChange>{
            {1, listed(2, 9, 10)}, {2, listed(2, 0, 20)}, {3, listed(1, 0, 30)}, {4, listed(2, 0, 40, false)}});
}

TEST_CASE("putting in who is in and taking out who is out changes nothing and is told to nobody") {
  Changes first;
  first.rosters = {listed(1, 0, 10), listed(1, 0, 20), listed(2, 0, 20, false)};
  Changes second;
  second.rosters = {listed(1, 0, 30)};
  Reopened store({first, second});
  CHECK(roster(store) == std::vector{listed(1, 0, 10)});
  CHECK(feed(store) == std::vector<RosterChange>{{1, listed(1, 0, 10)}});
}

TEST_CASE("who comes, goes and comes again within a commit is told three times") {
  Changes changes;
  changes.rosters = {listed(1, 0, 10), listed(1, 0, 20, false), listed(1, 0, 30)};
  Reopened store({changes});
  CHECK(roster(store) == std::vector{listed(1, 0, 30)});
  CHECK(feed(store).size() == 3);
}

TEST_CASE("lists and destinations of one name are kept apart, and their changes have numbers among all") {
  Changes changes;
  const RosterRecord activated{RosterKind::destination, NameId{5}, {1}, {}, at(20)};
  const RosterRecord other{RosterKind::list, NameId{6}, {1}, {}, at(30)};
  changes.rosters = {listed(1, 0, 10), activated, other, listed(2, 0, 40)};
  Reopened store({changes});
  CHECK(roster(store).size() == 2);
  CHECK(gather<RosterRecord>([&](auto& to) { store->roster(RosterKind::destination, NameId{5}, {}, 9, to); }) ==
        std::vector{activated});
  CHECK(feed(store) == std::vector<RosterChange>{{1, listed(1, 0, 10)}, {4, listed(2, 0, 40)}});
  CHECK(gather<RosterChange>([&](auto& to) { store->roster_changes(RosterKind::destination, NameId{5}, 0, 9, to); }) ==
        std::vector<RosterChange>{{2, activated}});
}

TEST_CASE("a list and its feed are read page by page") {
  Changes changes;
  changes.rosters = {listed(1, 0, 10), listed(1, 7, 20), listed(1, 8, 30), listed(2, 0, 40), listed(3, 5, 50)};
  Reopened store({changes});
  CHECK(roster(store, {}, 2) == std::vector{listed(1, 0, 10), listed(1, 7, 20)});
  CHECK(roster(store, {{1}, {7}}, 2) == std::vector{listed(1, 8, 30), listed(2, 0, 40)});
  CHECK(roster(store, {{2}, {0}}, 2) == std::vector{listed(3, 5, 50)});
  CHECK(feed(store, 3, 1) == std::vector<RosterChange>{{4, listed(2, 0, 40)}});
  CHECK(feed(store, 5).empty());
}

TEST_CASE("an address has had the messages it was mailed, and being mailed twice is no error") {
  Changes first;
  first.mailed = {{NameId{1}, NameId{2}, "a@b.example"}, {NameId{1}, NameId{2}, "a@b.example"}};
  Changes second;
  second.mailed = {{NameId{1}, NameId{3}, "a@b.example"}, {NameId{1}, NameId{2}, "a@b.example"}};
  Reopened store({first, second});
  CHECK(store->was_mailed({NameId{1}, NameId{2}, "a@b.example"}));
  CHECK(store->was_mailed({NameId{1}, NameId{3}, "a@b.example"}));
  CHECK_FALSE(store->was_mailed({NameId{2}, NameId{2}, "a@b.example"}));
  CHECK_FALSE(store->was_mailed({NameId{1}, NameId{2}, "b@b.example"}));
}

PersonRecord person(std::int64_t id, std::int64_t account, const std::string& key) {
  return {{id}, {account}, key, {}};
}

/// Ann (7) and Bob (8) of account 1: in a buying group, on a list and in a destination.
Changes ann_and_bob() {
  Changes changes;
  changes.people = {{person(7, 1, "ann"), true}, {person(8, 1, "bob"), true}};
  changes.groups = {group_of(1, NameId{3}, {{{7}, NameId{2}}, {{8}, NameId{2}}})};
  changes.activity = {{{1}, 1, at(10), {7}, NameId{4}, "", {}}};
  changes.rosters = {listed(1, 7, 10), listed(1, 8, 20), {RosterKind::destination, NameId{5}, {1}, {7}, at(30)}};
  return changes;
}

std::vector<std::int64_t> members_of(Reopened& store, std::int64_t account) {
  std::vector<std::int64_t> people;
  for (const GroupRecord& group : gather<GroupRecord>([&](auto& to) { store->groups_of({account}, to); }))
    for (const MemberRecord& member : group.members)
      people.push_back(member.person.value);
  return people;
}

TEST_CASE("a person who is removed is in no group, list or destination any more; the others and the history stay") {
  Changes removal;
  removal.removed_people = {{7}};
  removal.engine_time = at(90);
  Reopened store({ann_and_bob(), removal});
  CHECK_FALSE(store->person("ann"));
  CHECK(store->person("bob"));
  CHECK(members_of(store, 1) == std::vector<std::int64_t>{8});
  CHECK(roster(store) == std::vector{listed(1, 8, 20)});
  CHECK(feed(store).back() == RosterChange{4, listed(1, 7, 90, false)});
  CHECK(gather<RosterChange>([&](auto& to) { store->roster_changes(RosterKind::destination, NameId{5}, 3, 9, to); }) ==
        std::vector<RosterChange>{{5, {RosterKind::destination, NameId{5}, {1}, {7}, at(90), false}}});
  CHECK(activity_of(store, 1).size() == 1);
}

TEST_CASE("a removal without the engine's time is told as of the beginning of time") {
  Changes removal;
  removal.removed_people = {{7}};
  Reopened store({ann_and_bob(), removal});
  CHECK(feed(store).back().record == listed(1, 7, 0, false));
}

TEST_CASE("the number of a removed person is not given again") {
  Changes removal;
  removal.removed_people = {{8}};
  Reopened store({ann_and_bob(), removal});
  CHECK(store->greatest().person.value == 8);
}

TEST_CASE("a removed person's key may be somebody else's in the same commit") {
  Changes removal;
  removal.removed_people = {{7}};
  removal.people = {{person(9, 2, "ann"), true}};
  Reopened store({ann_and_bob(), removal});
  CHECK(store->person("ann") == person(9, 2, "ann"));
  CHECK(members_of(store, 1) == std::vector<std::int64_t>{8});
}

TEST_CASE("a person who comes, is changed and is removed in one commit leaves no trace but the feed") {
  Changes changes = ann_and_bob();
  changes.people.push_back({person(7, 1, "ann"), false});
  changes.removed_people = {{7}, {7}};
  Reopened store({changes});
  CHECK_FALSE(store->person("ann"));
  CHECK(members_of(store, 1) == std::vector<std::int64_t>{8});
  CHECK(roster(store) == std::vector{listed(1, 8, 20)});
  CHECK(feed(store).size() == 3);
}

TEST_CASE("a person who changes accounts and is removed in one commit is a member in neither") {
  Changes move;
  move.people = {{person(7, 2, "ann"), false}};
  move.groups = {group_of(2, NameId{3}, {{{7}, NameId{2}}})};
  move.removed_people = {{7}};
  Reopened store({ann_and_bob(), move});
  CHECK(members_of(store, 1) == std::vector<std::int64_t>{8});
  CHECK(members_of(store, 2).empty());
}

TEST_CASE("removing a person who is not there fails the whole commit") {
  const auto store = std::make_unique<BothStores>();
  store->commit(ann_and_bob());
  Changes removal;
  removal.removed_people = {{7}, {99}};
  CHECK_THAT(error_of([&] { store->commit(removal); }), says("person 99"));
  CHECK(store->reader()->person("ann"));

  removal.removed_people = {{7}};
  store->commit(removal);
  CHECK_FALSE(store->reader()->person("ann"));
}

}  // namespace
}  // namespace caravan
