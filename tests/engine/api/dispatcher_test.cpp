#include "engine/api/dispatcher.hpp"

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using caravan::Instant;
using namespace caravan::api;
using namespace std::chrono_literals;

namespace {

using Tokens = DispatchRules::Tokens;

const Instant kNow{1'000'000h};

Route route(Method method, std::string path, Scope scope, std::optional<Body> body = {}) {
  Route made;
  made.method = method;
  made.path = std::move(path);
  made.id = made.path;
  made.scope = scope;
  made.query = {{"limit", ""}};
  made.body = std::move(body);
  made.handle = Write([](const Request&, const Respond&) {});
  return made;
}

/// A dispatcher of some routes beside a file of tokens.
class Door {
 public:
  explicit Door(DispatchRules rules)
      : file_(tokens_file(folder_.path() / "caravan.db")), tokens_(file_), dispatcher_(routes(), tokens_, rules) {}

  void renew(DispatchRules rules) { dispatcher_.renew(std::move(rules)); }

  std::string make(Scope scope, std::optional<Instant> expires_at = {}) {
    NewToken made = make_token(std::string(name_of(scope)) + std::to_string(all_.size()), {scope}, kNow, expires_at);
    all_.push_back(made.token);
    write_tokens(file_, all_);
    return made.secret;
  }

  std::variant<Admitted, Declined> ask(std::string method, std::string target, Fields headers = {},
                                       std::string peer = "127.0.0.1") {
    headers.emplace_back("host", "127.0.0.1:8080");
    return dispatcher_.admit({std::move(method), std::move(target), std::move(headers), std::move(peer)}, kNow);
  }

  unsigned status(std::string method, std::string target, Fields headers = {}) {
    const auto answer = ask(std::move(method), std::move(target), std::move(headers));
    const Declined* declined = std::get_if<Declined>(&answer);
    return declined ? declined->answer.status : 0;
  }

 private:
  static std::vector<Route> routes() {
    return {route(Method::get, "/v1/accounts", Scope::read),
            route(Method::get, "/v1/accounts/{key}", Scope::read),
            route(Method::put, "/v1/accounts/{key}", Scope::ingest, Body{"Account"}),
            route(Method::get, "/v1/accounts/{key}/people", Scope::read),
            route(Method::get, "/healthz", Scope::anyone),
            page()};
  }

  static Route page() {
    Body form;
    form.content_types = {"application/x-www-form-urlencoded"};
    form.most_bytes = 4'096;
    Route made = route(Method::post, "/u/{token}", Scope::anyone, form);
    made.answers_pages = true;
    return made;
  }

  caravan::testing::TemporaryFolder folder_;
  const std::filesystem::path file_;
  TokenBook tokens_;
  std::vector<Token> all_;
  Dispatcher dispatcher_;
};

Fields bearer(const std::string& secret) {
  return {{"authorization", "Bearer " + secret}};
}

/// 0: it was admitted.
constexpr unsigned kAdmitted = 0;

}  // namespace

TEST_CASE("a request finds the route of its path and method") {
  Door door({.tokens = Tokens::none});
  const auto answer = door.ask("GET", "/v1/accounts/acme%20inc?limit=5");
  const Admitted& admitted = std::get<Admitted>(answer);
  CHECK(admitted.route->path == "/v1/accounts/{key}");
  CHECK(admitted.request.parameter("key") == "acme inc");
  CHECK(*admitted.request.query_value("limit") == "5");
  CHECK(std::holds_alternative<Admitted>(door.ask("HEAD", "/v1/accounts")));
}

TEST_CASE("what is not there is told apart from what is not done") {
  Door door({.tokens = Tokens::none});
  CHECK(door.status("GET", "/v1/nothing") == 404);
  CHECK(door.status("GET", "/") == 404);
  CHECK(door.status("DELETE", "/v1/accounts/acme") == 405);
  CHECK(door.status("BREW", "/v1/accounts/acme") == 405);
  CHECK(door.status("GET", "no path") == 400);
  CHECK(door.status("GET", "/v1/accounts?limt=5") == 400);
  CHECK(door.status("GET", "/v1/accounts?limit=5&limit=6") == 400);
}

TEST_CASE("a body is of a type that the route takes") {
  Door door({.tokens = Tokens::none});
  CHECK(door.status("PUT", "/v1/accounts/acme", {{"content-type", "application/json; charset=utf-8"}}) == kAdmitted);
  CHECK(door.status("PUT", "/v1/accounts/acme", {{"content-type", "Application/JSON"}}) == kAdmitted);
  CHECK(door.status("PUT", "/v1/accounts/acme", {{"content-type", "text/plain"}}) == 415);
  CHECK(door.status("PUT", "/v1/accounts/acme") == 415);
}

TEST_CASE("without a token nobody gets in, and with one as far as its scopes go") {
  Door door({.tokens = Tokens::required});
  CHECK(door.status("GET", "/healthz") == kAdmitted);
  CHECK(door.status("GET", "/v1/accounts") == 401);
  const std::string reader = door.make(Scope::read);
  CHECK(door.status("GET", "/v1/accounts", bearer(reader)) == kAdmitted);
  CHECK(door.status("GET", "/v1/accounts", {{"authorization", "bearer  " + reader}}) == kAdmitted);
  CHECK(door.status("GET", "/v1/accounts", {{"authorization", "Basic " + reader}}) == 401);
  CHECK(door.status("GET", "/v1/accounts", {{"authorization", reader}}) == 401);
  CHECK(door.status("GET", "/v1/accounts", bearer(reader + "x")) == 401);
  CHECK(door.status("PUT", "/v1/accounts/acme",
                    {{"authorization", "Bearer " + reader}, {"content-type", "application/json"}}) == 403);
  CHECK(door.status("GET", "/v1/accounts", bearer(door.make(Scope::admin))) == kAdmitted);
  CHECK(door.status("GET", "/v1/accounts", bearer(door.make(Scope::read, kNow))) == 401);
}

TEST_CASE("on this machine nobody needs a token until the first is made, under a name of this machine") {
  Door door({.tokens = Tokens::once_made});
  CHECK(door.status("GET", "/v1/accounts") == kAdmitted);
  const auto foreign = door.ask("GET", "/v1/accounts", {{"host", "evil.example.com"}});
  CHECK(std::get<Declined>(foreign).answer.status == 421);
  const std::string reader = door.make(Scope::read);
  CHECK(door.status("GET", "/v1/accounts") == 401);
  CHECK(door.status("GET", "/v1/accounts", bearer(reader)) == kAdmitted);
}

TEST_CASE("who asks too often waits, each token on its own") {
  Door door({.tokens = Tokens::required, .requests_per_second = 2});
  const std::string one = door.make(Scope::read);
  const std::string other = door.make(Scope::read);
  CHECK(door.status("GET", "/v1/accounts", bearer(one)) == kAdmitted);
  CHECK(door.status("GET", "/v1/accounts", bearer(one)) == kAdmitted);
  const auto third = door.ask("GET", "/v1/accounts", bearer(one));
  REQUIRE(std::holds_alternative<Declined>(third));
  const Declined& declined = std::get<Declined>(third);
  CHECK(declined.answer.status == 429);
  const Fields& headers = declined.answer.headers;
  CHECK(std::find(headers.begin(), headers.end(), std::pair<std::string, std::string>("Retry-After", "1")) !=
        headers.end());
  // Logs and figures tell which route it was, and who.
  REQUIRE(declined.route);
  CHECK(declined.route->path == "/v1/accounts");
  CHECK(declined.caller == "read0");
  CHECK(door.status("GET", "/v1/accounts", bearer(other)) == kAdmitted);
}

TEST_CASE("rules that change count for the next request") {
  Door door({.tokens = Tokens::none});
  for (int i = 0; i < 10; ++i)
    CHECK(door.status("GET", "/v1/accounts") == 0);
  door.renew({.tokens = Tokens::none, .requests_per_second = 1});
  CHECK(door.status("GET", "/v1/accounts") == 0);
  CHECK(door.status("GET", "/v1/accounts") == 429);
  door.renew({.tokens = Tokens::required});
  CHECK(door.status("GET", "/v1/accounts") == 401);
}

TEST_CASE("who is behind a proxy is believed from proxies that are known, and from nobody else") {
  Door door({.tokens = Tokens::none, .trusted_proxies = {"127.0.0.1", "10.0.0.1"}});
  const auto peer = [&](const char* forwarded, const char* from = "127.0.0.1") {
    return std::get<Admitted>(door.ask("GET", "/healthz", {{"x-forwarded-for", forwarded}}, from)).request.peer;
  };
  CHECK(peer("203.0.113.9") == "203.0.113.9");
  CHECK(peer("198.51.100.1, 203.0.113.9, 10.0.0.1") == "203.0.113.9");
  CHECK(peer("nonsense") == "127.0.0.1");
  CHECK(peer("203.0.113.9", "192.0.2.7") == "192.0.2.7");
}

TEST_CASE("a request keeps its id where that can stand in a log, and gets one where not") {
  Door door({.tokens = Tokens::none});
  const auto id = [&](const char* given) {
    return std::get<Admitted>(door.ask("GET", "/healthz", {{"x-request-id", given}})).request.id;
  };
  CHECK(id("abc-123.X_y") == "abc-123.X_y");
  CHECK(id("two words").size() == 16);
  CHECK(id("").size() == 16);
  CHECK(id(std::string(65, 'a').c_str()).size() == 16);
}

TEST_CASE("what people see refuses them with a page, and programs with a problem") {
  Door door({.tokens = Tokens::required});
  const std::string form = "application/x-www-form-urlencoded";
  const auto refusal = [&](std::string method, std::string target, Fields headers) {
    return std::get<Declined>(door.ask(std::move(method), std::move(target), std::move(headers))).answer;
  };
  const Response wrong_type = refusal("POST", "/u/x", {{"content-type", "text/plain"}});
  CHECK(wrong_type.status == 415);
  CHECK(wrong_type.content_type == "text/html; charset=utf-8");
  CHECK(wrong_type.body.find("nothing was changed") != std::string::npos);
  const Response wrong_method = refusal("PUT", "/u/x", {});
  CHECK(wrong_method.status == 405);
  CHECK(wrong_method.content_type == "text/html; charset=utf-8");
  CHECK(std::find(wrong_method.headers.begin(), wrong_method.headers.end(),
                  std::pair<std::string, std::string>{"Allow", "POST"}) != wrong_method.headers.end());
  const Response too_large = refusal("POST", "/u/x", {{"content-type", form}, {"content-length", "4097"}});
  CHECK(too_large.status == 413);
  CHECK(too_large.content_type == "text/html; charset=utf-8");
  CHECK(door.status("POST", "/u/x", {{"content-type", form}, {"content-length", "4096"}}) == kAdmitted);
  // A link that was cut off leads where nothing is.
  CHECK(refusal("GET", "/u", {{"accept", "text/html,*/*"}}).content_type == "text/html; charset=utf-8");
  CHECK(refusal("GET", "/u", {}).content_type == "application/problem+json");
  CHECK(refusal("GET", "/v1/nothing", {{"accept", "text/html"}}).content_type == "application/problem+json");
  CHECK(refusal("GET", "/v1/accounts", {{"accept", "text/html"}}).content_type == "application/problem+json");
}
