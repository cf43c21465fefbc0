// `caravan check` and `caravan graph` as a person calls them.
#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

namespace caravan::tests {
namespace {

/// A workspace with one journey of one wait.
void write_workspace(const Folder& folder, const std::string& wait) {
  folder.write("caravan.yaml", "timezone: UTC\n");
  folder.write("journeys/j.yaml", "journey: welcome\nnodes:\n- id: a\n  wait: " + wait + "\n");
}

TEST_CASE("a workspace without faults is counted") {
  const Folder folder;
  write_workspace(folder, "3d");
  const Outcome outcome = run({"check", folder.path().string()});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "1 journey, 0 mails, 0 audiences, 0 solution interests, 0 scenarios: no errors\n");
}

TEST_CASE("scenarios are checked with their workspace, and counted") {
  const Folder folder;
  write_workspace(folder, "3d");
  const std::string rest =
      "\njourney: welcome\ngiven: {accounts: [{key: acme}]}\nsteps: [{expect: {account: acme, at: ";
  folder.write("scenarios/a.yaml", "scenario: one" + rest + "nowhere}}]\n---\nscenario: two" + rest + "a}}]\n");
  const Outcome sound = run({"check", folder.path().string()});
  CHECK(sound.exit_code == 0);
  CHECK(sound.out == "1 journey, 0 mails, 0 audiences, 0 solution interests, 2 scenarios: no errors\n");
  folder.write("scenarios/teams/b.yaml", "scenario: three" + rest + "aa}}]\n");
  const Outcome faulty = run({"check", folder.path().string()});
  CHECK(faulty.exit_code == 1);
  CHECK(faulty.out.find("scenarios/teams/b.yaml:4:38: error: the journey `welcome` has no node `aa`\n") !=
        std::string::npos);
  CHECK(faulty.out.ends_with("\n1 error\n"));
}

TEST_CASE("the messages of what a scenario publishes are checked as well") {
  const Folder folder;
  write_workspace(folder, "3d");
  folder.write("scenarios/a.yaml",
               "scenario: s\njourney: welcome\ngiven: {accounts: [{key: acme}]}\nsteps:\n  - publish: {with: v}\n  - "
               "expect: {account: acme, at: nowhere}\n");
  folder.write("scenarios/v/emails/hello.html", "---\nsubject: Hello\n---\n<p>{{#open}}</p>\n");
  const Outcome outcome = run({"check", folder.path().string()});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.find("scenarios/v/emails/hello.html:") != std::string::npos);
}

TEST_CASE("faults are shown with their line, without colours in a pipe, and counted at the end") {
  const Folder folder;
  write_workspace(folder, "soon");
  const Outcome outcome = run({"check", folder.path().string()});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.find("journeys/j.yaml:4:9: error: `soon` is not a duration") != std::string::npos);
  CHECK(outcome.out.find("\n    wait: soon\n          ^~~~\n") != std::string::npos);
  CHECK(outcome.out.ends_with("\n1 error\n"));
  CHECK(outcome.out.find('\x1b') == std::string::npos);
}

TEST_CASE("faults are JSON lines for programs") {
  const Folder folder;
  write_workspace(folder, "soon");
  const Outcome outcome = run({"check", "--json", folder.path().string()});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.find("\"line\":4,\"column\":9,\"length\":4,\"severity\":\"error\"") != std::string::npos);
  CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 1);
}

TEST_CASE("a folder that is not there is a wrong command line") {
  CHECK(run({"check", "/does/not/exist"}).exit_code == 2);
}

TEST_CASE("a journey is drawn, and one that is not there is a wrong command line") {
  const Folder folder;
  write_workspace(folder, "3d");
  const std::string workspace = folder.path().string();
  const Outcome outcome = run({"graph", "welcome", "-w", workspace});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("flowchart TD\n"));
  CHECK(run({"graph", "welcome", "--format", "dot", "-w", workspace}).out.starts_with("digraph \"welcome\" {"));
  const Outcome missing = run({"graph", "welcom", "-w", workspace});
  CHECK(missing.exit_code == 2);
  CHECK(missing.err.find("did you mean \"welcome\"?") != std::string::npos);
}

}  // namespace
}  // namespace caravan::tests
