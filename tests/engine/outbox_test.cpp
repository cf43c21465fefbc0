// The outbox on a real store, in virtual time, with channels that do what the test says: nothing is sent before its
// mark is on the disk, every result is recorded, a crash leaves nothing lost and nothing unnamed, and no channel waits
// for another.

#include "engine/outbox.hpp"

#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <sqlite3.h>

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Outcome = SendResult::Outcome;

namespace {

constexpr Instant monday = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h;

/// Commits what is recorded when its turn on the I/O thread comes, as one transaction, or not at all.
class Ledger final : public DeliveryLedger {
 public:
  Ledger(boost::asio::io_context& io, Store& store) : io_(io), store_(store) {}

  void record(std::vector<DeliveryProgress> progress, std::function<void()> committed) override {
    records.push_back(progress);
    if (!commits) return;
    boost::asio::post(io_, [this, progress = std::move(progress), committed = std::move(committed)] {
      Changes changes;
      changes.progress = progress;
      store_.commit(changes);
      committed();
    });
  }

  bool commits = true;
  std::vector<std::vector<DeliveryProgress>> records;

 private:
  boost::asio::io_context& io_;
  Store& store_;
};

/// A message of any kind, which says little.
class TestMessage final : public Message {
 public:
  TestMessage(MessageKind kind, std::string name, bool is_operational)
      : kind_(kind), name_(std::move(name)), is_operational_(is_operational) {}
  MessageKind kind() const override { return kind_; }
  const std::string& name() const override { return name_; }
  bool is_operational() const override { return is_operational_; }
  const std::vector<std::string>& names() const override { return names_; }
  Outgoing render(const Attributes& values) const override {
    if (const auto value = values.find(NameId{0}); value && value->text() == "broken") {
      throw std::runtime_error("it cannot be rendered");
    }
    switch (kind_) {
      case MessageKind::email:
      case MessageKind::sales_summary: {
        Mail mail;
        mail.from = "news@seeds.example";
        mail.subject = "Hello";
        return mail;
      }
      case MessageKind::sms:
      case MessageKind::sales_chat:
      case MessageKind::chat: {
        ShortMessage message;
        message.text = "Hello";
        return message;
      }
      case MessageKind::webhook: return Call{.key = {}, .method = "POST", .path = "/contacts", .body = "{}"};
    }
    return Mail{};
  }

 private:
  MessageKind kind_;
  std::string name_;
  bool is_operational_;
  std::vector<std::string> names_{"n"};
};

constexpr MessageIndex mail_message{0};
constexpr MessageIndex sms_message{1};
constexpr MessageIndex chat_message{2};
constexpr MessageIndex crm_message{3};
constexpr MessageIndex erp_message{4};
constexpr MessageIndex invoice_message{5};

/// Version 1 has a message of each kind, and no other is known.
class Book final : public MessageBook {
 public:
  std::shared_ptr<const Message> message(VersionId version, MessageIndex index) override {
    static const std::map<MessageIndex, std::pair<MessageKind, std::string>> kinds = {
        {mail_message, {MessageKind::email, "welcome"}}, {sms_message, {MessageKind::sms, "reminder"}},
        {chat_message, {MessageKind::chat, "hello"}},    {crm_message, {MessageKind::webhook, "crm"}},
        {erp_message, {MessageKind::webhook, "erp"}},    {invoice_message, {MessageKind::email, "invoice"}}};
    if (++asked == unreadable) throw StoreUnavailable("the disk does not answer");
    if (version != VersionId{1} && !aborted.contains(version)) return nullptr;
    const auto& [kind, name] = kinds.at(index);
    return std::make_shared<TestMessage>(kind, name, index == invoice_message);
  }
  std::string journey_of(VersionId) const override { return "seeds"; }
  bool is_aborted(VersionId version) override { return aborted.contains(version); }

  std::set<VersionId> aborted;
  int asked = 0;
  int unreadable = 0;  ///< which time it cannot be read
};

/// Answers as the test says, on the I/O thread; holds what it is told to hold.
template <class What>
class TestChannel final : public ChannelOf<What> {
 public:
  TestChannel(boost::asio::io_context& io, Store& store) : reader(store.reader()), io_(io) {}

  void send(const What& what, std::function<void(SendResult)> done) override {
    sent.push_back(what);
    most = std::max(most, ++under_way);
    reader->refresh();
    std::vector<DeliveryRecord> marked;
    reader->deliveries_in(DeliveryState::under_way, 2000, marked);
    unmarked += std::none_of(marked.begin(), marked.end(),
                             [&](const DeliveryRecord& record) { return to_text(record.key, "test") == what.key; });
    if (holds) {
      held.push_back(std::move(done));
      return;
    }
    boost::asio::post(io_, [this, done = std::move(done), result = answer(what)] {
      --under_way;
      done(result);
    });
  }
  std::size_t concurrency() const override { return 4; }
  void close() override {
    closed = true;
    for (auto& done : std::exchange(held, {})) {
      boost::asio::post(io_, [done] { done({Outcome::retry, "closed"}); });
    }
  }

  std::function<SendResult(const What&)> answer = [](const What&) { return SendResult{}; };
  std::vector<What> sent;
  std::size_t under_way = 0;
  std::size_t most = 0;
  bool holds = false;
  std::vector<std::function<void(SendResult)>> held;
  bool closed = false;
  int unmarked = 0;
  std::unique_ptr<Reader> reader;

 private:
  boost::asio::io_context& io_;
};

/// One channel of each kind: texts for phones are files, those for chats go over the connection `crm`.
struct Ways {
  Ways(boost::asio::io_context& io, Store& store)
      : mails(add<Mail>(io, store, channels.email.channel)),
        texts([&]() -> TestChannel<ShortMessage>& {
          channels.sms.emplace();
          return add<ShortMessage>(io, store, channels.sms->files);
        }()),
        crm(add<Call>(io, store, channels.connections["crm"].channel)),
        erp(add<Call>(io, store, channels.connections["erp"].channel)) {
    channels.chat.emplace();
    channels.chat->connection = "crm";
  }

  template <class What>
  static TestChannel<What>& add(boost::asio::io_context& io, Store& store, std::unique_ptr<ChannelOf<What>>& into) {
    auto made = std::make_unique<TestChannel<What>>(io, store);
    TestChannel<What>& channel = *made;
    into = std::move(made);
    return channel;
  }

  Channels channels;
  TestChannel<Mail>& mails;
  TestChannel<ShortMessage>& texts;
  TestChannel<Call>& crm;
  TestChannel<Call>& erp;
};

/// For promise(): the deliveries are of this message.
auto of(MessageIndex message) {
  return [message](DeliveryRecord& record) { record.message = message; };
}

struct World {
  World() : store(open_sqlite(folder.path() / "caravan.db", OpenMode::write, fast())) {}

  static SqliteSettings fast() {
    SqliteSettings settings;
    settings.synchronous = SqliteSettings::Synchronous::off;
    return settings;
  }

  void promise(std::int64_t first, std::int64_t count, std::function<void(DeliveryRecord&)> change = {}) {
    Changes changes;
    for (std::int64_t i = first; i < first + count; ++i) {
      DeliveryRecord record;
      record.key = {TokenId{i}, 1, RecipientId{i}};
      record.account = AccountId{1};
      record.version = VersionId{1};
      record.message = MessageIndex{0};
      record.created_at = monday;
      record.next_attempt_at = monday;
      record.address = "p" + std::to_string(i) + "@acme.example";
      if (change) change(record);
      changes.deliveries.push_back(record);
      const PersonId person{record.key.recipient.value};
      if (person.value > 0 && people.insert(person).second)
        changes.people.push_back({{person, AccountId{1}, "p" + std::to_string(person.value), {}}, true});
    }
    store->commit(changes);
  }

  /// Sets an attribute of somebody who is there.
  void set(PersonId person, std::string_view name, const AttributeInput& value) {
    Changes changes;
    const std::array set = {std::pair{names.id_of(name), value}};
    PersonRecord record = *channel.reader->person(person);
    record.attributes = record.attributes.with(set);
    changes.people.push_back({record, false});
    changes.names = names.take_new();
    store->commit(changes);
    channel.reader->refresh();
  }

  Outbox& open(Outbox::Settings settings = {}) {
    settings.installation = "test";
    settings.patience = 50ms;
    outbox = std::make_unique<Outbox>(io, clock, store->reader(), names, ledger, book, ways.channels, settings);
    outbox->start();
    run();
    return *outbox;
  }

  /// Until nothing is left to do without the test.
  void run() {
    io.restart();
    io.run_for(60s);
  }

  std::vector<DeliveryRecord> in(DeliveryState state) {
    channel.reader->refresh();
    std::vector<DeliveryRecord> found;
    channel.reader->deliveries_in(state, 100'000, found);
    return found;
  }

  DeliveryRecord only(DeliveryState state) {
    const auto found = in(state);
    REQUIRE(found.size() == 1);
    return found.front();
  }

  testing::TemporaryFolder folder;
  std::unique_ptr<Store> store;
  boost::asio::io_context io;
  VirtualClock clock{monday};
  NameBook names;
  std::set<PersonId> people;  ///< who are there
  Ledger ledger{io, *store};
  Book book;
  Ways ways{io, *store};
  TestChannel<Mail>& channel{ways.mails};
  std::unique_ptr<Outbox> outbox;
};

}  // namespace

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

// What its receiver does not want any more

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
