// Two stores, row by row: nothing that differs stays unseen, and the first of it in time is known.

#include "storage/compare.hpp"

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

Changes a_bit_of_everything() {
  Changes changes = with_accounts({1, 2, 3});
  changes.names = {{NameId{1}, "employees"}, {NameId{2}, "user"}};
  changes.people.push_back({{PersonId{1}, AccountId{2}, "ada", one_attribute(5), NameId{}}, true});
  for (const std::int64_t id : {1, 2, 3}) {
    changes.tokens.push_back({waiting_token(id, 9'000), true});
    changes.runs.push_back({TokenId{id}, 0, at(1'000 * id), {{NodeIndex{0}}, {NodeIndex{1}}, {NodeIndex{2}}}});
    changes.deliveries.push_back(pending_delivery(id, 1, 5'000));
  }
  changes.notes.push_back({AccountId{3}, at(4'000), NoteKind::failure, TokenId{3}, NodeIndex{1}, "no"});
  changes.count({VersionId{1}, CounterKind::visited, 1, kNoPath}, 3);
  changes.mailed.push_back({NameId{1}, NameId{2}, "vp@acme.example"});
  changes.snapshots.push_back({1, {{"caravan.yaml", "a"}, {"journeys/a.yaml", "b"}}});
  changes.engine_time = at(5'000);
  return changes;
}

/// Two stores with the same in them, of which one is changed by hand.
class Pair {
 public:
  Pair() {
    for (const std::filesystem::path& file : {left(), right()})
      open_sqlite(file, OpenMode::write)->commit(a_bit_of_everything());
  }
  std::filesystem::path left() const { return folder_.path() / "left.db"; }
  std::filesystem::path right() const { return folder_.path() / "right.db"; }

  std::vector<RowDifference> differences() {
    const auto left_store = open_sqlite(left(), OpenMode::read), right_store = open_sqlite(right(), OpenMode::read);
    std::vector<RowDifference> found;
    compared = compare(*left_store->reader(), *right_store->reader(),
                       [&](const RowDifference& difference) { found.push_back(difference); });
    return found;
  }

  ComparedRows compared;

 private:
  TemporaryFolder folder_;
};

TEST_CASE("two stores that were given the same are the same, whatever their installations are called") {
  Pair pair;
  CHECK(pair.differences().empty());
  CHECK(pair.compared.accounts == 3);
  CHECK(pair.compared.visits == 9);
  CHECK(pair.compared.deliveries == 3);
  CHECK(pair.compared.rows > 20);
}

TEST_CASE("each column of each table is compared, and so is whether a row is there") {
  Pair pair;
  const std::vector<std::string_view> tables = compared_tables();
  std::string missing =
      ask(pair.left(),
          "SELECT ifnull(group_concat(name), '') FROM sqlite_schema WHERE type = 'table'"
          " AND name NOT LIKE 'journal%' AND name NOT IN ('delivery_dictionary', 'audit', 'asked_key')");
  for (std::size_t end = 0; !missing.empty(); missing.erase(0, std::min(missing.size(), end + 1))) {
    end = std::min(missing.find(','), missing.size());
    INFO(missing.substr(0, end));
    CHECK(std::find(tables.begin(), tables.end(), missing.substr(0, end)) != tables.end());
  }
  run_sql(pair.right(),
          "UPDATE counter SET amount = 4; UPDATE mailed SET address = 'b'; UPDATE snapshot_text SET text = 'c' WHERE "
          "path LIKE 'j%'; INSERT INTO account_to_evaluate VALUES(2); UPDATE setting SET value = 6000 WHERE name = "
          "'engine_time'; DELETE FROM name WHERE number = 2; UPDATE person SET account_role = 1");
  std::map<std::string_view, int> counted;
  for (const RowDifference& each : pair.differences())
    ++counted[each.table];
  CHECK(counted == std::map<std::string_view, int>{{"account_to_evaluate", 1},
                                                   {"counter", 1},
                                                   {"mailed", 2},
                                                   {"name", 1},
                                                   {"person", 1},
                                                   {"setting", 1},
                                                   {"snapshot_text", 1}});
}

TEST_CASE("deliveries are the same by their texts, however these are packed") {
  const TemporaryFolder folder;
  std::vector<std::unique_ptr<Store>> stores;
  for (const bool at_once : {true, false}) {
    stores.push_back(open_sqlite(folder.path() / (at_once ? "once.db" : "singly.db"), OpenMode::write));
    Changes changes;
    for (const std::int64_t token : {1, 2, 3}) {
      changes.deliveries.push_back(pending_delivery(token, 1, 2'000));
      changes.deliveries.back().values = "what is told of every account, and " + std::to_string(token);
      if (!at_once) stores.back()->commit(std::exchange(changes, {}));
    }
    stores.back()->commit(changes);
  }
  CHECK(ask(folder.path() / "once.db", "SELECT count(dictionary) FROM delivery") == "3");
  CHECK(ask(folder.path() / "singly.db", "SELECT count(dictionary) FROM delivery") == "2");
  std::size_t differences = 0;
  compare(*stores[0]->reader(), *stores[1]->reader(), [&](const RowDifference&) { ++differences; });
  CHECK(differences == 0);
  run_sql(folder.path() / "singly.db", "UPDATE delivery SET address = 'eve@else.example' WHERE token = 1");
  compare(*stores[0]->reader(), *stores[1]->reader(), [&](const RowDifference& difference) {
    ++differences;
    REQUIRE(difference.columns.size() == 1);
    CHECK(difference.columns[0].column == "address");
    CHECK(difference.columns[0].left == Cell(std::string("vp@acme.example")));
  });
  CHECK(differences == 1);
}

TEST_CASE("a difference says whose it is, when it came, and what each store has") {
  Pair pair;
  run_sql(pair.right(), "UPDATE delivery SET state = 4, ended_at = 7000, reason = 'gone' WHERE token = 2");
  const std::vector<RowDifference> found = pair.differences();
  REQUIRE(found.size() == 1);
  CHECK(found[0].table == "delivery");
  CHECK(found[0].account == AccountId{2});
  CHECK(found[0].token == TokenId{2});
  CHECK(found[0].at == at(7'000));
  REQUIRE(found[0].columns.size() == 3);
  CHECK(found[0].columns[0].column == "state");
  CHECK(found[0].columns[0].left == Cell(std::int64_t{1}));
  CHECK(found[0].columns[0].right == Cell(std::int64_t{4}));
  CHECK(found[0].columns[1].left == Cell());
}

TEST_CASE("the first difference in time is found wherever it stands") {
  Pair pair;
  run_sql(pair.right(),
          "UPDATE account SET attributes = x'' WHERE id = 1; DELETE FROM note;"
          " UPDATE token SET due_at = 8000 WHERE id = 2; DELETE FROM run WHERE token = 3");
  std::vector<RowDifference> found = pair.differences();
  REQUIRE(found.size() == 4);
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) { return one.is_before(other); });
  // The token was left so by its last run, at its second second; the others have times of their own, or none.
  CHECK(found[0].table == "token");
  CHECK(found[0].at == at(2'000));
  CHECK(found[1].table == "run");
  CHECK((found[1].is_left && !found[1].is_right));
  CHECK(found[1].account == AccountId{3});
  CHECK(found[2].table == "note");
  CHECK(found[3].table == "account");
  CHECK_FALSE(found[3].at);
}

TEST_CASE("what is written while two stores are compared is not seen") {
  Pair pair;
  const auto store = open_sqlite(pair.left(), OpenMode::write);
  const auto other = open_sqlite(pair.right(), OpenMode::read);
  const auto left = store->reader(), right = other->reader();
  CHECK(left->engine_time() == at(5'000));
  Changes more = with_accounts({4});
  more.engine_time = at(6'000);
  store->commit(more);
  std::size_t differences = 0;
  compare(*left, *right, [&](const RowDifference&) { ++differences; });
  CHECK(differences == 0);
  left->refresh();
  compare(*left, *right, [&](const RowDifference&) { ++differences; });
  CHECK(differences == 2);
}

}  // namespace
}  // namespace caravan
