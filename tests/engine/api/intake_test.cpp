// Events and streams over HTTP, and requests that come twice.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "engine/api/upload.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

const RunningApi::Headers kLines = {{"Content-Type", "application/x-ndjson"}};
const RunningApi::Headers kCsv = {{"Content-Type", "text/csv"}};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::int64_t events_of(RunningApi& api, const char* account) {
  return api.reader().activity_count(api.reader().account(account)->id);
}

}  // namespace

TEST_CASE("an event is taken once, and is known when it comes again") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  const std::string event = R"({"type": "page.viewed", "account": "acme", "id": "e-1", "url": "https://example.com"})";
  const ApiReply taken = api.post("/v1/events", event);
  CHECK(taken.status == 201);
  CHECK(taken.result() == "taken");
  const ApiReply again = api.post("/v1/events", event);
  CHECK(again.status == 200);
  CHECK(again.result() == "known");
  CHECK(events_of(api, "acme") == 1);
}

TEST_CASE("an event that is none is refused with what is wrong") {
  RunningApi api;
  CHECK(api.post("/v1/events", R"({"type": "page.viewed", "account": "nobody"})").status == 404);
  CHECK(api.post("/v1/events", R"({"account": "acme"})").code() == "invalid-input");
  CHECK(api.post("/v1/events", R"({"type": "Page Viewed", "account": "acme"})").status == 422);
  CHECK(api.post("/v1/events", R"("page.viewed")").code() == "malformed-json");
  CHECK(api.post("/v1/events", std::string(100, '[')).code() == "malformed-json");
}

TEST_CASE("a refusal names the member that is wrong, of an event in a list too") {
  SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n");
  texts["schema.yaml"] =
      "schema:\n  account: {industry: text, name: text, employees: whole_number}\n  person: {title: text, first_name: "
      "text}\n"
      "  event: {seats.reported: {used: whole_number}}\n";
  RunningApi api(texts);
  const auto field_of = [](const ApiReply& reply) {
    CHECK(reply.status == 422);
    return std::string(reply.json().at("field").as_string());
  };
  CHECK(api.put("/v1/accounts/acme", "{}").status == 201);
  CHECK(field_of(api.put("/v1/accounts/acme", R"({"employees": "many"})")) == "employees");
  CHECK(field_of(api.put("/v1/people/mia", R"({"account": "acme", "title": 5})")) == "title");
  CHECK(field_of(api.post("/v1/events", R"({"account": "acme"})")) == "type");
  CHECK(field_of(api.post("/v1/events", R"({"type": "Page Viewed", "account": "acme"})")) == "type");
  CHECK(field_of(api.post("/v1/events", R"({"type": "page.viewed"})")) == "account");
  CHECK(field_of(api.post("/v1/events", R"({"type": "page.viewed", "account": "acme", "at": "soon"})")) == "at");
  const std::string wrong = R"({"type": "seats.reported", "account": "acme", "used": "all"})";
  CHECK(field_of(api.post("/v1/events", wrong)) == "used");
  const boost::json::value results = api.post("/v1/events", "[" + wrong + "]").json();
  CHECK(results.at("results").at(0).at("field") == "used");
}

TEST_CASE("a whole number comes back as it was sent, whatever its type is") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  CHECK(api.post("/v1/events", R"({"type": "event.attended", "account": "acme", "minutes": 12})").status == 201);
  CHECK_THAT(api.get("/v1/accounts/acme/timeline").body, Catch::Contains(R"("minutes":12})"));
}

TEST_CASE("of a list of events each is taken or refused on its own") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  const ApiReply reply = api.post("/v1/events", R"([{"type": "page.viewed", "account": "acme", "id": "1"},
      {"type": "page.viewed", "account": "nobody"}, 5, {"type": "page.viewed", "account": "acme", "id": "1"}])");
  CHECK(reply.status == 200);
  const boost::json::value body = reply.json();
  const boost::json::array& results = body.at("results").as_array();
  REQUIRE(results.size() == 4);
  CHECK(results[0].at("result") == "taken");
  CHECK(results[1].at("code") == "unknown-subject");
  CHECK(results[2].at("code") == "invalid-input");
  CHECK(results[3].at("result") == "known");
  CHECK(events_of(api, "acme") == 1);
  CHECK(api.post("/v1/events", "[]").status == 422);
}

TEST_CASE("a stream of JSON lines is answered line by line, and what can be taken is") {
  RunningApi api;
  const ApiReply reply = api.ask(
      "POST", "/v1/import/accounts",
      "{\"key\": \"a\"}\n{\"key\": 1.5}\n{\"key\": \"b\", \"employees\": 7}\n{\"key\": \"a\"}\nnonsense\n", kLines);
  CHECK(reply.status == 200);
  CHECK(reply.header("content-type") == "application/x-ndjson");
  const std::vector<std::string> lines = lines_of(reply.body);
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] == R"({"line":1,"result":"created"})");
  CHECK(lines[1] == R"({"line":2,"result":"refused","reason":"the key `key` is not text"})");
  CHECK(lines[2] == R"({"line":3,"result":"created"})");
  CHECK(lines[3] == R"({"line":4,"result":"updated"})");
  CHECK(boost::json::parse(lines[4]).at("result") == "refused");
  CHECK(lines[5] == R"({"summary":{"created":2,"updated":1,"known":0,"refused":2,"whole":true}})");
  CHECK(api.reader().totals().accounts == 2);

  const ApiReply refused =
      api.ask("POST", "/v1/import/accounts?results=refused", "{\"key\": \"c\"}\nnonsense\n", kLines);
  CHECK(lines_of(refused.body).size() == 2);
  const ApiReply none = api.ask("POST", "/v1/import/accounts?results=none", "{\"key\": \"d\"}\nnonsense\n", kLines);
  CHECK(lines_of(none.body) ==
        std::vector<std::string>{R"({"summary":{"created":1,"updated":0,"known":0,"refused":1,"whole":true}})"});
}

TEST_CASE("CSV is read by its header, and refused whole without a key") {
  RunningApi api;
  CHECK(api.ask("POST", "/v1/import/accounts?key=id&results=none", "id,employees\nacme,12\n", kCsv).status == 200);
  CHECK(api.ask("POST", "/v1/import/people?results=none", "key,account,title\nmia,acme,CTO\n", kCsv).status == 200);
  CHECK(api.reader().person("mia"));
  const ApiReply unreadable = api.ask("POST", "/v1/import/accounts", "name\nacme\n", kCsv);
  CHECK(unreadable.status == 422);
  CHECK(unreadable.code() == "unreadable");
  CHECK(api.ask("POST", "/v1/import/accounts", "{}", {{"Content-Type", "application/json"}}).status == 415);
  CHECK(api.ask("POST", "/v1/import/accounts?results=some", "x", kLines).code() == "invalid-parameter");
}

TEST_CASE("more streams than may be at once come one after the other") {
  RunningApi api;
  for (std::size_t i = 0; i <= 2 * api::kMostUploads; ++i) {
    const ApiReply reply = api.ask("POST", "/v1/import/accounts?results=none", "{\"key\": \"a\"}\n", kLines);
    CHECK(reply.status == 200);
  }
}

TEST_CASE("a long stream of events is all there when it is answered") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  std::string body;
  for (int i = 0; i < 9'000; ++i)
    body += "{\"type\":\"page.viewed\",\"account\":\"acme\",\"id\":\"" + std::to_string(i) + "\"}\n";
  const ApiReply reply = api.ask("POST", "/v1/import/events?results=none", body, kLines);
  CHECK(lines_of(reply.body) ==
        std::vector<std::string>{R"({"summary":{"created":9000,"updated":0,"known":0,"refused":0,"whole":true}})"});
  CHECK(events_of(api, "acme") == 9'000);
}

TEST_CASE("a request that comes again with its key is not done twice, and gets the same answer") {
  RunningApi api;
  const RunningApi::Headers key = {{"Idempotency-Key", "k-1"}};
  const ApiReply first = api.ask("PUT", "/v1/accounts/acme", R"({"employees": 1})", key);
  CHECK(first.status == 201);
  CHECK(first.header("idempotency-replayed").empty());
  api.put("/v1/accounts/acme", R"({"employees": 2})");
  const ApiReply again = api.ask("PUT", "/v1/accounts/acme", R"({"employees": 1})", key);
  CHECK(again.status == 201);
  CHECK(again.result() == "created");
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK(api.get("/v1/accounts/acme").json().at("attributes").at("employees") == 2);

  const ApiReply other = api.ask("PUT", "/v1/accounts/acme", R"({"employees": 3})", key);
  CHECK(other.status == 422);
  CHECK(other.code() == "idempotency-key-reused");
  CHECK(api.ask("PUT", "/v1/accounts/acme", "{}", {{"Idempotency-Key", std::string(300, 'k')}}).code() ==
        "invalid-header");
}
