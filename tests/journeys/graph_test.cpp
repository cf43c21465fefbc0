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

TEST_CASE("a loop through a split that goes on by its own next must wait as well") {
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: s\n  split:\n  - {path: out, when: true, next: end}\n"
                        "  - path: again\n    nodes: [{id: m, send_email: welcome}]\n  next: a\n") ==
        Lines{"11:9: error: this loop never waits: `a`, `s`, `m`, `a`; put a `wait` into it"});
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: s\n  split:\n  - {path: out, when: true, next: end}\n"
                        "  - {path: again, nodes: []}\n  next: a\n") ==
        Lines{"10:9: error: this loop never waits: `a`, `s`, `a`; put a `wait` into it"});
}

TEST_CASE("a listen stands for a wait in a loop only with a timeout") {
  const auto faults = [](const std::string& keys) {
    return faults_of_nodes("- id: a\n  send_email: welcome\n- id: l\n  listen: {event: form.submitted" + keys +
                           "}\n  next: a\n");
  };
  CHECK(faults("") == Lines{"8:9: error: this loop never waits: `a`, `l`, `a`; give `l` a `timeout`"});
  CHECK(faults(", timeout: 1d") == Lines{});
  CHECK(faults(", timeout: 1d, on_timeout: {next: a}") == Lines{});
}

TEST_CASE("a loop may go round by an exit") {
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: l\n  listen:\n    event: form.submitted\n"
                        "    on_error: {next: a}\n- {id: b, wait: 1d}\n") ==
        Lines{"9:22: error: this loop never waits: `a`, `l`, `a`; give `l` a `timeout`"});
}

TEST_CASE("a loop around a people split does not wait for its people, for there may be none") {
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n- id: s\n  split_people:\n  - path: x\n    nodes: [{id: w, "
                        "wait: 1d}]\n  next: a\n") ==
        Lines{"10:9: error: this loop never waits: `a`, `s`, `a`; put a `wait` into it"});
}

TEST_CASE("a person's way goes round inside of its people split, and must wait there") {
  const auto faults = [](const std::string& node) {
    return faults_of_nodes("- id: s\n  split_people:\n  - path: x\n    nodes:\n    - {id: a, " + node +
                           "}\n    - {id: b, send_email: welcome, next: a}\n");
  };
  CHECK(faults("wait: 1d") == Lines{});
  CHECK(faults("send_email: welcome") ==
        Lines{"9:42: error: this loop never waits: `a`, `b`, `a`; put a `wait` into it"});
}

TEST_CASE("nodes behind an exit are reached, and those behind a node that only its exit leaves are not") {
  CHECK(faults_of_nodes("- id: l\n  listen:\n    event: x\n    timeout: 1d\n    on_timeout: {next: late}\n  next: end\n"
                        "- {id: late, wait: 1d}\n") == Lines{});
  CHECK(faults_of_nodes("- id: l\n  listen:\n    event: x\n    timeout: 1d\n    on_timeout: {next: end}\n  next: end\n"
                        "- {id: late, wait: 1d}\n") ==
        Lines{"10:8: error: nothing leads to this node; the node above goes on at `end`"});
}

TEST_CASE("what stands behind a people split is reached, whatever its paths do") {
  CHECK(faults_of_nodes("- id: s\n  split_people:\n  - path: x\n    nodes: [{id: bye, end: }]\n"
                        "- {id: behind, wait: 1d}\n") == Lines{});
}

TEST_CASE("a person's way stays inside of its people split") {
  const auto faults = [](const std::string& inside, const std::string& next) {
    return faults_of_nodes("- id: s\n  split_people:\n  - path: x\n    when: person.age > 30\n    nodes:\n    - " +
                           inside + "\n  - path: y\n    nodes: [{id: b, wait: 1d}]\n- id: c\n  wait: 1d\n" + next);
  };
  const std::string hint =
      "a person's way goes to a node inside of it, or ends with `next: end`; all go on together behind the split";
  CHECK(faults("{id: a, wait: 1d, next: b}", "") == Lines{});
  CHECK(faults("{id: a, wait: 1d, next: end}", "") == Lines{});
  CHECK(faults("{id: a, wait: 1d, next: c}", "") ==
        Lines{"9:31: error: `c` is outside of the people split `s`; " + hint});
  CHECK(faults("{id: a, split: [{path: z, next: c}]}", "") ==
        Lines{"9:39: error: `c` is outside of the people split `s`; " + hint});
  CHECK(faults("{id: a, listen: {event: x, timeout: 1d, on_timeout: {next: c}}}", "") ==
        Lines{"9:66: error: `c` is outside of the people split `s`; " + hint});
  CHECK(faults("{id: a, wait: 1d}", "  next: b\n") ==
        Lines{"14:9: error: `b` is inside of the people split `s`; nobody gets there but through `s`"});
  CHECK(faults("{id: a, wait: 1d}", "  next: s\n") == Lines{});
}

TEST_CASE("a path of a people split leads to a node inside of it, and the split itself to one outside") {
  const auto faults = [](const std::string& path_next, const std::string& split_next) {
    return faults_of_nodes("- id: s\n  split_people:\n  - {path: x, when: person.age > 30, next: " + path_next +
                           "}\n  - path: y\n    nodes: [{id: b, wait: 1d}]\n  next: " + split_next +
                           "\n- {id: c, wait: 1d, next: d}\n- {id: d, wait: 1d, next: c}\n");
  };
  CHECK(faults("b", "c") == Lines{});
  CHECK(faults("end", "c") == Lines{});
  CHECK(faults("c", "d").size() == 1);
  CHECK(faults("b", "b") ==
        Lines{"9:9: error: `b` is inside of the people split `s`; nobody gets there but through `s`",
              "10:8: error: nothing leads to this node; lead to it with `next`, or take it out"});
}

TEST_CASE("from one people split nobody gets into another") {
  CHECK(faults_of_nodes("- id: s\n  split_people:\n  - path: x\n    nodes: [{id: a, wait: 1d, next: b}]\n- id: t\n"
                        "  split_people:\n  - path: x\n    nodes: [{id: b, wait: 1d}]\n")
            .at(0)
            .starts_with("7:37: error: `b` is outside of the people split `s`"));
}

/// The edges of a journey with these nodes: from, to and, where it has one, the path.
std::string edges_of(const std::string& nodes) {
  const Loaded loaded(with(basics(), "journeys/j.yaml", "journey: j\nnodes:\n" + nodes));
  REQUIRE(loaded.faults() == Lines{});
  const Graph graph = graph_of(loaded.workspace->journeys.at("j"));
  const auto name = [&](std::size_t node) { return node == Graph::end ? "end" : graph.nodes[node]->id; };
  std::string edges;
  for (const Edge& edge : graph.edges) {
    const std::string path = edge.path == nullptr ? "" : "/" + edge.path->name;
    edges += name(edge.from) + path + (edge.kind == EdgeKind::join ? "=>" : ">") + name(edge.to) + " ";
  }
  return edges;
}

TEST_CASE("exits are edges like those of paths") {
  CHECK(edges_of("- id: l\n  listen:\n    event: x\n    timeout: 1d\n    on_timeout: {nodes: [{id: m, wait: 1d}]}\n"
                 "    on_error: {nodes: []}\n- {id: w, wait: 1d}\n") == "l>w l/timeout>m l/error>w m>w w>end ");
}

TEST_CASE("all ways of a people split end at its join, and so does its going past") {
  CHECK(
      edges_of("- id: s\n  split_people:\n  - path: x\n    when: person.age > 30\n    nodes:\n    - {id: a, wait: 1d}\n"
               "    - id: t\n      split: [{path: z, when: true, next: end}, {path: q, nodes: [{id: e, end: }]}]\n"
               "  - {path: y, nodes: []}\n- {id: w, wait: 1d}\n") == "s/x>a s/y=>w s=>w a>t t/z=>w t/q>e e=>w w>end ");
  CHECK(edges_of("- id: s\n  split_people: [{path: x, nodes: [{id: a, wait: 1d}]}]\n") == "s/x>a s=>end a=>end ");
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
