// Events from files by the program alone: kept by an import, told in their time by serve.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

/// Two accounts with a person each; the journey listens ten days for a demo form, and goes by what was seen before.
class ListeningWorkspace {
 public:
  ListeningWorkspace() {
    folder.write(
        "schema.yaml",
        "schema:\n  account: {name: text}\n  person: {email: text}\n  event:\n    form.submitted: {code: text}\n"
        "    page.viewed:\n");
    folder.write("audiences/all.yaml", "audience: all\nwhen: account.name != \"\"\n");
    folder.write("journeys/hear.yaml", R"(journey: hear
enter: {audience: all}
nodes:
  - id: hand-raise
    listen:
      event: form.submitted
      where: event.form == "demo"
      timeout: 10d
      on_timeout: {next: end}
  - id: known
    split:
      - path: has-read
        when: account.activity("page.viewed", "30d").size() > 0
        nodes: []
      - path: new-here
        nodes: []
)");
    const std::string accounts = folder.write("accounts.csv", "key,name\nacme,Acme\nzeta,Zeta\n").string();
    const std::string people = folder.write("people.csv", "key,account\nada,acme\nben,zeta\n").string();
    REQUIRE(run({"import", "-w", root(), "--accounts", accounts, "--people", people}).exit_code == 0);
  }
  std::string root() const { return folder.path().string(); }
  Outcome import(const std::string& events, std::vector<std::string> more = {}) const {
    const std::string file = folder.write("import.jsonl", events).string();
    std::vector<std::string> all = {"import", "-w", root(), "--events", file};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  Outcome serve(const std::string& events, std::vector<std::string> more = {}) const {
    const std::string file = folder.write("events.jsonl", events).string();
    std::vector<std::string> all = {"serve", root(), "--publish", "--speed", "max", "--until-idle", "--events", file};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  /// Path to how often it was taken.
  std::map<std::string, std::int64_t> taken() const {
    std::map<std::string, std::int64_t> taken;
    const json::value status = json::parse(run({"status", root(), "--json"}).out);
    for (const json::value& line : status.at("journeys").at(0).at("map").as_array()) {
      if (const json::value* path = line.as_object().if_contains("path"))
        taken[std::string(path->as_string())] = line.at("taken").as_int64();
    }
    return taken;
  }

  Folder folder;
};

const std::vector<std::string> at_start = {"--start", "2026-01-05T08:00:00Z"};

}  // namespace

TEST_CASE("an import keeps events for activity, each id once, and tells those that it cannot take") {
  const ListeningWorkspace workspace;
  const std::string events =
      "{\"id\":\"v1\",\"type\":\"page.viewed\",\"person\":\"ada\",\"at\":\"2025-12-20T10:00:00Z\",\"url\":\"/"
      "pricing\"}\n"
      "{\"id\":\"v1\",\"type\":\"page.viewed\",\"person\":\"ada\",\"at\":\"2025-12-20T10:00:00Z\",\"url\":\"/"
      "pricing\"}\n"
      "{\"id\":\"v2\",\"type\":\"page.viewed\",\"person\":\"nobody\"}\n";
  const Outcome first = workspace.import(events);
  CHECK(first.exit_code == 1);
  CHECK(first.out == "events: 1 new, 1 known already, 1 refused\n");
  CHECK_THAT(first.err, Contains(":3: there is no person \"nobody\""));
  CHECK(workspace.import(events).out == "events: 0 new, 2 known already, 1 refused\n");
  const json::value summary = json::parse(workspace.import(events, {"--json"}).out);
  CHECK(summary.at("events").at("created") == 0);
  CHECK(summary.at("events").at("known") == 2);

  const json::value acme = json::parse(run({"show", "account", "acme", "-w", workspace.root(), "--json"}).out);
  REQUIRE(acme.at("events").as_array().size() == 1);
  CHECK(acme.at("events").at(0).at("at") == "2025-12-20T10:00:00Z");
}

TEST_CASE("events of a file are told when the journey's time comes to them") {
  const ListeningWorkspace workspace;
  REQUIRE(
      workspace.import("{\"type\":\"page.viewed\",\"person\":\"ada\",\"at\":\"2025-12-20T10:00:00Z\"}\n").exit_code ==
      0);
  // The file need not be in order. One form is of another name, one comes when the listen is over.
  const Outcome serve = workspace.serve(
      "{\"id\":\"4\",\"type\":\"form.submitted\",\"person\":\"ben\",\"form\":\"demo\",\"at\":\"2026-01-20T09:00:00Z\"}"
      "\n"
      "{\"id\":\"2\",\"type\":\"form.submitted\",\"person\":\"ada\",\"form\":\"other\",\"at\":\"2026-01-06T09:00:00Z\"}"
      "\n"
      "{\"id\":\"3\",\"type\":\"form.submitted\",\"person\":\"ada\",\"form\":\"demo\",\"at\":\"2026-01-08T09:00:00Z\"}"
      "\n",
      at_start);
  CAPTURE(serve.err);
  CHECK(serve.exit_code == 0);
  CHECK_THAT(serve.out, Contains("3 events told, 0 known already, 0 refused\n"));
  CHECK(workspace.taken() == std::map<std::string, std::int64_t>{{"timeout", 1}, {"has-read", 1}, {"new-here", 0}});
  const json::value acme = json::parse(run({"show", "account", "acme", "-w", workspace.root(), "--json"}).out);
  CHECK(acme.at("timeline").as_array().back().at("at") == "2026-01-08T09:00:00Z");
}

TEST_CASE("what is past when serve begins is told first, and a second start tells nothing twice") {
  const ListeningWorkspace workspace;
  const std::string events =
      "{\"id\":\"1\",\"type\":\"page.viewed\",\"person\":\"ben\",\"at\":\"2025-12-20T10:00:00Z\"}\n"
      "{\"id\":\"2\",\"type\":\"form.submitted\",\"person\":\"ben\",\"form\":\"demo\",\"at\":\"2025-12-21T10:00:00Z\"}"
      "\n"
      "{\"id\":\"3\",\"type\":\"form.submitted\",\"person\":\"ben\",\"form\":\"demo\",\"at\":\"2026-01-06T10:00:00Z\"}"
      "\n";
  REQUIRE(workspace.serve(events, at_start).exit_code == 0);
  // The form of December came before anybody listened for it.
  CHECK(workspace.taken() == std::map<std::string, std::int64_t>{{"timeout", 1}, {"has-read", 1}, {"new-here", 0}});
  const Outcome again = workspace.serve(events);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.out, Contains("0 events told, 3 known already, 0 refused\n"));
  CHECK(workspace.taken().at("has-read") == 1);
}

TEST_CASE("a refused event is told by its line, and a line that is none ends serve before it begins") {
  const ListeningWorkspace workspace;
  const Outcome refused =
      workspace.serve("{\"type\":\"form.submitted\",\"person\":\"cem\",\"at\":\"2026-01-06T09:00:00Z\"}\n", at_start);
  CHECK(refused.exit_code == 1);
  CHECK_THAT(refused.err, Contains("events.jsonl:1: there is no person \"cem\""));
  CHECK_THAT(refused.out, Contains("0 events told, 0 known already, 1 refused\n"));
  const Outcome faulty =
      workspace.serve("{\"type\":\"form.submitted\",\"person\":\"ada\",\"code\":7}\n", {"--database", "new.db"});
  CHECK(faulty.exit_code == 1);
  CHECK_THAT(faulty.err, Contains("events.jsonl:1: `code`: 7 is not text"));
  CHECK_FALSE(std::filesystem::exists("new.db"));
  CHECK(run({"serve", workspace.root(), "--publish", "--until-idle", "--events", "/does/not/exist.jsonl"}).exit_code ==
        3);
}

TEST_CASE("time that jumps needs an end") {
  const ListeningWorkspace workspace;
  const Outcome outcome = run({"serve", workspace.root(), "--publish", "--speed", "max"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, Contains("--speed max goes with --until-idle"));
}

TEST_CASE("with time that jumps the same files give the same timelines") {
  std::vector<std::string> timelines;
  for (int i = 0; i < 2; ++i) {
    const ListeningWorkspace workspace;
    const std::string events =
        "{\"id\":\"1\",\"type\":\"form.submitted\",\"person\":\"ben\",\"form\":\"demo\",\"at\":\"2026-01-06T10:00:"
        "00Z\"}\n";
    REQUIRE(workspace.serve(events, at_start).exit_code == 0);
    timelines.push_back(run({"show", "account", "acme", "-w", workspace.root(), "--json"}).out +
                        run({"show", "account", "zeta", "-w", workspace.root(), "--json"}).out);
  }
  CHECK(timelines[0] == timelines[1]);
}
