#include "engine/api/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "engine/api/routes.hpp"
#include "engine/api/schemas.hpp"
#include "engine/api/target.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

json::object ref(const std::string& schema) {
  return {{"$ref", "#/components/schemas/" + schema}};
}

json::object content_of(const std::string& content_type, const std::string& schema) {
  json::object media;
  if (!schema.empty()) media["schema"] = ref(schema);
  return {{content_type, std::move(media)}};
}

json::array parameters_of(const Route& route) {
  json::array all;
  for (const std::string& name : PathPattern(route.path).parameters()) {
    all.push_back(
        json::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  }
  for (const QueryParameter& query : route.query) {
    all.push_back(json::object{{"name", query.name},
                               {"in", "query"},
                               {"description", query.description},
                               {"schema", json::parse(query.schema)}});
  }
  const bool writes = std::holds_alternative<Write>(route.handle) && route.scope != Scope::anyone;
  if (writes && route.method != Method::get) {
    all.push_back(
        json::object{{"name", "Idempotency-Key"},
                     {"in", "header"},
                     {"description",
                      "A key of the caller's own: a request that comes again with it within a day is not done twice, "
                      "and gets the answer of the first."},
                     {"schema", json::object{{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}}});
  }
  return all;
}

/// Every route may be refused for who asks and how.
std::vector<Answer> answers_of(const Route& route) {
  std::vector<Answer> answers = route.answers;
  const auto add = [&](unsigned status, const char* description) {
    const auto is_it = [&](const Answer& each) { return each.status == status; };
    if (std::none_of(answers.begin(), answers.end(), is_it)) answers.push_back(problem_answer(status, description));
  };
  add(400, "The request cannot be understood");
  if (route.scope != Scope::anyone) {
    add(401, "No token, or none that is known");
    add(403, "The token has not the scope");
    add(421, "Without tokens the API is for this machine alone");
    add(429, "Too many requests");
  }
  add(413, "The body is too large, or none is taken");
  if (route.body) {
    add(415, "The body is of a type that is not taken");
  }
  add(500, "A mistake of the daemon's; its log tells it by the request's id");
  add(503, "The daemon cannot do it at present");
  return answers;
}

json::object operation_of(const Route& route) {
  json::object operation{{"operationId", route.id}, {"tags", json::array{route.tag}}, {"summary", route.summary}};
  std::string description = route.description;
  if (route.scope != Scope::anyone)
    description +=
        std::string(description.empty() ? "" : " ") + "Asks for the scope `" + std::string(name_of(route.scope)) + "`.";
  if (!description.empty()) operation["description"] = description;
  if (json::array parameters = parameters_of(route); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  if (route.body) {
    json::object content;
    for (const std::string& type : route.body->content_types)
      content[type] = content_of(type, route.body->schema).at(type);
    operation["requestBody"] = json::object{{"required", route.body->required}, {"content", std::move(content)}};
  }
  json::object responses;
  for (const Answer& answer : answers_of(route)) {
    json::object response{{"description", answer.description}};
    if (!answer.content_type.empty()) response["content"] = content_of(answer.content_type, answer.schema);
    responses[std::to_string(answer.status)] = std::move(response);
  }
  operation["responses"] = std::move(responses);
  if (route.scope == Scope::anyone) {
    operation["security"] = json::array();
  } else {
    operation["security"] = json::array{json::object{{"token", json::array()}}};
  }
  return operation;
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

}  // namespace

Answer problem_answer(unsigned status, std::string description) {
  return {status, std::move(description), "Problem", "application/problem+json"};
}

std::vector<Answer> with_write_problems(std::vector<Answer> answers) {
  answers.push_back(problem_answer(404, "It names something that is not there"));
  answers.push_back(problem_answer(409, "What is there at present forbids it"));
  answers.push_back(problem_answer(422, "It is wrong in itself, or its Idempotency-Key was used for something else"));
  return answers;
}

json::object openapi_document(std::span<const Route> routes, std::string_view version) {
  json::object paths;
  for (const Route& route : routes) {
    json::value& path = paths[route.path];
    if (!path.is_object()) path = json::object();
    path.get_object()[in_lower_case(name_of(route.method))] = operation_of(route);
  }
  return {
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Caravan"},
                            {"version", version},
                            {"description",
                             "The HTTP API of a Caravan daemon. Every write is answered after its commit. Errors are "
                             "application/problem+json; lists are paged by cursor."}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"paths", std::move(paths)},
      {"components", json::object{{"schemas", schemas()},
                                  {"securitySchemes",
                                   json::object{{"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

}  // namespace caravan::api
