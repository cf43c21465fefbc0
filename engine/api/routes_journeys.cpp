// Journeys: which there are, with their pictures and live figures; their life; who enters and who is taken out.

#include <boost/json/object.hpp>

#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/journey_figures.hpp"
#include "journeys/diagram.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

/// Throws Refused where it was never published.
void expect_journey(const std::string& journey, Scene& scene) {
  if (!scene.library.state(journey))
    throw Refused({404, "unknown-journey", "no journey \"" + journey + "\" is published", "journey"});
}

Response list_journeys(const Request&, Scene& scene) {
  json::array items;
  for (const JourneyFigures& each :
       read_journey_figures(scene.library, scene.reader, {.versions = FiguresAsked::Versions::newest})) {
    json::object item = caravan::as_json(each);
    item.erase("map");
    item.erase("messages");
    items.push_back(std::move(item));
  }
  return as_json_response(json::object{{"items", std::move(items)}});
}

Response get_journey(const Request& request, Scene& scene) {
  const std::string& name = request.parameter("journey");
  expect_journey(name, scene);
  FiguresAsked asked{.journey = name, .most = limit_of(request) + 1};
  if (const auto below = number_cursor_of(request, "versions")) asked.below = static_cast<std::uint32_t>(*below);
  std::vector<JourneyFigures> figures = read_journey_figures(scene.library, scene.reader, asked);
  std::reverse(figures.begin(), figures.end());
  const bool has_more = takes_one_more(figures, asked.most - 1);
  json::array versions;
  for (const JourneyFigures& each : figures)
    versions.push_back(caravan::as_json(each));
  json::object object{{"journey", name}, {"versions", std::move(versions)}, {"next", nullptr}};
  if (has_more) object["next"] = make_cursor(request, "versions", std::to_string(figures.back().version));
  return as_json_response(object);
}

Response get_picture(const Request& request, Scene& scene) {
  const std::string& name = request.parameter("journey");
  expect_journey(name, scene);
  const std::string format = word_of(request, "format", {"mermaid", "dot"}).value_or("mermaid");
  const VersionRecord newest = scene.library.versions_of(name).back();
  std::shared_ptr<const RunnableJourney> journey;
  try {
    journey = scene.library.version(newest.id);
  } catch (const StoreError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Refused({409, "unreadable-version", error.what()});
  }
  const JourneyDefinition& definition = journey->workspace->journeys.at(name);
  const DiagramFormat as = format == "dot" ? DiagramFormat::dot : DiagramFormat::mermaid;
  return {200, diagram_of(definition, as), "text/plain; charset=utf-8"};
}

using Handle = void (*)(Desk&, const Request&, Respond);

Write writes(Desk& desk, Handle handle) {
  return [&desk, handle](const Request& request, Respond respond) { handle(desk, request, std::move(respond)); };
}

template <ChangeJourney::Command command>
void change(Desk& desk, const Request& request, Respond respond) {
  constexpr std::array ids = {"pauseJourney", "resumeJourney", "closeJourney", "abortJourney"};
  constexpr std::array results = {"paused", "live", "closed", "aborted"};
  constexpr auto index = static_cast<std::size_t>(command);
  if (command == ChangeJourney::Command::abort) {
    JsonBody body(request);
    const bool is_meant = body.flag("everybody", false);
    body.finish();
    if (!is_meant)
      throw Refused({422, "invalid-input",
                     "an abort takes everybody out who is under way, and drops what they were promised: "
                     "`\"everybody\": true` says that this is meant",
                     "everybody"});
  }
  post(desk, request, ids[index], ChangeJourney{command, request.parameter("journey")}, std::move(respond),
       [word = results[index]](const InputResult&) { return as_result(word); });
}

void enrol(Desk& desk, const Request& request, Respond respond) {
  JsonBody body(request);
  EnterJourney input{request.parameter("journey"), body.text("account"), body.text("person")};
  body.finish();
  if (input.account.empty() == input.person.empty())
    throw Refused({422, "invalid-input", "name the `account` that enters or, in a journey for people, the `person`"});
  post(desk, request, "enrol", std::move(input), std::move(respond),
       [](const InputResult&) { return as_result("entered", 201); });
}

/// Tokens of the journey: all, or those of an account or at a node.
template <Interfere::Command command>
void interfere(Desk& desk, const Request& request, Respond respond) {
  constexpr std::array ids = {"retryHeld", "skipHeld", "removeFromJourney"};
  constexpr std::array results = {"retrying", "skipping", "removing"};
  constexpr auto index = static_cast<std::size_t>(command);
  JsonBody body(request);
  Interfere input{command, request.parameter("journey"), body.text("node"), body.text("account")};
  const bool is_whole = body.flag("everybody", false);
  body.finish();
  if (command == Interfere::Command::remove && input.node.empty() && input.account.empty() && !is_whole) {
    throw Refused(
        {422, "invalid-input", "name an `account` or a `node`; `\"everybody\": true` takes all out who are under way"});
  }
  post(desk, request, ids[index], std::move(input), std::move(respond),
       [word = results[index]](const InputResult&) { return as_result(word, 202); });
}

Route command_route(Desk& desk, std::string word, std::string id, std::string summary, std::string description,
                    Handle handle) {
  return {.method = Method::post,
          .path = "/v1/journeys/{journey}/" + word,
          .id = std::move(id),
          .tag = "Journeys",
          .scope = Scope::operate,
          .summary = std::move(summary),
          .description = std::move(description),
          .answers = with_write_problems({{200, "Done", "Result"}}),
          .handle = writes(desk, handle)};
}

Route interfering_route(Desk& desk, std::string word, std::string id, std::string summary, Handle handle) {
  Route route =
      command_route(desk, std::move(word), std::move(id), std::move(summary),
                    "Of one account, at one node, or both. It goes on batch by batch after the answer.", handle);
  route.body = Body{"Interference", {"application/json"}, false};
  route.answers = with_write_problems({{202, "Begun", "Result"}});
  return route;
}

std::vector<Route> reading_routes() {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/journeys",
                    .id = "listJourneys",
                    .tag = "Journeys",
                    .scope = Scope::read,
                    .summary = "The published journeys, each with the figures of its newest version",
                    .answers = {{200, "All of them", "JourneyList"}},
                    .handle = Read(list_journeys)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/journeys/{journey}",
                    .id = "getJourney",
                    .tag = "Journeys",
                    .scope = Scope::read,
                    .summary = "A journey with the live figures of every node and path, version by version",
                    .description = "The newest version first, and those that somebody has entered.",
                    .query = page_parameters(),
                    .answers = {{200, "The journey", "Journey"}, problem_answer(404, "It was never published")},
                    .handle = Read(get_journey)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/journeys/{journey}/picture",
                    .id = "getPictureOfJourney",
                    .tag = "Journeys",
                    .scope = Scope::read,
                    .summary = "The graph of the newest version, for Mermaid or Graphviz",
                    .query = {{"format", "`mermaid` without it.", schema_of_words({"mermaid", "dot"})}},
                    .answers = {{200, "The graph", "", "text/plain"},
                                problem_answer(404, "It was never published"),
                                problem_answer(409, "Its texts do not check with this program")},
                    .handle = Read(get_picture)});
  return routes;
}

}  // namespace

std::vector<Route> journey_routes(Desk& desk) {
  std::vector<Route> routes = reading_routes();
  routes.push_back(command_route(desk, "pause", "pauseJourney", "Nobody enters or moves until it is resumed", {},
                                 change<ChangeJourney::Command::pause>));
  routes.push_back(command_route(desk, "resume", "resumeJourney", "A paused journey goes on", {},
                                 change<ChangeJourney::Command::resume>));
  routes.push_back(command_route(desk, "close", "closeJourney", "Nobody enters any more; who is under way goes on", {},
                                 change<ChangeJourney::Command::close>));
  routes.push_back(command_route(desk, "abort", "abortJourney", "Ends it for everybody who is under way",
                                 "Asks for `\"everybody\": true`, which says that this is meant.",
                                 change<ChangeJourney::Command::abort>));
  routes.back().body = Body{"Abort", {"application/json"}, false};
  routes.push_back({.method = Method::post,
                    .path = "/v1/journeys/{journey}/enrollments",
                    .id = "enrol",
                    .tag = "Journeys",
                    .scope = Scope::operate,
                    .summary = "An account, or a person in a journey for people, enters",
                    .body = Body{"Enrol"},
                    .answers = with_write_problems({{201, "Entered", "Result"}}),
                    .handle = writes(desk, enrol)});
  routes.push_back(interfering_route(desk, "retry", "retryHeld", "Makes what failed and is held try again at once",
                                     interfere<Interfere::Command::retry>));
  routes.push_back(interfering_route(desk, "skip", "skipHeld", "Takes what failed and is held past its node",
                                     interfere<Interfere::Command::skip>));
  routes.push_back(interfering_route(desk, "remove", "removeFromJourney", "Takes accounts out of a journey",
                                     interfere<Interfere::Command::remove>));
  return routes;
}

}  // namespace caravan::api
