// The document and the implementation say the same: every operation that the document has is asked here, and every
// answer is one that the document describes, checked by a library that knows JSON Schema.

#include <fstream>
#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

SourceTexts tour_workspace() {
  SourceTexts texts = workspace_with(
      "journey: seeds\nnodes:\n  - id: mail\n    send_email: welcome\n  - id: note\n    add_to_list: callers\n"
      "  - id: show\n    activate: ads\n  - id: pause\n    wait: 3d\n");
  texts["journeys/broken.yaml"] =
      "journey: broken\nnodes:\n  - id: set\n"
      "    update_account: {copy: 'account.more ? dyn([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]) : dyn(1)'}\n";
  texts["buying-groups/engagement.yaml"] = "engagement_model: default\nwindow: 30d\nweights: {page.viewed: 40}\n";
  texts["caravan.yaml"] += "lists: {callers: {of: accounts}}\ndestinations: {ads: {of: accounts}}\n";
  texts["journeys/all.yaml"] = "journey: all\nenter: {audience: everyone}\nnodes:\n  - id: pause\n    wait: 1d\n";
  texts["scenarios/seeds.yaml"] =
      "scenario: waits\njourney: all\nat: 2026-01-05T09:00:00Z\ngiven: {accounts: [{key: acme}]}\n"
      "steps:\n  - expect: {account: acme, at: pause}\n";
  return texts;
}

/// Each operation of the document at least once, most of them also as they are refused.
void tour(RunningApi& api) {
  const std::string group = "/v1/accounts/acme/buying-groups/ai-driven-seeds";
  const RunningApi::Headers lines = {{"Content-Type", "application/x-ndjson"}};
  api.put("/v1/accounts/acme", R"({"industry": "technology", "more": true})");
  api.put("/v1/accounts/acme", R"({"employees": 7})");
  api.put("/v1/accounts/zeta", "{}");
  api.put("/v1/accounts/zeta", "[]");
  api.post("/v1/accounts/theta/people", R"({"attributes": {"employees": 3}, "people": [{"key": "tom"}]})");
  api.post("/v1/accounts/theta/people", R"({"people": [{"key": "tim", "email": "tim@theta.example"}]})");
  api.post("/v1/accounts/theta/people", R"({"people": [{"name": "nobody"}]})");
  api.put("/v1/people/mia", R"({"account": "acme", "account_role": "employee", "email": "mia@acme.example"})");
  api.put("/v1/people/leo", R"({"account": "acme"})");
  api.put("/v1/people/max", R"({"account": "nowhere"})");
  api.put("/v1/people/mia/accounts/zeta", R"({"role": "advisor"})");
  api.remove("/v1/people/mia/accounts/zeta");
  api.remove("/v1/people/leo");
  api.remove("/v1/people/leo");
  api.post("/v1/events", R"({"type": "page.viewed", "person": "mia", "id": "1"})");
  api.post("/v1/events", R"({"type": "page.viewed", "person": "mia", "id": "1"})");
  api.post("/v1/events", R"([{"type": "page.viewed", "person": "mia"}, {"type": "x", "person": "nobody"}])");
  api.post("/v1/events", "{");
  api.ask("POST", "/v1/import/accounts", "{\"key\": \"beta\"}\nnonsense\n", lines);
  api.ask("POST", "/v1/import/people", "{\"key\": \"eva\", \"account\": \"beta\"}\n", lines);
  api.ask("POST", "/v1/import/events", "{\"type\": \"page.viewed\", \"person\": \"eva\"}\n", lines);
  api.ask("POST", "/v1/import/accounts", "name\nx\n", {{"Content-Type", "text/csv"}});
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "nobody"})");
  api.settle();
  api.put(group + "/members/mia", R"({"role": "influencer"})");
  api.put(group, R"({"status": "hot"})");
  for (const char* target : {"/v1/accounts",
                             "/v1/accounts?limit=1",
                             "/v1/accounts?limit=x",
                             "/v1/accounts/acme",
                             "/v1/accounts/nobody",
                             "/v1/accounts/acme/people",
                             "/v1/accounts/acme/timeline",
                             "/v1/accounts/acme/timeline?kinds=x",
                             "/v1/accounts/acme/memberships",
                             "/v1/accounts/acme/buying-groups",
                             "/v1/accounts?where=account.more",
                             "/v1/accounts?where=account.more+%26",
                             "/v1/accounts/acme/enrollments",
                             "/v1/people",
                             "/v1/people/mia",
                             "/v1/people/mia/timeline",
                             "/v1/people/mia/accounts",
                             "/v1/people/mia/memberships",
                             "/v1/people?where=person.account_role+%3D%3D+'employee'",
                             "/v1/journeys",
                             "/v1/journeys/seeds",
                             "/v1/journeys/none",
                             "/v1/journeys/seeds/picture",
                             "/v1/enrollments",
                             "/v1/enrollments?journey=seeds&state=waiting",
                             "/v1/enrollments/1",
                             "/v1/enrollments/1/timeline",
                             "/v1/enrollments/2",
                             "/v1/enrollments/2/timeline",
                             "/v1/enrollments/99",
                             "/v1/deliveries",
                             "/v1/deliveries/9.9.9",
                             "/v1/buying-groups",
                             "/v1/accounts/acme/buying-groups/ai-driven-seeds",
                             "/v1/accounts/acme/buying-groups/none",
                             "/v1/accounts/acme/buying-groups/ai-driven-seeds/members",
                             "/v1/accounts/acme/buying-groups/ai-driven-seeds/history",
                             "/v1/audiences",
                             "/v1/audiences/everyone/members",
                             "/v1/lists",
                             "/v1/lists/callers/members",
                             "/v1/lists/callers/changes",
                             "/v1/destinations",
                             "/v1/destinations/ads/members",
                             "/v1/destinations/ads/changes",
                             "/v1/lists/none/members",
                             "/v1/scenarios",
                             "/v1/status",
                             "/v1/openapi.json",
                             "/healthz",
                             "/readyz",
                             "/metrics",
                             "/v1/audit"})
    api.get(target);
  const std::string deliveries = api.get("/v1/deliveries").body;
  const std::size_t id = deliveries.find("\"id\":\"") + 6;
  api.get("/v1/deliveries/" + deliveries.substr(id, deliveries.find('"', id) - id));
  api.remove(group + "/members/mia");
  api.post(group + "/members/mia/release");
  api.get(group);
  api.post("/v1/engagement/rounds");
  api.post("/v1/scenarios/runs");
  api.post("/v1/publications/preview");
  api.post("/v1/publications");
  api.post("/v1/publications", R"({"journeys": ["none"]})");
  api.post("/v1/journeys/broken/enrollments", R"({"account": "acme"})");
  api.post("/v1/journeys/broken/retry", R"({"account": "acme"})");
  api.settle();
  api.get("/v1/accounts/acme/timeline");
  api.get("/v1/accounts/acme/timeline?kinds=note");
  api.post("/v1/journeys/broken/skip", R"({"account": "acme"})");
  api.post("/v1/journeys/broken/retry");
  api.post("/v1/journeys/seeds/remove", R"({"account": "acme"})");
  api.post("/v1/journeys/seeds/pause");
  api.post("/v1/journeys/seeds/pause");
  api.post("/v1/journeys/seeds/resume");
  api.post("/v1/journeys/all/close");
  api.post("/v1/journeys/all/abort", "{}");
  api.post("/v1/journeys/all/abort", R"({"everybody": true})");
  api.get("/v1/audit");
  api.ask("PUT", "/v1/accounts/acme", "x", {{"Content-Type", "text/plain"}});
  api.put("/v1/accounts/acme", std::string(1'100'000, ' '));
}

}  // namespace

TEST_CASE("every operation of the document is done, and answers as the document says") {
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
    std::cout << "  skipped: python3-jsonschema is not installed\n";
    return;
  }
  RunningApi api(tour_workspace());
  tour(api);
  const std::filesystem::path document = api.folder() / "openapi.json";
  const std::filesystem::path exchanges = api.folder() / "exchanges.jsonl";
  std::ofstream(document) << api.get("/v1/openapi.json").body;
  std::ofstream file(exchanges);
  for (const ApiExchange& each : api.exchanges()) {
    file << boost::json::serialize(boost::json::object{{"method", each.method},
                                                       {"target", each.target},
                                                       {"status", each.reply.status},
                                                       {"content_type", each.reply.header("content-type")},
                                                       {"body", each.reply.body}})
         << "\n";
  }
  file.close();
  const std::string command = "python3 -W ignore " CARAVAN_SOURCE_DIR "/tests/support/validate_api.py " +
                              document.string() + " " + exchanges.string() + " followStream 1>&2";
  CHECK(std::system(command.c_str()) == 0);
}
