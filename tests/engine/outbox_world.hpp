#pragma once
// An outbox on a real store, in virtual time, with channels that do what the test says.

#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <sqlite3.h>

#include "engine/outbox.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

namespace caravan::test::outbox {

using namespace std::chrono_literals;
using Outcome = SendResult::Outcome;

inline constexpr Instant monday = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h;

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

inline constexpr MessageIndex mail_message{0};
inline constexpr MessageIndex sms_message{1};
inline constexpr MessageIndex chat_message{2};
inline constexpr MessageIndex crm_message{3};
inline constexpr MessageIndex erp_message{4};
inline constexpr MessageIndex invoice_message{5};

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
inline auto of(MessageIndex message) {
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

}  // namespace caravan::test::outbox
