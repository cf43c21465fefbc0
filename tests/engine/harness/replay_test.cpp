// What production did is done again from its journal alone, and comes out the same in every row: whatever the journeys,
// the histories, the batches, the restarts and the deaths were. What does not is found, and it is said where.

#include "engine/harness/replay.hpp"

#include <sqlite3.h>

#include "engine/harness/comparison.hpp"
#include "tests/engine/harness/random_life.hpp"
#include "tests/engine/made_up_journeys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::uint8_t>;

std::string to_text(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return std::to_string(*real);
  return "nothing";
}

/// Every row that a replay of the world has otherwise, a line each; at most some dozens.
std::vector<std::string> rows_that_differ(World& world) {
  ScratchStore scratch;
  const auto production = world.store().reader();
  Replay(*production, scratch.store()).run();
  std::vector<std::string> lines;
  compare(*production, *scratch.store().reader(), [&](const RowDifference& difference) {
    constexpr std::size_t kMost = 40;
    if (lines.size() == kMost) return;
    std::string line = std::string(difference.table);
    for (const auto& [column, cell] : difference.key)
      line += " " + column + "=" + to_text(cell);
    line += difference.is_left && difference.is_right ? ":" : difference.is_left ? " is missing" : " is new";
    for (const ColumnDifference& each : difference.columns)
      line += " " + each.column + " " + to_text(each.left) + " -> " + to_text(each.right);
    lines.push_back(std::move(line));
  });
  return lines;
}

void check_replay(World& world) {
  const std::vector<std::string> differences = rows_that_differ(world);
  for (const std::string& line : differences)
    RC_LOG() << line << "\n";
  RC_ASSERT(differences.empty());
}

/// What a replay comes to, by node types of one's own.
ReplayComparison replayed(World& world, const ReplaySettings& settings = {}) {
  ScratchStore scratch;
  const auto production = world.store().reader();
  Replay(*production, scratch.store(), settings).run();
  const auto replay = scratch.store().reader();
  return compare_replay({world.store(), *production}, {scratch.store(), *replay});
}

/// A split that sends one account along the other of its two paths.
class Contrary final : public Node {
 public:
  Contrary(std::unique_ptr<Node> real, bool is_meant) : real_(std::move(real)), is_meant_(is_meant) {}
  Step visit(Scene& scene) const override {
    Step step = real_->visit(scene);
    auto* advance = std::get_if<Advance>(&step);
    if (is_meant_ && advance && scene.account().key == kWhom)
      advance->path = advance->path == PathIndex{0} ? PathIndex{1} : PathIndex{0};
    return step;
  }
  static constexpr std::string_view kWhom = "account-7";

 private:
  std::unique_ptr<Node> real_;
  bool is_meant_;
};

const NodeType* with_a_contrary_split(std::string_view name) {
  static const NodeType contrary{find_node_type("split")->shape,
                                 [](const NodeDefinition& definition, NodeCompiler& compiler) -> std::unique_ptr<Node> {
                                   return std::make_unique<Contrary>(
                                       find_node_type("split")->compile(definition, compiler),
                                       definition.id == "by-size");
                                 }};
  return name == "split" ? &contrary : find_node_type(name);
}

/// Twelve accounts, half of them large, a day apart from where they part.
class Growing {
 public:
  Growing()
      : world(seeds_workspace(R"(- id: settle
  wait: 1d
- id: by-size
  split:
    - path: large
      when: account.employees >= 1000
      nodes: [{id: tell, send_email: story}]
    - path: small
      nodes: []
- id: rest
  wait: 2d
)")) {
    std::vector<Input> inputs;
    for (int i = 0; i < 12; ++i) {
      const std::string account = "account-" + std::to_string(i);
      inputs.push_back(UpsertAccount{account, {{"employees", number(i % 2 == 0 ? 5 : 5'000)}}});
      inputs.push_back(UpsertPerson{"person-" + std::to_string(i), account, {{"email", text(account + "@x.example")}}});
    }
    world.post_all(std::move(inputs));
    world.run_out();
  }

  void alter(const std::string& sql) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(world.file().c_str(), &handle) == SQLITE_OK);
    CHECK(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
  }

  /// Why it cannot be replayed.
  std::string fault() {
    try {
      replayed(world);
    } catch (const ReplayError& error) {
      return error.what();
    }
    return {};
  }

  World world;
};

std::size_t size_from(const char* variable, std::size_t otherwise) {
  const char* given = std::getenv(variable);
  return given ? static_cast<std::size_t>(std::stoul(given)) : otherwise;
}

}  // namespace

TEST_CASE("any history is done again from its journal without a difference, in batches of any size") {
  CHECK(holds_in(40, [](const Numbers& journey, const Numbers& beginning, const Numbers& history) {
    const SourceTexts texts = made_up_workspace(journey);
    RC_PRE(caravan::test::faults_of(texts).empty());
    constexpr std::array<std::size_t, 3> kTurns = {1, 7, 4'096};
    World world(texts, {.turns_per_batch = kTurns[journey.size() % 3]});
    world.post_all(made_up_beginning(beginning));
    for (const MadeUpStep& step : made_up_history(history, world.now(), 6)) {
      if (step.unseen) {
        world.advance_clock(step.passes);
      } else {
        world.advance(step.passes);
      }
      for (const Input& input : step.inputs)
        world.post(input);
    }
    world.run_out();
    check_replay(world);
  }));
}

TEST_CASE("restarts and deaths between two commits are done again as well") {
  CHECK(
      holds_in(25, [](const Numbers& journey, const Numbers& beginning, const Numbers& history, std::uint8_t batches) {
        const SourceTexts texts = made_up_workspace(journey);
        RC_PRE(caravan::test::faults_of(texts).empty());
        World world(texts, {.turns_per_batch = 2 + journey.size() % 7});
        world.post_all(made_up_beginning(beginning));
        std::size_t at = 0;
        for (const MadeUpStep& step : made_up_history(history, world.now(), 6)) {
          world.advance_clock(step.passes);
          if (++at % 2 == 0) {
            world.drop_after(1 + batches % 3U, step.inputs);
          } else {
            world.restart();
            world.post_all(step.inputs);
          }
          world.run();
        }
        world.run_out();
        check_replay(world);
      }));
}

// CARAVAN_REPLAY_ACCOUNTS, _STEPS and _LIVES make it larger; CARAVAN_REPLAY_SEED is the seed of the first life.
TEST_CASE("a long life of restarts, deaths, failing channels and edits is done again without a difference") {
  const std::size_t lives = size_from("CARAVAN_REPLAY_LIVES", 4);
  const auto seed = static_cast<unsigned>(size_from("CARAVAN_REPLAY_SEED", 2'026));
  constexpr std::array<std::size_t, 4> kTurns = {4'096, 7, 60, 1};
  bool has_kept_consent = false;
  for (std::size_t life = 0; life < lives; ++life) {
    RandomLife random(seed + static_cast<unsigned>(life), {.accounts = size_from("CARAVAN_REPLAY_ACCOUNTS", 60),
                                                           .steps = size_from("CARAVAN_REPLAY_STEPS", 24),
                                                           .turns_per_batch = kTurns[life % kTurns.size()]});
    random.live();
    CAPTURE(life, random.log());
    CHECK(rows_that_differ(random.world()) == std::vector<std::string>{});
    CHECK(random.world().counter_differences() == std::vector<std::string>{});
    has_kept_consent = has_kept_consent || random.world().reader().has_kept_consent();
  }
  CHECK(has_kept_consent);
}

TEST_CASE("a node that behaves otherwise is found and named, with the first account that it did so to") {
  Growing growing;
  CHECK_FALSE(replayed(growing.world).first);
  const ReplayComparison comparison = replayed(growing.world, {with_a_contrary_split});
  REQUIRE(comparison.first);
  CHECK(comparison.first->account == "account-7");
  CHECK(comparison.first->node == "by-size");
  CHECK(comparison.first->journey == "seeds (version 1)");
  CHECK(comparison.first->at == kMonday + 24h);
  CHECK(comparison.first->production == "visited, took path large");
  CHECK(comparison.first->replay == "visited, took path small");
  CHECK(comparison.accounts == 1);
  REQUIRE(comparison.alike < comparison.production.size());
  CHECK(comparison.production[comparison.alike].node == "by-size");
  CHECK(comparison.replay[comparison.alike].node == "by-size");
}

TEST_CASE("what behaves otherwise in the middle of a long life is found, and the replay goes on to its end") {
  RandomLife random(11, {.accounts = 40, .steps = 16});
  random.live();
  CAPTURE(random.log());
  const ReplayComparison comparison = replayed(random.world(), {with_a_contrary_split});
  REQUIRE(comparison.first);
  CHECK(comparison.first->account == "account-7");
  CHECK(comparison.first->node == "by-size");
}

TEST_CASE("a row that somebody else has changed is found, with what each store says of it") {
  Growing growing;
  growing.alter("UPDATE delivery SET address = 'else@x.example' WHERE account = 6");
  const ReplayComparison comparison = replayed(growing.world);
  REQUIRE(comparison.first);
  CHECK(comparison.rows == 1);
  CHECK(comparison.first->account == "account-5");
  CHECK(comparison.first->at == kMonday + 24h);
  CHECK(comparison.first->production.find("story to else@x.example") != std::string::npos);
  CHECK(comparison.first->replay.find("story to account-5@x.example") != std::string::npos);
}

TEST_CASE("what belongs to no account is compared as well") {
  Growing growing;
  growing.alter("UPDATE counter SET amount = 99 WHERE kind = 5 AND slot = 1");
  const ReplayComparison comparison = replayed(growing.world);
  REQUIRE(comparison.first);
  CHECK(comparison.accounts == 0);
  CHECK(comparison.first->account.empty());
  CHECK(comparison.first->node == "by-size");
  CHECK(comparison.first->production.find("amount 99") != std::string::npos);
  CHECK(comparison.first->replay.find("amount 12") != std::string::npos);
}

TEST_CASE("an input that the replay takes and production refused is told") {
  Growing growing;
  growing.world.post_all({UpsertAccount{"account-0", {}}, RemovePerson{"nobody"}});
  const auto replay = [&] {
    ScratchStore scratch;
    const auto production = growing.world.store().reader();
    return Replay(*production, scratch.store()).run();
  };
  const ReplayedJournal journal = replay();
  CHECK(journal.inputs == 26);
  CHECK(journal.starts == 1);
  CHECK(journal.first == 1);
  CHECK(journal.from == kMonday);
  CHECK_FALSE(journal.other_answer);

  JournalBatch batch;
  batch.order.now = growing.world.now();
  batch.order.settled = true;
  batch.order.inputs = {UpsertAccount{"account-0", {}}, UpsertAccount{"one-more", {}}};
  batch.seen = journal.last;
  batch.refused = {false, true};
  Changes changes;
  changes.journal = pack({journal.last + 1, batch.order.now, {}, batch});
  growing.world.store().commit(changes);
  const std::optional<OtherAnswer> other = replay().other_answer;
  REQUIRE(other);
  CHECK(other->entry == journal.last + 1);
  CHECK(std::get<UpsertAccount>(other->input).key == "one-more");
  CHECK(other->refused.empty());
}

TEST_CASE("a journal that is empty, has a gap, begins late or is damaged is refused with what is wrong") {
  SECTION("empty") {
    ScratchStore empty, scratch;
    const auto production = empty.store().reader();
    CHECK_THROWS_WITH(Replay(*production, scratch.store()).run(),
                      "the journal is empty: nothing has happened in this store yet");
  }
  SECTION("a gap") {
    Growing growing;
    growing.alter("DELETE FROM journal WHERE sequence = 2");
    CHECK(growing.fault() == "entry 2 of the journal is missing: the file is damaged; restore it from a backup");
  }
  SECTION("begins late") {
    Growing growing;
    growing.alter("DELETE FROM journal WHERE sequence = 1");
    CHECK(growing.fault().starts_with("the journal begins with entry 2, and what was before was let go"));
  }
  SECTION("of another form") {
    Growing growing;
    growing.alter("UPDATE journal SET entry = x'0063' WHERE sequence = 2");
    CHECK(growing.fault().starts_with("entry 2 of the journal has a form that this program does not know"));
  }
}
