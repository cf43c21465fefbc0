// What sales is told is gathered from records: who stands first, what happened last, what is missing.

#include "engine/hand_over.hpp"

#include "engine/activity_words.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// An account with a group that tests fill.
struct Acme {
  Acme() : store(open_sqlite(folder.file(), OpenMode::write)), names(*store->reader()) {
    plan.interest = names.id_of("ai-driven-seeds");
    plan.name = "ai-driven-seeds";
    plan.title = "AI Driven Seeds";
    plan.roles.push_back({names.id_of("decision_maker"), "decision_maker", 3, true});
    plan.roles.push_back({names.id_of("influencer"), "influencer", 1, true});
    plan.roles.push_back({names.id_of("user"), "user", 2, false});
    account = {AccountId{1}, "acme", attributes({{"name", text("Acme Seeds")}})};
    group.account = account.id;
    group.interest = plan.interest;
  }

  Attributes attributes(const AttributeMap& values) {
    std::vector<std::pair<NameId, AttributeInput>> inputs;
    for (const auto& [name, value] : values)
      inputs.emplace_back(names.id_of(name), value);
    return Attributes().with(inputs);
  }

  PersonId person(const std::string& key, const AttributeMap& values = {}) {
    const PersonId id{static_cast<std::int64_t>(people.size() + 1)};
    people.push_back({id, account.id, key, attributes(values)});
    return id;
  }

  /// A person in the group, with these scores.
  PersonId member(const std::string& key, const std::string& role, double score = 0, double raw = 0,
                  const AttributeMap& values = {}) {
    const PersonId id = person(key, values);
    group.members.push_back({id, names.id_of(role), MembershipSource::journey, kMonday, false, {}});
    scores[id] = {id, {}, raw, score};
    return id;
  }

  void happened(const std::string& type, PersonId person, std::chrono::milliseconds ago,
                const AttributeMap& properties = {}) {
    activity.push_back({account.id,
                        static_cast<std::int64_t>(activity.size() + 1),
                        kMonday - ago,
                        person,
                        names.id_of(type),
                        {},
                        attributes(properties)});
  }

  HandOver told() {
    return hand_over({.plan = plan,
                      .account = account,
                      .group = has_group ? &group : nullptr,
                      .people = people,
                      .activity = activity,
                      .engagement = [this](PersonId person) { return scores[person]; },
                      .journey = "seeds",
                      .journey_title = "Seeds to sales",
                      .now = kMonday,
                      .timezone = "Europe/Berlin"},
                     names);
  }

  /// The keys of the members that are told of, in their order.
  std::string order() {
    std::string keys;
    for (const HandOver::Member& each : told().members)
      keys += (keys.empty() ? "" : " ") + each.key;
    return keys;
  }

  testing::TemporaryFolder folder;
  std::unique_ptr<Store> store;
  NameBook names;
  InterestPlan plan;
  AccountRecord account;
  GroupRecord group;
  bool has_group = true;
  std::vector<PersonRecord> people;
  std::vector<ActivityRecord> activity;
  std::map<PersonId, EngagementRecord> scores;
};

}  // namespace

TEST_CASE("a hand-over tells of the account what is known of it") {
  Acme acme;
  acme.account.attributes = acme.attributes({{"name", text("Acme\nSeeds")},
                                             {"industry", text("agriculture")},
                                             {"website", text("www.acme.example")},
                                             {"employees", number(4200)},
                                             {"city", text("Berlin")},
                                             {"country", number(49)}});
  const HandOver told = acme.told();
  CHECK(told.account.key == "acme");
  CHECK(told.account.name == "Acme Seeds");
  CHECK(told.account.industry == "agriculture");
  CHECK(told.account.website == "www.acme.example");
  CHECK(std::get<std::int64_t>(told.account.employees.value) == 4200);
  CHECK(told.account.city == "Berlin");
  CHECK(told.account.country == "");
  CHECK(told.interest == "ai-driven-seeds");
  CHECK(told.interest_title == "AI Driven Seeds");
  CHECK(told.journey == "seeds");
  CHECK(told.journey_title == "Seeds to sales");
  CHECK(told.at == kMonday);
}

TEST_CASE("a hand-over tells how the group stands, and how many of each required role are missing") {
  Acme acme;
  acme.member("a", "decision_maker");
  acme.member("b", "decision_maker");
  acme.member("c", "user");
  acme.group.engagement = 53.5;
  acme.group.raw_engagement = 35.25;
  acme.group.stage = acme.names.id_of("Engaged");
  acme.group.stage_since = kMonday - 48h;
  acme.group.status = acme.names.id_of("open");
  const HandOver told = acme.told();
  // Two of three and none of one: the mean of 66.7 and 0.
  CHECK(told.completeness == 33);
  REQUIRE(told.engagement);
  CHECK(told.engagement->score == 54);
  CHECK(told.engagement->raw == Approx(35.3));
  CHECK(told.stage == "Engaged");
  CHECK(told.stage_since == kMonday - 48h);
  CHECK(told.status == "open");
  CHECK(told.member_count == 3);
  REQUIRE(told.missing_roles.size() == 2);
  CHECK(told.missing_roles[0].role == "decision_maker");
  CHECK(told.missing_roles[0].members == 2);
  CHECK(told.missing_roles[0].required == 3);
  CHECK(told.missing_roles[1].role == "influencer");
  CHECK(told.missing_roles[1].members == 0);
}

TEST_CASE("without a group, everything required is missing and nothing else is told of it") {
  Acme acme;
  acme.person("a");
  acme.has_group = false;
  const HandOver told = acme.told();
  CHECK(told.completeness == 0);
  CHECK(told.missing_roles.size() == 2);
  CHECK(told.member_count == 0);
  CHECK(told.members.empty());
  CHECK_FALSE(told.engagement);
  CHECK(told.stage == "");
}

TEST_CASE("without an engagement model no scores are told, and roles decide who stands first") {
  Acme acme;
  acme.member("u", "user");
  acme.member("d", "decision_maker");
  const HandOver told =
      hand_over({.plan = acme.plan, .account = acme.account, .group = &acme.group, .people = acme.people}, acme.names);
  CHECK_FALSE(told.engagement);
  REQUIRE(told.members.size() == 2);
  CHECK(told.members[0].key == "d");
  CHECK_FALSE(told.members[0].engagement);
}

TEST_CASE("the four most engaged members are told of, and those who were removed are not") {
  Acme acme;
  acme.member("a", "user", 10);
  acme.member("b", "user", 40);
  acme.member("gone", "decision_maker", 100);
  acme.group.members.back().removed = true;
  acme.member("c", "user", 20);
  acme.member("d", "user", 50);
  acme.member("e", "user", 30);
  CHECK(acme.order() == "d b e c");
  CHECK(acme.told().member_count == 5);
}

TEST_CASE("between equal scores the raw score decides, then the role's priority, then the name") {
  Acme acme;
  acme.member("raw", "user", 50, 9);
  acme.member("user", "user", 50, 5);
  acme.member("zoe", "influencer", 50, 5, {{"name", text("Zoe")}});
  acme.member("ada", "influencer", 50, 5, {{"name", text("Ada")}});
  CHECK(acme.order() == "raw ada zoe user");
  acme.member("first", "decision_maker", 50, 5);
  CHECK(acme.order() == "raw first ada zoe");
}

TEST_CASE("a role that the template no longer has stands behind all others") {
  Acme acme;
  acme.member("a", "sponsor");
  acme.member("b", "user");
  CHECK(acme.order() == "b a");
}

TEST_CASE("a member is told with what a salesperson needs to call them") {
  Acme acme;
  acme.member("vp", "decision_maker", 87.4, 120.04,
              {{"first_name", text("Vera")},
               {"last_name", text("Paz")},
               {"title", text("VP Research")},
               {"email", text("Vera Paz <vera@acme.example>")},
               {"phone", text("+49 30 1")},
               {"mobile", text("+49 151 2")}});
  const HandOver told = acme.told();
  REQUIRE(told.members.size() == 1);
  const HandOver::Member& member = told.members[0];
  CHECK(member.key == "vp");
  CHECK(member.name == "Vera Paz");
  CHECK(member.title == "VP Research");
  CHECK(member.role == "decision_maker");
  CHECK(member.email == "vera@acme.example");
  CHECK(member.phone == "+49 30 1");
  CHECK(member.mobile == "+49 151 2");
  REQUIRE(member.engagement);
  CHECK(member.engagement->score == 87);
  CHECK(member.engagement->raw == Approx(120.0));
}

TEST_CASE("a person is called by their name, else by its parts, else by their key") {
  Acme acme;
  acme.member("a", "user", 4, 0, {{"name", text("Ada Grower")}, {"first_name", text("Augusta")}});
  acme.member("b", "user", 3, 0, {{"last_name", text("Brandt")}});
  acme.member("c", "user", 2, 0, {{"first_name", text("  ")}});
  acme.member("d", "user", 1, 0, {{"name", number(7)}, {"first_name", text("Dora")}});
  const HandOver told = acme.told();
  CHECK(told.members[0].name == "Ada Grower");
  CHECK(told.members[1].name == "Brandt");
  CHECK(told.members[2].name == "c");
  CHECK(told.members[3].name == "Dora");
}

TEST_CASE(
    "of what a member did the newest two are told, whenever they arrived, and nothing that was only sent to them") {
  Acme acme;
  const PersonId vera = acme.member("vera", "user");
  const PersonId abel = acme.member("abel", "user");
  acme.happened("form.submitted", vera, 1h, {{"form", text("demo")}});
  acme.happened("page.viewed", vera, 72h, {{"url", text("/old")}});
  acme.happened("email.opened", vera, 48h, {{"template", text("welcome")}});
  acme.happened("email.sent", vera, 30min, {{"template", text("story")}});
  acme.happened("email.delivered", vera, 20min);
  acme.happened("score.changed", vera, 10min);
  acme.happened("interesting_moment", vera, 5min, {{"description", text("Called back")}});
  acme.happened("page.viewed", abel, 0h);
  acme.happened("page.viewed", {}, 0h);
  const HandOver told = acme.told();
  const auto found =
      std::find_if(told.members.begin(), told.members.end(), [](const auto& each) { return each.key == "vera"; });
  REQUIRE(found != told.members.end());
  REQUIRE(found->activities.size() == 2);
  CHECK(found->activities[0].words == "Sent the form demo");
  CHECK(found->activities[0].type == "form.submitted");
  CHECK(found->activities[0].at == kMonday - 1h);
  CHECK(found->activities[1].words == "Opened a mail: welcome");
}

TEST_CASE("the five newest interesting moments of the account and its people are told, newest first") {
  Acme acme;
  const PersonId vera = acme.person("vera", {{"name", text("Vera\r\nPaz")}});
  acme.happened("interesting_moment", vera, 3h, {{"kind", text("web")}, {"description", text("three")}});
  acme.happened("interesting_moment", {}, 1h, {{"kind", text("milestone")}, {"description", text("one")}});
  acme.happened("interesting_moment", PersonId{99}, 2h, {{"description", text("two")}});
  acme.happened("form.submitted", vera, 0h);
  for (int hours = 7; hours >= 4; --hours)
    acme.happened("interesting_moment", {}, std::chrono::hours(hours), {{"description", text(std::to_string(hours))}});
  acme.has_group = false;
  const HandOver told = acme.told();
  REQUIRE(told.moments.size() == 5);
  std::string order;
  for (const HandOver::Moment& each : told.moments)
    order += each.description + " ";
  CHECK(order == "one two three 4 5 ");
  CHECK(told.moments[0].kind == "milestone");
  CHECK(told.moments[0].person == "");
  CHECK(told.moments[1].person == "");
  CHECK(told.moments[2].person == "vera");
  CHECK(told.moments[2].name == "Vera Paz");
  CHECK(told.moments[2].at == kMonday - 3h);
}

TEST_CASE("of two moments at one time the later to arrive is the newer") {
  Acme acme;
  acme.happened("interesting_moment", {}, 1h, {{"description", text("first")}});
  acme.happened("interesting_moment", {}, 1h, {{"description", text("second")}});
  CHECK(acme.told().moments.at(0).description == "second");
}

TEST_CASE("what people did is told in words, and what has none by its type") {
  Acme acme;
  const auto words = [&](const std::string& type, const AttributeMap& properties) {
    acme.happened(type, {}, 0h, properties);
    return words_for(acme.activity.back(), acme.names);
  };
  CHECK(words("form.submitted", {{"form", text("demo")}}) == "Sent the form demo");
  CHECK(words("form.submitted", {}) == "Sent a form");
  CHECK(words("page.viewed", {{"url", text("/pricing")}}) == "Viewed the page /pricing");
  CHECK(words("link.clicked", {{"url", text("https://x.example")}}) == "Followed the link https://x.example");
  CHECK(words("email.opened", {{"template", text("welcome")}}) == "Opened a mail: welcome");
  CHECK(words("email.clicked", {{"template", text("welcome")}}) == "Followed a link in a mail: welcome");
  CHECK(words("email.bounced", {{"template", text("welcome")}}) == "Was not reached by a mail: welcome");
  CHECK(words("email.unsubscribed", {}) == "Unsubscribed from mails");
  CHECK(words("email.unsubscribed", {{"template", text("welcome")}}) == "Unsubscribed from mails: welcome");
  CHECK(words("email.unsubscribed", {{"template", text("welcome")}, {"topic", text("events")}}) ==
        "Left the topic of mails events");
  CHECK(words("email.complained", {}) == "Called a mail spam");
  CHECK(words("form.submitted", {{"form", number(7)}}) == "Sent a form");
  CHECK(words("page.viewed", {{"url", text("/a\nSTILL MISSING")}}) == "Viewed the page /a STILL MISSING");
  CHECK(words("webinar.joined", {{"webinar", text("soil")}}) == "webinar.joined");
}
