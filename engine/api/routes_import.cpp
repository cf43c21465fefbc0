// Streams of accounts, people and events.

#include "engine/api/routes.hpp"
#include "engine/api/upload.hpp"

namespace caravan::api {
namespace {

Route route(Desk& desk, RecordKind kind, std::string plural, std::string id, std::string schema,
            std::string description) {
  return {.method = Method::post,
          .path = "/v1/import/" + plural,
          .id = std::move(id),
          .tag = "Import",
          .scope = Scope::ingest,
          .summary = "A stream of " + plural + " of any length, with a result for each line",
          .description = std::move(description),
          .query = upload_parameters(kind),
          .body = upload_body(std::move(schema)),
          .answers = upload_answers(),
          .handle = begin_upload(desk, kind)};
}

}  // namespace

std::vector<Route> import_routes(Desk& desk) {
  std::vector<Route> routes;
  routes.push_back(route(desk, RecordKind::account, "accounts", "importAccounts", "AccountLine",
                         upload_description("account", "key")));
  routes.push_back(
      route(desk, RecordKind::person, "people", "importPeople", "PersonLine", upload_description("person", "key")));
  routes.push_back(route(desk, RecordKind::event, "events", "importEvents", "Event",
                         upload_description("event", "id") + " An account takes an event of the same `id` once."));
  return routes;
}

}  // namespace caravan::api
