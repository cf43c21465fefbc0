// Events and their order: who hears what when inputs, due tokens and events share a batch or an instant, what is kept
// of events, and which the engine raises itself.

#include "tests/engine/batches.hpp"
#include "tests/engine/engine_tests.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kListening = "- id: raise\n  listen: form.submitted\n- id: last\n  wait: 1d\n";

TellEvent event_of(const std::string& person, const std::string& id = {}, std::optional<Instant> at = {}) {
  return {"form.submitted", {}, person, id, at, {}};
}

}  // namespace

// What shares a batch

TEST_CASE("an event that comes behind its account in the same batch finds it listening") {
  World world(seeds_workspace(kListening));
  std::vector<Input> inputs = acme();
  inputs.push_back(event_of("ada"));
  world.post_all(inputs);
  CHECK(world.trail("acme") == "raise:stopped raise:heard last:stopped");
}

TEST_CASE("of a change that lets an account in and an event in the same batch, the order decides") {
  SourceTexts texts = seeds_workspace(kListening);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 10\n";
  const UpsertAccount grows{"acme", {{"employees", number(50)}}};
  for (const bool event_first : {true, false}) {
    World world(texts);
    world.post_all(acme({{"employees", number(5)}}));
    CHECK(world.standing("acme").empty());
    const std::vector<InputResult> answers =
        event_first ? in_one_batch(world, {event_of("ada"), grows}) : in_one_batch(world, {grows, event_of("ada")});
    CHECK(answers.size() == 2);
    CHECK(world.standing("acme") == (event_first ? "listening at raise" : "waiting at last"));
  }
}

TEST_CASE("of two events in the same batch the first goes to the first listen and the second to the next") {
  World world(
      seeds_workspace("- {id: first, listen: form.submitted}\n- {id: second, listen: form.submitted}\n"
                      "- {id: third, listen: form.submitted}\n"));
  world.post_all(acme());
  in_one_batch(world, {event_of("ada"), event_of("bob")});
  CHECK(world.trail("acme") == "first:stopped first:heard second:stopped second:heard third:stopped");
}

TEST_CASE("an event in the same batch as a removal of its person, or a move to another account, is as the order says") {
  World world(seeds_workspace(kListening));
  world.post_all(acme());
  world.account("globex");
  const std::vector<InputResult> answers =
      in_one_batch(world, {RemovePerson{"bob"}, event_of("bob"), UpsertPerson{"ada", "globex", {}}, event_of("ada")});
  CHECK(answers.at(1).refused == "there is no person \"bob\"");
  CHECK(world.standing("acme") == "listening at raise");
  CHECK(world.standing("globex") == "waiting at last");
}

// What shares an instant

TEST_CASE("a wait that is over before an event leaves the listen behind it in time to hear the event") {
  World world(seeds_workspace("- {id: settle, wait: 1d}\n- {id: raise, listen: form.submitted}\n"));
  world.post_all(acme());
  world.advance_clock(24h + 1ms);
  world.event("form.submitted", "ada");
  CHECK(world.trail("acme") == "settle:stopped raise:stopped raise:heard");
}

TEST_CASE("a wait that is over at the very instant of an event is over before it") {
  World world(seeds_workspace("- {id: settle, wait: 1d}\n- {id: raise, listen: form.submitted}\n"));
  world.post_all(acme());
  world.advance_clock(24h);
  world.event("form.submitted", "ada");
  CHECK(world.trail("acme") == "settle:stopped raise:stopped raise:heard");
}

TEST_CASE("an event wins over a time-out at its instant, also behind a wait and for a person in a people split") {
  World behind(
      seeds_workspace("- {id: settle, wait: 1d}\n- {id: raise, listen: {event: form.submitted, timeout: "
                      "{until: 2026-01-06T09:00:00Z}, on_timeout: {next: end}}}\n- {id: last, wait: 1d}\n"));
  behind.post_all(acme());
  behind.advance_clock(24h);
  behind.event("form.submitted", "ada");
  // Its time has come when it is reached: nothing can be heard any more.
  CHECK(behind.trail("acme") == "settle:stopped raise:stopped raise/timeout:timed_out");

  World inside(
      seeds_workspace("- id: each\n  split_people:\n    - path: all\n      nodes: [{id: raise, listen: {event: "
                      "form.submitted, timeout: 1d, on_timeout: {nodes: [{id: mail, send_email: "
                      "story}]}}}]\n"));
  inside.post_all(acme());
  inside.advance_clock(24h);
  inside.event("form.submitted", "bob");
  CHECK(inside.mails("acme") == std::vector<std::string>{"story to ada@acme.example", "story to cy@acme.example"});
}

TEST_CASE("an event that another journey raises wins over a time-out at its instant, whoever entered first") {
  constexpr std::string_view listening = R"(
enter: {audience: everyone}
nodes:
  - id: raise
    listen: {event: interesting_moment, timeout: 1d, on_timeout: {nodes: [{id: missed, wait: 1h}]}}
)";
  constexpr std::string_view telling = R"(
enter: {audience: everyone}
nodes:
  - {id: settle, wait: 1d}
  - {id: moment, interesting_moment: {type: web, description: Came back}}
)";
  for (const bool listens_first : {true, false}) {
    SourceTexts texts = workspace_with("journey: seeds" + std::string(listens_first ? listening : telling));
    texts["journeys/zebra.yaml"] = "journey: zebra" + std::string(listens_first ? telling : listening);
    for (const std::size_t turns : {1U, 4'096U}) {
      World world(texts, {.turns_per_batch = turns});
      world.account("acme");
      world.advance(24h);
      CHECK(world.standing("acme") ==
            (listens_first ? "completed at raise | completed at moment" : "completed at moment | completed at raise"));
    }
  }
}

// Late, twice, from the future

TEST_CASE("an event of one id is taken once, within a batch, over batches and after a restart") {
  World world(seeds_workspace("- id: raise\n  listen: {event: form.submitted, at_least: 3}\n- {id: last, wait: 1d}\n"));
  world.post_all(acme());
  const std::vector<InputResult> answers = in_one_batch(world, {event_of("ada", "1"), event_of("ada", "1")});
  CHECK_FALSE(answers.at(0).duplicate);
  CHECK(answers.at(1).duplicate);
  CHECK(world.post(event_of("bob", "1")).duplicate);  // of another person: the account has had it
  world.restart();
  CHECK(world.post(event_of("ada", "1")).duplicate);
  CHECK_FALSE(world.post(event_of("ada", "2")).duplicate);
  CHECK_FALSE(world.post(event_of("ada")).duplicate);
  CHECK(world.standing("acme") == "waiting at last");
  CHECK(world.activity("acme").size() == 3);
  world.account("globex");
  CHECK_FALSE(world.post(TellEvent{"form.submitted", "globex", {}, "1", {}, {}}).duplicate);
}

TEST_CASE("a late event is kept at its own time and heard by nobody who came after it") {
  World world(
      seeds_workspace("- {id: settle, wait: 2d}\n- {id: raise, listen: form.submitted}\n- id: look\n  split:\n"
                      "    - {path: one, when: 'account.activity(\"form.submitted\", \"1d\").size() == 1', "
                      "nodes: []}\n    - {path: more, nodes: []}\n"));
  world.post_all(acme());
  world.advance(48h);
  world.post(event_of("ada", "late", kMonday + 47h));
  CHECK(world.standing("acme") == "listening at raise");
  world.post(event_of("ada", "older", kMonday + 1h));
  world.post(event_of("ada", "now", kMonday + 48h));
  // A day back there are two: the late one and the last.
  CHECK(world.trail("acme") == "settle:stopped raise:stopped raise:heard look/more");
}

TEST_CASE("an event from the future happened now") {
  World world(seeds_workspace("- {id: raise, listen: {event: form.submitted, where: event.at == now}}\n"));
  world.post_all(acme());
  world.post(event_of("ada", "1", kMonday + 24h));
  CHECK(world.standing("acme") == "completed at raise");
}

// Events that runs raise

TEST_CASE("an event of a run is heard by who stood before, and not by the token that raised it or came by it") {
  SourceTexts texts = workspace_with(R"(journey: seeds
enter: {event: demo.asked}
nodes:
  - {id: moment, interesting_moment: {type: web, description: Came back}}
  - {id: own, listen: interesting_moment}
)");
  texts["journeys/other.yaml"] = R"(journey: other
enter: {audience: everyone}
nodes:
  - {id: first, listen: interesting_moment}
  - {id: second, listen: interesting_moment}
)";
  texts["journeys/third.yaml"] =
      "journey: third\nenter: {event: interesting_moment}\nnodes:\n  - {id: own, listen: interesting_moment}\n";
  World world(texts);
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.standing("acme") == "listening at second | listening at own | listening at own");
  CHECK(world.activity("acme").size() == 2);
}

namespace {

/// A journey that says `says` whenever it hears `hears`.
std::string answering(const std::string& name, const std::string& hears, const std::string& says) {
  return "journey: " + name +
         "\nenter: {audience: everyone}\nnodes:\n  - id: raise\n    listen: {event: interesting_moment, where: "
         "'event.description == \"" +
         hears + "\"', timeout: 30d}\n  - id: answer\n    interesting_moment: {type: web, description: " + says +
         "}\n    next: raise\n";
}

}  // namespace

TEST_CASE("journeys that answer each other's events in a circle end with a note, and the batch goes on") {
  SourceTexts texts = workspace_with(answering("seeds", "ping", "pong"));
  texts["journeys/other.yaml"] = answering("other", "pong", "ping");
  World world(texts);
  world.post_all(acme());
  world.account("globex");
  const TellEvent ping{"interesting_moment", "acme", {}, {}, {}, {{"description", text("ping")}}};
  in_one_batch(world, {ping, UpsertAccount{"globex", {{"employees", number(5)}}}});
  REQUIRE(notes_of(world, "acme").size() == 1);
  CHECK(notes_of(world, "acme").front() ==
        "more than 1000 events came of one: journeys answer each other's in a circle, and the rest was dropped");
  CHECK(world.standing("acme") == "listening at raise | listening at raise");
  CHECK(world.counted(CounterKind::visited, "answer") == 501);
  CHECK(world.attributes(world.account_record("globex").attributes) == "employees=5");
  CHECK(world.counter_differences() == std::vector<std::string>{});
  // The next event is answered as if nothing had happened.
  world.event("form.submitted", "ada");
  CHECK(world.standing("acme") == "listening at raise | listening at raise");
}

// activity()

namespace {

/// What `expression` yields for acme whenever it is asked, as an attribute that a journey sets.
class Looking {
 public:
  explicit Looking(const std::string& expression, const std::string& limits = "") : world(texts(expression, limits)) {
    world.post_all(acme());
  }

  std::string now() {
    world.account_event("look.now", "acme");
    return world.attributes(world.account_record("acme").attributes);
  }

  void view(const std::string& person, const std::string& url, std::optional<Instant> at = {}) {
    CHECK(world.post(TellEvent{"page.viewed", {}, person, {}, at, {{"url", text(url)}}}).refused.empty());
  }

  World world;

 private:
  static SourceTexts texts(const std::string& expression, const std::string& limits) {
    SourceTexts texts = workspace_with(
        "journey: seeds\nenter: {event: look.now}\nre_enter: {}\nnodes:\n  - id: look\n"
        "    update_account: {seen: '" +
        expression + "'}\n");
    texts["caravan.yaml"] = "timezone: UTC\n" + limits;
    return texts;
  }
};

const std::string kUrls = "account.activity(\"page.viewed\", \"7d\").map(e, e.url)";

}  // namespace

TEST_CASE("activity() finds the events of a window, newest first, by when they happened") {
  Looking looking(kUrls);
  looking.view("ada", "a");
  looking.world.advance(24h);
  looking.view("bob", "c");
  looking.view("bob", "d");  // at the same time: what came last is newer
  looking.view("ada", "b", kMonday + 1h);
  CHECK(looking.now() == "seen=[d,c,b,a]");
  looking.world.restart();
  CHECK(looking.now() == "seen=[d,c,b,a]");
  looking.world.advance(6 * 24h);
  CHECK(looking.now() == "seen=[d,c,b,a]");  // seven days to the millisecond
  looking.world.advance(1ms);
  CHECK(looking.now() == "seen=[d,c,b]");
  looking.world.advance(24h);
  CHECK(looking.now() == "seen=[]");
}

TEST_CASE("an account's activity is that of all its people and its own, a person's is their own") {
  Looking looking(
      "[account.activity(\"page.viewed\", \"7d\").size(), people[0].activity(\"page.viewed\", \"7d\").size()]");
  looking.view("ada", "a");
  looking.view("bob", "b");
  looking.world.account_event("page.viewed", "acme", {{"url", text("c")}});
  CHECK(looking.now() == "seen=[3,1]");
}

TEST_CASE("of an account's events the newest are kept, as many as the limit says") {
  Looking looking(kUrls, "limits: {activity_per_account: 5}\n");
  for (const std::string url : {"a", "b", "c", "d", "e", "f", "g"})
    looking.view("ada", url);
  CHECK(looking.world.activity("acme").size() == 5);
  // The question is an event as well.
  CHECK(looking.now() == "seen=[g,f,e,d]");
  looking.world.restart();
  looking.view("ada", "h");
  CHECK(looking.world.activity("acme").size() == 5);
  CHECK(looking.world.activity("acme").front() == "page.viewed {url=e}");
}

TEST_CASE("an account has never more events than the limit, and never loses more than a tenth of it at a time") {
  Looking looking(kUrls, "limits: {activity_per_account: 30}\n");
  for (int i = 0; i < 100; ++i) {
    looking.view("ada", std::to_string(i));
    const std::vector<std::string> kept = looking.world.activity("acme");
    CHECK(kept.size() <= 30);
    CHECK(kept.size() >= static_cast<std::size_t>(std::min(i + 1, 27)));
    CHECK(kept.back() == "page.viewed {url=" + std::to_string(i) + "}");
  }
}

TEST_CASE("with a limit of 0 nothing is kept, and what comes is heard all the same") {
  SourceTexts texts = seeds_workspace(kListening);
  texts["caravan.yaml"] = "limits: {activity_per_account: 0}\n";
  World world(texts);
  world.post_all(acme());
  world.event("form.submitted", "ada");
  CHECK(world.activity("acme").empty());
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("an event that is greater than the limit is refused and not kept") {
  SourceTexts texts = seeds_workspace(kListening);
  texts["caravan.yaml"] = "limits: {event_bytes: 256}\n";
  World world(texts);
  world.post_all(acme());
  const auto tell = [&](std::size_t size) {
    return world.post(TellEvent{"page.viewed", "acme", {}, "id", {}, {{"url", text(std::string(size, 'u'))}}}).refused;
  };
  CHECK(tell(300).ends_with("bytes, and at most 256 are allowed (limits: event_bytes)"));
  CHECK(world.activity("acme").empty());
  CHECK(tell(200).empty());
  CHECK(world.activity("acme").size() == 1);
}

TEST_CASE("what the engine raises itself is kept from when an expression asks for it") {
  constexpr std::string_view scoring =
      "enter: {event: demo.asked}\nre_enter: {}\nnodes:\n  - {id: score, change_score: "
      "{score: interest, by: 5}}\n";
  World deaf(workspace_with("journey: seeds\n" + std::string(scoring)));
  deaf.post_all(acme());
  deaf.account_event("demo.asked", "acme");
  CHECK(deaf.activity("acme") == std::vector<std::string>{"demo.asked {}"});
  SourceTexts texts = workspace_with("journey: seeds\n" + std::string(scoring));
  texts["audiences/warm.yaml"] = "audience: warm\nwhen: 'account.activity(\"score.changed\", \"1d\").size() >= 2'\n";
  texts["journeys/warm.yaml"] = "journey: warm\nenter: {audience: warm}\nnodes:\n  - {id: stay, wait: 1d}\n";
  World world(texts);
  world.post_all(acme());
  world.account_event("demo.asked", "acme");
  CHECK(world.activity("acme") ==
        std::vector<std::string>{"demo.asked {}", "score.changed {new=5 old=0 score=interest}"});
  CHECK(world.audiences("acme").empty());
  world.account_event("demo.asked", "acme");
  // The audience is looked at as the event comes.
  CHECK(world.audiences("acme") == std::vector<std::string>{"warm"});
  CHECK(world.standing("acme").ends_with("waiting at stay"));
}
