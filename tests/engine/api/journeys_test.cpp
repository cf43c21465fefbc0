// Journeys over HTTP: looked at, steered, published; enrollments and deliveries.

#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

boost::json::array items_of(const ApiReply& reply) {
  return reply.json().as_object().at("items").as_array();
}

JourneyState state_of(RunningApi& api) {
  for (const JourneyRecord& journey : api.reader().journeys()) {
    if (journey.name == "seeds") return journey.state;
  }
  throw std::logic_error("the journey is not there");
}

void write(const RunningApi& api, const char* file, const std::string& text) {
  std::ofstream(api.folder() / file) << text;
}

/// Nobody enters by themselves.
SourceTexts by_hand(const std::string& nodes) {
  return workspace_with("journey: seeds\nnodes:\n" + indented(nodes, 2));
}

}  // namespace

TEST_CASE("a journey is told with the figures of its nodes, and drawn") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.settle();
  const boost::json::array all = items_of(api.get("/v1/journeys"));
  REQUIRE(all.size() == 1);
  CHECK(all[0].at("journey") == "seeds");
  CHECK(all[0].at("entered") == 1);
  const ApiReply one = api.get("/v1/journeys/seeds");
  const boost::json::value told = one.json();
  const boost::json::value& node = told.at("versions").at(0).at("map").at(0);
  CHECK(node.at("node") == "pause");
  CHECK(node.at("standing") == 1);
  CHECK(api.get("/v1/journeys/seeds/picture").body.starts_with("flowchart"));
  CHECK(api.get("/v1/journeys/seeds/picture?format=dot").body.starts_with("digraph"));
  CHECK(api.get("/v1/journeys/seeds/picture?format=png").code() == "invalid-parameter");
  CHECK(api.get("/v1/journeys/none").code() == "unknown-journey");
  CHECK(api.get("/v1/journeys/none/picture").status == 404);
}

TEST_CASE("a journey is paused, resumed, closed and aborted, and refuses what its state forbids") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.settle();
  CHECK(api.post("/v1/journeys/seeds/pause").result() == "paused");
  CHECK(state_of(api) == JourneyState::paused);
  CHECK(api.post("/v1/journeys/seeds/pause").status == 409);
  CHECK(api.post("/v1/journeys/seeds/resume", "{}").result() == "live");
  CHECK(state_of(api) == JourneyState::live);
  CHECK(api.post("/v1/journeys/seeds/resume", R"({"now": true})").status == 413);
  CHECK(api.post("/v1/journeys/seeds/close").result() == "closed");
  const ApiReply careless = api.post("/v1/journeys/seeds/abort");
  CHECK(careless.status == 422);
  CHECK(careless.json().at("field") == "everybody");
  CHECK(api.post("/v1/journeys/seeds/abort", R"({"everybody": true})").result() == "aborted");
  CHECK(state_of(api) == JourneyState::aborted);
  CHECK(api.post("/v1/journeys/none/pause").status == 404);
}

TEST_CASE("an account is enrolled once, and taken out again") {
  RunningApi api(by_hand("- id: pause\n  wait: 3d\n"));
  api.put("/v1/accounts/acme", "{}");
  CHECK(api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})").status == 201);
  CHECK(api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})").status == 409);
  CHECK(api.post("/v1/journeys/seeds/enrollments", R"({"account": "nobody"})").status == 404);
  CHECK(api.post("/v1/journeys/none/enrollments", R"({"account": "acme"})").status == 404);
  CHECK(api.post("/v1/journeys/seeds/enrollments", "{}").code() == "invalid-input");
  CHECK(api.post("/v1/journeys/seeds/enrollments", R"({"acount": "acme"})").code() == "invalid-member");

  const boost::json::array standing = items_of(api.get("/v1/enrollments?journey=seeds&node=pause&state=waiting"));
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].at("account") == "acme");
  CHECK(standing[0].at("due_at") == "2026-01-08T09:00:00Z");
  CHECK(items_of(api.get("/v1/enrollments?state=completed")).empty());
  CHECK(api.get("/v1/enrollments?journey=none").code() == "unknown-journey");
  CHECK(api.get("/v1/enrollments?journey=seeds&node=none").code() == "unknown-node");
  CHECK(api.get("/v1/enrollments?journey=seeds&version=9").code() == "unknown-version");
  CHECK(api.get("/v1/enrollments?node=pause").code() == "invalid-parameter");
  CHECK(api.get("/v1/enrollments?state=asleep").code() == "invalid-parameter");

  const ApiReply one = api.get("/v1/enrollments/1");
  CHECK(one.json().at("state") == "waiting");
  CHECK(api.get("/v1/enrollments/99").code() == "unknown-enrollment");
  CHECK(api.get("/v1/enrollments/x").code() == "unknown-enrollment");
  CHECK(items_of(api.get("/v1/accounts/acme/enrollments")).size() == 1);
  CHECK(items_of(api.get("/v1/accounts/acme/enrollments?journey=seeds&state=waiting&since=2026-01-05")).size() == 1);
  CHECK(items_of(api.get("/v1/enrollments?until=2026-01-05T09:00:00Z")).empty());
  CHECK(api.get("/v1/enrollments?since=yesterday").code() == "invalid-parameter");
  CHECK(api.get("/v1/enrollments?since=2026-01-05&until=2026-01-05").code() == "invalid-parameter");
  CHECK(api.get("/v1/accounts/nobody/enrollments").status == 404);

  CHECK(api.post("/v1/journeys/seeds/remove").code() == "invalid-input");
  CHECK(api.post("/v1/journeys/seeds/remove", R"({"account": "acme"})").status == 202);
  api.settle();
  CHECK(items_of(api.get("/v1/enrollments?state=left")).size() == 1);
}

TEST_CASE("what failed is tried again or taken past its node") {
  // The value of neither account can be kept.
  RunningApi api(
      by_hand("- id: set\n  update_account: {copy: 'account.more ? dyn([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]) : "
              "dyn(1)'}\n- id: pause\n  wait: 3d\n"));
  for (const char* key : {"acme", "zeta"}) {
    api.put("/v1/accounts/" + std::string(key), R"({"more": true})");
    api.post("/v1/journeys/seeds/enrollments", R"({"account": ")" + std::string(key) + "\"}");
  }
  CHECK(items_of(api.get("/v1/enrollments?state=held")).size() == 2);
  CHECK(api.post("/v1/journeys/seeds/retry", R"({"account": "acme"})").status == 202);
  CHECK(api.post("/v1/journeys/seeds/skip", R"({"node": "set"})").status == 202);
  api.settle();
  CHECK(items_of(api.get("/v1/enrollments?state=held")).empty());
  CHECK(items_of(api.get("/v1/enrollments?node=pause&journey=seeds")).size() == 2);
  CHECK(api.post("/v1/journeys/seeds/skip", R"({"node": "none"})").status == 404);
  CHECK(api.post("/v1/journeys/none/retry", "{}").status == 404);
}

TEST_CASE("a changed file is looked at, and published") {
  RunningApi api;
  api.put("/v1/accounts/acme", "{}");
  api.settle();
  write(api, "journeys/seeds.yaml",
        "journey: seeds\nenter: {audience: everyone}\nnodes:\n  - id: pause\n    wait: 5d\n");
  const ApiReply preview = api.post("/v1/publications/preview");
  CHECK(preview.status == 200);
  CHECK(preview.json().at("journeys").at(0).at("change") == "changed");
  CHECK_FALSE(preview.json().at("published").as_bool());
  CHECK(api.reader().versions().size() == 1);

  const ApiReply done = api.ask("POST", "/v1/publications", R"({"journeys": ["seeds"]})", {{"Idempotency-Key", "p-1"}});
  CHECK(done.status == 200);
  CHECK(done.json().at("published").as_bool());
  CHECK(api.reader().versions().size() == 2);
  const ApiReply again =
      api.ask("POST", "/v1/publications", R"({"journeys": ["seeds"]})", {{"Idempotency-Key", "p-1"}});
  CHECK(again.json().at("published").as_bool());
  CHECK(api.reader().versions().size() == 2);

  // The version that the account is in comes behind the newest.
  const boost::json::value first = api.get("/v1/journeys/seeds?limit=1").json();
  REQUIRE(first.at("versions").as_array().size() == 1);
  CHECK(first.at("versions").at(0).at("version") == 2);
  const std::string next(first.at("next").as_string());
  const boost::json::value second = api.get("/v1/journeys/seeds?limit=1&cursor=" + next).json();
  REQUIRE(second.at("versions").as_array().size() == 1);
  CHECK(second.at("versions").at(0).at("entered") == 1);
  CHECK(second.at("next").is_null());
  CHECK(api.get("/v1/journeys/seeds?cursor=x").code() == "invalid-cursor");
  CHECK(items_of(api.get("/v1/journeys")).size() == 1);

  CHECK(api.post("/v1/publications", R"({"journeys": ["none"]})").code() == "unknown-journey");
  CHECK(api.post("/v1/publications", R"({"gone": "leave"})").code() == "invalid-member");
  write(api, "journeys/seeds.yaml", "journey: seeds\nnodes:\n  - id: pause\n    wayt: 5d\n");
  const ApiReply faulty = api.post("/v1/publications");
  CHECK(faulty.status == 422);
  CHECK(faulty.code() == "faulty-workspace");
  CHECK(api.reader().versions().size() == 2);
}

TEST_CASE("what was promised is listed and told") {
  RunningApi api(by_hand("- id: mail\n  send_email: welcome\n"));
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/people/mia", R"({"account": "acme", "email": "mia@acme.example"})");
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  const boost::json::array pending = items_of(api.get("/v1/deliveries?state=pending&journey=seeds"));
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].at("message") == "welcome");
  CHECK(pending[0].at("channel") == "email");
  CHECK(pending[0].at("address") == "mia@acme.example");
  CHECK(pending[0].at("person") == "mia");
  const std::string id(pending[0].at("id").as_string());
  CHECK(api.get("/v1/deliveries/" + id).json().at("state") == "pending");
  CHECK(items_of(api.get("/v1/deliveries?state=delivered")).empty());
  CHECK(items_of(api.get("/v1/deliveries?since=2026-01-05T09:00:00Z&until=2026-01-06")).size() == 1);
  CHECK(items_of(api.get("/v1/deliveries?since=2026-01-06")).empty());
  CHECK(api.get("/v1/deliveries/1.2").code() == "unknown-delivery");
  CHECK(api.get("/v1/deliveries?state=lost").code() == "invalid-parameter");
  CHECK(api.get("/v1/deliveries?journey=none").code() == "unknown-journey");
}
