// A hand-over reads the same as a mail, as its text part, in a chat and as JSON, whatever is known and whoever wrote
// it.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "engine/hand_over_values.hpp"
#include "engine/messages.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

constexpr Instant monday = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h;

HandOver::Member member(const std::string& key, const std::string& name, const std::string& role, std::int64_t score) {
  HandOver::Member made;
  made.key = key;
  made.name = name;
  made.role = role;
  made.engagement = HandOver::Score{score, static_cast<double>(score) / 2};
  return made;
}

/// A group of six, of whom two are told of with all there is to say.
HandOver full() {
  HandOver told;
  told.interest = "ai-driven-seeds";
  told.interest_title = "AI Driven Seeds";
  told.account = {"acme", "Acme & Sons", "agriculture", "www.acme.example", "Berlin", "DE", {std::int64_t{4200}}};
  told.completeness = 67;
  told.engagement = HandOver::Score{54, 35.3};
  told.stage = "Engaged";
  // In Berlin it is the day after.
  told.stage_since = monday - 48h + 14h + 30min;
  told.status = "open";
  told.member_count = 6;
  told.missing_roles = {{"decision_maker", 2, 3}, {"influencer", 0, 1}};
  told.moments = {{monday, "milestone", "Asked for a demo", "vp", "Vera Paz"},
                  {monday - 24h * 12, "web", "Read the page on prices", "", ""}};
  told.members = {member("vp", "Vera Paz", "decision_maker", 87), member("dora", "Dora", "user", 0)};
  told.members[0].title = "VP Research";
  told.members[0].email = "vera@acme.example";
  told.members[0].phone = "+49 30 1234-56";
  told.members[0].mobile = "ask for Vera";
  told.members[0].activities = {{monday, "form.submitted", "Sent the form demo"},
                                {monday - 24h, "email.opened", "Opened a mail: welcome"}};
  told.journey = "seeds";
  told.journey_title = "Seeds to sales";
  told.at = monday;
  told.timezone = "Europe/Berlin";
  return told;
}

/// As much as there always is.
HandOver empty() {
  HandOver told;
  told.interest = "seeds";
  told.interest_title = "Seeds";
  told.account.key = "acme";
  told.journey = "j";
  told.journey_title = "J";
  told.at = monday;
  return told;
}

/// Everything that others write is hostile.
HandOver hostile() {
  const std::string markup = R"("><img src=x onerror='alert(1)'></td>)";
  HandOver told = full();
  told.interest_title = markup;
  told.account = {"acme\nBcc: x@evil.example", markup, markup, "javascript:alert(1)", markup, markup, {markup}};
  told.stage = told.status = markup;
  told.missing_roles = {{markup, 0, 1}};
  told.moments = {{monday, markup, markup, markup, markup}};
  told.members = {member(markup, markup, markup, 1)};
  told.members[0].title = told.members[0].phone = told.members[0].mobile = markup;
  told.members[0].email = "a&bcc=x%0a@acme.example";
  told.members[0].activities = {{monday, markup, markup}};
  told.journey_title = markup;
  return told;
}

Attributes kept(const Message& message, const AttributeMap& values) {
  std::vector<std::pair<NameId, AttributeInput>> inputs;
  for (const auto& [name, value] : values) {
    const auto found = std::find(message.names().begin(), message.names().end(), name);
    if (found != message.names().end())
      inputs.emplace_back(NameId(static_cast<std::uint32_t>(found - message.names().begin())), value);
  }
  return Attributes().with(inputs);
}

Mail mail_of(const HandOver& told) {
  const auto summary = sales_summary("Seeds <news@seeds.example>");
  return std::get<Mail>(summary->render(kept(*summary, text_values(told))));
}

std::string chat_of(const HandOver& told) {
  const auto chat = sales_chat();
  return std::get<ShortMessage>(chat->render(kept(*chat, text_values(told)))).text;
}

std::string json_of(const HandOver& told) {
  const AttributeMap values = call_values(told);
  MessageDefinition definition{.kind = MessageKind::webhook, .name = "crm"};
  for (const auto& [name, value] : values)
    definition.values.push_back(name);
  const auto call = call_message(definition);
  std::string body = std::get<Call>(call->render(kept(*call, values))).body;
  boost::system::error_code error;
  boost::json::parse(body, error);
  CHECK_FALSE(error);
  return body;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace

TEST_CASE("the text part of a full group tells all of it, in columns") {
  const Mail mail = mail_of(full());
  CHECK(mail.from == "Seeds <news@seeds.example>");
  CHECK(mail.subject == "AI Driven Seeds: Acme & Sons is ready for you");
  CHECK(mail.text == R"(AI Driven Seeds
Acme & Sons (acme)

Industry      agriculture
Employees     4200
Place         Berlin, DE
Website       www.acme.example

THE BUYING GROUP

Completeness  67%
Engagement    54 of 100 (raw 35.3)
Stage         Engaged, since 04 Jan 2026
Status        open
Members       6

STILL MISSING

- Decision maker: 2 of 3
- Influencer: 0 of 1

INTERESTING MOMENTS

05 Jan 2026   Asked for a demo (Vera Paz)
24 Dec 2025   Read the page on prices

WHOM TO CALL

1. Vera Paz, VP Research
   Decision maker, engagement 87 of 100
   vera@acme.example
   +49 30 1234-56
   ask for Vera
   05 Jan 2026   Sent the form demo
   04 Jan 2026   Opened a mail: welcome

2. Dora
   User, engagement 0 of 100

And 4 more members.

Sent by the journey "Seeds to sales" on 05 Jan 2026.
)");
}

TEST_CASE("the text part of an empty group has no headings with nothing below them") {
  CHECK(mail_of(empty()).text == R"(Seeds
acme

THE BUYING GROUP

Completeness  0%

Nobody is in the group yet.

Sent by the journey "J" on 05 Jan 2026.
)");
}

TEST_CASE("the HTML part tells the same, without images, with bars of table cells and colours for dark surroundings") {
  const std::string html = mail_of(full()).html;
  for (const char* part : {"AI Driven Seeds",
                           "Acme &amp; Sons",
                           "acme · agriculture · 4200 employees · Berlin, DE",
                           "Still missing",
                           "Decision maker",
                           "2 of 3",
                           "0 of 1",
                           "Interesting moments",
                           "Asked for a demo",
                           "Read the page on prices",
                           "24 Dec 2025",
                           "Whom to call",
                           "Vera Paz",
                           "VP Research",
                           "Sent the form demo",
                           "Opened a mail: welcome",
                           "Dora",
                           "And 4 more members.",
                           "Engaged",
                           "since 04 Jan 2026",
                           "open",
                           "(raw 35.3)",
                           "Seeds to sales",
                           "ask for Vera"}) {
    INFO(part);
    CHECK(contains(html, part));
  }
  CHECK(contains(html, "href=\"https://www.acme.example\""));
  CHECK(contains(html, "href=\"mailto:vera@acme.example\""));
  CHECK(contains(html, "href=\"tel:+4930123456\""));
  CHECK(count(html, "href=\"tel:") == 1);
  CHECK(contains(html, "<td class=\"grown\" width=\"67%\""));
  CHECK(contains(html, "<td width=\"33%\""));
  CHECK(contains(html, "<td class=\"warm\" width=\"54%\""));
  CHECK(contains(html, "prefers-color-scheme: dark"));
  CHECK(contains(html, "name=\"color-scheme\" content=\"light dark\""));
  CHECK_FALSE(contains(html, "<img"));
  CHECK_FALSE(contains(html, "url("));
}

TEST_CASE("the HTML part of an empty group has no empty parts") {
  const std::string html = mail_of(empty()).html;
  CHECK(contains(html, "Nobody is in the group yet."));
  for (const char* part : {"Still missing", "Interesting moments", "Whom to call", "engaged", "Stage", "Status",
                           "more member", "<td class=\"grown\"", "&middot;", "{{", "href="}) {
    INFO(part);
    CHECK_FALSE(contains(html, part));
  }
  CHECK(contains(html, "<td width=\"100%\" height=\"8\""));
}

TEST_CASE("a complete group has a full bar, and one more member is one") {
  HandOver told = full();
  told.completeness = 100;
  told.member_count = 3;
  const Mail mail = mail_of(told);
  CHECK(contains(mail.html, "<td class=\"grown\" width=\"100%\""));
  CHECK_FALSE(contains(mail.html, "<td width=\"0%\""));
  CHECK(contains(mail.text, "And 1 more member.\n"));
  told.member_count = 2;
  CHECK_FALSE(contains(mail_of(told).text, "more member"));
}

TEST_CASE("tables and paragraphs of the HTML part end where they began, whatever is shown") {
  HandOver no_scores = full();
  no_scores.engagement.reset();
  no_scores.members[0].engagement.reset();
  HandOver nobody = full();
  nobody.members.clear();
  nobody.member_count = 0;
  for (const HandOver& told : {full(), empty(), hostile(), no_scores, nobody}) {
    const std::string html = mail_of(told).html;
    for (const std::string tag : {"table", "tr", "td", "p", "h1", "h2", "a", "span", "strong"}) {
      INFO(tag);
      CHECK(count(html, "<" + tag + " ") + count(html, "<" + tag + ">") == count(html, "</" + tag + ">"));
    }
  }
}

TEST_CASE("nothing that others write becomes markup, a link that does something, or a line of its own") {
  const Mail mail = mail_of(hostile());
  CHECK_FALSE(contains(mail.html, "<img"));
  CHECK_FALSE(contains(mail.html, "onerror='"));
  CHECK(contains(mail.html, "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;"));
  CHECK_FALSE(contains(mail.html, "href=\"javascript"));
  CHECK_FALSE(contains(mail.html, "href=\"tel:"));
  CHECK(contains(mail.html, "href=\"mailto:a%26bcc%3Dx%250a@acme.example\""));
  CHECK_FALSE(contains(mail.text, "\nBcc:"));
  CHECK_FALSE(contains(mail.subject, "\n"));
  CHECK_FALSE(contains(chat_of(hostile()), "\nBcc:"));
}

TEST_CASE("a website is a link where it is the address of one") {
  const auto link = [](const std::string& website) {
    HandOver told = empty();
    told.account.website = website;
    for (const auto& [name, value] : text_values(told)) {
      if (name == "account.link") return std::get<std::string>(value.value);
    }
    return std::string();
  };
  CHECK(link("www.acme.example") == "https://www.acme.example");
  CHECK(link("acme.example/de?a=b") == "https://acme.example/de?a=b");
  CHECK(link("http://acme.example") == "http://acme.example");
  CHECK(link("HTTPS then") == "");
  CHECK(link("javascript:alert.x") == "");
  CHECK(link("data:text/html,x.y") == "");
  CHECK(link("acme") == "");
  CHECK(link("user@acme.example") == "");
  CHECK(link("//acme.example") == "");
}

TEST_CASE("a chat gets the short of it") {
  CHECK(chat_of(full()) == R"(AI Driven Seeds: Acme & Sons (acme) is ready for you
67% complete, engagement 54 of 100, stage Engaged, status open
Missing: Decision maker, 2 of 3
Missing: Influencer, 0 of 1
Latest: Asked for a demo (Vera Paz, 05 Jan 2026)
1. Vera Paz, VP Research, Decision maker, 87 of 100, vera@acme.example, +49 30 1234-56, ask for Vera
2. Dora, User, 0 of 100
And 4 more members.)");
  CHECK(chat_of(empty()) == R"(Seeds: acme is ready for you
0% complete
Nobody is in the group yet.)");
}

TEST_CASE("a connection gets the same facts as JSON, by the names and times that programs know them by") {
  CHECK(json_of(full()) ==
        R"({"event":"sales_handover",)"
        R"("solution_interest":{"name":"ai-driven-seeds","title":"AI Driven Seeds"},)"
        R"("account":{"key":"acme","name":"Acme & Sons","industry":"agriculture","website":"www.acme.example",)"
        R"("employees":4200,"city":"Berlin","country":"DE"},)"
        R"("group":{"completeness":67,"engagement":54,"raw_engagement":35.3,"stage":"Engaged",)"
        R"("stage_since":"2026-01-03T23:30:00Z","status":"open","members":6},)"
        R"("missing_roles":[{"role":"decision_maker","members":2,"members_required":3},)"
        R"({"role":"influencer","members":0,"members_required":1}],)"
        R"("interesting_moments":[{"at":"2026-01-05T09:00:00Z","kind":"milestone","description":"Asked for a demo",)"
        R"("person":{"key":"vp","name":"Vera Paz"}},)"
        R"({"at":"2025-12-24T09:00:00Z","kind":"web","description":"Read the page on prices"}],)"
        R"("members":[{"key":"vp","name":"Vera Paz","title":"VP Research","role":"decision_maker",)"
        R"("engagement":87,"raw_engagement":43.5,"email":"vera@acme.example","phone":"+49 30 1234-56",)"
        R"("mobile":"ask for Vera","activities":[)"
        R"({"at":"2026-01-05T09:00:00Z","type":"form.submitted","description":"Sent the form demo"},)"
        R"({"at":"2026-01-04T09:00:00Z","type":"email.opened","description":"Opened a mail: welcome"}]},)"
        R"({"key":"dora","name":"Dora","role":"user","engagement":0,"raw_engagement":0,"activities":[]}],)"
        R"("journey":{"name":"seeds","title":"Seeds to sales"},"at":"2026-01-05T09:00:00Z"})");
}

TEST_CASE("the JSON of an empty group has all its members, and its lists are empty") {
  CHECK(json_of(empty()) ==
        R"({"event":"sales_handover","solution_interest":{"name":"seeds","title":"Seeds"},"account":{"key":"acme"},)"
        R"("group":{"completeness":0,"members":0},"missing_roles":[],"interesting_moments":[],"members":[],)"
        R"("journey":{"name":"j","title":"J"},"at":"2026-01-05T09:00:00Z"})");
}

TEST_CASE("hostile names are texts of the JSON as they are") {
  const boost::json::value json = boost::json::parse(json_of(hostile()));
  CHECK(json.at("account").at("key").as_string() == "acme\nBcc: x@evil.example");
  CHECK(json.at("members").at(0).at("name").as_string() == R"("><img src=x onerror='alert(1)'></td>)");
}

TEST_CASE("what a delivery keeps of a full group fits in two kilobytes") {
  const auto summary = sales_summary("news@seeds.example");
  CHECK(kept(*summary, text_values(full())).bytes().size() < 2'000);
}
