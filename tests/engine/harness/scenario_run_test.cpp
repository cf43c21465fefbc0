// Every step and every expectation of a scenario: that it does what it says, holds where it should, and says exactly
// what is wrong where it does not.

// Expectations and steps are written by the few members that matter.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#include "engine/harness/scenario_run.hpp"

#include "engine/harness/line_diff.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/stage.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

ScenarioFields fields(std::vector<std::pair<std::string, ScenarioValue>> values) {
  ScenarioFields all;
  for (auto& [name, value] : values)
    all.push_back({name, {}, std::move(value)});
  return all;
}

template <class Value>
ScenarioValue value(Value of) {
  return {{}, {std::move(of)}};
}
ScenarioValue words(std::string of) {
  return {{}, {std::move(of)}};
}
const ScenarioValue kNothing{};

ScenarioStep step(std::string key, auto what) {
  return {{}, std::move(key), std::move(what)};
}
ScenarioStep advance(int days) {
  return step("advance", AdvanceStep{CalendarDuration{{}, std::chrono::days(days), {}}, {}});
}
ScenarioStep expect(ExpectStep what) {
  if (what.account.empty() && what.person.empty() && !what.refused) what.account = "acme";
  if (what.journey.empty()) what.journey = "seeds";
  return step("expect", std::move(what));
}

/// The growers of Acme: a vice president and a developer, in a scenario of the journey `seeds`.
ScenarioDefinition acme(std::vector<ScenarioStep> steps) {
  ScenarioDefinition scenario;
  scenario.name = "acme";
  scenario.journey = "seeds";
  scenario.at = kMonday;
  scenario.accounts = {{{}, "acme", fields({{"name", words("Acme & Co")}, {"employees", value(std::int64_t{20})}})}};
  scenario.people = {
      {{},
       "acme-vp",
       "acme",
       {},
       {},
       fields({{"email", words("vp@acme.example")}, {"title", words("VP Research")}, {"first_name", words("Ada")}})},
      {{}, "acme-dev", "acme", {}, {}, fields({{"email", words("dev@acme.example")}, {"title", words("Developer")}})}};
  scenario.steps = std::move(steps);
  return scenario;
}

/// Nodes around which a workspace with lists, destinations and a connection is made.
SourceTexts texts_of(std::string_view nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] =
      "timezone: Europe/Berlin\n"
      "connections:\n  crm: {url: 'https://crm.example', retry: {attempts: 2, first: 1m, longest: 1h}}\n"
      "lists:\n  warm: {of: accounts}\n  readers: {of: people}\n"
      "destinations:\n  ads: {of: accounts}\n";
  return texts;
}

struct Theatre {
  explicit Theatre(std::string_view nodes) : stage(texts_of(nodes)) {}
  explicit Theatre(SourceTexts texts) : stage(std::move(texts)) {}

  ScenarioResult run(ScenarioDefinition scenario) {
    scenario_ = std::move(scenario);
    return run_scenario(scenario_, stage.workspace, stage.names);
  }
  /// Empty: it holds. Else the key and the sentence, and the difference below them.
  Lines failure(ScenarioDefinition scenario) {
    const ScenarioResult result = run(std::move(scenario));
    if (!result.failure) return {};
    Lines lines = {result.failure->what + ": " + result.failure->message};
    for (const DiffLine& line : result.failure->diff)
      lines.push_back(to_text(line));
    return lines;
  }
  /// Of one expectation after some steps.
  Lines failure(std::vector<ScenarioStep> steps, ExpectStep what) {
    steps.push_back(expect(std::move(what)));
    return failure(acme(std::move(steps)));
  }
  std::string first_line(std::vector<ScenarioStep> steps, ExpectStep what) {
    const Lines lines = failure(std::move(steps), std::move(what));
    return lines.empty() ? "" : lines.front();
  }

  Stage stage;
  ScenarioDefinition scenario_;
};

ExpectStep at(std::string node) {
  return {.at = std::move(node)};
}

Expression condition(Stage& stage, const std::string& text, Scope scope = Scope::account) {
  cel::CompileResult compiled =
      cel::compile(text, stage.workspace->vocabulary->environment(scope, Within::workspace), {});
  return {text, {}, compiled.program};
}

constexpr std::string_view kSettle =
    "- id: welcome\n  send_email: welcome\n- id: settle\n  wait: 3d\n"
    "- id: story\n  send_email: story\n";

}  // namespace

TEST_CASE("a scenario that holds says so, how far it came and when it ended") {
  Theatre theatre(kSettle);
  const ScenarioResult result = theatre.run(acme({advance(3), expect({.state = "completed"})}));
  CHECK_FALSE(result.failure);
  CHECK(result.steps == 2);
  CHECK(result.ended == kMonday + 72h);
  CHECK(result.scenario == &theatre.scenario_);
}

TEST_CASE("an expectation on where somebody stands says where they stand instead") {
  Theatre theatre(kSettle);
  CHECK(theatre.failure({}, at("settle")) == Lines{});
  CHECK(theatre.failure({}, at("welcome")) ==
        Lines{"at: account acme stands at `settle`, not at `welcome`", "- welcome", "+ settle"});
  CHECK(theatre.failure({}, at("nowhere")) ==
        Lines{"at: account acme stands at `settle`, and should never have entered `seeds`", "- nowhere", "+ settle"});
  CHECK(theatre.failure({advance(3)}, at("story")) ==
        Lines{"at: account acme has completed `seeds`, and does not stand at `story`", "- story", "+ completed"});
}

TEST_CASE("who has never entered is nowhere") {
  SourceTexts texts = texts_of(kSettle);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 100\n";
  Theatre theatre(std::move(texts));
  CHECK(theatre.failure({}, at("nowhere")) == Lines{});
  CHECK(theatre.failure({}, {.entries = 0}) == Lines{});
  CHECK(theatre.failure({}, at("settle")) ==
        Lines{"at: account acme has never entered `seeds`, and does not stand at `settle`", "- settle", "+ nowhere"});
  CHECK(theatre.failure({}, {.path = Lines{"welcome"}}) ==
        Lines{"path: account acme has never entered `seeds`", "- welcome"});
  CHECK(theatre.first_line({}, {.state = "waiting"}) ==
        "state: account acme has never entered `seeds`, and is not `waiting`");
}

TEST_CASE("state, until and entries are expected of the newest entry") {
  Theatre theatre(kSettle);
  CHECK(theatre.failure({}, {.state = "waiting", .until = kMonday + 72h, .entries = 1}) == Lines{});
  CHECK(theatre.failure({}, {.state = "completed"}) ==
        Lines{"state: account acme is `waiting` in `seeds`, not `completed`", "- completed", "+ waiting"});
  CHECK(theatre.failure({}, {.until = kMonday + 48h}) ==
        Lines{"until: account acme waits until 2026-01-08 10:00, not until 2026-01-07 10:00", "- 2026-01-07T09:00:00Z",
              "+ 2026-01-08T09:00:00Z"});
  CHECK(theatre.first_line({advance(3)}, {.until = kMonday + 48h}) ==
        "until: account acme has completed `seeds`, and does not wait until 2026-01-07 10:00");
  CHECK(theatre.failure({}, {.entries = 2}) ==
        Lines{"entries: account acme has entered `seeds` 1 time, not 2 times", "- 2", "+ 1"});
}

TEST_CASE("why looks at what the timeline says last: time-outs, what was heard, paths, exits and notes") {
  const std::string listen =
      "- id: hear\n  listen: {event: form.submitted, timeout: 2d}\n- id: story\n  send_email: story\n";
  Theatre listening(listen);
  CHECK(listening.failure({advance(2)}, {.state = "left", .why = "timed out"}) == Lines{});
  CHECK(listening.failure({advance(2)}, {.why = "heard"}) ==
        Lines{"why: nothing of what came last of account acme in `seeds` says `heard`", "- heard", "+ hear, timed out",
              "+ left before the end"});
  Theatre splitting("- id: by-size\n  split:\n    - {path: big, when: account.employees > 100, nodes: []}\n");
  CHECK(splitting.failure({}, {.state = "left", .why = "no path fits"}) == Lines{});
  SourceTexts texts = texts_of("- id: settle\n  wait: 3d\n");
  texts["journeys/seeds.yaml"] += "exit_when: has(account.status) && account.status == \"customer\"\n";
  Theatre leaving(std::move(texts));
  CHECK(leaving.failure({step("account", ScenarioAccount{{}, "acme", fields({{"status", words("customer")}})})},
                        {.state = "left", .why = "exit_when"}) == Lines{});
}

TEST_CASE("a path has the nodes in the order visited, with the ways that splits sent it") {
  Theatre theatre(
      "- id: by-size\n  split:\n    - {path: big, when: account.employees > 100, nodes: []}\n"
      "    - path: small\n      nodes:\n        - id: story\n          send_email: story\n"
      "- id: hear\n  listen: {event: form.submitted, timeout: 2d, on_timeout: {next: farewell}}\n"
      "- id: farewell\n  send_email: farewell\n- id: rest\n  wait: 5d\n");
  CHECK(theatre.failure({}, {.path = Lines{"by-size/small", "story", "hear"}}) == Lines{});
  CHECK(theatre.failure({advance(2)}, {.path = Lines{"by-size/big", "hear", "farewell"}}) ==
        Lines{"path: account acme has gone another way through `seeds`", "- by-size/big", "+ by-size/small", "+ story",
              "  hear", "  farewell", "+ rest"});
}

TEST_CASE("a person within a people split has a path and a place of their own") {
  Theatre theatre(
      "- id: by-title\n  split_people:\n    - path: chiefs\n      when: person.title.contains(\"VP\")\n      nodes:\n"
      "        - id: story\n          send_email: story\n        - id: settle\n          wait: 3d\n"
      "- id: rest\n  wait: 5d\n");
  CHECK(theatre.failure({}, {.state = "joining", .path = Lines{"by-title"}}) == Lines{});
  CHECK(theatre.failure(
            {}, {.person = "acme-vp", .at = "settle", .path = Lines{"by-title/chiefs", "story", "settle"}}) == Lines{});
  CHECK(
      theatre.failure({}, {.person = "acme-dev", .at = "settle"}) ==
      Lines{"at: person acme-dev has never entered `seeds`, and does not stand at `settle`", "- settle", "+ nowhere"});
}

TEST_CASE("what was sent is compared message by message, with the words as they were rendered") {
  Theatre theatre(kSettle);
  const ExpectedMessage to_vp{.message = "welcome",
                              .to = "vp@acme.example",
                              .subject = "Welcome",
                              .says = {"Dear Ada of Acme & Co"},
                              .says_not = {"{{"}};
  const ExpectedMessage to_dev{.message = "welcome", .to = "dev@acme.example"};
  CHECK(theatre.failure({}, {.sent = std::vector{to_vp, to_dev}}) == Lines{});
  CHECK(theatre.failure({}, {.person = "acme-dev", .sent = std::vector{to_dev}}) == Lines{});
  CHECK(theatre.failure({}, {.sent = std::vector{to_vp}}) ==
        Lines{"sent: account acme should have been sent 1 message, and was sent 2, by `seeds`",
              "  welcome to vp@acme.example", "+ welcome to dev@acme.example"});
  CHECK(theatre.failure({}, {.sent = std::vector{to_vp, ExpectedMessage{.message = "story"}}}) ==
        Lines{"sent: account acme was sent other messages, by `seeds`", "  welcome to vp@acme.example", "- story",
              "+ welcome to dev@acme.example"});
  ExpectedMessage other = to_vp;
  other.subject = "Goodbye";
  CHECK(theatre.failure({}, {.sent = std::vector{other, to_dev}}) ==
        Lines{"sent: message 1 to account acme, `welcome` to vp@acme.example, has another subject", "- Goodbye",
              "+ Welcome"});
  other = to_vp;
  other.says = {"Dear Bob"};
  CHECK(theatre.failure({}, {.sent = std::vector{other, to_dev}}) ==
        Lines{"sent: message 1 to account acme, `welcome` to vp@acme.example, does not say `Dear Bob`", "- Dear Bob",
              "+ Subject: Welcome", "+ Dear Ada of Acme & Co:"});
  other = to_vp;
  other.says_not = {"Ada"};
  CHECK(theatre.first_line({}, {.sent = std::vector{other, to_dev}}) ==
        "sent: message 1 to account acme, `welcome` to vp@acme.example, says `Ada`, which it should not");
}

TEST_CASE("a hand-over to sales is expected by who was told") {
  Theatre theatre(
      "- id: join\n  assign_to_buying_group: {solution_interest: ai-driven-seeds}\n"
      "- id: tell\n  notify_sales: {solution_interest: ai-driven-seeds, to: [\"'a@sales.example'\", "
      "\"'b@sales.example'\"]}\n");
  CHECK(theatre.failure({}, {.sent = std::vector<ExpectedMessage>{},
                             .notified = Lines{"a@sales.example", "b@sales.example"}}) == Lines{});
  CHECK(theatre.failure({}, {.notified = Lines{"a@sales.example"}}) ==
        Lines{"notified: `seeds` should have notified 1 address of account acme, and has notified 2",
              "  a@sales.example", "+ b@sales.example"});
  CHECK(theatre.first_line({}, {.notified = Lines{"a@sales.example", "c@sales.example"}}) ==
        "notified: `seeds` has notified others of account acme");
  CHECK(theatre.failure({}, {.sent = std::vector<ExpectedMessage>{
                                 {.message = "sales summary", .to = "a@sales.example", .says = {"VP Research"}},
                                 {.message = "sales summary", .to = "b@sales.example"}}}) == Lines{});
}

TEST_CASE("events are expected in the order in which they came") {
  Theatre theatre(kSettle);
  const ScenarioStep viewed = step("event", ScenarioEvent{.type = "page.viewed", .person = "acme-vp"});
  const ScenarioStep asked = step("event", ScenarioEvent{.type = "form.submitted", .account = "acme"});
  CHECK(theatre.failure({viewed, asked}, {.events = Lines{"page.viewed", "form.submitted"}}) == Lines{});
  CHECK(theatre.failure({viewed, asked}, {.person = "acme-vp", .events = Lines{"page.viewed"}}) == Lines{});
  CHECK(theatre.failure({asked}, {.events = Lines{"page.viewed"}}) ==
        Lines{"events: other events are kept of account acme", "- page.viewed", "+ form.submitted"});
}

TEST_CASE("a buying group is expected with its scores, its stage, its members and the roles it misses") {
  Theatre theatre(
      "- id: join\n  assign_to_buying_group: {solution_interest: ai-driven-seeds}\n- id: rest\n  wait: 5d\n");
  const auto failure = [&](ExpectedGroup group) {
    group.solution_interest = "ai-driven-seeds";
    return theatre.failure({}, {.groups = {std::move(group)}});
  };
  // One of three decision makers, no influencer: the mean of a third and nothing.
  CHECK(failure({.exists = true,
                 .completeness = 17,
                 .engagement = 0,
                 .stage = "",
                 .status = "",
                 .members = {{{"acme-vp", "decision_maker"}, {"acme-dev", "user"}}},
                 .missing_roles = Lines{"influencer", "decision_maker"}}) == Lines{});
  CHECK(failure({.completeness = 50}) ==
        Lines{"group: the group of `ai-driven-seeds` of account acme should have the completeness `50`, and has `17`",
              "- completeness: 50", "+ completeness: 17"});
  CHECK(failure({.engagement = 5}).front() ==
        "group: the group of `ai-driven-seeds` of account acme should have the engagement `5`, and has `0`");
  CHECK(failure({.stage = "Won"}).front() ==
        "group: the group of `ai-driven-seeds` of account acme should have the stage `Won`, and has `none`");
  CHECK(failure({.status = "hot"}).front() ==
        "group: the group of `ai-driven-seeds` of account acme should have the status `hot`, and has `none`");
  CHECK(failure({.members = {{{"acme-vp", "influencer"}, {"acme-dev", "user"}}}}) ==
        Lines{"group: the group of `ai-driven-seeds` of account acme has other members", "  acme-dev: user",
              "- acme-vp: influencer", "+ acme-vp: decision_maker"});
  CHECK(failure({.missing_roles = Lines{}}) ==
        Lines{"group: the group of `ai-driven-seeds` of account acme misses other roles", "+ decision_maker",
              "+ influencer"});
  CHECK(failure({.exists = false}).front() ==
        "group: there should be no group of `ai-driven-seeds` of account acme, and there is one");
}

TEST_CASE("a buying group that is not there is no group") {
  Theatre theatre(kSettle);
  CHECK(theatre.failure({}, {.groups = {{.solution_interest = "ai-driven-seeds", .exists = false}}}) == Lines{});
  CHECK(theatre.failure({}, {.groups = {{.solution_interest = "ai-driven-seeds", .completeness = 0}}}) ==
        Lines{"group: account acme has no group of `ai-driven-seeds`"});
}

TEST_CASE("lists, destinations and audiences are expected by name, to be in or not to be in") {
  Theatre theatre(
      "- id: list\n  add_to_list: warm\n- id: people\n  add_to_list: {list: readers, who: "
      "'person.title.contains(\"VP\")'}\n"
      "- id: on\n  activate: ads\n- id: rest\n  wait: 5d\n");
  CHECK(theatre.failure({}, {.lists = {{"warm", {}, true}},
                             .destinations = {{"ads", {}, true}},
                             .audiences = {{"everyone", {}, true}}}) == Lines{});
  CHECK(theatre.failure({}, {.person = "acme-vp", .lists = {{"readers", {}, true}}}) == Lines{});
  CHECK(theatre.failure({}, {.person = "acme-dev", .lists = {{"readers", {}, true}}}) ==
        Lines{"lists: person acme-dev should be in the list `readers`, and is not"});
  CHECK(theatre.failure({}, {.lists = {{"warm", {}, false}}}) ==
        Lines{"lists: account acme should not be in the list `warm`, and is"});
  CHECK(theatre.failure({}, {.destinations = {{"ads", {}, false}}}) ==
        Lines{"destinations: account acme should not be in the destination `ads`, and is"});
  CHECK(theatre.failure({}, {.audiences = {{"everyone", {}, false}}}) ==
        Lines{"audiences: account acme should not be in the audience `everyone`, and is"});
}

TEST_CASE("attributes are compared as values, and null is one that is not set") {
  Theatre theatre(kSettle);
  const auto failure = [&](std::string name, ScenarioValue should, std::string person = {}) {
    return theatre.failure({},
                           {.person = std::move(person), .attributes = fields({{std::move(name), std::move(should)}})});
  };
  CHECK(failure("employees", value(20.0)) == Lines{});
  CHECK(failure("status", kNothing) == Lines{});
  CHECK(failure("title", words("VP Research"), "acme-vp") == Lines{});
  CHECK(failure("employees", words("20")) ==
        Lines{"attributes: `employees` of account acme should be `\"20\"`, and is `20`", "- employees: \"20\"",
              "+ employees: 20"});
  CHECK(failure("status", words("customer")).front() ==
        "attributes: `status` of account acme should be `\"customer\"`, and is not set");
  CHECK(failure("employees", kNothing).front() ==
        "attributes: `employees` of account acme should not be set, and is `20`");
}

TEST_CASE("a condition that must hold says why it does not") {
  Theatre theatre(kSettle);
  const auto failure = [&](const std::string& text) {
    return theatre.failure({}, {.holds = {condition(theatre.stage, text)}});
  };
  CHECK(failure("account.employees == 20 && people.size() == 2 && now == timestamp('2026-01-05T09:00:00Z')") ==
        Lines{});
  CHECK(failure("account.employees == 21") == Lines{"holds: `account.employees == 21` does not hold for account acme"});
  CHECK(failure("account.status == 'x'")
            .front()
            .starts_with("holds: `account.status == 'x'` does not hold for account acme: "));
  CHECK(
      theatre.failure({}, {.person = "acme-vp",
                           .holds = {condition(theatre.stage, "person.title == 'VP Research' && account.key == 'acme'",
                                               Scope::person)}}) == Lines{});
}

TEST_CASE("whom nobody knows cannot be expected to be anything") {
  Theatre theatre(kSettle);
  CHECK(theatre.failure({}, {.account = "globex", .at = "settle"}) == Lines{"account: there is no account `globex`"});
  CHECK(theatre.failure({}, {.person = "nobody", .at = "settle"}) == Lines{"person: there is no person `nobody`"});
}

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
      "group(\"ai-driven-seeds\").members == 2 && account.activity(\"page.viewed\", 30d).size() == 2\n"
      "      nodes:\n        - id: known-wait\n          wait: 1d\n");
  texts["journeys/once.yaml"] =
      "journey: once\nenter: {audience: everyone, evaluate: once}\nnodes:\n  - id: rest\n    wait: 1d\n";
  Theatre theatre(std::move(texts));
  ScenarioDefinition scenario =
      acme({expect({.path = Lines{"by-role/known", "known-wait"}}), expect({.journey = "once", .at = "rest"}),
            expect({.groups = {{.solution_interest = "ai-driven-seeds",
                                .members = {{{"acme-vp", "influencer"}, {"acme-dev", "user"}}}}}})});
  scenario.groups = {{{}, "acme", "ai-driven-seeds", {{"acme-vp", "influencer"}, {"acme-dev", ""}}, {}, "", ""}};
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
      "- id: wait\n  wait: 1d\n- id: call\n  webhook: {connection: crm, keep: {tier: answer.tier}}\n"
      "- id: rest\n  wait: 9d\n");
  ChannelStep answers{.channel = "crm"};
  answers.answer = ScenarioValue{{}, {fields({{"tier", words("gold")}})}};
  CHECK(theatre.failure(acme({step("channel", answers), advance(1),
                              expect({.sent = std::vector<ExpectedMessage>{{.message = "crm"}},
                                      .attributes = fields({{"tier", words("gold")}})})})) == Lines{});
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
        "scenarios/acme.yaml:12:22: message 2 to account acme, `story` to vp@acme.example, has another subject\n"
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
