// People: read one or all, upsert one or a stream, remove, and the accounts that they belong to.

#include <boost/json/object.hpp>

#include "engine/api/attribute_filter.hpp"
#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/account_story.hpp"
#include "engine/report/attributes_json.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kOrders = {"key", "-key", "created", "-created"};

json::object as_json(const PersonRecord& person, Scene& scene) {
  json::object object{{"key", person.key}};
  const std::optional<AccountRecord> account = scene.reader.account(person.account);
  object["account"] = account && !is_stand_in(*account) ? json::value(account->key) : json::value();
  if (person.account_role != NameId{}) object["account_role"] = scene.names.text_of(person.account_role);
  object["attributes"] = caravan::as_json(person.attributes, scene.names);
  return object;
}

std::vector<QueryParameter> list_parameters() {
  std::vector<QueryParameter> parameters = page_parameters(kOrders);
  for (QueryParameter& each : filter_parameters())
    parameters.push_back(std::move(each));
  return parameters;
}

Response list_people(const Request& request, Scene& scene) {
  const std::string order = order_of(request, kOrders);
  const std::size_t limit = limit_of(request);
  const Order way = order.starts_with('-') ? Order::descending : Order::ascending;
  const AttributeFilter filter(request, scene.names);
  std::vector<PersonRecord> rows;
  std::optional<std::string> next;
  if (order.ends_with("key")) {
    const std::optional<std::string> first = cursor_of(request, order);
    const auto fetch = [&](const PersonRecord* after, std::size_t count, std::vector<PersonRecord>& to) {
      scene.reader.people_by_key({way, after ? std::optional(after->key) : first, count}, to);
    };
    if (const auto last = fetch_fitting(filter, limit, fetch, rows)) next = make_cursor(request, order, last->key);
  } else {
    const std::optional<std::int64_t> first = number_cursor_of(request, order);
    const auto fetch = [&](const PersonRecord* after, std::size_t count, std::vector<PersonRecord>& to) {
      Page<PersonId> page{way, {}, count};
      if (after || first) page.after = after ? after->id : PersonId{*first};
      scene.reader.people_by_id(page, to);
    };
    if (const auto last = fetch_fitting(filter, limit, fetch, rows))
      next = make_cursor(request, order, std::to_string(last->id.value));
  }
  json::array items;
  for (const PersonRecord& row : rows)
    items.push_back(as_json(row, scene));
  return as_page(std::move(items), next);
}

PersonRecord person_named(const Request& request, Scene& scene) {
  std::optional<PersonRecord> person = scene.reader.person(request.parameter("key"));
  if (!person) throw Refused({404, "unknown-person", "there is no person \"" + request.parameter("key") + "\"", "key"});
  return std::move(*person);
}

Response get_person(const Request& request, Scene& scene) {
  return as_json_response(as_json(person_named(request, scene), scene));
}

Response get_timeline(const Request& request, Scene& scene) {
  const PersonRecord person = person_named(request, scene);
  const auto story = tell_person_story(scene.library, scene.reader, scene.names, person.key);
  return as_json_response(caravan::as_json(*story, scene.names));
}

void put_person(Desk& desk, const Request& request, Respond respond) {
  const json::value body = parse_body(request);
  if (!body.is_object()) throw Refused({400, "malformed-json", "the body is not a JSON object"});
  IntakeLine line = input_of(desk, RecordKind::person, body.get_object(), request.parameter("key"));
  std::vector<Input> inputs;
  inputs.push_back(std::move(line.input));
  std::move(line.relations.begin(), line.relations.end(), std::back_inserter(inputs));
  post_all(desk, request, "", std::move(inputs), std::move(respond), [](const InputResult& result) {
    return as_result(result.created ? "created" : "updated", result.created ? 201 : 200);
  });
}

void remove_person(Desk& desk, const Request& request, Respond respond) {
  post(desk, request, "removePerson", RemovePerson{request.parameter("key")}, std::move(respond),
       [](const InputResult&) { return as_result("removed"); });
}

void relate(Desk& desk, const Request& request, Respond respond) {
  JsonBody body(request);
  RelatePerson input{request.parameter("key"), request.parameter("account"), body.text("role"), true};
  body.finish();
  post(desk, request, "", std::move(input), std::move(respond),
       [](const InputResult&) { return as_result("related"); });
}

void unrelate(Desk& desk, const Request& request, Respond respond) {
  post(desk, request, "", RelatePerson{request.parameter("key"), request.parameter("account"), {}, false},
       std::move(respond), [](const InputResult&) { return as_result("removed"); });
}

Write writes(Desk& desk, void (*handle)(Desk&, const Request&, Respond)) {
  return [&desk, handle](const Request& request, Respond respond) { handle(desk, request, std::move(respond)); };
}

std::vector<Route> reading_routes() {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/people",
                    .id = "listPeople",
                    .tag = "People",
                    .scope = Scope::read,
                    .summary = "People, page by page",
                    .query = list_parameters(),
                    .answers = {{200, "A page", "PersonPage"}},
                    .handle = Read(list_people)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/people/{key}",
                    .id = "getPerson",
                    .tag = "People",
                    .scope = Scope::read,
                    .summary = "A person with their account and attributes",
                    .answers = {{200, "The person", "Person"}, problem_answer(404, "There is no such person")},
                    .handle = Read(get_person)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/people/{key}/timeline",
                    .id = "getTimelineOfPerson",
                    .tag = "People",
                    .scope = Scope::read,
                    .summary = "Everything that is known of a person, and what journeys did with them",
                    .answers = {{200, "The story", "PersonStory"}, problem_answer(404, "There is no such person")},
                    .handle = Read(get_timeline)});
  return routes;
}

}  // namespace

std::vector<Route> people_routes(Desk& desk) {
  std::vector<Route> routes = reading_routes();
  routes.push_back({.method = Method::put,
                    .path = "/v1/people/{key}",
                    .id = "putPerson",
                    .tag = "People",
                    .scope = Scope::ingest,
                    .summary = "Makes a person, or merges attributes into them",
                    .description =
                        "`account` is the key of their account, which must be there; `account_role` what they "
                        "are in it; `accounts` others that they belong to. Everything else is an attribute; "
                        "null takes one out.",
                    .body = Body{"PersonInput"},
                    .answers = with_write_problems({{201, "Made", "Result"}, {200, "Updated", "Result"}}),
                    .handle = writes(desk, put_person)});
  routes.push_back({.method = Method::remove,
                    .path = "/v1/people/{key}",
                    .id = "removePerson",
                    .tag = "People",
                    .scope = Scope::operate,
                    .summary = "Takes a person away, with their memberships",
                    .answers = with_write_problems({{200, "Removed", "Result"}}),
                    .handle = writes(desk, remove_person)});
  routes.push_back({.method = Method::put,
                    .path = "/v1/people/{key}/accounts/{account}",
                    .id = "relatePerson",
                    .tag = "People",
                    .scope = Scope::ingest,
                    .summary = "Makes a person belong to another account beside their own",
                    .body = Body{"Relation", {"application/json"}, false},
                    .answers = with_write_problems({{200, "Related", "Result"}}),
                    .handle = writes(desk, relate)});
  routes.push_back({.method = Method::remove,
                    .path = "/v1/people/{key}/accounts/{account}",
                    .id = "unrelatePerson",
                    .tag = "People",
                    .scope = Scope::ingest,
                    .summary = "Ends that a person belongs to an account beside their own",
                    .answers = with_write_problems({{200, "Ended", "Result"}}),
                    .handle = writes(desk, unrelate)});
  return routes;
}

}  // namespace caravan::api
