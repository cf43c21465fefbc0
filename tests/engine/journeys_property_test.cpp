// Journeys nobody thought of: small ones are made up, with splits in splits, waits, mails, groups and jumps, and run
// with a few accounts. Whatever they are, every account ends once or stands where it waits, its visits are a way
// through the graph, and the counters are what the rows say.

#include <rapidcheck.h>

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// Writes the nodes of a journey as YAML, from numbers that RapidCheck makes up and makes smaller.
class Author {
 public:
  explicit Author(std::vector<std::uint8_t> choices) : choices_(std::move(choices)) {}

  std::string journey() {
    std::string nodes = list(0, 1 + choose(4));
    return nodes;
  }

 private:
  std::size_t choose(std::size_t ways) {
    const std::uint8_t choice = next_ < choices_.size() ? choices_[next_++] : 0;
    return choice % ways;
  }

  std::string list(std::size_t depth, std::size_t count) {
    std::string nodes;
    for (std::size_t i = 0; i < count && made_ < 20; ++i)
      nodes += node(depth);
    return nodes;
  }

  std::string node(std::size_t depth) {
    const std::string id = "n" + std::to_string(++made_);
    const std::string head = "- id: " + id + "\n";
    switch (choose(depth < 2 ? 8 : 6)) {
      case 0: return head + "  wait: " + std::to_string(1 + choose(3)) + "d\n";
      case 1: return head + "  send_email: story\n";
      case 2: return head + "  send_email: {template: welcome, to: person.lead}\n";
      case 3: return head + "  assign_to_buying_group: ai-driven-seeds\n";
      case 4:
        return head + "  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user, who: person.lead}\n";
      case 5: return head + "  notify_sales: ai-driven-seeds\n";
      default: return head + split(depth);
    }
  }

  std::string split(std::size_t depth) {
    constexpr std::array conditions = {"account.employees >= 1000", "account.industry == 'technology'",
                                       "people.size() > 1",         "has_group('ai-driven-seeds')",
                                       "account.unknown",           "account.employees < 50"};
    const std::size_t paths = 1 + choose(3);
    std::string text = "  split:\n";
    for (std::size_t i = 0; i < paths; ++i) {
      const bool is_open = i + 1 == paths && choose(2) == 0;
      text += "    - path: p" + std::to_string(i) + "\n";
      if (!is_open) text += "      when: " + std::string(conditions[choose(conditions.size())]) + "\n";
      switch (choose(4)) {
        case 0: text += "      nodes: []\n"; break;
        case 1: text += "      next: end\n"; break;
        default: {
          const std::string nodes = list(depth + 1, 1 + choose(3));
          text += nodes.empty() ? "      nodes: []\n" : "      nodes:\n" + indented(nodes, 8);
        }
      }
    }
    return text;
  }

  std::vector<std::uint8_t> choices_;
  std::size_t next_ = 0;
  std::size_t made_ = 0;
};

/// Accounts and people from two numbers each: what they are, and how many people with which titles.
std::vector<Input> inputs_of(const std::vector<std::pair<std::uint8_t, std::uint8_t>>& accounts) {
  constexpr std::array industries = {"technology", "agriculture", "mining"};
  constexpr std::array titles = {"VP", "Agronomist", "Clerk"};
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto [what, people] = accounts[i];
    const std::string key = "account-" + std::to_string(i);
    AttributeMap attributes = {{"industry", text(industries[what % 3U])}};
    if (what % 4U != 0) attributes.emplace_back("employees", number(what * 20));
    if (what % 5U != 0) attributes.emplace_back("owner_email", text("owner@example.com"));
    inputs.push_back(UpsertAccount{key, std::move(attributes)});
    for (unsigned person = 0; person < people % 4U; ++person) {
      AttributeMap of_person = {{"title", text(titles[(what + person) % 3U])}};
      if ((people + person) % 5U != 0) of_person.emplace_back("email", text("p@" + key + ".example"));
      if ((people + person) % 3U != 0) of_person.emplace_back("lead", AttributeInput{person % 2 == 0});
      inputs.push_back(UpsertPerson{key + "-" + std::to_string(person), key, std::move(of_person)});
    }
  }
  return inputs;
}

/// Where a visit may lead: the node that follows, or nothing for the end.
std::optional<NodeIndex> follows(const CompiledJourney& journey, const VisitRecord& visit) {
  const CompiledNode& node = journey.node(visit.node);
  const NodeIndex next = visit.path == kNoPath ? node.next : node.paths.at(static_cast<std::size_t>(visit.path)).target;
  return next == kNoNode ? std::nullopt : std::optional(next);
}

/// What is wrong with the visits of a token; nothing when they are a way through the graph to where it stands.
std::string fault_of(World& world, const TokenRecord& token) {
  const CompiledJourney& journey = world.journey(token.version).journey;
  std::vector<VisitRecord> visits;
  for (const RunRecord& run : world.runs(token.id)) {
    if (run.first_visit != visits.size()) return "a run begins at the wrong visit";
    visits.insert(visits.end(), run.visits.begin(), run.visits.end());
  }
  if (visits.empty() || visits.size() != token.visits) return "the token counts other visits";
  if (visits.front().node != NodeIndex{0}) return "it does not begin at the first node";
  for (std::size_t i = 0; i + 1 < visits.size(); ++i) {
    if (follows(journey, visits[i]) != visits[i + 1].node) return "visit " + std::to_string(i + 1) + " is no neighbour";
  }
  const VisitRecord& last = visits.back();
  if (token.node != last.node) return "it stands elsewhere";
  const bool left =
      last.outcome == VisitOutcome::nobody && last.path == kNoPath && !journey.node(last.node).paths.empty();
  switch (token.state) {
    case TokenState::completed: return follows(journey, last) || left ? "it ended too early" : "";
    case TokenState::left: return left ? "" : "it left without a reason";
    case TokenState::waiting: return last.outcome == VisitOutcome::stopped && token.due_at ? "" : "it waits at no wait";
    default: return "it is " + std::string(to_text(token.state));
  }
}

void check_all(World& world, std::size_t accounts, bool is_over) {
  for (std::size_t i = 0; i < accounts; ++i) {
    const std::vector<TokenRecord> tokens = world.tokens("account-" + std::to_string(i));
    RC_ASSERT(tokens.size() == 1U);
    RC_ASSERT(fault_of(world, tokens.front()) == "");
    RC_ASSERT(!is_over || is_final(tokens.front().state));
    RC_ASSERT(is_final(tokens.front().state) == tokens.front().ended_at.has_value());
  }
  RC_ASSERT(world.counter_differences() == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("in any journey every account ends once or waits, on a way through the graph that the counters agree with") {
  const bool holds = rc::check(
      [](const std::vector<std::uint8_t>& choices, const std::vector<std::pair<std::uint8_t, std::uint8_t>>& accounts) {
        const std::string nodes = Author(choices).journey();
        RC_LOG() << nodes;
        const SourceTexts texts = seeds_workspace(nodes);
        const std::vector<std::string> faults = faults_of(texts);
        RC_LOG() << (faults.empty() ? "" : faults.front()) << "\n";
        RC_PRE(faults.empty());  // a node that nothing leads to
        World world(texts, {.turns_per_batch = 1 + choices.size() % 5});
        world.post_all(inputs_of(accounts));
        check_all(world, accounts.size(), false);
        world.advance(30h);
        check_all(world, accounts.size(), false);
        world.restart();
        world.run_out();
        check_all(world, accounts.size(), true);
      });
  CHECK(holds);
}

TEST_CASE("in any journey it makes no difference how many turns share a commit, and whether the engine is cut off") {
  const bool holds =
      rc::check([](const std::vector<std::uint8_t>& choices,
                   const std::vector<std::pair<std::uint8_t, std::uint8_t>>& accounts, std::uint8_t batches) {
        const SourceTexts texts = seeds_workspace(Author(choices).journey());
        RC_PRE(faults_of(texts).empty());
        World steady(texts);
        steady.post_all(inputs_of(accounts));
        steady.run_out();
        World dropped(texts, {.turns_per_batch = 2});
        dropped.post_all(inputs_of(accounts));
        while (const std::optional<Instant> due = dropped.next_due()) {
          if (*due > dropped.now()) dropped.advance_clock(*due - dropped.now());
          dropped.drop_after(1 + batches % 3U);
        }
        dropped.run();
        RC_ASSERT(dropped.portrait() == steady.portrait());
      });
  CHECK(holds);
}
