// A file of an older layout becomes one of the present, with everything in it; or stays what it was.

#include <fstream>

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

/// Makes `file` a store of an older layout with rows in it.
void make_layout(const std::string& layout, const std::filesystem::path& file) {
  std::ifstream in(CARAVAN_SOURCE_DIR "/tests/storage/sqlite/layout_" + layout + ".sql");
  REQUIRE(in);
  run_sql(file, {std::istreambuf_iterator<char>(in), {}});
  REQUIRE(ask(file, "PRAGMA user_version") == layout);
}

void make_layout_1(const std::filesystem::path& file) {
  make_layout("1", file);
}

void make_layout_2(const std::filesystem::path& file) {
  make_layout("2", file);
}

TEST_CASE("a store of layout 1 is refused to a reader until a writer has brought it up to date") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::read); }),
             says("made by an older Caravan (layout 1 of 6): open it once for writing"));
  CHECK(open_sqlite(folder.file(), OpenMode::write)->installation() == "0123456789abcdef0123456789abcdef");
  CHECK(ask(folder.file(), "PRAGMA user_version") == "6");
  CHECK(open_sqlite(folder.file(), OpenMode::read)->reader()->account("acme"));
}

TEST_CASE("a store of an older layout becomes in every word what a new store is") {
  const std::string layout = GENERATE("1", "2", "3", "4", "5");
  TemporaryFolder older;
  make_layout(layout, older.file());
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

TEST_CASE("a store of layout 2 is refused to a reader until a writer has brought it up to date") {
  TemporaryFolder folder;
  make_layout_2(folder.file());
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::read); }),
             says("made by an older Caravan (layout 2 of 6): open it once for writing"));
  CHECK(open_sqlite(folder.file(), OpenMode::write)->installation() == "0123456789abcdef0123456789abcdef");
  CHECK(open_sqlite(folder.file(), OpenMode::read)->reader()->account("acme"));
}

TEST_CASE("people and buying groups of layout 2 keep all they had, without roles, reasons and engagement") {
  TemporaryFolder folder;
  make_layout_2(folder.file());
  const auto reader = open_sqlite(folder.file(), OpenMode::write)->reader();
  CHECK(gather<PersonRecord>([&](auto& to) { reader->people_of({1}, to); }) ==
        std::vector<PersonRecord>{{{1}, {1}, "ann", one_attribute(7)}, {{2}, {1}, "bob", {}}});
  CHECK_FALSE(reader->has_relations());
  GroupRecord group = group_of(1, NameId{2},
                               {{{1}, NameId{3}, MembershipSource::hand, at(1'000)},
                                {{2}, NameId{3}, MembershipSource::conditions, at(2'000), true}});
  group.stage = NameId{4};
  group.stage_since = at(2'000);
  group.status = NameId{3};
  CHECK(gather<GroupRecord>([&](auto& to) { reader->groups_of({1}, to); }) == std::vector{group});
  CHECK(gather<GroupRecord>([&](auto& to) { reader->groups_after({}, 9, to); }) == std::vector{group});
  CHECK(gather<GroupChangeRecord>([&](auto& to) { reader->group_changes_of({1}, to); }).empty());
}

TEST_CASE("everything else of layout 2 reads as it was, with nothing in what is new") {
  TemporaryFolder folder;
  make_layout_2(folder.file());
  const auto reader = open_sqlite(folder.file(), OpenMode::write)->reader();
  CHECK(reader->names().size() == 5);
  CHECK(gather<TokenRecord>([&](auto& to) { reader->tokens_of({1}, to); }).at(1).memory == "kept");
  CHECK(gather<ActivityRecord>([&](auto& to) { reader->activity_of({1}, to); }) ==
        std::vector<ActivityRecord>{{{1}, 1, at(3'000), {1}, NameId{5}, "mail-1", {}},
                                    {{1}, 2, at(3'500), {}, NameId{5}, "", one_attribute(7)}});
  CHECK(gather<ActivityPoint>([&](auto& to) { reader->activity_points({1}, at(0), at(9'000), to); }).size() == 1);
  CHECK(gather<AudienceMemberRecord>([&](auto& to) { reader->audiences_of({1}, to); }).at(0).since == at(1'500));
  CHECK(gather<RosterRecord>([&](auto& to) { reader->roster(RosterKind::list, NameId{4}, {}, 9, to); }).size() == 1);
  CHECK(gather<RosterChange>([&](auto& to) { reader->roster_changes(RosterKind::list, NameId{4}, 0, 9, to); }).size() ==
        1);
  CHECK(reader->was_mailed({NameId{4}, NameId{5}, "ann@acme.example"}));
  CHECK(reader->journeys().size() == 2);
  CHECK(reader->tasks().at(0).gone == "leave");
  CHECK(reader->sweeps() == std::vector<SweepRecord>{{{2}, {3}, {}}});
  CHECK(reader->greatest().person.value == 9);
  CHECK(reader->greatest().activity == 2);
  CHECK_FALSE(reader->definitions());
  CHECK_FALSE(reader->engagement_round());
  CHECK(gather<EngagementRecord>([&](auto& to) { reader->engagement_after({}, 9, to); }).empty());
  CHECK(gather<EngagementDueRecord>([&](auto& to) { reader->engagement_due(at(9'000), {}, 9, to); }).empty());
}

TEST_CASE("people and buying groups of layout 2 are written as any others") {
  TemporaryFolder folder;
  make_layout_2(folder.file());
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  GroupRecord group = group_of(1, NameId{2}, {{{1}, NameId{3}, MembershipSource::hand, at(9'000), true, "left"}});
  group.raw_engagement = 35.25;
  group.engagement = 60;
  Changes changes;
  changes.people = {{{{1}, {1}, "ann", {}, NameId{3}}, false}};
  changes.relations = {{{1}, {2}, NameId{3}}};
  changes.removed_people = {{2}};
  changes.groups = {group};
  store->commit(changes);
  const auto reader = store->reader();
  CHECK(reader->person("ann")->account_role == NameId{3});
  CHECK(gather<PersonRecord>([&](auto& to) { reader->people_of({2}, to); }).size() == 1);
  CHECK(gather<GroupRecord>([&](auto& to) { reader->groups_of({1}, to); }) == std::vector{group});
}

TEST_CASE("a store of layout 3 keeps all it had, and its journal begins behind that") {
  TemporaryFolder folder;
  make_layout("3", folder.file());
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::read); }),
             says("made by an older Caravan (layout 3 of 6): open it once for writing"));
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  const auto reader = store->reader();
  CHECK(reader->person("ann")->account_role == NameId{3});
  CHECK(gather<RelationRecord>([&](auto& to) { reader->relations_of({1}, to); }).size() == 1);
  CHECK(gather<GroupRecord>([&](auto& to) { reader->groups_of({1}, to); }).at(0).raw_engagement == 35.25);
  CHECK(gather<GroupChangeRecord>([&](auto& to) { reader->group_changes_of({1}, to); }).size() == 1);
  CHECK(reader->engagement({1})->score == 50);
  CHECK(gather<EngagementDueRecord>([&](auto& to) { reader->engagement_due(at(9'000), {}, 9, to); }).size() == 1);
  CHECK(reader->engagement_round()->model == "model");
  CHECK(reader->definitions()->fingerprint == "f00d");
  CHECK(reader->journal_range() == Reader::JournalRange{2, 1});
  Changes changes;
  changes.journal = JournalRecord{2, at(8'000), "an entry"};
  store->commit(changes);
  reader->refresh();
  CHECK(reader->journal_range() == Reader::JournalRange{2, 2});
}

TEST_CASE("a store of layout 4 keeps its journal, and is asked by nobody so far") {
  TemporaryFolder folder;
  make_layout("4", folder.file());
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::read); }),
             says("made by an older Caravan (layout 4 of 6): open it once for writing"));
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  const auto reader = store->reader();
  CHECK(reader->journal_range() == Reader::JournalRange{2, 2});
  CHECK(gather<JournalRecord>([&](auto& to) { reader->journal_from(2, 9, to); }) ==
        std::vector<JournalRecord>{{2, at(8'000), "an entry"}});
  CHECK(gather<AuditRecord>([&](auto& to) { reader->audit({}, to); }).empty());
  CHECK_FALSE(reader->asked_key("crm", "key-1"));
  Changes changes;
  changes.audit = {{.sequence = 0,
                    .at = at(9'000),
                    .caller = "crm",
                    .request_id = "r",
                    .action = "enter",
                    .target = {},
                    .refused = {}}};
  store->commit(changes);
  reader->refresh();
  CHECK(gather<AuditRecord>([&](auto& to) { reader->audit({}, to); }).at(0).sequence == 1);
}

TEST_CASE("a store of layout 5 keeps who asked for what, and has kept nobody's consent so far") {
  TemporaryFolder folder;
  make_layout("5", folder.file());
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::read); }),
             says("made by an older Caravan (layout 5 of 6): open it once for writing"));
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  const auto reader = store->reader();
  CHECK(gather<AuditRecord>([&](auto& to) { reader->audit({}, to); }).at(0).request_id == "r-1");
  CHECK(reader->asked_key("crm", "key-1")->result == "done");
  CHECK(reader->person("ann"));
  CHECK_FALSE(reader->has_kept_consent());
  const KeptConsentRecord left{std::string(32, 'h'), ConsentKind::left_topic, "events", at(9'000)};
  Changes changes;
  changes.kept_consent = {left};
  store->commit(changes);
  reader->refresh();
  CHECK(reader->has_kept_consent());
  CHECK(gather<KeptConsentRecord>([&](auto& to) { reader->kept_consent(left.address, to); }) == std::vector{left});
}

TEST_CASE("a migration that fails after another leaves the file at the layout that this one made") {
  TemporaryFolder folder;
  make_layout_1(folder.file());
  run_sql(folder.file(), "CREATE TABLE relation(somebody_elses TEXT)");
  CHECK_THAT(error_of([&] { open_sqlite(folder.file(), OpenMode::write); }), says("table relation already exists"));
  CHECK(ask(folder.file(), "PRAGMA user_version") == "2");
  CHECK(ask(folder.file(), "SELECT count(*) FROM pragma_table_info('person')") == "4");

  run_sql(folder.file(), "DROP TABLE relation");
  CHECK(open_sqlite(folder.file(), OpenMode::write)->reader()->account("acme"));
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
