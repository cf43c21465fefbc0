// Every step of a scenario: that it does what it says, and what is told where it does not.

// Expectations and steps are written by the few members that matter.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#include "tests/engine/harness/theatre.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace caravan::test::theatre;
using namespace std::chrono_literals;

TEST_CASE("what the engine refuses is a failure, unless the next step expects it") {
  Theatre theatre(kSettle);
  const ScenarioStep again = step("enter", EnterStep{"seeds", "acme", ""});
  const ScenarioResult result = theatre.run(acme({again}));
  REQUIRE(result.failure);
  CHECK(result.failure->step == "enter");
  CHECK(result.failure->what == "refused");
  CHECK(result.failure->message == "the engine refuses this: is in the journey already");
  CHECK(result.failure->subject == "account acme");
  CHECK(result.steps == 0);
  CHECK(theatre.failure(acme({again, expect({.refused = "already"})})) == Lines{});
  CHECK(theatre.failure(acme({again, expect({.refused = "paused"})})) ==
        Lines{"refused: the step before was refused for another reason", "- paused", "+ is in the journey already"});
  CHECK(theatre.failure(acme({step("account", ScenarioAccount{{}, "globex", {}}), expect({.refused = "already"})})) ==
        Lines{"refused: the step before should be refused, and it was taken", "- already"});
}

TEST_CASE("a failure has the timeline of its account, in the time of the workspace's zone") {
  Theatre theatre(
      "- id: welcome\n  send_email: {template: welcome, to: 'person.title.contains(\"VP\")'}\n"
      "- id: hear\n  listen: {event: form.submitted, timeout: 2d}\n- id: settle\n  wait: 3d\n");
  const ScenarioResult result =
      theatre.run(acme({advance(1),
                        step("event", ScenarioEvent{.type = "form.submitted",
                                                    .person = "acme-vp",
                                                    .properties = fields({{"form", words("demo")}})}),
                        expect(at("welcome"))}));
  REQUIRE(result.failure);
  CHECK(result.failure->timeline == Lines{"2026-01-05 10:00  enters seeds (version 1)", "2026-01-05 10:00  welcome",
                                          "2026-01-05 10:00    welcome to vp@acme.example, delivered",
                                          "2026-01-05 10:00  hear, listens until 2026-01-06 10:00",
                                          "2026-01-06 10:00  event form.submitted of acme-vp, form: \"demo\"",
                                          "2026-01-06 10:00  hear, heard", "2026-01-06 10:00  settle, waits",
                                          "                  stands at settle and waits until 2026-01-09 10:00"});
}

TEST_CASE("what is given is all there before anybody enters, and nothing else comes of it") {
  SourceTexts texts = texts_of(
      "- id: by-role\n  split:\n    - path: known\n      when: has_group(\"ai-driven-seeds\") && "
      "group(\"ai-driven-seeds\").members == 2 && account.activity(\"page.viewed\", duration(\"720h\")).size() == 2\n"
      "      nodes:\n        - id: known-wait\n          wait: 1d\n");
  texts["journeys/once.yaml"] =
      "journey: once\nenter: {audience: everyone, evaluate: once}\nnodes:\n  - id: rest\n    wait: 1d\n";
  Theatre theatre(std::move(texts));
  ScenarioDefinition scenario =
      acme({expect({.path = Lines{"by-role/known", "known-wait"}}), expect({.journey = "once", .at = "rest"}),
            expect({.groups = {{.solution_interest = "ai-driven-seeds",
                                .members = {{{"acme-vp", "influencer"}, {"acme-dev", "user"}}}}}})});
  scenario.groups = {{{}, "acme", "ai-driven-seeds", {{"acme-vp", "influencer"}, {"acme-dev", "user"}}, {}, "", ""}};
  scenario.events = {{.type = "page.viewed", .person = "acme-vp", .at = kMonday - 24h},
                     {.type = "page.viewed", .person = "acme-vp"}};
  CHECK(theatre.failure(scenario) == Lines{});
  scenario.groups.front().members.front().second = "chief";
  CHECK(theatre.failure(scenario).front().starts_with("refused: the engine refuses this: "));
}

TEST_CASE("a group that is given is what conditions make of the data, and what hands have made of that") {
  SourceTexts texts = texts_of("- id: rest\n  wait: 5d\n");
  texts["buying-groups/seeds.yaml"] += "audience: everyone\n";
  Theatre theatre(std::move(texts));
  ScenarioDefinition scenario =
      acme({expect({.groups = {{.solution_interest = "ai-driven-seeds",
                                .status = "warm",
                                .members = {{{"acme-vp", "decision_maker"}, {"acme-dev", "influencer"}}}}}})});
  scenario.groups = {{{}, "acme", "ai-driven-seeds", {{"acme-dev", "influencer"}}, {}, "", "warm"}};
  CHECK(theatre.failure(scenario) == Lines{});
}

TEST_CASE("time advances by a duration of the zone, to an instant and to the end") {
  Theatre theatre(kSettle);
  ScenarioDefinition scenario = acme({advance(1)});
  scenario.at = kMonday + 24h * 82;  // 28 March: the clocks are changed the next night
  CHECK(theatre.run(scenario).ended == scenario.at + 23h);
  CHECK(theatre.run(acme({step("advance", AdvanceStep{{}, kMonday + 5h})})).ended == kMonday + 5h);
  CHECK(theatre.run(acme({step("advance", AdvanceStep{})})).ended == kMonday + 72h);
}

TEST_CASE("accounts and people are changed, come, belong to others and go") {
  Theatre theatre(kSettle);
  CHECK(theatre.failure(acme(
            {step("account", ScenarioAccount{{}, "globex", fields({{"name", words("Globex")}})}),
             step("person",
                  ScenarioPerson{
                      {}, "acme-vp", "", "adviser", {{"globex", "board"}}, fields({{"title", words("President")}})}),
             expect({.person = "acme-vp",
                     .attributes = fields({{"title", words("President")}}),
                     .holds = {condition(theatre.stage, "person.account_role == 'adviser'", Scope::person)}}),
             expect({.account = "globex", .person = "acme-vp", .attributes = fields({{"title", words("President")}})}),
             step("remove_person", RemovePersonStep{"acme-dev"}),
             expect({.holds = {condition(theatre.stage, "people.size() == 1")}})})) == Lines{});
}

TEST_CASE("journeys are entered, paused, resumed, closed and aborted, and held tokens are helped") {
  SourceTexts texts = texts_of(
      "- id: settle\n  wait: 1d\n- id: fail\n  update_account: {status: \"account.missing\"}\n"
      "- id: rest\n  wait: 1d\n");
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: \"false\"\n";
  Theatre theatre(std::move(texts));
  const auto life = [](std::string key, LifeStep::Command command) { return step(key, LifeStep{command, "seeds"}); };
  CHECK(theatre.failure(acme({expect(at("nowhere")), step("enter", EnterStep{"seeds", "acme", ""}),
                              expect(at("settle")), life("pause", LifeStep::Command::pause), advance(2),
                              expect({.at = "settle", .state = "held", .why = "paused"}),
                              life("resume", LifeStep::Command::resume), expect({.at = "rest"}),
                              life("close", LifeStep::Command::close), advance(1), expect({.state = "completed"}),
                              step("enter", EnterStep{"seeds", "acme", ""}), expect({.refused = "closed"})})) ==
        Lines{"refused: the step before was refused for another reason", "- closed",
              "+ the journey \"seeds\" is finished"});
  CHECK(theatre.failure(acme({step("enter", EnterStep{"seeds", "acme", ""}),
                              step("remove", HelpStep{HelpStep::Command::remove, "seeds", "settle", "acme"}),
                              expect({.state = "left", .why = "by hand"})})) == Lines{});
  CHECK(theatre.failure(acme({step("enter", EnterStep{"seeds", "acme", ""}), life("abort", LifeStep::Command::abort),
                              expect({.state = "left", .why = "aborted"})})) == Lines{});
}

TEST_CASE("another version is published, with those under way or without them") {
  Theatre theatre(kSettle);
  const auto changed =
      theatre.stage.load(texts_of("- id: settle\n  wait: 3d\n- id: farewell\n  send_email: farewell\n"));
  const auto sent = [&](bool move, std::string gone) {
    const ScenarioResult result = theatre.run(
        acme({step("publish", PublishStep{changed, move, std::move(gone)}), advance(3),
              expect({.person = "acme-vp",
                      .sent = std::vector<ExpectedMessage>{{.message = "welcome"}, {.message = "farewell"}}})}));
    return result.failure ? result.failure->message : "";
  };
  CHECK(sent(true, "") == "");
  CHECK(sent(false, "") == "person acme-vp was sent other messages, by `seeds`");
}

TEST_CASE("groups are changed by hand and engagement is scored when it is asked for") {
  SourceTexts texts = texts_of(
      "- id: join\n  assign_to_buying_group: {solution_interest: ai-driven-seeds}\n"
      "- id: rest\n  wait: 5d\n");
  texts["buying-groups/models.yaml"] = "engagement_model: default\nweights: {page.viewed: 40}\n";
  Theatre theatre(std::move(texts));
  const ScenarioGroup by_hand{{}, "acme", "ai-driven-seeds", {{"acme-dev", "influencer"}}, {"acme-vp"}, "", "hot"};
  CHECK(theatre.failure(acme(
            {step("group", by_hand),
             expect({.groups = {{.solution_interest = "ai-driven-seeds",
                                 .status = "hot",
                                 .members = {{{"acme-dev", "influencer"}}}}}}),
             step("event", ScenarioEvent{.type = "page.viewed", .person = "acme-dev"}),
             step("score_engagement", ScoreStep{}),
             expect({.holds = {condition(theatre.stage, "group('ai-driven-seeds').engagement > 0.0")}})})) == Lines{});
}

TEST_CASE("a channel that fails, and an address that bounces, are steps") {
  Theatre theatre(
      "- id: welcome\n  send_email: welcome\n- id: bounced\n  listen: {event: email.bounced, timeout: 9d}\n");
  CHECK(theatre.failure(acme({expect({.at = "bounced"})})) == Lines{});
  ScenarioDefinition scenario = acme({expect({.sent = std::vector<ExpectedMessage>{}})});
  scenario.accounts.clear();
  scenario.people.clear();
  scenario.steps.insert(scenario.steps.begin(),
                        {step("channel", ChannelStep{.channel = "email", .state = ChannelStep::State::down}),
                         step("account", ScenarioAccount{{}, "acme", {}})});
  CHECK(theatre.failure(scenario) == Lines{});
  scenario.steps = {step("bounce", ChannelStep{.channel = "email",
                                               .state = ChannelStep::State::refuses,
                                               .reason = "550 no such user",
                                               .to = "vp@acme.example"}),
                    step("account", ScenarioAccount{{}, "acme", {}})};
  ScenarioDefinition people = acme({});
  scenario.accounts = people.accounts;
  scenario.people = people.people;
  SourceTexts texts = texts_of(
      "- id: settle\n  wait: 1d\n- id: welcome\n  send_email: welcome\n"
      "- id: bounced\n  listen: {event: email.bounced, timeout: 9d}\n");
  Theatre later(std::move(texts));
  scenario.steps.push_back(advance(1));
  scenario.steps.push_back(expect(
      {.state = "completed", .sent = std::vector<ExpectedMessage>{{.message = "welcome", .to = "dev@acme.example"}}}));
  CHECK(later.failure(scenario) == Lines{});
}

TEST_CASE("a connection answers as it is told, also in a table of values") {
  Theatre theatre(
      "- id: wait\n  wait: 1d\n- id: call\n  webhook: {connection: crm, answer: tier}\n"
      "- id: rest\n  wait: 9d\n");
  ChannelStep answers{.channel = "crm"};
  answers.answer = value(fields({{"name", words("gold")}}));
  CHECK(theatre.failure(acme({step("channel", answers), advance(1),
                              expect({.sent = std::vector<ExpectedMessage>{{.message = "crm"}},
                                      .attributes = fields({{"tier", value(fields({{"name", words("gold")}}))}})})})) ==
        Lines{});
}

TEST_CASE("a scenario that was written in YAML fails at the place of the key that does not hold") {
  Theatre theatre(kSettle);
  const ScenarioLoad load{node_shapes(), theatre.stage.names, {}, {}};
  const ScenarioSet set =
      load_scenarios(*theatre.stage.workspace,
                     {{"scenarios/acme.yaml",
                       "scenario: acme\njourney: seeds\nat: 2026-01-05T09:00:00Z\n"
                       "given:\n  accounts: [{key: acme, employees: 20}]\n"
                       "  people: [{key: vp, account: acme, email: vp@acme.example}]\n"
                       "steps:\n  - advance: 3d\n"
                       "  - expect: {account: acme, state: completed, path: [welcome, settle, story]}\n"
                       "  - expect:\n      account: acme\n      sent: [welcome, {template: story, "
                       "subject: A tale}]\n"}},
                     load);
  for (const Diagnostic& fault : set.diagnostics.sorted())
    FAIL(render(fault, Colour::never));
  REQUIRE(set.scenarios.size() == 1);
  const ScenarioResult result = run_scenario(set.scenarios.front(), theatre.stage.workspace, theatre.stage.names);
  REQUIRE(result.failure);
  CHECK(to_text(*result.failure) ==
        "scenarios/acme.yaml:12:24: message 2 to account acme, `story` to vp@acme.example, has another subject\n"
        "  - A tale\n  + A story\n"
        "  2026-01-05 10:00  enters seeds (version 1)\n  2026-01-05 10:00  welcome\n"
        "  2026-01-05 10:00    welcome to vp@acme.example, delivered\n"
        "  2026-01-05 10:00  settle, waits until 2026-01-08 10:00\n  2026-01-08 10:00  story\n"
        "  2026-01-08 10:00    story to vp@acme.example, delivered\n  2026-01-08 10:00  completed\n");
}

TEST_CASE("coverage takes in what a scenario has visited, whether it holds or not") {
  Theatre theatre(kSettle);
  Coverage coverage(*theatre.stage.workspace);
  const ScenarioDefinition scenario = acme({expect(at("story"))});
  CHECK(run_scenario(scenario, theatre.stage.workspace, theatre.stage.names, &coverage).failure);
  CHECK(coverage.figure("seeds", CoverPoint::Kind::node) == Coverage::Figure{2, 3});
}

TEST_CASE("two lists of lines are laid over each other so that as much as possible is the same") {
  const auto lines = [](const Lines& expected, const Lines& actual) {
    Lines all;
    for (const DiffLine& line : diff_lines(expected, actual))
      all.push_back(to_text(line));
    return all;
  };
  CHECK(lines({}, {}) == Lines{});
  CHECK(lines({"a", "b", "c"}, {"b", "c", "d"}) == Lines{"- a", "  b", "  c", "+ d"});
  CHECK(lines({"a"}, {}) == Lines{"- a"});
  CHECK(lines({"x", "b"}, {"y", "b"}) == Lines{"- x", "+ y", "  b"});
}
