// caravan replay on databases that the real program has made: killed in the middle and started again, and altered by
// hand.

#include <csignal>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <sqlite3.h>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

/// Accounts that pass through a journey of some days, by the program alone.
class Served {
 public:
  Served() {
    folder.write("caravan.yaml", "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
    folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write("emails/welcome.html", "---\nsubject: Welcome\n---\n<p>To {{account.name}}</p>\n");
    folder.write("journeys/seeds.yaml", R"(journey: seeds
enter: {audience: growers}
nodes:
  - id: welcome
    send_email: welcome
  - id: settle
    wait: 3d
  - id: by-size
    split:
      - path: large
        when: account.employees >= 1000
        nodes: [{id: again, send_email: welcome}]
      - path: small
        nodes: []
  - id: rest
    wait: 9d
)");
    std::string accounts = "key,name,industry,employees\n", people = "key,account,first_name,email\n";
    for (int i = 0; i < 300; ++i) {
      const std::string number = std::to_string(i);
      accounts += "account-" + number + ",Company " + number + ",agriculture," + std::to_string(i * 10) + "\n";
      people += "person-" + number + ",account-" + number + ",Ada,ada@" + number + ".example\n";
    }
    const Outcome import = run({"import", "-w", root(), "--accounts", folder.write("accounts.csv", accounts).string(),
                                "--people", folder.write("people.csv", people).string()});
    REQUIRE(import.exit_code == 0);
  }

  std::string root() const { return folder.path().string(); }
  std::string database() const { return (folder / "caravan.db").string(); }
  std::vector<std::string> serving() const {
    return {"serve", root(), "--publish", "--speed", "1d/s", "--start", "2026-01-05T08:00:00Z"};
  }
  /// The first column of the first row.
  std::string ask(const std::string& sql) const {
    sqlite3* handle = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::string answer;
    REQUIRE(sqlite3_open(database().c_str(), &handle) == SQLITE_OK);
    sqlite3_busy_timeout(handle, 10'000);
    REQUIRE(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW)
      answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return answer;
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a database whose engine was killed and started again is replayed without a difference") {
  const Served served;
  {
    Running first(served.serving());
    REQUIRE(first.wait_for("published"));
    while (std::stoi(served.ask("SELECT count(*) FROM delivery WHERE state = 3")) < 50) {
    }
    first.signal(SIGKILL);
    CHECK(first.wait().exit_code == 128 + SIGKILL);
  }
  std::vector<std::string> on = {"serve", served.root(), "--speed", "100d/s", "--until-idle", "--quiet"};
  REQUIRE(run(on).exit_code == 0);
  const std::size_t files = static_cast<std::size_t>(
      std::distance(std::filesystem::recursive_directory_iterator(served.folder / "outbox"), {}));

  const Outcome replay = run({"replay", served.database()});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 0);
  CHECK_THAT(replay.out,
             Catch::StartsWith("no difference: 600 inputs, 300 accounts, ") && Contains(" visits, 500 deliveries\n"));
  const json::value figures = json::parse(run({"replay", "-w", served.root(), "--json"}).out);
  CHECK(figures.at("same") == true);
  CHECK(figures.at("inputs") == 600);
  CHECK(figures.at("starts").as_int64() == 3);
  CHECK_FALSE(figures.as_object().contains("first_difference"));
  // Nothing was sent by it, and nothing is left of it.
  CHECK(static_cast<std::size_t>(
            std::distance(std::filesystem::recursive_directory_iterator(served.folder / "outbox"), {})) == files);
}

TEST_CASE("a replay can be made beside the engine that runs") {
  const Served served;
  Running serve(served.serving());
  REQUIRE(serve.wait_for("published"));
  const Outcome replay = run({"replay", served.database(), "--folder", served.root()});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 0);
  serve.signal(SIGTERM);
  CHECK(serve.wait().exit_code == 0);
}

TEST_CASE("the first difference is told with both timelines, and has an exit code of its own") {
  const Served served;
  std::vector<std::string> on = served.serving();
  on[4] = "100d/s";
  on.emplace_back("--until-idle");
  REQUIRE(run(on).exit_code == 0);
  const std::string token = served.ask("SELECT min(token) FROM delivery WHERE account = 200 AND recipient > 0");
  served.ask(
      "UPDATE delivery SET address = 'eve@else.example', dictionary = NULL WHERE account = 200 AND visit > 0 AND token "
      "= " +
      token);
  const Outcome replay = run({"replay", served.database()});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 1);
  CHECK_THAT(replay.out, Contains("the replay differs from what production recorded: 1 account, 1 row of 600 inputs") &&
                             Contains("The first difference: 2026-01-") && Contains("account account-199") &&
                             Contains("Both timelines of account-199") && Contains("\n- 2026-01-") &&
                             Contains("eve@else.example") && Contains("\n+ 2026-01-") && Contains("ada@199.example"));
  const json::value figures = json::parse(run({"replay", served.database(), "--json"}).out);
  CHECK(figures.at("same") == false);
  CHECK(figures.at("accounts_that_differ") == 1);
  CHECK(figures.at("first_difference").at("account") == "account-199");
  CHECK(figures.at("timelines").at("alike").as_int64() > 3);
}

TEST_CASE("what cannot be replayed says why") {
  const Folder folder;
  CHECK(run({"replay", (folder / "nothing.db").string()}).exit_code == 3);
  const Served served;
  served.ask("DELETE FROM journal WHERE sequence = 1");
  const Outcome late = run({"replay", served.database()});
  CHECK(late.exit_code == 1);
  CHECK_THAT(late.err, Contains("the journal begins with entry 2"));
}
