// Journeys for people: each person is in them on their own, with an account or without one.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kNodes = R"(nodes:
  - {id: settle, wait: 1d}
  - {id: mail, send_email: story}
  - {id: raise, listen: form.submitted}
)";

/// A journey for people whose head is `head`, such as `enter: {audience: everyone}`.
SourceTexts for_people(const std::string& head, std::string_view nodes = kNodes) {
  return workspace_with("journey: seeds\nfor: person\n" + head + "\n" + std::string(nodes));
}

std::string state_of(World& world, const std::string& account, const std::string& person) {
  return std::string(to_text(world.token(account, person).state));
}

}  // namespace

TEST_CASE("an audience of accounts lets each of their people into a journey for people, and those who come later too") {
  World world(for_people("enter: {audience: everyone}"));
  world.post_all(acme());
  CHECK(world.standing("acme") == "waiting at settle | waiting at settle | waiting at settle");
  CHECK(world.counted(CounterKind::entered) == 3);
  world.advance(12h);
  world.person("dee", "acme", {{"email", text("dee@acme.example")}});
  CHECK(world.token("acme", "dee").due_at == kMonday + 36h);
  world.advance(12h);
  // A node is about the one person it runs for.
  CHECK(world.mails("acme") ==
        std::vector<std::string>{"story to ada@acme.example", "story to bob@acme.example", "story to cy@acme.example"});
  world.event("form.submitted", "bob");
  CHECK(world.standing("acme") == "listening at raise | completed at raise | listening at raise | waiting at settle");
  world.account_event("form.submitted", "acme");
  CHECK(world.standing("acme") == "completed at raise | completed at raise | completed at raise | waiting at settle");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("an event lets the person in to whom it happened, and nobody when it happened to the account") {
  World world(for_people("enter: {event: webinar.attended, where: person.title != \"Clerk\"}"));
  world.post_all(acme());
  world.event("webinar.attended", "bob");
  world.event("webinar.attended", "cy");
  world.account_event("webinar.attended", "acme");
  CHECK(world.standing("acme") == "waiting at settle");
  CHECK(world.token("acme", "bob").entered_at == kMonday);
}

TEST_CASE("a person enters by name, once, and an account alone does not") {
  World world(for_people(""));
  world.post_all(acme());
  CHECK(world.post(EnterJourney{"seeds", "", "ada"}).refused.empty());
  CHECK(world.post(EnterJourney{"seeds", "", "ada"}).refused == "is in the journey already");
  CHECK(world.post(EnterJourney{"seeds", "", "eve"}).refused == "there is no person \"eve\"");
  CHECK(world.enter("seeds", "acme") == "this journey is for people: name a person");
  CHECK(world.standing("acme") == "waiting at settle");
}

TEST_CASE("a journey for accounts that enters one for people lets each of them in") {
  SourceTexts texts = for_people("");
  texts["journeys/all.yaml"] =
      "journey: all\nenter: {audience: everyone}\nnodes:\n  - {id: go, enter_journey: seeds}\n";
  World world(texts);
  world.post_all(acme());
  CHECK(world.standing("acme") == "completed at go | waiting at settle | waiting at settle | waiting at settle");
  CHECK(world.counted(CounterKind::entered) == 3);
  CHECK(notes_of(world, "acme").empty());
}

TEST_CASE("who may not enter a journey for people that another journey sends them to is noted by name") {
  SourceTexts texts = for_people("enter: {event: webinar.attended}");
  texts["journeys/all.yaml"] = "journey: all\nenter: {event: demo.asked}\nnodes:\n  - {id: go, enter_journey: seeds}\n";
  World world(texts);
  world.post_all(acme());
  world.event("webinar.attended", "bob");
  world.account_event("demo.asked", "acme");
  CHECK(world.counted(CounterKind::entered) == 3);
  CHECK(notes_of(world, "acme") == std::vector<std::string>{"bob does not enter seeds: is in the journey already"});
}

TEST_CASE("inside of a people split, each person enters a journey for people on their own") {
  SourceTexts texts = for_people("");
  texts["journeys/all.yaml"] = R"(journey: all
enter: {audience: everyone}
nodes:
  - id: each
    split_people:
      - {path: deciders, when: person.title.startsWith("VP"), nodes: [{id: go, enter_journey: seeds}]}
  - {id: rest, wait: 1h}
  - id: again
    split_people:
      - {path: all, nodes: [{id: stop, leave_journey: seeds}]}
)";
  World world(texts);
  world.post_all(acme());
  CHECK(state_of(world, "acme", "ada") == "waiting");
  CHECK(world.counted(CounterKind::entered) == 1);
  world.advance(1h);
  CHECK(world.counted(CounterKind::left) == 1);
  CHECK(notes_of(world, "acme") == std::vector<std::string>{"taken out by the journey all"});
}

TEST_CASE("a person's journey is about that person: exits and goals do not hear of their colleagues") {
  World world(
      for_people("enter: {audience: everyone}\nexit_when: event.type == \"email.unsubscribed\"\n"
                 "goal: event.type == \"contract.signed\""));
  world.post_all(acme());
  world.event("email.unsubscribed", "bob");
  CHECK(world.standing("acme") == "waiting at settle | left at settle | waiting at settle");
  world.event("contract.signed", "ada");
  CHECK(world.counted(CounterKind::reached_goal) == 1);
  world.account_event("contract.signed", "acme");
  CHECK(world.counted(CounterKind::reached_goal) == 2);
}

TEST_CASE("an exit may depend on the person, and is asked when they change") {
  World world(for_people("enter: {audience: everyone}\nexit_when: has(person.left_at)"));
  world.post_all(acme());
  world.person("cy", "acme", {{"left_at", text("today")}});
  CHECK(world.standing("acme") == "waiting at settle | waiting at settle | left at settle");
}

TEST_CASE("a person who is removed, or moves to another account, leaves; at the new one they enter anew") {
  World world(for_people("enter: {audience: everyone}"));
  world.post_all(acme());
  world.account("globex");
  world.advance(1h);
  world.post(RemovePerson{"bob"});
  world.person("ada", "globex");
  CHECK(world.standing("acme") == "left at settle | left at settle | waiting at settle");
  CHECK(world.standing("globex") == "waiting at settle");
  CHECK(world.token("globex", "ada").due_at == kMonday + 25h);
  CHECK(world.counted(CounterKind::left) == 2);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("time lets nobody enter again who is not there any more") {
  World world(
      for_people("enter: {audience: everyone}\nre_enter: {after: 1d}", "nodes:\n  - {id: mail, send_email: story}\n"));
  world.post_all(acme());
  world.account("globex");
  CHECK(world.next_due() == kMonday + 24h);
  world.post(RemovePerson{"bob"});
  world.person("ada", "globex");
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at mail | completed at mail | completed at mail | completed at mail");
  CHECK(world.token("acme", "cy").entry == 2);
  // At the new account it is her first entry, and a day later her second.
  CHECK(world.standing("globex") == "completed at mail | completed at mail");
}

TEST_CASE("a person without an account goes through a journey for people, with nobody but them in it") {
  World world(for_people("enter: {event: form.submitted}", R"(nodes:
  - {id: mail, send_email: story}
  - {id: mark, update_person: {seen: 'people.size()'}}
  - {id: score, change_score: {score: interest, by: 5}}
  - {id: of-account, update_account: {seen: '1'}}
  - {id: settle, wait: 1d}
  - {id: raise, listen: {event: page.viewed, where: 'person.activity("form.submitted", "7d").size() == 1'}}
)"));
  world.run();
  CHECK(world.post(UpsertPerson{"eve", "", {{"email", text("eve@home.example")}}}).created);
  world.event("form.submitted", "eve", {{"form", text("demo")}});
  CHECK(world.trail("~eve") == "mail mark score of-account:nobody settle:stopped");
  CHECK(world.mails("~eve") == std::vector<std::string>{"story to eve@home.example"});
  CHECK(attributes_of(world, "~eve", "eve") == "email=eve@home.example interest=5 seen=1");
  CHECK(world.attributes(world.account_record("~eve").attributes).empty());
  world.restart();
  world.advance(24h);
  CHECK(world.standing("~eve") == "listening at raise");
  world.event("page.viewed", "eve");
  CHECK(world.standing("~eve") == "completed at raise");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("no audience and no journey of accounts sees a person without an account") {
  SourceTexts texts = for_people("enter: {audience: everyone}");
  texts["journeys/accounts.yaml"] =
      "journey: accounts\nenter: {event: form.submitted}\nnodes:\n  - {id: stay, wait: 1d}\n";
  texts["journeys/way.yaml"] =
      "journey: way\nfor: person\nenter: {event: page.viewed}\nnodes:\n  - {id: go, enter_journey: accounts}\n";
  World world(texts);
  world.run();
  world.post(UpsertPerson{"eve", "", {}});
  world.event("form.submitted", "eve");
  CHECK(world.standing("~eve").empty());
  CHECK(world.audiences("~eve").empty());
  CHECK(world.post(EnterJourney{"accounts", "", "eve"}).refused ==
        "the journey \"accounts\" is for accounts: name the account, and all its people go along");
  CHECK(world.enter("accounts", "~eve") == "there is no account \"~eve\"");
  world.event("page.viewed", "eve");
  CHECK(notes_of(world, "~eve") ==
        std::vector<std::string>{"does not enter accounts: this journey is for accounts, and the person has none"});
  CHECK(world.post(EnterJourney{"seeds", "", "eve"}).refused.empty());
  CHECK(world.standing("~eve") == "completed at go | waiting at settle");
}

TEST_CASE(
    "a person who is given an account leaves what they were in without one, and is one of its people from then on") {
  World world(for_people("enter: {event: form.submitted}"));
  world.run();
  world.post(UpsertPerson{"eve", "", {{"email", text("eve@home.example")}}});
  world.event("form.submitted", "eve");
  world.account("acme");
  world.person("eve", "acme", {{"title", text("VP")}});
  CHECK(world.standing("~eve") == "left at settle");
  CHECK(attributes_of(world, "acme", "eve") == "email=eve@home.example title=VP");
  CHECK(world.people("~eve").empty());
  world.event("form.submitted", "eve");
  CHECK(world.standing("acme") == "waiting at settle");
}
