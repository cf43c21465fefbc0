// Which mails somebody wants, told by their own pages: what is asked for is done when it is answered, and a link that
// was changed does nothing.

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

/// Of ada.
std::string attributes(PublicWorld& at) {
  return at.world.attributes(at.world.people("acme").front().attributes);
}

Response post(PublicWorld& at, const std::string& path, const std::string& token, const std::string& body) {
  return at.ask(Method::post, path, token, body, kForm);
}

/// Two topics, and a mail that is about one of them.
const std::vector<TopicDefinition> kTopics = {{"events", "Invitations & such", "A few times a year.", {}},
                                              {"news", "News", "", {}}};

std::string event_token(const std::string& topic = "events") {
  return kLinkKeys.sign({.kind = LinkKind::subscription,
                         .person = "ada",
                         .journey = "seeds",
                         .message = "welcome",
                         .delivery = "k9f-12-3-p7",
                         .topic = topic});
}

}  // namespace

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
  CHECK(attributes(at) == "email=ada@acme.example");

  const Response done = at.ask(Method::post, "/u/{token}", token, "List-Unsubscribe=One-Click", kForm);
  CHECK(done.status == 200);
  CHECK(contains(done.body, "You are unsubscribed"));
  CHECK(attributes(at) == "email=ada@acme.example unsubscribed=true");
  CHECK(at.world.activity("acme") == Lines{"email.unsubscribed {journey=seeds template=welcome}"});
}

TEST_CASE("a mail program unsubscribes in one click, in either form of RFC 8058, and nothing else does") {
  for (const auto& [type, body] : std::vector<std::pair<std::string, std::string>>{
           {"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
           {"multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"},
           {"Multipart/Form-Data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=List-Unsubscribe\r\n\r\nOne-Click\r\n--x--\r\n"},
           {"Application/X-WWW-Form-Urlencoded; charset=utf-8", "\r\nList-Unsubscribe=One-Click\r\n"},
           {"application/x-www-form-urlencoded", " list-unsubscribe=one-click "}}) {
    PublicWorld at;
    CHECK(at.ask(Method::post, "/u/{token}", PublicWorld::token(LinkKind::subscription), body, {{"content-type", type}})
              .status == 200);
    CHECK(attributes(at) == "email=ada@acme.example unsubscribed=true");
  }
  PublicWorld at;
  const std::string token = PublicWorld::token(LinkKind::subscription);
  for (const std::string& body :
       {std::string(), std::string("List-Unsubscribe=no"), std::string("x=One-Click"), std::string("%zz")})
    CHECK(at.ask(Method::post, "/u/{token}", token, body, kForm).status == 400);
  CHECK(at.ask(Method::post, "/u/{token}", changed(token), "List-Unsubscribe=One-Click", kForm).status == 400);
  CHECK(at.ask(Method::post, "/u/{token}", PublicWorld::token(LinkKind::open), "List-Unsubscribe=One-Click", kForm)
            .status == 400);
  CHECK(attributes(at) == "email=ada@acme.example");
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
    CHECK(attributes(at) == "email=ada@acme.example unsubscribed=true");
    CHECK(contains(at.ask(Method::get, "/p/{token}", token).body, "You get no mails from us."));
    CHECK(at.ask(Method::post, "/p/{token}", token, "mails=yes", kForm).status == 200);
    CHECK(attributes(at) == "email=ada@acme.example unsubscribed=false");
  }
  CHECK(at.ask(Method::post, "/p/{token}", token, "mails=perhaps", kForm).status == 400);
  CHECK(at.ask(Method::post, "/p/{token}", changed(token), "mails=no", kForm).status == 400);
  CHECK(at.ask(Method::get, "/p/{token}", changed(token)).status == 400);
  CHECK(attributes(at) == "email=ada@acme.example unsubscribed=false");
}

TEST_CASE("a link of nobody takes no place among those who wait to be read") {
  PublicWorld at;
  for (const std::string& bad :
       {std::string("x"), changed(PublicWorld::token(LinkKind::subscription)), PublicWorld::token(LinkKind::open)})
    CHECK(at.ask(Method::get, "/p/{token}", bad).status == 400);
  CHECK(at.reads == 0);
  CHECK(at.ask(Method::get, "/p/{token}", PublicWorld::token(LinkKind::subscription)).status == 200);
  CHECK(at.reads == 1);
}

// Topics

TEST_CASE("one click in a mail of a topic ends the mails of that topic, and the page offers the rest") {
  PublicWorld at;
  at.topics = kTopics;
  const Response asked = at.ask(Method::get, "/u/{token}", event_token());
  CHECK(contains(asked.body, "You will get no more mails about “Invitations &amp; such” from us."));
  CHECK(attributes(at) == "email=ada@acme.example");
  const Response done = post(at, "/u/{token}", event_token(), "List-Unsubscribe=One-Click");
  CHECK(done.status == 200);
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[events]");
  CHECK(at.world.activity("acme") == Lines{"email.unsubscribed {journey=seeds template=welcome topic=events}"});
  for (const Response* page : {&asked, &done}) {
    CHECK(contains(page->body, "No mails at all"));
    CHECK(contains(page->body, "<form method=\"get\" action=\"../p/" + event_token() + "\">"));
  }
  // What its buttons post.
  CHECK(post(at, "/p/{token}", event_token(), "mails=yes&topic=events").status == 303);
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[]");
  CHECK(post(at, "/p/{token}", event_token(), "mails=no").status == 200);
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[] unsubscribed=true");
}

TEST_CASE("one click in a mail of no topic ends all mails, whatever topics there are") {
  PublicWorld at;
  at.topics = kTopics;
  CHECK(contains(post(at, "/u/{token}", PublicWorld::token(LinkKind::subscription), "List-Unsubscribe=One-Click").body,
                 "You will get no more mails from us."));
  CHECK(attributes(at) == "email=ada@acme.example unsubscribed=true");
}

TEST_CASE("a mail of a topic that is not declared any more can still be ended") {
  PublicWorld at;
  CHECK(contains(post(at, "/u/{token}", event_token("fairs"), "List-Unsubscribe=One-Click").body, "about “fairs”"));
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[fairs]");
  CHECK(post(at, "/p/{token}", event_token("fairs"), "mails=yes&topic=fairs").status == 303);
  CHECK(post(at, "/p/{token}", event_token(), "mails=no&topic=fairs").status == 400);
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[]");
}

TEST_CASE("the page of preferences has a labelled box for each topic, and one for no mails at all") {
  PublicWorld at;
  at.topics = kTopics;
  at.world.event("email.unsubscribed", "ada", {{"topic", text("news")}});
  const Response page = at.ask(Method::get, "/p/{token}", event_token());
  CHECK(page.status == 200);
  CHECK(contains(page.body, "<legend>Mails about</legend>"));
  CHECK(contains(page.body,
                 "<input type=\"checkbox\" id=\"choice-1\" name=\"topic\" value=\"events\" "
                 "aria-describedby=\"choice-1-more\" checked> <label for=\"choice-1\">Invitations &amp; such</label>"
                 "<small id=\"choice-1-more\">A few times a year.</small>"));
  CHECK(contains(page.body,
                 "<input type=\"checkbox\" id=\"choice-2\" name=\"topic\" value=\"news\"> "
                 "<label for=\"choice-2\">News</label>"));
  CHECK(contains(page.body, "</fieldset>\n<p><input type=\"checkbox\" id=\"choice-3\" name=\"none\" value=\"yes\""));
  CHECK(contains(page.body, "name=\"had\" value=\"events\""));
  CHECK_FALSE(contains(page.body, "name=\"had\" value=\"news\""));
  CHECK_FALSE(contains(page.body, "had_none"));
  CHECK_FALSE(contains(page.body, "<script"));
}

TEST_CASE("what is changed on the page of preferences is told, and nothing else") {
  PublicWorld at;
  at.topics = kTopics;
  const auto save = [&](const std::string& fields) {
    const Response answer = post(at, "/p/{token}", event_token(), "form=choices" + fields);
    CHECK(answer.status == 303);
    CHECK(header(answer, "Location") == event_token() + "?saved=yes");
  };
  save("&had=events&had=news&topic=events&topic=news");
  CHECK(at.world.activity("acme").empty());
  save("&had=events&had=news&topic=news");
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[events]");
  save("&had=news&topic=events&none=yes");
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[news] unsubscribed=true");
  CHECK(contains(at.ask(Method::get, "/p/{token}", event_token()).body,
                 "value=\"yes\" aria-describedby=\"choice-3-more\" checked"));
  save("&had=events&had_none=yes&topic=events&topic=unheard-of");
  CHECK(attributes(at) == "email=ada@acme.example left_topics=[news] unsubscribed=false");
  CHECK(at.world.activity("acme").size() == 5);
}

TEST_CASE("a choice that cannot be committed now is not said to be kept") {
  PublicWorld at;
  at.topics = kTopics;
  at.is_full = true;
  CHECK(post(at, "/p/{token}", event_token(), "form=choices&had=events").status == 503);
  CHECK(post(at, "/p/{token}", event_token(), "form=choices&had=events&topic=events").status == 303);
}
