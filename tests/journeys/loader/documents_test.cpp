// schema.yaml, role templates, mails and texts: what each may hold.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

TEST_CASE("a schema gives attributes their types, and expressions are checked against them") {
  const Loaded loaded(
      with(basics(), "schema.yaml",
           "schema:\n  account:\n    industry: text\n    employees: {type: whole_number, summary: People}\n"
           "  person:\n    title: text\n"));
  REQUIRE(loaded.faults() == Lines{});
  REQUIRE(loaded.workspace->schema.account.size() == 2);
  CHECK(loaded.workspace->schema.account[1].type == AttributeType::whole_number);
  CHECK(loaded.workspace->schema.account[1].summary == "People");
}

TEST_CASE("faults of a schema") {
  const auto faults = [](const std::string& account) {
    return faults_of("schema.yaml", "schema:\n  person: {title: text}\n  account:\n    industry: text\n" + account);
  };
  CHECK(faults("    key: text\n") ==
        Lines{"schema.yaml:5:5: error: every account has a `key`; it needs no entry here"});
  CHECK(faults("    a-b: text\n") == Lines{"schema.yaml:5:5: error: the name of an attribute must be letters, digits "
                                           "and underscores; expressions read it as `account.name`"});
  CHECK(faults("    engagement: number\n    account_role: text\n") == Lines{});
  CHECK(faults_of("schema.yaml",
                  "schema:\n  account: {industry: text}\n"
                  "  person: {title: text, account_role: text, engagement: number}\n") ==
        Lines{"schema.yaml:3:25: error: every person has an `account_role`; it needs no entry here",
              "schema.yaml:3:45: error: every person has an `engagement`; it needs no entry here"});
  CHECK(faults("    x: {summary: y}\n") == Lines{"schema.yaml:5:5: error: `x` needs the key `type`"});
}

TEST_CASE("a schema gives events their properties") {
  const Loaded loaded(
      with(basics(), "schema.yaml",
           "schema:\n  event:\n    form.submitted: {form: text, pages: {type: whole_number, summary: Seen before}}\n"
           "    webinar-attended:\n  account: {industry: text}\n  person: {title: text}\n"));
  REQUIRE(loaded.faults() == Lines{});
  const std::vector<EventDefinition>& events = loaded.workspace->schema.events;
  REQUIRE(events.size() == 2);
  CHECK(events[0].type == "form.submitted");
  REQUIRE(events[0].properties.size() == 2);
  CHECK(events[0].properties[1].type == AttributeType::whole_number);
  CHECK(events[0].properties[1].summary == "Seen before");
  CHECK(events[1].type == "webinar-attended");
  CHECK(events[1].properties.empty());
}

TEST_CASE("faults of a schema's events") {
  const auto faults = [](const std::string& events) {
    return faults_of("schema.yaml",
                     "schema:\n  account: {industry: text}\n  person: {title: text}\n  event: " + events + "\n");
  };
  CHECK(faults("{form submitted: {}}") == Lines{"schema.yaml:4:11: error: `form submitted` is no type of event; it is "
                                                "words joined by dots, for example `form.submitted`"});
  CHECK(faults("{x: {at: timestamp}}") ==
        Lines{"schema.yaml:4:15: error: every event has an `at`; it needs no entry here"});
  CHECK(faults("{x: {type: text}}") ==
        Lines{"schema.yaml:4:15: error: every event has a `type`; it needs no entry here"});
  CHECK(faults("{x: {a-b: text}}") == Lines{"schema.yaml:4:15: error: the name of an attribute must be letters, digits "
                                            "and underscores; expressions read it as `event.name`"});
  CHECK(faults("{x: {form: txt}}").size() == 1);
  CHECK(faults("{x: text}") == Lines{"schema.yaml:4:14: error: `x` must be a mapping of keys to values"});
  CHECK(faults("[]") == Lines{"schema.yaml:4:10: error: `event` must be a mapping of keys to values"});
}

TEST_CASE("with a schema of events, one that nothing raises is an error, and one that the engine raises is not") {
  const SourceTexts texts = with(basics(), "schema.yaml",
                                 "schema:\n  account: {industry: text}\n  person: {title: text}\n"
                                 "  event: {webinar.attended: {title: text}}\n");
  const auto faults = [&](const std::string& event) {
    return Loaded(with(texts, "journeys/j.yaml",
                       "journey: j\nenter: {event: " + event + "}\nnodes: [{id: a, listen: " + event + "}]\n"))
        .faults();
  };
  CHECK(faults("webinar.attended") == Lines{});
  CHECK(faults("email.opened") == Lines{});
  CHECK(faults("webinar.atended") ==
        Lines{"journeys/j.yaml:2:16: error: nothing raises the event `webinar.atended`; did you mean "
              "\"webinar.attended\"?",
              "journeys/j.yaml:3:25: error: nothing raises the event `webinar.atended`; did you mean "
              "\"webinar.attended\"?"});
  CHECK(faults("trade-fair").at(0) ==
        "journeys/j.yaml:2:16: error: nothing raises the event `trade-fair`; add it to the `event` section of "
        "schema.yaml");
}

TEST_CASE("faults of a role template") {
  const auto faults = [](const std::string& roles) {
    return faults_of("buying-groups/x.yaml", "role_template: x\nroles:" + roles);
  };
  CHECK(faults(" []\n") == Lines{"buying-groups/x.yaml:2:1: error: a role template needs at least one role"});
  CHECK(faults(" [{role: a}, {role: a}]\n") ==
        Lines{"buying-groups/x.yaml:2:27: error: the role `a` stands here twice; the first is in line 2"});
  CHECK(faults(" [{role: a, weighting: viral}]\n") ==
        Lines{"buying-groups/x.yaml:2:30: error: `weighting` must be `trivial`, `minor`, `normal`, `important` or "
              "`vital`; did you mean \"vital\"?"});
  CHECK(faults(" [{role: a, members_required: 0}]\n") ==
        Lines{"buying-groups/x.yaml:2:37: error: `members_required` must be from 1 to 1000"});
  CHECK(faults(" [{role: Big Boss}]\n") == Lines{"buying-groups/x.yaml:2:16: error: the name of a role must be "
                                                 "lower-case words joined by dashes; write `big-boss`"});
  CHECK(faults(" [a]\n") == Lines{"buying-groups/x.yaml:2:9: error: a role must be a mapping that begins with `role`"});
}

TEST_CASE("faults of a mail") {
  CHECK(faults_of("emails/x.html", "<p>\n") ==
        Lines{"emails/x.html:1:1: error: a mail begins with its front matter; put subject and the like between two "
              "lines `---`, and the body behind them"});
  CHECK(faults_of("emails/x.html", "---\nsubject: x\n<p>\n").size() == 1);
  CHECK(faults_of("emails/x.html", "---\nfrom: x\n---\n<p>\n") ==
        Lines{"emails/x.html:2:1: error: a mail needs the key `subject`"});
  CHECK(faults_of("emails/x.html", "---\nsubjct: x\n---\n<p>\n") ==
        Lines{"emails/x.html:2:1: error: unknown key `subjct`; did you mean \"subject\"?"});
  CHECK(faults_of("emails/x.html", "---\nsubject: \"a\\nb\"\n---\n<p>\n") ==
        Lines{"emails/x.html:2:10: error: `subject` must be one line"});
  CHECK(faults_of("emails/x.html", "---\n---\n<p>\n") ==
        Lines{"emails/x.html:1:1: error: the front matter must be keys and values; for example `subject: Welcome`"});
}

TEST_CASE("a text is the whole of its file") {
  const Loaded loaded(basics());
  CHECK(loaded.workspace->text_templates.at("hello").text == "Hello {{person.first_name}}\n");
}

TEST_CASE("faults of a text") {
  CHECK(faults_of("messages/x.txt", " \n") == Lines{"messages/x.txt:1:1: error: the message has no text"});
  CHECK(faults_of("messages/Big Sale.txt", "Hi") ==
        Lines{"messages/Big Sale.txt:1:1: error: the name of a message's file must be lower-case words joined by "
              "dashes; write `big-sale`"});
  CHECK(faults_of("messages/x.txt", std::string(65'536, 'x')) == Lines{});
  CHECK(faults_of("messages/x.txt", std::string(65'537, 'x')) ==
        Lines{"messages/x.txt:1:1: error: a message has at most 65536 bytes, and this one has 65537"});
  CHECK(faults_of("messages/x.txt", "a\xFFz").size() == 1);
}

}  // namespace
}  // namespace caravan
