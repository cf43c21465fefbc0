// caravan publish: what it shows, what it changes, and whom it takes along.

#include "tests/tools/life_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

constexpr const char* kFirst = "  - {id: settle, wait: 3d}\n  - {id: mail, send_email: welcome}\n";
constexpr const char* kSecond =
    "  - {id: settle, wait: 5d}\n  - {id: rest, wait: 1d}\n  - {id: mail, send_email: welcome}\n";
constexpr const char* kWithoutSettle = "  - {id: rest, wait: 1d}\n  - {id: mail, send_email: welcome}\n";

}  // namespace

TEST_CASE("a dry run shows what would be first, and makes no database") {
  const Folder folder;
  folder.write("journeys/a.yaml", "journey: a\ntitle: The first\nnodes: [{id: x, wait: 1d}]\n");
  folder.write("journeys/b.yaml", "journey: b\nnodes: [{id: x, wait: 1d}]\n");
  const Outcome all = run({"publish", folder.path().string(), "--dry-run"});
  CHECK(all.exit_code == 0);
  CHECK(all.out ==
        "a  The first: version 1, its first\nb: version 1, its first\n"
        "Nothing was changed: this was a dry run. Without --dry-run, 2 journeys change.\n");
  CHECK_THAT(run({"publish", folder.path().string(), "b", "--dry-run"}).out, !Contains("The first"));
  CHECK_FALSE(std::filesystem::exists(folder / "caravan.db"));
}

TEST_CASE("a workspace with faults is not published, and a journey that it does not have is a wrong command line") {
  const Folder folder;
  folder.write("journeys/a.yaml", "journey: welcome\nnodes: [{id: x, wate: 1d}]\n");
  CHECK(run({"publish", folder.path().string()}).exit_code == 1);
  folder.write("journeys/a.yaml", "journey: welcome\nnodes: [{id: x, wait: 1d}]\n");
  const Outcome unknown = run({"publish", folder.path().string(), "welcom"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err == "caravan: the workspace has no journey \"welcom\"; did you mean \"welcome\"?\n");
  CHECK(run({"publish", folder.path().string(), "--gone", "leave"}).exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "caravan.db"));
}

TEST_CASE("what changed is shown node by node, with who stands where") {
  const LifeWorkspace workspace(kFirst);
  CHECK_THAT(workspace.done({"publish"}), Contains("seeds: version 1, its first\nPublished. "));
  CHECK_THAT(workspace.done({"publish"}), Contains("seeds: version 1, as before\nNothing has changed.\n"));
  workspace.done({"enter", "seeds", "acme"});
  workspace.journey(kSecond, "title: Seeds\n");
  const std::string shown = workspace.done({"publish", "--dry-run"});
  CHECK(shown ==
        "seeds  Seeds: version 2, changed\n"
        "  ~ title: seeds → Seeds\n"
        "  ~ settle  wait  for: 3d → 5d\n"
        "  + rest  wait\n"
        "  changed in journeys/seeds.yaml\n"
        "  Under way in version 1: 1\n"
        "    node    what  standing  held  then\n"
        "    ──────  ────  ────────  ────  ────────────────────\n"
        "    settle  wait         1     ·  stays on its version\n"
        "Nothing was changed: this was a dry run. Without --dry-run, 1 journey changes.\n");
  CHECK(workspace.figures().at("newest") == true);
  const json::value report = workspace.asked({"publish", "--dry-run"});
  const json::value& journey = report.at("journeys").at(0);
  CHECK(report.at("published") == false);
  CHECK(journey.at("change") == "changed");
  CHECK(journey.at("version") == 2);
  CHECK(journey.at("nodes").at(0).at("settings").at(0).at("after") == "5d");
  CHECK(journey.at("under_way").at(0).at("nodes").at(0).at("standing") == 1);
}

TEST_CASE("new entries take the new version, accounts under way stay on theirs") {
  const LifeWorkspace workspace(kFirst);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  workspace.journey(kSecond);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "zeta"});
  CHECK(workspace.standing("settle", 1) == 1);
  CHECK(workspace.standing("settle", 2) == 1);
  workspace.serve();
  CHECK(workspace.figures(1).at("completed") == 1);
  CHECK(workspace.figures(2).at("completed") == 1);
}

TEST_CASE("accounts under way go along with --move, and keep the time that they were given") {
  const LifeWorkspace workspace(kFirst);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  workspace.journey(kSecond);
  const std::string moved = workspace.done({"publish", "--move"});
  CHECK_THAT(moved, Contains("goes along") &&
                        Contains("1 account stands at `settle`, which has another time now: they keep the one they "
                                 "were given\n"));
  CHECK(workspace.figures(1).at("moved_out") == 1);
  CHECK(workspace.figures(1).at("under_way") == 0);
  CHECK(workspace.standing("settle", 1) == 0);
  CHECK(workspace.standing("settle", 2) == 1);
  workspace.serve();
  CHECK(workspace.figures(2).at("completed") == 1);
  CHECK_THAT(workspace.done({"show", "account", "acme"}),
             Contains("Timeline of seeds (version 1, then 2)") &&
                 Contains("moved from version 1 to version 2, after 1 visits") && Contains("rest  wait  waits until"));
}

TEST_CASE("a move is refused where a node is gone and no rule says what becomes of who stands there") {
  const LifeWorkspace workspace(kFirst);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  workspace.journey(kWithoutSettle);
  const std::vector<std::string> move = {"publish", "--move"};
  for (const std::vector<std::string>& words : {move, {"publish", "--move", "--dry-run"}}) {
    const Outcome refused = workspace.call(words);
    CHECK(refused.exit_code == 1);
    CHECK(refused.err ==
          "caravan: nobody can be moved: seeds, version 1: 1 account stands at `settle`, which is gone. Say what "
          "becomes of those whose node is gone: --gone leave, --gone stay, or --gone NODE where they go on\n");
  }
  CHECK(workspace.figures().at("newest") == true);
  CHECK(workspace.standing("settle") == 1);
  const Outcome unknown = workspace.call({"publish", "--move", "--gone", "rast"});
  CHECK(unknown.exit_code == 1);
  CHECK_THAT(unknown.err, Contains("no node `rast`") && Contains("did you mean \"rest\"?"));
}

TEST_CASE("whose node is gone leaves, stays or goes on elsewhere, as the rule says") {
  const auto after = [](const std::string& rule) {
    const LifeWorkspace workspace(kFirst);
    workspace.done({"publish"});
    workspace.done({"enter", "seeds", "acme"});
    workspace.journey(kWithoutSettle);
    workspace.done({"publish", "--move", "--gone", rule});
    return std::tuple(workspace.standing("settle", 1), workspace.standing("rest", 2),
                      workspace.figures(1).at("left").as_int64());
  };
  CHECK(after("leave") == std::tuple(0, 0, 1));
  CHECK(after("stay") == std::tuple(1, 0, 0));
  CHECK(after("rest") == std::tuple(0, 1, 0));
}

TEST_CASE("the people of a split are taken along inside of it, and with their account where it is gone") {
  const std::string people =
      "  - id: each\n    split_people:\n      - path: all\n        nodes:\n"
      "          - {id: think, wait: 2d}\n  - {id: last, wait: 1d}\n";
  const LifeWorkspace workspace(people);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  CHECK(workspace.standing("think") == 2);
  workspace.journey(people + "  - {id: more, wait: 1d}\n");
  workspace.done({"publish", "--move"});
  CHECK(workspace.standing("think", 2) == 2);
  CHECK(workspace.standing("each", 2) == 1);
  workspace.journey("  - {id: last, wait: 1d}\n");
  const Outcome refused = workspace.call({"publish", "--move"});
  CHECK_THAT(refused.err, Contains("1 account stands at `each`, which is gone") && !Contains("think"));
  workspace.done({"publish", "--move", "--gone", "last"});
  CHECK(workspace.standing("last", 3) == 1);
  CHECK(workspace.standing("think", 2) == 0);
  workspace.serve();
  CHECK(workspace.figures(3).at("completed") == 1);
  CHECK_THAT(workspace.done({"show", "person", "ada"}),
             Contains("think  wait  waits until") && Contains("left before"));
}

TEST_CASE("a journey that the workspace no longer has is closed, and comes back as a new version") {
  const LifeWorkspace workspace(kFirst);
  workspace.folder.write("journeys/other.yaml", "journey: other\nnodes: [{id: x, wait: 1d}]\n");
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  std::filesystem::remove(workspace.folder / "journeys/seeds.yaml");
  CHECK_THAT(workspace.done({"publish", "--dry-run"}),
             Contains("seeds: version 1 is closed to new entries: the workspace no longer has it\n"));
  workspace.done({"publish"});
  CHECK(workspace.figures().at("state") == "closed");
  CHECK(workspace.call({"enter", "seeds", "zeta"}).exit_code == 1);
  workspace.journey(kFirst);
  CHECK_THAT(workspace.done({"publish"}), Contains("seeds: version 2, takes entries again\n"));
  CHECK(workspace.figures(2).at("state") == "live");
  workspace.done({"enter", "seeds", "zeta"});
  CHECK(workspace.standing("settle", 2) == 1);
}

TEST_CASE("a journey that was closed stays so until it is published by its name") {
  const LifeWorkspace workspace(kFirst);
  workspace.done({"publish"});
  workspace.done({"close", "seeds"});
  CHECK_THAT(workspace.done({"publish"}), Contains("seeds: version 1, as before; the journey is finished\n"));
  CHECK(workspace.figures().at("state") == "finished");
  CHECK_THAT(workspace.done({"publish", "seeds"}), Contains("seeds: version 1, takes entries again\n"));
  CHECK(workspace.figures().at("state") == "live");
}
