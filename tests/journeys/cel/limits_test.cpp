#include "tests/journeys/cel/support.hpp"

using namespace caravan::cel;
using caravan::cel::test::Host;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i)
    result += text;
  return result;
}

/// Loops within loops over a list of `size` numbers that is not constant.
std::string nested_loops(int depth) {
  std::string result = "true";
  for (int i = 0; i < depth; ++i)
    result = "l.all(v" + std::to_string(i) + ", " + result + ")";
  return "cel.bind(l, [" + repeated("missing, ", 29) + "missing], " + result + ")";
}

}  // namespace

TEST_CASE("an expression beyond the longest is refused") {
  const auto faults = Host{}.faults("1 + " + repeated(" ", 32 * 1024) + "1");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].message == "the expression is too long (the limit is 32768 bytes)");
}

TEST_CASE("nesting beyond the deepest is refused, of whatever it is made") {
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{{"(", ")"},
                                                                                    {"[", "]"},
                                                                                    {"-", ""},
                                                                                    {"!", ""},
                                                                                    {"{1: ", "}"},
                                                                                    {"size(", ")"},
                                                                                    {"true ? 1 : ", ""},
                                                                                    {"1 + (", ")"}}) {
    const auto faults = Host{}.faults(repeated(open, 1000) + "x" + repeated(close, 1000), {.check_types = false});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].message == "the expression is nested too deeply (the limit is 250 levels)");
  }
  CHECK(Host{}.faults("account" + repeated(".a", 1000)).size() == 1);
}

TEST_CASE("a long chain of || is not nesting") {
  Host host;
  CHECK(host.eval(repeated("false || ", 2000) + "true") == "true");
}

TEST_CASE("nested loops end with the budget, as an ordinary error") {
  Host host;
  host.bindings.set(*host.environment.find_variable("missing"), Value::integer(1));
  CHECK(host.eval(nested_loops(2)) == "true");
  CHECK(host.eval(nested_loops(8)) == "error: the expression costs more than one evaluation may");
}

TEST_CASE("a budget that is spent can still be overruled by what settles the question") {
  Host host;
  host.bindings.set(*host.environment.find_variable("missing"), Value::integer(1));
  CHECK(host.eval(nested_loops(8) + " || true") == "true");
}

TEST_CASE("text that doubles and doubles ends with the memory or the budget") {
  Host host;
  std::string source = "x";
  for (int i = 0; i < 40; ++i)
    source = "cel.bind(x, x + x, " + source + ")";
  const std::string result = host.eval("cel.bind(x, person.title, " + source + ")");
  CHECK(result.starts_with("error: the expression "));
}

TEST_CASE("lists that share parts compare in bounded time") {
  Host host;
  std::string source = "x == y";
  for (int i = 0; i < 60; ++i)
    source = "cel.bind(x, [x, x], cel.bind(y, [y, y], " + source + "))";
  CHECK_FALSE(host.eval("cel.bind(x, [missing], cel.bind(y, [missing], " + source + "))").empty());
}

TEST_CASE("one evaluation's overrun does not touch the next") {
  Host host;
  host.bindings.set(*host.environment.find_variable("missing"), Value::integer(1));
  CHECK(host.eval(nested_loops(8)).starts_with("error"));
  CHECK(host.eval("people.size()") == "2");
}

TEST_CASE("patterns are limited in length, and in what they may cost") {
  Host host;
  CHECK(host.faults("person.title.matches('" + repeated("a", 5000) + "')").size() == 1);
  CHECK(host.faults("person.title.matches('(((a{100}){100}){100})')").size() == 1);
}

TEST_CASE("comparing in a loop is paid for by what is compared") {
  Host host;
  host.bindings.set(*host.environment.find_variable("missing"), Value::integer(1));
  std::string source = "l.all(v, x == y)";
  for (int i = 0; i < 18; ++i)
    source = "cel.bind(x, [x, x], cel.bind(y, [y, y], " + source + "))";
  source = "cel.bind(l, [" + repeated("missing, ", 29) + "missing], cel.bind(x, [missing], cel.bind(y, [missing], " +
           source + ")))";
  CHECK(host.eval(source) == "error: the expression costs more than one evaluation may");
}
