// Moving accounts under way to another version: who stands where afterwards, and what is refused or warned of.

#include "engine/publication_plan.hpp"

#include "nodes/listen_memory.hpp"
#include "tests/engine/compiled_pair.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

using Lines = std::vector<std::string>;

/// `a stands at a`, `b leaves (is gone)`: a line a node of the older version.
Lines moves(const CompiledVersion& from, const CompiledVersion& to, std::string_view gone = {}) {
  const MovePlan plan = plan_move(from.journey, to.journey, gone);
  Lines lines;
  for (std::size_t node = 0; node < plan.nodes.size(); ++node) {
    const NodeMove& move = plan.nodes[node];
    constexpr std::array words = {"stands at", "visits", "leaves", "stays", "is refused"};
    std::string line = from.journey.nodes[node].id + " " + words.at(static_cast<std::size_t>(move.kind));
    if (move.to != kNoNode) line += " " + to.journey.node(move.to).id;
    if (move.forgets) line += ", forgets";
    if (move.keeps_time) line += ", keeps its time";
    if (move.kind != NodeMove::Kind::stand) line += " (" + move.reason + ")";
    lines.push_back(std::move(line));
  }
  return lines;
}

Lines moves(std::string_view from, std::string_view to, std::string_view gone = {}) {
  return moves(CompiledVersion(from), CompiledVersion(to), gone);
}

constexpr std::string_view kThree = "- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n- {id: c, wait: 1d}\n";
constexpr std::string_view kWithoutB = "- {id: c, wait: 1d}\n- {id: a, wait: 1d}\n";

constexpr std::string_view kPeople = R"(- id: each
  split_people:
    - path: all
      nodes:
        - {id: ask, wait: 1d}
        - {id: tell, wait: 1d}
- {id: last, wait: 1d}
)";

/// A token of an enrollment: its id, its parent's (0: none) and where it stands.
TokenRecord token_at(const CompiledVersion& version, std::int64_t id, std::int64_t parent, std::string_view node) {
  TokenRecord token;
  token.id = TokenId{id};
  token.parent = TokenId{parent};
  token.node = version.node(node);
  return token;
}

/// What becomes of the tokens, in a word each.
Lines together(const MovePlan& plan, const std::vector<TokenRecord>& tokens) {
  constexpr std::array words = {"stand", "visit", "leave", "stay", "refuse"};
  Lines lines;
  for (const NodeMove& move : moves_of(plan, tokens))
    lines.emplace_back(words.at(static_cast<std::size_t>(move.kind)));
  return lines;
}

}  // namespace

TEST_CASE("a node of the same id and type is the same one, wherever it stands now") {
  CHECK(moves(kThree, "- {id: c, wait: 1d}\n- {id: new, wait: 1d}\n- {id: a, wait: 1d}\n- {id: b, wait: 1d}\n") ==
        Lines{"a stands at a", "b stands at b", "c stands at c"});
  CHECK(moves(kThree, R"(- id: s
  split:
    - {path: x, when: "true", nodes: [{id: a, wait: 1d}]}
    - {path: y, nodes: [{id: b, wait: 1d}]}
- {id: c, wait: 1d}
)") == Lines{"a stands at a", "b stands at b", "c stands at c"});
}

TEST_CASE("what becomes of a node that is gone is what the rule says") {
  CHECK(moves(kThree, kWithoutB) == Lines{"a stands at a", "b is refused (is gone)", "c stands at c"});
  CHECK(moves(kThree, kWithoutB, "leave").at(1) == "b leaves (is gone)");
  CHECK(moves(kThree, kWithoutB, "stay").at(1) == "b stays (is gone)");
  CHECK(moves(kThree, kWithoutB, "c").at(1) == "b visits c (is gone)");
}

TEST_CASE("another type under the same id is another node") {
  CHECK(moves(kThree, "- {id: a, wait: 1d}\n- {id: b, listen: page.viewed}\n- {id: c, wait: 1d}\n").at(1) ==
        "b is refused (is a listen now, and was a wait)");
}

TEST_CASE("a rule that names no node is a fault, with what was meant") {
  const CompiledVersion from(kThree);
  const CompiledVersion to("- {id: settle, wait: 1d}\n");
  const MovePlan plan = plan_move(from.journey, to.journey, "setle");
  CHECK(plan.fault ==
        "the new version has no node `setle`, and the rule is neither leave nor stay; "
        "did you mean \"settle\"?");
  CHECK(refusals(plan, from.journey, from.counts({{"a", 1}})) ==
        Lines{plan.fault, "1 account stands at `a`, which is gone"});
  // It may be meant for another journey: nobody here needs it.
  CHECK(refusals(plan, from.journey, from.counts({})) == Lines{});
}

TEST_CASE("a move is refused only for nodes at which somebody stands") {
  const CompiledVersion from(kThree);
  const CompiledVersion to("- {id: new, wait: 1d}\n");
  const MovePlan plan = plan_move(from.journey, to.journey, "");
  CHECK(refusals(plan, from.journey, from.counts({})) == Lines{});
  CHECK(refusal(plan, from.journey, from.counts({})).empty());
  CHECK(refusals(plan, from.journey, from.counts({{"a", 3}, {"c", 1}})) ==
        Lines{"3 accounts stand at `a`, which is gone", "1 account stands at `c`, which is gone"});
  CHECK(refusal(plan, from.journey, from.counts({{"c", 1}})) ==
        "1 account stands at `c`, which is gone: say what becomes of those whose node is gone: leave, stay, or the "
        "node they go on at");
  CHECK(refusals(plan_move(from.journey, to.journey, "new"), from.journey, from.counts({{"a", 3}})) == Lines{});
}

TEST_CASE("people stand at the nodes of a people split, and are moved inside of the same split only") {
  CHECK(moves(kPeople, kPeople) ==
        Lines{"each stands at each", "ask stands at ask", "tell stands at tell", "last stands at last"});
  const std::string_view outside = R"(- id: each
  split_people: [{path: all, nodes: [{id: tell, wait: 1d}]}]
- {id: ask, wait: 1d}
- {id: last, wait: 1d}
)";
  CHECK(moves(kPeople, outside).at(1) == "ask is refused (no longer stands inside of the people split `each`)");
  CHECK(moves(outside, kPeople).at(2) == "ask is refused (stands inside of the people split `each` now)");
  CHECK(moves(kPeople, outside, "tell").at(1) ==
        "ask visits tell (no longer stands inside of the people split `each`)");
  CHECK(moves(kPeople, outside, "last").at(1) ==
        "ask is refused (no longer stands inside of the people split `each`, and `last` does not stand inside of the "
        "people split `each`)");
  CHECK(moves(outside, kPeople, "tell").at(2) ==
        "ask is refused (stands inside of the people split `each` now, and `tell` stands inside of the people split "
        "`each`, where no account goes)");
  const CompiledVersion from(kPeople);
  CHECK(refusals(plan_move(from.journey, CompiledVersion(outside).journey, ""), from.journey,
                 from.counts({{"each", 1}, {"ask", 2}})) ==
        Lines{"2 people stand at `ask`, which no longer stands inside of the people split `each`"});
}

TEST_CASE("where a people split is gone, its people go with their account") {
  const std::string_view without = "- {id: ask, wait: 1d}\n- {id: tell, wait: 1d}\n- {id: last, wait: 1d}\n";
  const CompiledVersion from(kPeople);
  const CompiledVersion to(without);
  CHECK(refusals(plan_move(from.journey, to.journey, ""), from.journey, from.counts({{"each", 1}, {"ask", 2}})) ==
        Lines{"1 account stands at `each`, which is gone"});
  CHECK(moves(kPeople, without, "last").at(0) == "each visits last (is gone)");
  CHECK(moves(kPeople, without, "last").at(1) == "ask leaves (no longer stands inside of the people split `each`)");
  CHECK(moves(kPeople, without, "stay").at(1) == "ask stays (no longer stands inside of the people split `each`)");
}

TEST_CASE("a variant split that no longer sends each person alone is another node to those who wait there") {
  const std::string_view people =
      "- {id: v, variant_split: {by: people, paths: [{path: x, percent: 50, nodes: []}, {path: y, percent: 50, nodes: "
      "[]}]}}\n";
  const std::string_view accounts =
      "- {id: v, variant_split: [{path: x, percent: 50, nodes: []}, {path: y, percent: 50, nodes: []}]}\n";
  CHECK(moves(people, accounts).at(0) == "v is refused (no longer sends each person along a path of their own)");
  CHECK(moves(accounts, people).at(0) == "v is refused (sends each person along a path of their own now)");
}

TEST_CASE("a split that stands inside of a people split divides nobody, and may go") {
  const std::string_view nested = R"(- id: each
  split_people:
    - path: all
      nodes:
        - id: inner
          split_people: [{path: some, nodes: [{id: ask, wait: 1d}]}]
)";
  const std::string_view flat = "- {id: each, split_people: [{path: all, nodes: [{id: ask, wait: 1d}]}]}\n";
  CHECK(moves(nested, flat).at(2) == "ask stands at ask");
}

TEST_CASE("an enrollment moves whole: where one of its tokens stays, all do") {
  const CompiledVersion from(kPeople);
  const CompiledVersion to(R"(- id: each
  split_people: [{path: all, nodes: [{id: tell, wait: 1d}]}]
- {id: last, wait: 1d}
)");
  const std::vector<TokenRecord> tokens = {token_at(from, 1, 0, "each"), token_at(from, 2, 1, "ask"),
                                           token_at(from, 3, 1, "tell")};
  CHECK(together(plan_move(from.journey, to.journey, "stay"), tokens) == Lines{"stay", "stay", "stay"});
  CHECK(together(plan_move(from.journey, to.journey, ""), tokens) == Lines{"stay", "stay", "stay"});
  CHECK(together(plan_move(from.journey, to.journey, "leave"), tokens) == Lines{"stand", "leave", "stand"});
  CHECK(together(plan_move(from.journey, to.journey, "tell"), tokens) == Lines{"stand", "visit", "stand"});
  CHECK(together(plan_move(from.journey, to.journey, ""), {tokens[0], tokens[2]}) == Lines{"stand", "stand"});
}

TEST_CASE("people whose account goes on elsewhere are at the end of their ways") {
  const CompiledVersion from(kPeople);
  const CompiledVersion to("- {id: last, wait: 1d}\n");
  const std::vector<TokenRecord> tokens = {token_at(from, 2, 1, "ask"), token_at(from, 1, 0, "each")};
  CHECK(together(plan_move(from.journey, to.journey, "last"), tokens) == Lines{"leave", "visit"});
  CHECK(together(plan_move(from.journey, to.journey, "leave"), tokens) == Lines{"leave", "leave"});
}

TEST_CASE("a token that has not come to a node yet stands nowhere and moves as it is") {
  const CompiledVersion from(kThree);
  const MovePlan plan = plan_move(from.journey, CompiledVersion(kWithoutB).journey, "");
  TokenRecord token;
  CHECK(together(plan, {token}) == Lines{"stand"});
}

TEST_CASE("a journey for others than before takes nobody along") {
  const std::string nodes = "nodes:\n  - {id: a, wait: 1d}\n";
  const CompiledVersion accounts(workspace_with("journey: seeds\n" + nodes));
  const CompiledVersion people(workspace_with("journey: seeds\nfor: person\n" + nodes));
  CHECK(moves(accounts, people).at(0) == "a is refused (is of a journey for accounts, which is for people now)");
  CHECK(moves(people, accounts, "a").at(0) ==
        "a is refused (is of a journey for people, which is for accounts now, and nobody can go on in it)");
  CHECK(moves(people, accounts, "leave").at(0) == "a leaves (is of a journey for people, which is for accounts now)");
  CHECK(refusals(plan_move(people.journey, accounts.journey, ""), people.journey, people.counts({{"a", 2}})).at(0) ==
        "2 people stand at `a`, which is of a journey for people, which is for accounts now");
}

TEST_CASE("a listen that counts forgets when it listens for something else, and only then") {
  const auto listen = [](const std::string& any_of) { return "- {id: a, listen: {any_of: [" + any_of + "]}}\n"; };
  const std::string counted = "{event: page.viewed, at_least: 3}";
  CHECK(moves(listen(counted), listen("{event: page.viewed, at_least: 5}")).at(0) == "a stands at a");
  CHECK(moves(listen(counted), listen(counted + ", {event: form.submitted}")).at(0) == "a stands at a, forgets");
  CHECK(moves(listen(counted), listen("{event: form.submitted, at_least: 3}")).at(0) == "a stands at a, forgets");
  CHECK(moves(listen("{event: page.viewed}"), listen("{event: form.submitted}")).at(0) == "a stands at a");
  CHECK(moves("- {id: a, listen: {event: page.viewed, at_least: 3}}\n",
              "- {id: a, listen: {event: page.viewed, at_least: 3, by: same_person}}\n")
            .at(0) == "a stands at a, forgets");
  CHECK(moves("- {id: a, listen: {event: page.viewed, at_least: 3, timeout: 14d}}\n",
              "- {id: a, listen: {event: page.viewed, at_least: 3, timeout: 7d}}\n")
            .at(0) == "a stands at a, keeps its time");
}

TEST_CASE("a memory without its counts still knows since when its token listens") {
  const ListenMemory memory{kMonday, {{0, PersonId{}, 2}, {1, PersonId{7}, 1}}};
  CHECK(ListenMemory::unpack(without_counts(memory.pack())) == ListenMemory{kMonday, {}});
  CHECK(without_counts("").empty());
  CHECK_THROWS_AS(without_counts("\x80"), std::runtime_error);
}

TEST_CASE("a note of a move can be read back") {
  const MoveNote note{1, 12, 5};
  CHECK(to_text(note) == "from version 1 to version 12, after 5 visits");
  CHECK(parse_move_note(to_text(note)) == note);
  CHECK(parse_move_note("from version 1 to version 12") == std::nullopt);
  CHECK(parse_move_note("from version x to version 12, after 5 visits") == std::nullopt);
  CHECK(parse_move_note(to_text(note) + ", or so") == std::nullopt);
}

TEST_CASE("whoever moves is told what changes for those who stand there") {
  const CompiledVersion from(
      "- {id: a, wait: 1d}\n- {id: b, listen: {event: page.viewed, at_least: 3}}\n"
      "- {id: c, wait: 1d}\n- {id: d, wait: 1d}\n");
  const CompiledVersion to(
      "- {id: a, wait: 2d}\n- {id: b, listen: {event: form.submitted, at_least: 3}}\n"
      "- {id: d, wait: 1d}\n");
  const auto of = [&](std::string_view gone) {
    return warnings(plan_move(from.journey, to.journey, gone), from.journey, to.journey,
                    from.counts({{"a", 2}, {"b", 1}, {"c", 3}, {"d", 9}}));
  };
  CHECK(of("leave") ==
        Lines{"2 accounts stand at `a`, which has another time now: they keep the one they were given",
              "1 account stands at `b`, which listens for something else now: what came so far counts no more",
              "3 accounts stand at `c`, which is gone: they leave"});
  CHECK(of("d").back() == "3 accounts stand at `c`, which is gone: they go on at `d`");
  CHECK(of("stay").back() == "3 accounts stand at `c`, which is gone: they stay on their version");
  CHECK(of("").size() == 2);
}

TEST_CASE("who stands where and how many are under way is what the counters say") {
  const auto count = [](CounterKind kind, std::int64_t version, std::uint16_t slot, std::int64_t number) {
    return std::pair(CounterKey{VersionId{version}, kind, slot, kNoPath}, number);
  };
  const std::vector<std::pair<CounterKey, std::int64_t>> counters = {
      count(CounterKind::entered, 1, 0, 10),  count(CounterKind::completed, 1, 0, 4),
      count(CounterKind::left, 1, 0, 2),      count(CounterKind::failed, 1, 0, 1),
      count(CounterKind::moved_out, 1, 0, 1), count(CounterKind::moved_in, 2, 0, 1),
      count(CounterKind::standing, 1, 1, 2),  count(CounterKind::held, 1, 1, 1),
      count(CounterKind::standing, 2, 0, 1)};
  CHECK(under_way(counters, VersionId{1}) == 2);
  CHECK(under_way(counters, VersionId{2}) == 1);
  const NodeCounts counts = node_counts(counters, VersionId{1}, 2);
  CHECK(counts.standing == std::vector<std::int64_t>{0, 2});
  CHECK(counts.held == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("of the texts that changed those are told that can change the journey") {
  SourceTexts before = seeds_workspace("- {id: a, send_email: welcome}\n");
  SourceTexts after = before;
  after["emails/welcome.html"] += "<p>More.</p>\n";
  after["emails/farewell.html"] += "<p>It does not send this one.</p>\n";
  after["audiences/more.yaml"] = "audience: more\nwhen: \"true\"\n";
  after["journeys/other.yaml"] = "journey: other\nnodes: [{id: a, wait: 1d}]\n";
  after.erase("buying-groups/seeds.yaml");
  const CompiledVersion version(before);
  CHECK(changed_texts(before, after, version.journey) ==
        Lines{"audiences/more.yaml", "buying-groups/seeds.yaml", "emails/welcome.html"});
  CHECK(changed_texts(before, before, version.journey) == Lines{});
}
