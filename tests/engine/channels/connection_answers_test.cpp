// Every answer to a call, and every failure to get one, comes back as what is to be done about it; no private network
// is reached, whatever its name.

#include "tests/engine/channels/call_to_server.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace caravan::test::calls;
using namespace std::chrono_literals;
using Outcome = SendResult::Outcome;

TEST_CASE("what an answer means") {
  struct Row {
    int status;
    Outcome outcome;
  };
  for (const Row& row : {Row{200, Outcome::delivered},
                         {201, Outcome::delivered},
                         {204, Outcome::delivered},
                         {301, Outcome::refused},
                         {304, Outcome::refused},
                         {308, Outcome::refused},
                         {400, Outcome::refused},
                         {401, Outcome::refused},
                         {404, Outcome::refused},
                         {408, Outcome::retry},
                         {409, Outcome::refused},
                         {410, Outcome::refused},
                         {422, Outcome::refused},
                         {425, Outcome::retry},
                         {429, Outcome::retry},
                         {500, Outcome::retry},
                         {502, Outcome::retry},
                         {503, Outcome::retry},
                         {504, Outcome::retry}}) {
    const SendResult result = answered({.status = row.status});
    INFO(row.status);
    CHECK(result.outcome == row.outcome);
    REQUIRE(result.answer);
    CHECK(result.answer->status == row.status);
    CHECK(result.reason.empty() == (row.outcome == Outcome::delivered));
  }
}

TEST_CASE("the answer is kept, and the reason quotes it") {
  CHECK(answered({.body = R"({"id":7})"}).answer == Answer{200, R"({"id":7})"});
  const SendResult refused = answered({.status = 422, .body = "{\"error\":\n\"no such field\"}"});
  CHECK(refused.reason == R"(crm: 127.0.0.1 answers 422: {"error": "no such field"})");
  CHECK(answered({.body = "caf\xE9"}).answer == Answer{200, "caf\xEF\xBF\xBD"});
}

TEST_CASE("a long answer is cut off, and the transfer ended") {
  HttpServer server([](const HttpRequest&) { return HttpReply{.body = std::string(std::size_t{64} << 20U, 'x')}; });
  const SendResult result = send_one(connection_to(server));
  CHECK(result.outcome == Outcome::delivered);
  REQUIRE(result.answer);
  CHECK(result.answer->body == std::string(65'536, 'x'));
  // 64 MB are more than fit into buffers between the two.
  while (server.broken_off() == 0)
    std::this_thread::yield();
}

TEST_CASE("an answer of just the longest length is whole") {
  const std::string body(65'536, 'x');
  CHECK(answered({.status = 200, .body = body}).answer == Answer{200, body});
}

TEST_CASE("a redirect is not followed, and the reason names where it leads") {
  HttpServer other;
  HttpServer server([&](const HttpRequest&) {
    return HttpReply{.status = 307, .headers = {{"Location", other.url() + "/steal?token=x"}}};
  });
  const SendResult result = send_one(connection_to(server));
  CHECK(result.outcome == Outcome::refused);
  CHECK(result.reason ==
        "crm: 127.0.0.1 redirects (307) to 127.0.0.1, and redirects are not followed; put the address "
        "that is meant into the connection's url");
  CHECK(other.requests().empty());
  CHECK(contains(answered({.status = 302, .headers = {{"Location", "https://login.example.com/?next=x"}}}).reason,
                 "to login.example.com, "));
  CHECK(contains(answered({.status = 302, .headers = {{"Location", "/elsewhere"}}}).reason, "to 127.0.0.1, "));
  CHECK(contains(answered({.status = 302}).reason, "to nowhere, "));
}

TEST_CASE("Retry-After is read in seconds and as a date, and has a bound") {
  const auto rest = [](const std::string& value) {
    return answered({.status = 503, .headers = {{"Retry-After", value}}}).rest;
  };
  CHECK(rest("120") == 120s);
  CHECK(rest("0") == 0s);
  CHECK(rest("Mon, 05 Jan 2026 09:30:00 GMT") == 30min);
  CHECK(rest("99999999") == 4h);
  CHECK(rest("99999999999999999999999") == 4h);
  CHECK(rest("Fri, 05 Jan 2029 09:30:00 GMT") == 4h);
  CHECK_FALSE(rest("Mon, 05 Jan 2026 08:30:00 GMT"));
  CHECK_FALSE(rest("-5"));
  CHECK_FALSE(rest("soon"));
  CHECK_FALSE(rest(""));
  CHECK_FALSE(answered({.status = 503}).rest);
  CHECK(answered({.status = 429, .headers = {{"Retry-After", "7"}}}).rest == 7s);
  CHECK_FALSE(answered({.status = 200, .headers = {{"Retry-After", "7"}}}).rest);
}

TEST_CASE("a private address is refused, however it is written") {
  HttpServer server;
  const std::string port = std::to_string(server.port());
  for (const std::string host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"}) {
    const SendResult result = send_one(with_url("http://" + host + ":" + port));
    INFO(host << ": " << result.reason);
    CHECK(result.outcome == Outcome::refused);
    CHECK(contains(result.reason, " is a"));
    CHECK(contains(result.reason, "; if that is meant, say allow_private: true in the connection"));
  }
  CHECK(
      send_one(with_url("http://127.0.0.1:" + port)).reason ==
      "crm: 127.0.0.1 cannot be called: 127.0.0.1 is a loopback address; if that is meant, say allow_private: true in "
      "the connection");
  CHECK(server.requests().empty());
}

TEST_CASE("a proxy of the environment is not asked") {
  HttpServer proxy;
  HttpServer server;
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::unsetenv("no_proxy");
  const SendResult result = send_one(connection_to(server));
  ::unsetenv("http_proxy");
  CHECK(result.outcome == Outcome::delivered);
  CHECK(server.requests().size() == 1);
  CHECK(proxy.requests().empty());
}

TEST_CASE("a host that does not answer in time, hangs up or is not there is tried again") {
  HttpServer silent([](const HttpRequest&) { return HttpReply{.manner = HttpReply::Manner::hold}; });
  ConnectionDefinition definition = connection_to(silent);
  definition.timeout = 100ms;
  SendResult result = send_one(definition);
  CHECK(result.outcome == Outcome::retry);
  CHECK(result.reason == "crm: 127.0.0.1 does not answer within 100 ms");
  CHECK_FALSE(result.answer);

  HttpServer rude([](const HttpRequest&) { return HttpReply{.manner = HttpReply::Manner::drop}; });
  result = send_one(connection_to(rude));
  CHECK(result.outcome == Outcome::retry);
  CHECK(result.reason.starts_with("crm: 127.0.0.1 cannot be reached: "));

  auto gone = std::make_unique<HttpServer>();
  definition = connection_to(*gone);
  gone.reset();
  result = send_one(definition);
  CHECK(result.outcome == Outcome::retry);
  CHECK(result.reason.starts_with("crm: 127.0.0.1 cannot be reached: "));

  result = send_one(with_url("https://no-such-host.invalid/"));
  CHECK(result.outcome == Outcome::retry);
  CHECK(result.reason.starts_with("crm: no-such-host.invalid cannot be reached: "));
}

TEST_CASE("connections are kept open and used again") {
  HttpServer server;
  boost::asio::io_context io;
  ConnectionDefinition definition = connection_to(server);
  definition.connections = 3;
  const auto channel = make(io, definition);
  CHECK(channel->concurrency() == 3);
  std::vector<Call> calls;
  for (int i = 0; i < 300; ++i)
    calls.push_back(call("k-" + std::to_string(i)));
  const auto results = send(io, *channel, calls);
  CHECK(
      std::all_of(results.begin(), results.end(), [](const auto& each) { return each.outcome == Outcome::delivered; }));
  std::set<int> connections;
  std::set<std::string> keys;
  for (const HttpRequest& request : server.requests()) {
    connections.insert(request.connection);
    keys.insert(request.header("Idempotency-Key"));
  }
  CHECK(keys.size() == 300);
  CHECK(connections.size() <= 3);
}

TEST_CASE("a closed connection ends what is under way, to be tried again") {
  HttpServer server([](const HttpRequest&) { return HttpReply{.manner = HttpReply::Manner::hold}; });
  boost::asio::io_context io;
  const auto channel = make(io, connection_to(server));
  std::vector<SendResult> results;
  const auto take = [&](SendResult result) { results.push_back(std::move(result)); };
  channel->send(call("k-1"), take);
  while (server.requests().empty())
    io.run_one_for(1s);
  channel->close();
  channel->send(call("k-2"), take);
  CHECK(results.empty());
  io.restart();
  io.run();
  REQUIRE(results.size() == 2);
  CHECK(results[0].outcome == Outcome::retry);
  CHECK(results[0].reason == "crm: 127.0.0.1 the call was under way when the connection was closed");
  CHECK(results[1].outcome == Outcome::retry);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("no secret is in a reason or an answer, whatever the other side repeats") {
  ::setenv(secret_variable, "open sesame", 1);
  ::setenv(token_variable, "barley-and-rye", 1);
  for (const int status : {200, 400, 503}) {
    HttpServer parrot([&](const HttpRequest& request) {
      return HttpReply{.status = status, .body = "open sesame, " + request.header("Authorization")};
    });
    ConnectionDefinition definition = connection_to(parrot);
    definition.secret_env = secret_variable;
    definition.token_env = token_variable;
    const SendResult result = send_one(definition);
    REQUIRE(result.answer);
    CHECK(result.answer->body == "***, Bearer ***");
    CHECK_FALSE(contains(result.reason, "sesame"));
    CHECK_FALSE(contains(result.reason, "barley"));
  }
}

TEST_CASE("settings that cannot work are said when the connection is made") {
  ::unsetenv("CARAVAN_TEST_NOT_SET");
  ::setenv("CARAVAN_TEST_EMPTY", "", 1);
  ::setenv(token_variable, "barley\nrye", 1);
  CHECK(
      failure_of(with_url("ftp://crm.example.com")) ==
      "connection crm: url: \"ftp://crm.example.com\" is no URL that can be called; write https://, a host and a path");
  CHECK(contains(failure_of(with_url("crm.example.com")), "is no URL"));
  CHECK(contains(failure_of(with_url("https://")), "is no URL"));
  CHECK(contains(failure_of(with_url("https://ada:secret@crm.example.com")), "user and password do not belong"));
  CHECK_FALSE(contains(failure_of(with_url("https://ada:secret@crm.example.com")), "secret"));
  CHECK(failure_of(with_url("https://crm.example.com/v2")).empty());

  ConnectionDefinition definition = with_url("https://crm.example.com");
  definition.secret_env = "CARAVAN_TEST_NOT_SET";
  CHECK(failure_of(definition) ==
        "connection crm: secret_env: the environment variable CARAVAN_TEST_NOT_SET is not set");
  definition.secret_env = "CARAVAN_TEST_EMPTY";
  CHECK(failure_of(definition) == "connection crm: secret_env: the environment variable CARAVAN_TEST_EMPTY is empty");
  definition.secret_env.clear();
  definition.secret_file = "/nowhere/secret";
  CHECK(failure_of(definition) == "connection crm: secret_file: the file /nowhere/secret cannot be read");
  definition.secret_file.clear();
  definition.token_env = token_variable;
  CHECK(failure_of(definition) == "connection crm: token_env: the token is more than one line");
  ::setenv(token_variable, "barley", 1);
  definition.url = "http://crm.example.com";
  CHECK(failure_of(definition) ==
        "connection crm: token_env: the token would go to crm.example.com in the clear; use https");
  definition.token_env.clear();
  definition.ca_file = "/nowhere/ca.pem";
  CHECK(failure_of(definition) == "connection crm: ca_file: the file /nowhere/ca.pem cannot be read");
  definition.ca_file.clear();

  definition.headers = {{"authorization", "Basic x"}};
  CHECK(failure_of(definition) == "connection crm: headers: Authorization is a secret; use token_env or token_file");
  definition.headers = {{"Idempotency-Key", "x"}};
  CHECK(contains(failure_of(definition), "Idempotency-Key is written by the engine itself"));
  definition.headers = {{"X-Team", "a\r\nX-Other: b"}};
  CHECK(contains(failure_of(definition), "is no header that can be sent"));
  definition.headers = {{"X Team", "a"}};
  CHECK(contains(failure_of(definition), "is no header that can be sent"));
}

TEST_CASE("what was read anew counts for calls that begin then, and what cannot be read changes nothing") {
  const caravan::testing::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "token";
  const auto write = [&](const std::string& token) { std::ofstream(file) << token << "\n"; };
  HttpServer server;
  boost::asio::io_context io;
  ConfigurationDefinition configuration;
  ConnectionDefinition& definition = configuration.connections["crm"] = connection_to(server);
  definition.token_file = file.string();
  write("one");
  const auto channel = make(io, definition);
  send(io, *channel, {call("k-1")});
  write("two");
  send(io, *channel, {call("k-2")});
  const std::function<void()> renew = channel->renewal(configuration);
  send(io, *channel, {call("k-3")});
  renew();
  send(io, *channel, {call("k-4")});
  std::filesystem::remove(file);
  CHECK_THROWS_WITH(channel->renewal(configuration), Catch::Matchers::Contains("token_file"));
  configuration.connections.clear();
  CHECK_FALSE(channel->renewal(configuration));
  send(io, *channel, {call("k-5")});
  std::vector<std::string> tokens;
  for (const HttpRequest& request : server.requests())
    tokens.push_back(request.header("Authorization"));
  CHECK(tokens == std::vector<std::string>{"Bearer one", "Bearer one", "Bearer one", "Bearer two", "Bearer two"});
}
