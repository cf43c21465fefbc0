// History that is let go of, by the real program: what status, show and replay say of it, and a database that is made
// smaller.

#include <csignal>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <sqlite3.h>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

/// Two growers who are through in January; events of others go on until June.
class Recorded {
 public:
  explicit Recorded(const std::string& history) {
    folder.write("caravan.yaml", "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n" + history);
    folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write("emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Hello</p>\n");
    folder.write("journeys/growers.yaml",
                 "journey: growers\nenter: {audience: growers}\nnodes:\n"
                 "  - id: alone\n    split_people:\n      - path: all\n        when: \"true\"\n        nodes:\n"
                 "          - {id: welcome, send_email: welcome}\n          - {id: rest, wait: 1d}\n"
                 "  - {id: settle, wait: 3d}\n");
    const std::string accounts = "key,industry\nant,agriculture\nbee,agriculture\nfox,forestry\n";
    const std::string people = "key,account,email\nada,ant,ada@ant.example\nbob,bee,bob@bee.example\n";
    REQUIRE(run({"import", "-w", root(), "--accounts", folder.write("accounts.csv", accounts).string(), "--people",
                 folder.write("people.csv", people).string()})
                .exit_code == 0);
    std::string events = "account,type,at\n";
    for (const char* month : {"02", "03", "04", "05", "06"})
      events += std::string("fox,page.viewed,2026-") + month + "-01T08:00:00Z\n";
    const Outcome served = run({"serve", root(), "--publish", "--speed", "max", "--start", "2026-01-05T08:00:00Z",
                                "--until-idle", "--quiet", "--events", folder.write("events.csv", events).string()});
    CAPTURE(served.out, served.err);
    REQUIRE(served.exit_code == 0);
  }

  std::string root() const { return folder.path().string(); }
  std::string database() const { return (folder / "caravan.db").string(); }
  fs::path archive() const { return folder / "caravan.db-archive" / "2026-03.db"; }
  json::value status() const { return json::parse(run({"status", "--json", root()}).out).at("history"); }
  std::string shown() const { return run({"show", "account", "ant", "-w", root()}).out; }

  Folder folder;
};

}  // namespace

TEST_CASE("what was archived is shown and replayed as before, and status says where it is") {
  const Recorded recorded("history: {keep: 30d}\n");
  const json::value history = recorded.status();
  CHECK(history.at("enrollments_let_go") == 2);
  CHECK(history.at("enrollments_in_no_archive") == 0);
  REQUIRE(history.at("archives").as_array().size() == 1);
  const json::value& archive = history.at("archives").at(0);
  CHECK(archive.at("file").as_string() == recorded.archive().string());
  CHECK(archive.at("enrollments") == 2);
  CHECK(archive.at("ended_to").is_string());
  CHECK_FALSE(archive.as_object().contains("problem"));
  const Outcome status = run({"status", recorded.root()});
  CHECK_THAT(status.out,
             Contains("History: let go of 2 enrollments\n") && Contains("Archive: ") && Contains("2026-03.db"));

  const Recorded kept("");
  CHECK(kept.status().at("enrollments_let_go") == 0);
  CHECK(recorded.shown() == kept.shown());
  CHECK_THAT(recorded.shown(), Contains("welcome to ada@ant.example, delivered"));
  const Outcome replay = run({"replay", recorded.database()});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 0);
  CHECK_THAT(replay.out, Contains("no difference") && Contains("2 enrollments of these from the archive"));
  const json::value told = json::parse(run({"replay", "--json", recorded.database()}).out);
  const json::value whole = json::parse(run({"replay", "--json", kept.database()}).out);
  for (const char* figure : {"accounts", "visits", "deliveries"})
    CHECK(told.at(figure) == whole.at(figure));
}

TEST_CASE("an archive that is not there is named by show, replay and status") {
  const Recorded recorded("history: {keep: 30d}\n");
  fs::rename(recorded.archive(), recorded.folder / "away.db");
  const std::string why =
      recorded.archive().string() + ": this archive is not there, and holds what 2 enrollments did: put it back";
  CHECK_THAT(recorded.shown(), Contains(why) && Contains("completed"));
  const Outcome replay = run({"replay", recorded.database()});
  CHECK(replay.exit_code == 0);
  CHECK_THAT(replay.out, Contains("not compared: 2 enrollments; of the first, " + why));
  CHECK_THAT(run({"status", recorded.root()}).out, Contains("Archive: " + why));
  CHECK(recorded.status().at("archives").at(0).at("problem").as_string() == why);
}

TEST_CASE("without an archive show says what became of history") {
  const Recorded recorded("history: {keep: 30d, archive: false}\n");
  CHECK_FALSE(fs::exists(recorded.folder / "caravan.db-archive"));
  CHECK(recorded.status().at("enrollments_in_no_archive") == 2);
  CHECK_THAT(recorded.shown(), Contains("what it did was let go") && Contains("completed"));
  CHECK_THAT(run({"status", recorded.root()}).out, Contains("let go of 2 enrollments, of which 2 are in no archive"));
  const Outcome replay = run({"replay", recorded.database()});
  CHECK(replay.exit_code == 0);
  CHECK_THAT(replay.out, Contains("no difference") && Contains("not compared: 2 enrollments"));
  const Outcome what_if = run({"replay", recorded.database(), "--with", recorded.root()});
  CAPTURE(what_if.out, what_if.err);
  CHECK(what_if.exit_code == 0);
  CHECK_THAT(what_if.out, Contains("left out: 2 accounts") && Contains("no difference"));
}

TEST_CASE("a database is made smaller by hand, and holds what it held") {
  const Recorded recorded("");
  const std::string before = recorded.shown();
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(recorded.database().c_str(), &handle) == SQLITE_OK);
  const int filled = sqlite3_exec(handle,
                                  "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM"
                                  " n LIMIT 20000) SELECT i, hex(i) FROM n; DROP TABLE filler",
                                  nullptr, nullptr, nullptr);
  CHECK(filled == SQLITE_OK);
  sqlite3_close(handle);
  const Outcome compacted = run({"compact", "--json", recorded.root()});
  CAPTURE(compacted.out, compacted.err);
  REQUIRE(compacted.exit_code == 0);
  const json::value figures = json::parse(compacted.out);
  CHECK(figures.at("file").as_string() == recorded.database());
  CHECK(figures.at("bytes").as_int64() == static_cast<std::int64_t>(fs::file_size(recorded.database())));
  CHECK(figures.at("bytes").as_int64() + 50 * 4'096 <= figures.at("bytes_before").as_int64());
  CHECK(recorded.shown() == before);
  CHECK(run({"replay", recorded.database()}).exit_code == 0);
  const Outcome missing = run({"compact", (recorded.folder / "nothing").string()});
  CHECK(missing.exit_code != 0);
}
