// The CSV reader on what RFC 4180 allows, on what spreadsheets make of it, and on garbage.

#include "engine/intake/csv.hpp"

#include <random>

#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

/// Every record as `field|field`, every problem as `line: reason`.
std::vector<std::string> read_all(std::string_view text, const CsvLimits& limits = {}, char delimiter = ',') {
  TextSource source(text);
  CsvReader reader(source, delimiter, limits);
  std::vector<std::string> all;
  while (auto step = reader.next()) {
    std::string shown;
    if (const auto* problem = std::get_if<IntakeProblem>(&*step)) {
      shown = std::to_string(problem->line) + ": " + problem->reason;
    } else {
      const auto& record = std::get<CsvRecord>(*step);
      for (const std::string_view field : record.fields)
        shown += (shown.empty() ? "" : "|") + std::string(field);
    }
    all.push_back(shown);
  }
  return all;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("records end with LF or CRLF, and the last one needs neither") {
  CHECK(read_all("a,b\nc,d\r\ne,f") == Lines{"a|b", "c|d", "e|f"});
}

TEST_CASE("a quoted field holds delimiters, quotes and line breaks") {
  CHECK(read_all("1,\"Saint Paul, Minnesota\"\n2,\"say \"\"hi\"\"\"\n3,\"two\r\nlines\"\n4,\"\"\n") ==
        Lines{"1|Saint Paul, Minnesota", "2|say \"hi\"", "3|two\r\nlines", "4|"});
}

TEST_CASE("a quote inside an unquoted field is a character like any other") {
  CHECK(read_all("pipe,5\" wide\n") == Lines{"pipe|5\" wide"});
}

TEST_CASE("a byte order mark and empty lines are passed over") {
  CHECK(read_all("\xEF\xBB\xBF"
                 "a,b\n\n\r\nc,d\n") == Lines{"a|b", "c|d"});
}

TEST_CASE("a text in UTF-16 says so") {
  CHECK_THROWS_WITH(read_all("\xFF\xFE"
                             "a"),
                    Catch::Contains("UTF-16"));
}

TEST_CASE("other delimiters separate as well") {
  CHECK(read_all("a;b,c\nd;e\n", {}, ';') == Lines{"a|b,c", "d|e"});
}

TEST_CASE("a record knows the line it begins on, whatever stands in it") {
  TextSource source("h\n\"two\nlines\"\n\nlast\n");
  CsvReader reader(source, ',');
  std::vector<std::size_t> lines;
  while (auto step = reader.next())
    lines.push_back(std::get<CsvRecord>(*step).line);
  CHECK(lines == std::vector<std::size_t>{1, 2, 5});
}

TEST_CASE("a quote that is never closed costs its line and no other") {
  const Lines lines = read_all("a,b\n1,\"open\nc,d\ne,f\n");
  REQUIRE(lines.size() == 4);
  CHECK(lines[1] == "2: a quote in the record that begins here is never closed");
  CHECK(lines[2] == "c|d");
  CHECK(lines[3] == "e|f");
}

TEST_CASE("text behind a closing quote is refused with its line") {
  const Lines lines = read_all("a\n\"b\"c\nd\n");
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[1], Catch::StartsWith("2: text behind a closing quote"));
  CHECK(lines[2] == "d");
}

TEST_CASE("a record beyond the limit is refused without being kept") {
  const std::string text = "a\n\"" + std::string(300'000, 'x') + "\nb\nc\n";
  const Lines lines = read_all(text, {.record_bytes = 1'000, .columns = 8});
  REQUIRE(lines.size() == 4);
  CHECK_THAT(lines[1], Catch::StartsWith("2: the record that begins here is longer than 1000 bytes"));
  CHECK(lines[3] == "c");
}

TEST_CASE("more columns than the limit are refused") {
  const Lines lines = read_all("1,2,3,4,5\na,b\n", {.record_bytes = 1'000, .columns = 3});
  CHECK(lines == Lines{"1: more than 3 columns", "a|b"});
}

TEST_CASE("garbage is read to its end") {
  std::mt19937 random(1);
  constexpr std::string_view alphabet = "\",\n\r;ab\0\xff";
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (std::size_t length = random() % 200; text.size() < length;)
      text += alphabet[random() % alphabet.size()];
    CHECK(read_all(text, {.record_bytes = 50, .columns = 5}).size() <= text.size());
  }
}
