// Every route of the document asks for a token, and for the scope that it says.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan::test;
using caravan::api::Scope;

namespace {

struct Operation {
  std::string method;
  std::string target;
  std::string scope;  ///< empty: anyone
  std::string body_type;
};

std::string filled(std::string path) {
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{'))
    path.replace(at, path.find('}') - at + 1, "x");
  return path;
}

/// The scope that the description names: `Asks for the scope `read`.`
std::string scope_in(const boost::json::object& operation) {
  const boost::json::value* description = operation.if_contains("description");
  const std::string text(description ? description->as_string() : "");
  const std::string start = "Asks for the scope `";
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + start.size();
  return text.substr(begin, text.find('`', begin) - begin);
}

std::vector<Operation> operations_of(const boost::json::value& document) {
  std::vector<Operation> all;
  for (const auto& [path, methods] : document.at("paths").as_object()) {
    for (const auto& [method, value] : methods.as_object()) {
      const boost::json::object& operation = value.as_object();
      Operation one{std::string(method), filled(std::string(path)), scope_in(operation), {}};
      for (char& c : one.method)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      if (const boost::json::value* body = operation.if_contains("requestBody"))
        one.body_type = std::string(body->at("content").as_object().begin()->key());
      all.push_back(std::move(one));
    }
  }
  return all;
}

ApiReply ask(RunningApi& api, const Operation& operation) {
  RunningApi::Headers headers;
  if (!operation.body_type.empty()) headers.emplace_back("Content-Type", operation.body_type);
  return api.ask(operation.method, operation.target, operation.body_type.empty() ? "" : "{}", headers);
}

const std::map<std::string, Scope> kScopes = {
    {"read", Scope::read}, {"ingest", Scope::ingest}, {"operate", Scope::operate}, {"admin", Scope::admin}};

}  // namespace

TEST_CASE("every route asks for a token, and for the scope that its description names") {
  RunningApi api;
  const std::vector<Operation> operations = operations_of(api.get("/v1/openapi.json").json());
  REQUIRE(operations.size() > 50);
  std::set<std::string> met;
  for (const auto& [wrong_word, wrong] : kScopes) {
    if (wrong == Scope::admin) continue;
    api.use_token({wrong});
    for (const Operation& operation : operations) {
      CAPTURE(operation.method, operation.target, operation.scope, wrong_word);
      met.insert(operation.scope);
      if (operation.scope.empty() || operation.scope == wrong_word) continue;
      CHECK(ask(api, operation).code() == "missing-scope");
    }
  }
  CHECK(met == std::set<std::string>{"", "read", "ingest", "operate", "admin"});
  api.use_no_token();
  for (const Operation& operation : operations) {
    CAPTURE(operation.method, operation.target);
    const ApiReply reply = ask(api, operation);
    CHECK((operation.scope.empty() ? reply.status != 401 : reply.code() == "no-token"));
  }
}

TEST_CASE("a scope opens the routes that ask for it") {
  RunningApi api;
  const std::vector<Operation> operations = operations_of(api.get("/v1/openapi.json").json());
  for (const auto& [word, scope] : kScopes) {
    api.use_token({scope});
    for (const Operation& operation : operations) {
      CAPTURE(operation.method, operation.target, word);
      if (operation.scope != word || operation.target == "/v1/stream") continue;
      const ApiReply reply = ask(api, operation);
      CHECK(reply.status != 401);
      CHECK(reply.status != 403);
    }
  }
}
