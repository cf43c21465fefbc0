// People splits, variant splits and exits: what they are read as, and what is wrong with one.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

std::vector<NodeDefinition> nodes_of(const std::string& nodes, const std::string& keys = "") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", "journey: j\n" + keys + "nodes:\n" + nodes));
  REQUIRE(loaded.faults() == Lines{});
  return loaded.workspace->journeys.at("j").nodes;
}

TEST_CASE("a people split divides the people, and in its paths every expression knows the person") {
  const std::vector<NodeDefinition> nodes = nodes_of(
      "- id: by-role\n  split_people:\n  - path: deciders\n    when: person.title == \"CEO\"\n    nodes:\n"
      "    - {id: w, wait: {until: person.start}}\n    - {id: u, update_account: {champion: person.key}}\n"
      "    - id: in-size\n      split:\n      - {path: x, when: person.age > 30, nodes: []}\n      - {path: y, next: "
      "end}\n"
      "  - {path: others, nodes: []}\n- {id: behind, wait: 1d}\n");
  CHECK(nodes[0].divides_people);
  REQUIRE(nodes[0].paths.size() == 2);
  CHECK(nodes[0].paths[0].when->program != nullptr);
  CHECK_FALSE(nodes[0].paths[0].nodes[2].divides_people);
  CHECK_FALSE(nodes[1].divides_people);
}

TEST_CASE("behind a people split nobody is at hand any more") {
  CHECK(faults_of_nodes("- id: s\n  split_people: [{path: x, nodes: []}]\n- {id: w, wait: {until: person.start}}\n")
            .at(0)
            .starts_with("6:25: error: unknown variable \"person\""));
}

TEST_CASE("where a node runs for one person already, a people split is a split for that person") {
  const std::string inner = "- id: s\n  split_people: [{path: x, when: person.age > 30, nodes: []}]\n";
  CHECK_FALSE(nodes_of(inner, "for: person\n")[0].divides_people);
  const std::vector<NodeDefinition> nested = nodes_of(
      "- id: o\n  split_people:\n  - path: x\n    nodes:\n    - id: s\n      split_people: [{path: y, when: "
      "person.age > 30, nodes: []}]\n    - id: v\n      variant_split:\n        by: people\n        paths: "
      "[{path: a, percent: 50, nodes: []}, {path: b, percent: 50, nodes: []}]\n");
  CHECK(nested[0].divides_people);
  CHECK_FALSE(nested[0].paths[0].nodes[0].divides_people);
  CHECK_FALSE(nested[0].paths[0].nodes[1].divides_people);
}

TEST_CASE("a variant split has percentages that add up to 100") {
  const std::vector<NodeDefinition> nodes = nodes_of(
      "- id: v\n  variant_split:\n  - {path: a, percent: 33, nodes: []}\n  - {path: b, percent: 67, nodes: []}\n"
      "- id: p\n  variant_split:\n    by: people\n    paths: [{path: a, percent: 1, nodes: []}, {path: b, "
      "percent: 99, nodes: []}]\n- id: q\n  variant_split:\n    by: accounts\n    paths: [{path: a, percent: "
      "50, nodes: []}, {path: b, percent: 50, nodes: []}]\n");
  CHECK(nodes[0].paths[0].percent == 33);
  CHECK(nodes[0].paths[1].percent == 67);
  CHECK_FALSE(nodes[0].divides_people);
  CHECK(nodes[1].divides_people);
  CHECK_FALSE(nodes[2].divides_people);
}

TEST_CASE("faults of a variant split") {
  const auto faults = [](const std::string& paths) { return faults_of_nodes("- id: v\n  variant_split:\n" + paths); };
  const std::string a = "  - {path: a, percent: 30, nodes: []}\n";
  CHECK(faults(a + "  - {path: b, percent: 60, nodes: []}\n") ==
        Lines{"5:3: error: the percentages add up to 90 and not to 100"});
  CHECK(faults(a) == Lines{"5:3: error: `variant_split` needs 2 paths"});
  CHECK(faults(a + "  - {path: b, nodes: []}\n") == Lines{"7:12: error: a path by percentage needs the key `percent`"});
  CHECK(faults(a + "  - {path: b, percent: 100, nodes: []}\n") == Lines{"7:24: error: `percent` must be from 1 to 99"});
  CHECK(faults(a + "  - {path: b, percent: 70.5, nodes: []}\n") ==
        Lines{"7:24: error: `percent` must be a whole number"});
  CHECK(faults(a + "  - {path: b, percent: 70, when: true, nodes: []}\n") ==
        Lines{"7:28: error: a path by percentage has no `when`; put a `split` before it, or make it a `split`"});
  CHECK(faults(a + "  - {path: b, percent: 70}\n") ==
        Lines{"7:12: error: the path `b` leads nowhere; add `nodes` or `next`; `nodes: []` goes on behind the split"});
  CHECK(faults_of_nodes("- id: s\n  split: [{path: a, percent: 50, nodes: []}]\n") ==
        Lines{"5:21: error: unknown key `percent`"});
  std::string many;
  for (int i = 0; i < 21; ++i)
    many += "  - {path: p" + std::to_string(i) + ", percent: " + (i == 0 ? "80" : "1") + ", nodes: []}\n";
  CHECK(faults(many) == Lines{"26:6: error: `variant_split` has at most 20 paths (limits: paths_per_variant_split), "
                              "and here are 21"});
}

TEST_CASE("how many paths a split may have is set in caravan.yaml") {
  const auto faults = [](const std::string& limits) {
    const SourceTexts texts = with(basics(), "caravan.yaml", "limits: {" + limits + "}\n");
    return Loaded(with(texts, "journeys/j.yaml",
                       "journey: j\nnodes:\n- id: s\n  split:\n  - {path: a, when: true, nodes: []}\n"
                       "  - {path: b, when: true, nodes: []}\n  - {path: c, nodes: []}\n"))
        .faults();
  };
  CHECK(faults("paths_per_split: 3") == Lines{});
  CHECK(faults("paths_per_split: 2") ==
        Lines{"journeys/j.yaml:7:6: error: `split` has at most 2 paths (limits: paths_per_split), and here are 3"});
}

TEST_CASE("an exit is one more path, named for what it is taken for") {
  const std::vector<NodeDefinition> nodes = nodes_of(
      "- id: l\n  listen:\n    event: form.submitted\n    timeout: 14d\n    on_timeout:\n      nodes:\n"
      "      - {id: m, send_email: welcome}\n    on_error: {next: bye}\n- {id: bye, wait: 1d}\n");
  REQUIRE(nodes[0].paths.size() == 2);
  CHECK(nodes[0].paths[0].name == "timeout");
  CHECK(nodes[0].paths[0].nodes.at(0).id == "m");
  CHECK(nodes[0].paths[1].name == "error");
  CHECK(nodes[0].paths[1].next->id == "bye");
  CHECK_FALSE(nodes[0].paths[1].when);
}

TEST_CASE("faults of an exit") {
  const auto faults = [](const std::string& exit) {
    return faults_of_nodes("- id: l\n  listen: {event: x, timeout: 1d, on_timeout: " + exit + "}\n");
  };
  CHECK(faults("{next: bye}") == Lines{"5:54: error: there is no node `bye` in this journey"});
  CHECK(faults("{}") == Lines{"5:35: error: `on_timeout` leads nowhere; add `nodes` or `next`; `nodes: []` goes on as "
                              "if nothing had happened"});
  CHECK(faults("end") == Lines{"5:47: error: `on_timeout` must be a mapping of keys to values"});
  CHECK(faults("{next: end, nodes: []}") ==
        Lines{"5:48: error: a path has its own `nodes` or goes elsewhere with `next`, not both; put `next` on the last "
              "of its nodes"});
  CHECK(faults("{path: x, next: end}") == Lines{"5:48: error: unknown key `path`"});
}

}  // namespace
}  // namespace caravan
