// Events out of files: which columns and members say what an event is, which are its properties, and what is refused.

#include "engine/intake/intake.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using Catch::Contains;

namespace {

struct Read {
  std::vector<TellEvent> events;
  std::vector<std::string> problems;  ///< `line: reason`
};

Read drain(InputReader& reader) {
  Read all;
  while (auto step = reader.next()) {
    if (auto* line = std::get_if<IntakeLine>(&*step)) all.events.push_back(std::get<TellEvent>(line->input));
    if (auto* problem = std::get_if<IntakeProblem>(&*step))
      all.problems.push_back(std::to_string(problem->line) + ": " + problem->reason);
  }
  return all;
}

IntakeSettings settings() {
  IntakeSettings settings;
  settings.kind = RecordKind::event;
  return settings;
}

Read from_csv(std::string_view text, IntakeSettings how = settings()) {
  TextSource source(text);
  return drain(*read_csv(source, std::move(how)));
}

Read from_json(std::string_view text, IntakeSettings how = settings()) {
  TextSource source(text);
  return drain(*read_json_lines(source, std::move(how)));
}

/// The value of a property; fails the test when it is missing or of another type.
template <class Value>
Value property(const TellEvent& event, std::string_view name) {
  for (const auto& [each, input] : event.properties) {
    if (each == name) return std::get<Value>(input.value);
  }
  FAIL("no property " << name);
  return {};
}

const Instant nine = *parse_instant("2026-01-05T09:00:00Z");

}  // namespace

TEST_CASE("a JSON line says what has happened, to whom and when; the rest are properties") {
  const Read read = from_json(
      "{\"id\":\"e1\",\"type\":\"form.submitted\",\"person\":\"ada\",\"at\":\"2026-01-05T10:00:00+01:00\","
      "\"form\":\"demo\",\"fields\":{\"size\":3}}\n"
      "{\"seats\":12,\"type\":\"contract.expanded\",\"account\":7,\"id\":null}\n");
  REQUIRE(read.events.size() == 2);
  const TellEvent& form = read.events[0];
  CHECK(form.type == "form.submitted");
  CHECK(form.person == "ada");
  CHECK(form.account.empty());
  CHECK(form.id == "e1");
  CHECK(form.at == nine);
  CHECK(form.properties.size() == 2);
  CHECK(property<std::string>(form, "form") == "demo");
  CHECK(property<AttributeMap>(form, "fields").size() == 1);
  const TellEvent& contract = read.events[1];
  CHECK(contract.account == "7");
  CHECK(contract.id.empty());
  CHECK_FALSE(contract.at);
  CHECK(property<std::int64_t>(contract, "seats") == 12);
}

TEST_CASE("a CSV line says the same; an empty cell is no property") {
  const Read read = from_csv(
      "type,person,at,Page URL,key\n"
      "page.viewed,ada,2026-01-05T09:00:00Z,https://a.example/pricing,\n"
      "page.viewed,ben,2026-01-05,,k1\n");
  REQUIRE(read.events.size() == 2);
  CHECK(read.events[0].at == nine);
  CHECK(property<std::string>(read.events[0], "page_url") == "https://a.example/pricing");
  CHECK(read.events[0].properties.size() == 1);
  CHECK(read.events[1].at == *parse_instant("2026-01-05T00:00:00Z"));
  CHECK(property<std::string>(read.events[1], "key") == "k1");
}

TEST_CASE("columns and members of other names are renamed to what they say") {
  IntakeSettings how = settings();
  how.renames = {{"Contact", "person"}, {"Action", "type"}, {"When", "at"}};
  const Read csv = from_csv("Action,Contact,When\nform.submitted,ada,2026-01-05T09:00:00Z\n", how);
  const Read json =
      from_json("{\"Action\":\"form.submitted\",\"Contact\":\"ada\",\"When\":\"2026-01-05T09:00:00Z\"}", how);
  for (const Read& read : {csv, json}) {
    REQUIRE(read.events.size() == 1);
    CHECK(read.events[0].type == "form.submitted");
    CHECK(read.events[0].person == "ada");
    CHECK(read.events[0].at == nine);
    CHECK(read.events[0].properties.empty());
  }
}

TEST_CASE("what the schema says of a property depends on the event's type") {
  IntakeSettings how = settings();
  how.event_types["seats.reported"]["code"] = AttributeType::whole_number;
  how.event_types["form.submitted"]["code"] = AttributeType::text;
  const Read csv =
      from_csv("type,account,code\nform.submitted,a,12\nseats.reported,a,12\nseats.reported,a,many\n", how);
  REQUIRE(csv.events.size() == 2);
  CHECK(property<std::string>(csv.events[0], "code") == "12");
  CHECK(property<std::int64_t>(csv.events[1], "code") == 12);
  REQUIRE(csv.problems.size() == 1);
  CHECK(csv.problems[0] == "4: column \"code\": \"many\" is not a whole number");
  const Read json = from_json("{\"type\":\"form.submitted\",\"account\":\"a\",\"code\":12}\n", how);
  CHECK(json.problems.at(0) == "1: `code`: 12 is not text");
}

TEST_CASE("a value that is refused is shown, and cut between its letters where it is long") {
  IntakeSettings how = settings();
  how.event_types["seats.reported"]["code"] = AttributeType::whole_number;
  std::string cell = "x";
  for (int i = 0; i < 40; ++i)
    cell += "\u00e4";  // two bytes each, so that the limit of 60 falls into one
  std::string kept = "x";
  for (int i = 0; i < 29; ++i)
    kept += "\u00e4";
  const Read csv = from_csv("type,account,code\nseats.reported,a," + cell + "\n", how);
  CHECK(csv.problems == std::vector<std::string>{"2: column \"code\": \"" + kept + "...\" is not a whole number"});
  const Read json = from_json(R"({"type":"seats.reported","account":"a","code":["many",1]})", how);
  CHECK(json.problems == std::vector<std::string>{"1: `code`: [\"many\",1] is not a whole number"});
}

TEST_CASE("what is no event is refused by its line") {
  const Read json = from_json(
      "{\"person\":\"ada\"}\n"
      "{\"type\":\"page.viewed\",\"person\":\"ada\",\"at\":\"yesterday\"}\n"
      "{\"type\":\"page.viewed\",\"person\":[\"ada\"]}\n"
      "{\"type\":\"page.viewed\",\"person\":\"ada\",\"***\":1}\n");
  CHECK(json.events.empty());
  REQUIRE(json.problems.size() == 4);
  CHECK(json.problems[0] == "1: no `type`, which says what has happened");
  CHECK(json.problems[1] == "2: `at`: \"yesterday\" is not a date, or a time with its zone");
  CHECK(json.problems[2] == "3: `person` is not text");
  CHECK_THAT(json.problems[3], Contains("gives no attribute name"));
  const Read csv = from_csv("type,person,at\npage.viewed,ada,soon\npage.viewed\n");
  CHECK(csv.problems == std::vector<std::string>{"2: `at`: \"soon\" is not a date, or a time with its zone",
                                                 "3: 1 field, where the header has 3"});
}

TEST_CASE("a header without a type, or without anybody it happens to, is read no further") {
  CHECK_THROWS_WITH(from_csv("what,person\na,b\n"),
                    Contains("no column \"type\" among: what, person; name it with --rename"));
  CHECK_THROWS_WITH(from_csv("type,who\na,b\n"), Contains("no column \"person\" or \"account\" among: type, who"));
  CHECK_THROWS_WITH(from_csv("type,person,Person\na,b,c\n"), Contains("would both be the attribute `person`"));
}
