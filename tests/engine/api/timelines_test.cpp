// Timelines over HTTP: of an account, a person and an enrollment, page by page.

#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

using Lines = std::vector<std::string>;

/// An entry in a few words.
std::string line_of(const boost::json::object& entry) {
  const auto text = [&](const char* name) {
    const boost::json::value* value = entry.if_contains(name);
    return value && value->is_string() ? " " + std::string(value->get_string()) : std::string();
  };
  return std::string(entry.at("kind").as_string()) + text("type") + text("state") + text("node") + text("message") +
         text("about") + text("what") + text("after") + text("person");
}

/// All pages, one after the other.
Lines all_lines(RunningApi& api, const std::string& path, const std::string& query) {
  Lines lines;
  std::string cursor;
  do {
    const ApiReply page = api.get(path + "/timeline?" + query + cursor);
    CAPTURE(page.body);
    REQUIRE(page.status == 200);
    const boost::json::value body = page.json();
    for (const boost::json::value& item : body.at("items").as_array())
      lines.push_back(line_of(item.as_object()));
    cursor = body.at("next").is_null() ? "" : "&cursor=" + std::string(body.at("next").as_string());
  } while (!cursor.empty());
  return lines;
}

/// By hand; a mail, a way of their own for each person, and a wait.
SourceTexts journey_with_ways() {
  return workspace_with(
      "journey: seeds\nnodes:\n  - id: mail\n    send_email: welcome\n  - id: ways\n    split_people:\n"
      "      - path: chiefs\n        when: person.title == \"Chief\"\n        nodes:\n"
      "          - id: story\n            send_email: story\n  - id: pause\n    wait: 3d\n");
}

void live(RunningApi& api) {
  api.put("/v1/accounts/acme", "{}");
  api.put("/v1/people/mia", R"({"account": "acme", "title": "Chief", "email": "mia@acme.example"})");
  api.put("/v1/people/leo", R"({"account": "acme", "email": "leo@acme.example"})");
  api.post("/v1/events", R"({"type": "page.viewed", "person": "mia", "id": "1", "page": "/seeds"})");
  api.advance(std::chrono::hours(1));
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  api.settle();
  api.put("/v1/accounts/acme/buying-groups/ai-driven-seeds/members/mia", R"({"role": "influencer"})");
  api.put("/v1/accounts/acme/buying-groups/ai-driven-seeds", R"({"status": "hot"})");
  api.advance(std::chrono::hours(24 * 4));
  // That the engine was idle before the time had passed may be told behind it.
  const auto is_through = [&] {
    return !api.get("/v1/enrollments?state=completed").json().at("items").as_array().empty();
  };
  for (int tries = 0; tries < 1'000 && !is_through(); ++tries)
    api.settle();
  REQUIRE(is_through());
}

}  // namespace

TEST_CASE("an account's timeline is told newest first, and its pages fit together") {
  RunningApi api(journey_with_ways());
  live(api);
  const Lines all = all_lines(api, "/v1/accounts/acme", "limit=1000");
  for (const char* line : {"event page.viewed mia", "enrollment entered", "enrollment completed", "visit story mia",
                           "group status hot", "visit send_email mail", "delivery pending Welcome mia"}) {
    CAPTURE(line, all);
    CHECK(std::count_if(all.begin(), all.end(), [&](const std::string& each) {
            return each.starts_with(std::string(line).substr(0, std::string(line).find(' ')));
          }) > 0);
  }
  CHECK(all.back() == "event page.viewed mia");
  CHECK(all.front() == "enrollment completed");
  for (const char* limit : {"limit=1", "limit=2", "limit=3"})
    CHECK(all_lines(api, "/v1/accounts/acme", limit) == all);
  CHECK(all_lines(api, "/v1/accounts/acme", "limit=2&order=at") == Lines(all.rbegin(), all.rend()));
}

TEST_CASE("a timeline is filtered by kinds, journey and time") {
  RunningApi api(journey_with_ways());
  live(api);
  const std::string acme = "/v1/accounts/acme";
  CHECK(all_lines(api, acme, "kinds=enrollment") == Lines{"enrollment completed", "enrollment entered"});
  CHECK(all_lines(api, acme, "kinds=group") == Lines{"group status hot"});
  const Lines events = all_lines(api, acme, "kinds=event&until=2026-01-05T09:30:00Z");
  CHECK(events == Lines{"event page.viewed mia"});
  CHECK(all_lines(api, acme, "kinds=event&journey=seeds").empty());
  CHECK(all_lines(api, acme, "journey=seeds&kinds=enrollment&since=2026-01-06") == Lines{"enrollment completed"});
  const boost::json::value mails = api.get(acme + "/timeline?kinds=delivery&order=at&limit=1").json();
  CHECK(mails.at("items").at(0).at("address") == "mia@acme.example");
  CHECK(mails.at("items").at(0).at("at") == "2026-01-05T10:00:00Z");
  CHECK(mails.at("items").at(0).at("enrollment") == 1);
  // What was promised on the way of a person is of the account's enrollment.
  for (const char* target : {"/v1/accounts/acme/timeline?kinds=delivery", "/v1/deliveries"}) {
    const boost::json::value promised = api.get(target).json();
    CHECK(promised.at("items").as_array().size() == 3);
    for (const boost::json::value& item : promised.at("items").as_array())
      CHECK(item.at("enrollment") == 1);
  }
  const boost::json::value event = api.get(acme + "/timeline?kinds=event&order=at&limit=1").json();
  CHECK(event.at("items").at(0).at("properties").at("page") == "/seeds");
  CHECK(event.at("items").at(0).at("id") == "1");

  CHECK(api.get(acme + "/timeline?kinds=visit,dream").code() == "invalid-parameter");
  CHECK(api.get(acme + "/timeline?order=size").code() == "invalid-parameter");
  CHECK(api.get(acme + "/timeline?limit=0").code() == "invalid-parameter");
  CHECK(api.get(acme + "/timeline?since=now").code() == "invalid-parameter");
  CHECK(api.get(acme + "/timeline?cursor=abc").code() == "invalid-cursor");
  CHECK(api.get(acme + "/timeline?journey=none").code() == "unknown-journey");
  CHECK(api.get("/v1/accounts/nobody/timeline").code() == "unknown-account");
  const std::string next(api.get(acme + "/timeline?limit=1").json().at("next").as_string());
  CHECK(api.get(acme + "/timeline?order=at&cursor=" + next).code() == "invalid-cursor");
  CHECK(api.get("/v1/people/mia/timeline?cursor=" + next).code() == "invalid-cursor");
}

TEST_CASE("a person's timeline is about them, and an enrollment's about it and the ways of its people") {
  RunningApi api(journey_with_ways());
  live(api);
  const Lines mia = all_lines(api, "/v1/people/mia", "limit=1");
  CHECK(mia == all_lines(api, "/v1/people/mia", "limit=100"));
  CHECK(mia.back() == "event page.viewed mia");
  CHECK(std::count(mia.begin(), mia.end(), "visit send_email story mia") == 1);
  CHECK(std::count_if(mia.begin(), mia.end(), [](const auto& each) { return each.starts_with("delivery"); }) == 2);
  const Lines leo = all_lines(api, "/v1/people/leo", "limit=2");
  CHECK(std::count_if(leo.begin(), leo.end(), [](const auto& each) { return each.starts_with("delivery"); }) == 1);
  CHECK(std::none_of(leo.begin(), leo.end(), [](const auto& each) { return each.ends_with("mia"); }));
  CHECK(api.get("/v1/people/nobody/timeline").code() == "unknown-person");

  const Lines enrollment = all_lines(api, "/v1/enrollments/1", "limit=2");
  CAPTURE(enrollment);
  CHECK(enrollment.front() == "enrollment completed");
  CHECK(enrollment.back() == "enrollment entered");
  CHECK(std::count(enrollment.begin(), enrollment.end(), "visit send_email story mia") == 1);
  CHECK(std::none_of(enrollment.begin(), enrollment.end(), [](const auto& each) { return each.starts_with("event"); }));
  CHECK(api.get("/v1/enrollments/99/timeline").code() == "unknown-enrollment");
  CHECK(api.get("/v1/enrollments/1/timeline?kinds=no").code() == "invalid-parameter");
  // The way of a person is part of an enrollment, and none itself.
  CHECK(api.get("/v1/enrollments/2").code() == "unknown-enrollment");
}

TEST_CASE("what goes wrong in a journey stands on the timeline") {
  RunningApi api(workspace_with(
      "journey: seeds\nnodes:\n  - id: set\n"
      "    update_account: {copy: 'account.more ? dyn([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]) : dyn(1)'}\n"));
  api.put("/v1/accounts/acme", R"({"more": true})");
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  api.settle();
  const boost::json::value notes = api.get("/v1/accounts/acme/timeline?kinds=note").json();
  REQUIRE_FALSE(notes.at("items").as_array().empty());
  const boost::json::value& note = notes.at("items").at(0);
  CHECK(note.at("about") == "failure");
  CHECK(note.at("node") == "set");
  CHECK(note.at("journey") == "seeds");
}

TEST_CASE("visits are named by the version that they were made in, also of who was moved to another") {
  RunningApi api(
      workspace_with("journey: seeds\nnodes:\n  - id: mail\n    send_email: welcome\n  - id: pause\n    wait: 3d\n"));
  api.put("/v1/accounts/acme", "{}");
  api.post("/v1/journeys/seeds/enrollments", R"({"account": "acme"})");
  api.settle();
  std::ofstream(api.folder() / "journeys/seeds.yaml")
      << "journey: seeds\nnodes:\n  - id: story\n    send_email: story\n  - id: greeting\n    send_email: welcome\n"
         "  - id: pause\n    wait: 3d\n  - id: more\n    wait: 3d\n";
  REQUIRE(api.post("/v1/publications", R"({"journeys": ["seeds"], "move": true})").status == 200);
  const auto told = [&](const char* target) {
    Lines lines;
    const boost::json::value body = api.get(target).json();
    for (const boost::json::value& item : body.at("items").as_array())
      lines.push_back(std::string(item.at("node").as_string()) + " " + std::to_string(item.at("version").as_int64()));
    return lines;
  };
  const Lines moved_on = {"mail 1", "pause 1", "more 2"};
  Lines visits;
  api.advance(std::chrono::hours(24 * 4));
  for (int tries = 0; tries < 1'000 && visits.size() < moved_on.size(); ++tries) {
    api.settle();
    visits = told("/v1/enrollments/1/timeline?kinds=visit&order=at");
  }
  CHECK(visits == moved_on);
  const std::string acme = "/v1/accounts/acme/timeline?kinds=visit&order=at&journey=seeds";
  CHECK(told(acme.c_str()) == moved_on);
  CHECK(told((acme + "&version=1").c_str()) == Lines{"mail 1", "pause 1"});
  CHECK(told((acme + "&version=2").c_str()) == Lines{"more 2"});
}
