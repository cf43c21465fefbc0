// The outbox and its channels: every message goes its own way, and no channel waits for another.

#include "tests/engine/outbox_world.hpp"

using namespace caravan;
using namespace caravan::test::outbox;
using namespace std::chrono_literals;

TEST_CASE("every kind of message goes its own way") {
  World world;
  world.promise(1, 1, of(mail_message));
  world.promise(2, 1, of(sms_message));
  world.promise(3, 1, of(chat_message));
  world.promise(4, 1, of(crm_message));
  world.promise(5, 1, of(erp_message));
  world.open();
  REQUIRE(world.ways.mails.sent.size() == 1);
  CHECK(world.ways.mails.sent[0].to == "p1@acme.example");
  REQUIRE(world.ways.texts.sent.size() == 1);
  CHECK(world.ways.texts.sent[0].key == "test-2-1-p2");
  CHECK(world.ways.texts.sent[0].to == "p2@acme.example");
  CHECK(world.ways.texts.sent[0].date == monday);
  REQUIRE(world.ways.crm.sent.size() == 2);
  std::map<std::string, Call> calls;
  for (const Call& call : world.ways.crm.sent)
    calls[call.key] = call;
  CHECK(calls["test-3-1-p3"].body == R"({"key":"test-3-1-p3","to":"p3@acme.example","text":"Hello"})");
  CHECK(calls["test-3-1-p3"].method == "POST");
  CHECK(calls["test-3-1-p3"].path == "");
  CHECK(calls["test-4-1-p4"].path == "/contacts");
  REQUIRE(world.ways.erp.sent.size() == 1);
  CHECK(world.in(DeliveryState::delivered).size() == 5);
}

TEST_CASE("a connection that takes nothing holds up neither mails nor other connections") {
  World world;
  world.ways.crm.holds = true;
  world.promise(1, 3000, of(crm_message));
  world.promise(3001, 1000, of(mail_message));
  world.promise(4001, 100, of(erp_message));
  world.open();
  CHECK(world.ways.mails.sent.size() == 1000);
  CHECK(world.ways.erp.sent.size() == 100);
  CHECK(world.ways.crm.sent.size() == 4);
  // Of the 3,000 no more are in memory than a channel may have.
  CHECK(world.in(DeliveryState::under_way).size() == 512);
  CHECK(world.in(DeliveryState::pending).size() == 2488);
}

TEST_CASE("a connection that answers slowly is served to its end, four at a time") {
  World world;
  world.ways.crm.holds = true;
  world.promise(1, 600, of(crm_message));
  world.open();
  while (!world.ways.crm.held.empty()) {
    for (auto& done : std::exchange(world.ways.crm.held, {}))
      boost::asio::post(world.io, [&world, done] {
        --world.ways.crm.under_way;
        done({});
      });
    world.run();
  }
  CHECK(world.ways.crm.most == 4);
  CHECK(world.ways.crm.sent.size() == 600);
  CHECK(world.in(DeliveryState::delivered).size() == 600);
}

TEST_CASE("texts over a connection share its bound with its calls") {
  World world;
  world.ways.crm.holds = true;
  world.promise(1, 10, of(crm_message));
  world.promise(11, 10, of(chat_message));
  world.open();
  CHECK(world.ways.crm.sent.size() == 4);
}

TEST_CASE("a connection is retried by its own setting") {
  World world;
  world.ways.channels.connections["crm"].retry = {.attempts = 2, .first = 10s, .longest = 1min};
  world.ways.crm.answer = [](const Call&) { return SendResult{Outcome::retry, "crm answers 503"}; };
  world.promise(1, 1, of(crm_message));
  Outbox& outbox = world.open();
  const DeliveryRecord record = world.only(DeliveryState::pending);
  CHECK(*record.next_attempt_at >= monday + 7s);
  CHECK(*record.next_attempt_at <= monday + 13s);
  world.clock.move_to(*record.next_attempt_at);
  outbox.notify();
  world.run();
  CHECK(world.only(DeliveryState::failed).reason == "crm answers 503");
  CHECK(world.ways.crm.sent.size() == 2);
}

TEST_CASE("a connection that asks for a rest gets it, and nobody else") {
  World world;
  world.ways.crm.answer = [](const Call&) { return SendResult{Outcome::retry, "crm answers 429", 10min}; };
  world.promise(1, 100, of(crm_message));
  world.promise(101, 100, of(erp_message));
  Outbox& outbox = world.open();
  CHECK(world.ways.erp.sent.size() == 100);
  // Four were under way when the first asked.
  CHECK(world.ways.crm.sent.size() == 4);
  auto pending = world.in(DeliveryState::pending);
  CHECK(pending.size() == 100);
  int tried = 0;
  for (const DeliveryRecord& record : pending) {
    tried += record.attempts;
    if (record.attempts == 0) continue;
    CHECK(*record.next_attempt_at >= monday + 10min);
    CHECK(*record.next_attempt_at <= monday + 12min + 30s);
  }
  CHECK(tried == 4);

  world.promise(201, 1, of(crm_message));
  world.clock.move_to(monday + 9min);
  outbox.notify();
  world.run();
  CHECK(world.ways.crm.sent.size() == 4);
  CHECK(outbox.idle());

  world.ways.crm.answer = [](const Call&) { return SendResult{}; };
  world.clock.move_to(monday + 13min);
  outbox.notify();
  world.run();
  CHECK(world.ways.crm.sent.size() == 105);
  CHECK(world.in(DeliveryState::pending).empty());
}

TEST_CASE("the answer to a call is told when it has ended, and not before") {
  World world;
  int attempt = 0;
  world.ways.crm.answer = [&](const Call&) {
    return ++attempt == 1 ? SendResult{Outcome::retry, "busy", {}, Answer{503, "busy"}}
                          : SendResult{Outcome::delivered, {}, {}, Answer{201, "{}"}};
  };
  world.ways.erp.answer = [](const Call&) { return SendResult{Outcome::refused, "no", {}, Answer{422, "no"}}; };
  world.promise(1, 1, of(crm_message));
  world.promise(2, 1, of(erp_message));
  world.promise(3, 1, of(chat_message));
  Outbox& outbox = world.open();
  world.clock.move_to(monday + 1h);
  outbox.notify();
  world.run();
  std::map<std::int64_t, Answer> answers;
  for (const auto& group : world.ledger.records) {
    for (const DeliveryProgress& progress : group) {
      if (!progress.answer) continue;
      CHECK(progress.ended_at);
      CHECK(answers.emplace(progress.key.token.value, *progress.answer).second);
    }
  }
  CHECK(answers == std::map<std::int64_t, Answer>{{1, {201, "{}"}}, {2, {422, "no"}}});
}

TEST_CASE("what an aborted journey has promised is given up when it is taken up") {
  World world;
  world.book.aborted = {VersionId{3}};
  world.promise(1, 600, [](DeliveryRecord& record) { record.version = VersionId{3}; });
  world.promise(601, 1);
  world.open();
  CHECK(world.channel.sent.size() == 1);
  const auto failed = world.in(DeliveryState::failed);
  CHECK(failed.size() == 600);
  CHECK(std::all_of(failed.begin(), failed.end(), [](const DeliveryRecord& record) {
    return record.reason == "the journey was aborted" && record.attempts == 0 && record.ended_at == monday;
  }));
}

TEST_CASE("what has no way out any more waits for it to be put back, and says so") {
  World world;
  world.ways.channels.chat.reset();
  world.ways.channels.connections.erase("erp");
  world.promise(1, 1, of(erp_message));
  world.promise(2, 1, of(chat_message));
  world.promise(3, 1, of(mail_message));
  Outbox& outbox = world.open({.retry = {.attempts = 2, .first = 1min, .longest = 4h}});
  std::map<std::int64_t, std::string> reasons;
  for (const DeliveryRecord& record : world.in(DeliveryState::pending))
    reasons[record.key.token.value] = record.reason;
  CHECK(reasons == std::map<std::int64_t, std::string>{
                       {1, "caravan.yaml has no connection erp any more; put it back, or abort the journey"},
                       {2, "caravan.yaml has no channel for chats any more; put it back, or abort the journey"}});
  CHECK(world.channel.sent.size() == 1);
  world.clock.move_to(monday + 2min);
  outbox.notify();
  world.run();
  CHECK(world.in(DeliveryState::failed).size() == 2);
}

TEST_CASE(
    "a call that was under way when the process died is made again under the same key; a text as its channel says") {
  for (const InDoubt in_doubt : {InDoubt::retry, InDoubt::hold}) {
    World world;
    world.ways.channels.email.in_doubt = InDoubt::hold;
    world.ways.channels.sms->in_doubt = in_doubt;
    world.ways.channels.chat->in_doubt = in_doubt;
    for (const MessageIndex message : {mail_message, sms_message, chat_message, crm_message}) {
      world.promise(10 + static_cast<std::int64_t>(message), 1, [&](DeliveryRecord& record) {
        record.message = message;
        record.state = DeliveryState::under_way;
        record.attempts = 1;
        record.next_attempt_at.reset();
      });
    }
    world.open();
    CHECK(world.ways.mails.sent.empty());
    const bool retries = in_doubt == InDoubt::retry;
    CHECK(world.ways.texts.sent.size() == (retries ? 1 : 0));
    std::set<std::string> called;
    for (const Call& call : world.ways.crm.sent)
      called.insert(call.key);
    CHECK(called ==
          (retries ? std::set<std::string>{"test-12-1-p12", "test-13-1-p13"} : std::set<std::string>{"test-13-1-p13"}));
    CHECK(world.in(DeliveryState::in_doubt).size() == (retries ? 1 : 3));
    CHECK(world.in(DeliveryState::delivered).size() == (retries ? 3 : 1));
  }
}

TEST_CASE("stopping closes every channel that does not answer") {
  World world;
  world.promise(1, 6, of(mail_message));
  world.promise(7, 6, of(crm_message));
  world.ways.mails.holds = world.ways.crm.holds = true;
  Outbox& outbox = world.open();
  bool stopped = false;
  outbox.stop([&] { stopped = true; });
  world.run();
  CHECK(stopped);
  CHECK(world.ways.mails.closed);
  CHECK(world.ways.crm.closed);
  CHECK(world.in(DeliveryState::pending).size() == 12);
  CHECK(world.in(DeliveryState::under_way).empty());
}
