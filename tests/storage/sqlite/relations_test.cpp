// People belong to one account first of all and to others beside it; each of them lists them, and a person who is
// removed is gone from all.

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

constexpr NameId kBuyer{7};
constexpr NameId kAdvisor{8};

PersonRecord person(std::int64_t id, std::int64_t account, const std::string& key, NameId role = {}) {
  return {{id}, {account}, key, one_attribute(id), role};
}

/// Ann (1) and Bob (2) of account 10, Cid (3) of account 20.
Changes three_people() {
  Changes changes;
  changes.people = {{person(1, 10, "ann", kBuyer), true}, {person(2, 10, "bob"), true}, {person(3, 20, "cid"), true}};
  return changes;
}

RelationRecord relation(std::int64_t of, std::int64_t account, NameId role = {}, bool related = true) {
  return {{of}, {account}, role, related};
}

Changes with_relations(std::vector<RelationRecord> relations) {
  Changes changes;
  changes.relations = std::move(relations);
  return changes;
}

std::vector<PersonRecord> people_of(Reader& reader, std::int64_t account) {
  return gather<PersonRecord>([&](auto& to) { reader.people_of({account}, to); });
}

std::vector<RelationRecord> relations_of(Reader& reader, std::int64_t person) {
  return gather<RelationRecord>([&](auto& to) { reader.relations_of({person}, to); });
}

TEST_CASE("a person's role in their account lasts, changes, and may be unknown again") {
  Changes promotion;
  promotion.people = {{person(1, 10, "ann"), false}, {person(2, 10, "bob", kAdvisor), false}};
  Reopened store({three_people(), promotion});
  CHECK(store->person("ann") == person(1, 10, "ann"));
  CHECK(store->person("bob") == person(2, 10, "bob", kAdvisor));
  Reopened before({three_people()});
  CHECK(before->person("ann") == person(1, 10, "ann", kBuyer));
  CHECK(people_of(*before.operator->(), 10) == std::vector{person(1, 10, "ann", kBuyer), person(2, 10, "bob")});
  CHECK_FALSE(before->has_relations());
}

TEST_CASE(
    "an account lists by id those whose primary account it is and those who belong to it beside, each in their role") {
  Reopened store({three_people(), with_relations({relation(1, 20, kAdvisor), relation(3, 10), relation(2, 30)})});
  CHECK(store->has_relations());
  Reader& reader = *store.operator->();
  CHECK(people_of(reader, 10) == std::vector{person(1, 10, "ann", kBuyer), person(2, 10, "bob"), person(3, 20, "cid")});
  CHECK(people_of(reader, 20) == std::vector{person(1, 10, "ann", kAdvisor), person(3, 20, "cid")});
  CHECK(people_of(reader, 30) == std::vector{person(2, 10, "bob")});
  CHECK(people_of(reader, 40).empty());
  CHECK(reader.person("ann")->account_role == kBuyer);

  // Appended behind others, among whom nothing moves.
  std::vector<PersonRecord> to = {person(9, 90, "zoe")};
  reader.people_of({20}, to);
  CHECK(to == std::vector{person(9, 90, "zoe"), person(1, 10, "ann", kAdvisor), person(3, 20, "cid")});
}

TEST_CASE("a person's relations come by account; they change and end") {
  Reopened first({three_people(), with_relations({relation(1, 30), relation(1, 20, kAdvisor), relation(2, 20)})});
  CHECK(relations_of(*first.operator->(), 1) == std::vector{relation(1, 20, kAdvisor), relation(1, 30)});
  CHECK(relations_of(*first.operator->(), 3).empty());

  Reopened then({three_people(), with_relations({relation(1, 30), relation(1, 20, kAdvisor), relation(2, 20)}),
                 with_relations({relation(1, 30, kBuyer), relation(1, 20, {}, false), relation(3, 10, {}, false)})});
  CHECK(relations_of(*then.operator->(), 1) == std::vector{relation(1, 30, kBuyer)});
  CHECK(people_of(*then.operator->(), 20) == std::vector{person(2, 10, "bob"), person(3, 20, "cid")});
}

TEST_CASE("of several entries for a relation in a commit the last counts") {
  Reopened store({three_people(), with_relations({relation(1, 20), relation(2, 20), relation(1, 20, {}, false),
                                                  relation(3, 10, {}, false), relation(2, 20, {}, false),
                                                  relation(2, 20, kBuyer), relation(3, 10, kAdvisor)})});
  CHECK(relations_of(*store.operator->(), 1).empty());
  CHECK(relations_of(*store.operator->(), 2) == std::vector{relation(2, 20, kBuyer)});
  CHECK(relations_of(*store.operator->(), 3) == std::vector{relation(3, 10, kAdvisor)});
}

TEST_CASE("a reader learns of the first relation and of the last one's end when it is refreshed, and not before") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(three_people());
  const auto reader = store->reader();
  REQUIRE(people_of(*reader, 20).size() == 1);

  store->commit(with_relations({relation(1, 20)}));
  CHECK_FALSE(reader->has_relations());
  CHECK(people_of(*reader, 20).size() == 1);
  reader->refresh();
  CHECK(people_of(*reader, 20).size() == 2);

  store->commit(with_relations({relation(1, 20, {}, false)}));
  CHECK(people_of(*reader, 20).size() == 2);
  reader->refresh();
  CHECK(people_of(*reader, 20).size() == 1);
  CHECK_FALSE(reader->has_relations());
}

TEST_CASE("a reader of another process sees the relations that are committed beside it") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(three_people());
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  Child child([&](int output) {
    const auto reader = open_sqlite(folder.file(), OpenMode::read)->reader();
    Child::say(output, std::to_string(people_of(*reader, 20).size()));
    char committed = 0;
    if (::read(ends[0], &committed, 1) != 1) throw std::runtime_error("nobody committed");
    Child::say(output, std::to_string(people_of(*reader, 20).size()));
    reader->refresh();
    Child::say(output, std::to_string(people_of(*reader, 20).size()));
  });
  CHECK(child.hear(1) == "1");
  store->commit(with_relations({relation(1, 20)}));
  Child::say(ends[1], "!");
  CHECK(child.hear_all() == "12");
  ::close(ends[0]);
  ::close(ends[1]);
}

std::vector<std::int64_t> members_of(Reopened& store, std::int64_t account) {
  std::vector<std::int64_t> people;
  for (const GroupRecord& group : gather<GroupRecord>([&](auto& to) { store->groups_of({account}, to); }))
    for (const MemberRecord& member : group.members)
      people.push_back(member.person.value);
  return people;
}

/// Ann and Cid in groups of accounts 10, 20 and 30, of which each has one beside their own.
Changes members_everywhere() {
  Changes changes = three_people();
  changes.relations = {relation(1, 20), relation(3, 10), relation(1, 30), relation(3, 30)};
  for (const std::int64_t account : {10, 20, 30})
    changes.groups.push_back(group_of(account, NameId{5}, {{{1}, kBuyer}, {{3}, kBuyer}}));
  changes.engagement = {{{1}, {{NameId{9}, 2}}, 2, 50}, {{3}, {{NameId{9}, 4}}, 4, 100}};
  return changes;
}

TEST_CASE("with a removed person go their relations, their engagement and their places in the groups of all accounts") {
  Changes removal;
  removal.removed_people = {{1}};
  Reopened store({members_everywhere(), removal});
  CHECK(relations_of(*store.operator->(), 1).empty());
  CHECK(relations_of(*store.operator->(), 3) == std::vector{relation(3, 10), relation(3, 30)});
  for (const std::int64_t account : {10, 20, 30})
    CHECK(members_of(store, account) == std::vector<std::int64_t>{3});
  CHECK_FALSE(store->engagement({1}));
  CHECK(store->engagement({3}));
}

TEST_CASE("what is written of a removed person's relations and engagement in the same commit counts for nothing") {
  Changes first = members_everywhere();
  first.relations.clear();
  first.groups.clear();
  Changes removal;
  removal.relations = {relation(1, 20, kAdvisor), relation(1, 40, {}, false)};
  removal.groups = {group_of(20, NameId{5}, {{{1}, kBuyer}}), group_of(40, NameId{5}, {{{1}, kBuyer}}),
                    group_of(50, NameId{5}, {{{1}, kBuyer}, {{3}, kBuyer}})};
  removal.engagement = {{{1}, {{NameId{9}, 3}}, 3, 75}};
  removal.removed_people = {{1}};
  Reopened store({first, removal});
  CHECK_FALSE(store->has_relations());
  CHECK(members_of(store, 20).empty());
  CHECK(members_of(store, 40).empty());
  CHECK(members_of(store, 50) == std::vector<std::int64_t>{3});
  CHECK_FALSE(store->engagement({1}));
}

}  // namespace
}  // namespace caravan
