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
  const boost::json::value told = group.json();
  REQUIRE(told.at("members").as_array().size() == 1);
  CHECK(told.at("members").at(0).at("role") == "influencer");
  CHECK(told.at("members").at(0).at("reason") == "asked");
  CHECK(api.put(kGroup + "/members/mia", R"({"role": "juggler"})").status == 404);
  CHECK(api.put(kGroup + "/members/nobody", "{}").status == 404);
  CHECK(api.remove(kGroup + "/members/mia?reason=left").result() == "removed");
  CHECK(api.get(kGroup).json().at("members").at(0).at("removed").as_bool());
  CHECK(api.post(kGroup + "/members/mia/release").result() == "released");
  CHECK(api.get("/v1/accounts/nobody/buying-groups/ai-driven-seeds").code() == "unknown-account");
  CHECK(api.get("/v1/accounts/acme/buying-groups/none").code() == "unknown-group");
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
  CHECK(api.get("/v1/buying-groups?solution_interest=none").code() == "invalid-parameter");
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
