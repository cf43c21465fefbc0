#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

TEST_CASE("a node has an id of its own, and one type") {
  CHECK(faults_of_nodes("- wait: 1d\n") == Lines{"4:3: error: this node has no `id`"});
  CHECK(faults_of_nodes("- id: end\n  wait: 1d\n") ==
        Lines{"4:7: error: a node cannot be called `end`; `next: end` is the end of the journey"});
  CHECK(faults_of_nodes("- id: a\n  wait: 1d\n- id: a\n  wait: 1d\n") ==
        Lines{"6:7: error: there is already a node `a` in this journey; the first is in line 4"});
  CHECK(faults_of_nodes("- id: A b\n  wait: 1d\n") ==
        Lines{"4:7: error: the id of a node must be lower-case words joined by dashes; write `a-b`"});
  CHECK(faults_of_nodes("- id: a\n  wait: 1d\n  send_email: welcome\n") ==
        Lines{"6:3: error: a node does one thing; this one has `wait` and `send_email`; make two nodes of it"});
  CHECK(
      faults_of_nodes("- id: a\n") ==
      Lines{
          "4:3: error: this node has no type; it needs one of `split`, `split_people`, `variant_split`, `wait`, "
          "`listen`, `send_email`, `assign_to_buying_group`, `notify_sales`, `update_account`, `update_buying_group`, "
          "`refer`, `end` or `every`"});
  CHECK(faults_of_nodes("- id: a\n  wiat: 1d\n") ==
        Lines{"5:3: error: unknown node type `wiat`; did you mean \"wait\"?"});
  CHECK(faults_of_nodes("- wait\n") == Lines{"4:3: error: a node must be a mapping with an `id` and a type; for "
                                             "example `- id: settle` and below it `wait: 3d`"});
}

TEST_CASE("a journey needs nodes, at most as many as caravan.yaml says") {
  CHECK(faults_of("journeys/j.yaml", "journey: j\n") ==
        Lines{"journeys/j.yaml:1:10: error: a journey needs the key `nodes`"});
  CHECK(faults_of("journeys/j.yaml", "journey: j\nnodes: []\n") ==
        Lines{"journeys/j.yaml:2:1: error: a journey needs at least one node"});
  std::string nodes = "journey: j\nnodes:\n";
  for (int i = 0; i < 12; ++i)
    nodes += "- id: n" + std::to_string(i) + "\n  wait: 1d\n";
  const SourceTexts texts = with(basics(), "caravan.yaml", "limits: {nodes_per_journey: 10}\n");
  CHECK(Loaded(with(texts, "journeys/j.yaml", nodes)).faults() ==
        Lines{"journeys/j.yaml:23:3: error: a journey has at most 10 nodes (limits: nodes_per_journey)"});
}

TEST_CASE("keys are those of the node's type, and unknown ones are named with what was meant") {
  CHECK(faults_of_nodes("- id: a\n  send_email: {templat: welcome}\n") ==
        Lines{"5:16: error: unknown key `templat`; did you mean \"template\"?"});
  CHECK(faults_of_nodes("- id: a\n  send_email: {to: 'true'}\n") ==
        Lines{"5:3: error: `send_email` needs the key `template`"});
  CHECK(faults_of_nodes("- id: a\n  send_email: welcome\n  to: 'true'\n") ==
        Lines{"6:3: error: unknown key `to`; it belongs below `send_email`, indented further"});
  CHECK(faults_of_nodes("- id: a\n  wait: 1d\n  nxt: end\n") ==
        Lines{"6:3: error: unknown key `nxt`; did you mean \"next\"?"});
  CHECK(faults_of_nodes("- id: a\n  wait:\n") == Lines{"5:3: error: `wait` has no value"});
  CHECK(faults_of_nodes("- id: a\n  wait: [1d]\n") == Lines{"5:9: error: `wait` must be a duration, not a list"});
  CHECK(faults_of_nodes("- id: a\n  wait: 0s\n") == Lines{"5:9: error: `wait` must be longer than nothing"});
  CHECK(faults_of_nodes("- id: a\n  end: now\n") == Lines{"5:8: error: `end` takes no value"});
  CHECK(faults_of_nodes("- id: a\n  end:\n  next: a\n") ==
        Lines{"6:9: error: nothing comes after `end`; take `next` out"});
}

TEST_CASE("values are of the kind that the shape says") {
  CHECK(faults_of_nodes("- id: a\n  every: {text: x, number: 7, flag: true, choice: red, value: now}\n") == Lines{});
  CHECK(faults_of_nodes("- id: a\n  every: x\n") == Lines{"5:10: error: `every` must be a mapping"});
  CHECK(faults_of_nodes("- id: a\n  every:\n") == Lines{"5:3: error: `every` needs the key `text`"});
  CHECK(faults_of_nodes("- id: a\n  every: {text: [x]}\n") == Lines{"5:17: error: `text` must be text, not a list"});
  CHECK(faults_of_nodes("- id: a\n  every: {text: x, number: 100}\n") ==
        Lines{"5:28: error: `number` must be from 1 to 99"});
  CHECK(faults_of_nodes("- id: a\n  every: {text: x, number: '7'}\n") ==
        Lines{"5:28: error: `number` must be a whole number"});
  CHECK(faults_of_nodes("- id: a\n  every: {text: x, flag: yes}\n") ==
        Lines{"5:26: error: `flag` must be `true` or `false`"});
  CHECK(faults_of_nodes("- id: a\n  every: {text: x, choice: gren}\n") ==
        Lines{"5:28: error: `choice` must be `red`, `green` or `blue`; did you mean \"green\"?"});
  CHECK(faults_of_nodes("- id: a\n  every: {text: x, value: {a: b}}\n") ==
        Lines{"5:28: error: `value` must be an expression; quote an expression that begins with a bracket"});
}

TEST_CASE("references must name what is there") {
  CHECK(faults_of_nodes("- id: a\n  send_email: welcom\n") ==
        Lines{"5:15: error: there is no mail `welcom`; did you mean \"welcome\"?"});
  CHECK(faults_of_nodes("- id: a\n  notify_sales: ai-seeds\n") ==
        Lines{"5:17: error: there is no solution interest `ai-seeds`"});
  CHECK(
      faults_of_nodes("- id: a\n  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: influenzer}\n") ==
      Lines{"5:70: error: the role template `seed-buyers` of `ai-driven-seeds` has no role `influenzer`; did you mean "
            "\"influencer\"?"});
  CHECK(
      faults_of("buying-groups/x.yaml", "solution_interest: x\nrole_template: seed-buyer\n") ==
      Lines{"buying-groups/x.yaml:2:16: error: there is no role template `seed-buyer`; did you mean \"seed-buyers\"?"});
}

TEST_CASE("every kind of reference must name what is there") {
  CHECK(faults_of_nodes("- id: a\n  refer: {message: hello, connection: crm, list: newsletter, destination: "
                        "ad-audience, journey: j, attribute: tier, person_attribute: email}\n") == Lines{});
  const auto faults = [](const std::string& key) { return faults_of_nodes("- id: a\n  refer: {" + key + "}\n"); };
  CHECK(faults("message: helo") == Lines{"5:20: error: there is no message `helo`; did you mean \"hello\"?"});
  CHECK(faults("connection: crn") == Lines{"5:23: error: there is no connection `crn`; did you mean \"crm\"?"});
  CHECK(faults("list: news-letter") ==
        Lines{"5:17: error: there is no list `news-letter`; did you mean \"newsletter\"?"});
  CHECK(faults("list: x") == Lines{"5:17: error: there is no list `x`; lists stand in caravan.yaml"});
  CHECK(faults("destination: ad-audienc") ==
        Lines{"5:24: error: there is no destination `ad-audienc`; did you mean \"ad-audience\"?"});
  CHECK(faults("journey: jj") == Lines{"5:20: error: there is no journey `jj`"});
  CHECK(faults("attribute: a-b") == Lines{"5:22: error: the name of an attribute must be letters, digits and "
                                          "underscores; expressions read it as `account.name`"});
}

TEST_CASE("attributes that nodes name are those of the schema") {
  const SourceTexts texts =
      with(basics(), "schema.yaml",
           "schema: {account: {industry: text, tier: text}, person: {title: text, score: number}}\n");
  const auto faults = [&](const std::string& node) {
    return Loaded(with(texts, "journeys/j.yaml", "journey: j\nnodes:\n- id: a\n  " + node + "\n")).faults();
  };
  CHECK(faults("update_account: {tier: '\"gold\"'}") == Lines{});
  // What it is set to must be of its type, as far as that is known before it is there.
  CHECK(faults("update_account: {tier: \"7\"}") ==
        Lines{"journeys/j.yaml:4:26: error: `tier` is text, and this yields a whole number"});
  CHECK(faults("update_account: {industry: true, tier: \"null\"}") ==
        Lines{"journeys/j.yaml:4:30: error: `industry` is text, and this yields true or false"});
  CHECK(faults("update_account: {teir: '\"gold\"'}") ==
        Lines{"journeys/j.yaml:4:20: error: the schema has no attribute `account.teir`; did you mean \"tier\"?"});
  CHECK(faults("update_account: {key: '\"gold\"'}") ==
        Lines{"journeys/j.yaml:4:20: error: `key` is no attribute; it names the account and never changes"});
  // Whose attribute it is may depend on other keys.
  CHECK(faults("refer: {attribute: score}") == Lines{});
  CHECK(faults("refer: {attribute: tier}") == Lines{});
  CHECK(faults("refer: {attribute: teir}") ==
        Lines{"journeys/j.yaml:4:22: error: the schema has no attribute `teir`; did you mean \"tier\"?"});
  CHECK(faults("refer: {person_attribute: tier}").size() == 1);
  CHECK(faults("refer: {person_attribute: engagement}") ==
        Lines{"journeys/j.yaml:4:29: error: `engagement` is no attribute; every person has it, and Caravan keeps it "
              "itself"});
  CHECK(faults("refer: {person_attribute: account_role}").size() == 1);
}

TEST_CASE("a stage is one of the stage model of its solution interest") {
  const auto faults = [](const std::string& keys) {
    return faults_of_nodes("- id: a\n  update_buying_group: {" + keys + "}\n");
  };
  CHECK(faults("solution_interest: ai-driven-seeds, stage: Won") == Lines{});
  CHECK(faults("solution_interest: ai-driven-seeds, stage: Engagd") ==
        Lines{"5:68: error: the stage model `pipeline` of `ai-driven-seeds` has no stage `Engagd`; did you mean "
              "\"Engaged\"?"});
  SourceTexts texts = with(basics(), "buying-groups/x.yaml", "solution_interest: x\nrole_template: seed-buyers\n");
  texts["journeys/j.yaml"] = "journey: j\nnodes: [{id: a, update_buying_group: {solution_interest: x, stage: Won}}]\n";
  CHECK(Loaded(texts).faults() ==
        Lines{"journeys/j.yaml:2:68: error: the solution interest `x` has no stages; give it a `stage_model`"});
}

TEST_CASE("a listen has one event as its short form, or a list of them") {
  const Loaded loaded(with(basics(), "journeys/j.yaml",
                           "journey: j\nnodes:\n- {id: a, listen: form.submitted}\n- id: b\n  listen:\n    any_of:\n"
                           "    - {event: form.submitted, where: event.form == \"demo\", at_least: 2}\n"
                           "    - page.viewed\n"));
  REQUIRE(loaded.faults() == Lines{});
  const JourneyDefinition& journey = loaded.workspace->journeys.at("j");
  CHECK(*journey.nodes[0].setting<std::string>("event") == "form.submitted");
  const EventPatterns& events = *journey.nodes[1].setting<EventPatterns>("any_of");
  REQUIRE(events.size() == 2);
  CHECK(events[0].type == "form.submitted");
  CHECK(events[0].where->program != nullptr);
  CHECK(events[0].at_least == 2);
  CHECK(events[1].type == "page.viewed");
  CHECK_FALSE(events[1].where);
  CHECK(events[1].at_least == 1);
}

TEST_CASE("faults of what is listened for") {
  const auto faults = [](const std::string& events) {
    return faults_of_nodes("- id: a\n  listen: {any_of: " + events + "}\n");
  };
  CHECK(faults("[]") == Lines{"5:12: error: `any_of` names no event"});
  CHECK(faults("form.submitted") == Lines{"5:20: error: `any_of` must be a list"});
  CHECK(faults("[[x]]") == Lines{"5:21: error: `any_of` takes types of events, and mappings that begin with `event`"});
  CHECK(faults("[{where: 'true'}]") == Lines{"5:22: error: what is listened for needs the key `event`"});
  CHECK(faults("[{event: x, at_least: 0}]") == Lines{"5:42: error: `at_least` must be from 1 to 1000000"});
  CHECK(faults("[{event: x, were: 'true'}]") == Lines{"5:32: error: unknown key `were`; did you mean \"where\"?"});
  CHECK(faults("[{event: x y}]") == Lines{"5:29: error: `x y` is no type of event; it is words joined by dots, for "
                                          "example `form.submitted`"});
  CHECK(faults("[{event: x, where: 1 + 1}]").size() == 1);
  CHECK(faults_of_nodes("- id: a\n  listen: [x, y]\n") == Lines{"5:11: error: `listen` must be text, not a list"});
}

TEST_CASE("a definition with faults of its own can still be named") {
  SourceTexts texts = basics();
  texts["emails/welcome.html"] = "no front matter";
  texts["journeys/j.yaml"] = "journey: j\nnodes: [{id: a, send_email: welcome}]\n";
  CHECK(
      Loaded(texts).faults() ==
      Lines{"emails/welcome.html:1:1: error: a mail begins with its front matter; put subject and the like between two "
            "lines `---`, and the body behind them"});
}

TEST_CASE("paths have names, conditions and somewhere to go") {
  const std::string head = "- id: a\n  split:\n";
  CHECK(faults_of_nodes(head + "  - path: x\n    nodes: []\n  - path: y\n    nodes: []\n") ==
        Lines{"6:11: error: the path `x` has no `when`, and the paths below it are never taken; an open path must "
              "stand last"});
  CHECK(faults_of_nodes(head + "  - path: x\n    when: true\n    nodes: []\n  - path: x\n    nodes: []\n") ==
        Lines{"9:11: error: there is already a path `x` here; the first is in line 6"});
  CHECK(faults_of_nodes(head + "  - path: x\n    when: true\n") ==
        Lines{"6:11: error: the path `x` leads nowhere; add `nodes` or `next`; `nodes: []` goes on behind the split"});
  CHECK(faults_of_nodes(head + "  - path: x\n    nodes: []\n    next: end\n") ==
        Lines{"8:5: error: a path has its own `nodes` or goes elsewhere with `next`, not both; put `next` on the last "
              "of its nodes"});
  CHECK(faults_of_nodes(head + "  - when: true\n    nodes: []\n") == Lines{"6:5: error: a path needs the key `path`"});
  CHECK(faults_of_nodes("- id: a\n  split: []\n") == Lines{"5:3: error: `split` needs a path"});
  CHECK(faults_of_nodes("- id: a\n  split: {paths: [{path: x, nodes: []}]}\n") == Lines{});
  CHECK(faults_of_nodes("- id: a\n  split: x\n") == Lines{"5:10: error: `split` must be a list"});
  std::string many = head;
  for (int i = 0; i < 26; ++i)
    many += "  - {path: p" + std::to_string(i) + ", when: true, nodes: []}\n";
  CHECK(faults_of_nodes(many) ==
        Lines{"31:6: error: `split` has at most 25 paths (limits: paths_per_split), and here are "
              "26"});
}

TEST_CASE("recipients are addresses or expressions") {
  CHECK(faults_of_nodes("- id: a\n  notify_sales: {solution_interest: ai-driven-seeds, to: [account.owner_email, "
                        "x@example.com]}\n") == Lines{});
  CHECK(faults_of_nodes("- id: a\n  notify_sales: {solution_interest: ai-driven-seeds, to: x@example.com}\n") ==
        Lines{});
  CHECK(faults_of_nodes("- id: a\n  notify_sales: {solution_interest: ai-driven-seeds, to: []}\n") ==
        Lines{"5:54: error: `to` names nobody"});
  CHECK(faults_of_nodes("- id: a\n  notify_sales: {solution_interest: ai-driven-seeds, to: [[a]]}\n") ==
        Lines{"5:59: error: `to` takes e-mail addresses and expressions"});
}

}  // namespace
}  // namespace caravan
