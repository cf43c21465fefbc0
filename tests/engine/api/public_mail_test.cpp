// What the links of mails tell by the way: each once, and a link that was changed tells nothing.

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

TEST_CASE("without links there are no public endpoints") {
  CHECK(api::public_routes({}).empty());
}
