// People who belong to more than one account: the primary one, and others by relation.

#include "tests/engine/engine_tests.hpp"

namespace caravan {
namespace {

using test::text;
using test::World;

constexpr std::string_view kJourney = R"yaml(journey: seeds
enter: {audience: everyone}
nodes:
  - id: ask
    listen: {any_of: [{event: form.submitted}]}
  - id: by-role
    split_people:
      - {path: advisors, when: person.account_role == "advisor", nodes: []}
      - {path: staff, nodes: []}
)yaml";

World two_accounts(std::string_view journey = kJourney) {
  return World(test::workspace_with(std::string(journey)));
}

void make(World& world) {
  world.post_all({UpsertAccount{"acme", {}}, UpsertAccount{"beta", {}},
                  UpsertPerson{"ada", "acme", {{"title", text("VP")}}, "employee"}});
  world.run();
}

std::vector<std::string> keys(World& world, const std::string& account) {
  const NameBook names(world.reader());
  std::vector<std::string> keys;
  for (const PersonRecord& person : world.people(account)) {
    const std::string_view role = names.text_of(person.account_role);
    keys.push_back(person.key + (role.empty() ? "" : " " + std::string(role)));
  }
  return keys;
}

TEST_CASE("a person belongs to other accounts beside the first, with a role in each") {
  World world = two_accounts();
  make(world);
  CHECK(world.post(RelatePerson{"ada", "beta", "advisor"}).refused.empty());
  CHECK(keys(world, "acme") == std::vector<std::string>{"ada employee"});
  CHECK(keys(world, "beta") == std::vector<std::string>{"ada advisor"});
  CHECK(world.post(RelatePerson{"ada", "beta", "partner"}).refused.empty());
  CHECK(keys(world, "beta") == std::vector<std::string>{"ada partner"});
  CHECK(world.post(RelatePerson{"ada", "acme", "director"}).refused.empty());
  CHECK(keys(world, "acme") == std::vector<std::string>{"ada director"});
}

TEST_CASE("what happens to a person happens in all of their accounts, where each sees the role they have there") {
  World world = two_accounts();
  make(world);
  world.post(RelatePerson{"ada", "beta", "advisor"});
  world.event("form.submitted", "ada");
  CHECK(world.trail("acme").find("by-role/staff") != std::string::npos);
  CHECK(world.trail("beta").find("by-role/advisors") != std::string::npos);
  CHECK(world.activity("beta").size() == 1);
}

TEST_CASE("an attribute that is set in one account is so in all") {
  World world = two_accounts(R"yaml(journey: seeds
enter: {event: promoted}
nodes:
  - {id: set, update_person: {title: '"Chief"'}}
)yaml");
  make(world);
  world.post(RelatePerson{"ada", "beta", "advisor"});
  world.post(UpsertPerson{"ada", "", {{"title", text("Head")}}});
  CHECK(world.attributes(world.people("beta").at(0).attributes) == "title=Head");
  world.account_event("promoted", "beta");
  CHECK(world.attributes(world.people("acme").at(0).attributes) == "title=Chief");
  CHECK(world.attributes(world.people("beta").at(0).attributes) == "title=Chief");
}

TEST_CASE("a relation ends, and with the person all of them do") {
  World world = two_accounts();
  make(world);
  world.post(RelatePerson{"ada", "beta"});
  CHECK(world.post(RelatePerson{.person = "ada", .account = "beta", .related = false}).refused.empty());
  CHECK(world.people("beta").empty());
  CHECK(world.post(RelatePerson{.person = "ada", .account = "beta", .related = false}).refused ==
        "the person \"ada\" does not belong to the account \"beta\"");
  world.post(RelatePerson{"ada", "beta"});
  world.post(RemovePerson{"ada"});
  CHECK(world.people("acme").empty());
  CHECK(world.people("beta").empty());
}

TEST_CASE("a person whose first account becomes another one keeps the rest") {
  World world = two_accounts();
  make(world);
  world.account("gamma");
  world.post(RelatePerson{"ada", "beta", "advisor"});
  world.post(RelatePerson{"ada", "gamma", "partner"});
  CHECK(world.post(UpsertPerson{"ada", "beta", {}, "owner"}).refused.empty());
  CHECK(world.people("acme").empty());
  CHECK(keys(world, "beta") == std::vector<std::string>{"ada owner"});
  CHECK(keys(world, "gamma") == std::vector<std::string>{"ada partner"});
  CHECK(world.people("gamma").at(0).account == world.account_record("beta").id);
  world.restart();
  CHECK(keys(world, "beta") == std::vector<std::string>{"ada owner"});
  CHECK(keys(world, "gamma") == std::vector<std::string>{"ada partner"});
}

TEST_CASE("a relation that cannot be says why") {
  World world = two_accounts();
  make(world);
  world.post(UpsertPerson{"lone", "", {}});
  CHECK(world.post(RelatePerson{"bob", "beta"}).refused == "there is no person \"bob\": import them first");
  CHECK(world.post(RelatePerson{"ada", "nowhere"}).refused == "there is no account \"nowhere\": import it first");
  CHECK(world.post(RelatePerson{"lone", "beta"}).refused ==
        "the person \"lone\" has no account yet: import them with `account` first");
  CHECK(world.post(RelatePerson{.person = "ada", .account = "acme", .related = false}).refused ==
        "the account \"acme\" is the first of the person \"ada\": they leave it by being imported with another "
        "`account`");
}

TEST_CASE("a journey for people is entered once by somebody of two accounts that are both drawn") {
  World world = two_accounts(R"yaml(journey: seeds
for: person
enter: {audience: everyone}
nodes:
  - {id: on, wait: 1d}
)yaml");
  world.post_all({UpsertAccount{"acme", {}}, UpsertAccount{"beta", {}}, UpsertPerson{"ada", "acme", {}},
                  RelatePerson{"ada", "beta"}});
  world.run();
  CHECK(world.tokens("acme").size() == 1);
  CHECK(world.tokens("beta").empty());
}

TEST_CASE("an event's id counts in each account of its own") {
  World world = two_accounts();
  make(world);
  world.post(UpsertPerson{"bob", "beta", {}});
  world.post(RelatePerson{"ada", "beta"});
  const auto tell = [&](const std::string& person) {
    return world.post(
        TellEvent{.type = "page.viewed", .account = {}, .person = person, .id = "7", .at = {}, .properties = {}});
  };
  CHECK_FALSE(tell("bob").duplicate);
  CHECK_FALSE(tell("ada").duplicate);  // acme has not had it
  CHECK(tell("ada").duplicate);
  CHECK(world.activity("beta").size() == 1);
  CHECK(world.activity("acme").size() == 1);
}

TEST_CASE("journeys of two accounts that answer each other in a circle come to an end") {
  World world = two_accounts(R"yaml(journey: seeds
enter: {event: person.changed}
re_enter: {after: 1s}
nodes:
  - id: again
    listen: {any_of: [{event: person.changed}], timeout: 1d}
  - {id: warmer, change_score: {score: warmth, by: 1, of: people}, next: again}
)yaml");
  make(world);
  world.post(RelatePerson{"ada", "beta"});
  CHECK(world.post(UpsertPerson{"ada", "", {{"title", text("Head")}}}).refused.empty());
  world.advance(std::chrono::hours(2));
  CHECK(world.post(UpsertPerson{"ada", "", {{"title", text("Chief")}}}).refused.empty());
  CHECK(world.attributes(world.people("acme").at(0).attributes) ==
        world.attributes(world.people("beta").at(0).attributes));
  world.restart();
  CHECK(world.attributes(world.people("acme").at(0).attributes) ==
        world.attributes(world.people("beta").at(0).attributes));
}

TEST_CASE("what journeys of three accounts set of one person is all kept") {
  World world = two_accounts(R"yaml(journey: seeds
enter: {event: person.changed, where: event.attribute == "title"}
nodes:
  - id: which
    split:
      - {path: second, when: account.key == "beta", nodes: [{id: set, update_person: {status: '"seen"'}}]}
      - {path: others, nodes: []}
)yaml");
  make(world);
  world.account("gamma");
  world.post(RelatePerson{"ada", "beta"});
  world.post(RelatePerson{"ada", "gamma"});
  world.post(UpsertPerson{"ada", "", {{"title", text("Head")}}});
  for (const char* account : {"acme", "beta", "gamma"})
    CHECK(world.attributes(world.people(account).at(0).attributes) == "status=seen title=Head");
  world.restart();
  CHECK(world.attributes(world.people("acme").at(0).attributes) == "status=seen title=Head");
}

TEST_CASE("a person who moves takes along what was due to be set before") {
  World world = two_accounts(R"yaml(journey: seeds
enter: {audience: everyone}
nodes:
  - {id: on, wait: 1h}
  - {id: set, update_person: {status: '"seen"'}}
)yaml");
  make(world);
  world.advance_clock(std::chrono::hours(2));
  world.post(UpsertPerson{"ada", "beta", {}});
  CHECK(world.attributes(world.people("beta").at(0).attributes).find("status=seen") != std::string::npos);
}

TEST_CASE("a role in an account stays when the account becomes the first one") {
  World world = two_accounts();
  make(world);
  world.post(RelatePerson{"ada", "beta", "advisor"});
  CHECK(world.post(UpsertPerson{"ada", "beta", {}}).refused.empty());
  CHECK(keys(world, "beta") == std::vector<std::string>{"ada advisor"});
}

TEST_CASE("an event enters somebody of two accounts into a journey for people once") {
  World world = two_accounts(R"yaml(journey: seeds
for: person
enter: {event: form.submitted}
nodes:
  - {id: on, wait: 1d}
)yaml");
  make(world);
  world.post(RelatePerson{"ada", "beta"});
  world.event("form.submitted", "ada");
  CHECK(world.tokens("acme").size() == 1);
  CHECK(world.tokens("beta").empty());
}

TEST_CASE("one person is in the groups of two accounts") {
  SourceTexts texts =
      test::workspace_with("journey: seeds\nenter: {audience: everyone}\nnodes: [{id: on, wait: 1d}]\n");
  std::string& groups = texts["buying-groups/seeds.yaml"];
  groups += "audience: everyone\n";
  World world(texts);
  world.post_all({UpsertAccount{"acme", {}}, UpsertAccount{"beta", {}},
                  UpsertPerson{"ada", "acme", {{"title", text("VP")}}}, RelatePerson{"ada", "beta"}});
  world.run();
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada decision_maker"});
  CHECK(world.groups("beta") == std::vector<std::string>{"ai-driven-seeds: ada decision_maker"});
}

}  // namespace
}  // namespace caravan
