#include "journeys/yaml/reader.hpp"

#include "tests/journeys/yaml/reading.hpp"
#include "tests/support/catch.hpp"

namespace caravan::yaml {
namespace {

TEST_CASE("a mapping keeps its keys in the order they were written, with their places") {
  const Read read("journey: welcome\ntitle: \"Hello\"\n");
  REQUIRE(read.messages().empty());
  const Node& root = read.documents.at(0);
  REQUIRE(root.entries.size() == 2);
  CHECK(root.entries[0].key == "journey");
  CHECK(root.entries[1].value.text == "Hello");
  CHECK(root.entries[1].value.style == Style::double_quoted);
  CHECK(read.text_at(root.entries[1].key_place) == "title");
  CHECK(read.text_at(root.entries[1].value.place) == "\"Hello\"");
}

TEST_CASE("several documents stand in one file, and empty ones are left out") {
  const Read read("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n");
  REQUIRE(read.messages().empty());
  REQUIRE(read.documents.size() == 2);
  CHECK(read.documents[1].find("b")->text == "2");
}

TEST_CASE("places count bytes, columns count characters, and a byte order mark counts as neither a key nor a fault") {
  const Read read("\xEF\xBB\xBFä: 'ü'\n");
  REQUIRE(read.messages().empty());
  CHECK(read.text_at(read.documents.at(0).entries.at(0).value.place) == "'ü'");
}

TEST_CASE("a block scalar's place is its first line") {
  const Read read("when: |\n    account.size > 1\n    && true\n");
  const Node& when = *read.documents.at(0).find("when");
  CHECK(when.text == "account.size > 1\n&& true\n");
  CHECK(when.style == Style::literal);
  CHECK(read.text_at(when.place) == "account.size > 1");
}

TEST_CASE("a key without a value is null, written or not") {
  const Read read("a:\nb: ~\nc: null\nd: ''\n");
  const Node& root = read.documents.at(0);
  CHECK(root.find("a")->is(Kind::null));
  CHECK(root.find("b")->is(Kind::null));
  CHECK(root.find("c")->is(Kind::null));
  CHECK(root.find("d")->is(Kind::scalar));
}

TEST_CASE("what is not part of the language is a fault at its place") {
  CHECK(first_line("a: 1\nb: 2\na: 3\n") == "x.yaml:3:1: error: the key `a` stands here twice; the first is in line 1");
  CHECK(first_line("a: &x 1\n") ==
        "x.yaml:1:4: error: anchors are not part of the language; quote text that begins with `&`");
  CHECK(first_line("a: &x 1\nb: *x\n", 1) ==
        "x.yaml:2:4: error: aliases are not part of the language; write the value out");
  CHECK(first_line("b: *x\n") ==
        "x.yaml:1:4: error: aliases are not part of the language; quote text that begins with `*`");
  CHECK(first_line("a: !!str 1\n") ==
        "x.yaml:1:4: error: tags are not part of the language; quote text that begins with `!`");
  CHECK(first_line("when: !has(account.x)\n") ==
        "x.yaml:1:7: error: tags are not part of the language; quote text that begins with `!`");
  CHECK(first_line("a: {<<: {b: 1}}\n") ==
        "x.yaml:1:5: error: merge keys are not part of the language; write the keys out");
  CHECK(first_line("[1, 2]: 3\n") == "x.yaml:1:1: error: a key must be plain text");
  CHECK(first_line(": 3\n") == "x.yaml:1:1: error: a key is missing here");
  CHECK(first_line("%YAML 1.2\n---\na: 1\n") ==
        "x.yaml:1:1: error: directives are not part of the language; take the line out");
  CHECK(first_line("a: 1\n\tb: 2\n") == "x.yaml:2:1: error: a tab cannot indent; use spaces");
  CHECK(first_line("a:\n\tb\n") == "x.yaml:2:1: error: a tab cannot indent; use spaces");
}

TEST_CASE("faults of syntax say what to do") {
  CHECK(first_line("a: b: c\n") ==
        "x.yaml:1:5: error: a `:` cannot stand here; quote text that contains `: `, and check the indentation");
  CHECK(first_line("a: [1, 2\n") ==
        "x.yaml:1:8: error: a `[` is not closed, or a `,` is missing; quote text that contains `[`, `]` or `,`");
  CHECK(first_line("a: 'b\n") == "x.yaml:1:4: error: a quote is never closed");
  CHECK(first_line("a: 1\n- b\n") ==
        "x.yaml:2:1: error: this line does not fit the mapping above it; check its indentation and that it is `key: "
        "value`");
  CHECK(first_line("when: \"x\" == y\n") ==
        "x.yaml:1:11: error: this line does not fit the mapping above it; check its indentation and that it is `key: "
        "value`");
  CHECK(first_line("a: \"\\q\"\n") ==
        "x.yaml:1:5: error: this is no escape that YAML knows; write `\\\\` for a backslash, or use single quotes");
  CHECK(first_line("a: @b\n") == "x.yaml:1:4: error: text cannot begin with this character; put it into quotes");
}

TEST_CASE("what is not text is refused at its first byte") {
  CHECK(first_line("a: \xFF\n") == "x.yaml:1:4: error: this is not UTF-8 text; save the file as UTF-8");
  CHECK(first_line("a: \xC0\xAF\n") == "x.yaml:1:4: error: this is not UTF-8 text; save the file as UTF-8");
  CHECK(first_line(std::string("a: \0b\n", 6)) == "x.yaml:1:4: error: the character U+0000 is not allowed");
  CHECK(first_line("a: \x04\n") == "x.yaml:1:4: error: the character U+0004 is not allowed");
  CHECK(first_line("a: b\xEF\xBB\xBF\n") == "x.yaml:1:5: error: the character U+FEFF is not allowed");
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += part;
  return out;
}

TEST_CASE("escapes cannot make what the file itself may not hold") {
  const std::string fault = "x.yaml:1:4: error: an escape in this text makes a character that is not allowed";
  CHECK(first_line("a: \"\\0\"\n") == fault);
  CHECK(first_line("a: \"\\x07\"\n") == fault);
  CHECK(first_line("a: \"\\N\"\n") == fault);
  CHECK(first_line("a: \"\\t\\n\\u00e4\"\n") == "no fault");
}

TEST_CASE("hostile texts are refused at once") {
  const std::string deep = "nested deeper than 64 levels";
  for (const std::string_view part : {"[", "{", "{a: ", "- ", "? ", "[\n", "[? ", "[\"a\":", ": "}) {
    INFO(part);
    CHECK(Read(repeated(part, 10'000)).messages().at(0).find(deep) != std::string::npos);
    CHECK(Read(repeated(part, 200'000)).messages().at(0).find(deep) != std::string::npos);
  }
  for (const std::string_view part :
       {",", "]", "!", "! ", "&a ", "*a ", "|", "\"\" ", ":", "%a b\n", "---\n,\n", "&a [*a]\n"}) {
    INFO(part);
    const Read read(repeated(part, 50'000));
    CHECK(read.diagnostics.errors() > 0);
  }
}

TEST_CASE("an alias bomb never grows: each alias is one fault, counted and not kept") {
  std::string bomb = "a: &a [x, x, x]\n";
  for (char c = 'b'; c <= 'z'; ++c) {
    const char before = static_cast<char>(c - 1);
    std::string line = "X: &X [*Y, *Y, *Y]\n";
    std::replace(line.begin(), line.end(), 'X', c);
    std::replace(line.begin(), line.end(), 'Y', before);
    bomb += line;
  }
  const Read read(bomb);
  CHECK(read.diagnostics.errors() > 50);
}

TEST_CASE("a file beyond the limit is refused before it is parsed") {
  CHECK(first_line(repeated("a: x\n", 1U << 18U)) == "x.yaml:1:1: error: the file is larger than 1048576 bytes");
}

TEST_CASE("a large scalar within the limit is read") {
  const Read read("a: " + repeated("x", 1'000'000));
  REQUIRE(read.messages().empty());
  CHECK(read.documents.at(0).find("a")->text.size() == 1'000'000);
}

}  // namespace
}  // namespace caravan::yaml
