// What a person wants of mails outlives the person: it is kept by their address when they are removed, and is theirs
// who comes by that address, until somebody of it wants mails again.

#include "engine/kept_consent.hpp"

#include "tests/engine/batches.hpp"
#include "tests/engine/engine_tests.hpp"
#include "tests/storage/both_stores.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

/// Three mails whenever an account has `news.asked`: of the topic `events`, of none, and one that serves.
SourceTexts three_mails() {
  SourceTexts texts = journey_with("enter: {event: news.asked}\nre_enter: {}",
                                   "- {id: invite, send_email: invitation}\n- {id: news, send_email: story}\n"
                                   "- {id: bill, send_email: invoice}\n");
  texts["caravan.yaml"] += "topics: {events: {title: Invitations}, news: {title: News}}\n";
  texts["emails/invitation.html"] = "---\nsubject: Come\ntopic: events\n---\n<p>Come</p>\n";
  texts["emails/invoice.html"] = "---\nsubject: Your invoice\noperational: true\n---\n<p>Here it is</p>\n";
  return texts;
}

AttributeMap email(const std::string& address, AttributeMap more = {}) {
  more.push_back({"email", text(address)});
  return more;
}

/// Ada at acme, who is removed and comes back.
class Ada {
 public:
  explicit Ada(SourceTexts texts = three_mails()) : world(std::move(texts)) {
    world.account("acme");
    comes();
  }
  void comes(const std::string& address = "ada@acme.example", AttributeMap more = {}) {
    world.person("ada", "acme", email(address, std::move(more)));
  }
  void says(const std::string& type, AttributeMap properties = {}) { world.event(type, "ada", std::move(properties)); }
  void goes() { CHECK(world.post(RemovePerson{"ada"}).refused.empty()); }
  std::string attributes() { return attributes_of(world, "acme", "ada"); }
  /// The templates that are sent to her now.
  Lines mails() {
    const std::size_t before = world.mails("acme").size();
    world.account_event("news.asked", "acme");
    Lines sent = world.mails("acme");
    sent.erase(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(before));
    std::erase_if(sent, [](const std::string& mail) { return mail.find("ada@") == std::string::npos; });
    for (std::string& mail : sent)
      mail.resize(mail.find(' '));
    return sent;
  }
  /// `unsubscribed`, `left events`, ...: what is kept of an address.
  Lines kept(const std::string& address = "ada@acme.example") {
    std::vector<KeptConsentRecord> records;
    world.reader().kept_consent(hash_of_address(address), records);
    Lines lines;
    for (const KeptConsentRecord& each : records) {
      constexpr std::array<const char*, 4> words = {"", "unsubscribed", "left ", "undeliverable"};
      lines.push_back(words.at(static_cast<std::size_t>(each.kind)) + each.topic);
    }
    return lines;
  }

  World world;
};

const Lines kAll = {"invitation", "story", "invoice"};

}  // namespace

TEST_CASE("the hash of an address is that of its letters in lower case, without blanks and a name") {
  // printf %s ada@acme.example | sha256sum
  const std::string hash = hash_of_address("ada@acme.example");
  REQUIRE(hash.size() == 32);
  CHECK(static_cast<unsigned char>(hash[0]) == 0x2a);
  CHECK(static_cast<unsigned char>(hash[31]) == 0xe3);
  CHECK(hash_of_address("  Ada@ACME.example ") == hash);
  CHECK(hash_of_address("Ada <ada@acme.example>") == hash);
  CHECK(hash_of_address("no address").empty());
  CHECK(hash_of_address("").empty());
}

TEST_CASE("whoever had unsubscribed and comes back gets no mails but operational ones, whatever the import says") {
  Ada ada;
  CHECK(ada.mails() == kAll);
  ada.says("email.unsubscribed");
  ada.goes();
  CHECK(ada.kept() == Lines{"unsubscribed"});
  ada.comes("Ada <ADA@acme.example>", {{"unsubscribed", {false}}});
  CHECK(ada.attributes() == "email=Ada <ADA@acme.example> unsubscribed=true");
  ada.comes();
  CHECK(ada.mails() == Lines{"invoice"});
}

TEST_CASE("somebody else who comes by the address wants what is kept of it, and of another address nothing") {
  Ada ada;
  ada.says("email.unsubscribed");
  ada.goes();
  ada.world.person("eve", "acme", email("ada@acme.example"));
  ada.world.person("bob", "acme", email("bob@acme.example"));
  CHECK(attributes_of(ada.world, "acme", "eve") == "email=ada@acme.example unsubscribed=true");
  CHECK(attributes_of(ada.world, "acme", "bob") == "email=bob@acme.example");
}

TEST_CASE("topics that were left are left again, beside those that the record says") {
  Ada ada;
  ada.says("email.unsubscribed", {{"topic", text("events")}});
  ada.goes();
  CHECK(ada.kept() == Lines{"left events"});
  ada.comes("ada@acme.example", {{"left_topics", {AttributeList{text("news")}}}});
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[events,news]");
  CHECK(ada.mails() == Lines{"story", "invoice"});
}

TEST_CASE("an address that is none is known as such, also of those who had another one by then") {
  Ada ada;
  ada.says("email.bounced", {{"permanent", {true}}});
  CHECK(ada.attributes() == "email=ada@acme.example undeliverable=ada@acme.example");
  ada.comes("ada@new.example");
  ada.goes();
  CHECK(ada.kept() == Lines{"undeliverable"});
  CHECK(ada.kept("ada@new.example").empty());
  ada.comes("ADA@acme.example");
  CHECK(ada.attributes() == "email=ADA@acme.example undeliverable=ada@acme.example");
  CHECK(ada.mails().empty());
  ada.world.person("ada", "", {{"undeliverable", {}}});  // to be tried once more
  CHECK(ada.kept().empty());
}

TEST_CASE("who says nothing of mails, or has no address, leaves nothing") {
  Ada ada;
  ada.goes();
  CHECK_FALSE(ada.world.reader().has_kept_consent());
  ada.world.person("ada", "acme", {{"unsubscribed", {true}}});
  ada.goes();
  ada.comes("no address", {{"unsubscribed", {true}}});
  ada.goes();
  ada.comes("ada@acme.example", {{"unsubscribed", {false}}, {"left_topics", {AttributeList{}}}});
  ada.goes();
  CHECK_FALSE(ada.world.reader().has_kept_consent());
}

TEST_CASE("a present person whose address becomes one of which something is kept wants that from then on") {
  Ada ada;
  ada.says("email.unsubscribed");
  ada.goes();
  ada.world.person("bob", "acme", email("bob@acme.example", {{"unsubscribed", {false}}}));
  SECTION("by an import") {
    ada.world.person("bob", "", email("ada@acme.example"));
  }
  SECTION("by an import that says that they want mails") {
    ada.world.person("bob", "", email("ada@acme.example", {{"unsubscribed", {false}}}));
  }
  SECTION("by an import that takes them to another account") {
    ada.world.account("globex");
    ada.world.person("bob", "globex", email("ada@acme.example"));
    CHECK(attributes_of(ada.world, "globex", "bob") == "email=ada@acme.example unsubscribed=true");
    return;
  }
  CHECK(attributes_of(ada.world, "acme", "bob") == "email=ada@acme.example unsubscribed=true");
}

TEST_CASE("a journey that gives somebody an address gives them what is kept of it, in all of their accounts") {
  SourceTexts texts = three_mails();
  texts["journeys/move.yaml"] =
      "journey: move\nenter: {event: address.found}\nre_enter: {}\nnodes:\n"
      "  - {id: set, update_person: {email: '\"ada@acme.example\"'}}\n";
  Ada ada(texts);
  ada.says("email.unsubscribed");
  ada.goes();
  ada.world.account("globex");
  ada.world.person("bob", "acme", email("bob@acme.example"));
  ada.world.post(RelatePerson{"bob", "globex"});
  ada.world.account_event("address.found", "globex");
  CHECK(attributes_of(ada.world, "acme", "bob") == "email=ada@acme.example unsubscribed=true");
  CHECK(attributes_of(ada.world, "globex", "bob") == "email=ada@acme.example unsubscribed=true");
}

TEST_CASE("what is kept is let go when somebody of the address wants mails again, and the next one gets them") {
  SourceTexts texts = three_mails();
  texts["journeys/again.yaml"] =
      "journey: again\nenter: {event: asked.again}\nre_enter: {}\nnodes:\n"
      "  - {id: set, update_person: {unsubscribed: 'false', left_topics: '[]'}}\n";
  Ada ada(texts);
  ada.says("email.unsubscribed");
  ada.says("email.unsubscribed", {{"topic", text("events")}});
  ada.goes();
  ada.comes();
  CHECK(ada.kept() == Lines{"unsubscribed", "left events"});
  CHECK(ada.mails() == Lines{"invoice"});
  SECTION("by events") {
    ada.says("email.resubscribed");
    CHECK(ada.kept() == Lines{"left events"});
    ada.says("email.resubscribed", {{"topic", text("events")}});
  }
  SECTION("by attributes that are set") {
    ada.world.person("ada", "", {{"unsubscribed", {false}}, {"left_topics", {AttributeList{}}}});
  }
  SECTION("by attributes that are taken out") {
    ada.world.person("ada", "", {{"unsubscribed", {}}, {"left_topics", {}}});
  }
  SECTION("by an import that takes them to another account") {
    ada.world.account("globex");
    ada.world.person("ada", "globex", {{"unsubscribed", {}}, {"left_topics", {}}});
    ada.world.person("ada", "acme");
  }
  SECTION("by a journey") {
    ada.world.account_event("asked.again", "acme");
  }
  CHECK(ada.kept().empty());
  ada.goes();
  ada.comes();
  CHECK(ada.mails() == kAll);
}

TEST_CASE("whoever wants mails again lets go what another one of the address has left") {
  Ada ada;
  ada.world.person("bob", "acme", email("ada@acme.example"));
  ada.says("email.unsubscribed");
  ada.goes();
  CHECK(attributes_of(ada.world, "acme", "bob") == "email=ada@acme.example");  // each chooses for themselves
  ada.world.person("bob", "acme", email("ada@acme.example", {{"unsubscribed", {false}}}));
  CHECK(ada.kept() == Lines{"unsubscribed"});  // an import that says so of everybody has changed nothing
  ada.world.event("email.resubscribed", "bob");
  CHECK(ada.kept().empty());
}

TEST_CASE("two of one address who are removed leave what both have said") {
  Ada ada;
  ada.world.person("bob", "acme", email("ada@acme.example"));
  ada.says("email.unsubscribed");
  ada.world.event("email.unsubscribed", "bob", {{"topic", text("news")}});
  CHECK(ada.world.post(RemovePerson{"bob"}).refused.empty());
  ada.goes();
  ada.comes();
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[news] unsubscribed=true");
}

TEST_CASE("what was said before somebody of the address was removed, and is told late, changes nothing") {
  Ada ada;
  ada.says("email.unsubscribed");
  ada.says("email.unsubscribed", {{"topic", text("events")}});
  ada.world.advance(24h);
  ada.goes();
  ada.comes();
  const std::string before = ada.attributes();
  const TellEvent old{"email.resubscribed", {}, "ada", {}, kMonday + 23h, {}};
  ada.world.post(old);
  TellEvent old_topic = old;
  old_topic.properties = {{"topic", text("events")}};
  ada.world.post(old_topic);
  CHECK(ada.attributes() == before);
  TellEvent news = old;
  news.type = "email.unsubscribed";
  news.properties = {{"topic", text("news")}};
  ada.world.post(news);
  CHECK(ada.attributes() == "email=ada@acme.example left_topics=[events,news] unsubscribed=true");
}

TEST_CASE("a person of several accounts leaves what they said, and has it again in all of them") {
  Ada ada;
  ada.world.account("globex");
  ada.world.post(RelatePerson{"ada", "globex"});
  ada.says("email.unsubscribed");
  ada.goes();
  ada.comes();
  ada.world.post(RelatePerson{"ada", "globex"});
  for (const char* account : {"acme", "globex"})
    CHECK(attributes_of(ada.world, account, "ada") == "email=ada@acme.example unsubscribed=true");
}

TEST_CASE("what is kept outlives a restart") {
  Ada ada;
  ada.says("email.unsubscribed");
  ada.goes();
  ada.world.restart();
  ada.comes();
  CHECK(ada.mails() == Lines{"invoice"});
}

TEST_CASE("a run that fails behind it has let nothing go") {
  SourceTexts texts = three_mails();
  texts["journeys/again.yaml"] =
      "journey: again\nenter: {event: asked.again}\nre_enter: {}\nnodes:\n"
      "  - {id: set, update_person: {unsubscribed: 'false'}}\n"
      "  - {id: fail, update_account: {deeper: '[account.deep]'}}\n";
  Ada ada(texts);
  ada.says("email.unsubscribed");
  ada.goes();
  ada.comes();
  ada.world.account("acme", {{"deep", too_deep()}});
  ada.world.account_event("asked.again", "acme");
  CHECK(ada.attributes() == "email=ada@acme.example unsubscribed=true");
  CHECK(ada.kept() == Lines{"unsubscribed"});
}

TEST_CASE("an address that was suppressed by hand keeps mails from whoever comes by it") {
  Ada ada;
  const std::string eve = hash_of_address("eve@acme.example");
  CHECK(ada.world.post(SuppressAddress{eve}).created);
  ada.world.person("eve", "acme", email("eve@acme.example"));
  CHECK(attributes_of(ada.world, "acme", "eve") == "email=eve@acme.example unsubscribed=true");
  CHECK(ada.world.post(SuppressAddress{eve, false}).created);
  CHECK_FALSE(ada.world.post(SuppressAddress{eve, false}).created);
  ada.world.person("eva", "acme", email("eve@acme.example"));
  CHECK(attributes_of(ada.world, "acme", "eva") == "email=eve@acme.example");
  CHECK_FALSE(ada.world.post(SuppressAddress{"eve@acme.example"}).refused.empty());
}

namespace {

/// A store that is a file and one in memory, and batches on it.
struct OnBoth {
  OnBoth()
      : both(std::make_unique<testing::BothStores>()), store(*both), batches(three_mails(), 1'000, std::move(both)) {
    commit({UpsertAccount{"acme", {}},
            UpsertPerson{"ada", "acme", email("ada@acme.example", {{"unsubscribed", {true}}})}});
  }
  void commit(std::vector<Input> inputs) { batches.commit(batches.run(std::move(inputs))); }
  std::string ada() {
    const auto reader = store.reader();
    const std::optional<PersonRecord> person = reader->person("ada");
    if (!person) return "(nobody)";
    return is_unsubscribed(person->attributes, batches.names()) ? "unsubscribed" : "subscribed";
  }
  std::size_t kept() {
    const auto reader = store.reader();
    std::vector<KeptConsentRecord> records;
    reader->kept_consent(hash_of_address("ada@acme.example"), records);
    CHECK(reader->has_kept_consent() == !records.empty());
    return records.size();
  }

  const UpsertPerson comes{"ada", "acme", email("ada@acme.example", {{"unsubscribed", {false}}})};
  std::unique_ptr<Store> both;
  Store& store;
  Batches batches;
};

}  // namespace

TEST_CASE("whoever goes and comes in one batch has what they left, in memory and on the disk") {
  OnBoth on;
  on.commit({RemovePerson{"ada"}, on.comes});
  CHECK(on.ada() == "unsubscribed");
  CHECK(on.kept() == 1);
  on.commit({RemovePerson{"ada"}, on.comes, TellEvent{"email.resubscribed", "", "ada", "", {}, {}}, RemovePerson{"ada"},
             on.comes});
  CHECK(on.ada() == "subscribed");
  CHECK(on.kept() == 0);
}

TEST_CASE("what is kept is known while the batch that keeps it is on its way to the disk, and so is what is let go") {
  OnBoth on;
  const Changes removal = on.batches.run({RemovePerson{"ada"}});
  CHECK(removal.kept_consent.size() == 1);
  const Changes back = on.batches.run({on.comes});
  on.batches.commit(removal);
  CHECK(on.ada() == "(nobody)");
  CHECK(on.kept() == 1);
  const Changes again = on.batches.run({TellEvent{"email.resubscribed", "", "ada", "", {}, {}}});
  on.batches.commit(back);
  CHECK(on.ada() == "unsubscribed");
  const Changes other = on.batches.run({UpsertPerson{"eve", "acme", email("ada@acme.example")}});
  CHECK(std::none_of(other.people.begin(), other.people.end(),
                     [&](const auto& each) { return is_unsubscribed(each.record.attributes, on.batches.names()); }));
  on.batches.commit(again);
  on.batches.commit(other);
  CHECK(on.ada() == "subscribed");
  CHECK(on.kept() == 0);
}
