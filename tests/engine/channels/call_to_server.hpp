#pragma once
// A call over a connection to a real HTTP server.

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <boost/asio/io_context.hpp>

#include "engine/channels/call_signature.hpp"
#include "engine/channels/connection.hpp"
#include "engine/channels/http_transfer.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"

namespace caravan::test::calls {

using namespace std::chrono_literals;
using Outcome = SendResult::Outcome;

inline constexpr std::chrono::sys_seconds monday = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h;
inline constexpr const char* secret_variable = "CARAVAN_TEST_CALL_SECRET";
inline constexpr const char* token_variable = "CARAVAN_TEST_CALL_TOKEN";

inline Call call(const std::string& key = "k-1-2-p3") {
  return {.key = key, .method = "POST", .path = "/contacts", .body = R"({"email":"ada@acme.example"})"};
}

inline ConnectionDefinition connection_to(const HttpServer& server) {
  ConnectionDefinition definition;
  definition.name = "crm";
  definition.url = server.url();
  definition.allow_private = true;
  return definition;
}

inline std::unique_ptr<CallChannel> make(boost::asio::io_context& io, const ConnectionDefinition& definition) {
  return make_connection(io, definition, [] { return monday; });
}

/// Sends all calls, never more at once than the channel takes, and gives the results in the order of the calls.
inline std::vector<SendResult> send(boost::asio::io_context& io, CallChannel& channel, const std::vector<Call>& calls) {
  std::vector<SendResult> results(calls.size());
  std::vector<int> answers(calls.size());
  std::size_t next = 0;
  std::function<void()> send_next = [&] {
    if (next == calls.size()) return;
    const std::size_t number = next++;
    channel.send(calls[number], [&, number](SendResult result) {
      results[number] = std::move(result);
      ++answers[number];
      send_next();
    });
  };
  for (std::size_t i = 0; i < channel.concurrency(); ++i)
    send_next();
  CHECK(std::all_of(answers.begin(), answers.end(), [](int count) { return count == 0; }));
  io.restart();
  while (std::any_of(answers.begin(), answers.end(), [](int count) { return count == 0; }) &&
         io.run_one_for(60s) != 0) {
  }
  CHECK(std::all_of(answers.begin(), answers.end(), [](int count) { return count == 1; }));
  return results;
}

inline SendResult send_one(const ConnectionDefinition& definition, const Call& sent = call()) {
  boost::asio::io_context io;
  const auto channel = make(io, definition);
  return send(io, *channel, {sent}).front();
}

/// What a call comes to that is answered so.
inline SendResult answered(HttpReply reply) {
  HttpServer server([&](const HttpRequest&) { return reply; });
  return send_one(connection_to(server));
}

inline std::string failure_of(const ConnectionDefinition& definition) {
  boost::asio::io_context io;
  try {
    make(io, definition);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

inline ConnectionDefinition with_url(const std::string& url) {
  ConnectionDefinition definition;
  definition.name = "crm";
  definition.url = url;
  return definition;
}

/// What a program prints.
inline std::string output_of(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 256> chunk{};
  while (std::fgets(chunk.data(), static_cast<int>(chunk.size()), pipe) != nullptr)
    output += chunk.data();
  CHECK(::pclose(pipe) == 0);
  return output;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace caravan::test::calls
