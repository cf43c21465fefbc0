// The fuzzers' promises over a fixed number of mutations of a small corpus, and over random expressions from the
// grammar: no crash, no hang, and parse, print, parse is stable. The same bytes every time.

#include <random>

#include "tests/fuzz/cel_targets.cpp"  // Compiled here for the suite, and into the fuzzers by their own CMakeLists.
#include "tests/support/catch.hpp"

namespace {

constexpr std::string_view corpus[] = {
    R"(account.industry == "technology" && account.employees >= 1000)",
    R"(has(account.x) ? account.x : account.?y.orValue(-1))",
    R"([1, 2u, 3.5, "a", b"\xff", null, true].map(x, type(x)))",
    R"({"a": 1, ?"b": optional.none(), 3: [x]}["a"] + x * -2 % 5 - 1)",
    R"(cel.bind(y, [x, x], [y, y].exists_one(l, l.size() > 1 || 1 / 0 == 2)))",
    R"("%s is %05d and %.2f %x".format([s, 4, 2.5, b"ab"]))",
    R"(timestamp("2026-01-05T09:00:00Z") - now > duration("1h30m") || now.getHours("Europe/Berlin") in [1, 2, 3, 4, 5])",
    R"({1: "a", 2: "b"}.transformMap(k, v, k > 1, v + v).transformList(k, v, v.replace("b", s)))",
    R"(math.greatest(1, 2.5, 3u) + math.least([1, 2]) - math.abs(-3))",
    R"("a,b,c".split(",", 2).join("-").substring(1, 3).charAt(0).upperAscii().reverse())",
    R"(optional.of([1]).?first.or(optional.none())[?0].optMap(v, v + 1).hasValue())",
    R"(account.all(k, v, k.matches("^[a-z]+$") && v != null) ? r'\d' : '''a"b\n''')",
    R"(!(-x < 3) == !true && "é".size() == 1 && base64.encode(b"hi") != strings.quote("x"))",
    R"(group("ai-driven-seeds").completeness >= 80 || missing)",
    R"([[1, 2], [3]].filter(l, l.all(e, e < 3)).map(l, l.size() > 1, l[0])[?0].value())",
    R"(0x7fffffffffffffff + 1 == 9223372036854775807 || .x == 1e-7 // why
)",
    R"({}.`content-type`.b["c"].d(1)(2))",
    R"([1, 2, 3].exists(i, v, i == v) == {"k": 1}.existsOne(k, v, k == "k"))",
};

constexpr std::string_view words[] = {"(",          ")",
                                      "[",          "]",
                                      "{",          "}",
                                      ".",          "?",
                                      ":",          ",",
                                      "-",          "!",
                                      "&&",         "||",
                                      "==",         "in",
                                      " ",          "0",
                                      "1",          "-1u",
                                      "\"",         "'",
                                      "\\",         "x",
                                      "s",          "account",
                                      "null",       "1e308",
                                      ".map(x, x)", ".?",
                                      "[?0]",       "has(",
                                      "\xC3",       "\xF0\x9F\x98\x80",
                                      "`",          "//",
                                      "\n"};

class Mutations {
 public:
  explicit Mutations(std::uint32_t seed) : random_{seed} {}

  std::string next() {
    std::string text{pick(corpus)};
    for (std::size_t i = 0, count = 1 + below(4); i < count; ++i)
      mutate(text);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  template <std::size_t Size>
  std::string_view pick(const std::string_view (&from)[Size]) {
    return from[below(Size)];
  }

  void mutate(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(text.size() - at, 12) + 1);
    switch (below(6)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, pick(words)); break;
      case 2: text.insert(below(text.size() + 1), text.substr(at, length)); break;
      case 3: {
        const std::string_view other = pick(corpus);
        text.insert(at, other.substr(below(other.size()), below(40)));
        break;
      }
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      default: text = "(" + text + ")" + std::string{pick(words)} + std::string{pick(corpus)};
    }
  }

  std::mt19937 random_;
};

/// Random expressions that always parse.
class Grammar {
 public:
  explicit Grammar(std::uint32_t seed) : random_{seed} {}

  std::string expression(int depth) {
    if (depth == 0) return leaf();
    const auto inner = [&] { return expression(depth - 1); };
    switch (random_() % 16) {
      case 0: return "(" + inner() + ")";
      case 1: return "-" + inner();
      case 2: return "!" + inner();
      case 3: return inner() + " ? (" + inner() + ") : " + inner();
      case 4: return inner() + "[" + inner() + "]";
      case 5: return inner() + ".name";
      case 6: return inner() + ".?name";
      case 7: return "[" + inner() + ", ?" + inner() + "]";
      case 8: return "{" + inner() + ": " + inner() + "}";
      case 9: return inner() + ".map(v, " + inner() + ", " + inner() + ")";
      case 10: return inner() + ".size(" + inner() + ")";
      case 11: return "has((" + inner() + ").f)";
      default: return inner() + std::string{operators[random_() % std::size(operators)]} + inner();
    }
  }

 private:
  static constexpr std::string_view operators[] = {" || ", " && ", " == ", " < ", " in ", " + ", " - ", " * ", " % "};
  static constexpr std::string_view leaves[] = {"1",        "-1",   "2.5",  "-0.0", "(7u)", "x",  "s",  "\"a\\n\"",
                                                "b'\\x00'", "null", "true", ".x",   "[]",   "{}", "f()"};
  std::string leaf() { return std::string{leaves[random_() % std::size(leaves)]}; }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("whatever the corpus is mutated to, what parses prints to what parses to the same") {
  Mutations mutations{1};
  for (int i = 0; i < 20'000; ++i)
    REQUIRE_NOTHROW(caravan::fuzz::parse_and_print(mutations.next()));
}

TEST_CASE("whatever the corpus is mutated to compiles and evaluates, or is refused") {
  Mutations mutations{2};
  for (int i = 0; i < 5'000; ++i)
    REQUIRE_NOTHROW(caravan::fuzz::compile_and_evaluate(mutations.next()));
}

TEST_CASE("random expressions of the grammar survive parse, print, parse") {
  Grammar grammar{3};
  for (int i = 0; i < 5'000; ++i) {
    const std::string source = grammar.expression(1 + i % 6);
    std::vector<caravan::cel::Diagnostic> diagnostics;
    INFO(source);
    REQUIRE(caravan::cel::parse(source, {}, diagnostics) != nullptr);
    REQUIRE_NOTHROW(caravan::fuzz::parse_and_print(source));
    REQUIRE_NOTHROW(caravan::fuzz::compile_and_evaluate(source));
  }
}
