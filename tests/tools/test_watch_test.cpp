// `caravan test --watch` with a real process and real files: each test saves a file and waits for what is printed.

#include <csignal>
#include <fstream>

#include "tests/tools/scenario_workspace.hpp"
#include "tools/caravan/file_watch.hpp"

namespace caravan::tests {
namespace {

TEST_CASE("a saved file runs the scenarios again, until a signal ends it with the last round's exit code") {
  const ScenarioWorkspace workspace;
  Running program({"test", workspace.root(), "--watch"});
  REQUIRE(program.wait_for("2 scenarios, none failed"));

  workspace.scenarios(ScenarioWorkspace::waiting("hello"));
  REQUIRE(program.wait_for("1 scenario, 1 failed"));

  // As editors save: beside it, and renamed over it.
  workspace.folder.write("scenarios/.growers.yaml.new", ScenarioWorkspace::waiting("settle"));
  std::filesystem::rename(workspace.folder / "scenarios/.growers.yaml.new",
                          workspace.folder / "scenarios/growers.yaml");
  REQUIRE(program.wait_for("1 scenario, none failed"));

  workspace.journey("9d");
  workspace.scenarios(ScenarioWorkspace::heard(), "late.yaml");
  REQUIRE(program.wait_for("2 scenarios, 1 failed"));
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.find('\x1b') == std::string::npos);
}

TEST_CASE("faults do not end the watch, and a folder that is made later is watched too") {
  const ScenarioWorkspace workspace;
  std::filesystem::remove_all(workspace.folder / "scenarios");
  Running program({"test", workspace.root(), "--watch"});
  REQUIRE(program.wait_for("q or Ctrl-C ends\n"));
  workspace.scenarios(ScenarioWorkspace::waiting("settle"));
  REQUIRE(program.wait_for("1 scenario, none failed"));
  workspace.journey("soon");
  // Nothing is on standard output while there are faults, but for the last line.
  workspace.journey("3d");
  workspace.scenarios(ScenarioWorkspace::heard(), "deep/er/two.yaml");
  REQUIRE(program.wait_for("2 scenarios, none failed"));
  program.signal(SIGTERM);
  CHECK(program.wait().exit_code == 0);
}

TEST_CASE("what editors and engines put beside a workspace's files is none of them") {
  using tools::is_workspace_file;
  for (const char* name : {"seeds.yaml", "welcome.html", "hello.txt"})
    CHECK(is_workspace_file(name));
  for (const char* name : {".seeds.yaml.swp", ".#seeds.yaml", "seeds.yaml~", "4913", "caravan.db-wal", "report.xml"})
    CHECK_FALSE(is_workspace_file(name));
}

}  // namespace
}  // namespace caravan::tests
