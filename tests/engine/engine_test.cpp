// The engine as a whole, over virtual time: what goes in, what comes out, and what a restart leaves of it.

#include "engine/engine.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// A journey of every node type, with a merge and paths within paths.
constexpr std::string_view kWhole = R"(- id: welcome
  send_email: {template: welcome, to: person.lead}
- id: settle
  wait: 3d
- id: by-industry
  split:
    - path: technology
      when: account.industry == "technology"
      nodes:
        - id: tech-mail
          send_email: {template: story, with: {offer: '"for " + account.key'}}
        - id: by-size
          split:
            - path: enterprise
              when: account.employees >= 1000
              nodes:
                - id: join
                  assign_to_buying_group: ai-driven-seeds
                - id: tell-sales
                  notify_sales: {solution_interest: ai-driven-seeds, to: [account.owner_email, sales@example.com]}
            - path: others
              nodes: []
    - path: agriculture
      when: account.industry == "agriculture"
      next: field-trial
    - path: retail
      when: account.industry == "retail"
      next: end
    - path: others
      nodes: []
- id: rest
  wait: 1w
- id: by-group
  split:
    - path: complete
      when: group("ai-driven-seeds").completeness >= 60.0
      nodes:
        - {id: enough, end: }
    - path: larger
      when: account.employees >= 50
      nodes: []
- id: farewell
  send_email: {template: farewell, to: person.lead}
  next: end
- id: field-trial
  wait: 12h
- id: field-mail
  send_email: story
  next: rest
)";

std::vector<Input> script(int count) {
  constexpr std::array industries = {"technology", "agriculture", "retail", "mining"};
  constexpr std::array titles = {"VP Sales", "Agronomist", "Clerk", "Head of Fields"};
  std::vector<Input> inputs;
  for (int i = 0; i < count; ++i) {
    const std::string key = "account-" + std::to_string(i);
    AttributeMap attributes = {{"industry", text(industries[static_cast<std::size_t>(i) % 4])},
                               {"employees", number(i % 3 == 0 ? 5'000 : i % 7 * 20)}};
    if (i % 5 != 0) attributes.emplace_back("owner_email", text("owner-" + std::to_string(i % 3) + "@example.com"));
    if (i % 11 == 0) attributes.pop_back();
    inputs.push_back(UpsertAccount{key, std::move(attributes)});
    for (int person = 0; person < i % 5; ++person) {
      AttributeMap of_person = {{"email", text("p" + std::to_string(person) + "@" + key + ".example")},
                                {"first_name", text("Ada")}};
      if (person % 2 == 0) of_person.emplace_back("lead", AttributeInput{true});  // asked of the others, it is an error
      if (i % 6 != 0) of_person.emplace_back("title", text(titles[static_cast<std::size_t>(i + person) % 4]));
      inputs.push_back(UpsertPerson{key + "-p" + std::to_string(person), key, std::move(of_person)});
    }
  }
  return inputs;
}

std::vector<Input> changes(int count) {
  std::vector<Input> inputs;
  for (int i = 0; i < count; i += 3) {
    const std::string key = "account-" + std::to_string(i);
    inputs.push_back(UpsertAccount{key, {{"employees", number(i % 2 == 0 ? 2'000 : 10)}}});
    if (i % 5 != 0) inputs.push_back(UpsertPerson{key + "-p0", "account-" + std::to_string((i + 1) % count), {}});
  }
  inputs.push_back(UpsertAccount{"late", {{"industry", text("technology")}, {"employees", number(9'000)}}});
  inputs.push_back(
      UpsertPerson{"late-vp", "late", {{"title", text("VP")}, {"email", text("vp@late.example")}, {"lead", {true}}}});
  inputs.push_back(UpsertPerson{"nobody", "nowhere", {}});
  return inputs;
}

constexpr int kCount = 120;

/// The same history at any number of turns a batch. `disturb` is called between its steps.
void live_through(World& world, const std::function<void(World&)>& disturb) {
  world.post_all(script(kCount));
  disturb(world);
  world.advance(24h);
  disturb(world);
  world.post_all(changes(kCount));
  disturb(world);
  world.advance(48h);
  disturb(world);
  world.advance(12h);
  disturb(world);
  world.run_out();
}

void let_be(World&) {}

}  // namespace

TEST_CASE("an account goes the whole way from the first mail to sales") {
  World world(seeds_workspace(kWhole));
  std::vector<Input> inputs = {UpsertAccount{"acme",
                                             {{"name", text("Acme")},
                                              {"industry", text("technology")},
                                              {"employees", number(4'200)},
                                              {"owner_email", text("owner@example.com")}}}};
  for (const char* name : {"ada", "bob"}) {
    inputs.push_back(UpsertPerson{name,
                                  "acme",
                                  {{"email", text(std::string(name) + "@acme.example")},
                                   {"first_name", text(name)},
                                   {"title", text("VP")},
                                   {"lead", {std::string(name) == "ada"}}}});
  }
  world.post_all(inputs);
  world.run_out();
  CHECK(world.trail("acme") ==
        "welcome settle:stopped by-industry/technology tech-mail by-size/enterprise join tell-sales rest:stopped "
        "by-group/larger farewell");
  CHECK(world.standing("acme") == "completed at farewell");
  CHECK(world.token("acme").ended_at == kMonday + 10 * 24h);
  CHECK(world.groups("acme") == std::vector<std::string>{"ai-driven-seeds: ada decision_maker, bob decision_maker"});
  std::vector<std::string> mails = world.mails("acme");
  std::sort(mails.begin(), mails.end());
  CHECK(mails == std::vector<std::string>{"farewell to ada@acme.example", "sales summary to owner@example.com",
                                          "sales summary to sales@example.com", "story to ada@acme.example",
                                          "story to bob@acme.example", "welcome to ada@acme.example"});
  CHECK(world.notes("acme").empty());
}

TEST_CASE("the counters are what can be counted from the rows, at every step") {
  World world(seeds_workspace(kWhole), {.turns_per_batch = 7});
  live_through(world, [](World& each) { CHECK(each.counter_differences() == std::vector<std::string>{}); });
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("how many turns share a commit makes no difference to what comes of them") {
  World alone(seeds_workspace(kWhole), {.turns_per_batch = 1});
  live_through(alone, let_be);
  const std::string portrait = alone.portrait();
  CHECK(portrait.find("completed") != std::string::npos);
  CHECK(portrait.find("left at by-group") != std::string::npos);
  for (const std::size_t turns : {2U, 3U, 7U, 64U, 4'096U}) {
    INFO(turns << " turns a batch");
    World together(seeds_workspace(kWhole), {.turns_per_batch = turns});
    live_through(together, let_be);
    CHECK(together.portrait() == portrait);
  }
}

TEST_CASE("restarts make no difference to what comes of a history") {
  World steady(seeds_workspace(kWhole), {.turns_per_batch = 7});
  live_through(steady, let_be);
  World restarted(seeds_workspace(kWhole), {.turns_per_batch = 7});
  live_through(restarted, [](World& world) { world.restart(); });
  CHECK(restarted.portrait() == steady.portrait());
}

TEST_CASE("an engine that is dropped in the middle of its work makes no difference to what comes of a history") {
  World steady(seeds_workspace(kWhole), {.turns_per_batch = 7});
  live_through(steady, let_be);
  const std::string portrait = steady.portrait();
  for (const std::size_t batches : {1U, 2U, 3U}) {
    INFO("dropped after " << batches << " batches each time");
    World dropped(seeds_workspace(kWhole), {.turns_per_batch = 7});
    dropped.post_all(script(kCount));
    dropped.advance(24h);
    dropped.post_all(changes(kCount));
    // From here on nothing comes from outside: every wave of due tokens is cut off again and again.
    int drops = 0;
    for (std::optional<Instant> due = dropped.next_due(); due; due = dropped.next_due()) {
      if (*due > dropped.now()) {
        dropped.advance_clock(*due - dropped.now());
      }
      dropped.drop_after(batches);
      ++drops;
    }
    CHECK(drops > 10);
    dropped.run();
    CHECK(dropped.portrait() == portrait);
  }
}

TEST_CASE("two runs of the same inputs are the same to the last byte of what they promise") {
  World one(seeds_workspace(kWhole), {.turns_per_batch = 64});
  World other(seeds_workspace(kWhole), {.turns_per_batch = 64});
  live_through(one, let_be);
  live_through(other, let_be);
  CHECK(one.portrait() == other.portrait());
}

TEST_CASE("thousands of accounts, a few turns a batch: each ends once") {
  World world(seeds_workspace("- id: mail\n  send_email: welcome\n- id: settle\n  wait: 1d\n- id: done\n  end:\n"),
              {.turns_per_batch = 7});
  std::vector<Input> inputs;
  for (int i = 0; i < 3'000; ++i)
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), {}});
  world.post_all(std::move(inputs));
  CHECK(world.counted(CounterKind::standing, "settle") == 3'000);
  world.run_out();
  CHECK(world.counted(CounterKind::entered) == 3'000);
  CHECK(world.counted(CounterKind::completed) == 3'000);
  CHECK(world.counted(CounterKind::visited, "done") == 3'000);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("time that a store has seen is kept with it") {
  World world(seeds_workspace("- id: settle\n  wait: 1d\n"));
  world.account("acme");
  CHECK(world.reader().engine_time() == kMonday);
  world.advance(24h);
  CHECK(world.reader().engine_time() == kMonday + 24h);
}

TEST_CASE("an engine says what it published") {
  World world(seeds_workspace("- id: settle\n  wait: 1d\n"));
  world.run();
  REQUIRE(world.publications().size() == 1);
  CHECK(world.publications()[0].journey == "seeds");
  CHECK(world.publications()[0].number == 1);
  CHECK(world.publications()[0].kind == Publication::Kind::first);
}
