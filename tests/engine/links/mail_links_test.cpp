// A mail to a person gets its links on its way out: what it says stays, and where it leads can be told.

#include "engine/links/mail_links.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

const LinkKeys kKeys({"a secret of an installation"});
const MailOrigin kOrigin{"acme-vp", "ai-driven-seeds", "welcome", "k9f-12-3-p7"};
const std::string kUrl = "https://go.example.com";

LinksDefinition settings(bool opens = false, bool clicks = true) {
  LinksDefinition links;
  links.url = kUrl;
  links.opens = opens;
  links.clicks = clicks;
  return links;
}

std::string with_links(const std::string& html, const LinksDefinition& links = settings()) {
  Mail mail;
  mail.html = html;
  MailLinks(links, kKeys).put_into(mail, kOrigin, false);
  return mail.html;
}

/// The address of a link of that kind.
std::string to(std::string_view path, LinkKind kind, const std::string& url = "") {
  return kUrl + std::string(path) +
         kKeys.sign({kind, kOrigin.person, kOrigin.journey, kOrigin.message, kOrigin.delivery, url});
}
std::string click(const std::string& url) {
  return to("/c/", LinkKind::click, url);
}

}  // namespace

TEST_CASE("links of a mail lead over the API to where they led") {
  CHECK(with_links("<a href=\"https://www.example.com/a\">a</a> and <A class=x HREF='http://b.example'>b</A>") ==
        "<a href=\"" + click("https://www.example.com/a") + "\">a</a> and <A class=x HREF='" +
            click("http://b.example") + "'>b</A>");
}

TEST_CASE("what a link's address means is signed, not how it was written") {
  CHECK(with_links("<a href=\" https://www.example.com/?a=1&amp;b=2\n\">x</a>") ==
        "<a href=\"" + click("https://www.example.com/?a=1&b=2") + "\">x</a>");
  CHECK(with_links("<a href=HTTPS://www.example.com/x>x</a>") ==
        "<a href=" + click("HTTPS://www.example.com/x") + ">x</a>");
}

TEST_CASE("what is no page's address stays as it is") {
  const std::string unsubscribe = kUrl + "/u/AAAA";
  for (const std::string& html : {
           std::string("<a href=\"mailto:mira@seeds.example\">x</a>"),
           std::string("<a href=\"#top\">x</a><a name=\"top\">y</a><a>z</a>"),
           std::string("<a href=\"tel:+4930123\">x</a>"),
           std::string("<a href=\"/relative\">x</a>"),
           std::string("<a href=\"\">x</a>"),
           std::string("<a href=\"javascript:alert(1)\">x</a>"),
           std::string("<abbr href=\"https://www.example.com\">x</abbr><link href=\"https://www.example.com/x.css\">"),
           std::string("<img src=\"https://www.example.com/logo.png\">"),
           std::string("<!--[if mso]><a href=\"https://www.example.com\">x</a><![endif]-->"),
           std::string("a < b and <a href=\"https://www.example.com"),
           "<a href=\"" + unsubscribe + "\">x</a>",
           "<a href=\"https://www.example.com/" + std::string(kLongestTarget, 'x') + "\">x</a>",
           std::string("<a href=\"https://www.example.com/with a blank\">x</a>"),
       })
    CHECK(with_links(html) == html);
}

TEST_CASE("a quote behind a blank holds what an address is as well") {
  CHECK(with_links("<a href = \"https://www.example.com/?a>b\">x</a>") ==
        "<a href = \"" + click("https://www.example.com/?a>b") + "\">x</a>");
}

TEST_CASE("the picture stands at the end of the mail's body") {
  const std::string picture = "<img src=\"" + to("/o/", LinkKind::open) + ".gif\" width=\"1\" height=\"1\" alt=\"\">";
  const LinksDefinition links = settings(true, false);
  CHECK(with_links("<html><body><p>x</p></BODY></html>", links) == "<html><body><p>x</p>" + picture + "</BODY></html>");
  CHECK(with_links("<html><p>x</p></html>", links) == "<html><p>x</p>" + picture + "</html>");
  CHECK(with_links("<p>x</p>", links) == "<p>x</p>" + picture);
}

TEST_CASE("with opens and clicks off a mail says the same as without links, and can be unsubscribed from") {
  Mail mail;
  mail.html = "<body><a href=\"https://www.example.com\">x</a></body>";
  mail.text = "x (https://www.example.com)";
  const Mail before = mail;
  MailLinks(settings(false, false), kKeys).put_into(mail, kOrigin, false);
  CHECK(mail.html == before.html);
  CHECK(mail.text == before.text);
  CHECK(mail.unsubscribe_url == to("/u/", LinkKind::subscription));
}

TEST_CASE("the text part keeps its links, and an operational mail cannot be unsubscribed from") {
  Mail mail;
  mail.html = "<body><a href=\"https://www.example.com\">x</a></body>";
  mail.text = "x (https://www.example.com)";
  MailLinks(settings(), kKeys).put_into(mail, kOrigin, true);
  CHECK(mail.html == "<body><a href=\"" + click("https://www.example.com") + "\">x</a></body>");
  CHECK(mail.text == "x (https://www.example.com)");
  CHECK(mail.unsubscribe_url.empty());
}

TEST_CASE("the receiver's own pages are values of a template that names them, unless it was given others") {
  const MailLinks links(settings(), kKeys);
  const std::vector<std::string> names = {"person.first_name", "unsubscribe_url", "preferences_url"};
  const std::array given = {std::pair{NameId{0}, AttributeInput{std::string("Ada")}},
                            std::pair{NameId{2}, AttributeInput{std::string("https://own.example/p")}}};
  const Attributes values = links.with_pages(names, Attributes().with(given), kOrigin);
  CHECK(values.find(NameId{0})->text() == "Ada");
  CHECK(values.find(NameId{1})->text() == to("/u/", LinkKind::subscription));
  CHECK(values.find(NameId{2})->text() == "https://own.example/p");
  const std::vector<std::string> none = {"person.first_name"};
  CHECK(links.with_pages(none, Attributes(), kOrigin) == Attributes());
}

TEST_CASE("without a url there are no links") {
  CHECK(make_mail_links({}) == nullptr);
}
