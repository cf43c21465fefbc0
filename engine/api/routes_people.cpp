// People: read one or all, upsert one or a stream, remove, and the accounts that they belong to.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/record_filter.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/attributes_json.hpp"
#include "engine/report/naming.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kOrders = {"key", "-key", "created", "-created"};

json::object as_json(const PersonRecord& person, KeyBook& keys, const NameBook& names) {
  json::object object{{"key", person.key}};
  const std::string& account = keys.account(person.account);
  object["account"] = account.empty() ? json::value() : json::value(account);
  if (person.account_role != NameId{}) object["account_role"] = names.text_of(person.account_role);
  object["attributes"] = caravan::as_json(person.attributes, names);
  return object;
}

/// How much a person has done of late, as of the last round.
json::object as_json(const EngagementRecord& engagement, const NameBook& names) {
  json::object counts;
  for (const ActivityCount& each : engagement.counts)
    counts[names.text_of(each.type)] = each.count;
  return {{"score", number_as_json(engagement.score)},
          {"raw", number_as_json(engagement.raw)},
          {"counts", std::move(counts)}};
}

Response list_people(const Request& request, Scene& scene) {
  const std::string order = order_of(request, kOrders);
  const std::size_t limit = limit_of(request);
  const Order way = order.starts_with('-') ? Order::descending : Order::ascending;
  RecordFilter filter(request, scene, RecordFilter::Of::people);
  std::vector<PersonRecord> rows;
  std::optional<std::string> next;
  if (order.ends_with("key")) {
    const std::optional<std::string> first = cursor_of(request, order);
    const auto fetch = [&](const PersonRecord* after, std::size_t count, std::vector<PersonRecord>& to) {
      scene.reader.people_by_key({way, after ? std::optional(after->key) : first, count}, to);
      return std::optional<PersonRecord>();
    };
    if (const auto last = fetch_fitting(filter, limit, fetch, rows)) next = make_cursor(request, order, last->key);
  } else {
    const std::optional<std::int64_t> first = number_cursor_of(request, order);
    const auto fetch = [&](const PersonRecord* after, std::size_t count, std::vector<PersonRecord>& to) {
      Page<PersonId> page{way, {}, count};
      if (after || first) page.after = after ? after->id : PersonId{*first};
      scene.reader.people_by_id(page, to);
      return std::optional<PersonRecord>();
    };
    if (const auto last = fetch_fitting(filter, limit, fetch, rows))
      next = make_cursor(request, order, std::to_string(last->id.value));
  }
  KeyBook keys(scene.reader);
  json::array items;
  for (const PersonRecord& row : rows)
    items.push_back(as_json(row, keys, scene.names));
  return as_list(std::move(items), next);
}

Response get_person(const Request& request, Scene& scene) {
  const PersonRecord person = person_named(request, scene);
  KeyBook keys(scene.reader);
  json::object object = as_json(person, keys, scene.names);
  if (const auto engagement = scene.reader.engagement(person.id))
    object["engagement"] = as_json(*engagement, scene.names);
  return as_json_response(object);
}

/// A person's place in one buying group of an account.
json::object place_of(const MemberRecord& member, std::string_view interest, const NameBook& names) {
  return {{"solution_interest", interest},
          {"role", names.text_of(member.role)},
          {"since", to_text(member.since)},
          {"source", word_for(member.source)},
          {"removed", member.removed}};
}

/// What a person is in an account.
json::object as_json(const PersonRecord& person, const RelationRecord& relation, KeyBook& keys, Scene& scene) {
  json::object object{{"account", keys.account(relation.account)}, {"is_primary", relation.account == person.account}};
  if (relation.role != NameId{}) object["role"] = scene.names.text_of(relation.role);
  std::vector<NameId> interests;
  scene.reader.interests_of(relation.account, interests);
  json::array places;
  for (const NameId interest : interests) {
    std::vector<MemberRecord> members;
    scene.reader.members_of(relation.account, interest, {Order::ascending, PersonId{person.id.value - 1}, 1}, members);
    if (!members.empty() && members.front().person == person.id)
      places.push_back(place_of(members.front(), scene.names.text_of(interest), scene.names));
  }
  object["buying_groups"] = std::move(places);
  return object;
}

/// The primary account first, the others in the order in which they were made.
Response list_accounts(const Request& request, Scene& scene) {
  const PersonRecord person = person_named(request, scene);
  const std::size_t limit = limit_of(request);
  const std::optional<std::int64_t> after = number_cursor_of(request, "accounts");
  std::vector<RelationRecord> relations;
  KeyBook keys(scene.reader);
  if (!after && !keys.account(person.account).empty())
    relations.push_back({person.id, person.account, person.account_role});
  const std::size_t wanted = limit - relations.size() + 1;
  scene.reader.relations_of(person.id, AccountId{after.value_or(0)}, wanted, relations);
  const bool has_more = takes_one_more(relations, limit);
  json::array items;
  for (const RelationRecord& relation : relations)
    items.push_back(as_json(person, relation, keys, scene));
  // The primary account is before all others.
  const auto position = [&] {
    const AccountId last = relations.back().account;
    return std::to_string(last == person.account ? 0 : last.value);
  };
  return as_list(std::move(items),
                 has_more ? std::optional(make_cursor(request, "accounts", position())) : std::nullopt);
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
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/people",
       .id = "listPeople",
       .tag = "People",
       .scope = Scope::read,
       .summary = "People, page by page",
       .query = together({page_parameters(kOrders), filter_parameters(RecordFilter::Of::people)}),
       .answers = {{200, "A page", "PersonPage"}, problem_answer(409, "A condition, and nothing is published")},
       .handle = Read(list_people)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/people/{key}",
                    .id = "getPerson",
                    .tag = "People",
                    .scope = Scope::read,
                    .summary = "A person with their account, attributes and engagement",
                    .answers = {{200, "The person", "PersonStory"}, problem_answer(404, "There is no such person")},
                    .handle = Read(get_person)});
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/people/{key}/accounts",
       .id = "listAccountsOfPerson",
       .tag = "People",
       .scope = Scope::read,
       .summary = "The accounts that a person belongs to, with what they are there, page by page",
       .query = page_parameters(),
       .answers = {{200, "A page", "AccountsOfPersonPage"}, problem_answer(404, "There is no such person")},
       .handle = Read(list_accounts)});
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
  routes.push_back(
      {.method = Method::remove,
       .path = "/v1/people/{key}",
       .id = "removePerson",
       .tag = "People",
       .scope = Scope::operate,
       .summary = "Takes a person away, with their memberships",
       .description = "What they wanted of mails (`unsubscribed`, `left_topics`, `undeliverable`) is kept by a hash of "
                      "their address, and is set of whoever comes by it.",
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
