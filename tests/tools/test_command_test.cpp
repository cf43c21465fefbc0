// `caravan test` as a person and a build server call it.

#include <fstream>

#include <boost/property_tree/xml_parser.hpp>
#include <yaml-cpp/yaml.h>

#include "tests/tools/scenario_workspace.hpp"

namespace caravan::tests {
namespace {

using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_CASE("scenarios that hold are counted, and the exit code is 0") {
  const ScenarioWorkspace workspace;
  const Outcome outcome = workspace.test();
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out,
             StartsWith("✓ " + workspace.file("scenarios/growers.yaml") + "  2 scenarios\n2 scenarios, none failed, "));
  CHECK(outcome.out.find('\x1b') == std::string::npos);
}

TEST_CASE("a scenario that does not hold is shown with its line and its timeline, and the exit code is 1") {
  const ScenarioWorkspace workspace;
  workspace.scenarios(ScenarioWorkspace::waiting("hello") + "---\n" + ScenarioWorkspace::heard());
  const Outcome outcome = workspace.test();
  CHECK(outcome.exit_code == 1);
  CHECK_THAT(outcome.out, Contains("✗ " + workspace.file("scenarios/growers.yaml") + "  2 scenarios, 1 failed\n") &&
                              Contains("\n✗ a small grower waits\n") &&
                              Contains(workspace.file("scenarios/growers.yaml") + ":7:29: error: ") &&
                              Contains("\n      - expect: {account: acme, at: hello}\n") &&
                              Contains("\n  - hello\n  + settle\n") && Contains("what happened to account acme") &&
                              Contains("2 scenarios, 1 failed, "));
}

TEST_CASE("faults of the workspace are printed as check does, and nothing runs") {
  const ScenarioWorkspace workspace;
  workspace.journey("soon");
  const Outcome outcome = workspace.test({"--junit", workspace.file("report.xml")});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains("journeys/seeds.yaml:14:9: error: `soon` is not a duration") &&
                              EndsWith("\n1 error\n"));
  CHECK_THAT(text_of(workspace.file("report.xml")), Contains("errors=\"1\"") && Contains("`soon` is not a duration"));
  CHECK(workspace.test({"--tap"}).out == "TAP version 14\nBail out! The workspace has faults\n");
}

TEST_CASE("faults of scenarios are printed the same way") {
  const ScenarioWorkspace workspace;
  workspace.scenarios("scenario: a typo\njourney: sedes\nat: 2026-01-05T09:00:00Z\nsteps:\n- advance: 3d\n");
  const Outcome outcome = workspace.test();
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains("scenarios/growers.yaml:2:10: error: ") && Contains("did you mean \"seeds\"?"));
}

TEST_CASE("a workspace without scenarios says so, and how it gets some") {
  const ScenarioWorkspace workspace;
  std::filesystem::remove_all(workspace.folder / "scenarios");
  const Outcome outcome = workspace.test();
  CHECK(outcome.exit_code == 1);
  CHECK_THAT(outcome.err, StartsWith("caravan: there are no scenarios in " + workspace.root() + "; write one") &&
                              Contains("caravan explore"));
}

TEST_CASE("a filter that fits nothing, and a journey that is not there, are wrong command lines") {
  const ScenarioWorkspace workspace;
  CHECK_THAT(workspace.test({"--filter", "form"}).out, Contains("1 scenario, none failed"));
  const Outcome none = workspace.test({"--filter", "elephants"});
  CHECK(none.exit_code == 2);
  CHECK_THAT(none.err, Contains("there is no scenario with \"elephants\" in name, row or file"));
  const Outcome journey = workspace.test({"--journey", "sedes"});
  CHECK(journey.exit_code == 2);
  CHECK_THAT(journey.err, Contains("did you mean \"seeds\"?"));
  CHECK(workspace.test({"--tap", "--json"}).exit_code == 2);
  CHECK(workspace.test({"--tap", "--watch"}).exit_code == 2);
  CHECK(run({"test", "/does/not/exist"}).exit_code == 2);
}

/// The YAML blocks of TAP's failed points, without their indentation.
std::vector<YAML::Node> blocks_of_tap(const std::string& tap) {
  std::vector<YAML::Node> blocks;
  std::istringstream lines(tap);
  std::optional<std::string> block;
  for (std::string line; std::getline(lines, line);) {
    if (line == "  ---") {
      block.emplace();
    } else if (line == "  ...") {
      blocks.push_back(YAML::Load(block.value()));
      block.reset();
    } else if (block) {
      CHECK_THAT(line, StartsWith("  "));
      *block += line.substr(2) + "\n";
    }
  }
  CHECK_FALSE(block.has_value());
  return blocks;
}

TEST_CASE("TAP's blocks are YAML, and JUnit XML adds up: counts, times and a place for every case") {
  const ScenarioWorkspace workspace;
  workspace.scenarios(ScenarioWorkspace::waiting("hello") + "---\n" + ScenarioWorkspace::heard(), "other <&\"'>.yaml");
  const Outcome tap = workspace.test({"--tap", "--junit", workspace.file("report.xml")});
  const std::vector<YAML::Node> blocks = blocks_of_tap(tap.out);
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0]["at"]["line"].as<int>() == 7);
  CHECK(blocks[0]["diff"].size() == 2);
  CHECK(blocks[0]["timeline"].size() > 0);

  boost::property_tree::ptree report;
  boost::property_tree::read_xml(workspace.file("report.xml"), report);
  const auto& suites = report.get_child("testsuites");
  int tests = 0;
  int failures = 0;
  for (const auto& [name, suite] : suites) {
    if (name != "testsuite") continue;
    CHECK(suite.get<double>("<xmlattr>.time") >= 0.0);
    CHECK(suite.count("testcase") == suite.get<std::size_t>("<xmlattr>.tests"));
    for (const auto& [child, test] : suite) {
      if (child != "testcase") continue;
      ++tests;
      failures += static_cast<int>(test.count("failure"));
      CHECK(test.get<std::string>("<xmlattr>.file") == suite.get<std::string>("<xmlattr>.name"));
      CHECK(test.get<int>("<xmlattr>.line") >= 1);
      CHECK(test.get<double>("<xmlattr>.time") >= 0.0);
      CHECK(test.get<std::string>("<xmlattr>.classname") == "seeds");
    }
  }
  CHECK(tests == 4);
  CHECK(failures == 1);
  CHECK(suites.get<int>("<xmlattr>.tests") == 4);
  CHECK(suites.get<int>("<xmlattr>.failures") == 1);
}

TEST_CASE("TAP and JSON replace the output for people, JUnit XML stands beside it") {
  const ScenarioWorkspace workspace;
  workspace.scenarios(ScenarioWorkspace::waiting("hello"), "other.yaml");
  const Outcome tap = workspace.test({"--tap", "--junit", workspace.file("report.xml")});
  CHECK(tap.exit_code == 1);
  CHECK_THAT(tap.out, StartsWith("TAP version 14\n1..3\nok 1 - a small grower waits\nok 2 - a form ends it\n"
                                 "not ok 3 - a small grower waits\n  ---\n  message: \"") &&
                          EndsWith("\n  ...\n"));
  CHECK_THAT(text_of(workspace.file("report.xml")),
             Contains("<testsuites name=\"caravan test\" tests=\"3\" failures=\"1\""));
  const boost::json::value all = workspace.asked();
  CHECK(all.at("run") == 3);
  CHECK(all.at("scenarios").as_array()[2].at("failure").at("what") == "at");
  CHECK(all.at("scenarios").as_array()[1].at("ended") == "2026-01-08T09:00:00Z");
}

TEST_CASE("results stand in the order of files, however many threads ran them") {
  const ScenarioWorkspace workspace;
  for (int file = 0; file < 30; ++file) {
    const std::string number = std::to_string(100 + file);
    std::string text = ScenarioWorkspace::waiting(file == 17 ? "hello" : "settle");
    text.replace(text.find("a small"), 7, "number " + number);
    workspace.scenarios(text, number + ".yaml");
  }
  const boost::json::value all = workspace.asked();
  CHECK(all.at("failed") == 1);
  const boost::json::array& scenarios = all.at("scenarios").as_array();
  REQUIRE(scenarios.size() == 32);
  for (std::size_t i = 0; i < 30; ++i)
    CHECK(std::string(scenarios[i].at("scenario").as_string().c_str()) ==
          "number " + std::to_string(100 + i) + " grower waits");
  CHECK(scenarios[17].at("holds") == false);
}

TEST_CASE("a report that cannot be written is the machine's no") {
  const ScenarioWorkspace workspace;
  const Outcome outcome = workspace.test({"--junit", "/does/not/exist.xml"});
  CHECK(outcome.exit_code == 3);
  CHECK_THAT(outcome.err, Contains("/does/not/exist.xml"));
}

}  // namespace
}  // namespace caravan::tests
