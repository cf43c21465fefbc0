// Buying groups last with their members, their history and their engagement, account by account and page by page.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

TEST_CASE("members are added to a buying group and changed in it, the others stay") {
  const MemberRecord ann{{1}, NameId{7}, MembershipSource::journey, at(1'000)};
  const MemberRecord bob{{2}, NameId{8}, MembershipSource::conditions, at(1'000)};
  const MemberRecord bob_by_hand{{2}, NameId{9}, MembershipSource::hand, at(2'000)};
  const MemberRecord cid{{3}, NameId{8}, MembershipSource::journey, at(2'000)};
  Changes first;
  first.groups = {group_of(10, NameId{5}, {bob, ann}), group_of(10, NameId{4}, {})};
  Changes second;
  second.groups = {group_of(10, NameId{5}, {bob_by_hand, cid})};
  Reopened store({first, second});
  const GroupRecord empty = group_of(10, NameId{4}, {});
  const GroupRecord full = group_of(10, NameId{5}, {ann, bob_by_hand, cid});
  CHECK(gather<GroupRecord>([&](auto& to) { store->groups_of({10}, to); }) == std::vector{empty, full});
  CHECK(gather<GroupRecord>([&](auto& to) { store->groups_of({11}, to); }).empty());
}

TEST_CASE("a buying group's stage and status last, change, and may be none again; members stay meanwhile") {
  const MemberRecord ann{{1}, NameId{7}, MembershipSource::journey, at(1'000)};
  GroupRecord group = group_of(10, NameId{5}, {ann});
  group.stage = NameId{20};
  group.stage_since = at(2'000);
  group.status = NameId{30};
  Changes first;
  first.groups = {group};
  const auto stored_after = [&](std::initializer_list<Changes> commits) {
    Reopened store(commits);
    return gather<GroupRecord>([&](auto& to) { store->groups_of({10}, to); });
  };
  CHECK(stored_after({first}) == std::vector{group});

  // The same group twice in a commit: the later entry counts.
  GroupRecord between = group_of(10, NameId{5}, {});
  between.stage = NameId{21};
  between.stage_since = at(3'000);
  GroupRecord bare = group_of(10, NameId{5}, {});
  bare.status = NameId{31};
  Changes second;
  second.groups = {between, bare};
  bare.members = {ann};
  CHECK(stored_after({first, second}) == std::vector{bare});
}

TEST_CASE("a member who was taken out is remembered, does not count, and may come back") {
  MemberRecord ann{{1}, NameId{7}, MembershipSource::hand, at(1'000), true};
  const MemberRecord bob{{2}, NameId{8}, MembershipSource::conditions, at(1'000)};
  Changes first;
  first.groups = {group_of(10, NameId{5}, {ann, bob})};
  Reopened out({first});
  CHECK(gather<GroupRecord>([&](auto& to) { out->groups_of({10}, to); }) == first.groups);
  CHECK(out->totals().members == 1);

  ann.removed = false;
  Changes second;
  second.groups = {group_of(10, NameId{5}, {ann})};
  Reopened back({first, second});
  CHECK(gather<GroupRecord>([&](auto& to) { back->groups_of({10}, to); }) ==
        std::vector{group_of(10, NameId{5}, {ann, bob})});
  CHECK(back->totals().members == 2);
}

TEST_CASE("why somebody is a member lasts, and the next reason takes its place") {
  MemberRecord ann{{1}, NameId{7}, MembershipSource::journey, at(1'000), false, "welcome/add-buyers"};
  const MemberRecord bob{{2}, NameId{8}, MembershipSource::conditions, at(1'000)};
  Changes first;
  first.groups = {group_of(10, NameId{5}, {ann, bob})};
  Reopened before({first});
  CHECK(gather<GroupRecord>([&](auto& to) { before->groups_of({10}, to); }) == first.groups);
  ann.source = MembershipSource::hand;
  ann.removed = true;
  ann.reason = "left the company";
  Changes second;
  second.groups = {group_of(10, NameId{5}, {ann})};
  Reopened store({first, second});
  CHECK(gather<GroupRecord>([&](auto& to) { store->groups_of({10}, to); }) ==
        std::vector{group_of(10, NameId{5}, {ann, bob})});
}

TEST_CASE("a buying group's engagement lasts to the last digit, and changes alone") {
  GroupRecord group = group_of(10, NameId{5}, {{{1}, NameId{7}}});
  Changes first;
  first.groups = {group};
  group.members.clear();
  group.raw_engagement = 35.25;
  group.engagement = 100.0 / 3;
  Changes second;
  second.groups = {group};
  group.members = first.groups[0].members;
  Reopened both({first, second});
  CHECK(gather<GroupRecord>([&](auto& to) { both->groups_of({10}, to); }) == std::vector{group});

  second.groups[0].raw_engagement = 0;
  second.groups[0].engagement = 0;
  Reopened none({first, second, second});
  CHECK(gather<GroupRecord>([&](auto& to) { none->groups_of({10}, to); }) == first.groups);
}

TEST_CASE("groups come page by page, by account and interest, each with all of its members") {
  const MemberRecord ann{{1}, NameId{7}, MembershipSource::journey, at(1'000)};
  const MemberRecord bob{{2}, NameId{8}, MembershipSource::conditions, at(1'000), true};
  const std::vector<GroupRecord> groups = {
      group_of(10, NameId{5}, {ann, bob}), group_of(10, NameId{6}, {}), group_of(10, NameId{9}, {bob}),
      group_of(11, NameId{4}, {ann}),      group_of(12, NameId{5}, {}),
  };
  Changes changes;
  changes.groups.assign(groups.rbegin(), groups.rend());
  Reopened store({changes});
  for (const std::size_t limit : {1U, 2U, 3U, 5U, 100U}) {
    std::vector<GroupRecord> seen;
    std::pair<AccountId, NameId> after;
    for (std::size_t before = 1; before != 0;) {
      const auto page = gather<GroupRecord>([&](auto& to) { store->groups_after(after, limit, to); });
      CHECK(page.size() <= limit);
      before = page.size();
      seen.insert(seen.end(), page.begin(), page.end());
      if (!page.empty()) after = {page.back().account, page.back().interest};
    }
    CHECK(seen == groups);
  }
  CHECK(gather<GroupRecord>([&](auto& to) {
          store->groups_after({{10}, NameId{7}}, 1, to);
        }) == std::vector{groups[2]});
  CHECK(gather<GroupRecord>([&](auto& to) { store->groups_after({{12}, NameId{5}}, 9, to); }).empty());
}

TEST_CASE("groups are appended to what is there, and what is there stays as it is") {
  const MemberRecord ann{{1}, NameId{7}, MembershipSource::journey, at(1'000)};
  Changes changes;
  changes.groups = {group_of(10, NameId{5}, {ann}), group_of(11, NameId{5}, {ann})};
  Reopened store({changes});
  std::vector<GroupRecord> to;
  store->groups_of({11}, to);
  store->groups_after({}, 1, to);
  store->groups_of({11}, to);
  CHECK(to == std::vector{changes.groups[1], changes.groups[0], changes.groups[1]});
}

TEST_CASE("a member of a group that is not there is damage, and the reader stays usable") {
  TemporaryFolder folder;
  Changes changes;
  changes.groups = {group_of(10, NameId{5}, {{{1}, NameId{7}}}), group_of(10, NameId{6}, {})};
  open_sqlite(folder.file(), OpenMode::write)->commit(changes);
  run_sql(folder.file(), "DELETE FROM buying_group WHERE interest = 5");
  const auto reader = open_sqlite(folder.file(), OpenMode::read)->reader();
  std::vector<GroupRecord> to;
  CHECK_THAT(error_of([&] { reader->groups_of({10}, to); }), says("a member of a buying group that is not there"));
  CHECK_THAT(error_of([&] { reader->groups_after({}, 9, to); }), says("a member of a buying group that is not there"));
  CHECK(reader->totals().groups == 1);
}

GroupChangeRecord change(NameId interest, std::int64_t time, NameId before, NameId after) {
  return {{10}, interest, at(time), GroupAspect::stage, before, after, MembershipSource::journey, "nurture/advance"};
}

std::vector<GroupChangeRecord> history_of(Reopened& store, std::int64_t account) {
  return gather<GroupChangeRecord>([&](auto& to) { store->group_changes_of({account}, to); });
}

TEST_CASE("a line of a group's history lasts with everything it says") {
  const GroupChangeRecord began{
      {10}, NameId{5}, at(-5), GroupAspect::stage, {}, NameId{20}, MembershipSource::conditions};
  const GroupChangeRecord ended{
      {10}, NameId{5}, at(9'000), GroupAspect::status, NameId{30}, {}, MembershipSource::hand, "lost to a competitor"};
  Changes changes;
  changes.group_changes = {ended, began};
  Reopened store({changes});
  CHECK(history_of(store, 10) == std::vector{began, ended});
  CHECK(history_of(store, 11).empty());
}

TEST_CASE("a history comes by interest and time, and those of one instant in the order they were made") {
  Changes first;
  first.group_changes = {change(NameId{6}, 1'000, {}, NameId{20}), change(NameId{5}, 2'000, NameId{21}, NameId{22}),
                         change(NameId{5}, 1'000, {}, NameId{21}), change(NameId{5}, 2'000, NameId{22}, NameId{21})};
  Changes second;
  second.group_changes = {change(NameId{5}, 2'000, NameId{21}, NameId{23})};
  Reopened store({first, second});
  CHECK(history_of(store, 10) ==
        std::vector{change(NameId{5}, 1'000, {}, NameId{21}), change(NameId{5}, 2'000, NameId{21}, NameId{22}),
                    change(NameId{5}, 2'000, NameId{22}, NameId{21}), change(NameId{5}, 2'000, NameId{21}, NameId{23}),
                    change(NameId{6}, 1'000, {}, NameId{20})});
}

}  // namespace
}  // namespace caravan
