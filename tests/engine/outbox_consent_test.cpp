// What its receiver does not want any more is not sent, however long it has waited.

#include "tests/engine/outbox_world.hpp"

using namespace caravan;
using namespace caravan::test::outbox;
using namespace std::chrono_literals;

namespace {

const SendResult kNotNow{Outcome::retry, "421 not now"};

/// A mail to p1 that the server does not take now.
void fail_once(World& world, MessageIndex message = mail_message) {
  world.channel.answer = [](const Mail&) { return kNotNow; };
  world.promise(1, 1, of(message));
  world.open();
  REQUIRE(world.in(DeliveryState::pending).front().attempts == 1);
  world.channel.answer = [](const Mail&) { return SendResult{}; };
}

void try_again(World& world) {
  world.clock.move_to(world.clock.now() + 1h);
  world.outbox->notify();
  world.run();
}

}  // namespace

TEST_CASE("a mail that waits to be tried again is not sent to somebody who has unsubscribed since") {
  World world;
  fail_once(world);
  world.set(PersonId{1}, "unsubscribed", {true});
  try_again(world);
  CHECK(world.channel.sent.size() == 1);
  const DeliveryRecord record = world.only(DeliveryState::suppressed);
  CHECK(record.reason == "it is for somebody who has unsubscribed");
  CHECK(record.attempts == 1);
  CHECK(record.ended_at == monday + 1h);
  CHECK(world.outbox->idle());
}

TEST_CASE("a mail that waits goes out where nothing has changed, and to those who want mails again") {
  World world;
  world.promise(2, 1);
  fail_once(world);
  world.set(PersonId{1}, "unsubscribed", {true});
  world.set(PersonId{1}, "unsubscribed", {false});
  try_again(world);
  CHECK(world.in(DeliveryState::delivered).size() == 2);
}

TEST_CASE("an operational mail goes out to those who have unsubscribed, and not where nobody is reached") {
  World world;
  fail_once(world, invoice_message);
  world.set(PersonId{1}, "unsubscribed", {true});
  SECTION("to one") {
    try_again(world);
    CHECK(world.in(DeliveryState::delivered).size() == 1);
  }
  SECTION("not to the other") {
    world.set(PersonId{1}, "undeliverable", {std::string("P1@Acme.example")});
    try_again(world);
    CHECK(world.only(DeliveryState::suppressed).reason == "it is for somebody whose address is undeliverable");
  }
}

TEST_CASE("whether a mail is wanted is asked when it is handed over, not when it is taken up") {
  World world;
  world.channel.holds = true;
  world.promise(1, 5);
  world.open();
  REQUIRE(world.channel.held.size() == 4);  // the fifth is marked, and waits for room
  world.set(PersonId{5}, "unsubscribed", {true});
  world.channel.under_way = 0;
  for (auto& done : std::exchange(world.channel.held, {}))
    boost::asio::post(world.io, [done] { done({}); });
  world.run();
  CHECK(world.channel.sent.size() == 4);
  CHECK(world.only(DeliveryState::suppressed).key.recipient == RecipientId{5});
  CHECK(world.in(DeliveryState::delivered).size() == 4);
}

TEST_CASE("a mail to somebody who was removed is not sent, unless they have asked for what is in it") {
  World world;
  const MessageIndex message = GENERATE(mail_message, invoice_message);
  fail_once(world, message);
  Changes changes;
  changes.removed_people = {PersonId{1}};
  world.store->commit(changes);
  try_again(world);
  if (message == mail_message)
    CHECK(world.only(DeliveryState::suppressed).reason == "it is for somebody who was removed");
  else
    CHECK(world.in(DeliveryState::delivered).size() == 1);
}

TEST_CASE("texts and calls are nobody's mails") {
  World world;
  world.promise(1, 1, of(sms_message));
  world.promise(2, 1, of(crm_message));
  world.set(PersonId{1}, "unsubscribed", {true});
  world.set(PersonId{2}, "unsubscribed", {true});
  world.open();
  CHECK(world.in(DeliveryState::delivered).size() == 2);
}
