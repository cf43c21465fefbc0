#include "tests/journeys/cel/support.hpp"

using namespace caravan::cel;
using caravan::cel::test::Host;

TEST_CASE("a mistyped attribute is found at its place, with what was meant") {
  const auto faults = Host{}.faults(R"(account.employees > 10 && account.idnustry == "technology")");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == R"(Account has no field "idnustry", did you mean "industry"?)");
  CHECK(faults[0].offset == 34);
  CHECK(faults[0].length == 8);
}

TEST_CASE("an int against a string is a fault, under the whole comparison") {
  const auto faults = Host{}.faults(R"(account.employees == "many")");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == R"("==" does not fit int and string)");
  CHECK(faults[0].offset == 0);
  CHECK(faults[0].length == 27);
}

TEST_CASE("all faults of an expression are reported, in the order of the text") {
  const auto faults = Host{}.faults(R"(acount == 1 || size(1) > 2 || nosuch("x") || "a".startsWith())");
  REQUIRE(faults.size() == 4);
  CHECK(faults[0].message == R"(unknown variable "acount", did you mean "account"?)");
  CHECK(faults[1].message == "no function fits size(int)");
  CHECK(faults[2].message == R"(unknown function "nosuch")");
  CHECK(faults[3].message == "no function fits string.startsWith()");
}

TEST_CASE("a condition that is never a bool is a fault where a bool is wanted") {
  const CompileOptions when{.expected = Type::boolean()};
  const auto faults = Host{}.faults("account.employees", when);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "this is int, but bool is wanted here");
  CHECK(Host{}.faults("account.employees > 3", when).empty());
  CHECK(Host{}.faults("dyn(account.employees)", when).empty());
}

TEST_CASE("a literal that the host knows to be wrong is a fault at the literal") {
  const auto faults = Host{}.faults(R"(person.role("sseeds") != "")");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == R"(unknown solution interest "sseeds")");
  CHECK(faults[0].offset == 12);
  CHECK(faults[0].hint == R"(there is "seeds")");
  CHECK(Host{}.faults(R"(person.role("seeds") != "")").empty());
}

TEST_CASE("an open type takes any field, and a closed one only its own") {
  CHECK(Host{}.faults("person.whatever == 3").empty());
  CHECK(Host{}.faults("account.whatever == 3").size() == 1);
}

TEST_CASE("elements, keys and results have the types of what they come from") {
  const Host host;
  const auto type = [&](std::string_view source) {
    const auto compiled = host.compile(source);
    return compiled ? compiled.program->result_type().text() : compiled.diagnostics.front().message;
  };
  CHECK(type("[1, 2].map(x, string(x))") == "list(string)");
  CHECK(type("[1, 2.0]") == "list(dyn)");
  CHECK(type("{'a': 1}.transformMap(k, v, v > 0)") == "map(string, bool)");
  CHECK(type("people.filter(p, p.title != '')[0]") == "Person");
  CHECK(type("people.map(p, p.title)") == "list(string)");
  CHECK(type("people.exists(p, p.title > 3)") == R"(">" does not fit string and int)");
  CHECK(type("optional.of(1).orValue(2)") == "int");
  CHECK(type("account.?employees") == "optional(int)");
  CHECK(type("account.?employees.orValue('none')") == "no function fits optional(int).orValue(string)");
  CHECK(type("cel.bind(x, [1], x + x)") == "list(int)");
  CHECK(type("now - duration('1h')") == "timestamp");
  CHECK(type("true ? 1 : 'one'") == "one side of the choice is int, the other string");
  CHECK(type("[].map(x, x)") == "list(dyn)");
}

TEST_CASE("times and patterns that stand in the text are read before anything runs") {
  CHECK(Host{}.faults("timestamp('2026-02-30T00:00:00Z') < now").size() == 1);
  CHECK(Host{}.faults("duration('3d') == duration('72h')").size() == 1);
  CHECK(Host{}.faults("person.title.matches('(')").size() == 1);
}

TEST_CASE("and, or and a single = are answered with what to write") {
  CHECK(Host{}.faults("true and false")[0].hint == "\"and\" is written &&, \"or\" ||, \"not\" !");
  CHECK(Host{}.faults("account.industry = 'x'")[0].hint == "to compare, write ==");
  CHECK(Host{}.faults("account.in > 3")[0].message == "expected a name after the dot, found in");
  CHECK(Host{}.faults("account.in > 3")[0].hint == "such a word is a name in backticks: .`in`");
  CHECK(Host{}.faults("account.industry == technology")[0].hint == "a text stands in quotes: \"technology\"");
}
