// What probes see of a condition: which parts have one, and how often each came out true, false or not at all.

#include "journeys/cel/probes.hpp"

#include "tests/journeys/cel/support.hpp"

using namespace caravan::cel;
using caravan::cel::test::Host;

namespace {

/// Compiles with probes and evaluates `times`; each part as `text: true/false/failed`, in the order of their numbers.
std::vector<std::string> seen(Host& host, std::string_view source, int times = 1, std::uint32_t first = 0) {
  const auto compiled = host.compile(source, {.expected = Type::boolean(), .first_probe = first});
  REQUIRE(compiled);
  ProbeCounts counts;
  {
    const Probing probing(&counts);
    for (int i = 0; i < times; ++i)
      compiled.program->evaluate(host.bindings, host.evaluation);
  }
  std::vector<std::string> lines;
  std::uint32_t probe = first;
  for (const Condition& condition : compiled.program->conditions()) {
    const auto of = [&](ConditionOutcome outcome) { return std::to_string(counts.times(probe, outcome)); };
    lines.push_back(std::string(source.substr(condition.offset, condition.length)) + ": " + of(ConditionOutcome::yes) +
                    "/" + of(ConditionOutcome::no) + "/" + of(ConditionOutcome::failed));
    ++probe;
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a condition of one part has one probe, and counts its outcomes") {
  Host host;
  CHECK(seen(host, "account.employees >= 1000", 3) == Lines{"account.employees >= 1000: 3/0/0"});
  CHECK(seen(host, "account.employees < 1000") == Lines{"account.employees < 1000: 0/1/0"});
}

TEST_CASE("what fails is neither true nor false") {
  Host host;
  CHECK(seen(host, "account.region == 'EMEA'") == Lines{"account.region == 'EMEA': 0/0/1"});
}

TEST_CASE("every operand of && and || has a probe, the whole has the last, and what was not asked counts nothing") {
  Host host;
  CHECK(seen(host, "account.industry == 'retail' && account.employees > 9") ==
        Lines{"account.industry == 'retail': 0/1/0", "account.employees > 9: 0/0/0",
              "account.industry == 'retail' && account.employees > 9: 0/1/0"});
  CHECK(seen(host, "account.employees > 9 || account.employees > 8 || account.employees > 7", 2) ==
        Lines{"account.employees > 9: 2/0/0", "account.employees > 8: 0/0/0", "account.employees > 7: 0/0/0",
              "account.employees > 9 || account.employees > 8 || account.employees > 7: 2/0/0"});
}

TEST_CASE("what ! turns around has no probe of its own, but its parts have") {
  Host host;
  CHECK(seen(host, "!(account.employees < 5)") == Lines{"!(account.employees < 5): 1/0/0"});
  const Lines parts = seen(host, "!(account.employees < 5 && account.industry == 'x')");
  REQUIRE(parts.size() == 3);
  CHECK(parts[0] == "account.employees < 5: 0/1/0");
  CHECK(parts[2] == "!(account.employees < 5 && account.industry == 'x'): 1/0/0");
}

TEST_CASE("the condition of ?: has a probe, and what it chooses between where that is a condition") {
  Host host;
  CHECK(seen(host, "account.employees > 9 ? account.industry == 'x' : false") ==
        Lines{"account.employees > 9: 1/0/0", "account.industry == 'x': 0/1/0",
              "account.employees > 9 ? account.industry == 'x' : false: 0/1/0"});
  CHECK(seen(host, "(account.employees > 9 ? 'big' : 'small') == 'big'") ==
        Lines{"account.employees > 9: 1/0/0", "(account.employees > 9 ? 'big' : 'small') == 'big': 1/0/0"});
}

TEST_CASE("operands within a macro count for each of its turns") {
  Host host;
  const Lines lines = seen(host, "people.all(p, p.title != '' && p.title != 'x')");
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "p.title != '': 2/0/0");
  CHECK(lines[2] == "people.all(p, p.title != '' && p.title != 'x'): 1/0/0");
}

TEST_CASE("parts that are always the same have no probes, the whole has one all the same") {
  Host host;
  CHECK(seen(host, "true && account.employees > 9") ==
        Lines{"account.employees > 9: 1/0/0", "true && account.employees > 9: 1/0/0"});
  CHECK(seen(host, "true || [1, 2].exists(x, x > 1 && x < 3)") ==
        Lines{"true || [1, 2].exists(x, x > 1 && x < 3): 1/0/0"});
}

TEST_CASE("probes are numbered from where they are told to") {
  Host host;
  CHECK(seen(host, "account.employees > 9 && account.employees > 8", 1, 40) ==
        Lines{"account.employees > 9: 1/0/0", "account.employees > 8: 1/0/0",
              "account.employees > 9 && account.employees > 8: 1/0/0"});
}

TEST_CASE("a program without probes has none, and gives the same values as with them") {
  Host host;
  for (const char* source : {"account.employees > 9 && account.region == 'x'", "!(account.employees > 9)",
                             "account.region == 'x' || true", "people.exists(p, p.title == 'Buyer' && true)"}) {
    CAPTURE(source);
    CHECK(host.compile(source).program->conditions().empty());
    CHECK(host.eval(source) == host.eval(source, {.first_probe = 0}));
  }
}

TEST_CASE("outcomes are counted for the innermost that listens, and by nobody when nobody does") {
  Host host;
  const auto compiled = host.compile("account.employees > 9", {.first_probe = 0});
  ProbeCounts outer;
  ProbeCounts inner;
  compiled.program->evaluate(host.bindings, host.evaluation);
  {
    const Probing first(&outer);
    {
      const Probing second(&inner);
      compiled.program->evaluate(host.bindings, host.evaluation);
    }
    {
      const Probing nobody(nullptr);
      compiled.program->evaluate(host.bindings, host.evaluation);
    }
    compiled.program->evaluate(host.bindings, host.evaluation);
  }
  CHECK(inner.times(0, ConditionOutcome::yes) == 1);
  CHECK(outer.times(0, ConditionOutcome::yes) == 1);
  outer.add(inner);
  CHECK(outer.times(0, ConditionOutcome::yes) == 2);
}
