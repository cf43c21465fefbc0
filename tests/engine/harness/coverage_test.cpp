// What is covered of a workspace: every figure here is one that a reader can count in the YAML above it.

#include "engine/harness/coverage.hpp"

#include "engine/harness/rehearsal.hpp"
#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
using Kind = CoverPoint::Kind;

namespace {

/// Line 1 to 3 are the head; nodes begin at line 4.
constexpr const char* kNodes = R"(- id: by-size
  split:
    - path: big
      when: account.employees >= 1000 && account.industry == "technology"
      nodes:
        - id: big-mail
          send_email: story
    - path: small
      when: account.employees < 100
      nodes: []
- id: ask
  listen: {event: form.submitted, timeout: 3d, on_timeout: {next: farewell}}
- id: thanks
  send_email: welcome
  next: end
- id: farewell
  send_email: farewell
)";

struct Rehearsed {
  explicit Rehearsed(SourceTexts texts, Probes probes = Probes::conditions)
      : workspace(load(std::move(texts), probes)), coverage(*workspace) {
    REQUIRE(workspace->diagnostics.errors() == 0);
    begin();
  }

  std::shared_ptr<const Workspace> load(SourceTexts texts, Probes probes) {
    return load_workspace(std::move(texts), "ws", node_shapes(), names, {}, probes);
  }
  /// A new life of the workspace, that counts in the same coverage.
  void begin() { rehearsal = std::make_unique<Rehearsal>(workspace, names, kMonday); }

  void account(const std::string& key, std::int64_t employees, const std::string& industry = "retail") {
    const cel::Probing watched(&coverage.conditions());
    rehearsal->post_all({UpsertAccount{key, {{"employees", number(employees)}, {"industry", text(industry)}}},
                         UpsertPerson{key + "-vp", key, {{"email", text(key + "@x.example")}}}});
  }
  void event(const std::string& type, const std::string& person) {
    const cel::Probing watched(&coverage.conditions());
    CHECK(
        rehearsal->post(TellEvent{.type = type, .account = {}, .person = person, .id = {}, .at = {}, .properties = {}})
            .refused == "");
  }
  void advance(std::chrono::milliseconds by) {
    const cel::Probing watched(&coverage.conditions());
    rehearsal->advance_to(rehearsal->now() + by);
  }
  void count() { coverage.add(rehearsal->reader(), rehearsal->library()); }

  /// `path by-size/big at 6:13: 1`; of conditions their text and outcome.
  static std::string line(const CoverCount& count) {
    constexpr std::array kinds = {"node", "path", "time-out", "condition"};
    const CoverPoint& point = count.point;
    const Position at = position_of(point.place);
    std::string text = std::string(kinds[static_cast<std::size_t>(point.kind)]) + " " + point.node;
    if (!point.path.empty()) text += "/" + point.path;
    text += " at " + std::to_string(at.line) + ":" + std::to_string(at.column);
    if (point.kind == Kind::condition) {
      text += " " + point.place.file->text.substr(point.place.offset, point.place.length) +
              (point.outcome ? " true" : " false");
    }
    return text + ": " + std::to_string(count.times);
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const CoverCount& count : coverage.counts())
      all.push_back(line(count));
    return all;
  }

  NameBook names;
  std::shared_ptr<const Workspace> workspace;
  Coverage coverage;
  std::unique_ptr<Rehearsal> rehearsal;
};

std::string figure(const Coverage::Figure& figure) {
  return std::to_string(figure.taken) + " of " + std::to_string(figure.of);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("everything that can be taken is counted in the order of places, none of it taken at first") {
  const Rehearsed world(seeds_workspace(kNodes));
  CHECK(world.lines() ==
        Lines{"node by-size at 4:9: 0", "path by-size/no path at 4:9: 0", "path by-size/big at 6:15: 0",
              R"(condition by-size at 7:15 account.employees >= 1000 && account.industry == "technology" true: 0)",
              R"(condition by-size at 7:15 account.employees >= 1000 && account.industry == "technology" false: 0)",
              "condition by-size at 7:15 account.employees >= 1000 true: 0",
              "condition by-size at 7:15 account.employees >= 1000 false: 0",
              R"(condition by-size at 7:44 account.industry == "technology" true: 0)",
              R"(condition by-size at 7:44 account.industry == "technology" false: 0)", "node big-mail at 9:17: 0",
              "path by-size/small at 11:15: 0", "condition by-size at 12:15 account.employees < 100 true: 0",
              "condition by-size at 12:15 account.employees < 100 false: 0", "node ask at 14:9: 0",
              "path ask/heard at 14:9: 0", "time-out ask at 15:46: 0", "node thanks at 16:9: 0",
              "node farewell at 19:9: 0"});
  CHECK(figure(world.coverage.figure()) == "0 of 18");
}

TEST_CASE("a small account that is heard of takes one way of each kind, and conditions as far as they were asked") {
  Rehearsed world(seeds_workspace(kNodes));
  world.account("tiny", 12);
  world.event("form.submitted", "tiny-vp");
  world.count();
  CHECK(world.lines() ==
        Lines{"node by-size at 4:9: 1", "path by-size/no path at 4:9: 0", "path by-size/big at 6:15: 0",
              R"(condition by-size at 7:15 account.employees >= 1000 && account.industry == "technology" true: 0)",
              R"(condition by-size at 7:15 account.employees >= 1000 && account.industry == "technology" false: 1)",
              "condition by-size at 7:15 account.employees >= 1000 true: 0",
              "condition by-size at 7:15 account.employees >= 1000 false: 1",
              R"(condition by-size at 7:44 account.industry == "technology" true: 0)",
              R"(condition by-size at 7:44 account.industry == "technology" false: 0)", "node big-mail at 9:17: 0",
              "path by-size/small at 11:15: 1", "condition by-size at 12:15 account.employees < 100 true: 1",
              "condition by-size at 12:15 account.employees < 100 false: 0", "node ask at 14:9: 1",
              "path ask/heard at 14:9: 1", "time-out ask at 15:46: 0", "node thanks at 16:9: 1",
              "node farewell at 19:9: 0"});
  CHECK(figure(world.coverage.figure("seeds", Kind::node)) == "3 of 5");
  CHECK(figure(world.coverage.figure("seeds", Kind::path)) == "2 of 4");
  CHECK(figure(world.coverage.figure("seeds", Kind::time_out)) == "0 of 1");
  CHECK(figure(world.coverage.figure("seeds", Kind::condition)) == "3 of 8");
  CHECK(figure(world.coverage.figure("other")) == "0 of 0");
}

TEST_CASE("scenarios add up, in one coverage or in several of which each has its own") {
  Rehearsed world(seeds_workspace(kNodes));
  world.account("tiny", 12);
  world.count();
  world.begin();
  world.account("big", 5'000, "technology");
  world.advance(72h);
  world.count();
  CHECK(figure(world.coverage.figure({}, Kind::node)) == "4 of 5");
  CHECK(figure(world.coverage.figure({}, Kind::time_out)) == "1 of 1");

  Coverage copy(*world.workspace);
  copy.add(world.coverage);
  copy.add(world.coverage);
  CHECK(copy.counts().front().times == 4);
  CHECK(copy.figure() == world.coverage.figure());
}

TEST_CASE("who fits no path is counted, also where a condition could not be evaluated") {
  Rehearsed world(seeds_workspace(kNodes));
  world.account("middle", 500);
  {
    const cel::Probing watched(&world.coverage.conditions());
    world.rehearsal->post(UpsertAccount{"unknown", {}});
  }
  world.count();
  CHECK(world.lines()[1] == "path by-size/no path at 4:9: 2");
}

TEST_CASE("people who fit no path of a people split go past it, and that is counted for each") {
  Rehearsed world(seeds_workspace(R"(- id: each
  split_people:
    - path: chiefs
      when: person.title == "Chief"
      nodes: [{id: story, send_email: story}]
)"));
  const cel::Probing watched(&world.coverage.conditions());
  world.rehearsal->post_all({UpsertAccount{"acme", {}}, UpsertPerson{"a", "acme", {{"title", text("Chief")}}},
                             UpsertPerson{"b", "acme", {{"title", text("Agronomist")}}},
                             UpsertPerson{"c", "acme", {{"title", text("Buyer")}}}});
  world.count();
  CHECK(world.lines() == Lines{"node each at 4:9: 1", "path each/no path at 4:9: 2", "path each/chiefs at 6:15: 1",
                               R"(condition each at 7:15 person.title == "Chief" true: 1)",
                               R"(condition each at 7:15 person.title == "Chief" false: 2)", "node story at 8:22: 1"});
}

TEST_CASE("the conditions of a journey as a whole and of its audience count for it") {
  SourceTexts texts = workspace_with(
      "journey: seeds\nenter: {audience: big}\nexit_when: account.lost == true || account.gone == true\nnodes:\n"
      "  - {id: settle, wait: 3d}\n");
  texts["audiences/big.yaml"] = "audience: big\nwhen: account.employees > 99\n";
  texts["journeys/other.yaml"] = "journey: other\nenter: {audience: big}\nnodes: [{id: rest, wait: 1d}]\n";
  Rehearsed world(std::move(texts));
  world.account("tiny", 5);
  world.account("large", 500);
  world.count();
  const Lines lines = world.lines();
  CHECK(lines.front() == "node rest at 3:14: 1");
  CHECK(lines[1].starts_with("condition  at 2:7 account.employees > 99 true: "));
  CHECK(figure(world.coverage.figure("other", Kind::condition)) == "2 of 2");
  CHECK(figure(world.coverage.figure("seeds", Kind::condition)) == "2 of 8");
  // The audience's two outcomes are those of both journeys.
  CHECK(figure(world.coverage.figure({}, Kind::condition)) == "2 of 8");
}

TEST_CASE("a version that a scenario publishes counts for the nodes and paths of the same names") {
  Rehearsed world(seeds_workspace(kNodes));
  const std::string renamed = R"(- id: hello
  send_email: welcome
- id: by-size
  split:
    - path: small
      when: account.employees < 100
      next: farewell
    - path: others
      nodes: []
- id: ask
  listen: {event: form.submitted}
- id: farewell
  send_email: farewell
)";
  const auto changed = world.load(seeds_workspace(renamed), Probes::none);
  REQUIRE(changed->diagnostics.errors() == 0);
  CHECK(world.rehearsal->post(Publish{.workspace = changed}).refused == "");
  world.account("tiny", 12);
  world.account("large", 1'200);
  world.event("form.submitted", "large-vp");
  world.count();
  Lines taken;
  for (const CoverCount& count : world.coverage.counts()) {
    if (count.times > 0) taken.push_back(Rehearsed::line(count));
  }
  CHECK(taken == Lines{"node by-size at 4:9: 2", "path by-size/small at 11:15: 1", "node ask at 14:9: 1",
                       "path ask/heard at 14:9: 1", "node farewell at 19:9: 2"});
}

TEST_CASE("what was heard before a move counts for the node that heard it") {
  Rehearsed world(seeds_workspace("- id: ask\n  listen: form.submitted\n- id: settle\n  wait: 9d\n"));
  world.account("acme", 1);
  world.event("form.submitted", "acme-vp");
  const auto changed = world.load(
      seeds_workspace("- id: hello\n  wait: 1d\n- id: ask\n  listen: form.submitted\n- id: settle\n  wait: 9d\n"),
      Probes::none);
  CHECK(world.rehearsal->post(Publish{.workspace = changed, .under_way = Publish::UnderWay::move}).refused == "");
  world.count();
  CHECK(world.lines()[1] == "path ask/heard at 4:9: 1");
}

TEST_CASE("without probes there are nodes, paths and time-outs alone") {
  Rehearsed world(seeds_workspace(kNodes), Probes::none);
  world.account("tiny", 12);
  world.count();
  CHECK(figure(world.coverage.figure({}, Kind::condition)) == "0 of 0");
  CHECK(figure(world.coverage.figure()) == "3 of 9");
}

TEST_CASE("an expression of several lines, in a block or with escapes, is pointed at where it stands") {
  const Rehearsed world(seeds_workspace(R"(- id: ask
  split:
    - path: far
      when: >
        account.country == "NZ"
        || account.country == "AU"
      nodes: []
    - path: near
      when: "account.country == \"DE\" && account.city != \"\\\\\""
      nodes: []
)"));
  const Lines lines = world.lines();
  CHECK(lines[5] == R"(condition ask at 8:11 account.country == "NZ" true: 0)");
  CHECK(lines[7] == R"(condition ask at 9:14 account.country == "AU" true: 0)");
  CHECK(lines[12] == R"(condition ask at 12:16 account.country == \"DE\" true: 0)");
  CHECK(lines[14].starts_with(R"(condition ask at 12:45 account.city != )"));
}

TEST_CASE("LCOV's tracefile has the lines of nodes, paths and conditions, and a branch for each way and outcome") {
  Rehearsed world(seeds_workspace(kNodes));
  world.account("tiny", 12);
  world.event("form.submitted", "tiny-vp");
  world.count();
  CHECK(lcov_of(world.coverage) == R"(TN:
SF:ws/journeys/seeds.yaml
BRDA:4,0,0,0
BRDA:6,0,1,0
BRDA:7,1,0,0
BRDA:7,1,1,1
BRDA:7,2,0,0
BRDA:7,2,1,1
BRDA:7,3,0,-
BRDA:7,3,1,-
BRDA:11,0,2,1
BRDA:12,4,0,1
BRDA:12,4,1,0
BRDA:14,5,0,1
BRDA:15,5,1,0
BRF:13
BRH:5
DA:4,1
DA:6,0
DA:7,2
DA:9,0
DA:11,1
DA:12,1
DA:14,1
DA:15,0
DA:16,1
DA:19,0
LF:10
LH:6
end_of_record
)");
  CHECK(lcov_of(world.coverage, "other").empty());
}
