// A small workspace from its files to the mailbox by the program alone: import, check, serve in time lapse, status,
// show, and the ways to end.

#include <csignal>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using caravan::test::HttpReply;
using caravan::test::HttpRequest;
using caravan::test::HttpServer;
using Catch::Contains;

namespace json = boost::json;

namespace {

/// Two of three accounts enter; the larger is handed to sales. Each has a chief and an agronomist.
class SmallWorkspace {
 public:
  SmallWorkspace() {
    folder.write("caravan.yaml", "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
    folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write("buying-groups/seeds.yaml",
                 "role_template: buyers\nroles:\n  - role: decision_maker\n    when: "
                 "person.title.startsWith(\"Chief\")\n  - role: influencer\n"
                 "---\nsolution_interest: seeds\nrole_template: buyers\n");
    folder.write("emails/welcome.html",
                 "---\nsubject: Welcome {{person.first_name}}\n---\n<p>To {{account.name}}</p>\n");
    folder.write("journeys/seeds.yaml", R"(journey: seeds
title: Seeds for all
enter: {audience: growers}
nodes:
  - id: deciders
    assign_to_buying_group: seeds
  - id: welcome
    send_email: {template: welcome, to: 'person.role("seeds") == "decision_maker"'}
  - id: settle
    wait: 3d
  - id: by-size
    split:
      - path: large
        when: account.employees >= 1000
        nodes:
          - id: tell-sales
            notify_sales: {solution_interest: seeds, to: sales@seeds.example}
      - path: small
        nodes: []
)");
    const std::string accounts =
        folder
            .write("accounts.csv",
                   "key,name,industry,employees\nacme,Acme,agriculture,4200\nzeta,Zeta,agriculture,12\n"
                   "tech,Tech,technology,9\n")
            .string();
    std::string people = "key,account,first_name,title,email\n";
    for (const std::string account : {"acme", "zeta", "tech"}) {
      people += account + "-1," + account + ",Ada,Chief Executive,ada@" + account + ".example\n";
      people += account + "-2," + account + ",Ben,Agronomist,ben@" + account + ".example\n";
    }
    const std::string people_file = folder.write("people.csv", people).string();
    const Outcome import = run({"import", "-w", root(), "--accounts", accounts, "--people", people_file});
    REQUIRE(import.exit_code == 0);
  }
  std::string root() const { return folder.path().string(); }
  Outcome serve(std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {
        "serve", root(), "--publish", "--speed", "100d/s", "--start", "2026-01-05T08:00:00Z", "--until-idle"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  std::size_t mails() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "outbox"))
      count += entry.path().extension() == ".eml";
    return count;
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a workspace runs from its files to the mailbox") {
  const SmallWorkspace workspace;
  CHECK(run({"check", workspace.root()}).exit_code == 0);
  const Outcome serve = workspace.serve();
  CAPTURE(serve.err);
  CHECK(serve.exit_code == 0);
  CHECK_THAT(serve.out, Contains("seeds: version 1 published\n"));
  CHECK_THAT(serve.out, Contains("  2 entered · 2 mails · 2 joined buying groups\n"));
  CHECK_THAT(serve.out, Contains("1 to sales · 2 completed"));
  CHECK_THAT(serve.out, Contains("Where to look next"));
  CHECK(workspace.mails() == 3);

  const json::value status = json::parse(run({"status", workspace.root(), "--json"}).out);
  CHECK(status.at("accounts") == 3);
  CHECK(status.at("members") == 2);
  const json::value& journey = status.at("journeys").at(0);
  CHECK(journey.at("entered") == 2);
  CHECK(journey.at("completed") == 2);
  CHECK(journey.at("under_way") == 0);
  const json::array& map = journey.at("map").as_array();
  REQUIRE(map.size() == 7);
  CHECK(map[3].at("node") == "by-size");
  CHECK(map[3].at("visited") == 2);
  CHECK(map[4].at("path") == "large");
  CHECK(map[4].at("share") == 0.5);
  CHECK(map[5].at("node") == "tell-sales");
  CHECK(map[5].at("depth") == 1);
  CHECK(map[5].at("visited") == 1);
  CHECK(journey.at("messages").at(0).at("delivered") == 2);
  CHECK_THAT(run({"status", workspace.root()}).out,
             Contains("→ large") && Contains("50.0 %") && Contains("sales summary"));

  // A second start finds nothing new, and publishes nothing.
  const Outcome again = run({"serve", workspace.root(), "--speed", "100d/s", "--until-idle"});
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.out, Contains("seeds: version 1\n"));
  CHECK(workspace.mails() == 3);
  const Outcome back = workspace.serve();
  CHECK(back.exit_code == 2);
  CHECK_THAT(back.err, Contains("time does not run backwards"));
}

TEST_CASE("an account's timeline tells what happened to it") {
  const SmallWorkspace workspace;
  REQUIRE(workspace.serve({"--quiet"}).out.empty());
  const Outcome shown = run({"show", "account", "acme", "-w", workspace.root()});
  CHECK(shown.exit_code == 0);
  for (const char* part : {"acme  Acme", "2 people", "Buying group seeds", "decision_maker",
                           "Timeline of seeds (version 1)", "  entered\n", "welcome to ada@acme.example, delivered",
                           "→ large", "until 2026-01-", "sales summary to sales@seeds.example", "completed"}) {
    CHECK_THAT(shown.out, Contains(part));
  }
  CHECK_THAT(run({"show", "person", "acme-1", "-w", workspace.root()}).out, Contains("decision_maker in seeds"));
  CHECK_THAT(run({"show", "account", "tech", "-w", workspace.root()}).out, Contains("it has not entered a journey"));
  const Outcome unknown = run({"show", "account", "acmee", "-w", workspace.root()});
  CHECK(unknown.exit_code == 1);
  CHECK(unknown.err == "caravan: there is no account \"acmee\"; did you mean \"acme\"?\n");
}

TEST_CASE("lines and table can be read by programs") {
  const SmallWorkspace workspace;
  const Outcome serve = workspace.serve({"--json"});
  CHECK(serve.exit_code == 0);
  const json::value first = json::parse(serve.out.substr(0, serve.out.find('\n')));
  CHECK(first.at("entered") == 2);
  CHECK(first.at("joined") == 2);
  const std::size_t last = serve.out.rfind('\n', serve.out.size() - 2);
  CHECK(json::parse(serve.out.substr(last + 1, serve.out.size() - last - 2)).at("status").at("accounts") == 3);
}

TEST_CASE("faults of a workspace are told before anything is made") {
  const Folder folder;
  folder.write("journeys/a.yaml", "journey: a\nnodes:\n  - id: x\n    wate: 3d\n");
  const Outcome serve = run({"serve", folder.path().string(), "--publish", "--until-idle"});
  CHECK(serve.exit_code == 1);
  CHECK_THAT(serve.err, Contains("journeys/a.yaml:4:5: error: ") && Contains("did you mean"));
  CHECK_FALSE(std::filesystem::exists(folder / "caravan.db"));
  CHECK(run({"serve", (folder / "nowhere").string()}).exit_code == 2);
  CHECK(run({"serve", folder.path().string(), "--speed", "fast"}).exit_code == 2);
}

TEST_CASE("where nothing is published there is nothing to run, and it says how that is done") {
  const SmallWorkspace workspace;
  const Outcome serve = run({"serve", workspace.root(), "--until-idle"});
  CHECK(serve.exit_code == 1);
  CHECK_THAT(serve.err, Contains("no journey is published in ") &&
                            Contains("publish " + workspace.root() + "` does it") &&
                            Contains("start this with --publish"));
  const Folder empty;
  CHECK(run({"serve", empty.path().string()}).exit_code == 1);
  CHECK_FALSE(std::filesystem::exists(empty / "caravan.db"));
}

TEST_CASE("what was published is run, whatever the files say, and it says that they differ") {
  const SmallWorkspace workspace;
  REQUIRE(workspace.serve({"--quiet"}).exit_code == 0);
  workspace.folder.write("journeys/seeds.yaml", "journey: seeds\nnodes: [{id: settle, wait: 5d}]\n");
  workspace.folder.write("journeys/other.yaml", "journey: other\nnodes: [{id: settle, wait: 5d}]\n");
  const Outcome differs = run({"serve", workspace.root(), "--speed", "100d/s", "--until-idle"});
  CHECK(differs.exit_code == 0);
  CHECK_THAT(differs.out, Contains("seeds: version 1\n2 journeys differ from what is published: ") &&
                              Contains(" publish " + workspace.root() + " --dry-run` shows how\n"));
  workspace.folder.write("journeys/seeds.yaml", "journey: seeds\nnodes: [{id: settle, wate: 5d}]\n");
  const Outcome faulty = run({"serve", workspace.root(), "--speed", "100d/s", "--until-idle"});
  CHECK(faulty.exit_code == 0);
  CHECK_THAT(faulty.out, Contains("the files have 1 error, and what was published is run: ") && Contains(" check "));
  workspace.folder.write("caravan.yaml", "chanels: {}\n");
  CHECK(run({"serve", workspace.root(), "--speed", "100d/s", "--until-idle"}).exit_code == 1);
}

TEST_CASE("SIGTERM and SIGINT end it cleanly, and everything is there afterwards") {
  for (const int signal : {SIGTERM, SIGINT}) {
    const SmallWorkspace workspace;
    Running serve({"serve", workspace.root(), "--publish", "--speed", "1m/s", "--start", "2026-01-05T08:00:00Z"});
    REQUIRE(serve.wait_for("published"));
    serve.signal(signal);
    const Outcome outcome = serve.wait();
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Contains("In the store: 3 accounts"));
  }
}

TEST_CASE("a second engine on the same database is told that it is taken") {
  const SmallWorkspace workspace;
  Running serve({"serve", workspace.root(), "--publish", "--speed", "1m/s"});
  REQUIRE(serve.wait_for("published"));
  const Outcome second = run({"serve", workspace.root()});
  CHECK(second.exit_code == 3);
  CHECK_FALSE(second.err.empty());
  CHECK(run({"status", workspace.root()}).exit_code == 0);
  serve.signal(SIGTERM);
  CHECK(serve.wait().exit_code == 0);
}

TEST_CASE("until idle is not over while a call is to be tried again") {
  std::atomic<int> calls = 0;
  const HttpServer crm([&](const HttpRequest&) { return HttpReply{.status = ++calls < 3 ? 503 : 200}; });
  const Folder folder;
  folder.write("caravan.yaml", "connections:\n  crm: {url: \"" + crm.url() + "/\", allow_private: true}\n");
  folder.write("audiences/all.yaml", "audience: all\nwhen: \"true\"\n");
  folder.write("journeys/tell.yaml",
               "journey: tell\nenter: {audience: all}\nnodes:\n"
               "  - {id: tell, webhook: {connection: crm, body: {who: account.key}}}\n");
  const std::string root = folder.path().string();
  const std::string accounts = folder.write("accounts.csv", "key\nacme\n").string();
  REQUIRE(run({"import", "-w", root, "--accounts", accounts}).exit_code == 0);
  const Outcome serve =
      run({"serve", root, "--publish", "--speed", "max", "--start", "2026-01-05T08:00:00Z", "--until-idle", "--quiet"});
  CAPTURE(serve.err);
  REQUIRE(serve.exit_code == 0);
  CHECK(calls == 3);
  const json::value status = json::parse(run({"status", root, "--json"}).out);
  CHECK(status.at("journeys").at(0).at("completed") == 1);
}
