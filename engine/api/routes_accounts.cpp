// Accounts: read one or all, upsert one or a stream of any length.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/record_filter.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/attributes_json.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kOrders = {"key", "-key", "created", "-created"};
const std::vector<std::string> kPeopleOrders = {"created", "-created"};

json::object as_json(const AccountRecord& account, const NameBook& names) {
  return {{"key", account.key}, {"attributes", caravan::as_json(account.attributes, names)}};
}

Response list_accounts(const Request& request, Scene& scene) {
  const std::string order = order_of(request, kOrders);
  const std::size_t limit = limit_of(request);
  const Order way = order.starts_with('-') ? Order::descending : Order::ascending;
  RecordFilter filter(request, scene, RecordFilter::Of::accounts);
  std::vector<AccountRecord> rows;
  std::optional<std::string> next;
  if (order.ends_with("key")) {
    const std::optional<std::string> first = cursor_of(request, order);
    const auto fetch = [&](const AccountRecord* after, std::size_t count, std::vector<AccountRecord>& to) {
      scene.reader.accounts_by_key({way, after ? std::optional(after->key) : first, count}, to);
      return std::optional<AccountRecord>();
    };
    if (const auto last = fetch_fitting(filter, limit, fetch, rows)) next = make_cursor(request, order, last->key);
  } else {
    const std::optional<std::int64_t> first = number_cursor_of(request, order);
    const auto fetch = [&](const AccountRecord* after, std::size_t count, std::vector<AccountRecord>& to) {
      RowSearch<AccountId> search;
      search.page = {way, {}, count};
      if (after || first) search.page.after = after ? after->id : AccountId{*first};
      // Those that stand in for an account are passed over.
      const Searched<AccountId> searched = scene.reader.accounts_by_id(search, to);
      const bool has_stopped = !searched.is_end && to.size() < count;
      return has_stopped ? std::optional(AccountRecord{searched.next, {}, {}}) : std::nullopt;
    };
    if (const auto last = fetch_fitting(filter, limit, fetch, rows))
      next = make_cursor(request, order, std::to_string(last->id.value));
  }
  json::array items;
  for (const AccountRecord& row : rows)
    items.push_back(as_json(row, scene.names));
  return as_list(std::move(items), next);
}

Response get_account(const Request& request, Scene& scene) {
  return as_json_response(as_json(account_named(request, scene), scene.names));
}

Response list_people(const Request& request, Scene& scene) {
  const AccountRecord account = account_named(request, scene);
  const std::string order = order_of(request, kPeopleOrders);
  const std::size_t limit = limit_of(request);
  Page<PersonId> page{order.starts_with('-') ? Order::descending : Order::ascending, {}, limit + 1};
  if (const auto after = number_cursor_of(request, order)) page.after = PersonId{*after};
  std::vector<PersonRecord> people;
  scene.reader.people_of(account.id, page, people);
  const bool has_more = takes_one_more(people, limit);
  json::array items;
  for (const PersonRecord& person : people) {
    json::object item{{"key", person.key}, {"is_primary", person.account == account.id}};
    if (person.account_role != NameId{}) item["account_role"] = scene.names.text_of(person.account_role);
    item["attributes"] = caravan::as_json(person.attributes, scene.names);
    items.push_back(std::move(item));
  }
  return as_list(
      std::move(items),
      has_more ? std::optional(make_cursor(request, order, std::to_string(people.back().id.value))) : std::nullopt);
}

void put_account(Desk& desk, const Request& request, Respond respond) {
  const json::value body = parse_body(request);
  if (!body.is_object()) throw Refused({400, "malformed-json", "the body is not a JSON object of attributes"});
  IntakeLine line = input_of(desk, RecordKind::account, body.get_object(), request.parameter("key"));
  post(desk, request, "", std::move(line.input), std::move(respond), [](const InputResult& result) {
    return as_result(result.created ? "created" : "updated", result.created ? 201 : 200);
  });
}

constexpr std::size_t kMostPeople = 1'000;

/// The people of a body, who belong to the account of that key.
void read_people(const Desk& desk, const json::value& list, const std::string& account, std::vector<Input>& to) {
  if (!list.is_array()) refuse_member("people", "is not a list");
  if (list.get_array().size() > kMostPeople)
    refuse_member("people", "has more than " + std::to_string(kMostPeople) + " of them: send the rest behind it");
  for (std::size_t i = 0; i < list.get_array().size(); ++i) {
    const std::string name = "people[" + std::to_string(i) + "]";
    const json::value& each = list.get_array()[i];
    if (!each.is_object()) refuse_member(name, "is not a JSON object");
    json::object person = each.get_object();
    const json::value* written = person.if_contains("account");
    if (written && *written != json::value(account)) refuse_member(name + ".account", "is not the account in the path");
    person["account"] = account;
    try {
      IntakeLine line = input_of(desk, RecordKind::person, person);
      to.push_back(std::move(line.input));
      std::move(line.relations.begin(), line.relations.end(), std::back_inserter(to));
    } catch (const Refused& refused) {
      refuse_member(name, "cannot be taken: " + refused.problem().detail);
    }
  }
}

/// An account and its people together: nothing comes of the account before they are there.
void put_with_people(Desk& desk, const Request& request, Respond respond) {
  const json::value body = parse_body(request);
  if (!body.is_object()) throw Refused({400, "malformed-json", "the body is not a JSON object"});
  json::object attributes;
  std::vector<Input> people;
  for (const auto& [name, value] : body.get_object()) {
    if (name == "people")
      read_people(desk, value, request.parameter("key"), people);
    else if (name != "attributes")
      refuse_member(name, "is not known here; there are `attributes` and `people`");
    else if (!value.is_object())
      refuse_member(name, "is not a JSON object");
    else
      attributes = value.get_object();
  }
  std::vector<Input> inputs;
  inputs.push_back(input_of(desk, RecordKind::account, attributes, request.parameter("key")).input);
  std::move(people.begin(), people.end(), std::back_inserter(inputs));
  post_all(desk, request, "", std::move(inputs), std::move(respond), [](const InputResult& result) {
    return as_result(result.created ? "created" : "updated", result.created ? 201 : 200);
  });
}

}  // namespace

std::vector<Route> account_routes(Desk& desk) {
  std::vector<Route> routes;
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/accounts",
       .id = "listAccounts",
       .tag = "Accounts",
       .scope = Scope::read,
       .summary = "Accounts, page by page",
       .query = together({page_parameters(kOrders), filter_parameters(RecordFilter::Of::accounts)}),
       .answers = {{200, "A page", "AccountPage"}, problem_answer(409, "A condition, and nothing is published")},
       .handle = Read(list_accounts)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/accounts/{key}",
                    .id = "getAccount",
                    .tag = "Accounts",
                    .scope = Scope::read,
                    .summary = "An account with its attributes",
                    .answers = {{200, "The account", "Account"}, problem_answer(404, "There is no such account")},
                    .handle = Read(get_account)});
  routes.push_back({.method = Method::put,
                    .path = "/v1/accounts/{key}",
                    .id = "putAccount",
                    .tag = "Accounts",
                    .scope = Scope::ingest,
                    .summary = "Makes an account, or merges attributes into it",
                    .description = "Attributes that are not named stay as they are; null takes one out.",
                    .body = Body{"Attributes"},
                    .answers = with_write_problems({{201, "Made", "Result"}, {200, "Updated", "Result"}}),
                    .handle = Write([&desk](const Request& request, Respond respond) {
                      put_account(desk, request, std::move(respond));
                    })});
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/accounts/{key}/people",
       .id = "listPeopleOfAccount",
       .tag = "Accounts",
       .scope = Scope::read,
       .summary = "The account's people, those of other accounts who belong to it included, page by page",
       .query = page_parameters(kPeopleOrders),
       .answers = {{200, "A page", "PeopleOfAccountPage"}, problem_answer(404, "There is no such account")},
       .handle = Read(list_people)});
  routes.push_back({.method = Method::post,
                    .path = "/v1/accounts/{key}/people",
                    .id = "putAccountWithPeople",
                    .tag = "Accounts",
                    .scope = Scope::ingest,
                    .summary = "Makes an account with people, or merges into them, together",
                    .description = "Journeys and audiences see the account when its people are there. Nobody is taken "
                                   "away: people who are not named stay as they are.",
                    .body = Body{"AccountWithPeople"},
                    .answers = with_write_problems({{201, "Made", "Result"}, {200, "Updated", "Result"}}),
                    .handle = Write([&desk](const Request& request, Respond respond) {
                      put_with_people(desk, request, std::move(respond));
                    })});
  return routes;
}

}  // namespace caravan::api
