// What nobody can reach is proved from the conditions alone, and only that.

#include "engine/harness/explore_proof.hpp"

#include "tests/engine/harness/explored.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

using Lines = std::vector<std::string>;

/// Everything of the journey that is proved to be out of reach, with the reason; of conditions only where asked for.
Lines proved(const Explored& explored, bool with_conditions = false) {
  const exploring::Proofs proofs(*explored.workspace, explored.journey());
  Lines lines;
  for (const CoverCount& count : Coverage(*explored.workspace).counts()) {
    if (count.point.kind == CoverPoint::Kind::condition && !with_conditions) continue;
    if (const auto why = proofs.why_not(count.point)) lines.push_back(to_text(count.point) + ": " + *why);
  }
  return lines;
}

/// Paths by their names, `p1: condition`; an empty condition is everyone else. Each holds a mail of its name.
Lines proved_of_split(const std::vector<std::pair<std::string, std::string>>& paths, bool with_conditions = false) {
  std::string nodes = "- id: sort\n  split:\n";
  for (const auto& [name, condition] : paths) {
    nodes += "    - path: " + name + "\n";
    if (!condition.empty()) nodes += "      when: '" + condition + "'\n";
    nodes += "      nodes: []\n";
  }
  return proved(Explored(seeds_workspace(nodes)), with_conditions);
}

}  // namespace

TEST_CASE("a path whose accounts all take an earlier one is proved to be taken by nobody") {
  CHECK(
      proved_of_split({{"large", "account.employees >= 1000"}, {"giant", "account.employees >= 5000"}, {"rest", ""}}) ==
      Lines{"sort/giant: every account that fits it takes the path \"large\" before"});
  CHECK(proved_of_split({{"small", "account.employees < 10"},
                         {"other", "account.employees >= 10"},
                         {"ten", "account.employees == 10"},
                         {"rest", ""}}) ==
        Lines{"sort/ten: every account that fits it takes the path \"other\" before"});
}

TEST_CASE("all earlier paths that take a path's accounts are named") {
  CHECK(proved_of_split({{"low", "account.score <= 50"},
                         {"high", "account.score > 49.5"},
                         {"some", "account.score in [1, 99]"},
                         {"rest", ""}}) ==
        Lines{"sort/some: every account that fits it takes the path \"low\" or \"high\" before"});
}

TEST_CASE("where a value just beside a boundary gets through, nothing is proved") {
  CHECK(proved_of_split({{"large", "account.employees > 1000"}, {"edge", "account.employees >= 1000"}, {"rest", ""}}) ==
        Lines{});
  CHECK(proved_of_split({{"between", "account.share > 1 && account.share < 2"}, {"rest", ""}}) == Lines{});
  CHECK(
      proved_of_split(
          {{"a", R"(account.name < "m")"}, {"b", R"(account.name > "m")"}, {"m", "has(account.name)"}, {"rest", ""}}) ==
      Lines{});
}

TEST_CASE("a condition that no value meets is proved, by several attributes too") {
  CHECK(proved_of_split({{"both", R"(account.industry == "technology" && account.industry == "agriculture")"},
                         {"rest", ""}}) == Lines{"sort/both: its condition holds for no account"});
  CHECK(proved_of_split({{"a", R"(account.industry == "technology")"},
                         {"b", "account.employees > 10"},
                         {"c", R"(account.industry == "technology" || account.employees > 20)"},
                         {"rest", ""}}) ==
        Lines{"sort/c: every account that fits it takes the path \"a\" or \"b\" before"});
}

TEST_CASE("an account without the attribute fits neither a condition nor its opposite, and goes on") {
  CHECK(proved_of_split({{"yes", "account.employees > 10"}, {"no", "!(account.employees > 10)"}}) == Lines{});
  CHECK(proved_of_split({{"yes", "has(account.employees)"}, {"no", "!has(account.employees)"}}) ==
        Lines{"sort/no path: every account fits one of its paths"});
  CHECK(proved_of_split(
            {{"few", "account.?employees.orValue(0) < 10"}, {"none", "!has(account.employees)"}, {"rest", ""}}) ==
        Lines{"sort/none: every account that fits it takes the path \"few\" before"});
}

TEST_CASE("what cannot be looked into may come to anything, but the same words to the same") {
  CHECK(proved_of_split({{"ready", R"(group("ai-driven-seeds").completeness >= 80)"},
                         {"full", R"(group("ai-driven-seeds").completeness >= 100)"},
                         {"rest", ""}}) == Lines{});
  CHECK(proved_of_split({{"farm", R"(account.name.contains("Farm"))"},
                         {"big", R"(account.employees > 10 && account.name.contains("Farm"))"},
                         {"rest", ""}}) ==
        Lines{"sort/big: every account that fits it takes the path \"farm\" before"});
}

TEST_CASE("behind a path that takes everybody nobody is left") {
  CHECK(proved_of_split({{"all", "true"}, {"some", "account.employees > 10"}, {"rest", ""}}) ==
        Lines{"sort/some: every account that fits it takes the path \"all\" before",
              "sort/rest: every account takes the path \"all\" before"});
}

TEST_CASE("whoever has just taken a path fits it: a split right behind it is judged by that") {
  const Explored explored(
      seeds_workspace("- id: size\n  split:\n"
                      "    - path: large\n      when: account.employees >= 1000\n      nodes:\n"
                      "        - id: again\n          split:\n"
                      "            - path: tiny\n              when: account.employees < 10\n              nodes: []\n"
                      "            - path: rest\n              nodes: []\n"
                      "    - path: others\n      nodes: []\n"));
  CHECK(proved(explored) == Lines{"again/tiny: its condition holds for no account that comes here by size/large"});
}

TEST_CASE("a wait between two splits lets the account become another, and nothing is proved") {
  const Explored explored(
      seeds_workspace("- id: size\n  split:\n"
                      "    - path: large\n      when: account.employees >= 1000\n      nodes:\n"
                      "        - id: settle\n          wait: 3d\n"
                      "        - id: again\n          split:\n"
                      "            - path: tiny\n              when: account.employees < 10\n              nodes: []\n"
                      "            - path: rest\n              nodes: []\n"
                      "    - path: others\n      nodes: []\n"));
  CHECK(proved(explored) == Lines{});
}

TEST_CASE("nodes that only such paths lead to, and all that stands at them, are proved as well") {
  const Explored explored(
      seeds_workspace("- id: size\n  split:\n"
                      "    - path: large\n      when: account.employees >= 1000\n      nodes: []\n"
                      "    - path: giant\n      when: account.employees >= 5000\n      nodes:\n"
                      "        - id: hear\n          listen: {event: form.submitted, timeout: 3d}\n"
                      "        - id: thank\n          send_email: story\n"
                      "    - path: others\n      nodes: []\n"
                      "- id: bye\n  send_email: farewell\n"));
  CHECK(proved(explored) == Lines{"size/giant: every account that fits it takes the path \"large\" before",
                                  "hear: only \"size/giant\" leads here, where nobody can go",
                                  "hear/heard: nobody can come to the node hear",
                                  "hear times out: nobody can come to the node hear",
                                  "thank: only \"hear\" leads here, where nobody can go"});
}

TEST_CASE("outcomes of conditions and of their parts that no value brings are proved") {
  CHECK(proved_of_split({{"farm", R"(account.industry == "agriculture")"},
                         {"other", R"(account.industry != "agriculture" && account.employees > 10)"},
                         {"rest", ""}},
                        true) ==
        Lines{R"(account.industry != "agriculture" is false: it is false for nobody who is asked)"});
}

TEST_CASE("a number may be none that compares with anything, so that neither more nor less leaves something open") {
  CHECK(proved_of_split({{"more", "account.share >= 10"},
                         {"less", "account.share < 10"},
                         {"none", "account.share != 10"},
                         {"rest", ""}}) == Lines{});
}

TEST_CASE("people's conditions are proved in their words") {
  const Explored explored(
      seeds_workspace("- id: role\n  split_people:\n"
                      "    - path: chiefs\n      when: person.level > 5\n      nodes: []\n"
                      "    - path: leaders\n      when: person.level == 7\n      nodes: []\n"
                      "    - path: others\n      nodes: []\n"));
  CHECK(proved(explored) == Lines{"role/leaders: every person that fits it takes the path \"chiefs\" before"});
}

TEST_CASE("with more combinations than can be gone through nothing is proved") {
  std::string many = "account.a0 == 1";
  for (int i = 1; i < 20; ++i)
    many += " || account.a" + std::to_string(i) + " == 1";
  CHECK(proved_of_split({{"any", many}, {"again", "account.a0 == 1"}, {"rest", ""}}) == Lines{});
}
