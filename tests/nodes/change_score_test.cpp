// change_score: adds to a number that the account or a person has as an attribute.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::string change(const std::string& what) {
  return "- id: score\n  change_score: " + what + "\n";
}

std::string account(World& world) {
  return world.attributes(world.account_record("acme").attributes);
}

}  // namespace

TEST_CASE("a score of the account begins at nothing, goes up and goes down") {
  World world(seeds_workspace(change("{score: interest, by: 10}") +
                              "- id: less\n  change_score: {score: interest, by: -2.5}\n- id: more\n  change_score: "
                              "{score: interest, by: 2.5}\n"));
  world.account("acme");
  CHECK(world.trail("acme") == "score less more");
  CHECK(account(world) == "interest=10");
}

TEST_CASE("how much may be computed") {
  World world(seeds_workspace(change("{score: interest, by: 'people.size() * 5'}")));
  world.post_all(acme({{"interest", number(1)}}));
  CHECK(account(world) == "interest=16");
}

TEST_CASE("`of: people` is each person's score, by as much as is computed for them") {
  World world(seeds_workspace(change("{score: fit, by: person.title.size(), of: people}")));
  world.post_all(acme());
  CHECK(account(world) == "");
  CHECK(attributes_of(world, "acme", "ada") == "email=ada@acme.example fit=11 title=VP Research");
  CHECK(attributes_of(world, "acme", "cy") == "email=cy@acme.example fit=5 title=Clerk");
}

TEST_CASE("`who` chooses whose, and so it is people's score") {
  World world(seeds_workspace(change("{score: fit, by: 3, who: person.key == \"bob\"}")));
  world.post_all(acme());
  CHECK(account(world) == "");
  CHECK(attributes_of(world, "acme", "ada") == "email=ada@acme.example title=VP Research");
  CHECK(attributes_of(world, "acme", "bob") == "email=bob@acme.example fit=3 title=Agronomist");
}

TEST_CASE("inside of a people split it is the person's score, or the account's where the node says so") {
  const auto inside = [](const std::string& what) {
    return "- id: each\n  split_people:\n    - path: all\n      nodes:\n" + indented(change(what), 8);
  };
  World person(seeds_workspace(inside("{score: fit, by: 1}")));
  person.post_all(acme());
  CHECK(attributes_of(person, "acme", "cy") == "email=cy@acme.example fit=1 title=Clerk");
  World account_too(seeds_workspace(inside("{score: fit, by: 1, of: account}")));
  account_too.post_all(acme());
  CHECK(account(account_too) == "fit=3");
}

TEST_CASE("what yields no number changes nothing, and the timeline says why") {
  World world(seeds_workspace(change("{score: interest, by: account.name}")));
  world.account("acme", {{"name", text("Acme")}});
  CHECK(world.trail("acme") == "score:nobody");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text.starts_with("account.name: "));
  CHECK(world.counted(CounterKind::expression_errors, "score") == 1);
}

TEST_CASE("an attribute that holds no number is left alone, and the timeline says so") {
  World world(seeds_workspace(change("{score: interest, by: 1}")));
  world.account("acme", {{"interest", text("high")}});
  CHECK(world.trail("acme") == "score:nobody");
  CHECK(account(world) == "interest=high");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().kind == NoteKind::refused);
}

TEST_CASE("a change of score is heard of with the old and the new value") {
  World world(seeds_workspace(R"(- id: split
  split_people:
    - path: ada
      when: person.key == "ada"
      nodes:
        - id: hear
          listen: {event: score.changed, where: 'event.score == "interest" && event.old == 40.0 && event.new == 50.0'}
    - path: bob
      when: person.key == "bob"
      nodes:
        - {id: later, wait: 1d}
        - {id: score, change_score: {score: interest, by: 10, of: account}}
)"));
  world.post_all(acme({{"interest", number(40)}}));
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at split | completed at hear | completed at score");
}

TEST_CASE("a score is changed once, over a restart too") {
  World world(seeds_workspace(change("{score: interest, by: 10}") + "- id: settle\n  wait: 1d\n"));
  world.account("acme");
  world.restart();
  world.run_out();
  CHECK(account(world) == "interest=10");
}

TEST_CASE("wrong uses of change_score are told where they stand") {
  CHECK(fault_of_node("change_score: {score: a}") == "journeys/seeds.yaml:5:5: `change_score` needs the key `by`");
  CHECK(fault_of_node("change_score: {by: 1}") == "journeys/seeds.yaml:5:5: `change_score` needs the key `score`");
  CHECK(fault_of_node("change_score: {score: key, by: 1}").find("`key`") != std::string::npos);
  CHECK(fault_of_node("change_score: {score: a, by: 1, of: account, who: 'true'}") ==
        "journeys/seeds.yaml:5:55: `who` chooses among people, and this is a score of the account; take `who` out, or "
        "write `of: people`");
  CHECK(fault_of_node("change_score: {score: engagement, by: 1, of: people}") ==
        "journeys/seeds.yaml:5:27: every person has `engagement`, and Caravan keeps it itself; choose another name, or "
        "write `of: account`");
  CHECK(fault_of_node("change_score: {score: a, by: 1, of: persons}").find("`people`") != std::string::npos);
  CHECK(fault_of_node("change_score: 5") == "journeys/seeds.yaml:5:19: `change_score` must be a mapping");
}

TEST_CASE("with a schema, a score is an attribute that it knows") {
  const auto fault = [](const std::string& what) {
    SourceTexts texts = seeds_workspace(change(what));
    texts["schema.yaml"] = "schema:\n  account:\n    interest: number\n  person:\n    fit: number\n    title: text\n";
    return only_fault(texts);
  };
  CHECK(fault("{score: interest, by: 1}") == "0 faults");
  CHECK(fault("{score: fit, by: 1, of: people}") == "0 faults");
  CHECK(fault("{score: interst, by: 1}").find("did you mean \"interest\"?") != std::string::npos);
}
