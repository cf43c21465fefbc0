// Versions: what publishing makes of a changed workspace, and that accounts under way stay where they entered.

#include "engine/journey_library.hpp"

#include <sqlite3.h>

#include "engine/fingerprint.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kFirst = "- id: settle\n  wait: 1d\n- id: mail\n  send_email: welcome\n";
constexpr std::string_view kSecond =
    "- id: rest\n  wait: 2d\n- id: story\n  send_email: story\n- id: last\n  wait: 1d\n";

std::string publications(World& world) {
  std::string all;
  for (const Publication& each : world.publications()) {
    constexpr std::array kinds = {"unchanged", "first", "changed", "closed"};
    if (!all.empty()) all += ", ";
    all += each.journey + " " + std::to_string(each.number) + " " + kinds.at(static_cast<std::size_t>(each.kind));
  }
  return all;
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("a journey is published first as version 1, and starting again changes nothing") {
  World world(seeds_workspace(kFirst));
  world.run();
  CHECK(publications(world) == "seeds 1 first");
  const std::vector<VersionRecord> before = world.reader().versions();
  REQUIRE(before.size() == 1);
  CHECK(before[0].live);
  CHECK(before[0].published_at == kMonday);
  world.advance(24h);
  world.restart();
  CHECK(publications(world) == "seeds 1 unchanged");
  CHECK(world.reader().versions() == before);
  CHECK(world.reader().greatest().snapshot == 1);
}

TEST_CASE("a changed journey is a new version that new entries take; accounts under way stay on theirs") {
  World world(seeds_workspace(kFirst));
  world.account("old");
  world.restart_with(seeds_workspace(kSecond));
  CHECK(publications(world) == "seeds 2 changed");
  world.account("new");
  CHECK(world.standing("old") == "waiting at settle");
  CHECK(world.standing("new") == "waiting at rest");
  world.run_out();
  CHECK(world.trail("old") == "settle:stopped mail:nobody");
  CHECK(world.trail("new") == "rest:stopped story:nobody last:stopped");
  CHECK(world.counted(CounterKind::completed, "", "", 1) == 1);
  CHECK(world.counted(CounterKind::completed, "", "", 2) == 1);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("an account under way stays on its version over another restart, compiled from the texts kept with it") {
  World world(seeds_workspace(kFirst));
  world.account("old");
  world.person("ada", "old", {{"email", text("ada@old.example")}});
  SourceTexts changed = seeds_workspace(kSecond);
  changed.erase("emails/welcome.html");  // the first version still has it
  world.restart_with(changed);
  world.restart();
  CHECK(publications(world) == "seeds 2 unchanged");
  world.run_out();
  CHECK(world.trail("old") == "settle:stopped mail");
  CHECK(world.mails("old") == std::vector<std::string>{"welcome to ada@old.example"});
}

TEST_CASE("an account that was in an old version does not enter the new one") {
  World world(seeds_workspace(kFirst));
  world.account("old");
  world.run_out();
  world.restart_with(seeds_workspace(kSecond));
  world.account("old", {{"employees", number(5)}});
  CHECK(world.standing("old") == "completed at mail");
}

TEST_CASE("a journey that the workspace no longer has is closed: nobody enters, accounts under way go on") {
  SourceTexts texts = seeds_workspace(kFirst);
  texts["journeys/other.yaml"] = "journey: other\nnodes:\n  - {id: a, wait: 1d}\n";
  World world(texts);
  world.account("old");
  texts.erase("journeys/seeds.yaml");
  world.restart_with(texts);
  CHECK(publications(world) == "other 1 unchanged, seeds 1 closed");
  world.account("new");
  CHECK(world.standing("new").empty());
  world.run_out();
  CHECK(world.trail("old") == "settle:stopped mail:nobody");
  world.restart();
  CHECK(publications(world) == "other 1 unchanged");
}

TEST_CASE("a closed journey that comes back is a new version, though it says the same") {
  SourceTexts texts = seeds_workspace(kFirst);
  World world(texts);
  world.account("old");
  SourceTexts without = texts;
  without["journeys/seeds.yaml"] = "journey: other\nnodes:\n  - {id: a, wait: 1d}\n";
  world.restart_with(without);
  world.account("between");
  world.restart_with(texts);
  CHECK(publications(world) == "seeds 2 changed, other 1 closed");
  CHECK(world.standing("old") == "waiting at settle");
  CHECK(world.standing("between") == "waiting at settle");
  CHECK(world.token("between").version == world.version_of(2));
}

TEST_CASE("whatever a journey uses belongs to it: a changed template, audience, role or schema is a new version") {
  const SourceTexts texts = seeds_workspace(kFirst);
  const auto version_after = [&](const std::string& path, const std::string& text) {
    World world(texts);
    world.run();
    SourceTexts changed = texts;
    changed[path] += text;
    world.restart_with(changed);
    return publications(world);
  };
  CHECK(version_after("emails/welcome.html", "<p>More.</p>\n") == "seeds 2 changed");
  CHECK(version_after("audiences/everyone.yaml", "title: All\n") == "seeds 2 changed");
  CHECK(version_after("buying-groups/seeds.yaml", "# a thought\n") == "seeds 2 changed");
  CHECK(version_after("schema.yaml", "schema:\n  person: {title: text, first_name: text, email: text}\n") ==
        "seeds 2 changed");
  CHECK(version_after("caravan.yaml", "channels:\n  email: {type: file, from: Seeds <seeds@example.com>}\n") ==
        "seeds 2 changed");
  CHECK(version_after("caravan.yaml", "data: {database: seeds.db}\n") == "seeds 1 unchanged");
}

TEST_CASE("a template that a journey does not use does not change it") {
  SourceTexts texts = seeds_workspace(kFirst);
  World world(texts);
  world.run();
  texts["emails/farewell.html"] += "<p>More.</p>\n";
  world.restart_with(texts);
  CHECK(publications(world) == "seeds 1 unchanged");
}

TEST_CASE("only the journey that changed gets a new version") {
  SourceTexts texts = seeds_workspace(kFirst);
  texts["journeys/other.yaml"] = "journey: other\nnodes:\n  - {id: a, wait: 1d}\n";
  World world(texts);
  world.run();
  texts["journeys/other.yaml"] += "  - {id: b, wait: 1d}\n";
  world.restart_with(texts);
  CHECK(publications(world) == "other 2 changed, seeds 1 unchanged");
}

TEST_CASE("what a workspace is called where it is loaded from does not change its journeys") {
  const SourceTexts texts = seeds_workspace(kFirst);
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view) override { return 1; }
  } names;
  const auto here = load_workspace(texts, "", node_shapes(), names);
  const auto there = load_workspace(texts, "some/where", node_shapes(), names);
  CHECK(fingerprint(*here, here->journeys.at("seeds")) == fingerprint(*there, there->journeys.at("seeds")));
}

TEST_CASE("tokens of a version that no longer checks wait and say so, and all others go on") {
  World world(seeds_workspace(kFirst));
  world.account("old");
  world.advance(1h);
  world.restart_with(seeds_workspace(kSecond));
  world.account("new");
  run_sql(world.file(),
          "UPDATE snapshot_text SET text = 'journey: seeds' WHERE snapshot = 1 AND path = 'journeys/seeds.yaml'");
  world.restart();
  world.advance(23h);
  CHECK(world.tokens("old").at(0).state == TokenState::waiting);
  CHECK(world.tokens("old").at(0).due_at == kMonday + 25h);
  REQUIRE(world.notes("old").size() == 1);
  CHECK(world.notes("old").front().text ==
        "the published texts of seeds version 1 do not check with this program; publish it anew");
  world.advance(48h);
  CHECK(world.standing("new") == "waiting at last");
}

TEST_CASE("a message is found by its version and number, and by nothing else") {
  caravan::testing::TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  NameBook names(*store->reader());
  JourneyLibrary library(*store, names);
  Changes changes;
  library.publish(load_workspace(seeds_workspace(kFirst), "", node_shapes(), names), {}, kMonday, changes);
  store->commit(changes);
  REQUIRE(library.message(VersionId{1}, MessageIndex{0}) != nullptr);
  CHECK(library.message(VersionId{1}, MessageIndex{0})->name() == "welcome");
  CHECK(library.message(VersionId{1}, MessageIndex{1}) == nullptr);
  CHECK(library.message(VersionId{2}, MessageIndex{0}) == nullptr);
  CHECK(library.current().size() == 1);
  CHECK(library.same_journey(VersionId{1}, VersionId{1}));
  CHECK_FALSE(library.same_journey(VersionId{1}, VersionId{2}));
}
