// Forms and page views are taken from known pages alone, of whoever they are, and not too many of them.

#include "tests/engine/api/public_world.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
using api::Method;
using api::Response;

namespace {

using Lines = std::vector<std::string>;

const std::string kVisitor = kLinkKeys.sign({.kind = LinkKind::visitor, .person = "ada"});

api::Fields from(const std::string& origin, const std::string& type = "application/x-www-form-urlencoded") {
  return {{"origin", origin}, {"content-type", type}};
}
const api::Fields kOurs = from("https://www.example.com");
const api::Fields kOurScript = from("https://www.example.com", "application/json");

Response send(PublicWorld& at, const std::string& body, const api::Fields& headers = kOurs) {
  return at.ask(Method::post, "/f/{form}", "demo", body, headers);
}

/// The key of eve@new.example: `printf %s eve@new.example | sha256sum | cut -c1-32`.
const std::string kEve = "form-136435b54e4d9ecf937684c9437c0b53";

/// What is kept of a person without an account.
Lines activity_of(PublicWorld& at, const std::string& person) {
  return at.world.activity("~" + person);
}

}  // namespace

TEST_CASE("a form of somebody who came by a mail is theirs, and the browser goes on to the page that it names") {
  PublicWorld at;
  const Response answer = send(at, "caravan=" + kVisitor + "&company=Acme+%26+Sons&website_url=&type=large&thanks=" +
                                       "https%3A%2F%2Fwww.example.com%2Fthanks");
  CHECK(answer.status == 303);
  CHECK(header(answer, "Location") == "https://www.example.com/thanks");
  CHECK(header(answer, "Access-Control-Allow-Origin") == "https://www.example.com");
  CHECK(at.world.activity("acme") == Lines{"form.submitted {fields={company=Acme & Sons,type=large} form=demo}"});
}

TEST_CASE("a form of somebody unknown makes a person of their address, without an account") {
  PublicWorld at;
  const Response answer = send(at, "email=Eve%40New.example&name=Eve");
  CHECK(answer.status == 200);
  CHECK(contains(answer.body, "Thank you"));
  CHECK(activity_of(at, kEve).size() == 1);
  const auto person = at.world.reader().person(kEve);
  REQUIRE(person);
  CHECK(at.world.attributes(person->attributes) == "email=eve@new.example");
}

TEST_CASE("a form never changes the attributes of somebody who is known by that key") {
  PublicWorld at;
  at.world.person("bob@acme.example", "acme", {{"email", text("robert@acme.example")}});
  CHECK(send(at, "email=bob%40acme.example").status == 200);
  const auto bob = at.world.reader().person("bob@acme.example");
  CHECK(at.world.attributes(bob->attributes) == "email=robert@acme.example");
  CHECK(at.world.activity("acme").size() == 1);
}

TEST_CASE("somebody new is known again by their address, which cannot be read in their key") {
  PublicWorld at;
  send(at, "email=eve%40new.example&n=1");
  at.world.person(kEve, "acme", {{"email", text("eve@elsewhere.example")}});
  send(at, "email=Eve%40new.example&n=2");
  CHECK(at.world.activity("acme").size() == 1);
  CHECK(at.world.attributes(at.world.reader().person(kEve)->attributes) == "email=eve@elsewhere.example");
}

TEST_CASE("a form of somebody who was removed never changes the attributes of who has their address for a key") {
  PublicWorld at;
  at.world.person("bob@acme.example", "acme", {{"email", text("robert@acme.example")}});
  const std::string gone = kLinkKeys.sign({.kind = LinkKind::visitor, .person = "gone"});
  CHECK(send(at, "email=bob%40acme.example&caravan=" + gone).status == 200);
  CHECK(at.world.attributes(at.world.reader().person("bob@acme.example")->attributes) == "email=robert@acme.example");
  CHECK(at.world.activity("acme").size() == 1);
}

TEST_CASE("a form whose token is of somebody else's making, or of nobody any more, goes by its address") {
  PublicWorld at;
  for (const std::string& token : {std::string("x"), PublicWorld::token(LinkKind::subscription),
                                   kLinkKeys.sign({.kind = LinkKind::visitor, .person = "gone"})}) {
    at.clock.move_to(at.clock.now() + 1min);
    CHECK(send(at, "email=eve%40new.example&caravan=" + token).status == 200);
  }
  CHECK(activity_of(at, kEve).size() == 3);
  CHECK(at.world.activity("acme").empty());
}

TEST_CASE("a form that does not say who sends it is refused with what it lacks") {
  PublicWorld at;
  const Response page = send(at, "name=Eve&email=no+address");
  CHECK(page.status == 422);
  CHECK(contains(page.body, "needs a field `email`"));
  CHECK(page.content_type == "text/html; charset=utf-8");
  const Response problem = send(at, "{\"name\": \"Eve\"}", kOurScript);
  CHECK(problem.status == 422);
  CHECK(problem.content_type == "application/problem+json");
  CHECK(header(problem, "Access-Control-Allow-Origin") == "https://www.example.com");
}

TEST_CASE("a form is taken from the pages that caravan.yaml names, and from no others") {
  PublicWorld at;
  const std::string body = "email=eve%40new.example";
  CHECK(send(at, body, {{"referer", "https://shop.example.com/form?x=1"}}).status == 200);
  for (const api::Fields& headers : {from("https://evil.example"), from("null"), from("http://www.example.com"),
                                     api::Fields{}, api::Fields{{"referer", "https://www.example.com.evil.example/"}},
                                     api::Fields{{"referer", "https://www.example.com@evil.example/"}}}) {
    const Response answer = send(at, body, headers);
    CHECK(answer.status == 403);
    CHECK(header(answer, "Access-Control-Allow-Origin").empty());
  }
  CHECK(activity_of(at, kEve).size() == 1);
}

TEST_CASE("the browser is led to known pages alone") {
  PublicWorld at;
  for (const char* thanks :
       {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "javascript%3Aalert(1)",
        "https%3A%2F%2Fwww.example.com%40evil.example%2F", "https%3A%2F%2Fwww.example.com%2F%0D%0ASet-Cookie%3A+x"}) {
    const Response answer = send(at, std::string("email=eve%40new.example&thanks=") + thanks);
    CHECK(answer.status == 422);
    CHECK(header(answer, "Location").empty());
  }
}

TEST_CASE("a form whose trap is filled in is answered alike, and not taken") {
  PublicWorld at;
  CHECK(send(at, "email=eve%40new.example&website_url=https%3A%2F%2Fspam.example").status == 200);
  CHECK_FALSE(at.world.reader().person(kEve));
}

TEST_CASE("the same form sent twice within a minute counts once, another counts") {
  PublicWorld at;
  send(at, "email=eve%40new.example&name=Eve");
  send(at, "email=eve%40new.example&name=Eve");
  send(at, "email=eve%40new.example&name=Eva");
  CHECK(activity_of(at, kEve).size() == 2);
}

TEST_CASE("a script sends a form as JSON, after it has asked whether it may") {
  PublicWorld at;
  const Response may = at.ask(Method::options, "/f/{form}", "demo", "", kOurs);
  CHECK(may.status == 204);
  CHECK(header(may, "Access-Control-Allow-Origin") == "https://www.example.com");
  CHECK(header(may, "Access-Control-Allow-Methods") == "POST");
  CHECK(header(may, "Access-Control-Allow-Headers") == "Content-Type");
  CHECK(at.ask(Method::options, "/f/{form}", "demo", "", from("https://evil.example")).status == 403);

  const Response answer =
      send(at, "{\"caravan\": \"" + kVisitor + "\", \"seats\": 12, \"terms\": true, \"x\": null}", kOurScript);
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/json");
  CHECK(at.world.activity("acme") == Lines{"form.submitted {fields={seats=12,terms=true} form=demo}"});
  CHECK(send(at, "[1]", from("https://www.example.com", "Application/JSON; charset=utf-8")).content_type ==
        "application/problem+json");
  CHECK(send(at, "[1]", kOurScript).status == 400);
  CHECK(send(at, "{", kOurScript).status == 400);
}

TEST_CASE("a form has bounds") {
  PublicWorld at;
  std::string many = "email=eve%40new.example";
  for (int i = 0; i < 101; ++i)
    many += "&f" + std::to_string(i) + "=x";
  CHECK(send(at, many).status == 422);
  CHECK(send(at, "email=eve%40new.example&" + std::string(65, 'n') + "=x").status == 422);
  // What the server lets through and the workspace's own bound does not.
  CHECK(send(at, "email=eve%40new.example&a=" + std::string(40'000, 'x')).status == 422);
  CHECK(at.ask(Method::post, "/f/{form}", "a form", "email=eve%40new.example", kOurs).status == 404);
  CHECK(send(at, "email=eve%40new.example&a=%FF").status == 400);
}

TEST_CASE("an address may send ten forms at once, then one every other second") {
  PublicWorld at;
  for (int i = 0; i < 10; ++i)
    CHECK(send(at, "email=eve%40new.example&n=" + std::to_string(i)).status == 200);
  const Response answer = send(at, "email=eve%40new.example&n=10");
  CHECK(answer.status == 429);
  CHECK(header(answer, "Retry-After") == "2");
  at.peer = "192.0.2.8";
  CHECK(send(at, "email=eve%40new.example&n=11").status == 200);
  at.peer = "192.0.2.7";
  at.clock.move_to(at.clock.now() + 2s);
  CHECK(send(at, "email=eve%40new.example&n=12").status == 200);
}

TEST_CASE("a network of IPv6 may send as many forms as one address") {
  PublicWorld at;
  for (int i = 0; i < 10; ++i) {
    at.peer = "2001:db8:1:2::" + std::to_string(i + 1);
    CHECK(send(at, "email=eve%40new.example&n=" + std::to_string(i)).status == 200);
  }
  at.peer = "2001:db8:1:2:ffff::1";
  CHECK(send(at, "email=eve%40new.example&n=10").status == 429);
  at.peer = "2001:db8:1:3::1";
  CHECK(send(at, "email=eve%40new.example&n=11").status == 200);
}

TEST_CASE("a page view of somebody who came by a mail is told once a minute and page") {
  PublicWorld at;
  const auto see = [&](const std::string& body) {
    return at.ask(Method::post, "/b", "", body, from("https://www.example.com", "text/plain"));
  };
  const std::string body =
      "{\"visitor\": \"" + kVisitor + "\", \"url\": \"https://www.example.com/pricing\", \"title\": \"Prices\"}";
  CHECK(see(body).status == 204);
  CHECK(see(body).status == 204);
  CHECK(at.world.activity("acme") == Lines{"page.viewed {title=Prices url=https://www.example.com/pricing}"});
  CHECK(see("{\"url\": \"https://www.example.com/pricing\"}").status == 204);
  CHECK(see("{\"visitor\": \"x\", \"url\": \"https://www.example.com/pricing\"}").status == 204);
  CHECK(see("{\"visitor\": \"" + kVisitor + "\", \"url\": \"https://evil.example/\"}").status == 422);
  CHECK(at.ask(Method::post, "/b", "", body, from("https://evil.example", "text/plain")).status == 403);
  CHECK(at.world.activity("acme").size() == 1);
}

TEST_CASE("the script for pages is there, and may be kept for an hour") {
  PublicWorld at;
  const Response script = at.ask(Method::get, "/caravan.js");
  CHECK(script.status == 200);
  CHECK(script.content_type == "text/javascript; charset=utf-8");
  CHECK(header(script, "Cache-Control") == "public, max-age=3600");
  CHECK(contains(script.body, "sendBeacon"));
}
