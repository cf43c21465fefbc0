// What can be wrong with a scenario's head, with what it begins with and with its steps: each fault with its message
// and its place.
#include "tests/journeys/scenario_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

const std::string expecting = "steps: [{expect: {account: acme, at: nowhere}}]\n";
const std::string given = "given: {accounts: [{key: acme}]}\n";

TEST_CASE("a document below scenarios/ is a scenario, and says so first") {
  CHECK(scenario_faults("- 1\n") ==
        Lines{"1:1: error: a document must be a mapping that begins with what it is; for example `scenario: a grower "
              "reaches sales`"});
  CHECK(scenario_faults("scenaro: s\n") ==
        Lines{"1:1: error: unknown document type `scenaro`; did you mean \"scenario\"?"});
  CHECK(scenario_faults("test: s\n") ==
        Lines{"1:1: error: unknown document type `test`; a document in scenarios/ begins with `scenario`"});
  CHECK(scenario_faults("journey: j\nnodes: []\n") ==
        Lines{"1:1: error: `journey` does not belong here; its place is journeys/, or a folder that a step publishes"});
  CHECK(scenario_faults("journey: seeds\nscenario: s\n" + given + expecting) ==
        Lines{"2:1: error: `scenario` must be the first key of its document"});
  CHECK(faults_of("journeys/s.yaml", "scenario: s\n") ==
        Lines{"journeys/s.yaml:1:1: error: `scenario` does not belong here; its place is scenarios/"});
}

TEST_CASE("a scenario has a name of its own, in one line") {
  const std::string rest = "\njourney: seeds\n" + given + expecting;
  CHECK(scenario_faults("scenario:" + rest) == Lines{"1:1: error: `scenario` has no value"});
  CHECK(scenario_faults("scenario: [s]" + rest) == Lines{"1:11: error: `scenario` must be text, not a list"});
  CHECK(scenario_faults("scenario: \" \"" + rest) ==
        Lines{"1:11: error: the name of a scenario is one line of at most 200 bytes; say what it shows: `an enterprise "
              "grower reaches sales`"});
  CHECK(LoadedScenarios({{"a.yaml", "scenario: s" + rest}, {"s.yaml", "scenario: s" + rest}}).faults() ==
        Lines{"1:11: warning: there is already a scenario `s`; the first is at scenarios/a.yaml:1"});
}

TEST_CASE("the head's keys are known, and what they name is there") {
  CHECK(scenario_faults("scenario: s\njourny: seeds\n" + given +
                        "steps: [{expect: {account: acme, at: nowhere, journey: seeds}}]\n") ==
        Lines{"2:1: error: unknown key `journy`; did you mean \"journey\"?"});
  // What is about the journey is not told once more.
  CHECK(scenario_faults("scenario: s\njourney: seds\n" + given + expecting) ==
        Lines{"2:10: error: there is no journey `seds`; did you mean \"seeds\"?"});
  CHECK(scenario_faults("scenario: s\n" + given) == Lines{"1:11: error: a scenario needs the key `steps`"});
  CHECK(
      scenario_faults("scenario: s\njourney: seeds\nat: 2026-01-05T09:00:00\n" + given + expecting) ==
      Lines{
          "3:5: error: `2026-01-05T09:00:00` says no time zone; add `Z` where it is UTC, else the offset, for example "
          "`+01:00`"});
  CHECK(scenario_faults("scenario: s\njourney: seeds\nat: monday\n" + given + expecting) ==
        Lines{"3:5: error: `monday` is no date; write for example `2026-03-01`, `2026-03-01T09:00:00Z` or "
              "`2026-03-01T09:00:00+01:00`"});
  CHECK(scenario_faults("scenario: s\ngiven: [acme]\nsteps: {}\n") ==
        Lines{"2:8: error: `given` must be a mapping of keys to values", "3:8: error: `steps` must be a list"});
  CHECK(scenario_faults("scenario: s\njourney: seeds\ngiven: {acounts: [], accounts: [{key: acme}]}\n" + expecting) ==
        Lines{"3:9: error: unknown key `acounts`; did you mean \"accounts\"?"});
}

TEST_CASE("a scenario that expects nothing is a warning") {
  CHECK(scenario_faults("scenario: s\nsteps: [{advance: 3d}]\n") ==
        Lines{"1:11: warning: the scenario expects nothing; add a step `expect`: as it is, it shows that no step is "
              "refused, and nothing else"});
}

/// The faults of a scenario that begins with this, from line 2 on.
Lines given_faults(const std::string& text) {
  Lines faults =
      scenario_faults("scenario: s\n" + text + "steps: [{expect: {account: acme, at: nowhere, journey: seeds}}]\n");
  return faults;
}

TEST_CASE("accounts and people have keys, each once, and people belong to accounts that are there") {
  CHECK(given_faults("given: {accounts: [acme, {key: acme}]}\n") ==
        Lines{"2:20: error: an account must be a mapping that begins with `key`"});
  CHECK(given_faults("given: {accounts: [{industry: x}, {key: acme}]}\n") ==
        Lines{"2:21: error: an account needs the key `key`"});
  CHECK(given_faults("given: {accounts: [{key: ''}, {key: '~a'}, {key: acme}]}\n") ==
        Lines{"2:26: error: a key is not empty",
              "2:37: error: a key does not begin with `~`, which the engine keeps for itself"});
  CHECK(given_faults("given:\n  accounts:\n    - {key: acme}\n    - {key: acme}\n") ==
        Lines{"5:13: error: there is already an account `acme`; the first is in line 4"});
  CHECK(
      given_faults("given:\n  accounts: [{key: acme}]\n  people:\n    - {key: vp, account: acme}\n    - {key: vp}\n") ==
      Lines{"6:13: error: there is already a person `vp`; the first is in line 5"});
  CHECK(given_faults("given: {accounts: [{key: acme}], people: [{key: vp, account: acmee}]}\n") ==
        Lines{"2:62: error: there is no account `acmee`; did you mean \"acme\"?"});
  CHECK(given_faults("given: {accounts: [{key: acme}], people: [{key: vp, account: globex}]}\n") ==
        Lines{"2:62: error: there is no account `globex`; it stands under `given`, or an earlier step makes it"});
  CHECK(given_faults("given: {accounts: [{key: acme}], people: [{key: vp, accounts: [zeta, {acount: acme}]}]}\n") ==
        Lines{"2:64: error: there is no account `zeta`; it stands under `given`, or an earlier step makes it",
              "2:71: error: unknown key `acount`; did you mean \"account\"?"});
}

TEST_CASE("attributes are those of the schema, and so are the types of their values") {
  CHECK(given_faults("given: {accounts: [{key: acme, idustry: x}]}\n") ==
        Lines{"2:32: error: the schema has no attribute `account.idustry`; did you mean \"industry\"?"});
  CHECK(given_faults("given: {accounts: [{key: acme, colour: x}]}\n") ==
        Lines{"2:32: error: the schema has no attribute `account.colour`; add it to schema.yaml"});
  CHECK(given_faults("given: {accounts: [{key: acme}], people: [{key: vp, acount: acme}]}\n") ==
        Lines{"2:53: error: unknown key `acount`; did you mean \"account\"?"});
  CHECK(given_faults("given: {accounts: [{key: acme}], people: [{key: vp, engagement: 7}]}\n") ==
        Lines{"2:53: error: `engagement` is no attribute; every person has it, and Caravan keeps it itself"});
  CHECK(given_faults("given: {accounts: [{key: acme, employees: many}]}\n") ==
        Lines{"2:43: error: `employees` must be a whole number"});
  CHECK(given_faults("given: {accounts: [{key: acme, industry: 42}]}\n") ==
        Lines{"2:42: error: `industry` must be text; write it in quotes: `\"42\"`"});
  CHECK(given_faults("given: {accounts: [{key: acme, revenue: much, customer: yes, tags: x, address: [x]}]}\n") ==
        Lines{"2:41: error: `revenue` must be a number", "2:57: error: `customer` must be true or false",
              "2:68: error: `tags` must be a list", "2:80: error: `address` must be a map"});
  CHECK(given_faults("given: {accounts: [{key: acme, term: 3 days, since: soon}]}\n") ==
        Lines{"2:38: error: `term` must be a duration such as 2h or 3d",
              "2:53: error: `since` must be a date, or a time with its zone"});
  CHECK(
      given_faults("given: {accounts: [{key: acme, since: 2026-01-05T09:00:00}]}\n") ==
      Lines{
          "2:39: error: `2026-01-05T09:00:00` says no time zone; add `Z` where it is UTC, else the offset, for example "
          "`+01:00`; write it in quotes where it is a text"});
}

TEST_CASE("without a schema a key that is nearly one of a person's is a warning") {
  SourceTexts workspace = scenario_workspace();
  workspace.erase("schema.yaml");
  CHECK(LoadedScenarios({{"s.yaml",
                          "scenario: s\njourney: seeds\ngiven: {accounts: [{key: acme}], people: [{key: vp, "
                          "acount: acme}]}\n" +
                              expecting}},
                        workspace)
            .faults() == Lines{"3:53: warning: `acount` is taken for a name of your own; did you mean \"account\"?"});
}

TEST_CASE("groups are of accounts, interests, people, roles and stages that are there, each once") {
  const auto group = [](const std::string& keys) {
    return given_faults(
        "given:\n  accounts: [{key: acme}, {key: zeta}]\n  people: [{key: vp, account: acme}, {key: zoe, "
        "account: zeta}]\n  groups: [{" +
        keys + "}]\n");
  };
  CHECK(group("account: acme, solution_interest: ai-driven-seeds") == Lines{});
  CHECK(group("solution_interest: ai-driven-seeds") == Lines{"5:13: error: a group needs the key `account`"});
  CHECK(group("account: acme, solution_interest: ai-driven-seed") ==
        Lines{"5:47: error: there is no solution interest `ai-driven-seed`; did you mean \"ai-driven-seeds\"?"});
  CHECK(group("account: acme, solution_interest: ai-driven-seeds, members: {vp: influencr}") ==
        Lines{"5:78: error: the role template `seed-buyers` of `ai-driven-seeds` has no role `influencr`; did you mean "
              "\"influencer\"?"});
  CHECK(
      group("account: acme, solution_interest: ai-driven-seeds, members: {zoe: influencer}") ==
      Lines{
          "5:74: error: the person `zoe` does not belong to the account `acme`; their accounts stand in `account` and "
          "`accounts` where they are made"});
  CHECK(group("account: acme, solution_interest: ai-driven-seeds, removed: [nobody]") ==
        Lines{"5:74: error: there is no person `nobody`; they stand under `given`, or an earlier step makes them"});
  CHECK(group("account: acme, solution_interest: ai-driven-seeds, stage: Engagd") ==
        Lines{"5:71: error: the stage model `pipeline` of `ai-driven-seeds` has no stage `Engagd`; did you mean "
              "\"Engaged\"?"});
  CHECK(given_faults("given:\n  accounts: [{key: acme}]\n  groups:\n    - {account: acme, solution_interest: "
                     "ai-driven-seeds}\n    - {account: acme, solution_interest: ai-driven-seeds}\n") ==
        Lines{"6:8: error: the account `acme` has a group of `ai-driven-seeds` already; the first is in line 5"});
}

TEST_CASE("a step is a mapping with one key that is known") {
  CHECK(step_faults("- advance\n") ==
        Lines{"1:3: error: a step must be a mapping with one key; for example `advance: 3d`"});
  CHECK(
      step_faults("- advance: 3d\n  event: {}\n") ==
      Lines{"2:3: error: a step does one thing, and here are `advance` and `event`; begin each step with `- `, or put "
            "the keys of a step behind it in `{...}`"});
  CHECK(step_faults("- advnce: 3d\n") == Lines{"1:3: error: unknown step `advnce`; did you mean \"advance\"?"});
  CHECK(
      step_faults("- click: 3d\n") ==
      Lines{"1:3: error: unknown step `click`; a step is `expect`, `advance`, `event`, `account`, `person`, "
            "`remove_person`, `enter`, `group`, `score_engagement`, `channel`, `bounce`, `publish`, `pause`, `resume`, "
            "`close`, `abort`, `retry`, `skip` or `remove`"});
  CHECK(step_faults("- enter:\n") == Lines{"1:3: error: `enter` has no value"});
}

TEST_CASE("time goes forward, and says its zone") {
  CHECK(step_faults("- advance: -3d\n") ==
        Lines{"1:12: error: time does not go back; advance by a duration, for example `3d`"});
  CHECK(step_faults("- advance: soon\n") == Lines{"1:12: error: `soon` is not a duration: a number must stand before "
                                                  "each unit; write for example `90s`, `15m`, "
                                                  "`2h`, `3d`, `1w`, `1mo` or `1d12h`"});
  CHECK(step_faults("- advance: 0s\n") == Lines{"1:12: error: `advance` must be longer than nothing"});
  CHECK(step_faults("- advance: {too: end}\n") == Lines{"1:13: error: unknown key `too`; did you mean \"to\"?"});
  CHECK(step_faults("- advance: {}\n") == Lines{"1:3: error: `advance` needs the key `to`"});
  CHECK(
      step_faults("- advance: {to: 2026-01-08T09:00:00}\n") ==
      Lines{
          "1:17: error: `2026-01-08T09:00:00` says no time zone; add `Z` where it is UTC, else the offset, for example "
          "`+01:00`"});
  CHECK(step_faults("- advance: 1d\n- advance: {to: 2026-01-06T08:00:00Z}\n") ==
        Lines{"2:17: error: time does not go back; it is 2026-01-06T09:00:00Z here"});
  CHECK(step_faults("- advance: {to: end}\n- advance: {to: 2026-01-05T09:00:00Z}\n") ==
        Lines{"2:17: error: time does not go back; it is 2026-01-05T09:00:00Z or later here"});
  CHECK(step_faults("- advance: {to: 2127-01-01}\n") ==
        Lines{"1:3: error: a scenario lasts at most a hundred years; this step would lead to 2126-12-31T23:00:00Z"});
}

TEST_CASE("days are counted on the calendar of the workspace") {
  // In Berlin the clocks go forward on 29 March 2026: a day later is 23 hours later.
  CHECK(
      step_faults(
          "- advance: {to: 2026-03-28T12:00:00+01:00}\n- advance: 1d\n- advance: {to: 2026-03-29T12:00:00+02:00}\n") ==
      Lines{"3:17: error: time does not go back; it is 2026-03-29T10:00:00Z here"});
}

TEST_CASE("an event is one that somebody outside may tell, of somebody who is there") {
  CHECK(step_faults("- event: demo\n") == Lines{"1:10: error: an event must be a mapping that begins with `type`"});
  CHECK(step_faults("- event: {person: vp}\n") == Lines{"1:11: error: an event needs the key `type`"});
  CHECK(step_faults("- event: {type: form.submited, person: vp}\n") ==
        Lines{"1:17: error: nothing raises the event `form.submited`; did you mean \"form.submitted\"?"});
  CHECK(
      step_faults("- event: {type: buying_group.created, account: acme}\n") ==
      Lines{"1:17: error: the engine alone says that `buying_group.created` has happened; make it happen with another "
            "step, or give the event a type of its own"});
  CHECK(step_faults("- event: {type: .x, person: vp}\n") ==
        Lines{"1:17: error: `.x` is no type of event; it is words joined by dots, for example `form.submitted`"});
  CHECK(step_faults("- event: {type: form.submitted}\n") ==
        Lines{"1:11: error: the event happened to nobody; name a `person` or an `account`"});
  CHECK(step_faults("- event: {type: form.submitted, person: pv}\n") ==
        Lines{"1:41: error: there is no person `pv`; did you mean \"vp\"?"});
  CHECK(
      step_faults("- event: {type: form.submitted, person: zoe, account: acme}\n") ==
      Lines{
          "1:41: error: the person `zoe` does not belong to the account `acme`; their accounts stand in `account` and "
          "`accounts` where they are made"});
  CHECK(step_faults("- event: {type: form.submitted, person: ann, account: zeta}\n") == Lines{});
  CHECK(
      step_faults("- event: {type: form.submitted, person: vp, at: 2026-01-06}\n") ==
      Lines{
          "1:49: error: the event would happen at a time to come; it is 2026-01-05T09:00:00Z here; `advance` first, or "
          "leave `at` out"});
}

TEST_CASE("properties are those of the event, with the types of the schema") {
  CHECK(step_faults("- event: {type: form.submitted, person: vp, from: demo}\n") ==
        Lines{"1:45: error: the event `form.submitted` has no property `from`; did you mean \"form\"?"});
  CHECK(step_faults("- event: {type: webinar.attended, person: vp, seats: 3}\n") ==
        Lines{"1:47: error: the event `webinar.attended` has no property `seats`; add it to the `event` section of "
              "schema.yaml"});
  CHECK(step_faults("- event: {type: webinar.attended, person: vp, minutes: long}\n") ==
        Lines{"1:56: error: `minutes` must be a whole number"});
  CHECK(step_faults("- event: {type: email.opened, person: vp, colour: red}\n") ==
        Lines{"1:43: error: the event `email.opened` has no property `colour`; add it to the `event` section of "
              "schema.yaml"});
  CHECK(step_faults("- event: {type: form.submitted, person: vp, form: a, properties: {form: b}}\n") ==
        Lines{"1:67: error: the property `form` stands here twice; the first is in line 7"});
  CHECK(step_faults("- event: {type: form.submitted, person: vp, properties: {id: b}}\n") ==
        Lines{"1:58: error: `id` is no property; every event has one of its own"});
}

TEST_CASE("who was removed is not there any more") {
  CHECK(step_faults("- remove_person: vp\n- event: {type: form.submitted, person: vp}\n") ==
        Lines{"2:41: error: the person `vp` is not there any more; the step in line 7 has removed them"});
  CHECK(step_faults("- remove_person: nobody\n") ==
        Lines{"1:18: error: there is no person `nobody`; they stand under `given`, or an earlier step makes them"});
}

TEST_CASE("who enters is whom the journey is for") {
  CHECK(step_faults("- enter: {person: vp}\n") ==
        Lines{"1:11: error: the journey `seeds` is for accounts; name an `account`"});
  CHECK(step_faults("- enter: {journey: training, account: acme}\n") ==
        Lines{"1:3: error: the journey `training` is for people; name a `person`"});
  CHECK(step_faults("- enter: {}\n") ==
        Lines{"1:3: error: nobody enters; name an `account`, or a `person` for a journey for people"});
  CHECK(step_faults("- enter: {account: acme, person: vp}\n") ==
        Lines{"1:26: error: an account enters, or a person, not both"});
  CHECK(step_faults("- enter: {account: acme, journey: training2}\n") ==
        Lines{"1:35: error: there is no journey `training2`; did you mean \"training\"?"});
}

TEST_CASE("without a journey at the top steps name theirs") {
  const std::string top =
      "scenario: s\ngiven: {accounts: [{key: acme}]}\nsteps:\n  - expect: {account: acme, lists: "
      "{key-accounts: false}}\n";
  CHECK(scenario_faults(top + "  - enter: {account: acme}\n") ==
        Lines{"5:5: error: nobody knows which journey this means; name it here with `journey`, or at the top of the "
              "scenario"});
  CHECK(scenario_faults(top + "  - pause:\n") ==
        Lines{"5:5: error: nobody knows which journey `pause` means; write `pause: JOURNEY`"});
  CHECK(scenario_faults(top + "  - skip: {node: settle}\n") ==
        Lines{"5:5: error: nobody knows which journey `skip` means; name it here with `journey`, or at the top of the "
              "scenario"});
  CHECK(scenario_faults(top + "  - expect: {account: acme, at: settle}\n") ==
        Lines{"5:29: error: nobody knows which journey `at` means; name it here with `journey`, or at the top of the "
              "scenario"});
}

TEST_CASE("commands name journeys, nodes and accounts that are there") {
  CHECK(step_faults("- pause: sedes\n") == Lines{"1:10: error: there is no journey `sedes`; did you mean \"seeds\"?"});
  CHECK(step_faults("- retry: {node: setle}\n") ==
        Lines{"1:17: error: the journey `seeds` has no node `setle`; did you mean \"settle\"?"});
  CHECK(step_faults("- remove: {acount: acme}\n") ==
        Lines{"1:12: error: unknown key `acount`; did you mean \"account\"?"});
  CHECK(step_faults("- skip: {account: globex}\n") ==
        Lines{"1:19: error: there is no account `globex`; it stands under `given`, or an earlier step makes it"});
  CHECK(step_faults("- score_engagement: now\n") == Lines{"1:21: error: `score_engagement` takes no value"});
  CHECK(step_faults("- group: {account: acme, solution_interest: ai-driven-seeds}\n") ==
        Lines{"1:3: error: the step changes nothing; add `members`, `removed`, `stage` or `status`"});
}

TEST_CASE("engagement is scored only where a model is active") {
  SourceTexts workspace = scenario_workspace();
  workspace.erase("buying-groups/engagement.yaml");
  CHECK(LoadedScenarios({{"s.yaml", "scenario: s\njourney: seeds\n" + given +
                                        "steps:\n  - score_engagement:\n  - expect: {account: acme, at: nowhere}\n"}},
                        workspace)
            .faults() ==
        Lines{"5:5: error: nothing scores engagement; the workspace has no active `engagement_model`"});
}

TEST_CASE("a channel is one of the workspace's, in a state that it can have") {
  CHECK(step_faults("- channel: {name: email}\n") == Lines{"1:3: error: `channel` needs the key `state`"});
  CHECK(step_faults("- channel: {name: mail, state: down}\n") ==
        Lines{"1:19: error: there is no channel `mail`; did you mean \"email\"?"});
  CHECK(step_faults("- channel: {name: chat, state: down}\n") ==
        Lines{"1:19: error: caravan.yaml has no channel `chat`; see `caravan help channels`"});
  CHECK(step_faults("- channel: {name: email, state: donw}\n") ==
        Lines{"1:33: error: `state` must be `up`, `down` or `refuses`; did you mean \"down\"?"});
  CHECK(step_faults("- channel: {name: email, state: up, reason: x}\n") ==
        Lines{"1:37: error: `reason` is why messages do not come through, and the state is `up`"});
  CHECK(step_faults("- channel: {name: email, state: up, status: 500}\n") ==
        Lines{"1:37: error: `status` is of a connection that is `up`"});
  CHECK(step_faults("- channel: {name: crm, state: down, answer: {}}\n") ==
        Lines{"1:37: error: `answer` is of a connection that is `up`"});
  CHECK(step_faults("- channel: {name: crm, state: up, status: 42}\n") ==
        Lines{"1:43: error: `status` must be from 100 to 599"});
  CHECK(step_faults("- channel: {name: crm, state: down, to: x}\n") ==
        Lines{"1:37: error: `to` is an address, which a connection has none of"});
  CHECK(step_faults("- channel: {name: email, state: down, template: welcom}\n") ==
        Lines{"1:49: error: there is no mail or message `welcom`; did you mean \"welcome\"?"});
  CHECK(step_faults("- bounce: {template: welcom}\n") ==
        Lines{"1:22: error: there is no mail or message `welcom`; did you mean \"welcome\"?"});
}

}  // namespace
}  // namespace caravan
