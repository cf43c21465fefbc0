// Lists of accounts and people over HTTP, filtered by a condition as journeys have them.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

using Keys = std::vector<std::string>;

/// As it stands in a URL.
std::string encoded(std::string_view text) {
  std::string all;
  for (const char c : text) {
    std::array<char, 4> digits{};
    std::snprintf(digits.data(), digits.size(), "%%%02X", static_cast<unsigned char>(c));
    all += digits.data();
  }
  return all;
}

/// All that `where` finds, page by page.
Keys found(RunningApi& api, const std::string& list, const std::string& where, const std::string& more = "") {
  Keys keys;
  std::string cursor;
  do {
    const ApiReply page = api.get("/v1/" + list + "?where=" + encoded(where) + more + cursor);
    CAPTURE(page.body);
    REQUIRE(page.status == 200);
    const boost::json::value body = page.json();
    for (const boost::json::value& item : body.at("items").as_array())
      keys.emplace_back(item.at("key").as_string());
    cursor = body.at("next").is_null() ? "" : "&cursor=" + std::string(body.at("next").as_string());
  } while (!cursor.empty());
  return keys;
}

std::string detail(RunningApi& api, const std::string& list, const std::string& where) {
  const ApiReply reply = api.get("/v1/" + list + "?where=" + encoded(where));
  CHECK(reply.status == 400);
  CHECK(reply.code() == "invalid-condition");
  CHECK(reply.json().at("field") == "where");
  return std::string(reply.json().at("detail").as_string());
}

SourceTexts with_schema() {
  SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n");
  texts["schema.yaml"] =
      "schema:\n  account:\n    industry: text\n    size: whole_number\n    name: text\n  person:\n    title: text\n   "
      " first_name: text\n";
  return texts;
}

/// Accounts a to g, of sizes 0 to 6, each with a person; only every second one has an industry.
void fill(RunningApi& api) {
  for (int i = 0; i < 7; ++i) {
    const std::string key(1, static_cast<char>('a' + i));
    const std::string industry = i % 2 == 0 ? R"(, "industry": "seeds")" : "";
    api.put("/v1/accounts/" + key, R"({"size": )" + std::to_string(i) + industry + "}");
    api.put("/v1/people/p" + key,
            R"({"account": ")" + key + R"(", "title": ")" + (i < 3 ? "Chief Agronomist" : "Farmer") + "\"}");
  }
}

}  // namespace

TEST_CASE("accounts and people are filtered by a condition, page by page and in every order") {
  RunningApi api;
  fill(api);
  for (const char* limit : {"&limit=1", "&limit=2", "&limit=100"}) {
    CAPTURE(limit);
    CHECK(found(api, "accounts", "account.industry == 'seeds' && account.size > 1", limit) == Keys{"c", "e", "g"});
    CHECK(found(api, "accounts", "account.size in [1, 5]", std::string(limit) + "&order=-key") == Keys{"f", "b"});
    CHECK(found(api, "accounts", "account.key >= 'e'", std::string(limit) + "&order=-created") == Keys{"g", "f", "e"});
    CHECK(found(api, "people", "person.title.startsWith('Chief') && account.size > 0", limit) == Keys{"pb", "pc"});
    CHECK(found(api, "people", "account.industry == 'seeds' && person.title == 'Farmer'",
                std::string(limit) + "&order=created") == Keys{"pe", "pg"});
  }
  CHECK(found(api, "accounts", "people.exists(p, p.title == 'Farmer')") == Keys{"d", "e", "f", "g"});
  CHECK(found(api, "accounts", "now > timestamp('2026-01-01T00:00:00Z')").size() == 7);
}

TEST_CASE("a condition reads buying groups and roles as journeys do") {
  RunningApi api;
  fill(api);
  for (const char* key : {"b", "d"})
    api.put("/v1/accounts/" + std::string(key) + "/buying-groups/ai-driven-seeds/members/p" + key,
            R"({"role": "influencer"})");
  CHECK(found(api, "accounts", "has_group('ai-driven-seeds') && group('ai-driven-seeds').members == 1") ==
        Keys{"b", "d"});
  CHECK(found(api, "people", "person.role('ai-driven-seeds') == 'influencer'") == Keys{"pb", "pd"});
}

TEST_CASE("a condition that fails to evaluate does not hold") {
  RunningApi api;
  fill(api);
  CHECK(found(api, "accounts", "account.industry == 'seeds'") == Keys{"a", "c", "e", "g"});
  CHECK(found(api, "accounts", "account.industry != 'seeds'").empty());
  CHECK(found(api, "accounts", "!has(account.industry)") == Keys{"b", "d", "f"});
  CHECK(found(api, "accounts", "10 / account.size > 4") == Keys{"b", "c"});
}

TEST_CASE("a condition that is none is refused with its place and what to do") {
  RunningApi api(with_schema());
  fill(api);
  CHECK(found(api, "accounts", "account.size == 2") == Keys{"c"});
  CHECK(detail(api, "accounts", "account.size == 2 & true").find("at letter 19") != std::string::npos);
  const std::string unknown = detail(api, "accounts", "account.indutsry == 'seeds'");
  CHECK(unknown.find("at letter 9") != std::string::npos);
  CHECK(unknown.find("industry") != std::string::npos);
  // Letters are counted, not bytes.
  CHECK(detail(api, "accounts",
               "'s\xC3\xBC"
               "d' & true")
            .find("at letter 7") != std::string::npos);
  detail(api, "accounts", "account.size + 1");
  detail(api, "accounts", "person.title == 'Chief'");
  detail(api, "people", "event.type == 'x'");
  detail(api, "accounts", "");
  CHECK(detail(api, "accounts", std::string(5'000, ' ') + "true").find("longer than 4096 bytes") != std::string::npos);
  CHECK(api.get("/v1/accounts?attribute=size&value=2").code() == "unknown-parameter");
}

TEST_CASE("names that a condition alone has used are not kept") {
  RunningApi api;
  fill(api);
  for (int i = 0; i < 50; ++i)
    CHECK(found(api, "accounts",
                "account.made_up_" + std::to_string(i) + " == 1 || account['other_" + std::to_string(i) + "'] == 2")
              .empty());
  CHECK_FALSE(api.names().find("made_up_7"));
  CHECK_FALSE(api.names().find("other_7"));
}

TEST_CASE("a page looks at a bounded number of rows, and no condition costs more than so much") {
  SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n");
  texts["journeys/seeds.yaml"] = "journey: seeds\nnodes:\n  - id: pause\n    wait: 3d\n";
  RunningApi api(std::move(texts));
  std::string lines;
  for (int i = 0; i < 12'000; ++i)
    lines += "{\"key\": \"a" + std::to_string(100'000 + i) + "\", \"size\": " + std::to_string(i) + "}\n";
  api.ask("POST", "/v1/import/accounts?results=refused", lines, {{"Content-Type", "application/x-ndjson"}});
  const auto page = [&](const std::string& where, const std::string& more = "") {
    return api.get("/v1/accounts?limit=500&where=" + encoded(where) + more).json();
  };
  // Only the last fits: the first page ends before it.
  const boost::json::value first = page("account.size == 11999");
  CHECK(first.at("items").as_array().empty());
  REQUIRE(first.at("next").is_string());
  const boost::json::value second =
      page("account.size == 11999", "&cursor=" + std::string(first.at("next").as_string()));
  CHECK(second.at("items").as_array().size() == 1);
  CHECK(second.at("next").is_null());
  // What costs much ends a page sooner.
  const std::string nested = "[1,2,3,4,5,6,7,8,9,10]";
  const std::string dear = nested + ".all(a, " + nested + ".all(b, " + nested + ".all(c, " + nested +
                           ".all(d, a + b + c + d > account.size - 20000))))";
  const boost::json::value short_page = page(dear);
  CHECK(short_page.at("items").as_array().size() < 500);
  CHECK(short_page.at("items").as_array().size() > 0);
  CHECK(short_page.at("next").is_string());
}
