#include "engine/api/message.hpp"

#include <algorithm>
#include <cassert>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace caravan::api {
namespace {

const std::string* find(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

std::string_view title_of(unsigned status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    default: return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::remove: return "DELETE";
    case Method::options: return "OPTIONS";
  }
  return "";
}

std::string shown(std::string_view text) {
  std::string out(text.substr(0, 80));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

const std::string& Request::parameter(std::string_view name) const {
  const std::string* found = find(parameters, name);
  assert(found && "the route's path has it");
  return *found;
}

const std::string* Request::query_value(std::string_view name) const {
  return find(query, name);
}

const std::string* Request::header(std::string_view name) const {
  return find(headers, name);
}

Response as_response(const Problem& problem) {
  boost::json::object object{{"type", "about:blank"},
                             {"title", title_of(problem.status)},
                             {"status", problem.status},
                             {"code", problem.code},
                             {"detail", problem.detail}};
  if (!problem.field.empty()) object["field"] = problem.field;
  Response response{problem.status, boost::json::serialize(object) + "\n", "application/problem+json"};
  if (problem.retry_after) response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after->count()));
  if (!problem.allow.empty()) response.headers.emplace_back("Allow", problem.allow);
  if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace caravan::api
