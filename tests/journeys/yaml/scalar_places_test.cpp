#include "journeys/yaml/scalar_places.hpp"

#include "tests/journeys/yaml/reading.hpp"
#include "tests/support/catch.hpp"

namespace caravan::yaml {
namespace {

/// The source text of the place of `wanted` within the value of `a`.
std::string found_at(const std::string& source, std::string_view wanted) {
  const Read read(source);
  const Node& scalar = *read.documents.at(0).find("a");
  const std::size_t offset = scalar.text.find(wanted);
  REQUIRE(offset != std::string::npos);
  return std::string(read.text_at(place_within(scalar, offset, wanted.size())));
}

std::size_t line_of(const std::string& source, std::string_view wanted) {
  const Read read(source);
  const Node& scalar = *read.documents.at(0).find("a");
  return position_of(place_within(scalar, scalar.text.find(wanted), wanted.size())).line;
}

TEST_CASE("a place within a scalar is found however the scalar is written") {
  CHECK(found_at("a: one two three\n", "two") == "two");
  CHECK(found_at("a: 'it''s two'\n", "two") == "two");
  CHECK(found_at("a: 'it''s two'\n", "it's") == "it''s");
  CHECK(found_at("a: \"one \\\"two\\\" \\u00e4 three\"\n", "three") == "three");
  CHECK(found_at("a: \"\\U0001F600 \\x41 \\t two\"\n", "two") == "two");
  CHECK(found_at("a: \"\\L \\P two\"\n", "two") == "two");
  CHECK(found_at("a: one\n  two\n\n  three four\n", "three") == "three");
  CHECK(found_at("a: \"one\n  two\n\n\n  three four\"\n", "four") == "four");
  CHECK(found_at("a: \"one \\\n   two\"\n", "two") == "two");
  CHECK(found_at("a: |\n    one\n      two\n\n    three\n", "two") == "two");
  CHECK(found_at("a: |\n    one\n      two\n\n    three\n", "three") == "three");
  CHECK(found_at("a: |-\n\n\n  one\n   two\n", "two") == "two");
  CHECK(found_at("a: |2\n    one\n   two\n", "two") == "two");
  CHECK(found_at("a: >\n  one\n  two\n\n\n  three\n    four\n    five\n  six\n", "six") == "six");
  CHECK(found_at("a: >\n  one\n  two\n\n\n  three\n    four\n    five\n  six\n", "five") == "five");
  CHECK(found_at("a: ä ö two\n", "two") == "two");
  CHECK(found_at("a: |\r\n  one\r\n  two\r\n", "two") == "two");
}

TEST_CASE("a place that goes over a line break ends with its line") {
  CHECK(found_at("a: one two\n  three\n", "two three") == "two");
  CHECK(line_of("a: one two\n  three\n", "three") == 2);
  CHECK(line_of("a: |\n  one\n  two\n", "two") == 3);
}

/// A text of letters, spaces, quotes and line breaks; letters are distinct enough to be found again.
std::string random_text(std::uint32_t& state) {
  std::string text = "x";
  for (int i = 0; i < 24; ++i) {
    state = state * 1664525U + 1013904223U;
    const std::uint32_t pick = (state >> 16U) % 12U;
    text += pick < 7     ? std::string(1, static_cast<char>('a' + i))
            : pick < 9   ? " "
            : pick == 9  ? "'"
            : pick == 10 ? "\\"
                         : "\n";
  }
  return text + "z";
}

std::string written(const std::string& text, Style style) {
  std::string out = style == Style::single_quoted ? "'" : style == Style::double_quoted ? "\"" : "|\n  ";
  for (const char c : text) {
    if (style == Style::single_quoted && c == '\'') {
      out += "''";
    } else if (style == Style::double_quoted && c == '\\') {
      out += "\\\\";
    } else if (style == Style::double_quoted && c == '\n') {
      out += "\\n";
    } else if (style == Style::single_quoted && c == '\n') {
      out += "\n\n  ";
    } else if (style == Style::literal && c == '\n') {
      out += "\n  ";
    } else {
      out += c;
    }
  }
  return out + (style == Style::single_quoted ? "'" : style == Style::double_quoted ? "\"" : "") + "\n";
}

TEST_CASE("every letter of random scalars is found where it was written") {
  std::uint32_t state = 7;
  for (int round = 0; round < 600; ++round) {
    const std::string text = random_text(state);
    for (const Style style : {Style::single_quoted, Style::double_quoted, Style::literal}) {
      const Read read("a: " + written(text, style));
      INFO(read.file.text);
      REQUIRE(read.messages().empty());
      const Node& scalar = *read.documents.at(0).find("a");
      const ScalarPlaces places(read.file.text, scalar.begin, scalar.style, scalar.text);
      for (std::size_t i = 0; i < scalar.text.size(); ++i) {
        if (scalar.text[i] < 'a' || scalar.text[i] > 'z') continue;
        REQUIRE(places.source_offset(i) < read.file.text.size());
        CHECK(read.file.text[places.source_offset(i)] == scalar.text[i]);
      }
    }
  }
}

}  // namespace
}  // namespace caravan::yaml
