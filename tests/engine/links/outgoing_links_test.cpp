// Mails that leave the house have links that lead back to it, and what is kept of them has none.

#include <fstream>

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const LinkKeys kKeys({"a secret of an installation"});

/// A workspace whose mails become files, with links.
struct Sent {
  explicit Sent(const std::string& nodes, const std::string& more = "", const std::string& front = "") {
    std::ofstream(folder.path() / "key") << "a secret of an installation\n";
    SourceTexts texts = journey_with("enter: {audience: everyone}", nodes);
    texts["caravan.yaml"] =
        "channels: {email: {type: file, from: news@seeds.example}}\n"
        "links: {url: 'https://go.example.com', key_file: '" +
        (folder.path() / "key").string() + "'" + more + "}\n";
    texts["emails/welcome.html"] = "---\nsubject: Welcome\n" + front +
                                   "---\n<p>Read <a href=\"https://www.example.com/a?b=1&amp;c=2\">this</a>, or "
                                   "<a href=\"{{unsubscribe_url}}\">unsubscribe</a>, {{person.first_name}}</p>\n";
    texts["emails/invoice.html"] = "---\nsubject: Invoice\noperational: true\n---\n<p>Here</p>\n";
    world.emplace(texts);
    world->open_channels();
    world->post_all({UpsertAccount{"acme", {{"owner_email", text("owner@acme.example")}}},
                     UpsertPerson{"ada", "acme", {{"email", text("ada@acme.example")}}}});
    world->advance(1h);
  }

  /// The bytes of the only mail with that subject; soft line breaks are taken out.
  std::string mail(const std::string& subject) {
    std::string found;
    for (const auto& entry : fs::recursive_directory_iterator(world->folder() / "outbox")) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      std::string bytes((std::istreambuf_iterator<char>(file)), {});
      if (bytes.find("Subject: " + subject) == std::string::npos) continue;
      CHECK(found == "");
      found = std::move(bytes);
    }
    for (std::size_t at = found.find("=\r\n"); at != std::string::npos; at = found.find("=\r\n", at))
      found.erase(at, 3);
    return found;
  }

  testing::TemporaryFolder folder;
  std::optional<World> world;
};

/// The tokens behind `url` in a text, in order.
std::vector<std::string> tokens(const std::string& text, const std::string& url) {
  std::vector<std::string> found;
  for (std::size_t at = text.find(url); at != std::string::npos; at = text.find(url, at + 1)) {
    const std::size_t begin = at + url.size();
    const std::size_t end =
        text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", begin);
    found.push_back(text.substr(begin, end - begin));
  }
  return found;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a mail to a person tells what comes of it by links of its own") {
  Sent sent("- {id: mail, send_email: welcome}\n");
  const std::string mail = sent.mail("Welcome");
  const auto clicks = tokens(mail, "https://go.example.com/c/");
  REQUIRE(clicks.size() == 1);
  const std::optional<Link> click = kKeys.verify(clicks.front());
  REQUIRE(click);
  const std::string key = to_text(sent.world->deliveries("acme").front().key, sent.world->store().installation());
  CHECK(*click == Link{.kind = LinkKind::click,
                       .person = "ada",
                       .journey = "seeds",
                       .message = "welcome",
                       .delivery = key,
                       .url = "https://www.example.com/a?b=1&c=2"});
  const auto opens = tokens(mail, "https://go.example.com/o/");
  REQUIRE(opens.size() == 1);
  CHECK(kKeys.verify(opens.front()) == Link{LinkKind::open, "ada", "seeds", "welcome", key, ""});
  CHECK(has(mail, "https://go.example.com/o/" + opens.front() + ".gif"));
  // In the header, in the text part and in the HTML part.
  const auto pages = tokens(mail, "https://go.example.com/u/");
  REQUIRE(pages.size() == 3);
  for (const std::string& token : pages)
    CHECK(kKeys.verify(token) == Link{LinkKind::subscription, "ada", "seeds", "welcome", key, ""});
  CHECK(has(mail, "\r\nList-Unsubscribe:\r\n <https://go.example.com/u/" + pages.front() +
                      ">\r\n"
                      "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  CHECK(has(mail, "(https://www.example.com/a?b=3D1&c=3D2)"));  // the text part leads there itself
}

TEST_CASE("the pages of a mail's receiver know what the mail is about") {
  Sent sent("- {id: mail, send_email: welcome}\n", "}\ntopics: {events: {title: Events}", "topic: events\n");
  const auto pages = tokens(sent.mail("Welcome"), "https://go.example.com/u/");
  REQUIRE(pages.size() == 3);
  for (const std::string& token : pages)
    CHECK(kKeys.verify(token)->topic == "events");
  CHECK(kKeys.verify(tokens(sent.mail("Welcome"), "https://go.example.com/o/").front())->topic.empty());
}

TEST_CASE("what is kept of a mail has no links") {
  Sent sent("- {id: mail, send_email: welcome}\n");
  CHECK(sent.world->values(sent.world->deliveries("acme").front()).find("go.example.com") == std::string::npos);
}

TEST_CASE("without openings and clicks a mail can be unsubscribed from alone") {
  Sent sent("- {id: mail, send_email: welcome}\n", ", opens: false, clicks: false");
  const std::string mail = sent.mail("Welcome");
  CHECK(tokens(mail, "https://go.example.com/c/").empty());
  CHECK(tokens(mail, "https://go.example.com/o/").empty());
  CHECK(tokens(mail, "https://go.example.com/u/").size() == 3);
}

TEST_CASE("an operational mail has no header to unsubscribe by, and what sales gets has no links at all") {
  Sent sent(
      "- {id: bill, send_email: invoice}\n"
      "- {id: group, assign_to_buying_group: ai-driven-seeds}\n"
      "- {id: sales, notify_sales: {solution_interest: ai-driven-seeds, to: [account.owner_email]}}\n");
  const std::string invoice = sent.mail("Invoice");
  CHECK_FALSE(has(invoice, "List-Unsubscribe"));
  CHECK(has(invoice, "https://go.example.com/o/"));
  std::size_t to_sales = 0;
  for (const auto& entry : fs::recursive_directory_iterator(sent.world->folder() / "outbox")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path());
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (!has(bytes, "To: owner@acme.example")) continue;
    ++to_sales;
    CHECK_FALSE(has(bytes, "go.example.com"));
  }
  CHECK(to_sales == 1);
}
