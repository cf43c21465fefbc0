// What node types do in a journey for people: the person is the only one in scope, and has an account or has none.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// A journey for people that everybody enters who signs up.
SourceTexts for_people(const std::string& nodes) {
  SourceTexts texts =
      workspace_with("journey: seeds\nfor: person\nenter: {event: signed.up}\nnodes:\n" + indented(nodes, 2));
  texts["caravan.yaml"] = "timezone: UTC\nlists:\n  guests: {of: people}\n  targets: {of: accounts}\n";
  return texts;
}

/// Ada of acme, and Zoe, who has no account, both sign up; Bob of acme does not.
void sign_up(World& world) {
  const auto person = [](const std::string& key, const std::string& account) {
    return UpsertPerson{key, account, {{"email", text(key + "@acme.example")}, {"title", text("VP")}}};
  };
  world.post_all({UpsertAccount{"acme", {{"region", text("emea")}}}, person("ada", "acme"), person("bob", "acme"),
                  person("zoe", "")});
  world.event("signed.up", "ada");
  world.event("signed.up", "zoe");
}

/// The record that stands in for the account of somebody who has none.
std::string stand_in(const std::string& person) {
  return kStandInMark + person;
}

}  // namespace

TEST_CASE("in a journey for people messages go to the person alone") {
  World world(for_people("- id: mail\n  send_email: welcome\n"));
  sign_up(world);
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to ada@acme.example"});
  CHECK(world.mails(stand_in("zoe")) == std::vector<std::string>{"welcome to zoe@acme.example"});
}

TEST_CASE("in a journey for people a people split is a split of the person") {
  World world(
      for_people("- id: split\n  split_people:\n    - {path: vps, when: person.title == \"VP\", nodes: [{id: stay, "
                 "wait: 1d}]}\n- id: last\n  wait: 1d\n"));
  sign_up(world);
  CHECK(world.trail("acme") == "split/vps stay:stopped");
  world.advance(24h);
  CHECK(world.trail("acme") == "split/vps stay:stopped last:stopped");
}

TEST_CASE("in a journey for people a variant split goes by the person, and by quota in turn") {
  World world(
      for_people("- id: variants\n  variant_split:\n    assign: quota\n    paths:\n      - {path: a, percent: 50, "
                 "nodes: []}\n      - {path: b, percent: 50, nodes: []}\n"));
  sign_up(world);
  CHECK(world.trail("acme") == "variants/a");
  CHECK(world.trail(stand_in("zoe")) == "variants/b");
}

TEST_CASE("in a journey for people a listen hears of the person and of the account, not of colleagues") {
  World world(for_people("- id: raise\n  listen: {any_of: [form.submitted, contract.signed]}\n"));
  sign_up(world);
  world.event("form.submitted", "bob");
  CHECK(world.standing("acme") == "listening at raise");
  world.account_event("contract.signed", "acme");
  CHECK(world.standing("acme") == "completed at raise");
  CHECK(world.standing(stand_in("zoe")) == "listening at raise");
  world.event("form.submitted", "zoe");
  CHECK(world.standing(stand_in("zoe")) == "completed at raise");
}

TEST_CASE("in a journey for people scores and moments are the person's, and only they are changed") {
  World world(
      for_people("- id: score\n  change_score: {score: fit, by: 5}\n- id: mark\n  update_person: {seen: 'true'}\n- "
                 "id: moment\n  interesting_moment: {type: web, description: Signed up}\n"));
  sign_up(world);
  CHECK(world.trail("acme") == "score mark moment");
  CHECK(attributes_of(world, "acme", "ada") == "email=ada@acme.example fit=5 seen=true title=VP");
  CHECK(attributes_of(world, "acme", "bob") == "email=bob@acme.example title=VP");
  CHECK(attributes_of(world, stand_in("zoe"), "zoe") == "email=zoe@acme.example fit=5 seen=true title=VP");
}

TEST_CASE("a person joins their account's buying group; without an account there is none") {
  World world(
      for_people("- id: join\n  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user}\n- id: "
                 "tell\n  notify_sales: {solution_interest: ai-driven-seeds, to: sales@example.com}\n- id: leave\n  "
                 "remove_from_buying_group: ai-driven-seeds\n"));
  sign_up(world);
  CHECK(world.trail("acme") == "join tell leave");
  CHECK(world.trail(stand_in("zoe")) == "join:nobody tell:nobody leave:nobody");
  CHECK(world.groups(stand_in("zoe")).empty());
  CHECK(world.mails(stand_in("zoe")).empty());
}

TEST_CASE("what is the account's is nobody's where the person has no account") {
  World world(
      for_people("- id: update\n  update_account: {champion: person.key}\n- id: score\n  change_score: {score: "
                 "warmth, by: 1, of: account}\n- id: target\n  add_to_list: targets\n- id: guest\n  add_to_list: "
                 "guests\n"));
  sign_up(world);
  CHECK(world.trail("acme") == "update score target guest");
  CHECK(world.attributes(world.account_record("acme").attributes) == "champion=ada region=emea warmth=1");
  CHECK(world.trail(stand_in("zoe")) == "update:nobody score:nobody target:nobody guest");
  CHECK(world.attributes(world.account_record(stand_in("zoe")).attributes) == "");
  CHECK(roster_of(world, RosterKind::list, "targets") == std::vector<std::string>{"acme"});
  CHECK(roster_of(world, RosterKind::list, "guests") == std::vector<std::string>{"ada", "zoe"});
}

TEST_CASE("a person who waits stays in the journey over a restart") {
  World world(for_people("- id: settle\n  wait: 1d\n- id: mail\n  send_email: welcome\n"));
  sign_up(world);
  world.restart();
  world.advance(24h);
  CHECK(world.mails("acme").size() == 1);
  CHECK(world.mails(stand_in("zoe")).size() == 1);
}
