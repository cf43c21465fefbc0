// Who cannot stand in a new version as they stood: the people of a people split, and whoever's node is gone. What
// becomes of them by the rule, and what is refused without one.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kWaits =
    "- {id: settle, wait: 1d}\n- {id: rest, wait: 1d}\n- {id: mail, send_email: welcome}\n";

constexpr std::string_view kPeople = R"(- id: each
  split_people:
    - {path: leads, when: person.lead, nodes: [{id: ask, listen: form.submitted}]}
    - {path: all, nodes: [{id: think, wait: 1d}]}
- {id: rest, wait: 1d}
)";

std::string move(World& world, const SourceTexts& texts, const std::string& gone = {}) {
  return world.publish(texts, Publish::UnderWay::move, gone);
}
std::string move(World& world, std::string_view nodes, const std::string& gone = {}) {
  return move(world, seeds_workspace(nodes), gone);
}

std::uint32_t version_number(World& world, const std::string& account) {
  return world.journey(world.tokens(account).front().version).record.number;
}

/// An account with a lead, Ada, and two others.
void add_people(World& world) {
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"lead", {true}}}},
                  UpsertPerson{"bob", "acme", {{"lead", {false}}}}, UpsertPerson{"cy", "acme", {{"lead", {false}}}}});
}

}  // namespace

// People

TEST_CASE("the people of a people split are taken along with their account, each from where they stand") {
  World world(seeds_workspace(kPeople));
  add_people(world);
  CHECK(world.standing("acme") == "joining at each | listening at ask | waiting at think | waiting at think");
  CHECK(move(world, R"(- {id: hello, wait: 1d}
- id: each
  split_people:
    - {path: nobody, when: "false", nodes: [{id: never, wait: 1d}]}
    - {path: leads, when: person.lead, nodes: [{id: ask, listen: form.submitted}]}
    - {path: all, nodes: [{id: think, wait: 2d}, {id: tell, wait: 1d}]}
- {id: last, wait: 1d}
)")
            .empty());
  CHECK(world.standing("acme") == "joining at each | listening at ask | waiting at think | waiting at think");
  for (const TokenRecord& token : world.tokens("acme"))
    CHECK(token.version == world.version_of(2));
  CHECK(world.counted(CounterKind::moved_in, "", "", 2) == 1);
  CHECK(world.counter_differences() == Lines{});
  world.event("form.submitted", "ada");
  world.advance(24h);
  CHECK(world.standing("acme") == "joining at each | completed at ask | waiting at tell | waiting at tell");
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at last | completed at ask | completed at tell | completed at tell");
  CHECK(world.trail("acme") ==
        "each:stopped last:stopped | each/leads ask:stopped ask:heard | each/all think:stopped tell:stopped | "
        "each/all think:stopped tell:stopped");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a person whose node is gone leaves by the rule, and the others come together without them") {
  World world(seeds_workspace(kPeople));
  add_people(world);
  const std::string without_ask = R"(- id: each
  split_people: [{path: all, nodes: [{id: think, wait: 1d}]}]
- {id: rest, wait: 1d}
)";
  CHECK(move(world, without_ask).starts_with("seeds: 1 person stands at `ask`, which is gone: "));
  CHECK(move(world, without_ask, "leave").empty());
  CHECK(world.standing("acme") == "joining at each | left at ask | waiting at think | waiting at think");
  CHECK(version_number(world, "acme") == 2);
  CHECK(world.counter_differences() == Lines{});
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at rest | left at ask | completed at think | completed at think");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("an account goes on at once when all the people that it waited for leave by the rule") {
  World world(seeds_workspace(kPeople));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"lead", {true}}}}});
  CHECK(move(world,
             "- {id: each, split_people: [{path: all, nodes: [{id: think, wait: 1d}]}]}\n- {id: last, wait: 1d}\n",
             "leave")
            .empty());
  CHECK(world.standing("acme") == "waiting at last | left at ask");
  CHECK(world.trail("acme") == "each:stopped last:stopped | each/leads ask:stopped");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("where a person's node is gone and the rule says stay, the whole account stays on its version") {
  World world(seeds_workspace(kPeople));
  add_people(world);
  world.post_all({UpsertAccount{"globex", {}}, UpsertPerson{"dan", "globex", {{"lead", {false}}}}});
  CHECK(move(world, "- {id: each, split_people: [{path: all, nodes: [{id: think, wait: 1d}]}]}\n", "stay").empty());
  for (const TokenRecord& token : world.tokens("acme"))
    CHECK(token.version == world.version_of(1));
  CHECK(version_number(world, "globex") == 2);
  world.event("form.submitted", "ada");
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at rest | completed at ask | completed at think | completed at think");
  CHECK(world.standing("globex") == "completed at each | completed at think");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("where the people split itself is gone, its people are at the end of their ways") {
  World world(seeds_workspace(kPeople));
  add_people(world);
  CHECK(move(world, "- {id: new, wait: 1d}\n- {id: rest, wait: 1d}\n", "new").empty());
  CHECK(world.standing("acme") == "waiting at new | left at ask | left at think | left at think");
  CHECK(world.trail(world.tokens("acme").front()) == "each:stopped new:stopped");
  CHECK(world.counter_differences() == Lines{});
  world.run_out();
  CHECK(world.trail(world.tokens("acme").front()) == "each:stopped new:stopped rest:stopped");
}

// Nodes that are gone

TEST_CASE("those whose node is gone leave by the rule, in the version they were in") {
  World world(seeds_workspace(kWaits));
  world.account("first");
  world.advance(24h);
  world.account("second");
  CHECK(world.standing("first") == "waiting at rest");
  CHECK(move(world, "- {id: settle, wait: 1d}\n", "leave").empty());
  CHECK(world.standing("first") == "left at rest");
  CHECK(world.token("first").version == world.version_of(1));
  CHECK(world.token("first").ended_at == kMonday + 24h);
  CHECK(world.notes("first", NoteKind::taken_out) == Lines{"its node rest is gone in version 2"});
  CHECK(version_number(world, "second") == 2);
  CHECK(world.counted(CounterKind::left, "", "", 1) == 1);
  CHECK(world.counted(CounterKind::moved_out, "", "", 1) == 1);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("those whose node is gone stay on their version by the rule, and go on there") {
  World world(seeds_workspace(kWaits));
  world.account("first");
  world.advance(24h);
  world.account("second");
  CHECK(move(world, "- {id: settle, wait: 1d}\n", "stay").empty());
  CHECK(version_number(world, "first") == 1);
  CHECK(version_number(world, "second") == 2);
  world.run_out();
  CHECK(world.trail("first") == "settle:stopped rest:stopped mail:nobody");
  CHECK(world.trail("second") == "settle:stopped");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("those whose node is gone go on at the node of the rule, with a time of its own") {
  World world(seeds_workspace(kWaits));
  world.account("acme");
  world.advance(30h);
  CHECK(move(world, "- {id: settle, wait: 1d}\n- {id: story, send_email: story}\n- {id: end-here, wait: 2d}\n", "story")
            .empty());
  CHECK(world.trail("acme") == "settle:stopped rest:stopped story:nobody end-here:stopped");
  CHECK(world.token("acme").due_at == kMonday + 78h);
  CHECK(world.counted(CounterKind::visited, "story", "", 2) == 1);
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a person whose node is gone goes on at the node of the rule, inside of their split") {
  World world(seeds_workspace(kPeople));
  add_people(world);
  CHECK(move(world, R"(- id: each
  split_people: [{path: all, nodes: [{id: think, wait: 1d}, {id: tell, wait: 3d}]}]
- {id: rest, wait: 1d}
)",
             "tell")
            .empty());
  CHECK(world.standing("acme") == "joining at each | waiting at tell | waiting at think | waiting at think");
  CHECK(world.trail(world.tokens("acme")[1]) == "each/leads ask:stopped tell:stopped");
  CHECK(world.counter_differences() == Lines{});
}

TEST_CASE("a move without a rule is refused where somebody's node is gone, and then nothing at all has changed") {
  World world(seeds_workspace(kWaits));
  world.account("acme");
  world.account("globex");
  world.advance(24h);
  const std::string before = world.portrait();
  const SourceTexts changed = seeds_workspace("- {id: settle, wait: 1d}\n- {id: last, wait: 1d}\n");
  CHECK(move(world, changed) ==
        "seeds: 2 accounts stand at `rest`, which is gone: say what becomes of those whose "
        "node is gone: leave, stay, or the node they go on at");
  CHECK(move(world, changed, "lost") ==
        "seeds: the new version has no node `lost`, and the rule is neither leave nor stay; did you mean \"last\"?; 2 "
        "accounts stand at `rest`, which is gone: say what becomes of those whose node is gone: leave, stay, or the "
        "node they go on at");
  CHECK(world.portrait() == before);
  CHECK(world.reader().versions().size() == 1);
  CHECK(world.reader().greatest().snapshot == 1);
  CHECK(world.reader().tasks().empty());
  world.restart();
  CHECK(world.portrait() == before);
}

TEST_CASE("the node that those go on at whose own is gone need not be one of another journey") {
  SourceTexts texts = seeds_workspace(kWaits);
  texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: a, wait: 9d}\n";
  World world(texts);
  world.account("acme");
  world.advance(24h);
  REQUIRE(world.standing("acme") == "waiting at a | waiting at rest");
  SourceTexts changed = texts;
  changed["journeys/seeds.yaml"] =
      seeds_workspace("- {id: settle, wait: 1d}\n- {id: last, wait: 1d}\n")["journeys/seeds.yaml"];
  CHECK(move(world, changed, "last").empty());
  CHECK(world.standing("acme") == "waiting at a | waiting at last");
}

TEST_CASE("a move that is refused for one journey publishes none of them") {
  SourceTexts texts = seeds_workspace(kWaits);
  texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: a, wait: 1d}\n";
  World world(texts);
  world.account("acme");
  SourceTexts changed = texts;
  changed["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: b, wait: 1d}\n";
  changed["journeys/seeds.yaml"] = seeds_workspace("- {id: settle, wait: 2d}\n").at("journeys/seeds.yaml");
  CHECK(move(world, changed).starts_with("other: 1 account stands at `a`, which is gone"));
  CHECK(world.reader().versions().size() == 2);
  // What is not to be published is not asked.
  CHECK(world.publish(changed, Publish::UnderWay::move, "", {"seeds"}).empty());
  CHECK(world.reader().versions().size() == 3);
}

TEST_CASE("a move is not refused for a node at which nobody stands any more") {
  World world(seeds_workspace(kWaits));
  world.account("acme");
  world.advance(24h);
  CHECK(move(world, "- {id: rest, wait: 1d}\n").empty());
  CHECK(world.standing("acme") == "waiting at rest");
  CHECK(world.counter_differences() == Lines{});
}
