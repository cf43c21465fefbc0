// Accounts and people over HTTP: read, upserted, related, removed; what is in the store afterwards.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

std::vector<std::string> keys_of(const ApiReply& page) {
  std::vector<std::string> keys;
  const boost::json::value body = page.json();
  for (const boost::json::value& item : body.at("items").as_array())
    keys.emplace_back(item.at("key").as_string());
  return keys;
}

std::string next_of(const ApiReply& page) {
  const boost::json::value body = page.json();
  const boost::json::value& next = body.at("next");
  return next.is_string() ? std::string(next.get_string()) : std::string();
}

/// A whole number of the account acme's; nothing where it has none of that name.
std::optional<std::int64_t> number_of_acme(RunningApi& api, const char* name) {
  const std::optional<NameId> id = api.names().find(name);
  const std::optional<AccountRecord> account = api.reader().account("acme");
  const auto value = id ? account->attributes.find(*id) : std::nullopt;
  return value ? std::optional(value->integer()) : std::nullopt;
}

}  // namespace

TEST_CASE("an account is made, merged and read, and is in the store when it was answered") {
  RunningApi api;
  const ApiReply made = api.put("/v1/accounts/acme", R"({"industry": "technology", "employees": 4200})");
  CHECK(made.status == 201);
  CHECK(made.result() == "created");
  CHECK(number_of_acme(api, "employees") == 4200);

  const ApiReply merged = api.put("/v1/accounts/acme", R"({"employees": 4300, "industry": null})");
  CHECK(merged.status == 200);
  CHECK(merged.result() == "updated");
  CHECK(number_of_acme(api, "employees") == 4300);
  CHECK_FALSE(number_of_acme(api, "industry"));

  const ApiReply read = api.get("/v1/accounts/acme");
  CHECK(read.status == 200);
  CHECK(read.body == R"({"key":"acme","attributes":{"employees":4300}})"
                     "\n");
  CHECK(api.get("/v1/accounts/nobody").code() == "unknown-account");
}

TEST_CASE("an account comes with its people, and what it enters at once finds them") {
  RunningApi api(seeds_workspace("- {id: hello, send_email: welcome}\n- {id: settle, wait: 3d}\n"));
  const std::string body = R"({"attributes": {"employees": 5}, "people": [
    {"key": "ada", "email": "ada@acme.example"}, {"key": "ben", "email": "ben@acme.example", "account_role": "chief"}]})";
  const ApiReply made = api.post("/v1/accounts/acme/people", body);
  CHECK(made.status == 201);
  CHECK(made.result() == "created");
  api.settle();
  std::vector<DeliveryRecord> promised;
  api.reader().deliveries_in(DeliveryState::pending, 10, promised);
  CHECK(promised.size() == 2);
  CHECK(keys_of(api.get("/v1/accounts/acme/people")) == std::vector<std::string>{"ada", "ben"});
  CHECK(api.post("/v1/accounts/acme/people", R"({"people": [{"key": "cy"}]})").result() == "updated");
  CHECK(keys_of(api.get("/v1/accounts/acme/people")) == std::vector<std::string>{"ada", "ben", "cy"});

  const auto field = [&](const std::string& wrong) {
    const ApiReply reply = api.post("/v1/accounts/zeta/people", wrong);
    CHECK(reply.status == 422);
    return std::string(reply.json().at("field").as_string());
  };
  CHECK(field(R"({"people": [{"key": "dee"}, {"email": "x@zeta.example"}]})") == "people[1]");
  CHECK(field(R"({"people": [{"key": "dee", "account": "acme"}]})") == "people[0].account");
  CHECK(field(R"({"people": {}})") == "people");
  CHECK(field(R"({"atributes": {}})") == "atributes");
  CHECK(field(R"({"attributes": []})") == "attributes");
  CHECK_FALSE(api.reader().account("zeta"));  // nothing of what is refused is taken
}

TEST_CASE("a key with any letters is a part of the path") {
  RunningApi api;
  CHECK(api.put("/v1/accounts/acme%2Fs%C3%BCd%20%25", "{}").status == 201);
  CHECK(
      api.reader().account("acme/s\xC3\xBC"
                           "d %"));
  CHECK(api.get("/v1/accounts/acme%2Fs%C3%BCd%20%25").json().at("key") ==
        "acme/s\xC3\xBC"
        "d %");
}

TEST_CASE("what is no account is refused with what is wrong, and leaves nothing") {
  RunningApi api;
  const ApiReply broken = api.put("/v1/accounts/acme", "{\"industry\": ");
  CHECK(broken.status == 400);
  CHECK(broken.code() == "malformed-json");
  CHECK(broken.header("content-type") == "application/problem+json");
  CHECK(api.put("/v1/accounts/acme", "[1]").code() == "malformed-json");
  CHECK(api.put("/v1/accounts/acme", R"({"key": "other"})").code() == "invalid-member");
  CHECK(api.put("/v1/accounts/~x", "{}").code() == "invalid-input");
  CHECK(api.ask("PUT", "/v1/accounts/acme", "a=1", {{"Content-Type", "application/x-www-form-urlencoded"}}).status ==
        415);
  CHECK(api.put("/v1/accounts/acme", std::string(2'000'000, ' ')).status == 413);
  CHECK(api.reader().totals().accounts == 0);
}

TEST_CASE("accounts are listed page by page, by key or in the order in which they were made, both ways") {
  RunningApi api;
  for (const char* key : {"delta", "alpha", "echo", "bravo", "charlie"})
    api.put("/v1/accounts/" + std::string(key), "{}");
  const ApiReply first = api.get("/v1/accounts?limit=2");
  CHECK(keys_of(first) == std::vector<std::string>{"alpha", "bravo"});
  const ApiReply second = api.get("/v1/accounts?limit=2&cursor=" + next_of(first));
  CHECK(keys_of(second) == std::vector<std::string>{"charlie", "delta"});
  const ApiReply last = api.get("/v1/accounts?limit=2&cursor=" + next_of(second));
  CHECK(keys_of(last) == std::vector<std::string>{"echo"});
  CHECK(next_of(last).empty());
  CHECK(keys_of(api.get("/v1/accounts?order=-key&limit=2")) == std::vector<std::string>{"echo", "delta"});
  CHECK(keys_of(api.get("/v1/accounts?order=created")) ==
        std::vector<std::string>{"delta", "alpha", "echo", "bravo", "charlie"});
  CHECK(keys_of(api.get("/v1/accounts?order=-created&limit=1")) == std::vector<std::string>{"charlie"});

  CHECK(api.get("/v1/accounts?limit=0").code() == "invalid-parameter");
  CHECK(api.get("/v1/accounts?limit=many").code() == "invalid-parameter");
  CHECK(api.get("/v1/accounts?order=size").code() == "invalid-parameter");
  CHECK(api.get("/v1/accounts?cursor=abc").code() == "invalid-cursor");
  CHECK(api.get("/v1/accounts?order=-key&cursor=" + next_of(first)).code() == "invalid-cursor");
  CHECK(api.get("/v1/people?cursor=" + next_of(first)).code() == "invalid-cursor");
}

TEST_CASE("a person is made in an account that is there, and told with it") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/accounts/zeta", "{}");
  const ApiReply made = api.put(
      "/v1/people/mia", R"({"account": "acme", "account_role": "employee", "title": "CTO", "accounts": ["zeta"]})");
  CHECK(made.status == 201);
  REQUIRE(api.reader().person("mia"));
  CHECK(api.get("/v1/people/mia").body ==
        R"({"key":"mia","account":"acme","account_role":"employee","attributes":{"title":"CTO"}})"
        "\n");
  const ApiReply people = api.get("/v1/accounts/zeta/people");
  CHECK(keys_of(people) == std::vector<std::string>{"mia"});
  CHECK_FALSE(people.json().at("items").at(0).at("is_primary").as_bool());
  const boost::json::value accounts = api.get("/v1/people/mia/accounts").json();
  REQUIRE(accounts.at("items").as_array().size() == 2);
  CHECK(accounts.at("items").at(0).at("account") == "acme");
  CHECK(accounts.at("items").at(0).at("role") == "employee");
  CHECK(accounts.at("items").at(0).at("is_primary").as_bool());
  CHECK(accounts.at("items").at(1).at("account") == "zeta");
  CHECK(accounts.at("next").is_null());

  const ApiReply nowhere = api.put("/v1/people/max", R"({"account": "nowhere"})");
  CHECK(nowhere.status == 404);
  CHECK_FALSE(api.reader().person("max"));
  const ApiReply partly = api.put("/v1/people/max", R"({"account": "acme", "accounts": ["nowhere"]})");
  CHECK(partly.status == 404);
  CHECK(partly.code() == "partly-taken");
  CHECK(api.reader().person("max"));
  CHECK(api.get("/v1/people/nobody").code() == "unknown-person");
}

TEST_CASE("a person belongs to another account until that is ended, and is gone when removed") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/accounts/zeta", "{}");
  api.put("/v1/people/mia", R"({"account": "acme"})");
  CHECK(api.put("/v1/people/mia/accounts/zeta", R"({"role": "advisor"})").result() == "related");
  std::vector<RelationRecord> relations;
  api.reader().relations_of(api.reader().person("mia")->id, relations);
  REQUIRE(relations.size() == 1);
  CHECK(api.names().text_of(relations[0].role) == "advisor");
  CHECK(api.remove("/v1/people/mia/accounts/zeta").result() == "removed");
  relations.clear();
  api.reader().relations_of(api.reader().person("mia")->id, relations);
  CHECK(relations.empty());
  CHECK(api.put("/v1/people/mia/accounts/nowhere", "{}").status == 404);

  CHECK(api.remove("/v1/people/mia").result() == "removed");
  CHECK_FALSE(api.reader().person("mia"));
  CHECK(api.remove("/v1/people/mia").status == 404);
}

TEST_CASE("people are listed, and those of an account page by page") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/accounts/zeta", "{}");
  for (const char* key : {"mia", "leo", "eva", "tim"})
    api.put("/v1/people/" + std::string(key), R"({"account": "acme"})");
  api.put("/v1/people/max", R"({"account": "zeta", "accounts": ["acme"]})");
  CHECK(keys_of(api.get("/v1/people?limit=2")) == std::vector<std::string>{"eva", "leo"});
  CHECK(keys_of(api.get("/v1/people?order=-created&limit=1")) == std::vector<std::string>{"max"});

  std::vector<std::string> keys;
  std::string cursor;
  do {
    const ApiReply page = api.get("/v1/accounts/acme/people?limit=2" + cursor);
    const std::vector<std::string> some = keys_of(page);
    CHECK(some.size() <= 2);
    keys.insert(keys.end(), some.begin(), some.end());
    cursor = next_of(page).empty() ? "" : "&cursor=" + next_of(page);
  } while (!cursor.empty());
  CHECK(keys == std::vector<std::string>{"mia", "leo", "eva", "tim", "max"});
  CHECK(keys_of(api.get("/v1/accounts/acme/people?order=-created&limit=1")) == std::vector<std::string>{"max"});
  CHECK(api.get("/v1/accounts/acme/people?order=key").code() == "invalid-parameter");
  CHECK(api.get("/v1/accounts/acme/people?cursor=x").code() == "invalid-cursor");
  CHECK(api.get("/v1/accounts/nobody/people").status == 404);
  CHECK(api.get("/v1/people/nobody/accounts").status == 404);
}

TEST_CASE("the accounts of a person come page by page, with their places in buying groups") {
  RunningApi api;
  for (const char* key : {"acme", "beta", "zeta"})
    api.put("/v1/accounts/" + std::string(key), "{}");
  api.put("/v1/people/mia", R"({"account": "beta", "accounts": ["acme", {"account": "zeta", "role": "advisor"}]})");
  api.put("/v1/accounts/acme/buying-groups/ai-driven-seeds/members/mia", R"({"role": "influencer"})");
  std::vector<std::string> accounts;
  std::string cursor;
  do {
    const ApiReply page = api.get("/v1/people/mia/accounts?limit=1" + cursor);
    REQUIRE(page.status == 200);
    const boost::json::value body = page.json();
    for (const boost::json::value& item : body.at("items").as_array())
      accounts.emplace_back(item.at("account").as_string());
    cursor = next_of(page).empty() ? "" : "&cursor=" + next_of(page);
  } while (!cursor.empty());
  CHECK(accounts == std::vector<std::string>{"beta", "acme", "zeta"});
  const boost::json::value all = api.get("/v1/people/mia/accounts").json();
  CHECK(all.at("items").at(0).at("buying_groups").as_array().empty());
  CHECK(all.at("items").at(1).at("buying_groups").at(0).at("role") == "influencer");
  CHECK(all.at("items").at(1).at("buying_groups").at(0).at("source") == "hand");
  CHECK(all.at("items").at(2).at("role") == "advisor");
}
