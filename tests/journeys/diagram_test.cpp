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

/// Nodes: mail is good, bye bad; paths: big is good; of ways, that of those who match none is middling.
DiagramFigures shades() {
  return {.of_way = [](const NodeDefinition&, Way way) { return way == Way::no_match ? "2 of 9" : ""; },
          .shade_of_node =
              [](const NodeDefinition& node) {
                return node.id == "mail" ? Shade::good : node.id == "bye" ? Shade::bad : Shade::plain;
              },
          .shade_of_path = [](const NodeDefinition&,
                              const PathDefinition& path) { return path.name == "big" ? Shade::good : Shade::plain; },
          .shade_of_way = [](const NodeDefinition&,
                             Way way) { return way == Way::no_match ? Shade::middling : Shade::plain; }};
}

TEST_CASE("nodes and ways are coloured in Mermaid by classes and by the numbers of its links") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", journey_text));
  const std::string picture = diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::mermaid, shades());
  CHECK_THAT(picture, Catch::EndsWith(R"(
  n3 --> finish
  n0 -->|"no match<br/>2 of 9"| finish
  classDef good fill:#e0f2e1,stroke:#2e7d32,color:#1b1b1b
  class n1 good
  linkStyle 1 stroke:#2e7d32,stroke-width:2px
  linkStyle 6 stroke:#b26a00,stroke-width:2px
  classDef bad fill:#fde2e1,stroke:#c62828,color:#1b1b1b
  class n3 bad
)"));
}

TEST_CASE("nodes and ways are coloured in DOT by their attributes") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", journey_text));
  const std::string picture = diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::dot, shades());
  for (const char* line :
       {"  n0 [shape=hexagon, label=\"ask\\nsplit\"];\n",
        "  n1 [shape=box, style=filled, fillcolor=\"#e0f2e1\", color=\"#2e7d32\", label=\"mail",
        "  n0 -> n1 [label=\"big\", color=\"#2e7d32\", penwidth=2];\n", "  n0 -> n3 [label=\"far\"];\n",
        "  n0 -> finish [label=\"no match\\n2 of 9\", color=\"#b26a00\", penwidth=2];\n"}) {
    CHECK_THAT(picture, Catch::Contains(line));
  }
}

constexpr const char* people_journey = R"(journey: j
enter:
  audience: growers
  evaluate: {cron: "0 6 * * MON-FRI"}
  event: form.submitted
  where: event.form == "demo"
  from: 2026-01-01
  to: 2026-06-30T12:00:00+02:00
re_enter: {after: 30d, limit: 3}
timezone: Europe/Berlin
nodes:
- id: hear
  listen:
    any_of: [form.submitted, {event: page.viewed, at_least: 3}]
    timeout: {for: 2d, must_end_on: {days: [mon, tue, wed], time: "09:00"}}
    on_timeout: {next: bye}
- id: by-role
  split_people:
  - path: deciders
    when: person.title == "CEO"
    nodes:
    - {id: mail, send_email: welcome}
  - {path: others, when: person.age > 30, nodes: []}
- id: offer
  variant_split:
  - path: short
    percent: 30
    nodes: [{id: again, listen: {event: email.opened, timeout: 1d}}]
  - {path: long, percent: 70, nodes: []}
- id: bye
  wait: {until: 2026-12-24}
)";

TEST_CASE("starts, people splits with their joins, shares and exits can be told apart in a Mermaid flowchart") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", people_journey));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::mermaid) ==
        R"#(flowchart TD
  start("growers<br/>0 6 * * MON-FRI<br/>or on form.submitted<br/>event.form == #34;demo#34;<br/>from 2026-01-01<br/>to 2026-06-30 12:00<br/>again 30d after exit, 3 times at most")
  n0(["hear<br/>listen: form.submitted, page.viewed ×3, 2d, mon-…"])
  n1[/"by-role<br/>split_people"\]
  j1[\"together"/]
  n2["mail<br/>send_email: welcome"]
  n3{{"offer<br/>variant_split"}}
  n4(["again<br/>listen: email.opened, 1d"])
  n5(["bye<br/>wait: 2026-12-24"])
  finish((("end")))
  start --> n0
  n0 --> n1
  n0 -.->|"timeout"| n5
  n1 -->|"deciders"| n2
  n1 -->|"others"| j1
  j1 --> n3
  n2 --> j1
  n3 -->|"short 30 %"| n4
  n3 -->|"long 70 %"| n5
  n4 --> n5
  n5 --> finish
  n1 -->|"no match"| j1
  n4 -.->|"timeout"| finish
)#");
}

TEST_CASE("and in a DOT graph") {
  const Loaded loaded(with(basics(), "journeys/j.yaml", people_journey));
  CHECK(diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::dot) ==
        R"#(digraph "j" {
  node [fontname="sans-serif"];
  edge [fontname="sans-serif"];
  start [shape=box, style=rounded, label="growers\n0 6 * * MON-FRI\nor on form.submitted\nevent.form == \"demo\"\nfrom 2026-01-01\nto 2026-06-30 12:00\nagain 30d after exit, 3 times at most"];
  n0 [shape=ellipse, label="hear\nlisten: form.submitted, page.viewed ×3, 2d, mon-…"];
  n1 [shape=trapezium, label="by-role\nsplit_people"];
  j1 [shape=invtrapezium, label="together"];
  n2 [shape=box, label="mail\nsend_email: welcome"];
  n3 [shape=hexagon, label="offer\nvariant_split"];
  n4 [shape=ellipse, label="again\nlisten: email.opened, 1d"];
  n5 [shape=ellipse, label="bye\nwait: 2026-12-24"];
  finish [shape=doublecircle, label="end"];
  start -> n0;
  n0 -> n1;
  n0 -> n5 [label="timeout", style=dashed];
  n1 -> n2 [label="deciders"];
  n1 -> j1 [label="others"];
  j1 -> n3;
  n2 -> j1;
  n3 -> n4 [label="short 30 %"];
  n3 -> n5 [label="long 70 %"];
  n4 -> n5;
  n5 -> finish;
  n1 -> j1 [label="no match"];
  n4 -> finish [label="timeout", style=dashed];
}
)#");
}

/// What stands on the start of a journey with these keys.
std::string start_of(const std::string& keys) {
  const Loaded loaded(with(basics(), "journeys/j.yaml", "journey: j\n" + keys + "nodes: [{id: a, wait: 1d}]\n"));
  REQUIRE(loaded.faults() == Lines{});
  const std::string text =
      diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::mermaid, {.timezone = "Europe/Berlin"});
  const std::size_t begin = text.find('"') + 1;
  return text.substr(begin, text.find('"', begin) - begin);
}

TEST_CASE("a start says who enters, when and how often") {
  CHECK(start_of("") == "start");
  CHECK(start_of("enter: {audience: growers}\n") == "growers");
  CHECK(start_of("for: person\nenter: {audience: growers}\n") == "people of growers");
  CHECK(start_of("enter: {audience: growers, evaluate: once}\n") == "growers<br/>once");
  CHECK(start_of("enter: {event: form.submitted}\n") == "on form.submitted");
  CHECK(start_of("enter: {audience: growers, event: form.submitted}\n") == "growers<br/>or on form.submitted");
  CHECK(start_of("enter: {from: 2026-01-01, to: 2026-02-01T09:30:00+01:00}\n") ==
        "start<br/>from 2026-01-01<br/>to 2026-02-01 09:30");
  CHECK(start_of("re_enter: {}\n") == "start<br/>again");
  CHECK(start_of("re_enter: {after: 1w, counted_from: entry}\n") == "start<br/>again 1w after entry");
}

/// The first lines of the node of a journey.
std::string label_of(const std::string& node) {
  const Loaded loaded(with(basics(), "journeys/j.yaml", "journey: j\nnodes: [{id: a, " + node + "}]\n"));
  REQUIRE(loaded.faults() == Lines{});
  const std::string text = diagram_of(loaded.workspace->journeys.at("j"), DiagramFormat::dot);
  const std::size_t begin = text.find("label=\"a\\n") + 10;
  return text.substr(begin, text.find("\"]", begin) - begin);
}

TEST_CASE("times are shown in a few words") {
  CHECK(label_of("wait: {must_end_on: {days: [mon, tue, wed, thu, fri], time: '09:05'}}") == "wait: mon-fri 09:05");
  CHECK(label_of("wait: {for: 1d, must_end_on: {days: [sun, mon, thu, fri]}}") == "wait: 1d, mon, thu, fri, sun");
  CHECK(label_of("wait: {must_end_on: {time: '17:30'}, timezone: Asia/Tokyo}") == "wait: 17:30, Asia/Tokyo");
  CHECK(label_of("wait: {until: 2026-03-01T09:00:00Z}") == "wait: 2026-03-01 09:00");
  CHECK(label_of("wait: {until: account.renewal}") == "wait: account.renewal");
  CHECK(label_of("listen: {event: x, timeout: {until: account.renewal}}") == "listen: x, until account.renewal");
}

}  // namespace
}  // namespace caravan
