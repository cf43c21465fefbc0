#include "tests/journeys/cel/support.hpp"

using namespace caravan::cel;
using caravan::cel::test::Host;

TEST_CASE("a condition that reads two attributes decodes two") {
  Host host;
  CHECK(host.eval(R"(account.industry == "technology" && account.employees >= 1000)") == "true");
  CHECK(host.account.decoded == 2);
}

TEST_CASE("a condition that is settled by its first half decodes only that") {
  Host host;
  CHECK(host.eval(R"(account.industry == "retail" && account.employees >= 1000)") == "false");
  CHECK(host.account.decoded == 1);
}

TEST_CASE("a missing attribute is an error at its place, has() and .? say it on purpose") {
  Host host;
  CHECK(host.eval(R"(account.region == "EMEA")") == "error: no such key: region");
  CHECK(host.eval("has(account.region)") == "false");
  CHECK(host.eval("account.?region.orValue('none')") == "\"none\"");
  CHECK(host.eval("account['region']") == "error: no such key: region");
  CHECK(host.eval("account[?'region'].hasValue()") == "false");
  CHECK(host.eval("'region' in account") == "false");
  const auto compiled = host.compile(R"(true && account.region == "EMEA")");
  CHECK(compiled.program->evaluate(host.bindings, host.evaluation).error_offset() == 16);
}

TEST_CASE("an error is absorbed when the other side settles the question, on either side") {
  Host host;
  CHECK(host.eval("account.region == 'x' || true") == "true");
  CHECK(host.eval("true || account.region == 'x'") == "true");
  CHECK(host.eval("account.region == 'x' && false") == "false");
  CHECK(host.eval("account.region == 'x' || false") == "error: no such key: region");
  CHECK(host.eval("people.exists(p, p.nothing || p.title == 'Buyer')") == "true");
}

TEST_CASE("a variable without a value is an error only where it is read") {
  Host host;
  CHECK(host.eval("missing == 1") == "error: no such variable: missing");
  CHECK(host.eval("false && missing == 1") == "false");
}

TEST_CASE("what does not depend on anything is computed once, when compiled") {
  const Host host;
  const auto constant = [&](std::string_view source) {
    const auto compiled = host.compile(source);
    return compiled.program->constant() ? to_text(*compiled.program->constant()) : "none";
  };
  CHECK(constant("1 + 2 * 3") == "7");
  CHECK(constant("[1, 2, 3].filter(x, x > 1).map(x, {x: string(x)})") == R"([{2: "2"}, {3: "3"}])");
  CHECK(constant("cel.bind(x, 'a', x + x).upperAscii()") == "\"AA\"");
  CHECK(constant("now") == "none");
  CHECK(constant("1 / 0") == "none");
  CHECK(constant("[1].map(x, x + account.employees)") == "none");
}

TEST_CASE("a program says what it reads, and nothing else") {
  const Host host;
  const auto compiled =
      host.compile("account.industry == 'x' && people.exists(p, p.title == account.industry && p.role('seeds') != '')");
  const Reads& reads = compiled.program->reads();
  CHECK(reads.variables == std::vector<Slot>{Slot{0}, Slot{1}});
  REQUIRE(reads.fields.size() == 2);
  CHECK(reads.fields[0].name == "industry");
  CHECK(reads.fields[1].name == "title");
  CHECK(reads.fields[1].type->name() == "Person");
  CHECK(reads.functions == std::vector<std::string>{"role"});
  CHECK_FALSE(reads.any_field);
  CHECK(host.compile("account[person.title] == 'x'").program->reads().any_field);
  CHECK(host.compile("account.all(k, k != '')").program->reads().any_field);
}

TEST_CASE("a program says which host functions it calls with which literal, each once") {
  Host host;
  host.environment.add_function("find(string) -> int",
                                [](Evaluation&, std::span<const Value>) { return Value::integer(1); });
  using Call = Reads::Call;
  const auto calls = [&](std::string_view source) { return host.compile(source).program->reads().calls; };
  CHECK(calls("person.role('seeds') != '' && people.all(p, p.role('seeds') == '')") ==
        std::vector<Call>{{"role", "seeds"}});
  CHECK(calls("find('a') + find('b') + find(account.industry)") ==
        std::vector<Call>{{"find", "a"}, {"find", "b"}, {"find", std::nullopt}});
  CHECK(calls("account.industry == 'x'").empty());
}

TEST_CASE("what comes out of an attribute is data: looking into it reads no further attribute") {
  Host host;
  const auto looks_further = [&](std::string_view source) {
    const auto compiled = host.compile(source);
    REQUIRE(compiled);
    return compiled.program->reads().any_field;
  };
  // Attributes of people are of no known type here.
  CHECK_FALSE(looks_further("person.address.city == 'x'"));
  CHECK_FALSE(looks_further("person.title.startsWith('VP') && person.?score.orValue(0) > 3"));
  CHECK_FALSE(looks_further("person.tags.exists(t, t.name.contains('x') || t.list.all(u, u.size() > 1))"));
  CHECK_FALSE(looks_further("cel.bind(a, person.address, a.city == a.town)"));
  CHECK_FALSE(looks_further("person.?address.optMap(a, a.city).orValue('') == 'x'"));
  CHECK_FALSE(looks_further("(person.a ? person.b : person.c).size() > 1"));
  CHECK_FALSE(looks_further("math.greatest(person.a, person.b) > 1"));
  CHECK(looks_further("dyn(person).title == 'x'"));
  CHECK(looks_further("[person, 1][0].title == 'x'"));
  CHECK(looks_further("cel.bind(a, dyn(person), a.city == 'x')"));
  CHECK(looks_further("[dyn(account)].exists(a, a.industry == 'x')"));
  CHECK(looks_further("(person.a ? dyn(person) : person.c).title == 'x'"));
  CHECK(looks_further("missing.title == 'x'"));
}

TEST_CASE("host methods are called on objects of their type only") {
  Host host;
  CHECK(host.eval("people[0].role('seeds')") == "\"role in seeds\"");
  CHECK(host.eval("dyn(person).role('seeds')") == "\"role in seeds\"");
  CHECK(host.eval("dyn(account).role('seeds')").starts_with("error: no such overload: role(Account, string)"));
  CHECK(host.eval("account.role('seeds')").starts_with("fault: no function fits Account.role(string)"));
}

TEST_CASE("a host that throws is an error value") {
  Host host;
  host.environment.add_function(
      "boom() -> int", [](Evaluation&, std::span<const Value>) -> Value { throw std::runtime_error{"out of order"}; });
  CHECK(host.eval("boom() + 1") == "error: out of order");
}

TEST_CASE("the canonical text has one spacing, one kind of quotes and no spare brackets") {
  const Host host;
  const auto text = [&](std::string_view source) {
    return host.compile(source, {.check_types = false}).program->text();
  };
  CHECK(text("(( account.employees ))>=1000&&( true||false )") == "account.employees >= 1000 && (true || false)");
  CHECK(text("a.b.?c[?0].d('x')") == R"(a.b.?c[?0].d("x"))");
  CHECK(text("1-(2-3)-(-4)") == "1 - (2 - 3) - -4");
  CHECK(text("-(5) + -(7u)[0]") == "-(5) + -(7u[0])");
  CHECK(text("people.exists( p ,has(p.x) )") == "people.exists(p, has(p.x))");
  CHECK(text("{'a':1,?'b':x}") == R"({"a": 1, ?"b": x})");
}

TEST_CASE("objects behave like maps from their names") {
  Host host;
  CHECK(host.eval("size(account)") == "2");
  CHECK(host.eval("account.map(k, k)") == R"(["employees", "industry"])");
  CHECK(host.eval("account.exists(k, v, v == 4200)") == "true");
  CHECK(host.eval("type(account) == Account") == "true");
  CHECK(host.eval("account == account && account != dyn(person)") == "true");
}
