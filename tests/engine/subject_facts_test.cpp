// What expressions see of an account, its people, its buying groups and the journey: each asked in a split, whose path
// says what the answer was.

#include "engine/subject_facts.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// `yes`, `no`, or the note of an expression that could not be evaluated, asked of an account with a decision maker, an
/// influencer and a clerk who is in no group.
std::string ask(const std::string& condition) {
  World world(
      seeds_workspace("- id: join\n  assign_to_buying_group: ai-driven-seeds\n- id: ask\n  split:\n"
                      "    - path: positive\n      when: >-\n        " +
                      condition +
                      "\n      nodes: []\n"
                      "    - path: negative\n      nodes: []\n"));
  world.post_all({UpsertAccount{"acme",
                                {{"name", text("Acme")},
                                 {"employees", number(42)},
                                 {"tags", AttributeInput{AttributeList{text("a"), text("b")}}},
                                 {"address", AttributeInput{AttributeMap{{"city", text("Berlin")}}}}}},
                  UpsertPerson{"ada", "acme", {{"title", text("VP")}, {"name", text("Ada")}}},
                  UpsertPerson{"bob", "acme", {{"title", text("Agronomist")}}},
                  UpsertPerson{"cy", "acme", {{"title", text("Clerk")}}}});
  const std::vector<NoteRecord> notes = world.notes("acme");
  if (!notes.empty()) return notes.back().text;
  return world.trail("acme").ends_with("ask/positive") ? "yes" : "no";
}

}  // namespace

TEST_CASE("an account is its attributes and its key") {
  CHECK(ask("account.key == 'acme'") == "yes");
  CHECK(ask("account.name == 'Acme' && account.employees == 42") == "yes");
  CHECK(ask("account.tags == ['a', 'b'] && 'b' in account.tags") == "yes");
  CHECK(ask("account.address.city == 'Berlin'") == "yes");
  CHECK(ask("account == account") == "yes");
}

TEST_CASE("what an account does not have can be asked for, and is an error when it is read") {
  CHECK(ask("has(account.name) && !has(account.city)") == "yes");
  CHECK(ask("account.?city.orValue('nowhere') == 'nowhere'") == "yes");
  CHECK(ask("account.city == 'Berlin'").starts_with("account.city == \"Berlin\": "));
}

TEST_CASE("people are a list of the account's people, in their order") {
  CHECK(ask("people.size() == 3") == "yes");
  CHECK(ask("people[0].key == 'ada' && people[2].key == 'cy'") == "yes");
  CHECK(ask("people.exists(p, p.title == 'VP') && !people.all(p, p.title == 'VP')") == "yes");
  CHECK(ask("people.filter(p, has(p.name)).map(p, p.key) == ['ada']") == "yes");
  CHECK(ask("people[0] == people[0] && people[0] != people[1]") == "yes");
}

TEST_CASE("a person has a role in a group, or an empty one") {
  CHECK(ask("people[0].role('ai-driven-seeds') == 'decision_maker'") == "yes");
  CHECK(ask("people[1].role('ai-driven-seeds') == 'influencer'") == "yes");
  CHECK(ask("people[2].role('ai-driven-seeds') == ''") == "yes");
}

TEST_CASE("a group tells its completeness, its members, what it lacks and how many have a role") {
  // One of three decision makers and the one influencer: the mean of 33.3 and 100.
  CHECK(ask("group('ai-driven-seeds').completeness > 66.6 && group('ai-driven-seeds').completeness < 66.7") == "yes");
  CHECK(ask("group('ai-driven-seeds').members == 2") == "yes");
  CHECK(ask("group('ai-driven-seeds').missing_roles == ['decision_maker']") == "yes");
  CHECK(ask("group('ai-driven-seeds').count('decision_maker') == 1 && group('ai-driven-seeds').count('user') == 0") ==
        "yes");
  CHECK(ask("has_group('ai-driven-seeds')") == "yes");
}

TEST_CASE("an account without the group has none, and asking for it is an error that says so") {
  World world(seeds_workspace(R"(- id: ask
  split:
    - {path: complete, when: group("ai-driven-seeds").completeness >= 0.0, nodes: []}
    - {path: has, when: has_group("ai-driven-seeds"), nodes: []}
    - {path: none, nodes: []}
)"));
  world.account("acme");
  CHECK(world.trail("acme") == "ask/none");
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text ==
        "group(\"ai-driven-seeds\").completeness >= 0.0: no buying group \"ai-driven-seeds\"");
}

TEST_CASE("a journey is its name, the number of the entry and when it was entered") {
  CHECK(ask("journey.name == 'seeds' && journey.entry == 1") == "yes");
  CHECK(ask("journey.entered_at == timestamp('2026-01-05T09:00:00Z') && now == journey.entered_at") == "yes");
}

TEST_CASE("the time is the turn's, and stands still during it") {
  World world(seeds_workspace(R"(- id: settle
  wait: 1d
- id: ask
  split:
    - {path: tuesday, when: now == timestamp("2026-01-06T09:00:00Z") && now - journey.entered_at == duration("24h"), nodes: []}
    - {path: other, nodes: []}
)"));
  world.account("acme");
  world.run_out();
  CHECK(world.trail("acme") == "settle:stopped ask/tuesday");
}
