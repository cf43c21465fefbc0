// Backups and restores by the real program, beside an engine that runs.

#include <csignal>
#include <cstdlib>
#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/life_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* nodes = "  - {id: settle, wait: 5d}\n";

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const auto& each : fs::directory_iterator(folder))
    folders.push_back(each.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace

TEST_CASE("a backup is taken beside a running engine, and restored it is what it was") {
  const LifeWorkspace workspace(nodes);
  const fs::path kept = workspace.folder / "kept";
  json::value backup;
  {
    Running serve({"serve", workspace.root(), "--publish", "--speed", "1m/s", "--start", "2026-01-05T08:00:00Z"});
    REQUIRE(serve.wait_for("published"));
    backup = workspace.asked({"backup", "--to", kept.string()});
    const Outcome refused = workspace.call({"restore", std::string(backup.at("folder").as_string()), "--replace"});
    CHECK(refused.exit_code == 3);
    CHECK_THAT(refused.err, Contains("in use by process ") && Contains("nothing was restored"));
    serve.signal(SIGTERM);
    CHECK(serve.wait().exit_code == 0);
  }
  CHECK(backup.at("files").as_array().size() == 1);
  CHECK(backup.at("lacks").as_array().empty());
  const std::string folder(backup.at("folder").as_string());
  workspace.import("key,industry\nlater,agriculture\n");
  CHECK(workspace.asked({"status"}).at("accounts") == 4);

  const Outcome alone = workspace.call({"restore", folder});
  CHECK(alone.exit_code == 2);
  CHECK_THAT(alone.err,
             Contains(" already: --replace puts the backup in its place") && Contains("nothing was changed"));
  const json::value restored = workspace.asked({"restore", folder, "--replace"});
  CHECK(workspace.asked({"status"}).at("accounts") == 3);
  CHECK(restored.at("journal_through") == backup.at("journal_through"));
  // What was there is kept, and is a backup itself.
  workspace.done({"restore", std::string(restored.at("replaced").as_string()), "--replace"});
  CHECK(workspace.asked({"status"}).at("accounts") == 4);
}

TEST_CASE("with --keep older backups are let go, and those of another database stay") {
  const LifeWorkspace one(nodes);
  const LifeWorkspace two(nodes);
  const fs::path kept = one.folder / "kept";
  const fs::path other(std::string(two.asked({"backup", "--to", kept.string()}).at("folder").as_string()));
  // Backups are told apart by the second: names of the past stand for those of days before.
  for (const char* day : {"01", "02", "03"}) {
    const fs::path today(
        std::string(one.asked({"backup", "--to", (one.folder / day).string()}).at("folder").as_string()));
    fs::rename(today, kept / ("caravan.db-2026-01-" + std::string(day) + "T090000Z"));
  }
  const json::value newest = one.asked({"backup", "--to", (one.folder / "new").string(), "--keep", "2"});
  CHECK(newest.at("let_go").as_array().empty());
  fs::rename(kept / "caravan.db-2026-01-03T090000Z", one.folder / "new" / "caravan.db-2026-01-03T090000Z");
  for (const char* day : {"01", "02"})
    fs::rename(kept / ("caravan.db-2026-01-" + std::string(day) + "T090000Z"),
               one.folder / "new" / ("caravan.db-2026-01-" + std::string(day) + "T090000Z"));
  fs::rename(other, one.folder / "new" / "caravan.db-2025-01-01T090000Z");
  fs::remove_all(fs::path(std::string(newest.at("folder").as_string())));
  const json::value last = one.asked({"backup", "--to", (one.folder / "new").string(), "--keep", "2"});
  CHECK(last.at("let_go").as_array().size() == 2);
  const std::vector<fs::path> left = folders_in(one.folder / "new");
  REQUIRE(left.size() == 3);
  CHECK(left[0].filename() == "caravan.db-2025-01-01T090000Z");
  CHECK(left[1].filename() == "caravan.db-2026-01-03T090000Z");
  CHECK(left[2] == fs::path(std::string(last.at("folder").as_string())));
}

TEST_CASE("a backup is refused with what to do: without a place, without a database, with a wrong number") {
  const LifeWorkspace workspace(nodes);
  const Outcome nowhere = workspace.call({"backup"});
  CHECK(nowhere.exit_code == 2);
  CHECK_THAT(nowhere.err, Contains("--to"));
  CHECK(workspace.call({"backup", "--to", "x", "--keep", "0"}).exit_code == 2);
  const Folder empty;
  const Outcome missing = run({"backup", empty.path().string(), "--to", (empty / "kept").string()});
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err, Contains("there is no database ") && Contains("caravan import"));
}

TEST_CASE("a restore without a backup, or of what is none, says what to name") {
  const LifeWorkspace workspace(nodes);
  const fs::path kept = workspace.folder / "kept";
  workspace.done({"backup", "--to", kept.string()});
  CHECK_THAT(workspace.call({"restore"}).err, Contains("name the backup: a folder that `caravan backup` made"));
  const Outcome above = workspace.call({"restore", kept.string(), "--replace"});
  CHECK(above.exit_code == 3);
  CHECK_THAT(above.err, Contains("it holds 1 backup: name one, such as the newest, ") &&
                            Contains(folders_in(kept)[0].filename().string()));
  const Outcome nowhere = run({"restore", folders_in(kept)[0].string(), "-d", "/nowhere/caravan.db"});
  CHECK(nowhere.exit_code == 3);
  CHECK_THAT(nowhere.err, Contains("there is no folder /nowhere to restore into"));
  CHECK(workspace.asked({"restore", "--finish"}).at("finished") == false);
}

TEST_CASE("a restore that was cut off is told of, and ended by --finish or by starting the engine") {
  for (const bool by_engine : {false, true}) {
    const LifeWorkspace workspace(nodes);
    workspace.done({"publish"});
    const fs::path kept = workspace.folder / "kept";
    const json::value backup = workspace.asked({"backup", "--to", kept.string()});
    // As a process leaves it that ends right behind the decision.
    const fs::path ready = workspace.folder / "caravan.db-restore";
    fs::create_directories(ready);
    fs::rename(fs::path(std::string(backup.at("database").as_string())), ready / "caravan.db");
    std::ofstream(ready / "plan") << "all\ncaravan.db-replaced-2026-01-05T090000Z\n";
    const Outcome status = workspace.call({"status"});
    CHECK(status.exit_code == 3);
    CHECK_THAT(status.err, Contains("a restore was cut off") && Contains("caravan restore --finish"));
    const Outcome doctor = workspace.call({"doctor"});
    CHECK(doctor.exit_code == 3);
    CHECK_THAT(doctor.out, Contains("a restore was cut off before all was in its place"));
    if (by_engine)
      workspace.serve();
    else
      CHECK_THAT(workspace.done({"restore", "--finish"}), Contains("the restore that was cut off is done"));
    CHECK(fs::exists(workspace.folder / "caravan.db-replaced-2026-01-05T090000Z" / "caravan.db"));
    CHECK(workspace.call({"status"}).exit_code == 0);
  }
}
