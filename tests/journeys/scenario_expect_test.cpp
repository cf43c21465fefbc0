// What can be wrong with what a scenario expects.
#include "tests/journeys/scenario_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

TEST_CASE("a step that expects nothing is a fault") {
  CHECK(
      step_faults("- expect: {account: acme}\n") ==
      Lines{"1:3: error: the step expects nothing; for example `at: NODE`, `state: completed`, `path: [...]` or `sent: "
            "[...]`"});
  CHECK(step_faults("- expect: []\n") == Lines{"1:3: error: the step expects nothing"});
  CHECK(
      step_faults("- expect: done\n") ==
      Lines{"1:11: error: what is expected must be a mapping, or a list of them; for example `expect: {account: acme, "
            "at: settle}`"});
  CHECK(expect_faults("acount: acme, at: settle") ==
        Lines{"1:3: error: nobody knows of whom this is expected; name an `account` or a `person`",
              "1:12: error: unknown key `acount`; did you mean \"account\"?"});
}

TEST_CASE("whose it is must be there, and be whom the journey is for") {
  CHECK(expect_faults("at: settle") ==
        Lines{"1:3: error: nobody knows of whom this is expected; name an `account` or a `person`"});
  CHECK(expect_faults("account: acmee, at: settle") ==
        Lines{"1:21: error: there is no account `acmee`; did you mean \"acme\"?"});
  CHECK(
      expect_faults("account: acme, person: zoe, sent: []") ==
      Lines{
          "1:35: error: the person `zoe` does not belong to the account `acme`; their accounts stand in `account` and "
          "`accounts` where they are made"});
  CHECK(expect_faults("account: acme, journey: training, entries: 1") ==
        Lines{"1:46: error: the journey `training` is for people; name a `person`"});
  CHECK(expect_faults("account: acme, journey: trainin, entries: 1") ==
        Lines{"1:36: error: there is no journey `trainin`; did you mean \"training\"?"});
}

TEST_CASE("where somebody stands is a node of the journey, the way there nodes and paths") {
  CHECK(expect_faults("account: acme, at: setle") ==
        Lines{"1:31: error: the journey `seeds` has no node `setle`; did you mean \"settle\"?"});
  CHECK(expect_faults("account: acme, at: end") ==
        Lines{"1:31: error: nobody stands at the end; expect `state: completed`"});
  CHECK(expect_faults("account: acme, state: complete") ==
        Lines{"1:34: error: `state` must be `waiting`, `listening`, `joining`, `held`, `completed`, `left` or "
              "`failed`; did "
              "you mean \"completed\"?"});
  CHECK(expect_faults("account: acme, at: nowhere, state: waiting") ==
        Lines{"1:27: error: who is `nowhere` has never entered, and has no state and no path; take one of them out"});
  CHECK(expect_faults(
            "account: acme, path: [hello, setle, by-industry/technolgy, hello/x, by-idustry/x, raise/timeout]") ==
        Lines{"1:41: error: the journey `seeds` has no node `setle`; did you mean \"settle\"?",
              "1:48: error: the node `by-industry` has no path `technolgy`; did you mean \"technology\"?",
              "1:71: error: the node `hello` has no paths; write `hello`",
              "1:80: error: the journey `seeds` has no node `by-idustry`; did you mean \"by-industry\"?"});
  CHECK(expect_faults("account: acme, path: [by-industry/nope]") ==
        Lines{"1:34: error: the node `by-industry` has no path `nope`; it has `technology` or `others`"});
  CHECK(expect_faults("account: acme, path: hello") == Lines{"1:33: error: `path` must be a list"});
  CHECK(
      expect_faults("account: acme, until: 2026-01-08T09:00:00") ==
      Lines{
          "1:34: error: `2026-01-08T09:00:00` says no time zone; add `Z` where it is UTC, else the offset, for example "
          "`+01:00`"});
  CHECK(expect_faults("account: acme, entries: -1") == Lines{"1:36: error: `entries` must be from 0 to 1000000"});
}

TEST_CASE("messages are of templates and connections of the workspace") {
  CHECK(expect_faults("account: acme, sent: [welcom]") ==
        Lines{"1:34: error: there is no mail or message `welcom`; did you mean \"welcome\"?"});
  CHECK(expect_faults("account: acme, sent: [invoice]") ==
        Lines{"1:34: error: there is no mail or message `invoice`; mails stand in emails/, messages in messages/; what "
              "`notify_sales` sends is `sales summary`"});
  CHECK(expect_faults("account: acme, sent: [crm, hello, sales summary, {template: sales summary}]") == Lines{});
  CHECK(expect_faults("account: acme, sent: [{to: x}]") ==
        Lines{"1:35: error: a message needs the key `template`; a call by `webhook` has `connection` instead"});
  CHECK(expect_faults("account: acme, sent: [{template: welcome, connection: crm}]") ==
        Lines{"1:54: error: a message is made from a `template` or is a call to a `connection`; take one of them out"});
  CHECK(expect_faults("account: acme, sent: [{connection: crn}]") ==
        Lines{"1:47: error: there is no connection `crn`; did you mean \"crm\"?"});
  CHECK(expect_faults("account: acme, sent: [{template: welcome, say: x}]") ==
        Lines{"1:54: error: unknown key `say`; did you mean \"says\"?"});
  CHECK(expect_faults("account: acme, notified: [{to: x}]") ==
        Lines{"1:39: error: `notified` takes a text, or a list of them"});
  CHECK(expect_faults("account: acme, events: [email.sent, form.submited]") ==
        Lines{"1:48: error: nothing raises the event `form.submited`; did you mean \"form.submitted\"?"});
  CHECK(
      expect_faults("account: acme, events: [audience.entered]") ==
      Lines{"1:36: error: the event `audience.entered` is heard when it happens, and not kept; expect what has come of "
            "it"});
}

TEST_CASE("groups have members, roles and stages that are there") {
  CHECK(expect_faults("account: acme, group: {completeness: 50}") ==
        Lines{"1:35: error: a group needs the key `solution_interest`"});
  CHECK(expect_faults("account: acme, group: {solution_interest: ai-driven-seeds}") ==
        Lines{"1:35: error: nothing is expected of the group; write `exists: true`, or for example `members`"});
  CHECK(
      expect_faults("account: acme, group: {solution_interest: ai-driven-seeds, exists: false, completeness: 0}") ==
      Lines{"1:71: error: a group that is not there has nothing else to expect; take `exists` out, or all other keys"});
  CHECK(
      expect_faults("account: acme, group: {solution_interest: ai-driven-seeds, completeness: 101, stage: Enganged}") ==
      Lines{"1:85: error: `completeness` must be from 0 to 100",
            "1:97: error: the stage model `pipeline` of `ai-driven-seeds` has no stage `Enganged`; did you mean "
            "\"Engaged\"?"});
  CHECK(expect_faults("account: acme, group: {solution_interest: ai-driven-seeds, members: {v: influencer}, "
                      "missing_roles: [buyer]}") ==
        Lines{"1:81: error: there is no person `v`; they stand under `given`, or an earlier step makes them",
              "1:113: error: the role template `seed-buyers` of `ai-driven-seeds` has no role `buyer`"});
}

TEST_CASE("lists, destinations and audiences are the workspace's, and of whom they are asked") {
  CHECK(expect_faults("account: acme, lists: [key-account]") ==
        Lines{"1:35: error: there is no list `key-account`; did you mean \"key-accounts\"?"});
  CHECK(expect_faults("account: acme, lists: [newsletter]") ==
        Lines{"1:35: error: the list `newsletter` holds people; name a `person`"});
  CHECK(expect_faults("person: vp, destinations: {ad-audience: true}") ==
        Lines{"1:39: error: the destination `ad-audience` holds accounts; name an `account`"});
  CHECK(expect_faults("account: acme, audiences: {growrs: true}") ==
        Lines{"1:39: error: there is no audience `growrs`; did you mean \"growers\"?"});
  CHECK(expect_faults("account: acme, audiences: {growers: yes}") ==
        Lines{"1:48: error: `growers` must be `true` or `false`"});
}

TEST_CASE("attributes are those of whom they are expected, and conditions are compiled for them") {
  CHECK(expect_faults("account: acme, attributes: {title: VP}") ==
        Lines{"1:40: error: the schema has no attribute `account.title`; add it to schema.yaml"});
  CHECK(expect_faults("person: vp, attributes: {titel: VP}") ==
        Lines{"1:37: error: the schema has no attribute `person.titel`; did you mean \"title\"?"});
  CHECK(expect_faults("account: acme, attributes: {employees: few}") ==
        Lines{"1:51: error: `employees` must be a whole number"});
  CHECK(expect_faults("account: acme, holds: account.idustry == 'x'") ==
        Lines{"1:42: error: Account has no field \"idustry\"; did you mean \"industry\"?"});
  CHECK(expect_faults("account: acme, holds: [account.employees]") ==
        Lines{"1:35: error: this is int, but bool is wanted here"});
  CHECK(expect_faults("account: acme, holds: person.title == 'x'").size() == 1);
  CHECK(expect_faults("person: vp, holds: person.title == 'x' && account.industry == 'y'") == Lines{});
}

TEST_CASE("a refusal is expected of a step that can be refused, right behind it") {
  CHECK(
      step_faults("- advance: 1d\n- expect: {refused: no}\n") ==
      Lines{"2:12: error: `refused` is about the step before, and there is none that can be refused; put it behind an "
            "`event`, an `enter` or the like"});
  CHECK(step_faults("- enter: {account: acme}\n- expect: {refused: already}\n") == Lines{});
  CHECK(
      step_faults("- enter: {account: acme}\n- expect: {account: acme, at: hello}\n- expect: {refused: no}\n").size() ==
      1);
}

}  // namespace
}  // namespace caravan
