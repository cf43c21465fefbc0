// The public endpoints over HTTP, as mail programs and browsers come to them: without a token, with whatever they add.

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/running_api.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

const LinkKeys kKeys({"a secret of an installation"});

/// An engine whose mails have links, with `ada` of `acme`, behind an API that asks for tokens.
class OpenApi {
 public:
  explicit OpenApi(const std::string& more = {}) {
    std::ofstream(folder_.path() / "key") << "a secret of an installation\n";
    SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n");
    texts["caravan.yaml"] += "links: {url: 'https://go.example.com', key_file: '" + (folder_.path() / "key").string() +
                             "', origins: ['https://www.example.com']}\n" + more;
    api.emplace(texts);
    api->use_token({api::Scope::ingest});
    REQUIRE(api->put("/v1/accounts/acme", "{}").status < 300);
    REQUIRE(api->put("/v1/people/ada", R"({"account": "acme", "email": "ada@acme.example"})").status < 300);
    api->use_no_token();
  }

  static std::string token(LinkKind kind, const std::string& url = {}) {
    return kKeys.sign({.kind = kind,
                       .person = "ada",
                       .journey = "seeds",
                       .message = "welcome",
                       .delivery = "k9f-12-3-p7",
                       .url = url});
  }

  /// The types of the account's events, in the order they came.
  std::vector<std::string> events() {
    std::vector<ActivityRecord> found;
    api->reader().activity_of(api->reader().account("acme")->id, found);
    std::vector<std::string> types;
    for (const ActivityRecord& each : found)
      types.emplace_back(api->names().text_of(each.type));
    return types;
  }

  std::optional<bool> unsubscribed() {
    const auto name = api->names().find("unsubscribed");
    const auto value = name ? api->reader().person("ada")->attributes.find(*name) : std::nullopt;
    if (!value) return std::nullopt;
    return value->kind() == AttributeKind::yes;
  }

  std::optional<RunningApi> api;

 private:
  caravan::testing::TemporaryFolder folder_;
};

using Types = std::vector<std::string>;
const RunningApi::Headers kForm = {{"Content-Type", "application/x-www-form-urlencoded"}};

}  // namespace

TEST_CASE("a mail's links work without a token of the API, and with what mail programs add to them") {
  OpenApi at;
  const ApiReply picture = at.api->get("/o/" + OpenApi::token(LinkKind::open) + ".gif");
  CHECK(picture.status == 200);
  CHECK(picture.header("content-type") == "image/gif");
  CHECK(picture.header("cache-control") == "no-store, private");
  CHECK(picture.body.size() == 43);
  const std::string click = "/c/" + OpenApi::token(LinkKind::click, "https://elsewhere.example/a?b=c");
  const ApiReply head = at.api->ask("HEAD", click);
  CHECK(head.status == 302);
  const ApiReply on = at.api->get(click + "?fbclid=x&utm_source=mail");
  CHECK(on.status == 302);
  CHECK(on.header("location") == "https://elsewhere.example/a?b=c");
  at.api->settle();
  CHECK(at.events() == Types{"email.opened", "email.clicked"});
  CHECK(at.api->get("/c/x").status == 400);
  CHECK(at.api->get("/v1/accounts/acme").status == 401);
}

TEST_CASE("a mail program's button unsubscribes, and the page of preferences takes it back") {
  OpenApi at;
  const std::string token = OpenApi::token(LinkKind::subscription);
  const ApiReply page = at.api->get("/u/" + token);
  CHECK(page.status == 200);
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  CHECK(page.header("content-security-policy").find("default-src 'none'") == 0);
  CHECK_FALSE(at.unsubscribed());
  CHECK(at.api->ask("POST", "/u/" + token, "List-Unsubscribe=One-Click", kForm).status == 200);
  CHECK(at.unsubscribed() == true);  // it was answered after its commit
  CHECK(at.api->get("/p/" + token).body.find("You get no mails") != std::string::npos);
  CHECK(at.api->ask("POST", "/p/" + token, "mails=yes", kForm).status == 200);
  CHECK(at.unsubscribed() == false);
  CHECK(at.api->get("/p/" + token).body.find("You get mails") != std::string::npos);
  CHECK(at.events() == Types{"email.unsubscribed", "email.resubscribed"});
}

TEST_CASE("the page of preferences is read beside the engine, and what is saved on it is there when it comes again") {
  OpenApi at("topics: {events: {title: Events}}\n");
  const std::string page = "/p/" + OpenApi::token(LinkKind::subscription);
  const auto is_ticked = [&] { return at.api->get(page).body.find("value=\"events\" checked") != std::string::npos; };
  CHECK(is_ticked());
  const ApiReply saved = at.api->ask("POST", page, "form=choices&had=events", kForm);
  CHECK(saved.status == 303);
  CHECK("/p/" + saved.header("location") == page + "?saved=yes");
  CHECK_FALSE(is_ticked());
  CHECK(at.api->get(page + "?saved=yes").body.find("Your choice is kept.") != std::string::npos);
  CHECK(at.events() == Types{"email.unsubscribed"});
}

TEST_CASE("whoever comes to a page for people is refused with a page, whatever they send") {
  OpenApi at;
  const std::string page = "/u/" + OpenApi::token(LinkKind::subscription);
  const auto refused = [&](const ApiReply& reply) {
    CHECK(reply.header("content-type") == "text/html; charset=utf-8");
    return reply.status;
  };
  CHECK(refused(at.api->ask("PUT", page)) == 405);
  CHECK(refused(at.api->ask("POST", page, "<x/>", {{"Content-Type", "application/xml"}})) == 415);
  CHECK(refused(at.api->ask("POST", page, "a=" + std::string(4'096, 'x'), kForm)) == 413);
  const std::string chunked = at.api->send_raw("POST " + page +
                                               " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                               "application/x-www-form-urlencoded\r\nTransfer-Encoding: "
                                               "chunked\r\n\r\n2000\r\n" +
                                               std::string(0x2000, 'x') + "\r\n0\r\n\r\n");
  CHECK(chunked.starts_with("HTTP/1.1 413"));
  CHECK(chunked.find("Content-Type: text/html") != std::string::npos);
  CHECK(refused(at.api->ask("GET", "/u", "", {{"Accept", "text/html"}})) == 404);
  CHECK(at.api->get("/u").header("content-type") == "application/problem+json");
  CHECK_FALSE(at.unsubscribed());
}

TEST_CASE("a page of ours sends a form and tells that it was seen, and others may not") {
  OpenApi at;
  const std::string visitor = kKeys.sign({.kind = LinkKind::visitor, .person = "ada"});
  const RunningApi::Headers ours = {{"Origin", "https://www.example.com"},
                                    {"Content-Type", "application/x-www-form-urlencoded"}};
  const ApiReply done = at.api->ask(
      "POST", "/f/demo", "caravan=" + visitor + "&company=Acme&thanks=https%3A%2F%2Fwww.example.com%2Fthanks", ours);
  CHECK(done.status == 303);
  CHECK(done.header("location") == "https://www.example.com/thanks");
  const ApiReply may = at.api->ask("OPTIONS", "/f/demo", "", {{"Origin", "https://www.example.com"}});
  CHECK(may.status == 204);
  CHECK(may.header("access-control-allow-origin") == "https://www.example.com");
  CHECK(at.api
            ->ask("POST", "/b", R"({"visitor": ")" + visitor + R"(", "url": "https://www.example.com/pricing"})",
                  {{"Origin", "https://www.example.com"}, {"Content-Type", "text/plain;charset=UTF-8"}})
            .status == 204);
  CHECK(at.api->ask("POST", "/f/demo", "email=eve%40new.example", kForm).status == 403);
  CHECK(at.api->ask("OPTIONS", "/b", "", {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(at.api->ask("POST", "/f/demo", "<x/>", {{"Content-Type", "application/xml"}}).status == 415);
  CHECK(at.api->ask("POST", "/f/demo", "a=" + std::string(65'536, 'x'), kForm).status == 413);
  CHECK(at.api->get("/caravan.js").header("cache-control") == "public, max-age=3600");
  CHECK(at.events() == Types{"form.submitted", "page.viewed"});
}

TEST_CASE("the document of the API has the public endpoints where there are links") {
  OpenApi at;
  const boost::json::value document = at.api->get("/v1/openapi.json").json();
  for (const char* path : {"/o/{token}", "/c/{token}", "/u/{token}", "/p/{token}", "/f/{form}", "/b", "/caravan.js"})
    CHECK(document.at("paths").as_object().contains(path));
  RunningApi without;
  CHECK_FALSE(without.get("/v1/openapi.json").json().at("paths").as_object().contains("/b"));
  CHECK(without.get("/caravan.js").status == 404);
}
