// A file of an older layout becomes one of the present, with everything in it; or stays what it was.

#include <fstream>

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

/// Makes `file` a store of layout 1 with rows in it.
void make_layout_1(const std::filesystem::path& file) {
  std::ifstream in(CARAVAN_SOURCE_DIR "/tests/storage/sqlite/layout_1.sql");
  REQUIRE(in);
  run_sql(file, {std::istreambuf_iterator<char>(in), {}});
  REQUIRE(ask(file, "PRAGMA user_version") == "1");
}

TEST_CASE("a store of layout 1 is refused to a reader until a writer has brought it up to date") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::read); }),
             says("made by an older Caravan (layout 1 of 3): open it once for writing"));
  CHECK(open_sqlite(folder.file(), OpenMode::write)->installation() == "0123456789abcdef0123456789abcdef");
  CHECK(ask(folder.file(), "PRAGMA user_version") == "3");
  CHECK(open_sqlite(folder.file(), OpenMode::read)->reader()->account("acme"));
}

TEST_CASE("a store of layout 1 becomes in every word what a new store is") {
  TemporaryFolder older;
  make_layout_1(older.file());
  open_sqlite(older.file(), OpenMode::write).reset();
  TemporaryFolder newer;
  open_sqlite(newer.file(), OpenMode::write).reset();
  const std::string words = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)";
  CHECK(ask(older.file(), words) == ask(newer.file(), words));
  CHECK_THAT(ask(newer.file(), words), says("/* in a people split: the enrollment's own token */"));
  CHECK(ask(older.file(), "PRAGMA integrity_check") == "ok");
}

TEST_CASE("tokens of layout 1 keep all they had, and those that are held are found") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  const auto reader = open_sqlite(folder.file(), OpenMode::write)->reader();
  TokenRecord waiting = waiting_token(1, 5'000);
  waiting.version.value = 2;
  TokenRecord held = waiting_token(2, 6'000);
  held.version.value = 2;
  held.node = NodeIndex{4};
  held.state = TokenState::held;
  CHECK(gather<TokenRecord>([&](auto& to) { reader->tokens_of({1}, to); }) == std::vector{waiting});
  CHECK(gather<TokenRecord>([&](auto& to) { reader->held_tokens({}, 10, to); }) == std::vector{held});
  CHECK(reader->next_due() == at(5'000));
}

TEST_CASE("everything else of layout 1 reads as it was, with nothing in what is new") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  const auto reader = open_sqlite(folder.file(), OpenMode::write)->reader();
  CHECK(reader->names().size() == 3);
  CHECK(reader->account(AccountId{1})->attributes == one_attribute(4'200));
  CHECK(reader->person("ann")->attributes == one_attribute(7));
  CHECK(gather<GroupRecord>([&](auto& to) { reader->groups_of({1}, to); }) ==
        std::vector{group_of(1, NameId{2}, {{{1}, NameId{3}, MembershipSource::hand, at(1'000)}})});
  CHECK(gather<RunRecord>([&](auto& to) { reader->runs_of({1}, to); }).at(0).visits.size() == 2);
  CHECK(gather<DeliveryRecord>([&](auto& to) { reader->deliveries_of({1}, to); }).at(0).address == "ann@acme.example");
  CHECK(gather<NoteRecord>([&](auto& to) { reader->notes_of({1}, to); }).at(0).text == "no such key");
  CHECK(reader->counters().size() == 2);
  CHECK(reader->versions().size() == 4);
  CHECK(reader->snapshot(1).texts.at("journeys/a.yaml") == "journey: under-way\n");
  CHECK(reader->sweeps() == std::vector<SweepRecord>{{{2}, {3}, {}}});
  CHECK(gather<AccountId>([&](auto& to) { reader->accounts_to_evaluate({}, 10, to); }) == std::vector<AccountId>{{2}});
  CHECK(reader->engine_time() == at(7'000));
  CHECK(reader->greatest().token.value == 3);
  CHECK(reader->greatest().activity == 0);
  CHECK(reader->tasks().empty());
}

TEST_CASE("a journey of layout 1 is live where a version of it is, else closed, since its last publication") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  CHECK(open_sqlite(folder.file(), OpenMode::write)->reader()->journeys() ==
        std::vector<JourneyRecord>{{"closed", JourneyState::closed, at(400)},
                                   {"under-way", JourneyState::live, at(200)}});
}

TEST_CASE("a store that was brought up to date is written as any other") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  TokenRecord token = waiting_token(1, 9'000);
  token.version.value = 2;
  token.memory = "kept";
  Changes changes;
  changes.tokens = {{token, false}};
  changes.removed_people = {{1}};
  store->commit(changes);
  const auto reader = store->reader();
  CHECK(gather<TokenRecord>([&](auto& to) { reader->tokens_of({1}, to); }) == std::vector{token});
  CHECK(gather<GroupRecord>([&](auto& to) { reader->groups_of({1}, to); }).at(0).members.empty());
}

TEST_CASE("a migration that fails leaves the file at the layout it had, whole") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  run_sql(folder.file(), "CREATE TABLE task(somebody_elses TEXT)");
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::write); }),
             says(folder.file().string()) && says("table task already exists"));
  CHECK(ask(folder.file(), "PRAGMA user_version") == "1");
  CHECK(ask(folder.file(), "SELECT count(*) FROM pragma_table_info('token')") == "10");
  CHECK(ask(folder.file(), "SELECT count(*) FROM sqlite_schema WHERE name = 'activity'") == "0");

  run_sql(folder.file(), "DROP TABLE task");
  CHECK(open_sqlite(folder.file(), OpenMode::write)->reader()->account("acme"));
}

}  // namespace
}  // namespace caravan
