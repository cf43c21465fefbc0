// What a journey says besides its nodes: who enters, when and how often, and how one leaves.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

constexpr std::string_view nodes = "nodes: [{id: a, wait: 1d}]\n";

SourceTexts texts_of(const std::string& keys) {
  return with(basics(), "journeys/j.yaml", "journey: j\n" + keys + std::string(nodes));
}

JourneyDefinition journey_of(const std::string& keys) {
  const Loaded loaded(texts_of(keys));
  REQUIRE(loaded.faults() == Lines{});
  return loaded.workspace->journeys.at("j");
}

/// The faults of a journey with these keys, without the file's name; the keys begin at line 2.
Lines faults(const std::string& keys) {
  Lines lines = Loaded(texts_of(keys)).faults();
  constexpr std::string_view file = "journeys/j.yaml:";
  for (std::string& line : lines) {
    if (line.starts_with(file)) line.erase(0, file.size());
  }
  return lines;
}

TEST_CASE("a journey is read with all its keys") {
  const Loaded loaded(
      with(basics(), "journeys/j.yaml",
           "journey: j\ntitle: J\nfor: account\ntimezone: America/New_York\nenter:\n  audience: growers\n"
           "  evaluate: {cron: \"0 6 * * MON-FRI\", timezone: Europe/Berlin}\n  event: form.submitted\n"
           "  where: event.form == \"demo\"\n  from: 2026-01-01T00:00:00Z\n  to: 2027-01-01\n"
           "re_enter: {after: 30d, counted_from: entry, limit: 3}\nemail_deduplication: true\n"
           "exit_when: account.status == \"customer\"\ngoal: event.type == \"deal.won\" && journey.entry == 1\n"
           "goal_exits: true\nleave_with_audience: true\nnodes: [{id: a, wait: 1d}]\n"));
  REQUIRE(loaded.faults() == Lines{});
  const JourneyDefinition& journey = loaded.workspace->journeys.at("j");
  CHECK(journey.subject == JourneySubject::account);
  CHECK(journey.evaluate == Evaluate::scheduled);
  std::string problem;
  CHECK(journey.schedule == parse_cron("0 6 * * 1-5", problem));
  CHECK(journey.schedule_text == "0 6 * * MON-FRI");
  CHECK(journey.schedule_timezone == "Europe/Berlin");
  REQUIRE(journey.event);
  CHECK(journey.event->type == "form.submitted");
  CHECK(journey.event->where->program != nullptr);
  CHECK(to_text(journey.from.value()) == "2026-01-01T00:00:00Z");
  CHECK(to_text(journey.to.value()) == "2027-01-01T05:00:00Z");  // midnight in New York
  REQUIRE(journey.re_enter);
  CHECK(journey.re_enter->after.days == std::chrono::days(30));
  CHECK(journey.re_enter->counted_from == ReEntry::From::entry);
  CHECK(journey.re_enter->limit == 3);
  CHECK(journey.email_deduplication);
  CHECK(journey.exit_when->program != nullptr);
  CHECK(journey.goal->program != nullptr);
  CHECK(journey.goal_exits);
  CHECK(journey.leave_with_audience);
}

TEST_CASE("what is not written has its default") {
  const JourneyDefinition journey = journey_of("");
  CHECK(journey.subject == JourneySubject::account);
  CHECK(journey.audience.empty());
  CHECK(journey.evaluate == Evaluate::continuously);
  CHECK_FALSE(journey.event);
  CHECK_FALSE(journey.re_enter);
  CHECK_FALSE(journey.exit_when);
  CHECK_FALSE(journey.goal_exits);
  const JourneyDefinition again = journey_of("re_enter: {}\n");
  REQUIRE(again.re_enter);
  CHECK(again.re_enter->after == CalendarDuration{});
  CHECK(again.re_enter->counted_from == ReEntry::From::exit);
  CHECK_FALSE(again.re_enter->limit);
}

TEST_CASE("a date alone is midnight in the time zone of the journey, else of the workspace") {
  CHECK(to_text(journey_of("enter: {from: 2026-07-01}\n").from.value()) == "2026-06-30T22:00:00Z");  // Berlin
  CHECK(to_text(journey_of("timezone: Asia/Kolkata\nenter: {from: 2026-07-01}\n").from.value()) ==
        "2026-06-30T18:30:00Z");
}

TEST_CASE("in a journey for people every expression knows the person") {
  const Loaded loaded(
      with(basics(), "journeys/j.yaml",
           "journey: j\nfor: person\nenter: {audience: growers}\nexit_when: person.left == true\nnodes:\n"
           "- id: s\n  split:\n  - {path: x, when: person.title == \"CEO\", next: end}\n"
           "  - path: y\n    nodes: [{id: w, wait: {until: person.birthday}}]\n"));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(loaded.workspace->journeys.at("j").subject == JourneySubject::person);
}

TEST_CASE("in a journey for accounts a person is known only where one is at hand") {
  CHECK(faults_of_nodes("- id: s\n  split:\n  - {path: x, when: person.title == \"CEO\", next: end}\n") ==
        Lines{"6:21: error: unknown variable \"person\"; nobody in particular is at hand here: `people.exists(p, ...)` "
              "asks "
              "about the account's people, and in a journey `split_people` gives each their own path"});
  CHECK(
      faults_of_nodes("- id: s\n  split:\n  - {path: x, when: event.form == \"demo\", next: end}\n") ==
      Lines{
          "6:21: error: unknown variable \"event\"; no event is at hand here, but in the `where` of an entry and of a "
          "listen: `account.activity(type, window)` finds those that have happened"});
}

TEST_CASE("faults of who a journey is for") {
  CHECK(faults("for: people\n") == Lines{"2:6: error: `for` must be `account` or `person`"});
  CHECK(faults("timezone: Berlin\n") == Lines{"2:11: error: there is no time zone `Berlin`; use a name of the IANA "
                                              "database, for example `Europe/Berlin`"});
}

TEST_CASE("faults of how an audience lets in") {
  CHECK(faults("enter: {audience: grower}\n") ==
        Lines{"2:19: error: there is no audience `grower`; did you mean \"growers\"?"});
  CHECK(faults("enter: {evaluate: once}\n") ==
        Lines{"2:9: error: `evaluate` says when an audience lets in, and there is no `audience`"});
  CHECK(faults("enter: {audience: growers, evaluate: daily}\n") ==
        Lines{"2:38: error: `evaluate` must be `continuously` or `once`"});
  CHECK(faults("enter: {audience: growers, evaluate: {}}\n") == Lines{"2:28: error: a schedule needs the key `cron`"});
  CHECK(faults("enter: {audience: growers, evaluate: {cron: 0 6 30 2 *}}\n") ==
        Lines{"2:45: error: `0 6 30 2 *` is no schedule: such a day never comes; for example `0 6 * * MON-FRI`, at "
              "06:00 from Monday to Friday"});
  CHECK(faults("enter: {audience: growers, evaluate: {cron: 0 25 * * *}}\n") ==
        Lines{"2:45: error: `0 25 * * *` is no schedule: \"25\" is no hour; hours go from 0 to 23; for example `0 6 * "
              "* MON-FRI`, at 06:00 from Monday to Friday"});
  CHECK(faults("enter: {audience: growers, evaluate: {cron: 0 6 * * *, timezone: Mars}}\n") ==
        Lines{"2:66: error: there is no time zone `Mars`; use a name of the IANA database, for example "
              "`Europe/Berlin`"});
  CHECK(faults("enter: {audience: growers, evaluate: {cron: 0 6 * * *, zone: UTC}}\n") ==
        Lines{"2:56: error: unknown key `zone`"});
}

TEST_CASE("faults of an event that lets in") {
  CHECK(faults("enter: {where: event.form == \"demo\"}\n") ==
        Lines{"2:9: error: `where` is about an event, and there is no `event`"});
  CHECK(faults("enter: {event: form submitted}\n") ==
        Lines{"2:16: error: `form submitted` is no type of event; it is words joined by dots, for example "
              "`form.submitted`"});
  CHECK(faults("enter: {event: form.submitted, where: 1 + 1}\n").size() == 1);
  // Nobody has entered yet.
  CHECK(faults("enter: {event: form.submitted, where: journey.entry == 1}\n")
            .at(0)
            .starts_with("2:39: error: unknown variable \"journey\""));
}

TEST_CASE("faults of when entry is open") {
  CHECK(faults("enter: {from: tomorrow}\n") ==
        Lines{"2:15: error: `tomorrow` is no date; write for example `2026-03-01`, `2026-03-01T09:00:00Z` or "
              "`2026-03-01T09:00:00+01:00`"});
  CHECK(faults("enter: {from: 2026-02-30}\n").size() == 1);
  CHECK(faults("enter: {to: 2026-03-01T09:00}\n").size() == 1);
  CHECK(faults("enter: {from: 2026-03-01T00:00:00Z, to: 2026-02-01T00:00:00Z}\n") ==
        Lines{"2:41: error: `to` is not after `from`, so that nobody enters; `from` is 2026-03-01T00:00:00Z, and `to` "
              "is 2026-02-01T00:00:00Z"});
  CHECK(faults("enter: {from: 2026-03-01, to: 2026-03-01}\n").size() == 1);
}

TEST_CASE("faults of entering again") {
  CHECK(faults("re_enter: 30d\n") == Lines{"2:11: error: `re_enter` must be a mapping of keys to values"});
  CHECK(faults("re_enter: {limit: 1}\n") ==
        Lines{"2:19: error: with a `limit` of 1 nobody enters again; the limit counts all entries; make it 2 or more, "
              "or take `re_enter` out"});
  CHECK(faults("re_enter: {counted_from: exit}\n") ==
        Lines{"2:12: error: `counted_from` says from when `after` is counted, and there is no `after`"});
  CHECK(faults("re_enter: {after: 1d, counted_from: start}\n") ==
        Lines{"2:37: error: `counted_from` must be `entry` or `exit`"});
  CHECK(faults("enter: {audience: growers, evaluate: once}\nre_enter: {after: 30d}\n") ==
        Lines{"3:1: error: an audience that is evaluated `once` lets nobody in again; evaluate it `continuously` or on "
              "a schedule, or take `re_enter` out"});
  CHECK(faults("enter: {audience: growers, evaluate: once, event: form.submitted}\nre_enter: {after: 30d}\n") ==
        Lines{});
  CHECK(faults("enter: {from: 2026-01-01, to: 2026-01-31}\nre_enter: {after: 30d}\n") ==
        Lines{"3:1: error: when 30d are over, nobody enters any more; the journey lets in only between `from` and "
              "`to`"});
  CHECK(faults("enter: {from: 2026-01-01, to: 2026-01-31}\nre_enter: {after: 29d}\n") == Lines{});
}

TEST_CASE("faults of how one leaves") {
  CHECK(faults("goal_exits: true\n") == Lines{"2:1: error: `goal_exits` needs a `goal`"});
  CHECK(faults("goal_exits: false\n") == Lines{});
  CHECK(faults("leave_with_audience: true\n") ==
        Lines{"2:1: error: `leave_with_audience` needs an audience that is left; add `enter: {audience: ...}`"});
  CHECK(faults("exit_when: 1 + 1\n").size() == 1);
  CHECK(faults("goal: evnt.type == \"x\"\n") ==
        Lines{"2:7: error: unknown variable \"evnt\"; did you mean \"event\"?"});
  CHECK(faults("email_deduplication: yes\n") == Lines{"2:22: error: `email_deduplication` must be `true` or `false`"});
}

}  // namespace
}  // namespace caravan
