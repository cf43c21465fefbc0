// Scenarios as they should be: what is read of them.
#include "tests/journeys/scenario_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

Instant at(std::string_view text) {
  return *parse_instant(text);
}

template <class Step>
const Step& step(const ScenarioDefinition& scenario, std::size_t index) {
  return std::get<Step>(scenario.steps.at(index).what);
}

TEST_CASE("the scenario of the language's description is read as it says") {
  const LoadedScenarios loaded(alone(R"(scenario: an enterprise grower reaches sales
journey: seeds
at: 2026-01-05T09:00:00Z
given:
  accounts:
    - {key: acme, industry: technology, employees: 4200}
  people:
    - {key: acme-vp, account: acme, email: vp@acme.example, title: VP Research}
steps:
  - advance: 3d
  - expect: {account: acme, at: raise, path: [hello, settle, by-industry/technology, tech, raise]}
  - event: {type: form.submitted, person: acme-vp, form: demo}
  - expect:
      account: acme
      state: completed
      sent: [{template: welcome, to: vp@acme.example}, farewell]
      notified: [owner@example.com, emea-sales@example.com]
)"));
  REQUIRE(loaded.faults() == Lines{});
  REQUIRE(loaded.set.scenarios.size() == 1);
  const ScenarioDefinition& scenario = loaded.set.scenarios[0];
  CHECK(scenario.name == "an enterprise grower reaches sales");
  CHECK(scenario.row.empty());
  CHECK(scenario.journey == "seeds");
  CHECK(scenario.at == at("2026-01-05T09:00:00Z"));
  REQUIRE(scenario.accounts.size() == 1);
  CHECK(scenario.accounts[0].key == "acme");
  REQUIRE(scenario.accounts[0].attributes.size() == 2);
  CHECK(std::get<std::int64_t>(scenario.accounts[0].attributes[1].value.value) == 4200);
  REQUIRE(scenario.people.size() == 1);
  CHECK(scenario.people[0].account == "acme");
  CHECK(scenario.people[0].attributes[1].name == "title");
  REQUIRE(scenario.steps.size() == 4);
  CHECK(scenario.steps[0].key == "advance");
  CHECK(position_of(scenario.steps[0].place).line == 10);
  CHECK(step<AdvanceStep>(scenario, 0).by->days == std::chrono::days(3));
  const auto& stands = step<ExpectStep>(scenario, 1);
  CHECK(stands.journey == "seeds");
  CHECK(stands.at == "raise");
  CHECK(*stands.path == Lines{"hello", "settle", "by-industry/technology", "tech", "raise"});
  CHECK(position_of(stands.places.at("path")).column == 40);
  const auto& event = step<ScenarioEvent>(scenario, 2);
  CHECK(event.type == "form.submitted");
  CHECK(event.person == "acme-vp");
  REQUIRE(event.properties.size() == 1);
  CHECK(std::get<std::string>(event.properties[0].value.value) == "demo");
  const auto& ended = step<ExpectStep>(scenario, 3);
  CHECK(ended.state == "completed");
  REQUIRE(ended.sent->size() == 2);
  CHECK(ended.sent->at(0).message == "welcome");
  CHECK(ended.sent->at(0).to == "vp@acme.example");
  CHECK(ended.sent->at(1).message == "farewell");
  CHECK_FALSE(ended.sent->at(1).to);
  CHECK(*ended.notified == Lines{"owner@example.com", "emea-sales@example.com"});
  CHECK_FALSE(ended.path);
}

TEST_CASE("every kind of step is read") {
  const LoadedScenarios loaded(alone(R"(scenario: s
journey: seeds
given:
  accounts: [{key: acme}, {key: zeta}]
  people: [{key: vp, account: acme, account_role: owner, accounts: [{account: zeta, role: advisor}]}]
  groups:
    - {account: acme, solution_interest: ai-driven-seeds, members: {vp: influencer}, stage: Engaged, status: hot}
  events: [{type: form.submitted, person: vp, id: e1, at: 2026-01-01T00:00:00Z, properties: {form: demo}}]
steps:
  - advance: {to: 2026-01-06T09:00:00+01:00}
  - advance: {to: end}
  - account: {key: new, customer: true}
  - person: {key: vp, account: new, account_role: }
  - remove_person: vp
  - enter: {account: acme}
  - pause:
  - resume: training
  - close: seeds
  - abort: seeds
  - retry: {node: hello, account: acme}
  - skip: {node: hello}
  - remove: {account: acme}
  - score_engagement:
  - channel: {name: email, state: down, reason: no route}
  - channel: {name: crm, state: up, status: 503, answer: {code: 7}}
  - bounce: {to: vp@acme.example, template: welcome, reason: no such user}
  - group: {account: acme, solution_interest: ai-driven-seeds, stage: Engaged}
  - expect: {refused: leads nowhere}
  - publish: {texts: {emails/welcome.html: "---\nsubject: Hello\n---\n<p>Hello</p>\n"}, move: true, gone: leave}
  - expect: {account: acme, at: nowhere}
)"));
  REQUIRE(loaded.faults() == Lines{});
  const ScenarioDefinition& scenario = loaded.set.scenarios.at(0);
  CHECK(scenario.at == at("2026-01-05T09:00:00Z"));
  CHECK(scenario.people[0].account_role == "owner");
  CHECK(scenario.people[0].accounts.at(0).account == "zeta");
  CHECK(scenario.people[0].accounts.at(0).role == "advisor");
  CHECK(scenario.groups.at(0).members == std::vector<std::pair<std::string, std::string>>{{"vp", "influencer"}});
  CHECK(scenario.groups.at(0).stage == "Engaged");
  CHECK(scenario.groups.at(0).status == "hot");
  CHECK(scenario.events.at(0).id == "e1");
  CHECK(scenario.events.at(0).at == at("2026-01-01T00:00:00Z"));
  CHECK(scenario.events.at(0).properties.at(0).name == "form");
  CHECK(step<AdvanceStep>(scenario, 0).to == at("2026-01-06T08:00:00Z"));
  CHECK_FALSE(step<AdvanceStep>(scenario, 1).to);
  CHECK_FALSE(step<AdvanceStep>(scenario, 1).by);
  CHECK(std::get<bool>(step<ScenarioAccount>(scenario, 2).attributes.at(0).value.value));
  CHECK(step<ScenarioPerson>(scenario, 3).account_role == "");
  CHECK(step<RemovePersonStep>(scenario, 4).person == "vp");
  CHECK(step<EnterStep>(scenario, 5).journey == "seeds");
  CHECK(step<LifeStep>(scenario, 6).command == LifeStep::Command::pause);
  CHECK(step<LifeStep>(scenario, 6).journey == "seeds");
  CHECK(step<LifeStep>(scenario, 7).journey == "training");
  CHECK(step<LifeStep>(scenario, 9).command == LifeStep::Command::abort);
  CHECK(step<HelpStep>(scenario, 10).command == HelpStep::Command::retry);
  CHECK(step<HelpStep>(scenario, 10).node == "hello");
  CHECK(step<HelpStep>(scenario, 11).account.empty());
  CHECK(step<HelpStep>(scenario, 12).command == HelpStep::Command::remove);
  CHECK(scenario.steps[13].key == "score_engagement");
  CHECK(step<ChannelStep>(scenario, 14).state == ChannelStep::State::down);
  CHECK(step<ChannelStep>(scenario, 14).reason == "no route");
  CHECK(step<ChannelStep>(scenario, 15).status == 503);
  CHECK(std::get<ScenarioValue::Map>(step<ChannelStep>(scenario, 15).answer->value).at(0).name == "code");
  CHECK(step<ChannelStep>(scenario, 16).channel == "email");
  CHECK(step<ChannelStep>(scenario, 16).state == ChannelStep::State::refuses);
  CHECK(step<ChannelStep>(scenario, 16).message == "welcome");
  CHECK(step<ExpectStep>(scenario, 18).refused == "leads nowhere");
  const auto& publish = step<PublishStep>(scenario, 19);
  CHECK(publish.move);
  CHECK(publish.gone == "leave");
  CHECK(publish.workspace->emails.at("welcome").subject == "Hello");
  CHECK(loaded.workspace->emails.at("welcome").subject == "Welcome {{person.first_name}}");
}

TEST_CASE("everything that can be expected is read") {
  const LoadedScenarios loaded(alone(R"(scenario: s
journey: seeds
given:
  accounts: [{key: acme}]
  people: [{key: vp, account: acme}]
steps:
  - expect:
      - account: acme
        at: settle
        state: waiting
        why: until 08 January
        until: 2026-01-08T09:00:00Z
        entries: 1
        path: [hello, settle]
        sent: {template: welcome, to: vp@acme.example, subject: Hi, says: [Hello, seeds], says_not: Bye}
        notified: []
        events: [email.sent, form.submitted]
        group:
          - {solution_interest: ai-driven-seeds, completeness: 50, engagement: 0, stage: "", status: hot,
             members: {vp: decision_maker}, missing_roles: [influencer]}
        lists: {key-accounts: false}
        destinations: ad-audience
        audiences: [growers]
        attributes: {industry: agriculture, since: 2026-01-01, term: 2h, revenue: 3, customer: null}
        holds: [account.industry == "agriculture", people.size() == 1]
      - {person: vp, journey: training, at: nowhere, lists: [newsletter], holds: person.title == "", attributes: {title: VP}}
)"));
  REQUIRE(loaded.faults() == Lines{});
  REQUIRE(loaded.set.scenarios.at(0).steps.size() == 2);
  const auto& account = step<ExpectStep>(loaded.set.scenarios[0], 0);
  CHECK(account.why == "until 08 January");
  CHECK(account.until == at("2026-01-08T09:00:00Z"));
  CHECK(account.entries == 1);
  CHECK(account.sent->at(0).subject == "Hi");
  CHECK(account.sent->at(0).says == Lines{"Hello", "seeds"});
  CHECK(account.sent->at(0).says_not == Lines{"Bye"});
  CHECK(account.notified->empty());
  CHECK(*account.events == Lines{"email.sent", "form.submitted"});
  const ExpectedGroup& group = account.groups.at(0);
  CHECK(group.completeness == 50);
  CHECK(group.engagement == 0);
  CHECK(group.stage == "");
  CHECK(group.members == std::vector<std::pair<std::string, std::string>>{{"vp", "decision_maker"}});
  CHECK(group.missing_roles == Lines{"influencer"});
  CHECK_FALSE(account.lists.at(0).in);
  CHECK(account.destinations.at(0).name == "ad-audience");
  CHECK(account.audiences.at(0).in);
  // 2026-01-01 is midnight UTC, as in an import.
  CHECK(std::get<Instant>(account.attributes.at(1).value.value) == at("2026-01-01T00:00:00Z"));
  CHECK(std::get<std::chrono::milliseconds>(account.attributes.at(2).value.value) == std::chrono::hours(2));
  CHECK(std::get<double>(account.attributes.at(3).value.value) == 3.0);
  CHECK(std::holds_alternative<std::monostate>(account.attributes.at(4).value.value));
  REQUIRE(account.holds.size() == 2);
  CHECK(account.holds[1].program != nullptr);
  const auto& person = step<ExpectStep>(loaded.set.scenarios[0], 1);
  CHECK(person.journey == "training");
  CHECK(person.at == "nowhere");
  CHECK(person.lists.at(0).name == "newsletter");
  CHECK(person.holds.at(0).program != nullptr);
  CHECK(person.attributes.at(0).name == "title");
}

TEST_CASE("without a schema a value is what YAML makes of it, and what is in quotes is a text") {
  SourceTexts workspace = scenario_workspace();
  workspace.erase("schema.yaml");
  const LoadedScenarios loaded(
      {{"s.yaml",
        "scenario: s\ngiven:\n  accounts:\n    - {key: a, t: true, i: -7, d: 1.50, w: '7', z: 007, "
        "at: 2026-01-05T09:00:00+01:00, day: 2026-01-05, n: , l: [1, x], m: {a: 1}, big: "
        "99999999999999999999}\nsteps:\n  - expect: {account: a, lists: {key-accounts: false}}\n"}},
      workspace);
  REQUIRE(loaded.faults() == Lines{});
  const ScenarioFields& fields = loaded.set.scenarios.at(0).accounts.at(0).attributes;
  REQUIRE(fields.size() == 11);
  CHECK(std::get<bool>(fields[0].value.value));
  CHECK(std::get<std::int64_t>(fields[1].value.value) == -7);
  CHECK(std::get<double>(fields[2].value.value) == 1.5);
  CHECK(std::get<std::string>(fields[3].value.value) == "7");
  CHECK(std::get<std::string>(fields[4].value.value) == "007");
  CHECK(std::get<Instant>(fields[5].value.value) == at("2026-01-05T08:00:00Z"));
  CHECK(std::get<std::string>(fields[6].value.value) == "2026-01-05");
  CHECK(std::holds_alternative<std::monostate>(fields[7].value.value));
  CHECK(std::get<ScenarioValue::List>(fields[8].value.value).size() == 2);
  CHECK(std::get<ScenarioValue::Map>(fields[9].value.value).at(0).name == "a");
  CHECK(std::get<double>(fields[10].value.value) == 1e20);
}

TEST_CASE("scenarios are in the order of files and places, several a file, in folders as well") {
  const std::string steps = "steps: [{expect: {account: a, at: nowhere}}]\n";
  const auto one = [&](const std::string& name) {
    return "scenario: " + name + "\njourney: seeds\ngiven: {accounts: [{key: a}]}\n" + steps;
  };
  const LoadedScenarios loaded(
      {{"b.yaml", one("third") + "---\n" + one("fourth")}, {"a/x.yaml", one("second")}, {"a.yaml", one("first")}});
  CHECK(loaded.faults() == Lines{});
  Lines names;
  for (const ScenarioDefinition& scenario : loaded.set.scenarios)
    names.push_back(scenario.name);
  CHECK(names == Lines{"first", "second", "third", "fourth"});
}

TEST_CASE("scenarios among the texts of a workspace are no part of it") {
  SourceTexts texts = scenario_workspace();
  texts["scenarios/s.yaml"] = "scenario: s\nsteps: []\n";
  const Loaded loaded(texts);
  CHECK(loaded.faults() == Lines{});
  CHECK_FALSE(loaded.workspace->texts.contains("scenarios/s.yaml"));
  CHECK(loaded.workspace->texts.contains("journeys/seeds.yaml"));
}

TEST_CASE("a group that is given stands at its stage by the shortest way from where groups enter") {
  const auto stages_to = [](const std::string& stage) {
    const LoadedScenarios loaded(
        alone("scenario: s\njourney: seeds\ngiven:\n  accounts: [{key: acme}]\n  groups: [{account: acme, "
              "solution_interest: ai-driven-seeds, status: hot, stage: " +
              stage + "}]\nsteps: [{expect: {account: acme, at: nowhere}}]\n"));
    CHECK(loaded.faults() == Lines{});
    Lines stages;
    for (const ScenarioGroup& group : loaded.set.scenarios.at(0).groups)
      stages.push_back(group.stage);
    CHECK(loaded.set.scenarios.at(0).groups.at(0).status == "hot");
    return stages;
  };
  CHECK(stages_to("Identified") == Lines{""});
  CHECK(stages_to("Lost") == Lines{"Lost"});
  CHECK(stages_to("Won") == Lines{"Engaged", "Won"});
}

TEST_CASE("an account and a person may change later, and come back after they were removed") {
  CHECK(step_faults("- account: {key: acme, industry: technology}\n"
                    "- person: {key: vp, title: CEO}\n"
                    "- remove_person: vp\n"
                    "- person: {key: vp, account: zeta}\n"
                    "- expect: {person: vp, account: zeta, sent: []}\n") == Lines{});
}

}  // namespace
}  // namespace caravan
