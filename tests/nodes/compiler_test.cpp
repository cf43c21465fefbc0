// The compiler: nested paths become one row of nodes with every continuation resolved.

#include "nodes/compiler.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

/// A compiled journey as text, a line a node: `0 by-size -> next; path -> target, ...`.
class Compiled {
 public:
  explicit Compiled(const SourceTexts& texts) {
    workspace_ = load_workspace(texts, "", node_shapes(), names_);
    REQUIRE(faults_of(texts) == std::vector<std::string>{});
    journey = compile_journey(*workspace_, workspace_->journeys.at("seeds"), names_);
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < journey.nodes.size(); ++i) {
      const CompiledNode& node = journey.nodes[i];
      std::string line = std::to_string(i) + " " + node.id + " -> " + name(node.next);
      for (const CompiledPath& path : node.paths)
        line += "; " + path.name + " -> " + name(path.target);
      all.push_back(std::move(line));
    }
    return all;
  }

  std::vector<std::string> names_of(std::span<const NameId> numbers) const {
    std::vector<std::string> names;
    for (const NameId number : numbers) {
      for (const auto& [name, of_name] : names_.numbers) {
        if (NameId{of_name} == number) names.push_back(name);
      }
    }
    return names;
  }

  CompiledJourney journey;

 private:
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view name) override {
      return numbers.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers.size() + 1)).first->second;
    }
    std::map<std::string, std::uint32_t> numbers;
  };

  std::string name(NodeIndex index) const { return index == kNoNode ? "the end" : journey.node(index).id; }

  Names names_;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace

TEST_CASE("nodes run from top to bottom, and the last leads to the end") {
  const Compiled compiled(seeds_workspace("- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 a -> b", "1 b -> c", "2 c -> the end"});
}

TEST_CASE("the nodes of a path are numbered behind their split, and the last of them rejoins behind it") {
  const Compiled compiled(seeds_workspace(R"(- id: split
  split:
    - path: one
      when: "true"
      nodes:
        - {id: a, wait: 1d}
        - {id: b, wait: 1d}
    - path: two
      nodes:
        - {id: c, wait: 1d}
- {id: d, wait: 1d}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 split -> d; one -> a; two -> c", "1 a -> b", "2 b -> d",
                                                     "3 c -> d", "4 d -> the end"});
}

TEST_CASE("an empty path goes on behind its split, and a split at the end leads to the end") {
  const Compiled compiled(seeds_workspace(R"(- id: first
  split:
    - {path: one, when: "true", nodes: []}
    - {path: two, nodes: []}
- id: last
  split:
    - {path: one, when: "true", nodes: []}
    - {path: two, nodes: []}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 first -> last; one -> last; two -> last",
                                                     "1 last -> the end; one -> the end; two -> the end"});
}

TEST_CASE("paths within paths rejoin level by level") {
  const Compiled compiled(seeds_workspace(R"(- id: outer
  split:
    - path: deep
      when: "true"
      nodes:
        - id: inner
          split:
            - path: deeper
              when: "true"
              nodes:
                - {id: bottom, wait: 1d}
            - {path: over, nodes: []}
    - {path: past, nodes: []}
- {id: last, wait: 1d}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 outer -> last; deep -> inner; past -> last",
                                                     "1 inner -> last; deeper -> bottom; over -> last",
                                                     "2 bottom -> last", "3 last -> the end"});
}

TEST_CASE("next leads where it says: forward, back, into a path, and to the end") {
  const Compiled compiled(seeds_workspace(R"(- {id: a, wait: 1d, next: inside}
- id: split
  split:
    - path: one
      when: "true"
      nodes:
        - {id: inside, wait: 1d}
        - {id: out, wait: 1d, next: split}
    - {path: two, when: "false", next: last}
    - {path: three, next: end}
- {id: last, wait: 1d, next: end}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 a -> inside",
                                                     "1 split -> last; one -> inside; two -> last; three -> the end",
                                                     "2 inside -> out", "3 out -> split", "4 last -> the end"});
}

TEST_CASE("a split with next rejoins there") {
  const Compiled compiled(seeds_workspace(R"(- id: split
  split:
    - path: one
      when: "true"
      nodes:
        - {id: a, wait: 1d}
    - {path: two, nodes: []}
  next: last
- {id: last, wait: 1d}
)"));
  CHECK(compiled.lines() ==
        std::vector<std::string>{"0 split -> last; one -> a; two -> last", "1 a -> last", "2 last -> the end"});
}

TEST_CASE("two paths may merge at a node of a third") {
  const Compiled compiled(seeds_workspace(R"(- id: split
  split:
    - path: one
      when: "true"
      nodes:
        - {id: a, wait: 1d, next: meet}
    - {path: two, when: "true", next: meet}
    - path: three
      nodes:
        - {id: b, wait: 1d}
        - {id: meet, wait: 1d}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 split -> the end; one -> a; two -> meet; three -> b",
                                                     "1 a -> meet", "2 b -> meet", "3 meet -> the end"});
}

TEST_CASE("nodes are found by their ids") {
  const Compiled compiled(seeds_workspace("- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n"));
  CHECK(compiled.journey.find("b") == NodeIndex{1});
  CHECK(compiled.journey.find("c") == kNoNode);
}

TEST_CASE("people who are divided come together behind their split, and their ways end there") {
  const Compiled compiled(seeds_workspace(R"(- id: each
  split_people:
    - path: one
      when: "true"
      nodes:
        - {id: a, wait: 1d}
        - {id: b, wait: 1d, next: end}
    - {path: two, when: "true", nodes: []}
    - {path: three, next: end}
- {id: last, wait: 1d}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 each -> last; one -> a; two -> the end; three -> the end",
                                                     "1 a -> b", "2 b -> the end", "3 last -> the end"});
}

TEST_CASE("inside of a people split splits rejoin, and people splits are splits") {
  const Compiled compiled(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes:
        - id: inner
          split_people:
            - {path: one, when: "true", nodes: [{id: a, wait: 1d}]}
            - {path: two, nodes: []}
        - id: variants
          variant_split:
            by: people
            paths:
              - {path: x, percent: 50, nodes: [{id: c, wait: 1d}]}
              - {path: y, percent: 50, nodes: []}
        - {id: b, wait: 1d}
- {id: last, wait: 1d}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 each -> last; all -> inner",
                                                     "1 inner -> variants; one -> a; two -> variants",
                                                     "2 a -> variants", "3 variants -> b; x -> c; y -> b", "4 c -> b",
                                                     "5 b -> the end", "6 last -> the end"});
}

TEST_CASE("a variant split divides people where it says so, and accounts where not") {
  const auto variants = [](const std::string& by) {
    return seeds_workspace(
        "- id: variants\n  variant_split:\n    by: " + by +
        "\n    paths:\n      - {path: x, percent: 50, nodes: [{id: a, wait: 1d}]}\n      - {path: y, "
        "percent: 50, nodes: []}\n- {id: last, wait: 1d}\n");
  };
  CHECK(Compiled(variants("accounts")).lines() ==
        std::vector<std::string>{"0 variants -> last; x -> a; y -> last", "1 a -> last", "2 last -> the end"});
  CHECK(Compiled(variants("people")).lines() ==
        std::vector<std::string>{"0 variants -> last; x -> a; y -> the end", "1 a -> the end", "2 last -> the end"});
}

TEST_CASE("in a journey for people a people split is a split") {
  const Compiled compiled(workspace_with(R"(journey: seeds
for: person
nodes:
  - id: each
    split_people:
      - {path: one, when: "true", nodes: [{id: a, wait: 1d}]}
      - {path: two, nodes: []}
  - {id: last, wait: 1d}
)"));
  CHECK(compiled.lines() ==
        std::vector<std::string>{"0 each -> last; one -> a; two -> last", "1 a -> last", "2 last -> the end"});
}

TEST_CASE("an exit goes on behind its node, as a path does") {
  const Compiled compiled(seeds_workspace(R"(- id: raise
  listen:
    event: form.submitted
    timeout: 1d
    on_timeout:
      nodes:
        - {id: a, wait: 1d}
- id: again
  listen: {event: form.submitted, timeout: 1d, on_timeout: {next: raise}}
- id: past
  listen: {event: form.submitted, timeout: 1d, on_timeout: {nodes: []}}
- {id: last, wait: 1d}
)"));
  CHECK(compiled.lines() == std::vector<std::string>{"0 raise -> again; timeout -> a", "1 a -> again",
                                                     "2 again -> past; timeout -> raise",
                                                     "3 past -> last; timeout -> last", "4 last -> the end"});
}

TEST_CASE("a journey takes its title, its time zone and its messages along") {
  const Compiled compiled(workspace_with(R"(journey: seeds
title: From first touch to sales
timezone: Europe/Berlin
enter: {audience: everyone, evaluate: once}
nodes:
  - {id: a, send_email: story}
  - {id: b, notify_sales: ai-driven-seeds}
  - {id: c, send_email: welcome}
  - {id: d, send_email: story}
)"));
  CHECK(compiled.journey.title == "From first touch to sales");
  CHECK(compiled.journey.timezone == "Europe/Berlin");
  CHECK(compiled.journey.definition->evaluate == Evaluate::once);
  CHECK(compiled.journey.messages == std::vector<MessageDefinition>{{MessageKind::email, "story"},
                                                                    {MessageKind::sales_summary, ""},
                                                                    {MessageKind::email, "welcome"}});
}

TEST_CASE("a journey without a title is called by its name, and one without a time zone has none of its own") {
  const Compiled compiled(workspace_with("journey: seeds\nnodes:\n  - {id: a, wait: 1d}\n"));
  CHECK(compiled.journey.title == "seeds");
  CHECK(compiled.journey.timezone == "");
}

TEST_CASE("a journey knows each type of event that its nodes listen for, once") {
  const Compiled compiled(seeds_workspace(R"(- id: one
  listen: form.submitted
- id: two
  listen: {any_of: [page.viewed, form.submitted]}
)"));
  CHECK(compiled.names_of(compiled.journey.hears) == std::vector<std::string>{"form.submitted", "page.viewed"});
}
