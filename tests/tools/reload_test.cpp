// What SIGHUP does to the running program: a secret that was changed reaches the other side, and a fault changes
// nothing.

#include "tools/caravan/reload.hpp"

#include <csignal>
#include <future>

#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/tools/program.hpp"
#include "tests/tools/service_socket.hpp"

using namespace caravan;
using namespace caravan::tests;
using caravan::test::HttpReply;
using caravan::test::HttpRequest;
using caravan::test::HttpServer;
using Catch::Contains;

namespace {

/// Takes calls with the token `new` alone; others are to come later.
class Gate {
 public:
  std::string url() const { return server_.url(); }
  void wait_for_first() { asked_.get_future().wait(); }
  void wait_until_taken() { told_.get_future().wait(); }
  int taken() const { return taken_; }

 private:
  HttpReply answer(const HttpRequest& request) {
    if (!std::exchange(was_asked_, true)) asked_.set_value();
    if (request.header("Authorization") != "Bearer new") return {.status = 503};
    if (++taken_ == 1) told_.set_value();
    return {};
  }

  bool was_asked_ = false;
  std::atomic<int> taken_ = 0;
  std::promise<void> asked_;
  std::promise<void> told_;
  HttpServer server_{[this](const HttpRequest& request) { return answer(request); }};
};

std::string configuration(const Gate& gate, const std::string& more = {}) {
  return "connections:\n  crm:\n    url: " + gate.url() + "\n    allow_private: true\n    token_file: " +
         "TOKEN\n    retry: {attempts: 1000, first: 1m, longest: 1m}\n" + more;
}

}  // namespace

TEST_CASE("a token that was changed in its file is read on SIGHUP, and a fault in the files changes nothing") {
  Gate gate;
  const Folder folder;
  const std::string token = folder.write("token", "old\n").string();
  const auto write = [&](std::string text) {
    text.replace(text.find("TOKEN"), 5, token);
    folder.write("workspace/caravan.yaml", text);
  };
  write(configuration(gate));
  folder.write("workspace/audiences/all.yaml", "audience: all\nwhen: \"true\"\n");
  folder.write("workspace/journeys/tell.yaml",
               "journey: tell\nenter: {audience: all}\nnodes:\n  - {id: tell, webhook: {connection: crm, body: {who: "
               "account.key}}}\n");
  const std::string root = (folder / "workspace").string();
  const Outcome import =
      run({"import", "-w", root, "--accounts", folder.write("accounts.csv", "key\nacme\n").string()});
  CAPTURE(import.err);
  REQUIRE(import.exit_code == 0);

  const Manager manager(nullptr);
  Running serve({"serve", root, "--publish", "--speed", "1h/s", "--start", "2026-01-05T08:00:00Z"});
  REQUIRE(manager.hears("READY=1"));
  gate.wait_for_first();
  folder.write("token", "new\n");
  write(configuration(gate, "channels: {email: {type: pigeon}}\n"));
  serve.signal(SIGHUP);
  REQUIRE(manager.hears("RELOADING=1"));
  REQUIRE(manager.hears("READY=1"));
  CHECK(gate.taken() == 0);
  write(configuration(gate, "data: {database: other.db}\n"));
  serve.signal(SIGHUP);
  gate.wait_until_taken();
  serve.signal(SIGTERM);
  const Outcome outcome = serve.wait();
  CAPTURE(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(gate.taken() == 1);
  CHECK_THAT(outcome.err, Contains("nothing was read anew, and all is as before: the workspace's files have faults"));
  CHECK_THAT(outcome.err, Contains("`data: database` in caravan.yaml has changed: that counts from the next start"));
}

TEST_CASE("what counts from the next start only is named") {
  ConfigurationDefinition started;
  started.connections["crm"].url = "http://crm.example.com";
  started.connections["old"].url = "http://old.example.com";
  ConfigurationDefinition read = started;
  const auto changed = [&] { return tools::settings_of_next_start(started, read); };
  read.connections["crm"].url = "http://other.example.com";
  read.connections["crm"].token_file = "token";
  read.journal.keep = std::nullopt;
  read.history.keep = CalendarDuration{.days = std::chrono::days(30)};
  read.api.requests_per_second = 5;
  read.timezone = "Europe/Berlin";
  CHECK(changed().empty());
  read.connections["crm"].connections = 2;
  read.connections.erase("old");
  read.connections["new"].url = "http://new.example.com";
  read.email.transport = SmtpChannel();
  read.chat.emplace().connection = "new";
  read.api.port = 9'000;
  read.links.url = "https://go.example.com";
  read.database = "other.db";
  CHECK(changed() == std::vector<std::string>{"data: database", "channels: email", "channels: chat", "connections: crm",
                                              "connections: old", "connections: new", "api: listen", "links"});
}
