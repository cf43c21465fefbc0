// What the links of mails do: what is counted is told once, what is asked for is done when it is answered, and a link
// that was changed does nothing.

#include "tests/engine/api/public_world.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
using api::Method;
using api::Response;

namespace {

using Lines = std::vector<std::string>;

/// Any token with its last character changed.
std::string changed(std::string token) {
  token.back() = token.back() == 'A' ? 'Q' : 'A';
  return token;
}

const api::Fields kForm = {{"content-type", "application/x-www-form-urlencoded"}};

std::string unsubscribed(PublicWorld& at) {
  return at.world.attributes(at.world.people("acme").front().attributes);
}

}  // namespace

TEST_CASE("the picture of a mail tells once a minute that it was opened, and is always there") {
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::open);
  const Response picture = at.ask(Method::get, "/o/{token}", token + ".gif");
  CHECK(picture.status == 200);
  CHECK(picture.content_type == "image/gif");
  CHECK(picture.body.size() == 43);
  CHECK(picture.body.starts_with("GIF89a"));
  CHECK(contains(header(picture, "Cache-Control"), "no-store"));
  at.ask(Method::get, "/o/{token}", token + ".gif");
  CHECK(at.world.activity("acme") == Lines{"email.opened {journey=seeds template=welcome}"});
  at.clock.move_to(kMonday + 1min);
  at.ask(Method::get, "/o/{token}", token);
  CHECK(at.world.activity("acme").size() == 2);

  for (const std::string& bad : {changed(token), std::string("x"), PublicWorld::token(LinkKind::click)})
    CHECK(at.ask(Method::get, "/o/{token}", bad + ".gif").body == picture.body);
  at.is_full = true;
  CHECK(at.ask(Method::get, "/o/{token}", token + ".gif").body == picture.body);
  CHECK(at.world.activity("acme").size() == 2);
}

TEST_CASE("a link of a mail leads to where it was signed for, and tells it once a minute and address") {
  PublicWorld at;
  const std::string url = "https://elsewhere.example/a?b=c#d";
  const std::string token = PublicWorld::token(LinkKind::click, url);
  const Response answer = at.ask(Method::get, "/c/{token}", token);
  CHECK(answer.status == 302);
  CHECK(header(answer, "Location") == url);
  CHECK(header(answer, "Cache-Control") == "no-store");
  at.ask(Method::get, "/c/{token}", token);
  at.ask(Method::get, "/c/{token}", PublicWorld::token(LinkKind::click, "https://elsewhere.example/other"));
  CHECK(at.world.activity("acme") ==
        Lines{"email.clicked {journey=seeds template=welcome url=https://elsewhere.example/a?b=c#d}",
              "email.clicked {journey=seeds template=welcome url=https://elsewhere.example/other}"});
  at.is_full = true;
  CHECK(header(at.ask(Method::get, "/c/{token}", token), "Location") == url);
}

TEST_CASE("a link that was changed, or made for something else, leads nowhere") {
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::click, "https://elsewhere.example");
  for (const std::string& bad : {changed(token), token.substr(1), std::string("https://evil.example"),
                                 PublicWorld::token(LinkKind::open, "https://evil.example")}) {
    const Response answer = at.ask(Method::get, "/c/{token}", bad);
    CHECK(answer.status == 400);
    CHECK(header(answer, "Location").empty());
    CHECK(answer.content_type == "text/html; charset=utf-8");
    CHECK_FALSE(contains(answer.body, "evil"));
  }
  CHECK(at.world.activity("acme").empty());
}

TEST_CASE("what is fetched ahead, or only asked for its headers, is no click and no opening") {
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::click, "https://elsewhere.example");
  for (const api::Fields& headers :
       {api::Fields{{"purpose", "prefetch"}}, api::Fields{{"sec-purpose", "prefetch;prerender"}},
        api::Fields{{"x-moz", "prefetch"}}, api::Fields{{"x-purpose", "preview"}}})
    CHECK(at.ask(Method::get, "/c/{token}", token, "", headers).status == 302);
  CHECK(at.ask(Method::get, "/c/{token}", token, "", {}, true).status == 302);
  CHECK(at.ask(Method::get, "/o/{token}", PublicWorld::token(LinkKind::open), "", {}, true).status == 200);
  CHECK(at.world.activity("acme").empty());
}

TEST_CASE("pages that may tell what is seen of them are told who comes, before what is behind the #") {
  PublicWorld at;
  const std::string visitor = kLinkKeys.sign({.kind = LinkKind::visitor, .person = "ada"});
  const auto target = [&](const std::string& url) {
    return header(at.ask(Method::get, "/c/{token}", PublicWorld::token(LinkKind::click, url)), "Location");
  };
  CHECK(target("https://www.example.com") == "https://www.example.com?caravan=" + visitor);
  CHECK(target("https://www.example.com/a?b=c#d") == "https://www.example.com/a?b=c&caravan=" + visitor + "#d");
  CHECK(target("https://www.example.com.evil.example/") == "https://www.example.com.evil.example/");
}

TEST_CASE("the page to unsubscribe changes nothing, and its button does") {
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::subscription);
  const Response page = at.ask(Method::get, "/u/{token}", token);
  CHECK(page.status == 200);
  CHECK(contains(page.body, "<form method=\"post\">"));
  CHECK(contains(page.body, "name=\"List-Unsubscribe\" value=\"One-Click\""));
  CHECK_FALSE(contains(page.body, "ada"));
  CHECK_FALSE(contains(page.body, "<script"));
  CHECK(contains(header(page, "Content-Security-Policy"), "default-src 'none'"));
  CHECK(header(page, "Referrer-Policy") == "no-referrer");
  CHECK(unsubscribed(at) == "email=ada@acme.example");

  const Response done = at.ask(Method::post, "/u/{token}", token, "List-Unsubscribe=One-Click", kForm);
  CHECK(done.status == 200);
  CHECK(contains(done.body, "You are unsubscribed"));
  CHECK(unsubscribed(at) == "email=ada@acme.example unsubscribed=true");
  CHECK(at.world.activity("acme") == Lines{"email.unsubscribed {journey=seeds template=welcome}"});
}

TEST_CASE("a mail program unsubscribes in one click, in either form of RFC 8058, and nothing else does") {
  for (const auto& [type, body] : std::vector<std::pair<std::string, std::string>>{
           {"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
           {"multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"}}) {
    PublicWorld at;
    CHECK(at.ask(Method::post, "/u/{token}", PublicWorld::token(LinkKind::subscription), body, {{"content-type", type}})
              .status == 200);
    CHECK(unsubscribed(at) == "email=ada@acme.example unsubscribed=true");
  }
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::subscription);
  for (const std::string& body :
       {std::string(), std::string("List-Unsubscribe=no"), std::string("x=One-Click"), std::string("%zz")})
    CHECK(at.ask(Method::post, "/u/{token}", token, body, kForm).status == 400);
  CHECK(at.ask(Method::post, "/u/{token}", changed(token), "List-Unsubscribe=One-Click", kForm).status == 400);
  CHECK(at.ask(Method::post, "/u/{token}", PublicWorld::token(LinkKind::open), "List-Unsubscribe=One-Click", kForm)
            .status == 400);
  CHECK(unsubscribed(at) == "email=ada@acme.example");
}

TEST_CASE("whoever was removed meanwhile gets no mails, and is told so") {
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::subscription, "", "bob");
  CHECK(at.ask(Method::post, "/u/{token}", token, "List-Unsubscribe=One-Click", kForm).status == 200);
  CHECK(at.ask(Method::post, "/p/{token}", token, "mails=yes", kForm).status == 404);
}

TEST_CASE("what cannot be committed now is not said to be done") {
  PublicWorld at;
  at.is_full = true;
  const std::string click = PublicWorld::token(LinkKind::click, "https://elsewhere.example");
  if (GENERATE(false, true)) {
    // The store waits for room on the disk: what is only counted waits with it, and who asks for something is told.
    at.is_full = false;
    at.why_not_writing = "the disk is full";
    CHECK(at.ask(Method::get, "/c/{token}", click).status == 302);
    CHECK(at.world.activity("acme").size() == 1);
  }
  const Response answer = at.ask(Method::post, "/u/{token}", PublicWorld::token(LinkKind::subscription),
                                 "List-Unsubscribe=One-Click", kForm);
  CHECK(answer.status == 503);
  CHECK(header(answer, "Retry-After") == "5");
  CHECK(contains(answer.body, "nothing was changed"));
}

TEST_CASE("the page of preferences says how it stands, and changes it both ways, as often as somebody likes") {
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::subscription);
  CHECK(contains(at.ask(Method::get, "/p/{token}", token).body, "You get mails from us."));
  for (int i = 0; i < 2; ++i) {
    CHECK(at.ask(Method::post, "/p/{token}", token, "mails=no", kForm).status == 200);
    CHECK(unsubscribed(at) == "email=ada@acme.example unsubscribed=true");
    CHECK(contains(at.ask(Method::get, "/p/{token}", token).body, "You get no mails from us."));
    CHECK(at.ask(Method::post, "/p/{token}", token, "mails=yes", kForm).status == 200);
    CHECK(unsubscribed(at) == "email=ada@acme.example unsubscribed=false");
  }
  CHECK(at.ask(Method::post, "/p/{token}", token, "mails=perhaps", kForm).status == 400);
  CHECK(at.ask(Method::post, "/p/{token}", changed(token), "mails=no", kForm).status == 400);
  CHECK(at.ask(Method::get, "/p/{token}", changed(token)).status == 400);
  CHECK(unsubscribed(at) == "email=ada@acme.example unsubscribed=false");
}

TEST_CASE("without links there are no public endpoints") {
  CHECK(api::public_routes({}).empty());
}
