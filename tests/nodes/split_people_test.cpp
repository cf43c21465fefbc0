// split_people: each of the account's people takes a path of their own; all come together after it.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kByTitle = R"(- id: by-title
  split_people:
    - path: deciders
      when: person.title.startsWith("VP")
      nodes:
        - id: reflect
          wait: 2d
        - id: mail
          send_email: story
    - path: agronomists
      when: person.title == "Agronomist"
      nodes:
        - id: greet
          send_email: welcome
- id: together
  send_email: farewell
)";

}  // namespace

TEST_CASE("each person takes the first path that holds, and the account waits until all are together") {
  World world(seeds_workspace(kByTitle));
  world.post_all(acme());
  // Ada waits, Bob has had his mail and is through, Cy went past.
  CHECK(world.trail("acme") == "by-title:stopped | by-title/deciders reflect:stopped | by-title/agronomists greet");
  CHECK(world.standing("acme") == "joining at by-title | waiting at reflect | completed at greet");
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to bob@acme.example"});
  world.advance(48h);
  CHECK(world.standing("acme") == "completed at together | completed at mail | completed at greet");
  CHECK(world.mails("acme") == std::vector<std::string>{"farewell to ada@acme.example", "farewell to bob@acme.example",
                                                        "farewell to cy@acme.example", "story to ada@acme.example",
                                                        "welcome to bob@acme.example"});
  CHECK(world.counted(CounterKind::entered) == 1);
  CHECK(world.counted(CounterKind::completed) == 1);
  CHECK(world.counted(CounterKind::taken, "by-title", "deciders") == 1);
  CHECK(world.counted(CounterKind::taken, "by-title", "agronomists") == 1);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("an open path takes everybody else, and an empty one leads straight to the join") {
  World world(seeds_workspace(R"(- id: by-title
  split_people:
    - {path: deciders, when: person.title.startsWith("VP"), nodes: []}
    - path: others
      nodes: [{id: mail, send_email: story}]
- id: last
  wait: 1d
)"));
  world.post_all(acme());
  CHECK(world.trail("acme") ==
        "by-title:stopped last:stopped | by-title/deciders | by-title/others mail | by-title/others mail");
  CHECK(world.mails("acme") == std::vector<std::string>{"story to bob@acme.example", "story to cy@acme.example"});
}

TEST_CASE("an account without people, or whose people match no path, goes past at once") {
  World world(seeds_workspace(R"(- id: by-title
  split_people:
    - {path: pilots, when: person.title == "Pilot", nodes: [{id: mail, send_email: story}]}
- id: last
  wait: 1d
)"));
  world.account("empty");
  world.post_all(acme());
  CHECK(world.trail("empty") == "by-title:nobody last:stopped");
  CHECK(world.trail("acme") == "by-title:nobody last:stopped");
}

TEST_CASE("a person for whom a condition cannot be evaluated tries the next path, and the timeline says why") {
  World world(seeds_workspace(R"(- id: by-title
  split_people:
    - {path: deciders, when: person.title == "VP", nodes: [{id: stay, wait: 1d}]}
    - {path: others, nodes: []}
- id: last
  wait: 2d
)"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"title", text("VP")}}},
                  UpsertPerson{"bob", "acme", {}}});
  CHECK(world.trail("acme") == "by-title:stopped | by-title/deciders stay:stopped | by-title/others");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text.starts_with("person.title == \"VP\": "));
  CHECK(world.counted(CounterKind::expression_errors, "by-title") == 1);
}

TEST_CASE("whatever stands inside runs for one person: splits, groups, attributes") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes:
        - id: join
          assign_to_buying_group: {solution_interest: ai-driven-seeds}
        - id: mark
          update_person: {seen: 'people.size() + 0'}
        - id: by-role
          split:
            - path: influencers
              when: person.role("ai-driven-seeds") == "influencer"
              nodes: [{id: mail, send_email: story}]
            - path: others
              nodes: []
)"));
  world.post_all(acme());
  CHECK(world.trail("acme") ==
        "each:stopped | each/all join mark by-role/others | each/all join mark by-role/influencers mail | "
        "each/all join:nobody mark by-role/others");
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada decision_maker, bob influencer"});
  CHECK(world.mails("acme") == std::vector<std::string>{"story to bob@acme.example"});
  // An expression sees all of the account's people, whomever it runs for.
  CHECK(attributes_of(world, "acme", "cy") == "email=cy@acme.example seen=3 title=Clerk");
}

TEST_CASE("a split inside that holds for none of its paths ends this person's way, and the others go on") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes:
        - id: deciders-only
          split:
            - {path: deciders, when: person.title.startsWith("VP"), nodes: []}
        - id: mail
          send_email: story
- id: last
  wait: 1d
)"));
  world.post_all(acme());
  CHECK(world.trail("acme") ==
        "each:stopped last:stopped | each/all deciders-only/deciders mail | each/all deciders-only:nobody | "
        "each/all deciders-only:nobody");
  CHECK(world.standing("acme") ==
        "waiting at last | completed at mail | left at deciders-only | left at deciders-only");
  CHECK(world.counted(CounterKind::left) == 0);
}

TEST_CASE("an end inside, or `next: end`, ends this person's way only") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - path: deciders
      when: person.title.startsWith("VP")
      nodes:
        - id: enough
          end:
    - {path: agronomists, when: person.title == "Agronomist", next: end}
    - path: others
      nodes: [{id: mail, send_email: story, next: end}]
- id: last
  wait: 1d
)"));
  world.post_all(acme());
  CHECK(world.trail("acme") ==
        "each:stopped last:stopped | each/deciders enough | each/agronomists | each/others mail");
  CHECK(world.standing("acme").starts_with("waiting at last | "));
}

TEST_CASE("a people split inside of one splits for that person, who goes on behind it") {
  World world(seeds_workspace(R"(- id: outer
  split_people:
    - path: all
      nodes:
        - id: inner
          split_people:
            - {path: deciders, when: person.title.startsWith("VP"), nodes: [{id: stay, wait: 1d}]}
            - {path: agronomists, when: person.title == "Agronomist", nodes: []}
        - id: mail
          send_email: story
)"));
  world.post_all(acme());
  CHECK(world.trail("acme") ==
        "outer:stopped | outer/all inner/deciders stay:stopped | outer/all inner/agronomists mail | outer/all "
        "inner:nobody mail");
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at outer | completed at mail | completed at mail | completed at mail");
}

TEST_CASE("a listen inside hears of this person and of the account, and not of the others") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes:
        - id: raise
          listen: {any_of: [form.submitted, account.visited]}
)"));
  world.post_all(acme());
  world.event("form.submitted", "bob");
  CHECK(world.standing("acme") == "joining at each | listening at raise | completed at raise | listening at raise");
  world.account_event("account.visited", "acme");
  CHECK(world.standing("acme") == "completed at each | completed at raise | completed at raise | completed at raise");
}

TEST_CASE("a person who is taken away inside does not block the join") {
  World world(seeds_workspace(kByTitle));
  world.post_all(acme());
  world.post(RemovePerson{"ada"});
  CHECK(world.standing("acme") == "completed at together | left at reflect | completed at greet");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("people who join the account later are in scope behind the split, not inside of it") {
  World world(seeds_workspace(kByTitle));
  world.post_all(acme());
  world.person("vp", "acme", {{"email", text("vp@acme.example")}, {"title", text("VP Sales")}});
  CHECK(world.tokens("acme").size() == 3);
  world.advance(48h);
  const std::vector<std::string> mails = world.mails("acme");
  CHECK(std::count(mails.begin(), mails.end(), "story to vp@acme.example") == 0);
  CHECK(std::count(mails.begin(), mails.end(), "farewell to vp@acme.example") == 1);
}

TEST_CASE("a people split in a loop forks each time it is passed") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes: [{id: mail, send_email: story}]
- id: settle
  wait: 1d
- id: twice
  split:
    - {path: again, when: account.rounds > 0, next: each}
    - {path: enough, nodes: []}
)"));
  world.post_all(acme({{"rounds", number(1)}}));
  world.advance(24h);
  world.account("acme", {{"rounds", number(0)}});
  world.run_out();
  CHECK(world.mails("acme").size() == 6);
  CHECK(world.standing("acme").starts_with("completed at twice"));
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a restart in the middle changes nothing: who waits goes on, and the account waits for them") {
  World world(seeds_workspace(kByTitle));
  world.post_all(acme());
  const std::string before = world.standing("acme");
  world.restart();
  CHECK(world.standing("acme") == before);
  world.advance(24h);
  world.restart();
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at together | completed at mail | completed at greet");
  CHECK(world.mails("acme").size() == 5);
}

TEST_CASE("a death between any two commits of a people split loses nobody") {
  for (std::size_t batches = 1; batches <= 4; ++batches) {
    World world(seeds_workspace(kByTitle));
    for (Input& input : acme())
      world.post(std::move(input));
    world.advance_clock(48h);
    world.drop_after(batches);
    world.run();
    world.run_out();
    INFO("dropped after " << batches << " batches");
    CHECK(world.standing("acme").find("waiting") == std::string::npos);
    CHECK(world.standing("acme").starts_with("completed at together"));
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
}

TEST_CASE("a people split takes at most 25 paths") {
  const auto split_of = [](int paths) {
    std::string nodes = "- id: many\n  split_people:\n";
    for (int i = 1; i < paths; ++i)
      nodes += "    - {path: p" + std::to_string(i) + ", when: person.size == " + std::to_string(i) + ", nodes: []}\n";
    return nodes + "    - {path: others, nodes: []}\n";
  };
  World world(seeds_workspace(split_of(25)));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"size", number(24)}}}});
  CHECK(world.trail("acme") == "many:stopped | many/p24");
  CHECK(only_fault(seeds_workspace(split_of(26))).find("at most 25 paths") != std::string::npos);
}

TEST_CASE("wrong uses of split_people are told where they stand") {
  CHECK(fault_of_node("split_people: []") == "journeys/seeds.yaml:5:5: `split_people` needs a path");
  CHECK(fault_of_node("split_people: all") == "journeys/seeds.yaml:5:19: `split_people` must be a list");
  CHECK(fault_of_node("split_people: [{path: a, nodes: []}, {path: b, when: 'true', nodes: []}]")
            .find("the path `a` has no `when`, and the paths below it are never taken") != std::string::npos);
  CHECK(fault_of_node("split_people: [{path: a, when: persn.title == 'VP', nodes: []}]")
            .find("did you mean \"person\"?") != std::string::npos);
  const std::string out = only_fault(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes: [{id: stay, wait: 1d, next: last}]
- id: last
  wait: 1d
)"));
  CHECK(out.starts_with("journeys/seeds.yaml:7:44: `last` is outside of the people split `each`"));
  const std::string in = only_fault(seeds_workspace(R"(- id: first
  wait: 1d
- id: each
  split_people:
    - path: all
      nodes: [{id: stay, wait: 1d}]
- id: last
  wait: 1d
  next: stay
)"));
  CHECK(in.starts_with("journeys/seeds.yaml:12:11: `stay` is inside of the people split `each`"));
}
