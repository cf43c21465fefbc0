// Journeys nobody thought of, with histories nobody thought of: whatever they are, every account ends once or stands
// where something can still come, its visits are a way through the graph, people are neither lost nor doubled where
// they part and meet, the counters are what the rows say, and it makes no difference how the work was divided over
// batches, restarts and deaths.

#include "tests/engine/made_up_journeys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::uint8_t>;

bool divides_people(const CompiledJourney& journey, NodeIndex node) {
  const auto divides = [&](const auto& self, const std::vector<NodeDefinition>& nodes) -> bool {
    return std::any_of(nodes.begin(), nodes.end(), [&](const NodeDefinition& each) {
      if (each.id == journey.node(node).id) return each.divides_people;
      return std::any_of(each.paths.begin(), each.paths.end(),
                         [&](const PathDefinition& path) { return self(self, path.nodes); });
    });
  };
  return divides(divides, journey.definition->nodes);
}

/// One token, with the journey that it is in and all that it visited.
struct Way {
  TokenRecord token;
  const CompiledJourney* journey;
  std::vector<VisitRecord> visits;

  const CompiledNode& node(const VisitRecord& visit) const { return journey->node(visit.node); }
  bool listens_at(const VisitRecord& visit) const { return !node(visit).node->hears().empty(); }
  /// A person's own line where they parted from the others.
  bool is_branch(std::size_t visit) const { return token.parent && visit == 0; }
  bool is_fork(const VisitRecord& visit) const {
    return !token.person && visit.outcome == VisitOutcome::stopped && divides_people(*journey, visit.node);
  }
  /// It left by what happened at its last visit: no path held, or a time-out that leads nowhere.
  bool left_there() const {
    if (visits.empty() || visits.back().path != kNoPath) return false;
    const VisitRecord& last = visits.back();
    const bool found_no_path = last.outcome == VisitOutcome::nobody && node(last).type->shape.type == "split";
    return found_no_path || last.outcome == VisitOutcome::timed_out;
  }
};

/// What is wrong with how the visits of a token follow each other; nothing when they are a way through the graph.
std::string fault_of_order(const Way& way) {
  if (way.visits.size() != way.token.visits) return "the token counts other visits";
  if (way.visits.empty()) return way.token.node == kNoNode ? "" : "it stands at a node that it has not visited";
  if (way.token.node != way.visits.back().node) return "it stands elsewhere";
  if (!way.token.parent && way.visits.front().node != NodeIndex{0}) return "it does not begin at the first node";
  for (std::size_t i = 0; i + 1 < way.visits.size(); ++i) {
    const VisitRecord& visit = way.visits[i];
    const VisitRecord& next = way.visits[i + 1];
    const bool is_second_line = next.outcome == VisitOutcome::heard || next.outcome == VisitOutcome::timed_out;
    const bool stands = way.listens_at(visit) && visit.outcome == VisitOutcome::stopped;
    const std::string where = "visit " + std::to_string(i + 1);
    if (stands != is_second_line) return where + " is no event of a listen, or is one elsewhere";
    const NodeIndex follower = stands ? visit.node
                               : visit.path == kNoPath
                                   ? way.node(visit).next
                                   : way.node(visit).paths.at(static_cast<std::size_t>(visit.path)).target;
    if (follower != next.node) return where + " is no neighbour";
  }
  return "";
}

/// What is wrong with where a token has ended or stands; nothing when it ended once or waits for what can come.
std::string fault_of_state(const Way& way, Instant now, bool has_open_people, bool was_taken_out) {
  const TokenRecord& token = way.token;
  if (is_final(token.state) != token.ended_at.has_value()) return "it has ended without a time, or the reverse";
  if (token.due_at && *token.due_at <= now) return "its time has come and it still stands there";
  if (is_final(token.state)) {
    if (!token.memory.empty()) return "it has ended and remembers";
    if (token.state == TokenState::left) return was_taken_out || way.left_there() ? "" : "it left without a reason";
    if (token.state != TokenState::completed || way.visits.empty()) return "it failed";
    const VisitRecord& last = way.visits.back();
    const NodeIndex follower = last.path == kNoPath
                                   ? way.node(last).next
                                   : way.node(last).paths.at(static_cast<std::size_t>(last.path)).target;
    return follower != kNoNode || way.left_there() ? "it ended too early" : "";
  }
  const bool has_stopped = !way.visits.empty() && way.visits.back().outcome == VisitOutcome::stopped;
  if (!has_stopped) return "it stands where it has not stopped";
  switch (token.state) {
    case TokenState::waiting: return token.due_at ? "" : "it waits for no time";
    case TokenState::listening: return way.listens_at(way.visits.back()) ? "" : "it listens for nothing";
    case TokenState::joining: return has_open_people ? "" : "it waits for nobody";
    default: return "it is " + std::string(to_text(token.state));
  }
}

/// The people who parted at one fork, in the order of their tokens.
using Parting = std::vector<const Way*>;

/// The tokens of an enrollment's people, by the forks that they parted at.
std::vector<Parting> partings_of(const Way& enrollment, const std::vector<Way>& ways) {
  std::vector<Parting> partings;
  for (const Way& way : ways) {
    if (way.token.parent != enrollment.token.id) continue;
    const auto is_of_last = [&] {
      const Way& before = *partings.back().back();
      const bool same_node =
          way.visits.empty() || before.visits.empty() || way.visits.front().node == before.visits.front().node;
      return same_node && way.token.entered_at == before.token.entered_at && before.token.person < way.token.person;
    };
    if (partings.empty() || !is_of_last()) partings.emplace_back();
    partings.back().push_back(&way);
  }
  return partings;
}

/// What is wrong with an enrollment's people: at each fork everybody who parted has one token of their own, and the
/// enrollment has gone on only when all of them had ended. `everybody` are the account's people where they have not
/// changed: nobody is left out of a fork that has a path for each.
std::string fault_of_people(const Way& enrollment, const std::vector<Way>& ways,
                            const std::vector<PersonRecord>* everybody) {
  const std::vector<Parting> partings = partings_of(enrollment, ways);
  std::vector<NodeIndex> forks;
  for (const VisitRecord& visit : enrollment.visits) {
    if (enrollment.is_fork(visit)) forks.push_back(visit.node);
  }
  if (partings.size() != forks.size()) return "people have parted more often, or less, than their account has forked";
  for (std::size_t i = 0; i < forks.size(); ++i) {
    const bool is_open = i + 1 == forks.size() && enrollment.token.state == TokenState::joining;
    for (const Way* way : partings[i]) {
      if (!is_open && !is_final(way->token.state)) return "the account went on without somebody";
      if (!is_open && *way->token.ended_at > enrollment.token.ended_at.value_or(Instant::max()))
        return "somebody went on after their account had ended";
      if (!way->visits.empty() && (way->visits.front().node != forks[i] || way->visits.front().path == kNoPath))
        return "somebody parted elsewhere, or on no path";
    }
    const CompiledNode& fork = enrollment.journey->node(forks[i]);
    if (everybody && fork.type->shape.type == "variant_split" && partings[i].size() != everybody->size())
      return "somebody was left out of " + fork.id;
  }
  return "";
}

/// All that is wrong in a world, a line a fault.
std::vector<std::string> faults_of(World& world, bool people_are_the_same) {
  std::vector<std::string> faults = world.counter_differences();
  for (const AccountRecord& account : world.accounts()) {
    std::vector<Way> ways;
    for (const TokenRecord& token : world.tokens(account.key)) {
      Way way{token, &world.journey(token.version).journey, {}};
      for (const RunRecord& run : world.runs(token.id)) {
        if (run.first_visit != way.visits.size()) faults.push_back("a run begins at the wrong visit");
        way.visits.insert(way.visits.end(), run.visits.begin(), run.visits.end());
      }
      ways.push_back(std::move(way));
    }
    std::set<TokenId> taken_out;
    for (const NoteRecord& note : world.notes(account.key)) {
      if (note.kind == NoteKind::taken_out) taken_out.insert(note.token);
      if (note.kind == NoteKind::failure) faults.push_back(account.key + ": " + note.text);
    }
    const std::vector<PersonRecord> people = world.people(account.key);
    std::map<std::tuple<std::string, PersonId>, std::uint32_t> entries;
    for (const Way& way : ways) {
      const TokenRecord& token = way.token;
      const auto tell = [&](const std::string& fault) {
        if (!fault.empty()) faults.push_back(account.key + ", " + world.trail(token) + ": " + fault);
      };
      const bool has_open_people = std::any_of(ways.begin(), ways.end(), [&](const Way& each) {
        return each.token.parent == token.id && !is_final(each.token.state);
      });
      tell(fault_of_order(way));
      tell(fault_of_state(way, world.now(), has_open_people,
                          taken_out.contains(token.id) || taken_out.contains(token.parent)));
      if (token.parent) continue;
      tell(fault_of_people(way, ways, people_are_the_same ? &people : nullptr));
      // An account, or a person, is in a journey once at a time; entries are numbered from 1.
      const auto [entry, is_first] = entries.try_emplace({way.journey->name, token.person}, 1);
      if (!is_first) ++entry->second;
      if (entry->second != token.entry) tell("its entries are counted wrong");
      for (const Way& other : ways) {
        const bool is_earlier = !other.token.parent && other.token.person == token.person &&
                                other.journey->name == way.journey->name && other.token.entry < token.entry;
        if (is_earlier && (!other.token.ended_at || *other.token.ended_at > token.entered_at))
          tell("it entered again before it had ended");
      }
    }
  }
  return faults;
}

void check_all(World& world, bool people_are_the_same) {
  const std::vector<std::string> faults = faults_of(world, people_are_the_same);
  for (const std::string& fault : faults)
    RC_LOG() << fault << "\n";
  RC_ASSERT(faults.empty());
}

/// The texts of a made-up workspace, in the log should it fail. A node that nothing leads to cannot be published.
SourceTexts workspace_of(const Numbers& numbers) {
  SourceTexts texts = made_up_workspace(numbers);
  RC_LOG() << texts.at("journeys/seeds.yaml");
  const std::vector<std::string> faults = caravan::test::faults_of(texts);
  RC_LOG() << (faults.empty() ? "" : faults.front()) << "\n";
  RC_PRE(faults.empty());
  return texts;
}

void pass(World& world, const MadeUpStep& step) {
  if (step.unseen) {
    world.advance_clock(step.passes);
  } else {
    world.advance(step.passes);
  }
}

}  // namespace

TEST_CASE(
    "in any journey everybody ends once or waits for what can come, on a way through the graph, and nobody is lost") {
  CHECK(holds_in(60, [](const Numbers& journey, const Numbers& beginning, const Numbers& history) {
    const SourceTexts texts = workspace_of(journey);
    World world(texts, {.turns_per_batch = 1 + journey.size() % 5});
    world.post_all(made_up_beginning(beginning));
    check_all(world, true);
    for (const MadeUpStep& step : made_up_history(history, world.now(), 6)) {
      pass(world, step);
      for (const Input& input : step.inputs)
        world.post(input);
      check_all(world, false);
    }
    world.run_out();
    check_all(world, false);
    RC_ASSERT(world.next_due() == std::nullopt);
  }));
}

TEST_CASE("in any journey people who stay are all together behind each fork, as many as before it") {
  CHECK(holds_in(60, [](const Numbers& journey, const Numbers& beginning) {
    const SourceTexts texts = workspace_of(journey);
    World world(texts);
    world.post_all(made_up_beginning(beginning));
    world.account_event("demo.asked", "account-0", {{"kind", text("call")}});
    world.event("demo.asked", "person-1", {{"kind", text("call")}});
    for (const auto passes : {0h, 20h, 60h, 24h * 365}) {
      world.advance(passes);
      check_all(world, true);
    }
  }));
}

TEST_CASE("in any history it makes no difference whether inputs and due tokens share one batch or none") {
  CHECK(holds_in(25, [](const Numbers& journey, const Numbers& beginning, const Numbers& history) {
    const SourceTexts texts = workspace_of(journey);
    const std::vector<MadeUpStep> steps = made_up_history(history, kMonday, 5);
    const auto live = [&](std::size_t turns) {
      World world(texts, {.turns_per_batch = turns});
      std::string told;
      const auto post = [&](const std::vector<Input>& inputs) {
        for (const InputResult& result : world.post_all(inputs))
          told += result.refused + (result.duplicate ? "duplicate" : "") + "\n";
      };
      post(made_up_beginning(beginning));
      for (const MadeUpStep& step : steps) {
        pass(world, step);
        // What is posted before the engine begins is there all at once.
        world.stop_with({.turns_per_batch = turns});
        post(step.inputs);
      }
      world.run_out();
      return told + world.portrait();
    };
    const std::string together = live(4'096);
    RC_ASSERT(live(7) == together);
    RC_ASSERT(live(1) == together);
  }));
}

TEST_CASE("in any history restarts and deaths between two commits make no difference") {
  CHECK(
      holds_in(25, [](const Numbers& journey, const Numbers& beginning, const Numbers& history, std::uint8_t batches) {
        const SourceTexts texts = workspace_of(journey);
        const std::vector<MadeUpStep> steps = made_up_history(history, kMonday, 5);
        const auto live = [&](std::size_t turns, const auto& between) {
          World world(texts, {.turns_per_batch = turns});
          world.post_all(made_up_beginning(beginning));
          for (const MadeUpStep& step : steps) {
            if (step.unseen) {
              world.advance_clock(step.passes);
              between(world);
            } else {
              const Instant until = world.now() + step.passes;
              world.run();
              for (auto due = world.next_due(); due && *due <= until; due = world.next_due()) {
                if (*due > world.now()) world.advance_clock(*due - world.now());
                between(world);
              }
              world.advance(until - world.now());
            }
            for (const Input& input : step.inputs) {
              world.post(input);
              between(world);
            }
          }
          world.run_out();
          return world.portrait();
        };
        const std::string steady = live(4'096, [](World& world) { world.run(); });
        RC_ASSERT(live(7, [](World& world) { world.restart(); }) == steady);
        RC_ASSERT(live(2, [&](World& world) {
                    world.drop_after(1 + batches % 2U);
                    world.run();
                  }) == steady);
      }));
}
