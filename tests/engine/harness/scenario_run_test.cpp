// Every expectation of a scenario: that it holds where it should, and says exactly what is wrong where it does not.

// Expectations and steps are written by the few members that matter.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#include "tests/engine/harness/theatre.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace caravan::test::theatre;
using namespace std::chrono_literals;

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
  CHECK(theatre.failure({advance(2)}, {.path = Lines{"by-size/big", "hear/timeout", "farewell"}}) ==
        Lines{"path: account acme has gone another way through `seeds`", "- by-size/big", "+ by-size/small", "+ story",
              "  hear/timeout", "  farewell", "+ rest"});
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
                 .members = {{{"acme-vp", "decision_maker"}}},
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
        Lines{"group: the group of `ai-driven-seeds` of account acme has other members", "- acme-dev: user",
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
