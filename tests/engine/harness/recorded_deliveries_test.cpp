// What came of messages in production, found again: the n-th of the same to the same, and what was answered to calls.

#include "engine/harness/recorded_deliveries.hpp"

#include "engine/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kTwice =
    "- {id: one, send_email: welcome}\n- {id: rest, wait: 1d}\n- {id: two, send_email: welcome}\n"
    "- {id: three, send_email: story}\n";

/// An entry of the journal at `at`, in which a call of token `token` ended then, with this answer.
Changes call_ended(std::int64_t sequence, Instant at, std::int64_t token, const std::string& body) {
  JournalBatch batch;
  batch.order.now = at;
  DeliveryProgress& progress = batch.order.progress.emplace_back();
  progress.key.token = TokenId{token};
  progress.state = DeliveryState::delivered;
  progress.ended_at = at;
  progress.answer = Answer{200, body};
  Changes changes;
  changes.journal = pack({sequence, at, {}, std::move(batch)});
  return changes;
}

}  // namespace

TEST_CASE("a delivery is the n-th of its template to its address") {
  World world(seeds_workspace(kTwice));
  world.post_all({UpsertAccount{"ant", {}}, UpsertPerson{"ada", "ant", {{"email", text("ada@ant.example")}}},
                  UpsertPerson{"bob", "ant", {{"email", text("bob@ant.example")}}}});
  world.advance(48h);
  NameBook names(world.reader());
  JourneyLibrary library(world.store(), names);
  RecordedDeliveries recorded(world.reader(), library);
  const MessageIdentity welcome{MessageKind::email, "welcome", {}, "ada@ant.example"};
  REQUIRE(recorded.find("ant", welcome, 0));
  CHECK(recorded.find("ant", welcome, 0)->created_at == kMonday);
  REQUIRE(recorded.find("ant", welcome, 1));
  CHECK(recorded.find("ant", welcome, 1)->created_at == kMonday + 24h);
  CHECK(recorded.find("ant", welcome, 2) == nullptr);
  CHECK(recorded.find("ant", {MessageKind::email, "story", {}, "bob@ant.example"}, 0)->address == "bob@ant.example");
  CHECK(recorded.find("ant", {MessageKind::sms, "welcome", {}, "ada@ant.example"}, 0) == nullptr);
  CHECK(recorded.find("bee", welcome, 0) == nullptr);
}

TEST_CASE("a call that was made for somebody is theirs, whatever was called for others of the account") {
  SourceTexts texts = workspace_with(
      "journey: seeds\nfor: person\nenter: {audience: everyone}\n"
      "nodes:\n  - id: call\n    webhook: {connection: crm, body: {email: person.email}}\n");
  texts["caravan.yaml"] = "timezone: UTC\nconnections: {crm: {url: \"https://crm.example\"}}\n";
  World world(texts);
  world.post_all({UpsertAccount{"ant", {}}, UpsertPerson{"ada", "ant", {{"email", text("ada@ant.example")}}},
                  UpsertPerson{"bob", "ant", {{"email", text("bob@ant.example")}}}});
  NameBook names(world.reader());
  JourneyLibrary library(world.store(), names);
  RecordedDeliveries recorded(world.reader(), library);
  for (const std::string person : {"ada", "bob"}) {
    CAPTURE(person);
    const MessageIdentity call{MessageKind::webhook, "crm", {}, world.deliveries("ant")[0].address, person};
    const DeliveryRecord* found = recorded.find("ant", call, 0);
    REQUIRE(found);
    CHECK(world.values(*found).find(person + "@ant.example") != std::string::npos);
    CHECK(recorded.find("ant", call, 1) == nullptr);
  }
}

TEST_CASE("answers are found in the journal, also where times go back because data was taken in") {
  caravan::testing::TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  Changes import;
  const JournalStart start{kMonday + 1'000 * 24h, BatchRunner::Mode::data, 1, {}};
  import.journal = pack({1, start.now, {}, start});
  store->commit(import);
  for (std::int64_t i = 2; i < 200; ++i)
    store->commit(call_ended(i, kMonday + i * 1h, i, "answer " + std::to_string(i)));
  import.journal->sequence = 200;
  store->commit(import);
  store->commit(call_ended(201, kMonday + 201h, 201, "answer 201"));

  const auto reader = store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*store, names);
  RecordedDeliveries recorded(*reader, library);
  for (const std::int64_t token : {2, 77, 199, 201}) {
    DeliveryRecord delivery;
    delivery.key.token = TokenId{token};
    delivery.ended_at = kMonday + token * 1h;
    CHECK(recorded.answer_to(delivery) == Answer{200, "answer " + std::to_string(token)});
    delivery.ended_at = kMonday + token * 1h + 1ms;
    CHECK_FALSE(recorded.answer_to(delivery));
    delivery.ended_at.reset();
    CHECK_FALSE(recorded.answer_to(delivery));
  }
}
