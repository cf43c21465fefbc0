// Links in mails, from caravan.yaml to a real server's mailbox, by the program alone: what a mail program reads there.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "engine/links/link.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using caravan::Link;
using caravan::LinkKeys;
using caravan::LinkKind;
using caravan::test::ReceivedMail;
using caravan::test::SmtpServer;

namespace json = boost::json;

namespace {

const std::string kSecret = "a secret of an installation";
const std::string kUrl = "https://go.example.com";

/// What stands behind `start`, up to the first of `ends`.
std::string behind(const std::string& text, const std::string& start, const char* ends) {
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return {};
  return text.substr(at + start.size(), text.find_first_of(ends, at + start.size()) - at - start.size());
}

void write_workspace(const Folder& folder, int port) {
  const std::string key = folder.write("key", kSecret + "\n").string();
  folder.write("workspace/caravan.yaml",
               "channels:\n  email:\n    type: smtp\n    host: localhost\n    security: none\n    port: " +
                   std::to_string(port) + "\n    from: Mira Seidel <mira@seeds.example>\nlinks:\n  url: " + kUrl +
                   "\n  key_file: " + key + "\n");
  folder.write("workspace/audiences/all.yaml", "audience: all\nwhen: \"true\"\n");
  folder.write("workspace/emails/welcome.html",
               "---\nsubject: Welcome\n---\n<p><a href=\"https://www.example.com/seeds\">Seeds</a></p>\n"
               "<p><a href=\"{{unsubscribe_url}}\">No more</a></p>\n");
  folder.write("workspace/emails/invoice.html", "---\nsubject: Invoice\noperational: true\n---\n<p>Here it is</p>\n");
  folder.write("workspace/journeys/welcome.yaml",
               "journey: welcome\nenter: {audience: all}\nnodes:\n  - {id: hello, send_email: welcome}\n"
               "  - {id: bill, send_email: invoice}\n");
  folder.write("accounts.csv", "key\nacme\n");
  folder.write("people.csv",
               "key,account,email,unsubscribed\nada,acme,ada@acme.example,false\nbob,acme,bob@acme.example,true\n");
}

}  // namespace

TEST_CASE("mails reach a real server with links, and who has unsubscribed gets the operational one alone") {
  if (!SmtpServer::available()) {
    WARN("skipped: python3 has no aiosmtpd");
    return;
  }
  SmtpServer server;
  const Folder folder;
  write_workspace(folder, server.port());
  const std::string workspace = (folder / "workspace").string();
  const Outcome import = run({"import", "-w", workspace, "--accounts", (folder / "accounts.csv").string(), "--people",
                              (folder / "people.csv").string()});
  CAPTURE(import.err);
  REQUIRE(import.exit_code == 0);
  const Outcome serve = run({"serve", workspace, "--publish", "--until-idle"});
  CAPTURE(serve.out, serve.err);
  REQUIRE(serve.exit_code == 0);

  const LinkKeys keys({kSecret});
  std::vector<std::string> got;
  for (const ReceivedMail& mail : server.mails(3)) {
    got.push_back(mail.header("Subject") + " to " + mail.receivers.front());
    const std::string header = mail.header("List-Unsubscribe");
    if (mail.header("Subject") == "Invoice") {
      CHECK(header.empty());
      continue;
    }
    CHECK(mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click");
    const std::optional<Link> page = keys.verify(behind(header, "<" + kUrl + "/u/", ">"));
    REQUIRE(page);
    CHECK(page->kind == LinkKind::subscription);
    CHECK(page->person == "ada");
    const std::optional<Link> click = keys.verify(behind(mail.html, "<a href=\"" + kUrl + "/c/", "\""));
    REQUIRE(click);
    CHECK(click->url == "https://www.example.com/seeds");
    CHECK(click->journey == "welcome");
    CHECK(click->delivery == mail.header("X-Caravan-Delivery"));
    CHECK(keys.verify(behind(mail.html, "<img src=\"" + kUrl + "/o/", ".")));
    CHECK(mail.html.find(kUrl + "/u/") != std::string::npos);
    CHECK(mail.text.find("https://www.example.com/seeds") != std::string::npos);
  }
  std::sort(got.begin(), got.end());
  CHECK(got == std::vector<std::string>{"Invoice to ada@acme.example", "Invoice to bob@acme.example",
                                        "Welcome to ada@acme.example"});

  const json::value status = json::parse(run({"status", workspace, "--json"}).out);
  CHECK(status.at("journeys").at(0).at("messages").at(0).at("suppressed") == 1);
  CHECK(run({"status", workspace}).out.find("suppressed") != std::string::npos);
  CHECK(run({"show", "account", "acme", "-w", workspace}).out.find("bob, who has unsubscribed") != std::string::npos);
  // What was sent can be done again without the key.
  std::filesystem::remove(folder / "key");
  const Outcome replay = run({"replay", "-w", workspace});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 0);
  CHECK(replay.out.find("no difference") != std::string::npos);
}

TEST_CASE("an address that a real server does not know is written to no more, and a replay comes to the same") {
  if (!SmtpServer::available()) {
    WARN("skipped: python3 has no aiosmtpd");
    return;
  }
  SmtpServer server({.refuse = {"ada@acme.example"}});
  const Folder folder;
  write_workspace(folder, server.port());
  folder.write("workspace/journeys/welcome.yaml",
               "journey: welcome\nenter: {audience: all}\nnodes:\n  - {id: hello, send_email: welcome}\n"
               "  - {id: rest, wait: 1d}\n  - {id: bill, send_email: invoice}\n");
  const std::string workspace = (folder / "workspace").string();
  REQUIRE(run({"import", "-w", workspace, "--accounts", (folder / "accounts.csv").string(), "--people",
               (folder / "people.csv").string()})
              .exit_code == 0);
  const Outcome serve =
      run({"serve", workspace, "--publish", "--speed", "max", "--start", "2026-01-05T09:00:00Z", "--until-idle"});
  CAPTURE(serve.out, serve.err);
  REQUIRE(serve.exit_code == 0);
  CHECK(server.mails(1).front().receivers == std::vector<std::string>{"bob@acme.example"});
  const std::string story = run({"show", "account", "acme", "-w", workspace}).out;
  CAPTURE(story);
  CHECK(story.find("550 5.1.1 nobody here is called ada@acme.example") != std::string::npos);
  CHECK(story.find("the mail invoice was not sent to ada, whose address is undeliverable") != std::string::npos);
  const Outcome replay = run({"replay", "-w", workspace});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.out.find("no difference") != std::string::npos);
  // What came of the mail is taken from the journal, whatever other journeys make of it.
  const Outcome what_if = run({"replay", "-w", workspace, "--with", workspace});
  CAPTURE(what_if.out, what_if.err);
  CHECK(what_if.exit_code == 0);
}

TEST_CASE("serve says what is wrong with the key of links before it begins") {
  const Folder folder;
  write_workspace(folder, 25);
  std::filesystem::remove(folder / "key");
  const Outcome serve = run({"serve", (folder / "workspace").string(), "--publish", "--until-idle"});
  CHECK(serve.exit_code == 3);
  CHECK(serve.err.find("links: key_file: the file ") != std::string::npos);
}
