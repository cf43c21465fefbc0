// split: the account takes the first path whose condition holds.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kBySize = R"(- id: by-size
  split:
    - path: enterprise
      when: account.employees >= 1000
      nodes:
        - id: rich
          wait: 1d
    - path: large
      when: account.employees >= 100
      nodes:
        - id: middle
          wait: 2d
    - path: others
      nodes: []
- id: last
  wait: 3d
)";

constexpr std::string_view kNoOpenPath = R"(- id: by-size
  split:
    - path: enterprise
      when: account.employees >= 1000
      nodes: []
- id: last
  wait: 3d
)";

}  // namespace

TEST_CASE("a split takes the first path that holds, though a later one holds as well") {
  World world(seeds_workspace(kBySize));
  world.account("giant", {{"employees", number(5'000)}});
  CHECK(world.trail("giant") == "by-size/enterprise rich:stopped");
}

TEST_CASE("a split tries its paths from top to bottom") {
  World world(seeds_workspace(kBySize));
  world.account("middling", {{"employees", number(999)}});
  CHECK(world.trail("middling") == "by-size/large middle:stopped");
}

TEST_CASE("an account that matches no condition takes the open path") {
  World world(seeds_workspace(kBySize));
  world.account("small", {{"employees", number(99)}});
  CHECK(world.trail("small") == "by-size/others last:stopped");
}

TEST_CASE("all paths of a split come together behind it") {
  World world(seeds_workspace(kBySize));
  world.account("giant", {{"employees", number(5'000)}});
  world.account("middling", {{"employees", number(999)}});
  world.run_out();
  CHECK(world.trail("giant") == "by-size/enterprise rich:stopped last:stopped");
  CHECK(world.trail("middling") == "by-size/large middle:stopped last:stopped");
}

TEST_CASE("an account that matches none leaves where there is no open path") {
  World world(seeds_workspace(kNoOpenPath));
  world.account("small", {{"employees", number(10)}});
  CHECK(world.trail("small") == "by-size:nobody");
  CHECK(world.standing("small") == "left at by-size");
  CHECK(world.token("small").ended_at == kMonday);
  CHECK(world.counted(CounterKind::left) == 1);
  CHECK(world.counted(CounterKind::completed) == 0);
}

TEST_CASE("a condition that cannot be evaluated does not hold, and the account's timeline says why") {
  World world(seeds_workspace(kBySize));
  world.account("unknown");
  CHECK(world.trail("unknown") == "by-size/others last:stopped");
  const std::vector<NoteRecord> notes = world.notes("unknown");
  REQUIRE(notes.size() == 2);  // one a condition
  CHECK(notes[0].kind == NoteKind::expression_error);
  CHECK(notes[0].node == NodeIndex{0});
  CHECK(notes[0].text.starts_with("account.employees >= 1000: "));
  CHECK(notes[0].text.find("employees", 26) != std::string::npos);
  CHECK(notes[1].text.starts_with("account.employees >= 100: "));
  CHECK(world.counted(CounterKind::expression_errors, "by-size") == 2);
}

TEST_CASE("a condition over the wrong type of attribute does not hold") {
  World world(seeds_workspace(kBySize));
  world.account("wordy", {{"employees", text("many")}});
  CHECK(world.trail("wordy") == "by-size/others last:stopped");
  CHECK(world.counted(CounterKind::expression_errors, "by-size") == 2);
}

TEST_CASE("a path may lead elsewhere with next, or to the end") {
  World world(seeds_workspace(R"(- id: by-size
  split:
    - path: enterprise
      when: account.employees >= 1000
      next: last
    - path: others
      next: end
- id: between
  wait: 1d
- id: last
  wait: 3d
)"));
  // Nothing but the split leads past `between`, so the checker must refuse it.
  CHECK_THROWS_WITH(world.account("giant", {{"employees", number(5'000)}}), Catch::Matchers::Contains("nothing leads"));
}

TEST_CASE("a path with next goes there and another to the end, and the map counts each") {
  World world(seeds_workspace(R"(- id: by-size
  split:
    - path: enterprise
      when: account.employees >= 1000
      next: last
    - path: large
      when: account.employees >= 100
      nodes: []
    - path: others
      next: end
- id: between
  wait: 1d
- id: last
  wait: 3d
)"));
  world.account("giant", {{"employees", number(5'000)}});
  world.account("middling", {{"employees", number(500)}});
  world.account("small", {{"employees", number(5)}});
  world.account("tiny", {{"employees", number(1)}});
  CHECK(world.trail("giant") == "by-size/enterprise last:stopped");
  CHECK(world.trail("middling") == "by-size/large between:stopped");
  CHECK(world.trail("small") == "by-size/others");
  CHECK(world.standing("small") == "completed at by-size");
  CHECK(world.counted(CounterKind::taken, "by-size", "enterprise") == 1);
  CHECK(world.counted(CounterKind::taken, "by-size", "large") == 1);
  CHECK(world.counted(CounterKind::taken, "by-size", "others") == 2);
  CHECK(world.counted(CounterKind::completed) == 2);
}

TEST_CASE("a split may stand in a path of a split") {
  World world(seeds_workspace(R"(- id: by-industry
  split:
    - path: technology
      when: account.industry == "technology"
      nodes:
        - id: by-size
          split:
            - path: enterprise
              when: account.employees >= 1000
              nodes:
                - id: deep
                  wait: 1d
            - path: others
              nodes: []
        - id: tech
          wait: 1d
    - path: others
      nodes: []
- id: last
  wait: 1d
)"));
  world.account("giant", {{"industry", text("technology")}, {"employees", number(5'000)}});
  world.account("startup", {{"industry", text("technology")}, {"employees", number(5)}});
  world.account("farm", {{"industry", text("agriculture")}, {"employees", number(5)}});
  world.run_out();
  CHECK(world.trail("giant") == "by-industry/technology by-size/enterprise deep:stopped tech:stopped last:stopped");
  CHECK(world.trail("startup") == "by-industry/technology by-size/others tech:stopped last:stopped");
  CHECK(world.trail("farm") == "by-industry/others last:stopped");
}

TEST_CASE("a split sees the account as it is when the token comes to it") {
  World world(seeds_workspace(R"(- id: settle
  wait: 1d
- id: by-size
  split:
    - path: enterprise
      when: account.employees >= 1000
      nodes: []
    - path: others
      nodes: []
)"));
  world.account("acme", {{"employees", number(5)}});
  world.account("acme", {{"employees", number(2'000)}});
  world.run_out();
  CHECK(world.trail("acme") == "settle:stopped by-size/enterprise");
}

TEST_CASE("a split reads people, the buying group, the journey and the time") {
  World world(seeds_workspace(R"(- id: join
  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: influencer}
- id: by-all
  split:
    - path: everything
      when: >-
        people.size() == 2 && people.exists(p, p.title == "CTO") &&
        has_group("ai-driven-seeds") && group("ai-driven-seeds").completeness == 50.0 &&
        group("ai-driven-seeds").count("influencer") == 2 &&
        journey.name == "seeds" && journey.entry == 1 && journey.entered_at == now
      nodes: []
    - path: others
      nodes: []
)"));
  const std::vector<InputResult> answers = world.post_all({
      UpsertAccount{"acme", {}},
      UpsertPerson{"acme-cto", "acme", {{"title", text("CTO")}}},
      UpsertPerson{"acme-dev", "acme", {{"title", text("Developer")}}},
  });
  REQUIRE(answers.size() == 3);
  CHECK(world.trail("acme") == "join by-all/everything");
  CHECK(world.notes("acme").empty());
}

TEST_CASE("a split behind a wait goes on after a restart") {
  World world(seeds_workspace(kBySize));
  world.account("giant", {{"employees", number(5'000)}});
  world.restart();
  CHECK(world.standing("giant") == "waiting at rich");
  world.advance(24h);
  CHECK(world.trail("giant") == "by-size/enterprise rich:stopped last:stopped");
}

TEST_CASE("a split takes at most 25 paths") {
  const auto split_of = [](int paths) {
    std::string nodes = "- id: many\n  split:\n";
    for (int i = 1; i < paths; ++i) {
      nodes += "    - {path: p" + std::to_string(i) + ", when: account.size == " + std::to_string(i) + ", nodes: []}\n";
    }
    return nodes + "    - {path: others, nodes: []}\n";
  };
  World world(seeds_workspace(split_of(25)));
  world.account("first", {{"size", number(1)}});
  world.account("last", {{"size", number(24)}});
  world.account("none", {{"size", number(25)}});
  CHECK(world.trail("first") == "many/p1");
  CHECK(world.trail("last") == "many/p24");
  CHECK(world.trail("none") == "many/others");
  CHECK(faults_of(seeds_workspace(split_of(26))) ==
        std::vector<std::string>{"journeys/seeds.yaml:31:10: `split` has at most 25 paths (limits: "
                                 "paths_per_split), and here are 26"});
}

TEST_CASE("wrong uses of split are told where they stand") {
  const auto fault = [](std::string_view nodes) {
    const std::vector<std::string> faults = faults_of(seeds_workspace(nodes));
    return faults.size() == 1
               ? faults.front()
               : "faults: " + std::to_string(faults.size()) + (faults.empty() ? "" : ", the first: " + faults.front());
  };
  CHECK(fault("- id: s\n  split: []\n") == "journeys/seeds.yaml:5:5: `split` needs a path");
  CHECK(fault("- id: s\n  split: all\n") == "journeys/seeds.yaml:5:12: `split` must be a list");
  CHECK(fault("- id: s\n  split:\n    - {path: all, nodes: []}\n    - {path: some, when: \"true\", nodes: []}\n") ==
        "journeys/seeds.yaml:6:16: the path `all` has no `when`, and the paths below it are never taken; an open path "
        "must stand last");
  CHECK(fault("- id: s\n  split:\n    - {path: all}\n") ==
        "journeys/seeds.yaml:6:16: the path `all` leads nowhere; add `nodes` or `next`; `nodes: []` goes on behind the "
        "split");
  CHECK(fault("- id: s\n  split:\n    - {path: a, when: \"true\", nodes: []}\n    - {path: a, nodes: []}\n") ==
        "journeys/seeds.yaml:7:16: there is already a path `a` here; the first is in line 6");
  CHECK(fault("- id: s\n  split:\n    - {path: all, next: nowhere}\n") ==
        "journeys/seeds.yaml:6:27: there is no node `nowhere` in this journey");
  CHECK(fault("- id: s\n  split:\n    - {path: all, wen: \"true\", nodes: []}\n") ==
        "journeys/seeds.yaml:6:21: unknown key `wen`; did you mean \"when\"?");
}

TEST_CASE("a condition that is known to be no condition is a fault") {
  SourceTexts texts = seeds_workspace("- id: s\n  split:\n    - {path: all, when: account.employees, nodes: []}\n");
  texts["schema.yaml"] = "schema:\n  account:\n    employees: whole_number\n  person:\n    title: text\n";
  const std::vector<std::string> faults = faults_of(texts);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().starts_with("journeys/seeds.yaml:6:27: "));
  CHECK(faults.front().find("bool") != std::string::npos);
}

TEST_CASE("a condition that turns out to be none does not hold, and the account's timeline says so") {
  World world(seeds_workspace(R"(- id: by-size
  split:
    - {path: odd, when: account.employees, nodes: []}
    - {path: others, nodes: []}
)"));
  world.account("acme", {{"employees", number(7)}});
  CHECK(world.trail("acme") == "by-size/others");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text == "account.employees: yields neither true nor false but 7");
  CHECK(world.counted(CounterKind::expression_errors, "by-size") == 1);
}
