// Whoever has unsubscribed from mails gets none but operational ones, wherever that was told, and it can be seen.
// Whoever has left a topic gets none of it, and an address that is none gets nothing.

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

/// Two mails of the topic `events` and of none, whenever an account has `news.asked`.
SourceTexts with_topics() {
  SourceTexts texts =
      with_invoice(journey_with("enter: {event: news.asked}\nre_enter: {}",
                                "- {id: invite, send_email: invitation}\n- {id: news, send_email: story}\n"
                                "- {id: bill, send_email: invoice}\n"));
  texts["caravan.yaml"] += "topics: {events: {title: Invitations}}\n";
  texts["emails/invitation.html"] = "---\nsubject: Come\ntopic: events\n---\n<p>Come</p>\n";
  return texts;
}

/// The mails of each asking, to ada alone.
class OfAda {
 public:
  explicit OfAda(World& world) : world_(world) {
    world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}}}});
  }

  /// The templates that she is sent now.
  Mails now() {
    const std::size_t before = world_.mails("acme").size();
    world_.account_event("news.asked", "acme");
    Mails sent = world_.mails("acme");
    sent.erase(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(before));
    for (std::string& mail : sent)
      mail.resize(mail.find(' '));
    return sent;
  }

  std::string attributes() { return world_.attributes(world_.people("acme").front().attributes); }

 private:
  World& world_;
};

const Mails kAll = {"invitation", "story", "invoice"};

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

TEST_CASE("whoever leaves a topic gets no mails of it, and all others") {
  World world(with_topics());
  OfAda ada(world);
  CHECK(ada.now() == kAll);
  world.event("email.unsubscribed", "ada", {{"topic", text("events")}});
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[events]");
  CHECK(ada.now() == Mails{"story", "invoice"});
  CHECK(world.notes("acme", NoteKind::refused) ==
        Mails{"the mail invitation was not sent to ada, who has left the topic events"});
  CHECK(world.counted_message(CounterKind::suppressed, "invitation") == 1);
  world.event("email.resubscribed", "ada", {{"topic", text("events")}});
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[]");
  CHECK(ada.now() == kAll);
}

TEST_CASE("whoever wants mails again still has left the topics that they have left") {
  World world(with_topics());
  OfAda ada(world);
  world.event("email.unsubscribed", "ada", {{"topic", text("events")}});
  world.event("email.unsubscribed", "ada");
  CHECK(ada.now() == Mails{"invoice"});
  world.event("email.resubscribed", "ada");
  CHECK(ada.now() == Mails{"story", "invoice"});
}

TEST_CASE("conditions read which topics a person has left, and events say which topic they are about") {
  SourceTexts texts = with_topics();
  texts["journeys/left.yaml"] =
      "journey: left\nenter: {event: email.unsubscribed, where: 'has(event.topic) && event.topic in "
      "person.left_topics'}\nnodes:\n  - {id: stay, wait: 9d}\n";
  World world(texts);
  OfAda ada(world);
  world.event("email.unsubscribed", "ada");
  CHECK(world.standing("acme").empty());
  world.event("email.unsubscribed", "ada", {{"topic", text("events")}});
  CHECK(world.standing("acme") == "waiting at stay");
}

TEST_CASE("who calls a mail spam has unsubscribed") {
  World world(with_topics());
  OfAda ada(world);
  world.event("email.complained", "ada", {{"template", text("story")}});
  CHECK(ada.attributes() == "email=ada@acme.example unsubscribed=true");
  CHECK(ada.now() == Mails{"invoice"});
}

TEST_CASE("to an address where a mail has come back for good no mail is sent, until it is another") {
  World world(with_topics());
  OfAda ada(world);
  world.event("email.bounced", "ada", {{"reason", text("mailbox full")}, {"permanent", {false}}});
  world.event("email.bounced", "ada", {{"reason", text("who knows")}});
  CHECK(ada.now() == kAll);
  world.event("email.bounced", "ada", {{"permanent", {true}}});
  CHECK(ada.attributes() == "email=ada@acme.example undeliverable=ada@acme.example");
  CHECK(ada.now() == Mails{});
  CHECK(world.notes("acme", NoteKind::refused) ==
        Mails{"the mail invitation was not sent to ada, whose address is undeliverable",
              "the mail story was not sent to ada, whose address is undeliverable",
              "the mail invoice was not sent to ada, whose address is undeliverable"});
  SECTION("by another address") {
    world.person("ada", "", {{"email", text("ada@new.example")}});
    CHECK(ada.now() == kAll);
    // Of the one before, told late.
    world.event("email.bounced", "ada", {{"permanent", {true}}, {"address", text("Ada <ADA@acme.example>")}});
    CHECK(ada.now() == kAll);
  }
  SECTION("by hand") {
    world.person("ada", "", {{"undeliverable", {}}});
    CHECK(ada.now() == kAll);
  }
}

TEST_CASE(
    "a bounce of an address that is not theirs any more, or of long ago, leaves what is known of the present one") {
  World world(with_topics());
  OfAda ada(world);
  TellEvent old{"email.bounced", {}, "ada", {}, kMonday - 240h, {{"permanent", {true}}}};
  world.post(old);
  CHECK(ada.attributes() == "email=ada@acme.example");
  world.event("email.bounced", "ada", {{"permanent", {true}}});
  world.event("email.bounced", "ada", {{"permanent", {true}}, {"address", text("ada@before.example")}});
  CHECK(ada.attributes() == "email=ada@acme.example undeliverable=ada@acme.example");
  CHECK(ada.now() == Mails{});
}

TEST_CASE("a topic that is none says nothing of all mails") {
  World world(with_topics());
  OfAda ada(world);
  world.event("email.unsubscribed", "ada");
  for (const AttributeInput& topic : {text(""), AttributeInput{true}})
    world.event("email.resubscribed", "ada", {{"topic", topic}});
  CHECK(ada.attributes() == "email=ada@acme.example unsubscribed=true");
}

TEST_CASE("an event that comes again, to an account that the person has joined since, is not said a second time") {
  World world(with_topics());
  OfAda ada(world);
  const TellEvent again{"email.resubscribed", {}, "ada", "r-1", {}, {}};
  world.post(again);
  world.event("email.unsubscribed", "ada");
  world.post_all({UpsertAccount{"zeta", {}}, RelatePerson{"ada", "zeta"}});
  world.post(again);
  CHECK(ada.attributes() == "email=ada@acme.example unsubscribed=true");
  CHECK(world.activity("zeta") == Mails{"email.resubscribed {}"});
}

TEST_CASE("what somebody has said later counts, whenever it is told") {
  World world(with_topics());
  OfAda ada(world);
  const auto tell = [&](const std::string& type, Instant at, AttributeMap properties = {}) {
    CHECK(world.post(TellEvent{type, {}, "ada", {}, at, std::move(properties)}).refused.empty());
  };
  world.event("email.unsubscribed", "ada");
  tell("email.resubscribed", kMonday - 24h * 365);
  CHECK(ada.attributes() == "email=ada@acme.example unsubscribed=true");
  tell("email.unsubscribed", kMonday - 24h, {{"topic", text("events")}});  // of another kind
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[events] unsubscribed=true");
  tell("email.resubscribed", kMonday - 48h, {{"topic", text("events")}});
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[events] unsubscribed=true");
  tell("email.resubscribed", kMonday);  // at the same time: the one told last
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[events] unsubscribed=false");
}
