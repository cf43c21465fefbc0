// Who asked for what: what operators have changed, by hand or by program.

#include <boost/json/object.hpp>

#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kOrders = {"-at", "at"};

Response list_audit(const Request& request, Scene& scene) {
  const std::string order = order_of(request, kOrders);
  AuditSearch search;
  search.page.order = order.starts_with('-') ? Order::descending : Order::ascending;
  search.page.limit = limit_of(request);
  search.page.after = number_cursor_of(request, order);
  if (const std::string* caller = request.query_value("caller")) search.caller = *caller;
  if (const std::string* action = request.query_value("action")) search.action = *action;
  std::vector<AuditRecord> lines;
  const Searched<std::int64_t> searched = scene.reader.audit(search, lines);
  json::array items;
  for (const AuditRecord& line : lines) {
    json::object item{{"number", line.sequence},
                      {"at", to_text(line.at)},
                      {"action", line.action},
                      {"target", line.target},
                      {"request", line.request_id}};
    if (!line.caller.empty()) item["caller"] = line.caller;
    if (!line.refused.empty()) item["refused"] = line.refused;
    items.push_back(std::move(item));
  }
  return as_list(std::move(items), searched.is_end
                                       ? std::nullopt
                                       : std::optional(make_cursor(request, order, std::to_string(searched.next))));
}

}  // namespace

std::vector<Route> audit_routes() {
  std::vector<QueryParameter> filters = page_parameters(kOrders);
  filters.push_back({"caller", "What this token has asked for alone."});
  filters.push_back({"action", "This action alone, such as `pauseJourney`."});
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/audit",
                    .id = "listAudit",
                    .tag = "Operations",
                    .scope = Scope::admin,
                    .summary = "Who asked for what, and what was refused",
                    .query = std::move(filters),
                    .answers = {{200, "A page", "AuditPage"}},
                    .handle = Read(list_audit)});
  return routes;
}

}  // namespace caravan::api
