// The sample workspace with its mails over SMTP: from YAML to a real server's mailbox, by the program alone.

#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using caravan::test::SmtpServer;
using caravan::test::SmtpServerOptions;

namespace json = boost::json;

TEST_CASE("the sample journey's mails reach a real SMTP server over STARTTLS, each once") {
  if (!SmtpServer::available()) {
    WARN("skipped: python3 has no aiosmtpd");
    return;
  }
  SmtpServerOptions options;
  options.tls = SmtpServerOptions::Tls::starttls;
  options.user = "caravan";
  options.password = "correct horse";
  SmtpServer server(options);

  const Folder folder;
  const std::string workspace = (folder / "workspace").string();
  const std::filesystem::path sample = std::filesystem::path(CARAVAN_SOURCE_DIR) / "samples/ai-driven-seeds";
  std::filesystem::copy(sample, workspace, std::filesystem::copy_options::recursive);
  const std::string password = folder.write("password", options.password + "\n").string();
  folder.write("workspace/caravan.yaml",
               "channels:\n  email:\n    type: smtp\n    host: localhost\n    port: " + std::to_string(server.port()) +
                   "\n    user: caravan\n    password_file: " + password + "\n    ca_file: " + server.certificate() +
                   "\n    from: Mira Seidel <mira@seeds.example>\n"
                   "destinations:\n  colleagues-wanted: {of: accounts}\n");
  const Outcome import = run({"import", "-w", workspace, "--accounts", workspace + "/data/accounts.csv", "--people",
                              workspace + "/data/people.csv"});
  CAPTURE(import.err);
  REQUIRE(import.exit_code == 0);
  const Outcome serve =
      run({"serve", workspace, "--publish", "--speed", "20d/s", "--start", "2026-01-05T08:00:00Z", "--until-idle"});
  CAPTURE(serve.out, serve.err);
  REQUIRE(serve.exit_code == 0);

  const json::value status = json::parse(run({"status", workspace, "--json"}).out);
  std::int64_t delivered = 0;
  for (const json::value& message : status.at("journeys").at(0).at("messages").as_array()) {
    delivered += message.at("delivered").as_int64();
    CHECK(message.at("delivered") == message.at("promised"));
  }
  const auto& mails = server.mails(static_cast<std::size_t>(delivered));
  REQUIRE(mails.size() > 1'000);
  std::set<std::string> keys;
  for (const auto& mail : mails) {
    keys.insert(mail.header("Message-ID"));
    if (!mail.encrypted || !mail.authenticated || mail.html.empty() || mail.text.empty()) FAIL(mail.raw);
  }
  CHECK(keys.size() == mails.size());
}
