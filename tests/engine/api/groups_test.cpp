// Buying groups, audiences, lists and destinations over HTTP.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

const std::string kGroup = "/v1/accounts/acme/buying-groups/ai-driven-seeds";

boost::json::array items_of(const ApiReply& reply) {
  return reply.json().as_object().at("items").as_array();
}

SourceTexts with_list() {
  SourceTexts texts =
      seeds_workspace("- id: note\n  add_to_list: callers\n- id: show\n  activate: ads\n- id: pause\n  wait: 3d\n");
  texts["caravan.yaml"] += "lists: {callers: {of: accounts, title: To call}}\ndestinations: {ads: {of: accounts}}\n";
  return texts;
}

}  // namespace

TEST_CASE("a person is put into a group by hand, taken out and released") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/people/mia", R"({"account": "acme", "title": "Chief"})");
  CHECK(api.put(kGroup + "/members/mia", R"({"role": "influencer", "reason": "asked"})").result() == "assigned");
  const ApiReply group = api.get(kGroup);
  CHECK(group.status == 200);
  CHECK(group.json().at("members") == 1);
  const boost::json::array members = items_of(api.get(kGroup + "/members"));
  REQUIRE(members.size() == 1);
  CHECK(members[0].at("role") == "influencer");
  CHECK(members[0].at("reason") == "asked");
  CHECK(api.put(kGroup + "/members/mia", R"({"role": "juggler"})").status == 404);
  CHECK(api.put(kGroup + "/members/nobody", "{}").status == 404);
  CHECK(api.remove(kGroup + "/members/mia?reason=left").result() == "removed");
  CHECK(items_of(api.get(kGroup + "/members"))[0].at("removed").as_bool());
  CHECK(api.get(kGroup).json().at("members") == 0);
  CHECK(api.post(kGroup + "/members/mia/release").result() == "released");
  CHECK(api.get("/v1/accounts/nobody/buying-groups/ai-driven-seeds").code() == "unknown-account");
  CHECK(api.get("/v1/accounts/acme/buying-groups/none").code() == "unknown-group");
}

TEST_CASE("a group's members and its history come page by page") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  for (const char* key : {"mia", "leo", "eva"}) {
    api.put("/v1/people/" + std::string(key), R"({"account": "acme"})");
    api.put(kGroup + "/members/" + key, R"({"role": "influencer"})");
  }
  for (const char* status : {"cold", "warm", "hot"})
    api.put(kGroup, R"({"status": ")" + std::string(status) + R"(", "reason": "called"})");
  const auto all = [&](const std::string& path, const char* what) {
    std::vector<std::string> values;
    std::string cursor;
    do {
      const ApiReply page = api.get(kGroup + path + cursor);
      REQUIRE(page.status == 200);
      for (const boost::json::value& item : items_of(page))
        values.emplace_back(item.at(what).as_string());
      const boost::json::value body = page.json();
      cursor = body.at("next").is_null() ? "" : "&cursor=" + std::string(body.at("next").as_string());
    } while (!cursor.empty());
    return values;
  };
  CHECK(all("/members?limit=1", "person") == std::vector<std::string>{"mia", "leo", "eva"});
  CHECK(all("/members?limit=2", "person") == std::vector<std::string>{"mia", "leo", "eva"});
  CHECK(all("/history?limit=1", "after") == std::vector<std::string>{"hot", "warm", "cold"});
  CHECK(all("/history?limit=2&order=at", "after") == std::vector<std::string>{"cold", "warm", "hot"});
  CHECK(api.get(kGroup + "/members?cursor=x").code() == "invalid-cursor");
  CHECK(api.get(kGroup + "/history?order=size").code() == "invalid-parameter");
  for (const char* path : {"/members", "/history"}) {
    CHECK(api.get("/v1/accounts/acme/buying-groups/none" + std::string(path)).code() == "unknown-group");
    CHECK(api.get("/v1/accounts/nobody/buying-groups/ai-driven-seeds" + std::string(path)).code() == "unknown-account");
  }
  CHECK(items_of(api.get("/v1/accounts/acme/buying-groups"))[0].at("status") == "hot");
  CHECK(api.get("/v1/accounts/acme/buying-groups?limit=1").json().at("next").is_null());
  CHECK(api.get("/v1/accounts/nobody/buying-groups").code() == "unknown-account");
}

TEST_CASE("groups are listed and filtered, and their status is set by hand") {
  RunningApi api;
  for (const char* account : {"acme", "zeta"}) {
    api.put("/v1/accounts/" + std::string(account), "{}");
    api.put("/v1/people/of-" + std::string(account), R"({"account": ")" + std::string(account) + "\"}");
    api.put("/v1/accounts/" + std::string(account) + "/buying-groups/ai-driven-seeds/members/of-" + account,
            R"({"role": "influencer"})");
  }
  CHECK(api.put(kGroup, R"({"status": "hot", "reason": "called"})").result() == "changed");
  CHECK(api.put(kGroup, "{}").code() == "invalid-input");
  CHECK(api.put("/v1/accounts/acme/buying-groups/none", R"({"status": "hot"})").status == 404);
  CHECK(items_of(api.get("/v1/buying-groups")).size() == 2);
  const ApiReply first = api.get("/v1/buying-groups?limit=1");
  CHECK(items_of(first).size() == 1);
  const std::string next(first.json().at("next").as_string());
  CHECK(items_of(api.get("/v1/buying-groups?limit=1&cursor=" + next))[0].at("account") == "zeta");
  const boost::json::array hot = items_of(api.get("/v1/buying-groups?status=hot"));
  REQUIRE(hot.size() == 1);
  CHECK(hot[0].at("account") == "acme");
  CHECK(items_of(api.get("/v1/buying-groups?completeness=..99&missing=decision_maker")).size() == 2);
  CHECK(items_of(api.get("/v1/buying-groups?completeness=100")).empty());
  CHECK(api.get("/v1/buying-groups?completeness=most").code() == "invalid-parameter");
  for (const std::string filter : {"solution_interest", "stage", "missing", "completeness"}) {
    const ApiReply refused = api.get("/v1/buying-groups?" + filter + "=none");
    CHECK(refused.code() == "invalid-parameter");
    CHECK(std::string(refused.json().at("field").as_string()) == filter);
  }
  CHECK(api.post("/v1/engagement/rounds").status == 409);  // there is no engagement model
}

TEST_CASE("who is in an audience, a list or a destination is told, and who came and went") {
  RunningApi api(with_list());
  for (const char* account : {"acme", "zeta"})
    api.put("/v1/accounts/" + std::string(account), "{}");
  api.settle();
  CHECK(items_of(api.get("/v1/audiences"))[0].at("name") == "everyone");
  CHECK(items_of(api.get("/v1/lists"))[0].at("title") == "To call");
  CHECK(items_of(api.get("/v1/destinations"))[0].at("of") == "accounts");
  for (const char* path : {"/v1/audiences/everyone", "/v1/lists/callers", "/v1/destinations/ads"}) {
    CAPTURE(path);
    const ApiReply first = api.get(std::string(path) + "/members?limit=1");
    CHECK(items_of(first)[0].at("account") == "acme");
    const std::string next(first.json().at("next").as_string());
    const ApiReply second = api.get(std::string(path) + "/members?limit=1&cursor=" + next);
    CHECK(items_of(second)[0].at("account") == "zeta");
    CHECK(second.json().at("next").is_null());
  }
  for (const char* path : {"/v1/lists/callers/changes", "/v1/destinations/ads/changes"}) {
    CAPTURE(path);
    const ApiReply first = api.get(std::string(path) + "?limit=1");
    CHECK(items_of(first)[0].at("change") == "in");
    const std::string last = std::to_string(first.json().at("last").as_int64());
    CHECK(items_of(api.get(std::string(path) + "?after=" + last))[0].at("account") == "zeta");
    CHECK(api.get(std::string(path) + "?after=-1").code() == "invalid-parameter");
  }
  CHECK(api.get("/v1/audiences/none/members").code() == "unknown-audience");
  CHECK(api.get("/v1/lists/none/members").code() == "unknown-list");
  CHECK(api.get("/v1/destinations/none/changes").code() == "unknown-destination");
}

TEST_CASE("what an account and its people are in is told page by page") {
  SourceTexts texts = with_list();
  texts["caravan.yaml"] =
      "timezone: UTC\nlists: {callers: {of: accounts}, readers: {of: people}}\n"
      "destinations: {ads: {of: accounts}}\n";
  texts["journeys/seeds.yaml"] =
      "journey: seeds\nenter: {audience: everyone}\nnodes:\n  - id: note\n    add_to_list: callers\n"
      "  - id: read\n    add_to_list: readers\n  - id: show\n    activate: ads\n  - id: pause\n    wait: 3d\n";
  RunningApi api(std::move(texts));
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/people/mia", R"({"account": "acme"})");
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  api.settle();
  const auto all = [&](const std::string& path) {
    std::vector<std::string> names;
    std::string cursor;
    do {
      const ApiReply page = api.get(path + "/memberships?limit=1" + cursor);
      REQUIRE(page.status == 200);
      for (const boost::json::value& item : items_of(page)) {
        const boost::json::value* person = item.as_object().if_contains("person");
        names.push_back(std::string(item.at("name").as_string()) +
                        (person ? " " + std::string(person->as_string()) : ""));
      }
      const boost::json::value body = page.json();
      cursor = body.at("next").is_null() ? "" : "&cursor=" + std::string(body.at("next").as_string());
    } while (!cursor.empty());
    return names;
  };
  std::vector<std::string> of_account = all("/v1/accounts/acme");
  CHECK(of_account.front() == "everyone");
  std::sort(of_account.begin(), of_account.end());
  CHECK(of_account.size() >= 3);
  CHECK(std::set<std::string>(of_account.begin(), of_account.end()).size() == of_account.size());
  CHECK(std::find(of_account.begin(), of_account.end(), "ads") != of_account.end());
  CHECK(api.get("/v1/accounts/nobody/memberships").code() == "unknown-account");
  CHECK(api.get("/v1/people/nobody/memberships").code() == "unknown-person");
  CHECK(api.get("/v1/accounts/acme/memberships?cursor=x").code() == "invalid-cursor");
  for (const std::string& name : all("/v1/people/mia"))
    CHECK(name == "readers mia");
}
