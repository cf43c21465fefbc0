// One address gets one mail of a journey once, where the journey says so.

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kDay = 24h;

/// The mails of the whole world, however it got there, in order.
std::vector<std::string> all_mails(World& world) {
  std::vector<std::string> all;
  for (const AccountRecord& account : world.accounts()) {
    const std::vector<std::string> mails = world.mails(account.key);
    all.insert(all.end(), mails.begin(), mails.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// Two accounts with a person each of the same address, however written, and one of another.
std::vector<Input> sharing() {
  return {UpsertAccount{"acme", {}},
          UpsertPerson{"ada", "acme", {{"email", text("Ada@Example.com")}}},
          UpsertPerson{"ida", "acme", {{"email", text("ada@example.COM")}}},
          UpsertAccount{"globex", {}},
          UpsertPerson{"eda", "globex", {{"email", text("ada@example.com")}}},
          UpsertPerson{"bob", "globex", {{"email", text("bob@example.com")}}}};
}

constexpr std::string_view kTwice = R"(- {id: mail, send_email: story}
- {id: rest, wait: 1d}
- {id: again, send_email: story}
- {id: other, send_email: welcome}
)";

}  // namespace

TEST_CASE("with email_deduplication an address gets each mail of a journey once, across people, accounts and batches") {
  const std::vector<std::string> expected = {"story to Ada@Example.com", "story to bob@example.com",
                                             "welcome to Ada@Example.com", "welcome to bob@example.com"};
  for (const std::size_t turns : {1U, 2U, 4'096U}) {
    for (const bool restarts : {false, true}) {
      INFO(turns << " turns a batch" << (restarts ? ", with restarts" : ""));
      World world(journey_with("enter: {audience: everyone}\nemail_deduplication: true", kTwice),
                  {.turns_per_batch = turns});
      world.post_all(sharing());
      if (restarts) world.restart();
      world.advance(kDay);
      CHECK(all_mails(world) == expected);
      CHECK(world.trail("globex") == "mail rest:stopped again:nobody other");
      CHECK(world.counted_message(CounterKind::promised, "story") == 2);
      // Of the first mail two, of its repetition all four, of the other two.
      CHECK(world.counted_message(CounterKind::deduplicated, "story") == 6);
      CHECK(world.counted_message(CounterKind::deduplicated, "welcome") == 2);
    }
  }
}

TEST_CASE("without email_deduplication everybody gets everything") {
  World world(journey_with("enter: {audience: everyone}", kTwice));
  world.post_all(sharing());
  world.advance(kDay);
  CHECK(all_mails(world).size() == 12);
}

TEST_CASE(
    "another journey sends an address its own mails, and another entry or another version does not send them again") {
  const std::string head = "enter: {event: demo.asked}\nre_enter: {}\nemail_deduplication: true";
  SourceTexts texts = journey_with(head, "- {id: mail, send_email: story}\n");
  texts["journeys/other.yaml"] =
      "journey: other\nenter: {event: demo.asked}\nemail_deduplication: true\nnodes:\n  - {id: mail, send_email: "
      "story}\n";
  World world(texts);
  world.post_all(sharing());
  world.account_event("demo.asked", "acme");
  CHECK(all_mails(world) == std::vector<std::string>{"story to Ada@Example.com", "story to Ada@Example.com"});
  world.account_event("demo.asked", "acme");
  texts["journeys/seeds.yaml"] += "  - {id: stay, wait: 1d}\n";
  world.restart_with(texts);
  world.account_event("demo.asked", "acme");
  world.account_event("demo.asked", "globex");
  CHECK(all_mails(world) == std::vector<std::string>{"story to Ada@Example.com", "story to Ada@Example.com",
                                                     "story to bob@example.com", "story to bob@example.com"});
}

TEST_CASE("a mail that a failing run did not send counts as not sent") {
  World world(
      journey_with("enter: {audience: everyone}\nemail_deduplication: true",
                   "- {id: first, send_email: welcome}\n- {id: mail, send_email: {template: story, with: {offer: "
                   "'[account.offer]'}}}\n"));
  world.post_all(acme({{"offer", too_deep()}}));
  CHECK(world.standing("acme") == "held at first");
  CHECK(all_mails(world).empty());
  world.account("acme", {{"offer", text("one")}});
  world.advance(1h);
  CHECK(all_mails(world).size() == 6);
  CHECK(world.counted_message(CounterKind::deduplicated, "welcome") == 0);
}
