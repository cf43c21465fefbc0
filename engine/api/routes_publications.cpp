// Publishing the workspace's files as they are on the daemon's disk, and what that would change.

#include <boost/json/object.hpp>

#include "engine/api/json_body.hpp"
#include "engine/api/routes.hpp"
#include "engine/message_check.hpp"
#include "engine/report/publication_report.hpp"
#include "nodes/registry.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

/// The journeys that are named are looked for: a name that is none would be passed over.
void expect_journeys(const Publish& publish) {
  for (const std::string& name : publish.journeys) {
    if (!publish.workspace->journeys.contains(name))
      throw Refused({404, "unknown-journey", "the workspace has no journey \"" + name + "\"", "journeys"});
  }
}

std::shared_ptr<Publish> publication_of(const Desk& desk, const Request& request, NameBook& names) {
  JsonBody body(request);
  auto publish = std::make_shared<Publish>();
  publish->journeys = body.texts("journeys");
  if (body.flag("move", false)) publish->under_way = Publish::UnderWay::move;
  publish->gone = body.text("gone");
  body.finish();
  if (!publish->gone.empty() && publish->under_way != Publish::UnderWay::move)
    refuse_member("gone", "goes with `\"move\": true`");
  std::unique_ptr<Workspace> files = load_workspace(desk.folder, node_shapes(), names);
  check_messages(*files);
  if (files->diagnostics.errors() > 0) {
    throw Refused({422, "faulty-workspace",
                   "the workspace's files have errors, and nothing was published: " +
                       render(files->diagnostics.sorted().front(), Colour::never)});
  }
  publish->workspace = std::move(files);
  expect_journeys(*publish);
  return publish;
}

json::object report_on(Scene& scene, const Publish& publish) {
  return caravan::as_json(look_at_publication(scene.store, scene.reader, scene.names, publish));
}

/// What a publication is made of before the engine is asked: on the working thread, while the I/O thread serves others.
struct Prepared {
  std::shared_ptr<Publish> publish;
  json::object report;
};

void publish(Desk& desk, const Request& request, Respond respond) {
  const auto prepared = std::make_shared<Prepared>();
  const Read prepare = [&desk, prepared](const Request& asked, Scene& scene) {
    prepared->publish = publication_of(desk, asked, scene.names);
    prepared->report = report_on(scene, *prepared->publish);
    return Response{};
  };
  desk.work(prepare, request, [&desk, prepared, request, respond](Response response) {
    if (!prepared->publish) return respond(std::move(response));
    try {
      post(desk, request, "publish", std::move(*prepared->publish), respond, [prepared](const InputResult& result) {
        // What it changed when it was asked for first, nobody has kept.
        if (result.repeated) return as_json_response(json::object{{"journeys", json::array()}, {"published", true}});
        prepared->report["published"] = true;
        return as_json_response(prepared->report);
      });
    } catch (const Refused& refused) {
      respond(as_response(refused.problem()));
    }
  });
}

void preview(Desk& desk, const Request& request, Respond respond) {
  const Read look = [&desk](const Request& asked, Scene& scene) {
    json::object report = report_on(scene, *publication_of(desk, asked, scene.names));
    report["published"] = false;
    return as_json_response(report);
  };
  desk.work(look, request, std::move(respond));
}

Route route(Desk& desk, std::string path, std::string id, std::string summary,
            void (*handle)(Desk&, const Request&, Respond)) {
  return {.method = Method::post,
          .path = std::move(path),
          .id = std::move(id),
          .tag = "Journeys",
          .scope = Scope::operate,
          .summary = std::move(summary),
          .description =
              "`journeys` names some, else all are meant. With `move` accounts under way go along to the new "
              "version; `gone` says what becomes of those whose node is gone: `leave`, `stay` or a node's id.",
          .body = Body{"Publication", {"application/json"}, false},
          .answers = with_write_problems({{200, "What changes, journey by journey", "PublicationReport"}}),
          .handle = Write(
              [&desk, handle](const Request& request, Respond respond) { handle(desk, request, std::move(respond)); })};
}

}  // namespace

std::vector<Route> publication_routes(Desk& desk) {
  std::vector<Route> routes;
  routes.push_back(route(desk, "/v1/publications", "publish",
                         "Publishes the journeys of the workspace's files, as far as they have changed", publish));
  routes.push_back(route(desk, "/v1/publications/preview", "previewPublication",
                         "What publishing the workspace's files would change; nothing is", preview));
  return routes;
}

}  // namespace caravan::api
