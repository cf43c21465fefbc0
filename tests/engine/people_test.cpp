// People splits as the engine runs them: a token a person, an account that waits at the join, and everything that may
// happen to people while it does.

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kEverything = R"(- id: each
  split_people:
    - path: deciders
      when: person.title.startsWith("VP")
      nodes:
        - {id: reflect, wait: 2d}
        - id: variants
          variant_split:
            - {path: a, percent: 50, nodes: [{id: mail-a, send_email: story}]}
            - {path: b, percent: 50, nodes: [{id: mail-b, send_email: story}]}
    - path: others
      nodes:
        - id: raise
          listen:
            event: form.submitted
            timeout: 3d
            on_timeout: {nodes: [{id: remind, send_email: welcome}]}
        - id: inner
          split_people:
            - {path: agronomists, when: person.title == "Agronomist", nodes: [{id: rest, wait: 1h}]}
        - {id: inner-mail, send_email: story}
- id: together
  send_email: farewell
- id: last
  wait: 30d
)";

constexpr std::string_view kListening = R"(- id: each
  split_people:
    - {path: all, nodes: [{id: raise, listen: form.submitted}, {id: mail, send_email: story}]}
- id: last
  wait: 1d
)";

/// How many of an account's mails begin so.
std::size_t mails_of(World& world, const std::string& account, const std::string& start) {
  const std::vector<std::string> mails = world.mails(account);
  return static_cast<std::size_t>(
      std::count_if(mails.begin(), mails.end(), [&](const std::string& each) { return each.starts_with(start); }));
}

}  // namespace

TEST_CASE("whatever runs inside of a people split runs for each person, and the account goes on when all are through") {
  World world(seeds_workspace(kEverything));
  world.post_all(acme());
  CHECK(world.standing("acme") == "joining at each | waiting at reflect | listening at raise | listening at raise");
  CHECK(world.token("acme", "ada").due_at == kMonday + 48h);
  world.advance(24h);
  world.event("form.submitted", "bob");
  CHECK(world.trail(world.token("acme", "bob")) ==
        "each/others raise:stopped raise:heard inner/agronomists rest:stopped");
  world.advance(1h);
  CHECK(world.trail(world.token("acme", "bob")) ==
        "each/others raise:stopped raise:heard inner/agronomists rest:stopped inner-mail");
  world.advance(23h);
  const std::string variant = world.trail(world.token("acme", "ada"));
  CHECK((variant == "each/deciders reflect:stopped variants/a mail-a" ||
         variant == "each/deciders reflect:stopped variants/b mail-b"));
  CHECK(world.standing("acme").starts_with("joining at each | completed at "));
  CHECK(mails_of(world, "acme", "farewell") == 0);
  world.advance(24h);
  CHECK(world.trail(world.token("acme", "cy")) ==
        "each/others raise:stopped raise/timeout:timed_out remind inner:nobody inner-mail");
  CHECK(world.trail(world.token("acme", "")) == "each:stopped together last:stopped");
  CHECK(mails_of(world, "acme", "story") == 3);
  CHECK(mails_of(world, "acme", "welcome") == 1);
  CHECK(mails_of(world, "acme", "farewell") == 3);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a people split comes to the same with a restart after every step, and with a death in every step") {
  const auto live = [](World& world, const auto& work) {
    world.post_all(acme());
    for (const auto step : {24h, 0h, 1h, 23h, 24h}) {
      if (step == 0h) world.event("form.submitted", "bob");
      world.advance_clock(step);
      work();
    }
    return world.portrait();
  };
  World steady(seeds_workspace(kEverything));
  const std::string portrait = live(steady, [&] { steady.run(); });
  World restarted(seeds_workspace(kEverything), {.turns_per_batch = 1});
  CHECK(live(restarted, [&] {
          restarted.restart();
          restarted.restart();
        }) == portrait);
  World dying(seeds_workspace(kEverything), {.turns_per_batch = 1});
  CHECK(live(dying, [&] {
          dying.drop_after(1);
          dying.run();
        }) == portrait);
}

TEST_CASE("a person who moves to another account does not block the join, and is in no split of the new one") {
  World world(seeds_workspace(kListening));
  world.post_all(acme());
  world.post_all({UpsertAccount{"globex", {}}, UpsertPerson{"dee", "globex", {{"email", text("dee@globex.example")}}}});
  world.event("form.submitted", "bob");
  world.event("form.submitted", "cy");
  CHECK(world.standing("acme") == "joining at each | listening at raise | completed at mail | completed at mail");
  world.person("ada", "globex");
  CHECK(world.standing("acme") == "waiting at last | left at raise | completed at mail | completed at mail");
  CHECK(notes_of(world, "acme") == std::vector<std::string>{"ada does not belong to the account any more"});
  CHECK(world.standing("globex") == "joining at each | listening at raise");
  world.event("form.submitted", "ada");
  CHECK(world.standing("globex") == "joining at each | listening at raise");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("when the last one inside is removed, or everybody is, the account goes on at that time") {
  World world(seeds_workspace(kListening));
  world.post_all(acme());
  world.advance(1h);
  for (const std::string person : {"bob", "ada", "cy"}) {
    CHECK(world.token("acme", "").state == TokenState::joining);
    CHECK(world.post(RemovePerson{person}).refused.empty());
  }
  CHECK(world.standing("acme") == "waiting at last | left at raise | left at raise | left at raise");
  CHECK(world.token("acme", "").due_at == kMonday + 25h);
  CHECK(world.counted(CounterKind::left) == 0);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("people who leave the account while only data is taken in do not block the join either") {
  SourceTexts texts = workspace_with("journey: seeds\nenter: {event: demo.asked}\nnodes:\n" + indented(kListening, 2));
  for (const bool is_removed : {false, true}) {
    INFO((is_removed ? "removed" : "moved"));
    World world(texts);
    world.post_all(acme());
    world.account("globex");
    world.account_event("demo.asked", "acme");
    world.event("form.submitted", "bob");
    world.event("form.submitted", "cy");
    world.stop_with(EngineSettings{.mode = BatchRunner::Mode::data});
    if (is_removed) {
      world.post(RemovePerson{"ada"});
    } else {
      world.person("ada", "globex");
    }
    CHECK(world.standing("acme") == "joining at each | listening at raise | completed at mail | completed at mail");
    world.restart_with(EngineSettings{});
    CHECK(world.standing("acme") == "waiting at last | left at raise | completed at mail | completed at mail");
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
}

TEST_CASE("the time of somebody who went while only data was taken in comes to nothing") {
  World world(
      seeds_workspace("- id: each\n  split_people:\n    - path: all\n      nodes: [{id: stay, wait: 1d}, {id: mail, "
                      "send_email: story}]\n- id: last\n  wait: 1d\n"));
  world.post_all(acme());
  world.stop_with(EngineSettings{.mode = BatchRunner::Mode::data});
  world.post(RemovePerson{"ada"});
  world.stop_with({});
  world.advance_clock(24h);
  // The event comes first, and brings the account to where it must stand by then.
  world.account_event("page.viewed", "acme");
  CHECK(world.standing("acme") == "waiting at last | left at stay | completed at mail | completed at mail");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a person who is removed and comes back in the same batch is somebody new, and not inside") {
  World world(seeds_workspace(kListening));
  world.post_all(acme());
  const PersonId before = world.people("acme").at(0).id;
  in_one_batch(world, {RemovePerson{"ada"}, UpsertPerson{"ada", "acme", {{"email", text("new@acme.example")}}}});
  CHECK(world.people("acme").size() == 3);
  CHECK(world.people("acme").back().key == "ada");
  CHECK(world.people("acme").back().id != before);
  world.event("form.submitted", "ada");
  CHECK(world.standing("acme") == "joining at each | left at raise | listening at raise | listening at raise");
}

TEST_CASE("who comes to the account while a split is open is in scope from the next node on, and in the next split") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - {path: all, nodes: [{id: stay, wait: 1d}, {id: mail, send_email: story}]}
- id: together
  send_email: welcome
- id: again
  split_people:
    - {path: all, nodes: [{id: bye, send_email: farewell}]}
)"));
  world.post_all(acme());
  world.person("dee", "acme", {{"email", text("dee@acme.example")}});
  world.post(RemovePerson{"cy"});
  world.advance(24h);
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to ada@acme.example", "welcome to bob@acme.example",
                                                        "welcome to dee@acme.example", "story to ada@acme.example",
                                                        "story to bob@acme.example", "farewell to ada@acme.example",
                                                        "farewell to bob@acme.example",
                                                        "farewell to dee@acme.example"});
}

TEST_CASE("a way of a person that ends or leaves ends for that person alone") {
  World world(seeds_workspace(R"(- id: each
  split_people:
    - path: all
      nodes:
        - id: choose
          split:
            - {path: deciders, when: person.title.startsWith("VP"), next: end}
            - {path: agronomists, when: person.title == "Agronomist", nodes: [{id: raise, listen: {event: form.submitted, timeout: 1d}}]}
        - {id: mail, send_email: story}
- id: last
  wait: 1d
)"));
  world.post_all(acme());
  // Ada has come to the end, Bob will leave by a time-out, Cy has left as no path held.
  CHECK(world.standing("acme") == "joining at each | completed at choose | listening at raise | left at choose");
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at last | completed at choose | left at raise | left at choose");
  CHECK(world.mails("acme").empty());
  CHECK(world.counted(CounterKind::left) == 0);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

namespace {

constexpr std::string_view kFailing = R"(- id: each
  split_people:
    - path: all
      nodes:
        - {id: stay, wait: 1d}
        - {id: mail, send_email: {template: story, with: {offer: '[person.offer]'}}}
- id: together
  send_email: farewell
)";

}  // namespace

TEST_CASE("a node that fails inside holds that person only; the account waits until it is mended") {
  World world(seeds_workspace(kFailing));
  world.post_all(acme());
  for (const std::string person : {"ada", "cy"})
    world.person(person, "acme", {{"offer", text("none")}});
  world.person("bob", "acme", {{"offer", too_deep()}});
  world.advance(24h);
  CHECK(world.standing("acme") == "joining at each | completed at mail | held at mail | completed at mail");
  CHECK(world.counted(CounterKind::held, "mail") == 1);
  CHECK(mails_of(world, "acme", "story") == 2);
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().token == world.token("acme", "bob").id);
  CHECK(world.counter_differences() == std::vector<std::string>{});
  world.person("bob", "acme", {{"offer", text("one")}});
  world.run_out();
  CHECK(world.standing("acme") == "completed at together | completed at mail | completed at mail | completed at mail");
  CHECK(mails_of(world, "acme", "story") == 3);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a person who is held inside is made to skip the node, or is taken out, and the account goes on") {
  for (const auto command : {Interfere::Command::skip, Interfere::Command::remove}) {
    World world(seeds_workspace(kFailing));
    world.post_all(acme());
    for (const std::string person : {"ada", "bob", "cy"})
      world.person(person, "acme", {{"offer", person == "bob" ? too_deep() : text("none")}});
    world.advance(24h);
    CHECK(world.token("acme", "bob").state == TokenState::held);
    CHECK(world.interfere({command, "seeds", "mail", "acme"}).empty());
    CHECK(world.token("acme", "bob").state ==
          (command == Interfere::Command::skip ? TokenState::completed : TokenState::left));
    CHECK(world.token("acme", "").state == TokenState::completed);
    CHECK(mails_of(world, "acme", "farewell") == 3);
    CHECK(world.counter_differences() == std::vector<std::string>{});
  }
}

TEST_CASE("an account that leaves takes its people along, wherever they stand inside") {
  World world(workspace_with("journey: seeds\nenter: {audience: everyone}\nexit_when: has(account.status)\nnodes:\n" +
                             indented(kEverything, 2)));
  world.post_all(acme());
  world.advance(24h);
  world.event("form.submitted", "bob");
  world.account("acme", {{"status", text("customer")}});
  CHECK(world.standing("acme") == "left at each | left at reflect | left at rest | left at raise");
  CHECK(world.next_due() == std::nullopt);
  CHECK(world.counted(CounterKind::left) == 1);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a pause holds everybody inside, and the account meets them at the join when it is over") {
  World world(seeds_workspace(kListening));
  world.post_all(acme());
  world.event("form.submitted", "ada");
  world.change(ChangeJourney::Command::pause);
  world.event("form.submitted", "bob");
  world.post(RemovePerson{"cy"});
  CHECK(world.standing("acme") == "joining at each | completed at mail | held at raise | left at raise");
  world.post(RemovePerson{"bob"});
  CHECK(world.standing("acme") == "held at each | completed at mail | left at raise | left at raise");
  world.change(ChangeJourney::Command::resume);
  CHECK(world.standing("acme") == "waiting at last | completed at mail | left at raise | left at raise");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}
