// What scenarios publish: a workspace with some files changed, checked like any other.
#include "tests/journeys/scenario_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

const std::string head = "scenario: s\njourney: seeds\ngiven: {accounts: [{key: acme}]}\nsteps:\n";
const std::string shorter =
    "journey: seeds\nenter: {audience: growers}\nnodes:\n  - id: brief\n    send_email: welcome\n  - id: pause\n    "
    "wait: 1d\n";

/// The faults of a scenario with this step, which begins in line 5.
Lines publish_faults(const std::string& step, SourceTexts beside = {}) {
  beside["s.yaml"] = head + step + "  - expect: {account: acme, at: nowhere}\n";
  return LoadedScenarios(beside).faults();
}

TEST_CASE("a folder beside the scenario's file is published, and its nodes are known from then on") {
  const LoadedScenarios loaded({{"s.yaml", head + "  - publish: {with: variants/shorter, move: true, gone: brief}\n"
                                                  "  - expect: {account: acme, path: [hello, brief, pause]}\n"},
                                {"variants/shorter/journeys/seeds.yaml", shorter},
                                {"variants/shorter/emails/welcome.html", "---\nsubject: Brief\n---\n<p>Hi</p>\n"}});
  REQUIRE(loaded.faults() == Lines{});
  REQUIRE(loaded.set.scenarios.size() == 1);
  const auto& publish = std::get<PublishStep>(loaded.set.scenarios[0].steps.at(0).what);
  CHECK(publish.gone == "brief");
  CHECK(publish.workspace->journeys.at("seeds").nodes.size() == 2);
  CHECK(publish.workspace->journeys.contains("training"));
  CHECK(publish.workspace->emails.at("welcome").subject == "Brief");
}

TEST_CASE("a text of null takes a file out") {
  const LoadedScenarios loaded(
      alone(head + "  - publish: {texts: {journeys/training.yaml: null}}\n  - expect: {account: acme, at: nowhere}\n"));
  REQUIRE(loaded.faults() == Lines{});
  CHECK_FALSE(std::get<PublishStep>(loaded.set.scenarios[0].steps.at(0).what).workspace->journeys.contains("training"));
}

TEST_CASE("many steps that publish the same share one workspace") {
  const std::string step = "  - publish: {with: v}\n";
  const LoadedScenarios loaded({{"s.yaml", head + step + step + "  - expect: {account: acme, at: nowhere}\n"},
                                {"v/journeys/seeds.yaml", shorter}});
  REQUIRE(loaded.faults() == Lines{});
  const auto& steps = loaded.set.scenarios.at(0).steps;
  CHECK(std::get<PublishStep>(steps.at(0).what).workspace == std::get<PublishStep>(steps.at(1).what).workspace);
}

TEST_CASE("the step names a folder of files that a workspace has, or writes them out") {
  CHECK(
      publish_faults("  - publish: {}\n") ==
      Lines{"5:5: error: nothing is published; name a folder of changed files in `with`, or write them into `texts`"});
  CHECK(
      publish_faults("  - publish: {with: variant}\n") ==
      Lines{"5:21: error: there is no folder `scenarios/variant/` with files; `with` is relative to the folder of the "
            "scenario's file"});
  CHECK(
      publish_faults("  - publish: {with: ../journeys}\n") ==
      Lines{
          "5:21: error: `../journeys` is no folder of its own below scenarios/; changed files stand in a folder beside "
          "the scenario's file: `with: variants/shorter`"});
  CHECK(publish_faults("  - publish: {with: .}\n").size() == 1);
  CHECK(publish_faults("  - publish: {texts: {jurneys/seeds.yaml: x}}\n") ==
        Lines{"5:23: error: a workspace has no file `jurneys/seeds.yaml`; did you mean \"journeys/seeds.yaml\"?"});
  CHECK(publish_faults("  - publish: {texts: {journeys/other.yaml: null}}\n") ==
        Lines{"5:23: error: there is no file `journeys/other.yaml` to take out"});
  CHECK(publish_faults("  - publish: {texts: {journeys/seeds.yaml: [x]}}\n") ==
        Lines{"5:44: error: a file is a text; write it as a block behind `|`"});
  CHECK(publish_faults("  - publish: {texts: {}, gone: brief}\n") ==
        Lines{"5:26: error: `gone` says what becomes of those who are moved; add `move: true`",
              "5:32: error: there is no node `brief`; it is `leave`, `stay` or the id of a node"});
}

TEST_CASE("a fault of a published folder's file is shown in that file, once") {
  const std::string step = "  - publish: {with: v}\n";
  CHECK(
      publish_faults(step + step, {{"v/journeys/seeds.yaml", "journey: seeds\nnodes:\n  - id: a\n    wait: soon\n"},
                                   {"v/journeys/deep/x.yaml", "x"}}) ==
      Lines{
          "scenarios/v/journeys/deep/x.yaml:1:1: error: a workspace has no file `journeys/deep/x.yaml`; this folder is "
          "published, and its files stand where the workspace has them",
          "scenarios/v/journeys/seeds.yaml:4:11: error: `soon` is not a duration: a number must stand before each "
          "unit; "
          "write for example `90s`, `15m`, `2h`, `3d`, `1w`, `1mo` or `1d12h`"});
}

TEST_CASE("a fault of a text in the scenario is shown at its own column") {
  CHECK(
      publish_faults("  - publish:\n      texts:\n        journeys/seeds.yaml: |\n          journey: seeds\n          "
                     "nodes:\n            - id: a\n              wait: soon\n") ==
      Lines{"11:21: error: `soon` is not a duration: a number must stand before each unit; write for example `90s`, "
            "`15m`, "
            "`2h`, `3d`, `1w`, `1mo` or `1d12h`"});
}

TEST_CASE("a fault that the changed files make elsewhere is the step's") {
  CHECK(
      publish_faults("  - publish: {texts: {emails/welcome.html: null}}\n") ==
      Lines{"5:5: error: with these files there is a fault at journeys/seeds.yaml:5:17: there is no mail `welcome`",
            "5:5: error: with these files there is a fault at journeys/seeds.yaml:10:99: there is no mail `welcome`"});
}

TEST_CASE("files of a folder that nothing publishes are read as scenarios, or not at all") {
  CHECK(
      publish_faults("  - advance: 1d\n", {{"v/journeys/seeds.yaml", shorter}, {"v/emails/x.html", "x"}}) ==
      Lines{"scenarios/v/emails/x.html:1:1: warning: this file is not read; no step publishes its folder",
            "scenarios/v/journeys/seeds.yaml:1:1: error: `journey` does not belong here; its place is journeys/, or a "
            "folder that a step publishes"});
}

TEST_CASE("a table may publish another folder in each row") {
  const LoadedScenarios loaded(
      {{"s.yaml",
        "scenario: s\njourney: seeds\nrows: [{v: one}, {v: two}]\ngiven: {accounts: [{key: acme}]}\nsteps:\n"
        "  - publish: {with: 'v/${v}'}\n  - expect: {account: acme, at: nowhere}\n"},
       {"v/one/journeys/seeds.yaml", shorter},
       {"v/two/journeys/seeds.yaml", shorter}});
  CHECK(loaded.faults() == Lines{});
  CHECK(loaded.set.scenarios.size() == 2);
}

TEST_CASE("what else is checked of a workspace is checked of one that is published") {
  MadeUpNames names;
  const std::unique_ptr<Workspace> workspace = load_workspace(scenario_workspace(), "", test_shapes(), names);
  const auto check = [](Workspace& published) {
    published.diagnostics.error(published.emails.at("welcome").place, "checked");
  };
  const ScenarioSet set =
      load_scenarios(*workspace,
                     {{"scenarios/s.yaml", head + "  - publish: {with: v}\n  - expect: {account: acme, at: nowhere}\n"},
                      {"scenarios/v/emails/welcome.html", "---\nsubject: Brief\n---\n<p>Hi</p>\n"}},
                     {test_shapes(), names, {}, check});
  REQUIRE(set.diagnostics.errors() == 1);
  const Diagnostic fault = set.diagnostics.sorted().at(0);
  CHECK(fault.message == "checked");
  CHECK(fault.place.file->path == "scenarios/v/emails/welcome.html");
}

}  // namespace
}  // namespace caravan
