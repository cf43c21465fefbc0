// A request that comes again with its key is not done again; who asked for what is in the audit trail exactly when what
// they asked for is in the store.

#include "engine/asked.hpp"

#include "engine/journal.hpp"
#include "tests/engine/scheduler_bench.hpp"
#include "tests/nodes/node_tests.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

Asked keyed(std::string key, std::string fingerprint = "print", std::string caller = "crm") {
  return {.caller = std::move(caller),
          .request_id = "request-1",
          .action = "account.put",
          .target = "acme",
          .key = std::move(key),
          .fingerprint = std::move(fingerprint)};
}

UpsertAccount acme_with(std::int64_t employees) {
  return {"acme", {{"employees", number(employees)}}};
}

/// Of acme, as the store has it.
Attributes attributes_of_acme(Bench& bench) {
  return bench.plain_store->reader()->account("acme")->attributes;
}

std::vector<AuditRecord> audit_of(Bench& bench) {
  std::vector<AuditRecord> lines;
  bench.plain_store->reader()->audit({}, lines);
  return lines;
}

std::int64_t last_entry_of(Bench& bench) {
  return bench.plain_store->reader()->journal_range().last;
}

}  // namespace

TEST_CASE("results are packed with their sentences, and read back") {
  const std::vector<InputResult> results{{.created = true},
                                         {.duplicate = true},
                                         {},
                                         refuse(Refusal::conflict, "the journey is paused: 3:4"),
                                         refuse(Refusal::unknown, "")};
  CHECK(pack(results) == "0c0:0d0:0-0:3-26:the journey is paused: 3:42-0:");
  CHECK(unpack_results(pack(results)) == results);
  CHECK(unpack_results("")->empty());
  for (const char* damaged : {"0", "0c", "0c0", "9c0:", "0c5:abc", "0cx:", "0c0:0", "0c99999999999999999999:"})
    CHECK_FALSE(unpack_results(damaged));
}

TEST_CASE("a request that comes again is answered as it was and done once") {
  Bench bench(waiting());
  bench.start();
  CHECK(bench.ask({acme_with(5)}, keyed("one")) == std::vector<InputResult>{{.created = true}});
  CHECK(bench.ask({acme_with(9)}) == std::vector<InputResult>{{}});
  const Attributes nine = attributes_of_acme(bench);
  const std::int64_t entries = last_entry_of(bench);

  CHECK(bench.ask({acme_with(5)}, keyed("one")) == std::vector<InputResult>{{.created = true, .repeated = true}});
  CHECK(attributes_of_acme(bench) == nine);
  CHECK(last_entry_of(bench) == entries);
  CHECK(audit_of(bench).size() == 1);
}

TEST_CASE("a key is its caller's own, and for one thing only") {
  Bench bench(waiting());
  bench.start();
  bench.ask({acme_with(5)}, keyed("one"));
  const InputResult reused = bench.ask({acme_with(6)}, keyed("one", "other")).at(0);
  CHECK(reused.refusal == Refusal::key_reused);
  CHECK(reused.refused == "the key \"one\" was used before, for something else: give every request a key of its own");
  CHECK_FALSE(reused.repeated);
  CHECK(bench.ask({acme_with(7)}, keyed("one", "other", "ann")) == std::vector<InputResult>{{}});
  // As many inputs as before belong to it.
  CHECK(bench.ask({acme_with(5), acme_with(5)}, keyed("one")).at(1).refusal == Refusal::key_reused);
  CHECK(bench.ask({acme_with(5)}, keyed("one")).at(0).repeated);
}

TEST_CASE("what comes twice in one batch is done once, whatever is asked between") {
  for (const std::size_t turns : {1U, 2U, 4'096U}) {
    INFO(turns << " turns a batch");
    Bench bench(waiting(), {.turns_per_batch = turns});
    bench.make();
    std::vector<InputResult> results;
    const auto post = [&](std::int64_t employees, Asked asked) {
      REQUIRE(bench.engine->post(
          acme_with(employees), [&](const InputResult& result) { results.push_back(result); }, std::move(asked)));
    };
    post(1, keyed("one"));
    post(2, {});
    post(1, keyed("one"));
    post(3, keyed("one", "other"));
    post(1, keyed("one"));
    bench.begin();
    bench.run_until([&] { return results.size() == 5; });
    CHECK(results[0] == InputResult{.created = true});
    CHECK(results[1] == InputResult{});
    CHECK(results[2] == InputResult{.created = true, .repeated = true});
    CHECK(results[3].refusal == Refusal::key_reused);
    CHECK(results[4].repeated);
    Bench expected(waiting());
    expected.start();
    expected.ask({acme_with(2)});
    CHECK(attributes_of_acme(bench) == attributes_of_acme(expected));
  }
}

TEST_CASE("a key is known while its batch is still being written") {
  // Each batch holds one input, so that the next is taken while the one before is on its way.
  Bench bench(waiting(), {.turns_per_batch = 1});
  bench.make();
  std::vector<InputResult> results;
  for (int i = 0; i < 200; ++i) {
    REQUIRE(bench.engine->post(
        UpsertAccount{"account-" + std::to_string(i / 2), {}},
        [&](const InputResult& result) { results.push_back(result); }, keyed(std::to_string(i / 2))));
  }
  bench.begin();
  bench.run_until([&] { return results.size() == 200; });
  for (std::size_t i = 0; i < 200; ++i) {
    INFO(i);
    CHECK(results[i] == InputResult{.created = true, .repeated = i % 2 == 1});
  }
  CHECK(audit_of(bench).size() == 100);
}

TEST_CASE("a key outlives the engine for a day and no longer") {
  Bench bench(waiting());
  bench.start();
  bench.ask({acme_with(5)}, keyed("one"));
  bench.engine.reset();
  bench.clock.move_to(kMonday + 23h);
  bench.start();
  CHECK(bench.ask({acme_with(5)}, keyed("one")).at(0).repeated);
  bench.clock.move_to(kMonday + 24h);
  CHECK(bench.ask({acme_with(5)}, keyed("one")) == std::vector<InputResult>{{}});
  bench.clock.move_to(kMonday + 49h);
  bench.ask({acme_with(6)}, keyed("two"));
  CHECK_FALSE(bench.plain_store->reader()->asked_key("crm", "one"));
}

TEST_CASE("of what is refused only the answer is known that would be the same again") {
  Bench bench(waiting());
  bench.start();
  const auto twice = [&](Input input, const std::string& key) {
    const InputResult first = bench.ask({input}, keyed(key)).at(0);
    const InputResult second = bench.ask({input}, keyed(key)).at(0);
    CHECK(first.refused == second.refused);
    return std::pair(first.refusal, second.repeated);
  };
  CHECK(twice(UpsertAccount{"", {}}, "empty") == std::pair(Refusal::invalid, false));
  CHECK(twice(EnterJourney{"seeds", "nowhere", ""}, "nowhere") == std::pair(Refusal::unknown, true));
  CHECK(twice(ChangeJourney{ChangeJourney::Command::resume, "seeds"}, "resume") == std::pair(Refusal::conflict, true));
  // It would be taken by now, and is answered as it was.
  bench.ask({UpsertAccount{"nowhere", {}}});
  CHECK(bench.ask({EnterJourney{"seeds", "nowhere", ""}}, keyed("nowhere")).at(0).refusal == Refusal::unknown);
}

TEST_CASE("inputs that are asked for together have one key and one line in the audit trail") {
  Bench bench(waiting(), {.turns_per_batch = 1});
  bench.start();
  const std::vector<Input> inputs{UpsertAccount{"acme", {}}, UpsertPerson{"ada", "nowhere", {}},
                                  UpsertPerson{"bob", "acme", {}}};
  const std::vector<InputResult> first = bench.ask(inputs, keyed("one"));
  REQUIRE(first.size() == 3);
  CHECK(first[0].created);
  CHECK(first[1].refusal == Refusal::unknown);
  CHECK(first[2].created);
  const std::vector<InputResult> second = bench.ask(inputs, keyed("one"));
  for (std::size_t i = 0; i < 3; ++i) {
    InputResult repeated = first[i];
    repeated.repeated = true;
    CHECK(second[i] == repeated);
  }
  REQUIRE(audit_of(bench).size() == 1);
  CHECK(audit_of(bench)[0].refused == first[1].refused);
  // Whatever a batch holds otherwise, this one holds all of them.
  std::vector<JournalRecord> entries;
  bench.plain_store->reader()->journal_from(1, 100, entries);
  std::size_t most = 0;
  for (const JournalRecord& entry : entries) {
    const UnpackedEntry read = unpack(entry);
    if (const auto* batch = std::get_if<JournalBatch>(&read.entry.what))
      most = std::max(most, batch->order.inputs.size());
  }
  CHECK(most == 3);
}

TEST_CASE("the audit trail says who asked, for what, and why it was not done") {
  Bench bench(waiting());
  bench.start();
  const Asked by_ann{.caller = "ann", .request_id = "r-7", .action = "journey.pause", .target = "seeds"};
  bench.ask({ChangeJourney{ChangeJourney::Command::pause, "seeds"}}, by_ann);
  bench.ask({ChangeJourney{ChangeJourney::Command::pause, "seeds"}}, by_ann);
  bench.ask({acme_with(1)}, {.caller = "crm"});
  const std::vector<AuditRecord> lines = audit_of(bench);
  REQUIRE(lines.size() == 2);
  AuditRecord expected{.sequence = 1,
                       .at = kMonday,
                       .caller = "ann",
                       .request_id = "r-7",
                       .action = "journey.pause",
                       .target = "seeds",
                       .refused = ""};
  CHECK(lines[0] == expected);
  expected.sequence = 2;
  expected.refused = "the journey \"seeds\" is paused";
  CHECK(lines[1] == expected);
}

TEST_CASE("a request without inputs is a line in the audit trail and no entry of the journal") {
  Bench bench(waiting());
  bench.start();
  bench.ask({acme_with(1)});
  const std::int64_t entries = last_entry_of(bench);
  REQUIRE(bench.engine->post_all({}, {}, {.caller = "ann", .action = "token.create", .target = "crm"}));
  bench.run_until([&] { return !audit_of(bench).empty(); });
  CHECK(audit_of(bench).at(0).target == "crm");
  CHECK(last_entry_of(bench) == entries);
}

TEST_CASE("a line in the audit trail is lost with the batch that it belongs to") {
  Bench bench(waiting(), {.turns_per_batch = 1});
  bench.store.fails_at = 3;
  bench.start();
  for (int i = 0; i < 10; ++i) {
    bench.engine->post(
        UpsertAccount{"account-" + std::to_string(i), {}}, {},
        {.caller = "crm", .action = "account.put", .target = std::to_string(i), .key = std::to_string(i)});
  }
  bench.run();
  bench.engine.reset();
  CHECK(static_cast<std::int64_t>(audit_of(bench).size()) == bench.accounts());
  CHECK(bench.accounts() < 10);
}
