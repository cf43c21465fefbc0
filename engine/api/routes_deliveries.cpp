// Deliveries: what was promised to the outside, and what became of it.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/naming.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kStates = {"pending", "under_way", "delivered", "failed", "in_doubt", "suppressed"};
const std::vector<std::string> kOrders = {"-promised", "promised"};

json::object as_json(const DeliveryRecord& delivery, KeyBook& keys, AllNames& names) {
  const VersionNames& version = names.of(delivery.version);
  json::object object{{"id", name_of(delivery.key)},
                      {"enrollment", keys.enrollment(delivery.key.token).value},
                      {"journey", names.journey_of(delivery.version)},
                      {"version", version.number()},
                      {"channel", word_for(version.message_kind(delivery.message))},
                      {"message", version.message(delivery.message)},
                      {"address", delivery.address},
                      {"state", word_for(delivery.state)},
                      {"attempts", delivery.attempts},
                      {"created_at", to_text(delivery.created_at)}};
  if (const std::string& account = keys.account(delivery.account); !account.empty()) object["account"] = account;
  if (delivery.key.recipient.value > 0) {
    const std::string& person = keys.person(PersonId{delivery.key.recipient.value});
    if (!person.empty()) object["person"] = person;
  }
  if (delivery.next_attempt_at) object["next_attempt_at"] = to_text(*delivery.next_attempt_at);
  if (delivery.ended_at) object["ended_at"] = to_text(*delivery.ended_at);
  if (!delivery.reason.empty()) object["reason"] = delivery.reason;
  return object;
}

Response list_deliveries(const Request& request, Scene& scene) {
  const std::string order = order_of(request, kOrders);
  DeliverySearch search;
  search.page.order = order.starts_with('-') ? Order::descending : Order::ascending;
  search.page.limit = limit_of(request);
  if (const auto after = cursor_of(request, order)) {
    search.page.after = delivery_named(*after);
    if (!search.page.after)
      throw Refused({400, "invalid-cursor", "`cursor` is none of this list; begin without it", "cursor"});
  }
  if (const auto versions = versions_asked_for(request, scene)) {
    search.of.emplace();
    for (const VersionRecord& version : *versions)
      search.of->push_back({version.id, std::nullopt});
  }
  search.promised = span_of(request);
  if (const auto state = word_of(request, "state", kStates)) search.states = {*delivery_state_named(*state)};
  std::vector<DeliveryRecord> deliveries;
  const Searched<DeliveryKey> searched = scene.reader.deliveries(search, deliveries);
  KeyBook keys(scene.reader);
  AllNames names(scene.library, scene.reader);
  json::array items;
  for (const DeliveryRecord& delivery : deliveries)
    items.push_back(as_json(delivery, keys, names));
  return as_list(std::move(items),
                 searched.is_end ? std::nullopt : std::optional(make_cursor(request, order, name_of(searched.next))));
}

Response get_delivery(const Request& request, Scene& scene) {
  const std::optional<DeliveryKey> key = delivery_named(request.parameter("id"));
  const std::optional<DeliveryRecord> delivery = key ? scene.reader.delivery(*key) : std::nullopt;
  if (!delivery) {
    throw Refused({404, "unknown-delivery",
                   "there is no delivery " + shown(request.parameter("id")) +
                       "; those of enrollments whose history was let go are not there any more",
                   "id"});
  }
  KeyBook keys(scene.reader);
  AllNames names(scene.library, scene.reader);
  return as_json_response(as_json(*delivery, keys, names));
}

}  // namespace

std::vector<Route> delivery_routes() {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/deliveries",
                    .id = "listDeliveries",
                    .tag = "Deliveries",
                    .scope = Scope::read,
                    .summary = "Deliveries, page by page",
                    .description = "Those of one account or person are in their timelines. A page looks at a bounded "
                                   "number of them: one that holds fewer than `limit`, or "
                                   "none, has others behind it as long as `next` is not null.",
                    .query = together({page_parameters(kOrders),
                                       version_parameters(),
                                       span_parameters("Promised"),
                                       {{"state", "In this state alone.", schema_of_words(kStates)}}}),
                    .answers = {{200, "A page", "DeliveryPage"}, problem_answer(404, "No such journey")},
                    .handle = Read(list_deliveries)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/deliveries/{id}",
                    .id = "getDelivery",
                    .tag = "Deliveries",
                    .scope = Scope::read,
                    .summary = "A delivery",
                    .answers = {{200, "The delivery", "Delivery"}, problem_answer(404, "There is none")},
                    .handle = Read(get_delivery)});
  return routes;
}

}  // namespace caravan::api
