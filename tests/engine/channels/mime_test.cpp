// A mail is the bytes that standards ask for, whatever its texts hold; nothing in a text can start a header.

#include "engine/channels/mime.hpp"

#include "engine/channels/transfer_encoding.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

Mail example() {
  return {.key = "k7-12-3-p9",
          .from = "Caravan Seeds <news@seeds.example>",
          .to = "ada@acme.example",
          .reply_to = "",
          .subject = "Your field trial",
          .html = "<p>Hello</p>",
          .text = "Hello",
          .date = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h + 30min};
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find("\r\n", start);
    if (end == std::string::npos) return found;
    found.push_back(text.substr(start, end - start));
    start = end + 2;
  }
  return found;
}

std::string headers_of(const Mail& mail) {
  const std::string bytes = encode_mail(mail);
  return bytes.substr(0, bytes.find("\r\n\r\n") + 2);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a plain mail has the headers of RFC 5322 and two parts") {
  const std::string boundary = "=_k7-12-3-p9";
  CHECK(encode_mail(example()) ==
        "Date: Mon, 05 Jan 2026 09:30:00 +0000\r\n"
        "From: Caravan Seeds <news@seeds.example>\r\n"
        "To: ada@acme.example\r\n"
        "Subject: Your field trial\r\n"
        "Message-ID: <k7-12-3-p9@seeds.example>\r\n"
        "X-Caravan-Delivery: k7-12-3-p9\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative;\r\n boundary=\"" +
            boundary +
            "\"\r\n\r\n"
            "--" +
            boundary +
            "\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHello\r\n"
            "--" +
            boundary +
            "\r\n"
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            "<p>Hello</p>\r\n"
            "--" +
            boundary + "--\r\n");
}

TEST_CASE("a mail without a text is its HTML alone") {
  Mail mail = example();
  mail.text.clear();
  CHECK(contains(headers_of(mail), "Content-Type: text/html; charset=utf-8\r\n"));
}

TEST_CASE("a line break in a text cannot start another header") {
  Mail mail = example();
  const std::string attack = "x\r\nBcc: thief@evil.example\r\n\r\nbody\nX-Evil: 1\rX-Evil: 2";
  mail.subject = attack;
  mail.from = "Name" + attack + " <news@seeds.example>";
  mail.to = "ada@acme.example\r\nBcc: thief@evil.example";
  mail.reply_to = attack + "<a@b.example>";
  mail.key = attack;
  for (const std::string& line : lines(headers_of(mail))) {
    INFO(line);
    CHECK_FALSE(line.starts_with("Bcc"));
    CHECK_FALSE(line.starts_with("X-Evil"));
    CHECK(line.find_first_of("\r\n") == std::string::npos);
    CHECK(line.size() <= 78 + 50);  // only the unbreakable Message-ID is longer than wanted
  }
}

TEST_CASE("a subject beyond ASCII is encoded words, folded between characters") {
  Mail mail = example();
  mail.subject = "Grüße";
  CHECK(contains(headers_of(mail), "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"));
  mail.subject.clear();
  for (int i = 0; i < 60; ++i)
    mail.subject += "Größe ☀ ";
  const std::vector<std::string> all = lines(headers_of(mail));
  CHECK(all.size() > 15);
  for (const std::string& line : all)
    CHECK(line.size() <= 78);
}

TEST_CASE("a long plain subject is folded at its blanks") {
  Mail mail = example();
  mail.subject.clear();
  for (int i = 0; i < 30; ++i)
    mail.subject += (i ? " word" : "word") + std::to_string(i);
  std::string unfolded;
  for (const std::string& line : lines(headers_of(mail))) {
    CHECK(line.size() <= 78);
    unfolded += line.starts_with(' ') ? line : "\n" + line;
  }
  CHECK(contains(unfolded, "\nSubject: " + mail.subject + "\n"));
}

TEST_CASE("a subject that only looks encoded arrives as it was written") {
  Mail mail = example();
  mail.subject = "=?utf-8?B?WA==?=";
  CHECK(contains(headers_of(mail), "Subject: =?utf-8?B?" + to_base64(mail.subject) + "?=\r\n"));
}

TEST_CASE("a display name is quoted where it must be and encoded where it cannot be quoted") {
  Mail mail = example();
  mail.from = "Dr. Ada \"the\" Grower, Ltd <ada@acme.example>";
  CHECK(contains(headers_of(mail), "From: \"Dr. Ada \\\"the\\\" Grower, Ltd\" <ada@acme.example>\r\n"));
  mail.from = "\"Grower, Ada\" <ada@acme.example>";
  CHECK(contains(headers_of(mail), "From: \"Grower, Ada\" <ada@acme.example>\r\n"));
  mail.from = "Müller <ada@acme.example>";
  CHECK(contains(headers_of(mail), "From: =?utf-8?B?TcO8bGxlcg==?= <ada@acme.example>\r\n"));
}

TEST_CASE("an address is one that cannot break a command line") {
  CHECK(address_of("ada@acme.example") == "ada@acme.example");
  CHECK(address_of("  Ada Grower <ada+seeds@acme.example> ") == "ada+seeds@acme.example");
  CHECK(address_of("\"<x>\" <o'neil@sub-domain.acme.example>") == "o'neil@sub-domain.acme.example");
  CHECK(address_of("caravan@localhost") == "caravan@localhost");
  for (const char* bad : {"",
                          " ",
                          "ada",
                          "@acme.example",
                          "ada@",
                          "ada@@acme.example",
                          "a da@acme.example",
                          "ada@acme example",
                          "ada@acme.example\r\nRCPT TO:<x@y>",
                          "ada@acme.example>",
                          "<ada@acme.example",
                          "<a@b.example> <c@d.example> x",
                          "a@b.example, c@d.example",
                          "ada@acme..example",
                          ".ada@acme.example",
                          "ada.@acme.example",
                          "ada@-acme.example",
                          "ada@acme-.example",
                          "\"a b\"@acme.example",
                          "ada@[127.0.0.1]",
                          "ädä@acme.example",
                          "ada@größe.example",
                          "a<b@acme.example",
                          "ada@acme.example."}) {
    INFO(bad);
    CHECK(address_of(bad).empty());
  }
  CHECK(address_of(std::string(65, 'a') + "@acme.example").empty());
  CHECK(address_of("a@" + std::string(64, 'b') + ".example").empty());
  CHECK(address_of(std::string("a\0@acme.example", 15)).empty());
}

TEST_CASE("why a mail can go nowhere is said in words") {
  Mail mail = example();
  CHECK(address_problem(mail).empty());
  mail.to = "ada at acme";
  CHECK(address_problem(mail) == "the receiver \"ada at acme\" is no address that mail can be sent to");
  mail.to = "ädä@acme.example";
  CHECK(contains(address_problem(mail), "beyond ASCII"));
  mail.to = "";
  CHECK(address_problem(mail) == "the mail has no receiver");
}

TEST_CASE("quoted-printable keeps lines short, blanks at line ends and line breaks of every kind") {
  CHECK(to_quoted_printable("a=b") == "a=3Db");
  CHECK(to_quoted_printable("ü") == "=C3=BC");
  CHECK(to_quoted_printable("a \nb\t\r\nc\rd ") == "a=20\r\nb=09\r\nc\r\nd=20");
  CHECK(to_quoted_printable("From me") == "=46rom me");
  const std::string encoded = to_quoted_printable(std::string(1000, 'x') + std::string(100, '='));
  for (const std::string& line : lines(encoded))
    CHECK(line.size() <= 76);
  CHECK_FALSE(contains(to_quoted_printable(std::string(200, '=') + "=_boundary"), "=_"));
}

TEST_CASE("base64 pads") {
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("bytes that are no text become replacement marks") {
  CHECK(clean_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(clean_utf8(std::string("a\0z", 3)) == "az");
  Mail mail = example();
  mail.subject = "\xC3\x28";
  CHECK(contains(headers_of(mail), "Subject: =?utf-8?B?" + to_base64("\xEF\xBF\xBD(") + "?="));
}

TEST_CASE("a key becomes a file name and nothing else") {
  CHECK(safe_key("k7-12-3-p9") == "k7-12-3-p9");
  CHECK(safe_key("../../etc/passwd") == "-..-..-etc-passwd");
  CHECK(safe_key("") == "-");
  CHECK(safe_key(std::string(500, 'x')).size() == 120);
}

TEST_CASE("a mail names where its receiver ends such mails, on a line that is never folded") {
  Mail mail = example();
  CHECK_FALSE(contains(headers_of(mail), "List-Unsubscribe"));
  mail.unsubscribe_url = "https://go.example.com/u/" + std::string(970, 'A');
  REQUIRE(mail.unsubscribe_url.size() == 995);
  CHECK(contains(headers_of(mail), "\r\nList-Unsubscribe:\r\n <" + mail.unsubscribe_url +
                                       ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  mail.unsubscribe_url = "http://localhost:8080/u/AAAA";
  CHECK(contains(headers_of(mail), "\r\nList-Unsubscribe:\r\n <http://localhost:8080/u/AAAA>\r\nMIME"));
  for (const std::string& bad :
       {std::string("https://go.example.com/u/a\r\nBcc: x@y.example"), std::string("https://go.example.com/u/a> <b"),
        "https://go.example.com/u/" + std::string(1'000, 'A')}) {
    mail.unsubscribe_url = bad;
    CHECK_FALSE(contains(headers_of(mail), "List-Unsubscribe"));
    CHECK_FALSE(contains(headers_of(mail), "Bcc"));
  }
}
