// Entries of the journal as bytes: whatever goes in comes out, and bytes that are none say so.

#include "engine/journal.hpp"

#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan {
namespace {

constexpr Instant kNow = test::kMonday;

JournalEntry batch_of(std::vector<Input> inputs) {
  JournalBatch batch;
  batch.order.now = kNow;
  batch.refused.resize(inputs.size());
  batch.order.inputs = std::move(inputs);
  return {7, kNow, {}, std::move(batch)};
}

const BatchOrder& order_of(const UnpackedEntry& unpacked) {
  return std::get<JournalBatch>(unpacked.entry.what).order;
}

template <class T>
T same(T input) {
  const UnpackedEntry unpacked = unpack(pack(batch_of({input})));
  return std::get<T>(order_of(unpacked).inputs.at(0));
}

TEST_CASE("an account's attributes of every kind come out of the journal as they went in") {
  const AttributeMap attributes{
      {"nothing", {}},
      {"flag", {true}},
      {"least", {std::numeric_limits<std::int64_t>::min()}},
      {"greatest", {std::numeric_limits<std::int64_t>::max()}},
      {"real", {-0.1}},
      {"text", {std::string("a\0b", 3)}},
      {"time", {Instant(std::chrono::milliseconds(-1))}},
      {"length", {std::chrono::milliseconds(-5)}},
      {"list", {AttributeList{{std::int64_t{1}}, {AttributeMap{{"inner", {std::string("x")}}}}}}},
  };
  const auto input = same(UpsertAccount{"acme", attributes});
  CHECK(input.key == "acme");
  const auto bytes_of = [](const AttributeMap& map) { return pack(batch_of({UpsertAccount{"acme", map}})).entry; };
  CHECK(input.attributes.size() == attributes.size());
  CHECK(bytes_of(input.attributes) == bytes_of(attributes));
  CHECK(std::get<double>(input.attributes[4].second.value) == -0.1);
  CHECK(std::get<std::int64_t>(input.attributes[2].second.value) == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("inputs of every kind come out of the journal as they went in") {
  const auto person = same(UpsertPerson{"vp", "acme", {}, "owner"});
  CHECK(person.key == "vp");
  CHECK(person.account == "acme");
  CHECK(person.account_role == "owner");
  CHECK_FALSE(same(UpsertPerson{"vp", "acme", {}}).account_role);
  const auto relation = same(RelatePerson{"vp", "acme", "adviser", false});
  CHECK(relation.role == "adviser");
  CHECK_FALSE(relation.related);
  CHECK(same(RemovePerson{"vp"}).key == "vp");
  const auto event = same(TellEvent{"form.submitted", "", "vp", "id-1", kNow, {{"form", {std::string("demo")}}}});
  CHECK(event.id == "id-1");
  CHECK(event.at == kNow);
  CHECK(event.properties.size() == 1);
  CHECK(same(EnterJourney{"seeds", "acme", ""}).account == "acme");
  CHECK(same(ChangeJourney{ChangeJourney::Command::abort, "seeds"}).command == ChangeJourney::Command::abort);
  CHECK(same(Interfere{Interfere::Command::skip, "seeds", "mail", "acme"}).node == "mail");
  CHECK(same(ChangeMember{ChangeMember::Command::release, "acme", "i", "vp", "r", "why"}).reason == "why");
  CHECK(same(ChangeGroup{"acme", "i", "Engaged", "open", "why"}).stage == "Engaged");
  same(ScoreEngagement{});
  const auto suppressed = same(SuppressAddress{std::string("a\0b", 3), false});
  CHECK(suppressed.hash == std::string("a\0b", 3));
  CHECK_FALSE(suppressed.suppressed);
}

TEST_CASE("a publication is kept as its texts") {
  auto workspace = std::make_shared<Workspace>();
  workspace->texts = {{"caravan.yaml", "timezone: UTC\n"}, {"journeys/a.yaml", "journey: a\n"}};
  JournalEntry entry = batch_of({ScoreEngagement{}, Publish{workspace, {"a"}, Publish::UnderWay::move, "leave"}});
  const UnpackedEntry unpacked = unpack(pack(entry));
  const auto& publish = std::get<Publish>(order_of(unpacked).inputs.at(1));
  CHECK_FALSE(publish.workspace);
  CHECK(publish.journeys == std::vector<std::string>{"a"});
  CHECK(publish.under_way == Publish::UnderWay::move);
  CHECK(publish.gone == "leave");
  CHECK(unpacked.texts_of.at(1) == workspace->texts);
}

TEST_CASE("what a batch was given beside its inputs comes out of the journal") {
  JournalBatch batch;
  batch.order = {kNow, true, true, true, {RemovePerson{"vp"}, RemovePerson{"nobody"}}, {}};
  DeliveryProgress progress;
  progress.key = {{3}, 4, {-2}};
  progress.account = {5};
  progress.version = {6};
  progress.message = MessageIndex{7};
  progress.state = DeliveryState::failed;
  progress.attempts = 12;
  progress.ended_at = kNow;
  progress.reason = "550 no such user";
  progress.answer = Answer{404, "gone"};
  batch.order.progress = {progress};
  batch.seen = 41;
  batch.idle_looks = {{kNow, false, true, 40}};
  batch.refused = {false, true};
  const UnpackedEntry unpacked = unpack(pack({42, kNow, {{NameId{9}, "industry"}}, batch}));
  const auto& read = std::get<JournalBatch>(unpacked.entry.what);
  CHECK(unpacked.entry.sequence == 42);
  CHECK(unpacked.entry.at == kNow);
  CHECK(unpacked.entry.names == std::vector<std::pair<NameId, std::string>>{{NameId{9}, "industry"}});
  CHECK(read.order.settled);
  CHECK(read.order.more_inputs);
  CHECK(read.order.draining);
  CHECK(read.order.progress == batch.order.progress);
  CHECK(read.seen == 41);
  CHECK(read.idle_looks == batch.idle_looks);
  CHECK(read.refused == batch.refused);
}

TEST_CASE("a start comes out of the journal with what was published") {
  const JournalStart start{kNow, BatchRunner::Mode::commands, 7, SourceTexts{{"a", "b"}}};
  const UnpackedEntry unpacked = unpack(pack({1, kNow, {}, start}));
  const auto& read = std::get<JournalStart>(unpacked.entry.what);
  CHECK(read.mode == BatchRunner::Mode::commands);
  CHECK(read.turns_per_batch == 7);
  CHECK(read.published == start.published);
  const UnpackedEntry without = unpack(pack({1, kNow, {}, JournalStart{}}));
  CHECK_FALSE(std::get<JournalStart>(without.entry.what).published);
}

TEST_CASE("bytes that are no entry are refused with the entry's number") {
  const auto fault = [](std::string bytes) -> std::string {
    try {
      unpack({42, kNow, std::move(bytes)});
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(fault("") ==
        "entry 42 of the journal has a form that this program does not know: use the program that wrote it, or a newer "
        "one");
  const std::string whole = pack(batch_of({UpsertAccount{"acme", {{"industry", {std::string("retail")}}}}})).entry;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(fault(whole.substr(0, size)) == "entry 42 of the journal is damaged");
  }
  CHECK(fault(whole + "x") == "entry 42 of the journal is damaged");
}

TEST_CASE("every input that was accepted is in the journal with the time it was given") {
  test::World world(test::seeds_workspace("- id: settle\n  wait: 1d"));
  world.account("acme");
  world.advance(std::chrono::hours(1));
  world.account("brook");
  std::vector<JournalRecord> records;
  world.reader().journal_from(1, 1'000, records);
  std::vector<std::pair<Instant, std::string>> accounts;
  for (const JournalRecord& record : records) {
    const UnpackedEntry unpacked = unpack(record);
    if (!std::holds_alternative<JournalBatch>(unpacked.entry.what)) continue;
    for (const Input& input : order_of(unpacked).inputs)
      accounts.emplace_back(order_of(unpacked).now, std::get<UpsertAccount>(input).key);
  }
  CHECK(accounts ==
        std::vector<std::pair<Instant, std::string>>{{kNow, "acme"}, {kNow + std::chrono::hours(1), "brook"}});
}

TEST_CASE("what is refused and changes nothing leaves no entry") {
  test::World world(test::seeds_workspace("- id: settle\n  wait: 1d"));
  world.account("acme");
  const std::int64_t last = world.reader().journal_range().last;
  CHECK_FALSE(world.post(RemovePerson{"nobody"}).refused.empty());
  CHECK(world.reader().journal_range().last == last);
}

}  // namespace
}  // namespace caravan
