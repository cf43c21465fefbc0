// Buying groups that an audience makes: when they come to be, who is in them, and what brings them to what they must
// be.

#include "tests/engine/engine_tests.hpp"

namespace caravan {
namespace {

using test::text;
using test::World;

constexpr std::string_view kJourney = R"yaml(journey: seeds
enter: {audience: growers}
nodes:
  - id: told
    split:
      - {path: third, when: 'group("ai-driven-seeds").completeness > 33.0 && group("ai-driven-seeds").completeness < 34.0', nodes: []}
      - {path: others, nodes: []}
)yaml";

constexpr std::string_view kAudience = R"yaml(audience: growers
when: account.industry == "agriculture"
)yaml";

constexpr std::string_view kGroups = R"yaml(role_template: seed-buyers
roles:
  - role: decision_maker
    weighting: vital
    when: person.title.matches("(?i)^(chief|vp|head|director)")
  - role: influencer
    weighting: important
    when: person.title.contains("Agronom")
  - role: champion
  - role: user
    required: false
    when: account.country == "NL" && person.title == "Farm Manager"
---
solution_interest: ai-driven-seeds
role_template: seed-buyers
audience: growers
stage_model: pipeline
---
stage_model: pipeline
stages:
  - {stage: Identified, entry: true, to: [Engaged]}
  - {stage: Engaged, to: [Won]}
  - {stage: Won, outcome: success}
)yaml";

SourceTexts growers(std::string_view groups = kGroups, std::string_view journey = kJourney) {
  SourceTexts texts = test::workspace_with(std::string(journey));
  texts["audiences/growers.yaml"] = kAudience;
  texts["buying-groups/seeds.yaml"] = groups;
  return texts;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string changed(text);
  changed.replace(changed.find(what), what.size(), with);
  return changed;
}

UpsertAccount grower(const std::string& key, const std::string& country = "DE") {
  return {key, {{"industry", text("agriculture")}, {"country", text(country)}}};
}

UpsertPerson titled(const std::string& key, const std::string& title, const std::string& account = "acme") {
  return {key, account, {{"title", text(title)}}};
}

/// `acme-vp decision_maker by conditions`, removed ones behind a minus; without those who never were in it.
std::vector<std::string> members(World& world, const std::string& account = "acme") {
  const NameBook names(world.reader());
  std::vector<std::string> lines;
  for (const GroupRecord& group : world.group_records(account)) {
    for (const MemberRecord& member : group.members) {
      constexpr std::array sources = {"", "conditions", "journey", "hand"};
      std::string line = member.removed ? "-" : "";
      for (const PersonRecord& person : world.people(account)) {
        if (person.id == member.person) line += person.key;
      }
      line +=
          " " + std::string(names.text_of(member.role)) + " by " + sources.at(static_cast<std::size_t>(member.source));
      if (!member.reason.empty()) line += ": " + member.reason;
      lines.push_back(line);
    }
  }
  return lines;
}

std::string change(World& world, ChangeMember::Command command, const std::string& person, const std::string& role = {},
                   const std::string& reason = {}) {
  return world.post(ChangeMember{command, "acme", "ai-driven-seeds", person, role, reason}).refused;
}

constexpr auto kAssign = ChangeMember::Command::assign;
constexpr auto kRemove = ChangeMember::Command::remove;
constexpr auto kRelease = ChangeMember::Command::release;

TEST_CASE("an account that comes into the audience has a group of those whose title fits, before its journey begins") {
  World world(growers());
  world.post_all({grower("acme"), titled("vp", "VP Research"), titled("agro", "Agronomist"), titled("cook", "Cook"),
                  UpsertAccount{"beta", {{"industry", text("retail")}}}, titled("boss", "Chief", "beta")});
  world.run();
  CHECK(members(world) == std::vector<std::string>{"vp decision_maker by conditions", "agro influencer by conditions"});
  CHECK(world.group_records("beta").empty());
  CHECK(world.trail("acme") == "told/others");
  world.post_all({grower("gamma"), titled("head", "Head of Fields", "gamma")});
  world.run();
  CHECK(world.trail("gamma") == "told/third");
}

TEST_CASE("accounts that were there before have their groups made when the interest is published") {
  World world(growers(replaced(kGroups, "audience: growers\n", "")));
  world.post_all({grower("acme"), titled("vp", "VP Research")});
  world.run();
  CHECK(world.group_records("acme").empty());
  REQUIRE(world.publish(growers()).empty());
  CHECK(members(world) == std::vector<std::string>{"vp decision_maker by conditions"});
}

TEST_CASE("a group follows the titles, the account's attributes, and who is there") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Farm Manager")});
  world.run();
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by conditions"});
  world.post(titled("a", "Agronomist"));
  CHECK(members(world) == std::vector<std::string>{"a influencer by conditions"});
  world.post(grower("acme", "NL"));
  CHECK(members(world) == std::vector<std::string>{"a influencer by conditions", "b user by conditions"});
  world.post(titled("b", "Head Cook"));
  CHECK(members(world) == std::vector<std::string>{"a influencer by conditions", "b decision_maker by conditions"});
  world.post(titled("a", "Cook"));
  CHECK(members(world) == std::vector<std::string>{"-a influencer by conditions", "b decision_maker by conditions"});
  world.post(titled("a", "Director"));
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by conditions", "b decision_maker by conditions"});
  world.post(RemovePerson{"b"});
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by conditions"});
}

TEST_CASE("a group outlives its account's stay in the audience, and is kept right all the same") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research")});
  world.run();
  world.post(UpsertAccount{"acme", {{"industry", text("retail")}}});
  world.post(titled("a", "Agronomist"));
  CHECK(members(world) == std::vector<std::string>{"a influencer by conditions"});
}

TEST_CASE("other roles are filled when their template is published anew") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Agronomist")});
  world.run();
  REQUIRE(world.publish(growers(replaced(kGroups, "contains(\"Agronom\")", "contains(\"Cook\")"))).empty());
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by conditions", "-b influencer by conditions"});
}

TEST_CASE("an audience that is published with another journey lets accounts into those that were not") {
  constexpr std::string_view drawn = R"yaml(journey: seeds
enter: {audience: growers}
nodes:
  - {id: on, wait: 30d}
)yaml";
  SourceTexts texts = growers(replaced(kGroups, "audience: growers\n", ""), drawn);
  texts["journeys/other.yaml"] = "journey: other\nenter: {event: asked}\nnodes: [{id: on, wait: 1d}]\n";
  World world(texts);
  world.post_all({UpsertAccount{"beta", {{"industry", text("retail")}}}});
  world.run();
  CHECK(world.tokens("beta").empty());
  texts["audiences/growers.yaml"] = "audience: growers\nwhen: account.industry != \"\"\n";
  REQUIRE(world.publish(texts, Publish::UnderWay::stay, {}, {"other"}).empty());
  CHECK(world.standing("beta") == "waiting at on");
}

TEST_CASE("a goal that another number of members reaches is reached when that is published") {
  constexpr std::string_view aiming = R"yaml(journey: seeds
enter: {audience: growers}
goal: group("ai-driven-seeds").completeness > 60.0
nodes:
  - {id: on, wait: 30d}
)yaml";
  const std::string two = replaced(kGroups, "weighting: vital\n", "weighting: vital\n    members_required: 2\n");
  World world(growers(two, aiming));
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Agronomist")});
  world.run();
  CHECK_FALSE(world.token("acme").reached_goal);
  REQUIRE(world.publish(growers(kGroups, aiming)).empty());
  CHECK(world.token("acme").reached_goal);
}

TEST_CASE("what is done by hand stays, and its reason; released, the conditions decide again") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Cook")});
  world.run();
  CHECK(change(world, kAssign, "b", "champion", "met at the fair").empty());
  CHECK(change(world, kRemove, "a", {}, "left the project").empty());
  const std::vector<std::string> by_hand = {"-a decision_maker by hand: left the project",
                                            "b champion by hand: met at the fair"};
  CHECK(members(world) == by_hand);
  world.post(titled("a", "Chief"));
  world.post(titled("b", "Head Cook"));
  CHECK(members(world) == by_hand);
  CHECK(change(world, kRelease, "a").empty());
  CHECK(change(world, kRelease, "b").empty());
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by conditions", "b decision_maker by conditions"});
  CHECK(change(world, kRelease, "b") == "nothing was decided by hand or by a journey about b in ai-driven-seeds");
}

TEST_CASE("whoever is put in by hand without a role takes the first that fits") {
  World world(growers(replaced(kGroups, "audience: growers\n", "")));
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Cook")});
  world.run();
  CHECK(change(world, kAssign, "a").empty());
  CHECK(change(world, kAssign, "b") == "no role of ai-driven-seeds fits b: name one");
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by hand"});
}

TEST_CASE("where an audience makes groups, one that is made by hand follows the conditions as well") {
  World world(growers());
  world.post_all(
      {UpsertAccount{"acme", {{"industry", text("retail")}}}, titled("a", "VP Research"), titled("b", "Cook")});
  world.run();
  REQUIRE(world.group_records("acme").empty());
  CHECK(change(world, kAssign, "b", "champion", "met at the fair").empty());
  CHECK(members(world) ==
        std::vector<std::string>{"a decision_maker by conditions", "b champion by hand: met at the fair"});
}

TEST_CASE("a change by hand that cannot be done says why") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research"), UpsertAccount{"beta", {}}});
  world.run();
  CHECK(change(world, kAssign, "nobody", "champion") == "the account \"acme\" has no person \"nobody\"");
  CHECK(change(world, kAssign, "a", "chanpion") ==
        "ai-driven-seeds has no role \"chanpion\": did you mean \"champion\"?");
  CHECK(world.post(ChangeMember{kAssign, "nowhere", "ai-driven-seeds", "a"}).refused ==
        "there is no account \"nowhere\"");
  CHECK(world.post(ChangeMember{kAssign, "acme", "ai-driven-seed", "a"}).refused ==
        "no solution interest \"ai-driven-seed\" is published: did you mean \"ai-driven-seeds\"?");
  CHECK(world.post(ChangeGroup{"beta", "ai-driven-seeds", "Engaged"}).refused ==
        "the account \"beta\" has no buying group of ai-driven-seeds");
  CHECK(world.post(ChangeGroup{"acme", "ai-driven-seeds", "Won"}).refused ==
        "the stage model of ai-driven-seeds does not lead from Identified to Won");
}

TEST_CASE("stages and statuses keep their history: when, from what, by whom and why") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research")});
  world.run();
  world.advance(std::chrono::hours(24));
  CHECK(world.post(ChangeGroup{"acme", "ai-driven-seeds", "Engaged", "hot", "asked for a demo"}).refused.empty());
  CHECK(world.group_records("acme").at(0).stage_since == test::kMonday + std::chrono::hours(24));
  const NameBook names(world.reader());
  std::vector<GroupChangeRecord> history;
  world.reader().group_changes_of(world.account_record("acme").id, history);
  REQUIRE(history.size() == 3);
  CHECK(history[0].at == test::kMonday);
  CHECK(history[0].before == NameId{});
  CHECK(names.text_of(history[0].after) == "Identified");
  CHECK(history[0].source == MembershipSource::conditions);
  CHECK(names.text_of(history[1].before) == "Identified");
  CHECK(names.text_of(history[1].after) == "Engaged");
  CHECK(history[1].source == MembershipSource::hand);
  CHECK(history[1].reason == "asked for a demo");
  CHECK(history[2].aspect == GroupAspect::status);
  CHECK(names.text_of(history[2].after) == "hot");
}

TEST_CASE("a member taken out and put in again leaves the group as it was") {
  World world(growers());
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Agronomist")});
  world.run();
  REQUIRE(change(world, kAssign, "b", "influencer").empty());
  const std::vector<std::string> before = members(world);
  REQUIRE(change(world, kRemove, "b").empty());
  REQUIRE(change(world, kAssign, "b", "influencer").empty());
  CHECK(members(world) == before);
}

TEST_CASE("journeys hear of a group that is made, filled and changed") {
  constexpr std::string_view listening = R"yaml(journey: seeds
enter: {event: buying_group.completeness_changed, where: 'event.solution_interest == "ai-driven-seeds" && event.new > 60.0'}
nodes:
  - {id: welcome, wait: 1d}
)yaml";
  World world(growers(kGroups, listening));
  world.post_all({grower("acme"), titled("a", "VP Research")});
  world.run();
  CHECK(world.tokens("acme").empty());
  world.post(titled("b", "Agronomist"));
  CHECK(world.standing("acme") == "waiting at welcome");
}

TEST_CASE("conditions that read the time are asked at midnight") {
  constexpr std::string_view timed = R"yaml(role_template: seed-buyers
roles:
  - role: reader
    when: person.activity("page.viewed", "2d").size() > 0
---
solution_interest: ai-driven-seeds
role_template: seed-buyers
audience: growers
)yaml";
  constexpr std::string_view waiting = R"yaml(journey: seeds
enter: {audience: growers}
nodes:
  - {id: on, wait: 30d}
)yaml";
  World world(growers(timed, waiting));
  world.post_all({grower("acme"), titled("a", "VP Research")});
  world.run();
  CHECK(members(world).empty());
  world.event("page.viewed", "a");
  CHECK(members(world) == std::vector<std::string>{"a reader by conditions"});
  world.advance(std::chrono::hours(24));
  CHECK(members(world) == std::vector<std::string>{"a reader by conditions"});
  world.advance(std::chrono::hours(48));
  CHECK(members(world) == std::vector<std::string>{"-a reader by conditions"});
}

TEST_CASE("a person who leaves the account leaves its groups, and can come back") {
  World world(growers());
  world.post_all({grower("acme"), grower("beta"), titled("a", "VP Research")});
  world.run();
  world.post(titled("a", "VP Research", "beta"));
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: "});
  CHECK(members(world, "beta") == std::vector<std::string>{"a decision_maker by conditions"});
  world.post(titled("a", "VP Research", "acme"));
  CHECK(members(world) == std::vector<std::string>{"a decision_maker by conditions"});
}

TEST_CASE("who was taken out can be asked for, and the engine's own restart changes nothing") {
  constexpr std::string_view asking = R"yaml(journey: seeds
enter: {event: asked}
re_enter: {after: 1s}
nodes:
  - id: gone
    split_people:
      - {path: removed, when: 'person.was_removed("ai-driven-seeds")', nodes: []}
      - {path: there, when: 'person.role("ai-driven-seeds") != ""', nodes: []}
)yaml";
  World world(growers(kGroups, asking));
  world.post_all({grower("acme"), titled("a", "VP Research"), titled("b", "Agronomist")});
  world.run();
  REQUIRE(change(world, kRemove, "a").empty());
  world.restart();
  const std::vector<std::string> before = members(world);
  world.account_event("asked", "acme");
  CHECK(world.counted(CounterKind::taken, "gone", "removed") == 1);
  CHECK(world.counted(CounterKind::taken, "gone", "there") == 1);
  CHECK(members(world) == before);
}

}  // namespace
}  // namespace caravan
