// Whoever has unsubscribed from mails gets none but operational ones, wherever that was told, and it can be seen.

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts with_invoice(SourceTexts texts) {
  texts["emails/invoice.html"] = "---\nsubject: Your invoice\noperational: true\n---\n<p>Here it is</p>\n";
  return texts;
}

std::vector<Input> two_people(const AttributeMap& of_ada = {}) {
  AttributeMap ada = of_ada;
  ada.push_back({"email", text("ada@acme.example")});
  return {UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", ada},
          UpsertPerson{"bob", "acme", {{"email", text("bob@acme.example")}}}};
}

using Mails = std::vector<std::string>;

}  // namespace

TEST_CASE("a person who has unsubscribed gets no mail, which is noted and counted, save operational ones") {
  World world(with_invoice(journey_with("enter: {audience: everyone}",
                                        "- {id: mail, send_email: welcome}\n- {id: bill, send_email: invoice}\n")));
  world.post_all(two_people({{"unsubscribed", {true}}}));
  CHECK(world.mails("acme") ==
        Mails{"welcome to bob@acme.example", "invoice to ada@acme.example", "invoice to bob@acme.example"});
  CHECK(world.counted_message(CounterKind::suppressed, "welcome") == 1);
  CHECK(world.counted_message(CounterKind::suppressed, "invoice") == 0);
  CHECK(world.counted_message(CounterKind::promised, "welcome") == 1);
  CHECK(world.notes("acme", NoteKind::refused) == Mails{"the mail welcome was not sent to ada, who has unsubscribed"});
}

TEST_CASE("only the flag itself counts as having unsubscribed") {
  World world(journey_with("enter: {audience: everyone}", "- {id: mail, send_email: welcome}\n"));
  world.post_all({UpsertAccount{"acme", {}},
                  UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}, {"unsubscribed", {false}}}},
                  UpsertPerson{"bob", "acme", {{"email", text("bob@acme.example")}, {"unsubscribed", text("no")}}}});
  CHECK(world.mails("acme") == Mails{"welcome to ada@acme.example", "welcome to bob@acme.example"});
}

TEST_CASE("an event unsubscribes a person before any journey hears of it, and another takes it back") {
  SourceTexts texts =
      journey_with("enter: {event: email.unsubscribed}\nre_enter: {}", "- {id: mail, send_email: welcome}\n");
  texts["journeys/news.yaml"] =
      "journey: news\nenter: {event: news.asked}\nre_enter: {}\nnodes:\n"
      "  - {id: mail, send_email: story}\n";
  World world(texts);
  world.post_all(two_people());
  world.event("email.unsubscribed", "ada");
  CHECK(world.mails("acme") == Mails{"welcome to bob@acme.example"});
  world.account_event("news.asked", "acme");
  CHECK(world.mails("acme") == Mails{"welcome to bob@acme.example", "story to bob@acme.example"});
  world.event("email.resubscribed", "ada");
  world.account_event("news.asked", "acme");
  CHECK(world.mails("acme") == Mails{"welcome to bob@acme.example", "story to bob@acme.example",
                                     "story to ada@acme.example", "story to bob@acme.example"});
}

TEST_CASE("whoever unsubscribes does so in all of their accounts at once") {
  World world(journey_with("enter: {event: email.unsubscribed}", "- {id: mail, send_email: welcome}\n"));
  std::vector<Input> inputs = two_people();
  inputs.insert(inputs.begin(), UpsertAccount{"globex", {}});
  inputs.push_back(RelatePerson{"ada", "globex"});
  world.post_all(inputs);
  world.event("email.unsubscribed", "ada");
  CHECK(world.mails("globex").empty());
  CHECK(world.mails("acme") == Mails{"welcome to bob@acme.example"});
  CHECK(world.notes("globex", NoteKind::refused) ==
        Mails{"the mail welcome was not sent to ada, who has unsubscribed"});
}

TEST_CASE("what changes by an event that unsubscribes is heard as any change of a person") {
  World world(journey_with("enter: {event: person.changed, where: event.attribute == \"unsubscribed\" && event.new}",
                           "- {id: stay, wait: 1d}\n"));
  world.post_all(two_people());
  world.event("email.unsubscribed", "ada");
  CHECK(world.standing("acme") == "waiting at stay");
}
