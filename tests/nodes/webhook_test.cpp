// webhook: calls a connection over HTTP. The server is a real one; only time is not.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// A workspace whose connection `crm` is a server of this machine, tried three times, the first time again after 1m.
SourceTexts calling(const HttpServer& server, const std::string& nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] = "timezone: UTC\nconnections:\n  crm:\n    url: " + server.url() +
                          "/hooks\n    allow_private: true\n    retry: {attempts: 3, first: 1m, longest: 1h}\n";
  return texts;
}

std::string hook(const std::string& keys, const std::string& more = "- id: last\n  wait: 30d\n") {
  return "- id: hook\n  webhook:\n    connection: crm\n" + indented(keys, 4) + more;
}

/// A server that answers everything in one way until it is told another.
class Peer {
 public:
  explicit Peer(HttpReply reply = {})
      : reply_(std::move(reply)), server_([this](const HttpRequest&) {
          const std::lock_guard lock(mutex_);
          return reply_;
        }) {}
  void answer(HttpReply reply) {
    const std::lock_guard lock(mutex_);
    reply_ = std::move(reply);
  }
  const HttpServer& server() const { return server_; }
  std::vector<HttpRequest> requests() const { return server_.requests(); }

 private:
  std::mutex mutex_;
  HttpReply reply_;
  HttpServer server_;
};

const HttpReply kDown{.manner = HttpReply::Manner::drop};

std::string account(World& world) {
  return world.attributes(world.account_record("acme").attributes);
}

std::string fault(const std::string& keys) {
  const HttpServer server;
  return only_fault(calling(server, "- id: do\n  webhook: " + keys + "\n"));
}

}  // namespace

TEST_CASE("a webhook posts its body to the connection, and the token goes on at once") {
  Peer peer;
  World world(
      calling(peer.server(), hook("body: {name: account.name, people: people.size(), at: now, none: 'null'}\n")));
  world.open_channels();
  world.post_all(acme({{"name", text("Acme \"Seeds\"")}}));
  CHECK(world.trail("acme") == "hook last:stopped");
  REQUIRE(peer.requests().size() == 1);
  const HttpRequest request = peer.requests().front();
  CHECK(request.method == "POST");
  CHECK(request.target == "/hooks");
  CHECK(request.header("Content-Type").starts_with("application/json"));
  CHECK(request.header("Idempotency-Key") != "");
  CHECK(request.body.find("\"name\":\"Acme \\\"Seeds\\\"\"") != std::string::npos);
  CHECK(request.body.find("\"people\":3") != std::string::npos);
  CHECK(request.body.find("\"at\":\"2026-01-05T09:00:00Z\"") != std::string::npos);
  CHECK(world.deliveries("acme").at(0).state == DeliveryState::delivered);
  CHECK(account(world) == "name=Acme \"Seeds\"");
}

TEST_CASE("a webhook may have a path and another method; a GET has no body") {
  Peer peer;
  World world(calling(peer.server(), hook("path: /companies?new=1\nmethod: PUT\nbody: {a: '1'}\n",
                                          "- id: get\n  webhook: {connection: crm, path: /ping, method: GET}\n")));
  world.open_channels();
  world.account("acme");
  std::vector<HttpRequest> requests = peer.requests();
  REQUIRE(requests.size() == 2);
  std::sort(requests.begin(), requests.end(), [](const auto& a, const auto& b) { return a.method < b.method; });
  CHECK(requests[0].method + " " + requests[0].target + " " + requests[0].body == "GET /hooks/ping ");
  CHECK(requests[1].method + " " + requests[1].target + " " + requests[1].body ==
        "PUT /hooks/companies?new=1 {\"a\":1}");
}

TEST_CASE("a value of the body that cannot be computed is left out, and the timeline says why") {
  Peer peer;
  World world(calling(peer.server(), hook("body: {a: account.missing, b: '2'}\n")));
  world.open_channels();
  world.account("acme");
  REQUIRE(peer.requests().size() == 1);
  CHECK(peer.requests().front().body == "{\"b\":2}");
  CHECK(world.counted(CounterKind::expression_errors, "hook") == 1);
}

TEST_CASE("inside of a people split a webhook is called for each person") {
  Peer peer;
  World world(calling(peer.server(), "- id: each\n  split_people:\n    - path: all\n      nodes:\n" +
                                         indented(hook("body: {who: person.key}\nanswer: seen\n", ""), 8)));
  peer.answer({.body = "true"});
  world.open_channels();
  world.post_all(acme());
  CHECK(peer.requests().size() == 3);
  // What is answered is kept with the person.
  CHECK(attributes_of(world, "acme", "bob") == "email=bob@acme.example seen=true title=Agronomist");
  CHECK(account(world) == "");
}

TEST_CASE("the answer is kept in an attribute, whether or not the token waits for it") {
  Peer peer(HttpReply{.body = "{\"score\": 80}"});
  World world(calling(peer.server(), hook("answer: enrichment\n")));
  world.open_channels();
  world.account("acme");
  CHECK(world.trail("acme") == "hook last:stopped");
  CHECK(account(world) == "enrichment={score=80}");
}

TEST_CASE("an answer of nothing takes the attribute out") {
  Peer peer(HttpReply{.status = 204});
  World world(calling(peer.server(), hook("answer: enrichment\n")));
  world.open_channels();
  world.account("acme", {{"enrichment", text("old")}});
  CHECK(account(world) == "");
}

TEST_CASE("a token that waits goes on when the answer has come, and the next node reads it") {
  Peer peer(HttpReply{.body = "{\"score\": 80}"});
  World world(calling(peer.server(), hook("answer: enrichment\nwait: true\n",
                                          "- id: split\n  split:\n    - {path: hot, when: account.enrichment.score >= "
                                          "80, nodes: []}\n    - {path: others, nodes: []}\n")));
  world.open_channels();
  world.account("acme");
  CHECK(world.trail("acme") == "hook:stopped hook:heard split/hot");
  CHECK(world.counter_differences() == std::vector<std::string>{});
}

TEST_CASE("a token that waits stands over retries and restarts, and the call keeps its key") {
  Peer peer(kDown);
  World world(calling(peer.server(), hook("answer: enrichment\nwait: true\n")));
  world.open_channels();
  world.account("acme");
  CHECK(world.standing("acme") == "listening at hook");
  world.restart();
  CHECK(world.standing("acme") == "listening at hook");
  peer.answer({.body = "\"yes\""});
  world.advance(2min);
  CHECK(world.trail("acme") == "hook:stopped hook:heard last:stopped");
  CHECK(account(world) == "enrichment=yes");
  const std::vector<HttpRequest> requests = peer.requests();
  REQUIRE(requests.size() >= 2);
  CHECK(requests.front().header("Idempotency-Key") == requests.back().header("Idempotency-Key"));
}

TEST_CASE("a call that is refused for good takes the path for errors, and keeps no answer") {
  Peer peer(HttpReply{.status = 404, .body = "\"no such company\""});
  World world(
      calling(peer.server(), hook("answer: enrichment\nwait: true\non_error: {nodes: [{id: sorry, wait: 1d}]}\n")));
  world.open_channels();
  world.account("acme", {{"enrichment", text("old")}});
  CHECK(world.trail("acme") == "hook:stopped hook/error:failed sorry:stopped");
  CHECK(account(world) == "enrichment=old");
  CHECK(world.counted(CounterKind::taken, "hook", "error") == 1);
  CHECK(world.counter_differences() == std::vector<std::string>{});
  world.advance(24h);
  CHECK(world.standing("acme") == "waiting at last");
}

TEST_CASE("a call that never gets through is an error when its attempts are used up") {
  Peer peer(HttpReply{.status = 503});
  World world(calling(peer.server(), hook("wait: true\non_error: {next: end}\n")));
  world.open_channels();
  world.account("acme");
  for (int minute = 0; minute < 10; ++minute)
    world.advance(1min);
  CHECK(peer.requests().size() == 3);
  CHECK(world.standing("acme") == "completed at hook");
  CHECK(world.trail("acme") == "hook:stopped hook/error:failed");
}

TEST_CASE("without a path for errors the token goes on as if the call had been taken") {
  Peer peer(HttpReply{.status = 404});
  World world(calling(peer.server(), hook("wait: true\n")));
  world.open_channels();
  world.account("acme");
  CHECK(world.trail("acme") == "hook:stopped hook:failed last:stopped");
}

TEST_CASE("a time-out takes the path for errors; an answer that comes later is kept and moves nobody") {
  Peer peer(kDown);
  World world(
      calling(peer.server(),
              hook("answer: enrichment\nwait: true\ntimeout: 30s\non_error: {nodes: [{id: sorry, wait: 1d}]}\n")));
  world.open_channels();
  world.account("acme");
  CHECK(world.token("acme").due_at == kMonday + 30s);
  world.advance(30s);
  CHECK(world.trail("acme") == "hook:stopped hook/error:timed_out sorry:stopped");
  CHECK(world.counted(CounterKind::timed_out, "hook") == 1);
  peer.answer({.body = "7"});
  world.advance(2min);
  CHECK(account(world) == "enrichment=7");
  CHECK(world.standing("acme") == "waiting at sorry");
}

TEST_CASE("without channels a call is promised with its values, and made once there are some") {
  Peer peer;
  World world(calling(peer.server(), hook("body: {a: '1'}\n")));
  world.account("acme");
  CHECK(world.deliveries("acme").at(0).state == DeliveryState::pending);
  CHECK(world.values(world.deliveries("acme").at(0)) == "a=1");
  world.open_channels();
  world.restart();
  REQUIRE(peer.requests().size() == 1);
  CHECK(peer.requests().front().body == "{\"a\":1}");
}

TEST_CASE("wrong uses of webhook are told where they stand") {
  CHECK(fault("crn") == "journeys/seeds.yaml:5:14: there is no connection `crn`; did you mean \"crm\"?");
  CHECK(fault("{path: /x}") == "journeys/seeds.yaml:5:5: `webhook` needs the key `connection`");
  CHECK(fault("{connection: crm, path: x}") ==
        "journeys/seeds.yaml:5:38: `x` cannot be a path; it must begin with `/`");
  CHECK(fault("{connection: crm, path: /a/../b}").find("`..` would leave the connection's URL") != std::string::npos);
  CHECK(fault("{connection: crm, path: '/a b'}").find("percent-encoded") != std::string::npos);
  CHECK(fault("{connection: crm, path: '/a#b'}").find("percent-encoded") != std::string::npos);
  CHECK(fault("{connection: crm, method: post}").find("`POST`") != std::string::npos);
  CHECK(fault("{connection: crm, method: GET, body: {a: '1'}}").find("a call with GET has no `body`") !=
        std::string::npos);
  CHECK(fault("{connection: crm, timeout: 1h}")
            .starts_with("journeys/seeds.yaml:5:41: `timeout` without `wait: true` is never taken"));
  CHECK(fault("{connection: crm, wait: false, on_error: {next: end}}")
            .find("`on_error` without `wait: true` is never taken") != std::string::npos);
  CHECK(fault("{connection: crm, wait: maybe}") == "journeys/seeds.yaml:5:38: `wait` must be `true` or `false`");
  CHECK(fault("{connection: crm, answer: 'two words'}").find("letters, digits and underscores") != std::string::npos);
  CHECK(fault("{connection: crm, answer: key}").find("`key`") != std::string::npos);
}
