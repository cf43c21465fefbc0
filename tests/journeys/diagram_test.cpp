#include "journeys/diagram.hpp"

#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

constexpr const char* journey_text = R"(journey: j
title: "Seeds & \"more\""
enter: {audience: growers}
nodes:
- id: ask
  split:
  - path: big
    when: account.employees >= 1000
    nodes:
    - {id: mail, send_email: welcome}
  - {path: far, when: account.country == "NZ", next: bye}
- id: settle
  wait: 1d12h
- id: bye
  send_email: {template: farewell, to: 'person.title == "[x] | <b> more"'}
)";

TEST_CASE("a journey is drawn as a Mermaid flowchart") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", journey_text));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::mermaid) ==
        R"(flowchart TD
  start(("growers"))
  n0{{"ask<br/>split"}}
  n1["mail<br/>send_email: welcome"]
  n2(["settle<br/>wait: 1d12h"])
  n3["bye<br/>send_email: farewell, person.title == #34;#91;x#93; #124; #60;b#62; mor…"]
  finish((("end")))
  start --> n0
  n0 -->|"big"| n1
  n0 -->|"far"| n3
  n1 --> n2
  n2 --> n3
  n3 --> finish
  n0 -->|"no match"| finish
)");
}

TEST_CASE("a journey is drawn as a DOT graph, with the figures of its nodes and paths") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", journey_text));
  const DiagramFigures figures{
      .of_node = [](const NodeDefinition& node) { return node.id == "settle" ? "12 here" : ""; },
      .of_path = [](const NodeDefinition&, const PathDefinition& path) { return path.name == "big" ? "40 %" : ""; }};
  CHECK(diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::dot, figures) ==
        R"(digraph "Seeds & \"more\"" {
  node [fontname="sans-serif"];
  edge [fontname="sans-serif"];
  start [shape=circle, label="growers"];
  n0 [shape=hexagon, label="ask\nsplit"];
  n1 [shape=box, label="mail\nsend_email: welcome"];
  n2 [shape=ellipse, label="settle\nwait: 1d12h\n12 here"];
  n3 [shape=box, label="bye\nsend_email: farewell, person.title == \"[x] | <b> mor…"];
  finish [shape=doublecircle, label="end"];
  start -> n0;
  n0 -> n1 [label="big\n40 %"];
  n0 -> n3 [label="far"];
  n1 -> n2;
  n2 -> n3;
  n3 -> finish;
  n0 -> finish [label="no match"];
}
)");
}

}  // namespace
}  // namespace caravan
