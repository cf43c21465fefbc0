// The outbox and the store: nothing is sent before its mark is on the disk, every result is recorded, and a crash
// leaves nothing lost and nothing unnamed.

#include "tests/engine/outbox_world.hpp"

using namespace caravan;
using namespace caravan::test::outbox;
using namespace std::chrono_literals;

TEST_CASE("a key is the same text for ever") {
  CHECK(to_text({TokenId{12}, 3, RecipientId{7}}, "k9f") == "k9f-12-3-p7");
  CHECK(to_text({TokenId{12}, 3, RecipientId{-2}}, "k9f") == "k9f-12-3-a2");
  const DeliveryKey longest{TokenId{INT64_MAX}, UINT32_MAX, RecipientId{INT64_MAX}};
  CHECK(to_text(longest, std::string(500, 'k')).ends_with("-9223372036854775807-4294967295-p9223372036854775807"));
}

TEST_CASE("a promise is kept once, after its mark is on the disk") {
  World world;
  world.promise(1, 1);
  Outbox& outbox = world.open();
  REQUIRE(world.channel.sent.size() == 1);
  CHECK(world.channel.sent[0].key == "test-1-1-p1");
  CHECK(world.channel.sent[0].to == "p1@acme.example");
  CHECK(world.channel.sent[0].date == monday);
  CHECK(world.channel.unmarked == 0);
  const DeliveryRecord record = world.only(DeliveryState::delivered);
  CHECK(record.attempts == 1);
  CHECK(record.ended_at == monday);
  CHECK(outbox.idle());
  for (const auto& group : world.ledger.records) {
    for (const DeliveryProgress& progress : group)
      CHECK(progress.account == AccountId{1});
  }
}

TEST_CASE("a thousand promises are kept four at a time and recorded in groups") {
  World world;
  world.promise(1, 1000);
  world.open();
  CHECK(world.channel.sent.size() == 1000);
  CHECK(world.channel.most == 4);
  CHECK(world.channel.unmarked == 0);
  CHECK(world.in(DeliveryState::delivered).size() == 1000);
  CHECK(world.ledger.records.front().size() == 512);
  std::set<std::string> keys;
  for (const Mail& mail : world.channel.sent)
    keys.insert(mail.key);
  CHECK(keys.size() == 1000);
}

TEST_CASE("a message that cannot be read for a moment gives nothing up: its deliveries go out later") {
  // The first time it is asked for its lane, the second time to be rendered.
  for (const int time : {1, 2}) {
    INFO("time " << time);
    World world;
    world.book.unreadable = time;
    world.promise(1, 1);
    Outbox& outbox = world.open();
    CHECK(world.in(DeliveryState::failed).empty());
    if (time == 2) {
      const DeliveryRecord record = world.only(DeliveryState::pending);
      CHECK(record.attempts == 0);
      CHECK(record.next_attempt_at == monday + 1s);
      world.clock.move_to(monday + 1s);
      outbox.notify();
      world.run();
    }
    CHECK(world.only(DeliveryState::delivered).attempts == 1);
    CHECK(world.channel.sent.size() == 1);
    CHECK(outbox.idle());
  }
}

TEST_CASE("what is new is found when the outbox is told") {
  World world;
  Outbox& outbox = world.open();
  CHECK(outbox.idle());
  int idle = 0;
  outbox.on_idle([&] { ++idle; });
  world.promise(1, 3);
  outbox.notify();
  outbox.notify();
  CHECK_FALSE(outbox.idle());
  world.run();
  CHECK(outbox.idle());
  CHECK(idle == 1);
  CHECK(world.in(DeliveryState::delivered).size() == 3);
}

TEST_CASE("an outbox that has nothing to do holds nothing of the store: its log can begin anew") {
  World world;
  world.promise(1, 3);
  const Outbox& outbox = world.open();
  REQUIRE(outbox.idle());
  world.channel.reader->refresh();
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((world.folder.path() / "caravan.db").c_str(), &database) == SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(database, "PRAGMA wal_checkpoint(RESTART)", -1, &statement, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
  CHECK(sqlite3_column_int(statement, 0) == 0);  // nobody was in the way
  sqlite3_finalize(statement);
  sqlite3_close(database);
}

TEST_CASE("it may be told from any thread") {
  World world;
  Outbox& outbox = world.open();
  world.promise(1, 50);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n)
        outbox.notify();
    });
  }
  world.run();
  for (std::thread& thread : threads)
    thread.join();
  world.run();
  CHECK(world.in(DeliveryState::delivered).size() == 50);
  CHECK(world.channel.sent.size() == 50);
}

TEST_CASE("what did not go is tried again later and later, with the channel's reason") {
  World world;
  world.promise(1, 1);
  world.channel.answer = [](const Mail&) { return SendResult{Outcome::retry, "busy"}; };
  Outbox& outbox = world.open({.retry = {.attempts = 3, .first = 1min, .longest = 4h}});
  CHECK(outbox.idle());
  DeliveryRecord record = world.only(DeliveryState::pending);
  CHECK(record.attempts == 1);
  CHECK(record.reason == "busy");
  CHECK(*record.next_attempt_at >= monday + 45s);
  CHECK(*record.next_attempt_at <= monday + 75s);

  world.clock.move_to(*record.next_attempt_at);
  outbox.notify();
  world.run();
  record = world.only(DeliveryState::pending);
  CHECK(record.attempts == 2);
  CHECK(*record.next_attempt_at >= world.clock.now() + 90s);

  world.clock.move_to(*record.next_attempt_at);
  outbox.notify();
  world.run();
  record = world.only(DeliveryState::failed);
  CHECK(record.attempts == 3);
  CHECK(record.reason == "busy");
  CHECK(world.channel.sent.size() == 3);
}

TEST_CASE("the delay doubles up to the longest, and is a matter of the key") {
  const RetryDefinition policy;
  const DeliveryKey key{TokenId{1}, 1, RecipientId{1}};
  for (std::uint16_t attempt = 1; attempt < 200; ++attempt) {
    const auto delay = retry_delay(policy, key, attempt);
    CHECK(delay >= 45s);
    CHECK(delay <= 5h);
    CHECK(delay == retry_delay(policy, key, attempt));
  }
  CHECK(retry_delay(policy, key, 4) >= 6min);
  CHECK(retry_delay(policy, key, 4) <= 10min);
  CHECK(retry_delay(policy, key, 100) >= 3h);
  std::set<std::chrono::milliseconds> delays;
  for (std::int64_t token = 0; token < 100; ++token)
    delays.insert(retry_delay(policy, {TokenId{token}, 1, {}}, 1));
  CHECK(delays.size() > 90);
}

TEST_CASE("real time brings the next attempt about by itself") {
  World world;
  world.promise(1, 1);
  int attempts = 0;
  world.channel.answer = [&](const Mail&) {
    return ++attempts == 1 ? SendResult{Outcome::retry, "busy"} : SendResult{};
  };
  const auto lapse = make_time_lapse_clock(monday, 86'400.0);
  Outbox outbox(world.io, *lapse, world.store->reader(), world.names, world.ledger, world.book, world.ways.channels,
                {.installation = "test"});
  outbox.start();
  world.run();
  CHECK(attempts == 2);
  CHECK(world.only(DeliveryState::delivered).attempts == 2);
}

TEST_CASE("what is refused has failed") {
  World world;
  world.promise(1, 1);
  world.channel.answer = [](const Mail&) { return SendResult{Outcome::refused, "550 nobody"}; };
  world.open();
  const DeliveryRecord record = world.only(DeliveryState::failed);
  CHECK(record.reason == "550 nobody");
  CHECK(record.ended_at == monday);
}

TEST_CASE("what cannot be rendered has failed and does not hold up the others") {
  World world;
  world.promise(1, 1, [](DeliveryRecord& record) {
    const std::vector<std::pair<NameId, AttributeInput>> values{{NameId{0}, {std::string("broken")}}};
    record.values = Attributes().with(values).bytes();
  });
  world.promise(2, 1, [](DeliveryRecord& record) { record.version = VersionId{7}; });
  world.promise(3, 1, [](DeliveryRecord& record) { record.values = "these bytes are no record"; });
  world.promise(4, 1);
  world.open();
  std::map<std::int64_t, std::string> reasons;
  for (const DeliveryRecord& record : world.in(DeliveryState::failed))
    reasons[record.key.token.value] = record.reason;
  REQUIRE(reasons.size() == 3);
  CHECK(reasons[1] == "it cannot be rendered");
  CHECK(reasons[2] == "version 7 of its journey has no message 0");
  CHECK_FALSE(reasons[3].empty());
  CHECK(world.channel.sent.size() == 1);
  CHECK(world.only(DeliveryState::delivered).key.token == TokenId{4});
}

TEST_CASE("nothing is sent whose mark is not on the disk") {
  World world;
  world.promise(1, 10);
  world.ledger.commits = false;
  Outbox& outbox = world.open();
  CHECK(world.ledger.records.size() == 1);
  CHECK(world.channel.sent.empty());
  CHECK_FALSE(outbox.idle());
  world.outbox.reset();
  CHECK(world.in(DeliveryState::pending).size() == 10);
}

TEST_CASE("what was under way when the process died is tried again") {
  World world;
  world.promise(1, 700, [](DeliveryRecord& record) {
    record.state = DeliveryState::under_way;
    record.attempts = 1;
    record.next_attempt_at.reset();
  });
  world.open();
  CHECK(world.channel.sent.size() == 700);
  const auto delivered = world.in(DeliveryState::delivered);
  CHECK(delivered.size() == 700);
  CHECK(std::all_of(delivered.begin(), delivered.end(), [](const auto& record) { return record.attempts == 2; }));
}

TEST_CASE("what was under way when the process died is held where the channel says so") {
  World world;
  world.promise(1, 2, [](DeliveryRecord& record) {
    record.state = DeliveryState::under_way;
    record.next_attempt_at.reset();
  });
  world.promise(3, 1);
  world.ways.channels.email.in_doubt = InDoubt::hold;
  world.open();
  CHECK(world.in(DeliveryState::in_doubt).size() == 2);
  REQUIRE(world.channel.sent.size() == 1);
  CHECK(world.channel.sent[0].key == "test-3-1-p3");
}

TEST_CASE("stopping finishes what is with the channel and puts back what is only marked") {
  World world;
  world.promise(1, 20);
  world.channel.holds = true;
  Outbox& outbox = world.open();
  CHECK(world.channel.sent.size() == 4);
  bool stopped = false;
  outbox.stop([&] { stopped = true; });
  boost::asio::post(world.io, [&] {
    for (auto& done : std::exchange(world.channel.held, {}))
      done({});
  });
  world.run();
  CHECK(stopped);
  CHECK_FALSE(world.channel.closed);
  CHECK(world.in(DeliveryState::delivered).size() == 4);
  const auto pending = world.in(DeliveryState::pending);
  CHECK(pending.size() == 16);
  CHECK(std::all_of(pending.begin(), pending.end(), [](const auto& record) { return record.attempts == 0; }));
}

TEST_CASE("stopping closes a channel that does not answer") {
  World world;
  world.promise(1, 6);
  world.channel.holds = true;
  Outbox& outbox = world.open();
  bool stopped = false;
  outbox.stop([&] { stopped = true; });
  world.run();
  CHECK(stopped);
  CHECK(world.channel.closed);
  CHECK(world.in(DeliveryState::pending).size() == 6);
  CHECK(world.in(DeliveryState::under_way).empty());
}

TEST_CASE("stopping comes to an end even where nothing is committed any more") {
  World world;
  world.promise(1, 6);
  world.ledger.commits = false;
  Outbox& outbox = world.open();
  bool stopped = false;
  outbox.stop([&] { stopped = true; });
  world.run();
  CHECK(stopped);
  CHECK(world.channel.sent.empty());
}

TEST_CASE("stopping an outbox with nothing to do is done at once, and twice is once") {
  World world;
  Outbox& outbox = world.open();
  int stopped = 0;
  outbox.stop([&] { ++stopped; });
  outbox.stop([&] { ++stopped; });
  world.run();
  CHECK(stopped == 2);
  world.promise(1, 1);
  outbox.notify();
  world.run();
  CHECK(world.channel.sent.empty());
}

TEST_CASE("an outbox that is gone answers nobody") {
  World world;
  world.promise(1, 4);
  world.channel.holds = true;
  world.open();
  world.outbox->notify();
  world.outbox.reset();
  for (auto& done : std::exchange(world.channel.held, {}))
    done({});
  world.run();
  CHECK(world.in(DeliveryState::under_way).size() == 4);
}
