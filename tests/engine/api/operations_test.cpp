// What operators look at: health, figures, scenarios, the audit trail; and the live stream.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

boost::json::array items_of(const ApiReply& reply) {
  return reply.json().as_object().at("items").as_array();
}

SourceTexts with_scenarios() {
  SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n");
  texts["scenarios/seeds.yaml"] =
      "scenario: waits three days\njourney: seeds\nat: 2026-01-05T09:00:00Z\n"
      "given: {accounts: [{key: acme}]}\nsteps:\n  - expect: {account: acme, at: pause}\n  - advance: 3d\n"
      "  - expect: {account: acme, state: completed}\n"
      "---\nscenario: expects too much\njourney: seeds\nat: 2026-01-05T09:00:00Z\n"
      "given: {accounts: [{key: acme}]}\nsteps:\n  - expect: {account: acme, state: completed}\n";
  return texts;
}

/// All events of one name in what was sent, each its data.
std::vector<std::string> events_in(const std::string& sent, const std::string& name) {
  std::vector<std::string> found;
  const std::string start = "event: " + name + "\ndata: ";
  for (std::size_t at = sent.find(start); at != std::string::npos; at = sent.find(start, at + 1)) {
    const std::size_t begin = at + start.size();
    found.push_back(sent.substr(begin, sent.find('\n', begin) - begin));
  }
  return found;
}

std::string stream(const RunningApi& api, const std::string& query, const std::string& headers = {}) {
  return api.send_raw("GET /v1/stream" + query + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n",
                      std::chrono::milliseconds(300));
}

}  // namespace

TEST_CASE("a daemon that goes on as it should lives and is ready") {
  RunningApi api;
  CHECK(api.get("/healthz").json().at("status") == "ok");
  CHECK(api.get("/readyz").json().at("status") == "ready");
  const ApiReply head = api.ask("HEAD", "/healthz");
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(api.ask("HEAD", "/v1/nothing").status == 404);
}

TEST_CASE("figures are told for people and for Prometheus") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.settle();
  const boost::json::value status = api.get("/v1/status").json();
  CHECK(status.at("ready").as_bool());
  CHECK(status.at("accounts") == 1);
  CHECK(status.at("journeys").at(0).at("entered") == 1);
  const ApiReply metrics = api.get("/metrics");
  CHECK(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
  for (const char* line : {"caravan_records{kind=\"account\"} 1\n", "caravan_ready 1\n",
                           "caravan_node_standing{journey=\"seeds\",version=\"1\",node=\"pause\"} 1\n",
                           "caravan_http_requests_total{route=\"putAccount\",status=\"201\"} 1\n"}) {
    CAPTURE(line);
    CHECK(metrics.body.find(line) != std::string::npos);
  }
}

TEST_CASE("scenarios of the files are listed and run") {
  RunningApi api(with_scenarios());
  CHECK(items_of(api.get("/v1/scenarios")).size() == 2);
  const boost::json::value run = api.post("/v1/scenarios/runs").json();
  CHECK(run.at("run") == 2);
  CHECK(run.at("failed") == 1);
  CHECK(api.post("/v1/scenarios/runs", R"({"filter": "three days"})").json().at("failed") == 0);
  CHECK(api.post("/v1/scenarios/runs", R"({"journey": "none"})").code() == "no-scenarios");
}

TEST_CASE("who asked for what is on the record, also what was refused") {
  RunningApi api;
  api.use_token({api::Scope::operate});
  api.post("/v1/journeys/seeds/pause");
  api.post("/v1/journeys/seeds/pause");
  CHECK(api.get("/v1/audit").status == 403);
  api.use_token({api::Scope::admin});
  const boost::json::array lines = items_of(api.get("/v1/audit"));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("action") == "pauseJourney");
  CHECK(lines[0].at("caller") == "token0");
  CHECK(lines[0].at("target") == "/v1/journeys/seeds/pause");
  CHECK(lines[0].as_object().contains("refused"));
  CHECK_FALSE(lines[1].as_object().contains("refused"));
  CHECK(items_of(api.get("/v1/audit?order=at&limit=1"))[0].at("number") == lines[1].at("number"));
  CHECK(items_of(api.get("/v1/audit?caller=nobody")).empty());
  CHECK(items_of(api.get("/v1/audit?action=pauseJourney")).size() == 2);
}

TEST_CASE("who follows the stream is told what happens, from where they were") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/accounts/zeta", "{}");
  api.settle();
  const std::string all = stream(api, "?after=none");
  CHECK(all.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(events_in(all, "gap").size() == 1);
  CHECK(events_in(all, "visit").empty());

  // The id of the first that was told is one before that of the second.
  std::string epoch;
  std::thread follower([&] { epoch = stream(api, ""); });
  api.put("/v1/accounts/beta", "{}");
  api.settle();
  follower.join();
  const std::string again = stream(api, "?types=visit", "Last-Event-ID: 1-1\r\n");
  CHECK(events_in(again, "gap").size() == 1);
  CHECK(stream(api, "?types=visits").starts_with("HTTP/1.1 400"));
}
