// Events: one, or a batch whose events are told one by one what became of them.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/api/json_body.hpp"
#include "engine/api/routes.hpp"
#include "engine/event_faults.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostEvents = 1'000;

std::string_view word_for(const InputResult& result) {
  return result.duplicate ? "known" : "taken";
}

/// What the engine would refuse whatever it knows is refused here, with the member that it is about.
Input event_of(const Desk& desk, const json::object& object) {
  Input input = input_of(desk, RecordKind::event, object).input;
  const auto& event = std::get<TellEvent>(input);
  if (std::string fault = fault_of_type(event.type); !fault.empty())
    throw Refused({422, "invalid-input", std::move(fault), "type"});
  if (event.account.empty() && event.person.empty())
    throw Refused({422, "invalid-input", std::string(kNobodysEvent), "account"});
  return input;
}

void tell_one(Desk& desk, const Request& request, const json::object& event, Respond respond) {
  post(desk, request, "", event_of(desk, event), std::move(respond),
       [](const InputResult& result) { return as_result(word_for(result), result.duplicate ? 200 : 201); });
}

/// Of a batch: each is taken or refused on its own.
struct Batch {
  std::vector<std::optional<json::object>> results;
  std::vector<std::size_t> posted;  ///< which of them the engine answers, in order
  std::size_t answered = 0;
  Respond respond;

  void settle() {
    json::array all;
    for (std::optional<json::object>& result : results)
      all.push_back(std::move(*result));
    respond(as_json_response(json::object{{"results", std::move(all)}}));
  }
};

json::object refused(const Problem& problem) {
  json::object object{{"result", "refused"}, {"code", problem.code}, {"reason", problem.detail}};
  if (!problem.field.empty()) object["field"] = problem.field;
  return object;
}

void tell_many(Desk& desk, const Request& request, const json::array& events, Respond respond) {
  if (events.empty() || events.size() > kMostEvents) {
    throw Refused(
        {422, "invalid-input",
         "a batch has 1 to " + std::to_string(kMostEvents) + " events; more go as a stream to /v1/import/events"});
  }
  if (request.header("idempotency-key"))
    throw Refused(
        {400, "invalid-header", "a batch takes no Idempotency-Key: each of its events has an `id`", "Idempotency-Key"});
  const auto batch = std::make_shared<Batch>();
  batch->results.resize(events.size());
  batch->respond = std::move(respond);
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < events.size(); ++i) {
    try {
      if (!events[i].is_object()) throw Refused({422, "invalid-input", "not a JSON object"});
      inputs.push_back(event_of(desk, events[i].get_object()));
      batch->posted.push_back(i);
    } catch (const Refused& error) {
      batch->results[i] = refused(error.problem());
    }
  }
  if (inputs.empty()) return batch->settle();
  const InputAnswer answer = [batch](const InputResult& result) {
    std::optional<json::object>& place = batch->results[batch->posted[batch->answered++]];
    place = result.refused.empty() ? json::object{{"result", word_for(result)}} : refused(problem_of(result));
    if (batch->answered == batch->posted.size()) batch->settle();
  };
  expect_writing(desk);
  if (!desk.engine.post_all(std::move(inputs), answer)) {
    throw Refused({503, "busy", "more is waiting than the daemon can commit; ask again in a moment", "",
                   std::chrono::seconds(1)});
  }
}

void tell(Desk& desk, const Request& request, Respond respond) {
  const json::value body = parse_body(request);
  if (const json::array* events = body.if_array()) return tell_many(desk, request, *events, std::move(respond));
  if (const json::object* event = body.if_object()) return tell_one(desk, request, *event, std::move(respond));
  throw Refused({400, "malformed-json", "the body is neither an event nor a list of events"});
}

}  // namespace

std::vector<Route> event_routes(Desk& desk) {
  std::vector<Route> routes;
  routes.push_back(
      {.method = Method::post,
       .path = "/v1/events",
       .id = "tellEvents",
       .tag = "Events",
       .scope = Scope::ingest,
       .summary = "Tells that something has happened: one event, or a list of up to 1000",
       .description = "`type` says what has happened, `account` or `person` whom it happened to, `at` when "
                      "(now without it). An account takes an event of the same `id` once. Every other member "
                      "is a property. A list is answered with a result for each of its events.",
       .body = Body{"EventOrEvents"},
       .answers = with_write_problems(
           {{201, "Taken", "Result"}, {200, "Known already; or the results of a list", "EventResults"}}),
       .handle = Write([&desk](const Request& request, Respond respond) { tell(desk, request, std::move(respond)); })});
  return routes;
}

}  // namespace caravan::api
