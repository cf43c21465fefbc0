// What the server does not take: malformed requests, too much of anything, and clients that are slow.

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan::test;
using caravan::SourceTexts;

namespace {

/// The first line of what comes back; empty where nothing does.
std::string answer(const RunningApi& api, std::string_view bytes) {
  const std::string all = api.send_raw(bytes, std::chrono::seconds(20));
  return all.substr(0, all.find("\r\n"));
}

/// A certificate for 127.0.0.1 and its key, made by openssl.
std::pair<std::string, std::string> make_certificate() {
  const caravan::testing::TemporaryFolder folder;
  const std::string key = (folder.path() / "key").string();
  const std::string certificate = (folder.path() / "certificate").string();
  const std::string command =
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext "
      "subjectAltName=IP:127.0.0.1 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  const auto text_of = [](const std::string& file) {
    std::ifstream stream(file);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  return {text_of(certificate), text_of(key)};
}

}  // namespace

TEST_CASE("where there is a certificate the API speaks TLS and nothing else") {
  SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n");
  std::tie(texts["api.pem"], texts["api.key"]) = make_certificate();
  RunningApi api(texts, "tls: {certificate: api.pem, key: api.key}");
  CHECK(api.put("/v1/accounts/acme", R"({"employees": 7})").status == 201);
  CHECK(api.get("/v1/accounts/acme").status == 200);
  CHECK(api.reader().account("acme"));
  CHECK(api.send_raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").find("HTTP/1.1 200") == std::string::npos);
  std::swap(texts["api.pem"], texts["api.key"]);
  CHECK_THROWS_WITH(RunningApi(texts, "tls: {certificate: api.pem, key: api.key}"),
                    Catch::Matchers::Contains("api.pem: no certificate in PEM"));
}

TEST_CASE("what is no request is refused, and the connection ends") {
  RunningApi api;
  CHECK(answer(api, "nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, "GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, "GET /healthz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, "GET /healthz HTTP/1.1\r\nHost: local\x01host\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(api.get("/healthz").status == 200);
}

TEST_CASE("a request whose length can be read in two ways is refused") {
  RunningApi api;
  const std::string start = "PUT /v1/accounts/acme HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  CHECK(answer(api, start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, start + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, start + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(
      answer(api, start + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(answer(api, start + "Content-Length: -1\r\n\r\n{}").starts_with("HTTP/1.1 400"));
  CHECK(api.reader().totals().accounts == 0);
}

TEST_CASE("requests that come one behind the other are answered one behind the other") {
  RunningApi api;
  const std::string both = api.send_raw(
      "PUT /v1/accounts/acme HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
      "2\r\n\r\n{}"
      "GET /v1/accounts/acme HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(both.find("HTTP/1.1 201") == 0);
  CHECK(both.find("HTTP/1.1 200") != std::string::npos);
  CHECK(both.ends_with("{\"key\":\"acme\",\"attributes\":{}}\n"));
}

TEST_CASE("headers and bodies have an end") {
  RunningApi api;
  CHECK(answer(api, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(40'000, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431"));
  const std::string start = "PUT /v1/accounts/acme HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  CHECK(answer(api, start + "Content-Length: 99999999\r\n\r\n{").starts_with("HTTP/1.1 413"));
  CHECK(
      answer(api, start + "Transfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(0x200000, ' ') + "\r\n0\r\n\r\n")
          .starts_with("HTTP/1.1 413"));
}

TEST_CASE("a page of another origin cannot steer a daemon without tokens") {
  RunningApi api;
  const std::string target = "/v1/journeys/seeds/pause";
  CHECK(api.ask("POST", target, "", {{"Origin", "https://evil.example.com"}}).code() == "foreign-page");
  CHECK(api.ask("POST", target, "", {{"Origin", "null"}}).code() == "foreign-page");
  CHECK(api.ask("POST", target, "", {{"Sec-Fetch-Site", "cross-site"}}).code() == "foreign-page");
  CHECK(api.ask("POST", target, "", {{"Host", "evil.example.com"}}).code() == "not-local");
  CHECK(api.ask("POST", target, "", {{"Host", "127.evil.example.com"}}).code() == "not-local");
  CHECK(api.ask("POST", target, "", {{"X-Forwarded-For", "203.0.113.1"}}).code() == "not-local");
  CHECK(api.ask("POST", "/v1/publications", "{}", {{"Content-Type", ""}}).status == 415);
  CHECK(api.ask("POST", target, "", {{"Sec-Fetch-Site", "same-origin"}}).status == 200);
}

TEST_CASE("who asks too often is told when to come again") {
  RunningApi api(seeds_workspace("- id: pause\n  wait: 3d\n"), "requests_per_second: 2");
  std::size_t refused = 0;
  for (int i = 0; i < 10; ++i) {
    const ApiReply reply = api.get("/v1/journeys");
    if (reply.status != 429) continue;
    ++refused;
    CHECK(reply.header("retry-after") == "1");
    CHECK(reply.code() == "too-many-requests");
  }
  CHECK(refused >= 5);
}

TEST_CASE("more connections than there may be are turned away, and others go on") {
  RunningApi api(seeds_workspace("- id: pause\n  wait: 3d\n"), "connections: 4");
  std::array<std::string, 8> answers;
  {
    std::vector<std::jthread> clients;
    for (std::string& each : answers) {
      clients.emplace_back([&api, &each] {
        each = api.send_raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n", std::chrono::milliseconds(1'500));
      });
    }
  }
  const auto is_turned_away = [](const std::string& answer) {
    return answer.starts_with("HTTP/1.1 503") && answer.find("Retry-After: 1\r\n") != std::string::npos;
  };
  CHECK(std::count_if(answers.begin(), answers.end(), is_turned_away) == 4);
}

TEST_CASE("a client of HTTP/1.0 gets no chunks, and the connection ends behind what it asked for") {
  RunningApi api;
  const std::string lines = "{\"key\": \"acme\"}\n{\"key\": \"zeta\"}\n";
  const std::string taken = api.send_raw(
      "POST /v1/import/accounts?results=all HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n"
      "Content-Type: application/x-ndjson\r\nContent-Length: " +
      std::to_string(lines.size()) + "\r\n\r\n" + lines);
  CAPTURE(taken);
  CHECK(taken.starts_with("HTTP/1.1 200"));
  CHECK(taken.find("chunked") == std::string::npos);
  CHECK(taken.find("\"line\":2") != std::string::npos);
  CHECK(taken.ends_with("}\n"));
  CHECK(api.reader().totals().accounts == 2);
  const std::string listed = api.send_raw("GET /v1/accounts HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
  CHECK(listed.starts_with("HTTP/1.1 200"));
  CHECK(listed.ends_with("\n"));
}

TEST_CASE("a request whose body does not come to its end is counted") {
  RunningApi api;
  const std::string counted = "caravan_http_requests_total{route=\"putAccount\",status=\"400\"} 1\n";
  api.send_raw("PUT /v1/accounts/acme HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
               "Content-Length: 20\r\n\r\n{\"emp",
               std::chrono::milliseconds(50));
  // It is noticed when the end of the connection is, which is after this client has gone.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (api.get("/metrics").body.find(counted) == std::string::npos && std::chrono::steady_clock::now() < until) {
  }
  CHECK(api.get("/metrics").body.find(counted) != std::string::npos);
  CHECK_FALSE(api.reader().account("acme"));
}
