// Whoever has unsubscribed is sent nothing when they were removed and are imported again, and neither is who stands on
// a list of another system: by the real program.

#include <csignal>

#include <boost/asio/ip/tcp.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

/// Everybody of an account is sent a mail when the account is new; mails are files.
class Mailing {
 public:
  Mailing() {
    folder_.write("workspace/caravan.yaml",
                  "channels: {email: {type: file, from: mira@seeds.example}}\napi: {listen: 127.0.0.1:0}\n");
    folder_.write("workspace/audiences/all.yaml", "audience: all\nwhen: \"true\"\n");
    folder_.write("workspace/emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Welcome</p>\n");
    folder_.write("workspace/journeys/welcome.yaml",
                  "journey: welcome\nenter: {audience: all}\nnodes:\n  - {id: hello, send_email: welcome}\n");
  }

  std::string root() const { return (folder_ / "workspace").string(); }
  std::string file(const std::string& name, const std::string& text) const {
    return folder_.write(name, text).string();
  }

  /// A new account with a person of that key and address, of whom the file says `unsubscribed: false`.
  void import(const std::string& account, const std::string& person, const std::string& address) const {
    const std::string accounts = file("accounts.csv", "key\n" + account + "\n");
    const std::string people =
        file("people.csv", "key,account,email,unsubscribed\n" + person + "," + account + "," + address + ",false\n");
    const Outcome outcome = run({"import", "-w", root(), "--accounts", accounts, "--people", people});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
  }
  void serve() const {
    const Outcome outcome = run({"serve", root(), "--publish", "--until-idle"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
  }
  std::size_t mails() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root()))
      count += entry.path().extension() == ".eml" ? 1 : 0;
    return count;
  }
  std::string shown(const std::string& what, const std::string& key) const {
    const Outcome outcome = run({"show", what, key, "-w", root(), "--json"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    return outcome.out;
  }
  bool has_unsubscribed(const std::string& person) const {
    const json::value story = json::parse(shown("person", person));
    const json::value* flag = story.at("attributes").as_object().if_contains("unsubscribed");
    return flag && flag->as_bool();
  }

 private:
  Folder folder_;
};

/// A request to a daemon that prints where it listens; gives the status line.
std::string ask(const Running& serve, const std::string& head, const std::string& body) {
  const std::string& seen = serve.seen();
  const std::string start = "\"http://127.0.0.1:";
  const std::size_t port = seen.find(start) + start.size();
  boost::asio::ip::tcp::iostream stream("127.0.0.1", seen.substr(port, seen.find('"', port) - port));
  stream << head << " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
         << "Content-Length: " << body.size() << "\r\n\r\n"
         << body << std::flush;
  std::string status;
  std::getline(stream, status);
  return status;
}

}  // namespace

TEST_CASE("whoever has unsubscribed, was removed and is imported again is sent nothing") {
  const Mailing mailing;
  mailing.import("acme", "ada", "ada@acme.example");
  {
    Running serve({"serve", mailing.root(), "--publish", "--json"});
    REQUIRE(serve.wait_for("\"http://127.0.0.1:"));
    CHECK_THAT(ask(serve, "POST /v1/events", R"({"type": "email.unsubscribed", "person": "ada"})"), Contains(" 201"));
    CHECK_THAT(ask(serve, "DELETE /v1/people/ada", ""), Contains(" 200"));
    serve.signal(SIGTERM);
    CHECK(serve.wait().exit_code == 0);
  }
  const std::size_t mails = mailing.mails();
  const json::value kept = json::parse(mailing.shown("address", "Ada@acme.example"));
  REQUIRE(kept.at("kept").as_array().size() == 1);
  CHECK(kept.at("kept").at(0).at("kind") == "unsubscribed");

  mailing.import("globex", "ada-again", "Ada@Acme.example");
  mailing.import("initech", "bob", "bob@initech.example");
  mailing.serve();
  CHECK(mailing.has_unsubscribed("ada-again"));
  CHECK_FALSE(mailing.has_unsubscribed("bob"));
  CHECK(mailing.mails() == mails + 1);
  CHECK_THAT(run({"show", "account", "globex", "-w", mailing.root()}).out,
             Contains("the mail welcome was not sent to ada-again, who has unsubscribed"));

  const Outcome replay = run({"replay", "-w", mailing.root()});
  CAPTURE(replay.out, replay.err);
  CHECK(replay.exit_code == 0);
  CHECK_THAT(replay.out, Contains("no difference"));
}

TEST_CASE("what is kept of addresses is in a backup, and is there when that is put back") {
  const Mailing mailing;
  mailing.import("acme", "ada", "ada@acme.example");
  CHECK(run({"suppress", "-", "-w", mailing.root()}, "eve@acme.example\n").exit_code == 0);
  const std::filesystem::path copies = mailing.root() + "-copies";
  const Outcome backup = run({"backup", mailing.root(), "--to", copies.string()});
  CAPTURE(backup.err);
  REQUIRE(backup.exit_code == 0);
  CHECK(run({"suppress", "-", "--lift", "-w", mailing.root()}, "eve@acme.example\n").exit_code == 0);
  const std::string newest = std::filesystem::directory_iterator(copies)->path().string();
  const Outcome restored = run({"restore", newest, "-w", mailing.root(), "--replace"});
  CAPTURE(restored.err);
  REQUIRE(restored.exit_code == 0);
  CHECK_THAT(mailing.shown("address", "eve@acme.example"), Contains("unsubscribed"));
  mailing.import("globex", "eve", "eve@acme.example");
  CHECK(mailing.has_unsubscribed("eve"));
}

TEST_CASE("a list of addresses that have unsubscribed elsewhere is heeded, of those who are there and who come") {
  const Mailing mailing;
  mailing.import("acme", "ada", "ada@acme.example");
  const std::string list = mailing.file("list.txt", "email\r\nADA@acme.example\n\nbob@acme.example\r\nnobody\n");
  const Outcome taken = run({"suppress", list, "-w", mailing.root()});
  CHECK(taken.exit_code == 1);
  CHECK_THAT(taken.err, Contains("list.txt:5: \"nobody\" is no address"));
  CHECK_THAT(taken.out, Contains("2 addresses are suppressed, 2 of them since now; 1 person has unsubscribed by it"));
  CHECK(mailing.has_unsubscribed("ada"));
  mailing.import("globex", "bob", "bob@acme.example");
  CHECK(mailing.has_unsubscribed("bob"));
  mailing.serve();
  CHECK(mailing.mails() == 0);

  const Outcome again = run({"suppress", "-", "-w", mailing.root(), "--json"}, "bob@acme.example\n");
  CHECK(again.exit_code == 0);
  CHECK(json::parse(again.out) == json::value{{"addresses", 1}, {"changed", 0}, {"refused", 0}, {"people", 0}});
  CHECK_THAT(run({"show", "address", "bob@acme.example", "-w", mailing.root()}).out,
             Contains("bob@acme.example has unsubscribed from all mails, kept since "));
  const Outcome lifted = run({"suppress", "-", "--lift", "-w", mailing.root()}, "bob@acme.example\n");
  CHECK_THAT(lifted.out, Contains("1 address is suppressed no more, 1 of them since now"));
  CHECK(run({"show", "address", "bob@acme.example", "-w", mailing.root()}).out ==
        "nothing is kept of bob@acme.example\n");
  CHECK(mailing.has_unsubscribed("bob"));  // who is there stays as they are
  mailing.import("initech", "ben", "bob@acme.example");
  CHECK_FALSE(mailing.has_unsubscribed("ben"));
  CHECK_THAT(run({"show", "address", "bob", "-w", mailing.root()}).err, Contains("\"bob\" is no address"));
  CHECK(run({"replay", "-w", mailing.root()}).exit_code == 0);
}

TEST_CASE("a list may be brought in before there is any data, and not twice by mistake of its name") {
  const Mailing mailing;
  CHECK(run({"suppress", mailing.root() + "/no.txt", "-w", mailing.root()}).exit_code == 3);
  // A line may be of any length, and hold anything; those behind it count.
  const std::string hostile = std::string(100'000, 'x') + "\n" + std::string("c\0d\n", 4) + "eve@acme.example";
  const Outcome long_line = run({"suppress", "-", "-w", mailing.root()}, hostile);
  CHECK(long_line.exit_code == 1);
  CHECK_THAT(long_line.err, Contains("standard input:1: \"xxxx") && Contains("...\" is no address"));
  CHECK(long_line.err.size() < 1'000);
  CHECK_THAT(long_line.out, Contains("1 address is suppressed, 1 of them since now"));
  CHECK(run({"suppress", "-", "-w", mailing.root()}, "ada@acme.example\n").exit_code == 0);
  mailing.import("acme", "ada", "ada@acme.example");
  CHECK(mailing.has_unsubscribed("ada"));
}
