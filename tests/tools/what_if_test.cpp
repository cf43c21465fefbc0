// caravan replay --with: a proposal against what the real program has recorded; snapshots by hand; what status says of
// the journal.

#include <csignal>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

/// Growers of 500, 1,500 and 2,500 people; the large ones are handed to sales after three days.
class Recorded {
 public:
  Recorded() {
    write("");
    const std::string accounts =
        "key,industry,employees\nant,agriculture,500\nbee,agriculture,1500\ncow,agriculture,2500\n";
    const std::string people = "key,account,email\nada,ant,ada@ant.example\nbob,bee,bob@bee.example\n";
    REQUIRE(run({"import", "-w", root(), "--accounts", folder.write("accounts.csv", accounts).string(), "--people",
                 folder.write("people.csv", people).string()})
                .exit_code == 0);
    REQUIRE(run({"serve", root(), "--publish", "--speed", "max", "--start", "2026-01-05T08:00:00Z", "--until-idle",
                 "--quiet"})
                .exit_code == 0);
    std::vector<fs::path> own;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder.path()))
      own.push_back(entry.path());
    fs::create_directory(folder / "proposal");
    for (const fs::path& path : own)
      fs::copy(path, folder / "proposal" / path.filename(), fs::copy_options::recursive);
  }

  void write(const std::string& place, const std::string& least = "1000", const std::string& rest = "3d") const {
    folder.write(place + "caravan.yaml", "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
    folder.write(place + "audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write(place + "buying-groups/seeds.yaml",
                 "role_template: buyers\nroles:\n  - role: decision_maker\n    when: \"true\"\n"
                 "---\nsolution_interest: seeds\nrole_template: buyers\n");
    folder.write(place + "emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Hello</p>\n");
    folder.write(place + "journeys/growers.yaml",
                 "journey: growers\nenter: {audience: growers}\nnodes:\n"
                 "  - {id: welcome, send_email: welcome}\n  - {id: settle, wait: " +
                     rest +
                     "}\n  - id: by-size\n    split:\n"
                     "      - path: large\n        when: account.employees >= " +
                     least +
                     "\n        nodes:\n          - id: tell-sales\n            "
                     "notify_sales: {solution_interest: seeds, to: s@seeds.example}\n"
                     "      - path: small\n        nodes: []\n");
  }

  std::string root() const { return folder.path().string(); }
  std::string database() const { return (folder / "caravan.db").string(); }
  std::string proposal() const { return (folder / "proposal").string(); }
  std::vector<std::string> what_if(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"replay", database(), "--with", proposal()});
    return more;
  }

  Folder folder;
};

}  // namespace

TEST_CASE("what if nothing were changed: nothing differs") {
  const Recorded recorded;
  const Outcome told = run(recorded.what_if());
  CAPTURE(told.out, told.err);
  CHECK(told.exit_code == 0);
  CHECK_THAT(told.out, Contains("5 inputs again, 3 accounts\nno difference\n"));
  CHECK_THAT(told.out, Contains("from 2026-01-05 08:00 to 2026-01-08 08:00"));
  CHECK_THAT(told.out, !Contains("taken as delivered"));
}

TEST_CASE("what if only the largest were handed to sales, and sooner") {
  const Recorded recorded;
  recorded.write("proposal/", "2000", "1d");
  const Outcome told = run(recorded.what_if());
  CAPTURE(told.out, told.err);
  CHECK(told.exit_code == 0);
  CHECK_THAT(told.out, Contains("3 accounts differ") || Contains("2 accounts differ"));
  CHECK_THAT(told.out, Contains("− bee"));
  CHECK_THAT(told.out, Contains("1 account handed over earlier, by 2 days on average: cow (2 days)"));
  CHECK_THAT(told.out, Contains("nobody knows what they would have done"));

  const json::value figures = json::parse(run(recorded.what_if({"--json"})).out);
  bool is_found = false;
  for (const json::value& figure : figures.at("figures").as_array()) {
    if (figure.at("figure") != "growers/path/by-size/large") continue;
    is_found = true;
    CHECK(figure.at("before") == 2);
    CHECK(figure.at("after") == 1);
    CHECK(figure.at("fewer").at("accounts") == json::array{"bee"});
    CHECK(figure.at("more").at("count") == 0);
  }
  CHECK(is_found);
  CHECK(figures.at("solution_interests").at(0).at("handed_over_earlier").at("days_on_average") == 2.0);

  CHECK(run(recorded.what_if({"--accounts", "growers/path/by-size/small"})).out == "+\tbee\n");
  CHECK(run(recorded.what_if({"--accounts", "sales/seeds"})).out == "-\tbee\n");
  CHECK(run(recorded.what_if({"--accounts", "sales/seeds/earlier"})).out == "2 days\tcow\n");
  const Outcome unknown = run(recorded.what_if({"--accounts", "growers/path/by-size/smal"}));
  CHECK(unknown.exit_code == 2);
  CHECK_THAT(unknown.err, Contains("did you mean \"growers/path/by-size/small\"?"));

  const Outcome picture = run(recorded.what_if({"--picture", "growers"}));
  CHECK(picture.exit_code == 0);
  CHECK_THAT(picture.out, Catch::StartsWith("flowchart") && Contains("2 → 1") && Contains("3 → 3"));
  CHECK_THAT(run(recorded.what_if({"--picture", "growers", "--format", "dot"})).out,
             Catch::StartsWith("digraph") && Contains("1 → 2"));
}

TEST_CASE("a proposal with faults is told before anything is run, and its options need each other") {
  const Recorded recorded;
  recorded.write("proposal/", "2000 +");
  const Outcome faults = run(recorded.what_if());
  CHECK(faults.exit_code == 1);
  CHECK_THAT(faults.err, Contains("journeys/growers.yaml"));
  CHECK(run({"replay", recorded.database(), "--accounts", "growers/entered"}).exit_code == 2);
  CHECK(run({"replay", recorded.database(), "--picture", "growers"}).exit_code == 2);
  recorded.write("proposal/");
  CHECK_THAT(run(recorded.what_if({"--picture", "grower"})).err, Contains("did you mean \"growers\"?"));
}

TEST_CASE("a snapshot is taken by hand where no engine runs, a replay goes on from it, and status tells of it") {
  const Recorded recorded;
  json::value journal = json::parse(run({"status", "--json", recorded.root()}).out).at("journal");
  CHECK(journal.at("first") == 1);
  CHECK(journal.at("since").is_string());
  CHECK(journal.at("bytes").as_int64() > 0);
  CHECK(journal.at("snapshots").as_array().empty());

  const Outcome taken = run({"snapshot", "-w", recorded.root(), "--json"});
  CAPTURE(taken.err);
  REQUIRE(taken.exit_code == 0);
  const json::value snapshot = json::parse(taken.out);
  CHECK(snapshot.at("through") == journal.at("last"));
  CHECK(fs::exists(snapshot.at("file").as_string().c_str()));
  REQUIRE(run({"serve", recorded.root(), "--speed", "max", "--until-idle", "--quiet"}).exit_code == 0);
  const Outcome status = run({"status", recorded.root()});
  CHECK_THAT(status.out, Contains("Journal: ") && Contains(" entries since ") && Contains("Snapshot: "));
  CHECK(json::parse(run({"status", "--json", recorded.root()}).out).at("journal").at("snapshots").as_array().size() ==
        1);
  CHECK(run({"replay", recorded.database()}).exit_code == 0);
}

TEST_CASE("while an engine runs no snapshot is taken by hand, and it says who takes one") {
  const Recorded recorded;
  Running serve({"serve", recorded.root()});
  REQUIRE(serve.wait_for("growers"));
  const Outcome refused = run({"snapshot", recorded.root()});
  CHECK(refused.exit_code == 3);
  CHECK_THAT(refused.err, Contains("in use by process") && Contains("no snapshot was taken"));
  CHECK_FALSE(fs::exists(recorded.database() + "-snapshots"));
  serve.signal(SIGTERM);
  CHECK(serve.wait().exit_code == 0);
}

TEST_CASE(
    "a year in time lapse keeps what caravan.yaml says of the journal, and both kinds of replay go on from there") {
  const Recorded recorded;
  recorded.folder.write("caravan.yaml",
                        "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\njournal: {keep: 20d}\n");
  std::string events = "account,type,at\n";
  for (const char* month : {"02", "03", "04", "05", "06"})
    events += std::string("ant,page.viewed,2026-") + month + "-01T08:00:00Z\n";
  REQUIRE(run({"serve", recorded.root(), "--speed", "max", "--until-idle", "--quiet", "--events",
               recorded.folder.write("events.csv", events).string()})
              .exit_code == 0);
  const json::value journal = json::parse(run({"status", "--json", recorded.root()}).out).at("journal");
  CHECK(journal.at("first").as_int64() > 1);
  CHECK(journal.at("snapshots").as_array().size() == 2);
  const Outcome replay = run({"replay", recorded.database()});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 0);
  const Outcome told = run(recorded.what_if());
  CAPTURE(told.out, told.err);
  CHECK(told.exit_code == 0);
  CHECK_THAT(told.out, Contains("no difference"));
}
