#include "journeys/graph.hpp"

#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

TEST_CASE("a next must lead to a node of the journey") {
  CHECK(faults_of_nodes("- id: hello\n  wait: 1d\n  next: farewel\n- id: farewell\n  wait: 1d\n") ==
        Lines{"6:9: error: there is no node `farewel` in this journey; did you mean \"farewell\"?"});
  CHECK(faults_of_nodes("- id: a\n  wait: 1d\n  next: elsewhere\n- id: b\n  wait: 1d\n") ==
        Lines{"6:9: error: there is no node `elsewhere` in this journey"});
}

TEST_CASE("a node that nothing leads to is one fault, and what comes behind it is none") {
  CHECK(faults_of_nodes("- id: a\n  wait: 1d\n  next: end\n- id: b\n  wait: 1d\n- id: c\n  wait: 1d\n") ==
        Lines{"7:7: error: nothing leads to this node; the node above goes on at `end`"});
  CHECK(faults_of_nodes("- id: a\n  end:\n- id: b\n  wait: 1d\n") ==
        Lines{"6:7: error: nothing leads to this node; the node above ends the journey"});
  CHECK(faults_of_nodes(
            "- id: a\n  split:\n  - {path: x, when: true, next: c}\n- id: b\n  wait: 1d\n- id: c\n  wait: 1d\n") ==
        Lines{"7:7: error: nothing leads to this node; lead to it with `next`, or take it out"});
}

TEST_CASE("a ring that nothing leads to is one fault") {
  CHECK(faults_of_nodes("- id: a\n  end:\n- id: b\n  wait: 1d\n- id: c\n  wait: 1d\n  next: b\n") ==
        Lines{"6:7: error: nothing leads to this node; the node above ends the journey"});
}

TEST_CASE("a loop must wait") {
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: b\n  send_email: welcome\n  next: a\n") ==
        Lines{"8:9: error: this loop never waits: `a`, `b`, `a`; put a `wait` into it"});
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n  next: a\n") ==
        Lines{"6:9: error: this loop never waits: `a`, `a`; put a `wait` into it"});
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: b\n  wait: 1d\n  next: a\n") == Lines{});
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: s\n  split:\n  - {path: back, when: true, next: a}\n"
                        "  - path: on\n    nodes:\n    - {id: w, wait: 1d, next: a}\n") ==
        Lines{"8:36: error: this loop never waits: `a`, `s`, `a`; put a `wait` into it"});
}

TEST_CASE("a node that cannot be read raises no faults elsewhere") {
  CHECK(faults_of_nodes("- id: a\n  splitt:\n  - {path: x, when: true, next: c}\n  - path: y\n    nodes:\n"
                        "    - {id: inner, wait: 1d}\n- id: b\n  wait: 1d\n  next: inner\n- id: c\n  wait: 1d\n") ==
        Lines{"5:3: error: unknown node type `splitt`; did you mean \"split\"?"});
  CHECK(faults_of_nodes("- id: a\n  wait: 1d\n  nexxt: c\n- id: b\n  end:\n- id: c\n  wait: 1d\n").size() <= 2);
}

TEST_CASE("the end of a path's nodes goes on behind its split, or where the split's own next leads") {
  const Loaded loaded(
      with(basics(), "journeys/j.yaml",
           "journey: j\nnodes:\n- id: s\n  split:\n  - path: x\n    when: true\n    nodes:\n    - {id: in, wait: 1d}\n"
           "  - {path: y, nodes: []}\n  next: z\n- id: z\n  wait: 1d\n"));
  REQUIRE(loaded.faults() == Lines{});
  const Graph graph = graph_of(loaded.workspace->journeys.at("j"));
  REQUIRE(graph.nodes.size() == 3);
  std::string edges;
  for (const Edge& edge : graph.edges) {
    edges += std::to_string(edge.from) + ">" + (edge.to == Graph::end ? "end" : std::to_string(edge.to)) + " ";
  }
  CHECK(edges == "0>1 0>2 1>2 2>end ");
}

}  // namespace
}  // namespace caravan
