// What the library offers beyond the first ten lines: the scenarios of a workspace as test cases, what goes wrong, and
// what can be asked.

#include <caravan/harness.hpp>
#include <catch2/catch.hpp>

using namespace caravan::harness;

TEST_CASE("every scenario of the workspace holds") {
  const std::vector<ScenarioOutcome> outcomes = run_scenarios(Workspace(WORKSPACE));
  CHECK(outcomes.size() == 1);
  for (const ScenarioOutcome& outcome : outcomes) {
    INFO(outcome.report);
    CHECK(outcome.held);
  }
}

TEST_CASE("a workspace with errors says all of them, with their places") {
  const std::map<std::string, std::string> texts = {{"caravan.yaml", "timezone: UTC\n"},
                                                    {"journeys/a.yaml", "journey: a\nnodes:\n  - id: x\n    wate: 3d\n"}};
  try {
    const Workspace workspace(texts);
    FAIL("it was taken");
  } catch (const WorkspaceError& error) {
    CHECK(std::string(error.what()).find("journeys/a.yaml:4:5: error: ") != std::string::npos);
  }
}

TEST_CASE("a rehearsal tells what became of everything, and refuses what it does not know") {
  const Workspace workspace(WORKSPACE);
  CHECK(workspace.journeys() == std::vector<std::string>{"first-touch"});
  Rehearsal rehearsal(workspace, "2026-01-05T09:00:00Z");
  rehearsal.account("acme", {{"name", "Acme"}, {"employees", 20}, {"score", 0.5}, {"big", false}});
  rehearsal.person("ada", "acme", {{"email", "ada@acme.example"}});
  rehearsal.bounce("ada@acme.example", "550 no such user");
  rehearsal.run_out();
  CHECK(rehearsal.now() == time_of("2026-01-08T09:00:00Z"));
  const Standing standing = rehearsal.standing("first-touch", "acme");
  CHECK(standing.state == "completed");
  CHECK(standing.node.empty());
  CHECK(standing.path == std::vector<std::string>{"welcome", "settle", "by-industry/others"});
  CHECK(rehearsal.sent().size() == 1);
  CHECK(rehearsal.attribute("acme", "employees") == Value(20));
  CHECK(rehearsal.attribute("acme", "nothing").is_none());
  CHECK(rehearsal.in_audience("acme", "reachable"));
  CHECK(rehearsal.holds("account.employees > 10 && people.size() == 1", "acme"));
  CHECK(rehearsal.timeline("acme").front() == "2026-01-05 09:00  enters first-touch (version 1)");
  CHECK_THROWS_AS(rehearsal.person("bob", "globex"), Refused);
  CHECK_THROWS_AS(rehearsal.standing("second-touch", "acme"), Refused);
  CHECK_THROWS_AS(rehearsal.in_list("acme", "nobodys"), Refused);
  CHECK_THROWS_AS(rehearsal.holds("account.employees >", "acme"), std::invalid_argument);
  CHECK_THROWS_AS(rehearsal.advance("3 days"), std::invalid_argument);
}

TEST_CASE("a changed journey is published within a rehearsal, and accounts under way move to it") {
  const Workspace workspace(WORKSPACE);
  Rehearsal rehearsal(workspace, "2026-01-05T09:00:00Z");
  rehearsal.account("acme");
  rehearsal.person("ada", "acme");
  const Workspace changed = workspace.with({{"journeys/first-touch.yaml",
                                             "journey: first-touch\nenter: {audience: reachable}\nnodes:\n"
                                             "  - id: settle\n    wait: 3d\n  - id: more\n    wait: 1d\n"}});
  rehearsal.publish(changed, Rehearsal::UnderWay::move);
  rehearsal.advance("3d");
  CHECK(rehearsal.standing("first-touch", "acme").node == "more");
}
