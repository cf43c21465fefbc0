// Mails reach a real mail server: encrypted, authenticated, over few connections; and whatever the server or the
// network holds against that comes back as a reason that an operator can act on.

#include "engine/channels/smtp_channel.hpp"

#include <cstdlib>
#include <fstream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/smtp_server.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
using Tls = SmtpServerOptions::Tls;
using Outcome = SendResult::Outcome;

namespace {

#define NEEDS_SMTP_SERVER()                                                       \
  if (!SmtpServer::available()) {                                                 \
    WARN("skipped: python3 with aiosmtpd (Debian: python3-aiosmtpd) is missing"); \
    return;                                                                       \
  }

constexpr const char* password_variable = "CARAVAN_TEST_SMTP_PASSWORD";

Mail mail(const std::string& key = "k-1-2-p3") {
  return {.key = key,
          .from = "Caravan Seeds <news@seeds.example>",
          .to = "ada@acme.example",
          .reply_to = "",
          .subject = "Your field trial",
          .html = "<p>Hello</p>",
          .text = "Hello",
          .date = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h};
}

SmtpChannel channel_to(const SmtpServer& server, TransportSecurity security) {
  SmtpChannel definition;
  definition.host = "127.0.0.1";
  definition.port = server.port();
  definition.security = security;
  definition.ca_file = server.certificate();
  return definition;
}

/// Sends all mails, never more at once than the channel takes, and gives the results in the order of the mails.
std::vector<SendResult> send(boost::asio::io_context& io, MailChannel& channel, const std::vector<Mail>& mails) {
  std::vector<SendResult> results(mails.size());
  std::vector<int> answers(mails.size());
  std::size_t next = 0;
  std::function<void()> send_next = [&] {
    if (next == mails.size()) return;
    const std::size_t number = next++;
    channel.send(mails[number], [&, number](SendResult result) {
      results[number] = std::move(result);
      ++answers[number];
      send_next();
    });
  };
  for (std::size_t i = 0; i < channel.concurrency(); ++i)
    send_next();
  CHECK(std::all_of(answers.begin(), answers.end(), [](int count) { return count == 0; }));
  io.restart();
  io.run_for(120s);
  CHECK(std::all_of(answers.begin(), answers.end(), [](int count) { return count == 1; }));
  return results;
}

SendResult send_one(const SmtpChannel& definition, const Mail& sent = mail()) {
  boost::asio::io_context io;
  const auto channel = make_smtp_channel(io, definition, 1);
  return send(io, *channel, {sent}).front();
}

std::string failure_of(const SmtpChannel& definition) {
  boost::asio::io_context io;
  try {
    make_smtp_channel(io, definition, 1);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a mail arrives as it was meant") {
  NEEDS_SMTP_SERVER();
  SmtpServer server;
  Mail sent = mail();
  sent.from = "Müller & Söhne <news@seeds.example>";
  sent.reply_to = "Ödön <sales@seeds.example>";
  sent.subject = "Grüße aus 東京 – ein sehr langer Betreff, der über mehrere Zeilen gefaltet werden muss ☀";
  sent.text = "Größe = 1\n.\n..\n. a dot alone must not end the mail\nFrom here on\n" + std::string(2000, 'x') + "\n";
  sent.html = "<p>Größe</p>\n.\n<p>東京</p>\n";
  CHECK(send_one(channel_to(server, TransportSecurity::none), sent).outcome == Outcome::delivered);

  const ReceivedMail got = server.mails(1).front();
  CHECK(got.sender == "news@seeds.example");
  CHECK(got.receivers == std::vector<std::string>{"ada@acme.example"});
  CHECK(got.header("Subject") == sent.subject);
  CHECK(got.header("From") == sent.from);
  CHECK(got.header("Reply-To") == sent.reply_to);
  CHECK(got.header("To") == "ada@acme.example");
  CHECK(got.header("Date") == "Mon, 05 Jan 2026 09:00:00 +0000");
  CHECK(got.header("Message-ID") == "<k-1-2-p3@seeds.example>");
  CHECK(got.header("X-Caravan-Delivery") == "k-1-2-p3");
  CHECK(got.text == sent.text);
  CHECK(got.html == sent.html);
  CHECK_FALSE(got.encrypted);
}

TEST_CASE("STARTTLS encrypts before the password is sent") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.tls = Tls::starttls, .user = "caravan", .password = "open sesame"});
  ::setenv(password_variable, "open sesame", 1);
  SmtpChannel definition = channel_to(server, TransportSecurity::starttls);
  definition.user = "caravan";
  definition.password_env = password_variable;
  const SendResult result = send_one(definition);
  CHECK(result.reason == "");
  CHECK(result.outcome == Outcome::delivered);
  const ReceivedMail got = server.mails(1).front();
  CHECK(got.encrypted);
  CHECK(got.authenticated);
}

TEST_CASE("TLS from the first byte") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.tls = Tls::implicit});
  CHECK(send_one(channel_to(server, TransportSecurity::tls)).reason == "");
  CHECK(server.mails(1).front().encrypted);
}

TEST_CASE("a wrong password is a reason to wait for the operator, and is not repeated") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.tls = Tls::starttls, .user = "caravan", .password = "open sesame"});
  ::setenv(password_variable, "barley and rye", 1);
  SmtpChannel definition = channel_to(server, TransportSecurity::starttls);
  definition.user = "caravan";
  definition.password_env = password_variable;
  const SendResult result = send_one(definition);
  CHECK(result.outcome == Outcome::retry);
  CHECK(contains(result.reason, "does not take user and password: 535"));
  CHECK_FALSE(contains(result.reason, "barley"));
}

TEST_CASE("a server without STARTTLS gets neither mail nor password where STARTTLS is required") {
  NEEDS_SMTP_SERVER();
  SmtpServer server;
  const SendResult result = send_one(channel_to(server, TransportSecurity::starttls));
  CHECK(result.outcome == Outcome::retry);
  CHECK(contains(result.reason, "offers no STARTTLS"));
  server.stop();
  CHECK(server.mails(0).empty());
}

TEST_CASE("a certificate that nobody vouches for ends the connection") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.tls = Tls::starttls});
  SmtpChannel definition = channel_to(server, TransportSecurity::starttls);
  definition.ca_file.clear();
  const SendResult result = send_one(definition);
  CHECK(result.outcome == Outcome::retry);
  CHECK(contains(result.reason, "certificate is not trusted"));
}

TEST_CASE("a server that is not there is a reason to try again") {
  int port = 0;
  if (SmtpServer::available()) {
    SmtpServer server;
    port = server.port();
  } else {
    port = 9;
  }
  SmtpChannel definition;
  definition.host = "127.0.0.1";
  definition.port = port;
  definition.security = TransportSecurity::none;
  const SendResult result = send_one(definition);
  CHECK(result.outcome == Outcome::retry);
  CHECK(contains(result.reason, "127.0.0.1:" + std::to_string(port) + ": Failed to connect"));
}

TEST_CASE("a receiver that the server does not know is refused in the server's words") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.refuse = {"nobody@acme.example"}});
  Mail lost = mail();
  lost.to = "nobody@acme.example";
  const SendResult result = send_one(channel_to(server, TransportSecurity::none), lost);
  CHECK(result.outcome == Outcome::refused);
  CHECK(contains(result.reason, "550 5.1.1 nobody here is called nobody@acme.example"));
  REQUIRE(result.answer);  // nobody is reached there
  CHECK(result.answer->status == 550);
}

TEST_CASE("a busy server is tried again, and a refusal does not keep the next mail from going") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.busy = 1, .refuse = {"nobody@acme.example"}});
  boost::asio::io_context io;
  const auto channel = make_smtp_channel(io, channel_to(server, TransportSecurity::none), 1);
  Mail lost = mail("k-2");
  lost.to = "nobody@acme.example";
  const auto results = send(io, *channel, {mail("k-1"), lost, mail("k-3")});
  CHECK(results[0].outcome == Outcome::retry);
  CHECK(contains(results[0].reason, "451 4.3.0 too busy now"));
  CHECK(results[1].outcome == Outcome::refused);
  CHECK(results[2].outcome == Outcome::delivered);
  CHECK(server.mails(1).front().header("X-Caravan-Delivery") == "k-3");
}

TEST_CASE("three hundred mails take three connections") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.tls = Tls::starttls});
  boost::asio::io_context io;
  const auto channel = make_smtp_channel(io, channel_to(server, TransportSecurity::starttls), 3);
  CHECK(channel->concurrency() == 3);
  std::vector<Mail> mails;
  for (int i = 0; i < 300; ++i)
    mails.push_back(mail("k-" + std::to_string(i)));
  for (const SendResult& result : send(io, *channel, mails))
    CHECK(result.reason == "");

  std::vector<int> connections;
  std::vector<std::string> keys;
  for (const ReceivedMail& got : server.mails(300)) {
    connections.push_back(got.connection);
    keys.push_back(got.header("X-Caravan-Delivery"));
  }
  std::sort(connections.begin(), connections.end());
  connections.erase(std::unique(connections.begin(), connections.end()), connections.end());
  std::sort(keys.begin(), keys.end());
  CHECK(connections.size() <= 3);
  CHECK(std::unique(keys.begin(), keys.end()) - keys.begin() == 300);
}

TEST_CASE("a connection that the server has dropped meanwhile is made anew at once") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.mails_per_connection = 2});
  boost::asio::io_context io;
  const auto channel = make_smtp_channel(io, channel_to(server, TransportSecurity::none), 1);
  std::vector<Mail> mails;
  for (int i = 0; i < 7; ++i)
    mails.push_back(mail("k-" + std::to_string(i)));
  for (const SendResult& result : send(io, *channel, mails))
    CHECK(result.reason == "");
  CHECK(server.mails(7).size() == 7);
}

TEST_CASE("closing ends what is under way, at once, even where the server keeps silent") {
  NEEDS_SMTP_SERVER();
  SmtpServer server({.refuse = {"nobody@acme.example"}, .silent = true});
  boost::asio::io_context io;
  auto channel = make_smtp_channel(io, channel_to(server, TransportSecurity::none), 1);
  CHECK(send(io, *channel, {mail()}).front().outcome == Outcome::delivered);
  Mail stuck = mail("k-2");  // after the refusal libcurl waits for the answer to its QUIT
  stuck.to = "nobody@acme.example";
  std::optional<SendResult> result;
  channel->send(stuck, [&](SendResult given) { result = std::move(given); });
  channel->close();
  io.restart();
  io.run_for(60s);
  REQUIRE(result.has_value());
  CHECK(result->outcome != Outcome::delivered);
  channel.reset();
}

TEST_CASE("what is not begun when the channel closes is to be tried again") {
  boost::asio::io_context io;
  SmtpChannel definition;
  definition.host = "127.0.0.1";
  definition.port = 9;
  definition.security = TransportSecurity::none;
  const auto channel = make_smtp_channel(io, definition, 2);
  channel->close();
  CHECK(send(io, *channel, {mail()}).front().outcome == Outcome::retry);
}

TEST_CASE("an address that would break the conversation never reaches it") {
  SmtpChannel definition;
  definition.host = "127.0.0.1";
  definition.port = 9;
  definition.security = TransportSecurity::none;
  Mail bad = mail();
  bad.to = "ada@acme.example>\r\nRCPT TO:<thief@evil.example";
  CHECK(send_one(definition, bad).outcome == Outcome::refused);
}

TEST_CASE("settings that cannot work stop the start and name themselves") {
  SmtpChannel definition;
  definition.host = "mail.example";
  definition.user = "caravan";
  CHECK(contains(failure_of(definition), "neither password_env nor password_file"));
  ::unsetenv("CARAVAN_TEST_NO_SUCH_VARIABLE");
  definition.password_env = "CARAVAN_TEST_NO_SUCH_VARIABLE";
  CHECK(contains(failure_of(definition), "the environment variable CARAVAN_TEST_NO_SUCH_VARIABLE is not set"));
  definition.password_env.clear();
  definition.password_file = "/no/such/file";
  CHECK(contains(failure_of(definition), "password_file: the file /no/such/file cannot be read"));
  definition.security = TransportSecurity::none;
  CHECK(contains(failure_of(definition), "in the clear"));
  definition = {};
  definition.host = "mail.example/evil@host";
  CHECK(contains(failure_of(definition), "host: "));
  definition.host = "mail.example";
  definition.ca_file = "/no/such/file";
  CHECK(contains(failure_of(definition), "ca_file: the file /no/such/file cannot be read"));
  definition.ca_file.clear();
  definition.port = 70'000;
  CHECK(contains(failure_of(definition), "port: "));
}
