// Enrollments: where accounts and people stand in journeys.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/lifecycle.hpp"
#include "engine/report/naming.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kOrders = {"-entered", "entered"};

std::vector<std::string> state_words() {
  std::vector<std::string> words;
  for (const TokenState state : kTokenStates)
    words.emplace_back(to_text(state));
  return words;
}

json::object as_json(const TokenRecord& token, KeyBook& keys, AllNames& names) {
  const VersionNames& version = names.of(token.version);
  json::object object{{"id", token.id.value},        {"journey", names.journey_of(token.version)},
                      {"version", version.number()}, {"state", to_text(token.state)},
                      {"entry", token.entry},        {"entered_at", to_text(token.entered_at)}};
  if (const std::string& account = keys.account(token.account); !account.empty()) object["account"] = account;
  if (token.person) object["person"] = keys.person(token.person);
  if (token.node != kNoNode) object["node"] = version.node(token.node);
  if (token.due_at && !is_final(token.state)) object["due_at"] = to_text(*token.due_at);
  if (token.ended_at) object["ended_at"] = to_text(*token.ended_at);
  if (token.reached_goal) object["reached_goal"] = true;
  if (token.attempts > 0) object["attempts"] = token.attempts;
  return object;
}

/// Those versions at the node that is asked for; nothing: everywhere.
std::optional<std::vector<NodeOfVersion>> places_of(const Request& request, Scene& scene) {
  const auto versions = versions_asked_for(request, scene);
  const std::string* node = request.query_value("node");
  if (!versions && node)
    throw Refused({400, "invalid-parameter", "a `node` is one of a `journey`: name that as well", "node"});
  if (!versions) return std::nullopt;
  std::vector<NodeOfVersion> places;
  for (const VersionRecord& version : *versions) {
    if (!node) {
      places.push_back({version.id, kNoNode});
      continue;
    }
    try {
      const NodeIndex index = scene.library.version(version.id)->journey.find(*node);
      if (index != kNoNode) places.push_back({version.id, index});
    } catch (const StoreError&) {
      throw;
    } catch (const std::runtime_error&) {
      // Its texts do not check any more: nobody knows its nodes.
    }
  }
  if (places.empty()) throw Refused({404, "unknown-node", "the journey has no node \"" + *node + "\"", "node"});
  return places;
}

/// Of an account, or all there are.
Response list(const Request& request, Scene& scene, AccountId account) {
  const std::string order = order_of(request, kOrders);
  EnrollmentSearch search;
  search.account = account;
  search.page.order = order.starts_with('-') ? Order::descending : Order::ascending;
  search.page.limit = limit_of(request);
  if (const auto after = number_cursor_of(request, order)) search.page.after = TokenId{*after};
  search.where = places_of(request, scene);
  search.entered = span_of(request);
  if (const auto state = word_of(request, "state", state_words())) {
    for (const TokenState each : kTokenStates) {
      if (to_text(each) == *state) search.states = {each};
    }
  }
  std::vector<TokenRecord> tokens;
  const Searched<TokenId> searched = scene.reader.enrollments(search, tokens);
  KeyBook keys(scene.reader);
  AllNames names(scene.library, scene.reader);
  json::array items;
  for (const TokenRecord& token : tokens)
    items.push_back(as_json(token, keys, names));
  return as_list(
      std::move(items),
      searched.is_end ? std::nullopt : std::optional(make_cursor(request, order, std::to_string(searched.next.value))));
}

Response list_enrollments(const Request& request, Scene& scene) {
  return list(request, scene, {});
}

Response list_of_account(const Request& request, Scene& scene) {
  return list(request, scene, account_named(request, scene).id);
}

Response get_enrollment(const Request& request, Scene& scene) {
  const TokenRecord token = enrollment_named(request, scene);
  KeyBook keys(scene.reader);
  AllNames names(scene.library, scene.reader);
  json::object object = as_json(token, keys, names);
  if (std::string why = scene.reader.why_untold(token); !why.empty()) object["untold"] = why;
  return as_json_response(object);
}

}  // namespace

std::vector<Route> enrollment_routes(Desk&) {
  const std::vector<QueryParameter> filters =
      together({page_parameters(kOrders),
                version_parameters(),
                span_parameters("Entered"),
                {{"node", "With `journey`: those who stand, or stood last, at this node."},
                 {"state", "In this state alone.", schema_of_words(state_words())}}});
  const std::string bounded =
      "A page looks at a bounded number of them: one that holds fewer than `limit`, or none, has others behind it as "
      "long as `next` is not null.";
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/enrollments",
                    .id = "listEnrollments",
                    .tag = "Enrollments",
                    .scope = Scope::read,
                    .summary = "Enrollments, page by page",
                    .description = bounded,
                    .query = filters,
                    .answers = {{200, "A page", "EnrollmentPage"}, problem_answer(404, "No such journey or node")},
                    .handle = Read(list_enrollments)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/enrollments/{id}",
                    .id = "getEnrollment",
                    .tag = "Enrollments",
                    .scope = Scope::read,
                    .summary = "An enrollment; what it did is its timeline",
                    .answers = {{200, "The enrollment", "EnrollmentStory"}, problem_answer(404, "There is none")},
                    .handle = Read(get_enrollment)});
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/accounts/{key}/enrollments",
       .id = "listEnrollmentsOfAccount",
       .tag = "Enrollments",
       .scope = Scope::read,
       .summary = "Where an account and its people stand in journeys, and stood, page by page",
       .description = bounded,
       .query = filters,
       .answers = {{200, "A page", "EnrollmentPage"}, problem_answer(404, "There is no such account, journey or node")},
       .handle = Read(list_of_account)});
  return routes;
}

}  // namespace caravan::api
