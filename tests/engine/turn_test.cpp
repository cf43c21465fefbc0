// The turn: one input applied to one subject, run to where it must stop. Nodes that the language has no way to make
// fail are replaced by stand-ins, in the compiled journey, after it was published.

#include "engine/turn.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// A node that does what the test says.
class StandIn final : public Node {
 public:
  explicit StandIn(std::function<Step(Scene&)> visit) : visit_(std::move(visit)) {}
  Step visit(Scene& scene) const override { return visit_(scene); }

 private:
  std::function<Step(Scene&)> visit_;
};

/// A runner of turns over a store; every turn is committed before the next.
class Turns {
 public:
  explicit Turns(const SourceTexts& texts) {
    std::shared_ptr<const Workspace> workspace = load_workspace(texts, "", node_shapes(), names_);
    REQUIRE(workspace->diagnostics.errors() == 0);
    library_.publish(workspace, {}, kMonday, changes_);
    runner_.go_live(LivePlan(library_.current(), {}, library_.definitions(), names_));
    Attributes attributes;
    changes_.accounts.push_back(
        {{AccountId{1}, "acme", attributes.with(std::array{pair("employees", number(5'000))})}, true});
    changes_.people.push_back(
        {{PersonId{1}, AccountId{1}, "ada", attributes.with(std::array{pair("email", text("ada@acme.example"))})},
         true});
    commit();
  }

  bool evaluate(Instant now = kMonday) {
    Subject subject = load();
    const std::size_t before = changes_.tokens.size();
    runner_.look_again(subject, {.everything = true}, now, changes_);
    return changes_.tokens.size() > before;
  }

  bool wake(Instant now, TokenId token = TokenId{1}) {
    Subject subject = load();
    return runner_.wake(subject, token, now, changes_);
  }

  /// What the last turn left, written.
  Changes written() {
    Changes last = changes_;
    commit();
    return last;
  }

  void stand_in(const std::string& id, std::function<Step(Scene&)> visit) {
    auto& compiled = const_cast<CompiledJourney&>(journey().journey);
    compiled.nodes.at(static_cast<std::size_t>(compiled.find(id))).node = std::make_unique<StandIn>(std::move(visit));
  }

  NodeIndex node(const std::string& id) { return journey().journey.find(id); }
  const RunnableJourney& journey() { return *runner_.plan().journeys().front().journey; }

  TokenRecord token() {
    std::vector<TokenRecord> tokens;
    reader_->tokens_of(AccountId{1}, tokens);
    REQUIRE(tokens.size() == 1);
    return tokens.front();
  }

  std::string trail() {
    std::vector<RunRecord> runs;
    reader_->runs_of(TokenId{1}, runs);
    std::string all;
    for (const RunRecord& run : runs) {
      all += all.empty() ? "" : " | ";
      for (const VisitRecord& visit : run.visits) {
        if (&visit != &run.visits.front()) all += " ";
        all += journey().journey.node(visit.node).id;
      }
    }
    return all;
  }

  std::int64_t counted(CounterKind kind, const std::string& id = {}) {
    const std::uint16_t slot = id.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(node(id));
    for (const auto& [key, amount] : reader_->counters()) {
      if (key.kind == kind && key.slot == slot && key.path == kNoPath) return amount;
    }
    return 0;
  }

  std::vector<NoteRecord> notes() {
    std::vector<NoteRecord> all;
    reader_->notes_of(AccountId{1}, all);
    return all;
  }

  std::vector<DeliveryRecord> deliveries() {
    std::vector<DeliveryRecord> all;
    reader_->deliveries_of(TokenId{1}, all);
    return all;
  }

  std::vector<GroupRecord> groups() {
    std::vector<GroupRecord> all;
    reader_->groups_of(AccountId{1}, all);
    return all;
  }

 private:
  std::pair<NameId, AttributeInput> pair(std::string_view name, AttributeInput value) {
    return {names_.id_of(name), std::move(value)};
  }

  Subject load() { return Subject(*reader_->account(AccountId{1})); }

  void commit() {
    auto names = names_.take_new();
    changes_.names.insert(changes_.names.end(), names.begin(), names.end());
    if (!changes_.empty()) store_->commit(changes_);
    changes_.clear();
    reader_->refresh();
  }

  caravan::testing::TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_sqlite(folder_.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  std::unique_ptr<Reader> reader_ = store_->reader();
  NameBook names_{*reader_};
  JourneyLibrary library_{*store_, names_};
  Numbering numbering_;
  ScoreBook scores_{*reader_};
  TurnRunner runner_{*reader_, names_, library_, numbering_, scores_};
  Changes changes_;
};

constexpr std::string_view kLine = R"(- id: mail
  send_email: welcome
- id: by-size
  split:
    - {path: small, when: account.employees < 10, nodes: []}
    - {path: large, nodes: []}
- id: settle
  wait: 1d
- id: join
  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user}
- id: story
  send_email: story
- id: rest
  wait: 1d
- id: done
  end:
)";

}  // namespace

TEST_CASE("a turn runs through every node that does not stop, and leaves one token, one run and what was promised") {
  Turns turns(seeds_workspace(kLine));
  CHECK(turns.evaluate());
  const Changes changes = turns.written();
  REQUIRE(changes.tokens.size() == 1);
  CHECK(changes.tokens[0].inserted);
  const TokenRecord& token = changes.tokens[0].record;
  CHECK(token.state == TokenState::waiting);
  CHECK(token.node == turns.node("settle"));
  CHECK(token.due_at == kMonday + 24h);
  CHECK(token.visits == 3);
  CHECK(token.entered_at == kMonday);
  REQUIRE(changes.runs.size() == 1);
  CHECK(changes.runs[0].token == token.id);
  CHECK(changes.runs[0].first_visit == 0);
  CHECK(changes.runs[0].at == kMonday);
  CHECK(changes.runs[0].visits == std::vector<VisitRecord>{{turns.node("mail"), kNoPath, VisitOutcome::done},
                                                           {turns.node("by-size"), PathIndex{1}, VisitOutcome::done},
                                                           {turns.node("settle"), kNoPath, VisitOutcome::stopped}});
  CHECK(changes.deliveries.size() == 1);
  CHECK(changes.notes.empty());
}

TEST_CASE("a turn goes on where the last one stopped, and its visits are numbered on") {
  Turns turns(seeds_workspace(kLine));
  turns.evaluate();
  turns.written();
  CHECK(turns.wake(kMonday + 24h));
  const Changes changes = turns.written();
  REQUIRE(changes.tokens.size() == 1);
  CHECK_FALSE(changes.tokens[0].inserted);
  REQUIRE(changes.runs.size() == 1);
  CHECK(changes.runs[0].first_visit == 3);
  CHECK(changes.runs[0].at == kMonday + 24h);
  CHECK(turns.trail() == "mail by-size settle | join story rest");
  CHECK(turns.token().visits == 6);
}

TEST_CASE("the last turn ends the token, and nothing wakes it any more") {
  Turns turns(seeds_workspace(kLine));
  turns.evaluate();
  turns.written();
  turns.wake(kMonday + 24h);
  turns.written();
  turns.wake(kMonday + 48h);
  turns.written();
  CHECK(turns.trail() == "mail by-size settle | join story rest | done");
  CHECK(turns.token().state == TokenState::completed);
  CHECK(turns.token().ended_at == kMonday + 48h);
  CHECK_FALSE(turns.wake(kMonday + 72h));
  CHECK(turns.written().empty());
  CHECK(turns.counted(CounterKind::completed) == 1);
  CHECK(turns.counted(CounterKind::standing, "settle") == 0);
  CHECK(turns.counted(CounterKind::standing, "rest") == 0);
}

TEST_CASE("a token that is not due is not woken, and nothing is written") {
  Turns turns(seeds_workspace(kLine));
  turns.evaluate();
  turns.written();
  CHECK_FALSE(turns.wake(kMonday + 24h - 1ms));
  CHECK(turns.written().empty());
  CHECK_FALSE(turns.wake(kMonday + 24h, TokenId{77}));
  CHECK(turns.written().empty());
}

TEST_CASE("an account enters once: neither the audience nor a second look lets it in again") {
  Turns turns(seeds_workspace(kLine));
  CHECK(turns.evaluate());
  turns.written();
  CHECK_FALSE(turns.evaluate());
  CHECK(turns.written().empty());
  CHECK(turns.counted(CounterKind::entered) == 1);
}

TEST_CASE("an account outside of the audience stays out") {
  SourceTexts texts = seeds_workspace(kLine);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees < 10\n";
  Turns turns(texts);
  CHECK_FALSE(turns.evaluate());
  CHECK(turns.written().empty());
}

TEST_CASE("an audience that cannot be evaluated lets nobody in, and is counted") {
  SourceTexts texts = seeds_workspace(kLine);
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.revenue > 10\n";
  Turns turns(texts);
  CHECK_FALSE(turns.evaluate());
  turns.written();
  CHECK(turns.counted(CounterKind::entered) == 0);
}

TEST_CASE("a node that fails holds its token before it, with the reason, until it is tried again") {
  Turns turns(seeds_workspace(kLine));
  turns.stand_in("join", [](Scene&) -> Step { return Fail{"no connection"}; });
  turns.evaluate();
  turns.written();
  CHECK(turns.wake(kMonday + 24h));
  turns.written();
  const TokenRecord token = turns.token();
  CHECK(token.state == TokenState::held);
  CHECK(token.node == turns.node("join"));
  // Five minutes, and a quarter more or less.
  CHECK(*token.due_at >= kMonday + 24h + 225s);
  CHECK(*token.due_at <= kMonday + 24h + 375s);
  CHECK(token.attempts == 1);
  CHECK(token.visits == 3);
  CHECK(turns.trail() == "mail by-size settle");
  CHECK(turns.counted(CounterKind::standing, "join") == 1);
  CHECK(turns.counted(CounterKind::standing, "settle") == 0);
  CHECK(turns.counted(CounterKind::visited, "join") == 0);
  REQUIRE(turns.notes().size() == 1);
  CHECK(turns.notes()[0].kind == NoteKind::failure);
  CHECK(turns.notes()[0].node == turns.node("join"));
  CHECK(turns.notes()[0].at == kMonday + 24h);
  CHECK(turns.notes()[0].text == "no connection");
}

TEST_CASE("a held token tries the same node again, as often as it takes, and then goes on") {
  Turns turns(seeds_workspace(kLine));
  int failures = 2;
  turns.stand_in("join", [&](Scene&) -> Step {
    if (failures-- > 0) return Fail{"no connection"};
    return Advance{};
  });
  turns.evaluate();
  turns.written();
  turns.wake(kMonday + 24h);
  turns.written();
  const Instant first = *turns.token().due_at;
  CHECK_FALSE(turns.wake(first - 1ms));
  CHECK(turns.wake(first));
  turns.written();
  CHECK(turns.token().state == TokenState::held);
  CHECK(turns.token().attempts == 2);
  CHECK(*turns.token().due_at - first >= 450s);  // twice as long, a quarter more or less
  CHECK(*turns.token().due_at - first <= 750s);
  CHECK(turns.wake(*turns.token().due_at));
  turns.written();
  CHECK(turns.token().attempts == 0);
  CHECK(turns.trail() == "mail by-size settle | join story rest");
  CHECK(turns.token().state == TokenState::waiting);
  CHECK(turns.counted(CounterKind::standing, "join") == 0);
  CHECK(turns.counted(CounterKind::visited, "join") == 1);
  CHECK(turns.notes().size() == 2);
}

TEST_CASE("what was done before a node failed is kept and not done again") {
  Turns turns(seeds_workspace(kLine));
  bool fails = true;
  turns.stand_in("story", [&](Scene&) -> Step {
    if (std::exchange(fails, false)) return Fail{"no connection"};
    return Advance{};
  });
  turns.evaluate();
  turns.written();
  turns.wake(kMonday + 24h);
  turns.written();
  CHECK(turns.trail() == "mail by-size settle | join");
  REQUIRE(turns.groups().size() == 1);
  turns.wake(kMonday + 25h);
  turns.written();
  CHECK(turns.trail() == "mail by-size settle | join | story rest");
  CHECK(turns.groups()[0].members.at(0).since == kMonday + 24h);
  CHECK(turns.counted(CounterKind::visited, "join") == 1);
}

TEST_CASE("a node that throws undoes its turn, and the turn is done again from where it began") {
  Turns turns(seeds_workspace(kLine));
  bool throws = true;
  turns.stand_in("story", [&](Scene&) -> Step {
    if (std::exchange(throws, false)) throw std::runtime_error("a bug");
    return Advance{};
  });
  turns.evaluate();
  turns.written();
  CHECK(turns.wake(kMonday + 24h));
  turns.written();
  CHECK(turns.token().state == TokenState::held);
  CHECK(turns.token().node == turns.node("join"));
  CHECK(turns.token().visits == 3);
  CHECK(turns.trail() == "mail by-size settle");
  CHECK(turns.groups().empty());
  CHECK(turns.counted(CounterKind::standing, "join") == 1);
  CHECK(turns.counted(CounterKind::visited, "join") == 0);
  REQUIRE(turns.notes().size() == 1);
  CHECK(turns.notes()[0].text == "internal error: a bug");
  CHECK(turns.notes()[0].node == turns.node("story"));

  CHECK(turns.wake(kMonday + 25h));
  turns.written();
  CHECK(turns.trail() == "mail by-size settle | join story rest");
  REQUIRE(turns.groups().size() == 1);
  CHECK(turns.groups()[0].members.at(0).since == kMonday + 25h);
  CHECK(turns.counted(CounterKind::standing, "join") == 0);
}

TEST_CASE("a node that throws when an account enters lets it in, held before the first node, with nothing promised") {
  Turns turns(seeds_workspace(kLine));
  bool throws = true;
  turns.stand_in("by-size", [&](Scene&) -> Step {
    if (std::exchange(throws, false)) throw std::runtime_error("a bug");
    return Advance{};
  });
  CHECK(turns.evaluate());
  turns.written();
  CHECK(turns.token().state == TokenState::held);
  CHECK(turns.token().node == turns.node("mail"));
  CHECK(turns.deliveries().empty());
  CHECK(turns.counted(CounterKind::entered) == 1);
  CHECK(turns.counted(CounterKind::promised) == 0);
  turns.wake(kMonday + 1h);
  turns.written();
  CHECK(turns.trail() == "mail by-size settle");
  CHECK(turns.deliveries().size() == 1);
  CHECK(turns.counted(CounterKind::entered) == 1);
}

TEST_CASE("a group is as it was before a turn that failed in the middle, and the next turn sees it so") {
  SourceTexts texts = seeds_workspace(kLine);
  Turns turns(texts);
  turns.stand_in("story", [](Scene&) -> Step { throw std::runtime_error("a bug"); });
  turns.evaluate();
  turns.written();
  for (int attempt = 0; attempt < 3; ++attempt) {
    CHECK(turns.wake(kMonday + 24h + attempt * 1h));
    turns.written();
    CHECK(turns.groups().empty());
    CHECK(turns.token().visits == 3);
  }
  CHECK(turns.notes().size() == 3);
}

TEST_CASE("a wait whose time has passed when it is reached does not stop") {
  Turns turns(seeds_workspace(kLine));
  turns.stand_in("settle", [](Scene& scene) -> Step { return WaitUntil{scene.now()}; });
  turns.evaluate();
  const Changes changes = turns.written();
  CHECK(turns.trail() == "mail by-size settle join story rest");
  CHECK(changes.runs.at(0).visits.at(2).outcome == VisitOutcome::done);
  CHECK(turns.counted(CounterKind::standing, "settle") == 0);
}

TEST_CASE("a node that says the journey is over ends it, whatever stands below") {
  Turns turns(seeds_workspace(kLine));
  turns.stand_in("by-size", [](Scene&) -> Step { return Finish{}; });
  turns.evaluate();
  turns.written();
  CHECK(turns.trail() == "mail by-size");
  CHECK(turns.token().state == TokenState::completed);
}

TEST_CASE("a run that would never stop is held, and says how far it came") {
  Turns turns(seeds_workspace("- id: loop\n  wait: 1d\n  next: loop\n"));
  turns.stand_in("loop", [](Scene&) -> Step { return Advance{}; });
  turns.evaluate();
  turns.written();
  CHECK(turns.token().state == TokenState::held);
  CHECK(turns.token().visits == TurnRunner::kMostVisitsPerRun);
  REQUIRE(turns.notes().size() == 1);
  CHECK(turns.notes()[0].text == "visited 10000 nodes without stopping");
}

TEST_CASE("a cycle with a wait goes round once each time it is due") {
  World world(seeds_workspace(R"(- id: settle
  wait: 1d
- id: again
  split:
    - path: more
      when: now < timestamp("2026-01-08T09:00:00Z")
      next: settle
    - {path: enough, nodes: []}
)"));
  world.account("acme");
  world.run_out();
  CHECK(world.trail("acme") == "settle:stopped again/more settle:stopped again/more settle:stopped again/enough");
  CHECK(world.token("acme").ended_at == kMonday + 72h);
  CHECK(world.counted(CounterKind::visited, "settle") == 3);
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("tokens that are due at the same instant all go on at it") {
  World world(seeds_workspace("- id: settle\n  wait: 1d\n- id: rest\n  wait: 1d\n"));
  for (int i = 0; i < 10; ++i)
    world.account("account-" + std::to_string(i));
  world.advance(24h);
  for (int i = 0; i < 10; ++i) {
    CHECK(world.standing("account-" + std::to_string(i)) == "waiting at rest");
    CHECK(world.token("account-" + std::to_string(i)).due_at == kMonday + 48h);
  }
}

TEST_CASE("an account in two journeys has a token in each, and one does not know of the other") {
  SourceTexts texts = seeds_workspace("- id: settle\n  wait: 1d\n");
  texts["journeys/other.yaml"] = "journey: other\nenter: {audience: everyone}\nnodes:\n  - {id: rest, wait: 2d}\n";
  World world(texts);
  world.account("acme");
  CHECK(world.standing("acme") == "waiting at rest | waiting at settle");
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at rest | completed at settle");
}

TEST_CASE("a value that is too deep to be kept holds its own token only, and goes on once it is mended") {
  AttributeInput deep = number(1);
  for (std::size_t i = 0; i < kAttributeDepth; ++i)
    deep = AttributeInput{AttributeList{deep}};
  World world(
      seeds_workspace("- id: first\n  send_email: welcome\n- id: mail\n  send_email: {template: story, with: {offer: "
                      "'[account.deep]'}}\n"));
  world.post_all({UpsertAccount{"deep", {{"deep", deep}}},
                  UpsertPerson{"dee", "deep", {{"email", text("dee@deep.example")}}},
                  UpsertAccount{"flat", {{"deep", number(1)}}},
                  UpsertPerson{"flo", "flat", {{"email", text("flo@flat.example")}}}});
  CHECK(world.standing("flat") == "completed at mail");
  CHECK(world.standing("deep") == "held at first");
  REQUIRE(world.notes("deep").size() == 1);
  CHECK(world.notes("deep").front().text.starts_with("internal error: "));
  CHECK(world.counter_differences() == std::vector<std::string>{});
  world.account("deep", {{"deep", number(2)}});
  world.advance(1h);
  CHECK(world.trail("deep") == "first mail");
  CHECK(world.mails("deep") == std::vector<std::string>{"welcome to dee@deep.example", "story to dee@deep.example"});
  CHECK(world.counter_differences() == std::vector<std::string>{});
}
