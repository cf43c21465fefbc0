#include "engine/api/public_site.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "engine/api/public_pages.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

void preflight(const SharedSite& site, const Request& request, const Respond& respond) {
  Response response{204, "", ""};
  allow_origin(response, expect_origin(*site, request));
  response.headers.emplace_back("Access-Control-Allow-Methods", "POST");
  response.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  respond(std::move(response));
}

}  // namespace

bool Site::is_ours(const std::string& origin) const {
  const std::vector<std::string>& origins = desk->links->settings().origins;
  return std::find(origins.begin(), origins.end(), origin) != origins.end();
}

std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return std::string(url.substr(0, url.find_first_of("/?#\\", scheme + 3)));
}

std::string expect_origin(const Site& site, const Request& request) {
  const std::string* given = request.header("origin");
  const std::string* referrer = request.header("referer");
  std::string origin = given ? *given : referrer ? origin_of(*referrer) : std::string();
  if (site.is_ours(origin)) return origin;
  throw Refused({403, "unknown-origin",
                 origin.empty()
                     ? "this is taken from pages alone, and no page has sent it"
                     : "pages of this origin are not known here; `links: origins` in caravan.yaml names those that are",
                 "Origin"});
}

void expect_not_too_often(Site& site, const Request& request) {
  const auto wait = site.often.take(network_of(request.peer), site.desk->ticks());
  if (!wait) return;
  throw Refused({429, "too-many-requests", "this has been sent often enough; try again in a moment", "",
                 std::chrono::ceil<std::chrono::seconds>(*wait)});
}

void allow_origin(Response& response, const std::string& origin) {
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Vary", "Origin");
}

Fields json_fields(const std::string& body) {
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  const json::value value = json::parse(body, error, {}, options);
  if (error || !value.is_object()) throw Refused({400, "malformed-body", "the body must be a JSON object"});
  Fields fields;
  for (const auto& member : value.get_object()) {
    const json::value& each = member.value();
    if (each.is_null()) continue;
    std::string text = each.is_string() ? std::string(each.get_string()) : json::serialize(each);
    fields.emplace_back(std::string(member.key()), std::move(text));
  }
  return fields;
}

std::string take_field(Fields& fields, std::string_view name) {
  std::string value;
  std::erase_if(fields, [&](auto& field) {
    if (field.first != name) return false;
    value = std::move(field.second);
    return true;
  });
  return value;
}

std::string visitor_of(const Site& site, std::string_view token) {
  const std::optional<Link> link = site.desk->links->keys().verify(token);
  return link && link->kind == LinkKind::visitor ? link->person : std::string();
}

Problem busy() {
  return {503, "busy", "this cannot be taken just now; send it again in a moment", "", std::chrono::seconds(5)};
}

Response refusal_for(const Sender& sender, const Problem& problem) {
  Response response = as_response(problem);
  if (sender.is_browser) {
    const Response page = as_page(problem.status, "This was not sent", problem.detail);
    response.body = page.body;
    response.content_type = page.content_type;
    response.headers.insert(response.headers.end(), page.headers.begin(), page.headers.end());
  }
  if (!sender.origin.empty()) allow_origin(response, sender.origin);
  return response;
}

std::vector<Answer> answers_of_site(Answer done) {
  return {std::move(done),
          {400, "The body cannot be read.", "Problem", "application/problem+json"},
          {403, "It comes from no page that is known.", "Problem", "application/problem+json"},
          {422, "What is in it cannot be taken.", "Problem", "application/problem+json"},
          {429, "It was sent too often.", "Problem", "application/problem+json"},
          {503, "It cannot be taken just now.", "Problem", "application/problem+json"}};
}

Route preflight_route(const SharedSite& site, const char* path, const char* id) {
  return {
      .method = Method::options,
      .path = path,
      .id = id,
      .tag = "Pages",
      .scope = Scope::anyone,
      .summary = "Says whether a page may send this",
      .answers = {{204, "It may.", "", ""},
                  {403, "It is no page that is known.", "Problem", "application/problem+json"}},
      .handle = Write([site](const Request& request, const Respond& respond) { preflight(site, request, respond); })};
}

}  // namespace caravan::api
