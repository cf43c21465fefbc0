// Accounts and people out of files as people have them: what becomes an attribute, of which type, and which lines are
// refused with which words.

#include <random>

#include "engine/intake/intake.hpp"
#include "engine/intake/values.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using Catch::Contains;
using Catch::EndsWith;
using namespace std::chrono_literals;

namespace {

struct Read {
  std::vector<IntakeLine> lines;
  std::vector<IntakeProblem> problems;
};

Read drain(InputReader& reader) {
  Read all;
  while (auto step = reader.next()) {
    if (auto* line = std::get_if<IntakeLine>(&*step)) all.lines.push_back(*line);
    if (auto* problem = std::get_if<IntakeProblem>(&*step)) all.problems.push_back(*problem);
  }
  return all;
}

Read from_csv(std::string_view text, IntakeSettings settings = {}) {
  TextSource source(text);
  return drain(*read_csv(source, std::move(settings)));
}

Read from_json(std::string_view text, IntakeSettings settings = {}) {
  TextSource source(text);
  return drain(*read_json_lines(source, std::move(settings)));
}

const UpsertAccount& account(const Read& read, std::size_t index) {
  return std::get<UpsertAccount>(read.lines.at(index).input);
}

/// The value of an attribute; fails the test when it is missing or of another type.
template <class Value>
Value value(const AttributeMap& attributes, std::string_view name) {
  for (const auto& [each, input] : attributes) {
    if (each == name) return std::get<Value>(input.value);
  }
  FAIL("no attribute " << name);
  return {};
}

}  // namespace

TEST_CASE("column names become attribute names") {
  CHECK(attribute_name_of_column("GICS Sector") == "gics_sector");
  CHECK(attribute_name_of_column("GICS Sub-Industry") == "gics_sub_industry");
  CHECK(attribute_name_of_column("  Annual revenue (EUR) ") == "annual_revenue_eur");
  CHECK(attribute_name_of_column("2024") == "_2024");
  CHECK(attribute_name_of_column("***").empty());
}

TEST_CASE("cells become flags, numbers and timestamps only where nothing is lost") {
  CHECK(std::get<bool>(infer_value("TRUE").value));
  CHECK(std::get<std::int64_t>(infer_value("-42").value) == -42);
  CHECK(std::get<std::int64_t>(infer_value("9223372036854775807").value) == INT64_MAX);
  CHECK(std::get<double>(infer_value("0.5").value) == 0.5);
  CHECK(std::get<Instant>(infer_value("2017-07-26").value) ==
        Instant(std::chrono::sys_days(std::chrono::July / 26 / 2017)));
  CHECK(std::get<Instant>(infer_value("2026-01-05T09:00:00Z").value) ==
        Instant(std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h));
  for (const char* text : {"007", "+49 30 1234", "9223372036854775808", "1e5", "-0", "1.", ".5", "2013 (1888)",
                           "2026-13-01", "0x10", "1,5", "NaN", "0.1234567890123456", "2026-01-05 09:00", " 1", "yes"}) {
    CAPTURE(text);
    CHECK(std::get<std::string>(infer_value(text).value) == text);
  }
}

TEST_CASE("a CSV file of companies becomes accounts") {
  const Read read = from_csv(
      "Symbol,Security,GICS Sector,Date added,CIK,Founded\n"
      "MMM,3M,Industrials,1957-03-04,0066740,1902\nABBV,AbbVie,Health Care,,1551152,2013 (1888)\n",
      {.key = "Symbol"});
  REQUIRE(read.lines.size() == 2);
  CHECK(account(read, 0).key == "MMM");
  CHECK(value<std::string>(account(read, 0).attributes, "gics_sector") == "Industrials");
  CHECK(value<std::string>(account(read, 0).attributes, "cik") == "0066740");
  CHECK(value<std::int64_t>(account(read, 0).attributes, "founded") == 1902);
  CHECK(value<std::string>(account(read, 1).attributes, "founded") == "2013 (1888)");
  CHECK(account(read, 1).attributes.size() == 4);  // the empty cell says nothing
}

TEST_CASE("renames, text columns and the schema decide before anything is guessed") {
  IntakeSettings settings{.key = "id"};
  settings.renames = {{"Staff", "employees"}};
  settings.text_columns = {"Zip"};
  settings.types = {{"employees", AttributeType::number}, {"since", AttributeType::text}};
  const Read read = from_csv("id,Staff,Zip,since\na,12,10115,2020-01-01\nb,many,1,\n", settings);
  REQUIRE(read.lines.size() == 1);
  CHECK(value<double>(account(read, 0).attributes, "employees") == 12.0);
  CHECK(value<std::string>(account(read, 0).attributes, "zip") == "10115");
  CHECK(value<std::string>(account(read, 0).attributes, "since") == "2020-01-01");
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].line == 3);
  CHECK(read.problems[0].reason == "column \"Staff\": \"many\" is not a number");
}

TEST_CASE("a refused member of a JSON object is named, a key that is missing too") {
  const IntakeSettings settings{.types = {{"employees", AttributeType::whole_number}}};
  const Read read = from_json("{\"key\":\"a\",\"employees\":\"many\"}\n{\"name\":\"b\"}\nnonsense\n", settings);
  REQUIRE(read.problems.size() == 3);
  CHECK(read.problems[0].field == "employees");
  CHECK(read.problems[0].reason == "`employees`: \"many\" is not a whole number");
  CHECK(read.problems[1].field == "key");
  CHECK(read.problems[2].field.empty());
}

TEST_CASE("a header that is one column for want of another delimiter says which one to give") {
  CHECK_THROWS_WITH(from_csv("key;name;employees\na;b;1\n"),
                    Contains("among: key;name;employees") && Contains("--delimiter ';'"));
  CHECK_THROWS_WITH(from_csv("key\tname\na\tb\n"), Contains("--delimiter tab"));
  CHECK_THROWS_WITH(from_csv("symbol\na\n"), EndsWith("among: symbol; name it with --key-column"));
}

TEST_CASE("people name their account") {
  const Read read = from_csv("key,account,first_name\np1,acme,Ada\n", {.kind = RecordKind::person});
  const auto& person = std::get<UpsertPerson>(read.lines.at(0).input);
  CHECK(person.key == "p1");
  CHECK(person.account == "acme");
  CHECK(person.attributes.size() == 1);
  CHECK_THROWS_WITH(from_csv("key,company\n", {.kind = RecordKind::person}), Catch::Contains("--account-column"));
}

TEST_CASE("a header that cannot be meant is said in one sentence") {
  CHECK_THROWS_WITH(from_csv(""), Catch::Contains("the file is empty"));
  CHECK_THROWS_WITH(from_csv("Symbol,Name\n"), "no column \"key\" among: Symbol, Name; name it with --key-column");
  CHECK_THROWS_WITH(from_csv("key,A b,a-b\n"), Catch::Contains("would both be the attribute `a_b`"));
  CHECK_THROWS_WITH(from_csv("Symbol,Key\n", {.key = "Symbol"}), Catch::Contains("the attribute `key`"));
  CHECK_THROWS_WITH(from_csv("key,\n"), Catch::Contains("gives no attribute name"));
}

TEST_CASE("bad records are refused by line and the others taken") {
  const Read read = from_csv("key,name\na,Ant\nb\n,Bee\nc,\xff\nd,Dog\n");
  CHECK(read.lines.size() == 2);
  REQUIRE(read.problems.size() == 3);
  CHECK(read.problems[0].line == 3);
  CHECK(read.problems[0].reason == "1 field, where the header has 2");
  CHECK(read.problems[1].reason == "the key is empty");
  CHECK(read.problems[2].reason == "column \"name\" is not UTF-8");
}

TEST_CASE("JSON values keep their types") {
  const Read read = from_json(
      R"({"key": "acme", "employees": 4200, "score": 0.5, "gone": null, "sites": ["Berlin", 7], "address": {"city": "Bonn"}, "Sub Industry": "seeds"})");
  REQUIRE(read.lines.size() == 1);
  const AttributeMap& attributes = account(read, 0).attributes;
  CHECK(value<std::int64_t>(attributes, "employees") == 4200);
  CHECK(value<double>(attributes, "score") == 0.5);
  value<std::monostate>(attributes, "gone");
  CHECK(value<AttributeList>(attributes, "sites").size() == 2);
  CHECK(value<AttributeMap>(attributes, "address")[0].first == "city");
  CHECK(value<std::string>(attributes, "sub_industry") == "seeds");
}

TEST_CASE("JSON lines that are no records say why") {
  const std::string deep = "{\"key\":\"a\",\"x\":" + std::string(40, '[') + std::string(40, ']') + "}";
  const Read read =
      from_json("[]\n{\"key\":\"a\"} {}\n{}\n{\"key\":true}\n{\"key\":\"\"}\nnope\n{\"key\":\"\xff\"}\n" + deep + "\n");
  CHECK(read.lines.empty());
  REQUIRE(read.problems.size() == 8);
  CHECK_THAT(read.problems[0].reason, Catch::StartsWith("not a JSON object"));
  CHECK(read.problems[1].reason == "more than one JSON value");
  CHECK(read.problems[2].reason == "no `key`, which holds the key");
  CHECK(read.problems[3].reason == "the key `key` is not text");
  CHECK(read.problems[4].reason == "the key is empty");
  CHECK_THAT(read.problems[5].reason, Catch::StartsWith("not JSON: "));
  CHECK_THAT(read.problems[7].reason, Catch::StartsWith("not JSON: "));
}

TEST_CASE("a JSON line beyond the limit is refused and the next one read") {
  IntakeSettings settings;
  settings.limits.record_bytes = 1'000;
  const Read read = from_json("{\"key\":\"" + std::string(500'000, 'x') + "\"}\n{\"key\":\"b\"}\n", settings);
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].reason == "longer than 1000 bytes");
  REQUIRE(read.lines.size() == 1);
  CHECK(read.lines[0].line == 2);
}

TEST_CASE("garbage never ends the reading early") {
  std::mt19937 random(2);
  constexpr std::string_view alphabet = "{}[]\":,\n\r \\ukey1.e-ntrfalse\0\xff\xc3";
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::size_t length = random() % 300; text.size() < length;)
      text += alphabet[random() % alphabet.size()];
    const Read json = from_json(text);
    CHECK(json.lines.size() + json.problems.size() <= text.size());
    const Read csv = from_csv("key,b\n" + text);
    CHECK(csv.lines.size() + csv.problems.size() <= text.size());
  }
}
