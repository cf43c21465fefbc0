// `caravan test --coverage` and what stands on it: every figure can be counted in tests/tools/scenario_workspace.hpp.
//
// The journey has 4 nodes (by-size, hello, settle, ask), 3 paths (big, others, and ask being heard), 1 time-out, and
// 4 outcomes of conditions: its split's and its audience's.

#include <fstream>

#include "tests/tools/scenario_workspace.hpp"

namespace caravan::tests {
namespace {

using Catch::Contains;
using Catch::EndsWith;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_CASE("coverage is a table, and names what no scenario has taken with its place") {
  const ScenarioWorkspace workspace;
  const Outcome outcome = workspace.test({"--coverage"});
  CHECK(outcome.exit_code == 0);
  const std::string journey = workspace.file("journeys/seeds.yaml");
  const std::string audience = workspace.file("audiences/growers.yaml");
  CAPTURE(outcome.out);
  CHECK_THAT(outcome.out, Contains("\nCoverage   nodes   paths  time-outs  conditions     all\n"));
  CHECK_THAT(outcome.out, Contains("\nseeds     3 of 4  2 of 3     0 of 1      2 of 4  58.3 %\n"));
  CHECK_THAT(outcome.out, Contains("\nNot taken by any scenario\n"));
  for (const std::string& line :
       {journey + ":6:13", std::string("path       by-size/big\n"), journey + ":7:13",
        std::string("condition  by-size: account.employees >= 1000 is never true\n"), journey + ":9:15",
        std::string("node       hello\n"), journey + ":16:44", std::string("time-out   ask\n"), audience + ":2:7",
        std::string("condition  account.industry == \"agriculture\" is never false\n")}) {
    CHECK_THAT(outcome.out, Contains(line));
  }
}

TEST_CASE("coverage is in the JSON object, and in TAP as comments") {
  const ScenarioWorkspace workspace;
  const boost::json::value coverage = workspace.asked({"--coverage"}).at("coverage");
  const boost::json::value& total = coverage.at("total");
  CHECK(total.at("all").at("taken") == 7);
  CHECK(total.at("all").at("of") == 12);
  CHECK(total.at("time_outs").at("of") == 1);
  const boost::json::array& gaps = coverage.at("not_taken").as_array();
  REQUIRE(gaps.size() == 5);
  CHECK(gaps[1].at("condition") == "account.employees >= 1000");
  CHECK(gaps[1].at("outcome") == "never true");
  CHECK(gaps[1].at("column") == 13);
  CHECK(workspace.asked().as_object().contains("coverage") == false);
  CHECK_THAT(workspace.test({"--coverage", "--tap"}).out, Contains("\n# Coverage   nodes   paths"));
}

TEST_CASE("the option --min fails below its figure, exactly, and says what is missing") {
  const ScenarioWorkspace workspace;
  CHECK(workspace.test({"--min", "58.3"}).exit_code == 0);
  const Outcome below = workspace.test({"--min", "58.4"});
  CHECK(below.exit_code == 1);
  CHECK(
      below.err ==
      "caravan: coverage is 58.3 %, and --min asks for 58.4 %: 5 of 12 points are not taken; --coverage names them\n");
  CHECK(workspace.test({"--min", "101"}).exit_code == 2);
}

TEST_CASE("with everything taken, coverage is 100 % and nothing is named") {
  const ScenarioWorkspace workspace;
  workspace.scenarios(R"(scenario: big ones are silent, and others are no growers
journey: seeds
at: 2026-01-05T09:00:00Z
given:
  accounts: [{key: acme, industry: agriculture, employees: 1000}, {key: shop, industry: retail}]
  people: [{key: vp, account: acme, email: vp@acme.example}]
steps:
  - advance: 5d
  - expect: {account: acme, state: left}
)",
                      "rest.yaml");
  const Outcome outcome = workspace.test({"--coverage", "--min", "100"});
  CAPTURE(outcome.out);
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, Contains("100.0 %\n") && !Contains("Not taken"));
}

TEST_CASE("LCOV's file names the YAML files as they were given") {
  const ScenarioWorkspace workspace;
  const std::string file = workspace.file("coverage.info");
  CHECK(workspace.test({"--lcov", file}).exit_code == 0);
  const std::string lcov = text_of(file);
  CHECK_THAT(lcov, Contains("SF:" + workspace.file("journeys/seeds.yaml") + "\n") &&
                       Contains("\nBRDA:6,0,0,0\nBRDA:7,1,0,0\nBRDA:7,1,1,2\n") && Contains("\nDA:4,2\n") &&
                       EndsWith("end_of_record\n"));
}

TEST_CASE("the picture has a mark and a count at each node and way, and colours") {
  const ScenarioWorkspace workspace;
  const std::string file = workspace.file("seeds.mmd");
  CHECK(workspace.test({"--picture", file}).exit_code == 0);
  const std::string picture = text_of(file);
  CAPTURE(picture);
  CHECK_THAT(picture, Contains("by-size<br/>split<br/>◐ 2 times, 2 of 4 ways and outcomes") &&
                          Contains("hello<br/>send_email: welcome<br/>✗ never") &&
                          Contains("settle<br/>wait: 3d<br/>✓ 2 times") && Contains("|\"big<br/>✗ never\"|") &&
                          Contains("|\"others<br/>✓ 2 times\"|") && Contains("|\"timeout<br/>✗ never\"|") &&
                          Contains("|\"✓ 1 time\"| finish") && Contains("classDef bad") && Contains("linkStyle"));
  const std::string dot = workspace.file("seeds.dot");
  CHECK(workspace.test({"--picture", dot}).exit_code == 0);
  CHECK_THAT(text_of(dot), Contains("fillcolor=") && Contains("hello\\nsend_email: welcome\\n✗ never"));
  CHECK(workspace.test({"--picture", workspace.file("seeds.png")}).exit_code == 2);
  workspace.folder.write("journeys/other.yaml", "journey: other\nnodes: [{id: rest, wait: 1d}]\n");
  const Outcome which = workspace.test({"--picture", dot});
  CHECK(which.exit_code == 2);
  CHECK_THAT(which.err, Contains("name it with --journey"));
  CHECK(workspace.test({"--picture", dot, "--journey", "seeds"}).exit_code == 0);
}

}  // namespace
}  // namespace caravan::tests
