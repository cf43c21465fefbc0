// Calls reach a real HTTP server as they were meant, with whatever its connection says.

#include "tests/engine/channels/call_to_server.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace caravan::test::calls;
using namespace std::chrono_literals;
using Outcome = SendResult::Outcome;

TEST_CASE("a call arrives as it was meant") {
  HttpServer server;
  ConnectionDefinition definition = connection_to(server);
  definition.url += "/v2/";
  definition.headers = {{"X-Team", "growth"}, {"X-Empty", ""}};
  const SendResult result = send_one(definition);
  CHECK(result.reason == "");
  CHECK(result.outcome == Outcome::delivered);

  REQUIRE(server.requests().size() == 1);
  const HttpRequest got = server.requests().front();
  CHECK(got.method == "POST");
  CHECK(got.target == "/v2/contacts");
  CHECK(got.body == R"({"email":"ada@acme.example"})");
  CHECK(got.header("Idempotency-Key") == "k-1-2-p3");
  CHECK(got.header("Content-Type") == "application/json");
  CHECK(got.header("User-Agent").starts_with("caravan/0."));
  CHECK(got.header("X-Team") == "growth");
  CHECK(std::count_if(got.headers.begin(), got.headers.end(),
                      [](const auto& each) { return each.first == "X-Empty"; }) == 1);
  CHECK(got.header("Authorization") == "");
  CHECK(got.header("Caravan-Signature") == "");
  CHECK(got.header("Expect") == "");
}

TEST_CASE("the method and the path are the node's") {
  HttpServer server;
  Call sent = call();
  sent.path = "";
  sent.method = "PUT";
  CHECK(send_one(connection_to(server), sent).outcome == Outcome::delivered);
  sent.path = "contacts?source=caravan";
  sent.method = "PATCH";
  CHECK(send_one(connection_to(server), sent).outcome == Outcome::delivered);
  sent.method = "DELETE";
  CHECK(send_one(connection_to(server), sent).outcome == Outcome::delivered);
  sent.method = "GET";
  CHECK(send_one(connection_to(server), sent).outcome == Outcome::delivered);
  const auto got = server.requests();
  REQUIRE(got.size() == 4);
  CHECK(got[0].method + " " + got[0].target == "PUT /");
  CHECK(got[1].method + " " + got[1].target == "PATCH /contacts?source=caravan");
  CHECK(got[1].body == sent.body);
  CHECK(got[2].method == "DELETE");
  CHECK(got[2].body == sent.body);
  CHECK(got[3].method == "GET");
  CHECK(got[3].body == "");
  CHECK(got[3].header("Content-Type") == "");
}

TEST_CASE("a query in the connection's URL goes along with every path") {
  HttpServer server;
  ConnectionDefinition definition = connection_to(server);
  definition.url += "/hooks/?team=growth";
  Call sent = call();
  for (const std::string path : {"", "/contacts", "/contacts?source=caravan"}) {
    sent.path = path;
    CHECK(send_one(definition, sent).outcome == Outcome::delivered);
  }
  const auto got = server.requests();
  REQUIRE(got.size() == 3);
  CHECK(got[0].target == "/hooks?team=growth");
  CHECK(got[1].target == "/hooks/contacts?team=growth");
  CHECK(got[2].target == "/hooks/contacts?source=caravan&team=growth");
}

TEST_CASE("what a connection's own headers say goes before what the engine would say") {
  HttpServer server;
  ConnectionDefinition definition = connection_to(server);
  definition.headers = {{"content-type", "application/vnd.api+json"}, {"User-Agent", "seeds"}};
  send_one(definition);
  const HttpRequest got = server.requests().front();
  CHECK(got.header("Content-Type") == "application/vnd.api+json");
  CHECK(got.header("User-Agent") == "seeds");
  CHECK(std::count_if(got.headers.begin(), got.headers.end(), [](const auto& each) {
          return each.first == "Content-Type" || each.first == "content-type";
        }) == 1);
}

TEST_CASE("a token goes along as a bearer token, from the environment or a file") {
  HttpServer server;
  testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "token") << "from-a-file\n";
  ::setenv(token_variable, "from-the-environment", 1);
  ConnectionDefinition definition = connection_to(server);
  definition.token_env = token_variable;
  send_one(definition);
  definition.token_env.clear();
  definition.token_file = folder.path() / "token";
  send_one(definition);
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0].header("Authorization") == "Bearer from-the-environment");
  CHECK(server.requests()[1].header("Authorization") == "Bearer from-a-file");
}

TEST_CASE("a signature is the one of the published example") {
  // printf '1767603600.{"a":1}' | openssl dgst -sha256 -hmac 'open sesame'
  CHECK(sign_call("open sesame", monday, R"({"a":1})") ==
        "t=1767603600,v1=f6af8800d978618f4939e41f282dc136f9b46dde7d0c9b249b8b49b560c90462");
}

TEST_CASE("openssl finds the signature that went along") {
  HttpServer server;
  ::setenv(secret_variable, "open sesame & barley", 1);
  ConnectionDefinition definition = connection_to(server);
  definition.secret_env = secret_variable;
  Call sent = call();
  sent.body = R"({"name":"Zoë"})";
  send_one(definition, sent);

  const HttpRequest got = server.requests().front();
  testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "signed") << "1767603600." << got.body;
  const std::string output =
      output_of("openssl dgst -sha256 -hmac 'open sesame & barley' -r " + (folder.path() / "signed").string());
  CHECK(got.header("Caravan-Signature") == "t=1767603600,v1=" + output.substr(0, 64));
}

TEST_CASE("a receiver checks a signature as the manual says, and refuses one that is altered or old") {
  std::ifstream manual(CARAVAN_SOURCE_DIR "/tools/caravan/help/channels.md");
  std::string page{std::istreambuf_iterator<char>(manual), {}};
  page.erase(0, page.find("## Checking a signature"));
  const std::size_t begin = page.find("```\n") + 4;
  const std::string example = page.substr(begin, page.find("```", begin) - begin);
  REQUIRE(contains(example, "openssl"));

  testing::TemporaryFolder folder;
  const auto is_good = [&](const std::string& body, std::chrono::seconds later) {
    std::ofstream(folder.path() / "body") << body;
    std::ofstream(folder.path() / "check") << "cd '" << folder.path().string() << "'\n"
                                           << "CRM_SECRET='open sesame'\n"
                                           << "SIGNATURE='" << sign_call("open sesame", monday, R"({"a":1})") << "'\n"
                                           << "date() { echo " << (monday + later).time_since_epoch().count() << "; }\n"
                                           << example << "true\n";
    return output_of("sh " + (folder.path() / "check").string()) == "good\n";
  };
  CHECK(is_good(R"({"a":1})", 2s));
  CHECK(is_good(R"({"a":1})", 300s));
  CHECK_FALSE(is_good(R"({"a":1})", 301s));
  CHECK_FALSE(is_good(R"({"a":1})", -301s));
  CHECK_FALSE(is_good(R"({"a":2})", 2s));
}
