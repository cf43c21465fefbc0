#include "journeys/dependencies.hpp"

#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

struct Fixture {
  Fixture() {
    SchemaDefinition schema;
    schema.written = true;
    schema.account = {{"industry", AttributeType::text, "", {}},
                      {"employees", AttributeType::whole_number, "", {}},
                      {"address", AttributeType::any, "", {}},
                      {"engagement", AttributeType::number, "", {}}};
    schema.person = {{"title", AttributeType::text, "", {}}, {"industry", AttributeType::text, "", {}}};
    vocabulary = std::make_unique<Vocabulary>(schema, KnownNames{{"seeds"}, {"influencer"}}, names);
  }
  Dependencies of(std::string_view text) const {
    const auto result = cel::compile(text, vocabulary->environment(Scope::event, Within::journey));
    INFO(text);
    REQUIRE(result);
    return dependencies_of(*result.program, *vocabulary);
  }

  mutable MadeUpNames names;
  std::unique_ptr<Vocabulary> vocabulary;
};

TEST_CASE("an expression depends on the attributes that it names") {
  const Fixture fixture;
  const std::uint32_t industry = fixture.names.number_of("industry");
  const std::uint32_t employees = fixture.names.number_of("employees");
  Dependencies wanted;
  wanted.account_attributes = {std::min(industry, employees), std::max(industry, employees)};
  CHECK(fixture.of("account.industry == 'x' || account.?employees.orValue(0) > 3 || has(account.industry)") == wanted);

  wanted = {};
  wanted.account_attributes = {fixture.names.number_of("address")};
  CHECK(fixture.of("account.address.city.startsWith('M')") == wanted);
  CHECK(fixture.of("account['address'].lines.exists(l, l.contains('x'))") == wanted);
}

TEST_CASE("attributes of one name are told apart by whose they are") {
  const Fixture fixture;
  Dependencies wanted;
  wanted.people = true;
  wanted.person_attributes = {fixture.names.number_of("industry")};
  CHECK(fixture.of("people.exists(p, p.industry == 'x')") == wanted);
  wanted = {};
  wanted.person = true;
  wanted.person_attributes = {fixture.names.number_of("title")};
  CHECK(fixture.of("person.title == 'x' && person.key != account.key") == wanted);
  wanted = {};
  wanted.people = true;
  CHECK(fixture.of("people.size() > 3") == wanted);
}

TEST_CASE("names that only evaluation knows may be any attribute") {
  const Fixture fixture;
  CHECK(fixture.of("account[journey.name] == 'x'").any_account_attribute);
  CHECK_FALSE(fixture.of("account[journey.name] == 'x'").any_person_attribute);
  CHECK(fixture.of("account.exists(name, name.startsWith('x'))").any_account_attribute);
  CHECK(fixture.of("people.exists(p, p[journey.name] == 'x')").any_person_attribute);
  CHECK(fixture.of("dyn(person).title == 'x'").any_person_attribute);
}

TEST_CASE("an account or a person as a whole is all of its attributes") {
  const Fixture fixture;
  CHECK(fixture.of("account").any_account_attribute);
  CHECK(fixture.of("{'who': people.filter(p, p.title == 'x')}").any_person_attribute);
  CHECK_FALSE(fixture.of("{'who': people.filter(p, p.title == 'x')}").any_account_attribute);
  CHECK_FALSE(fixture.of("people.map(p, p.title)").any_person_attribute);
}

TEST_CASE("every function that asks for a buying group depends on groups") {
  const Fixture fixture;
  Dependencies wanted;
  wanted.groups = true;
  CHECK(fixture.of("group('seeds').completeness > 50") == wanted);
  CHECK(fixture.of("group('seeds').stage == 'Won'") == wanted);
  CHECK(fixture.of("has_group('seeds')") == wanted);
  CHECK(fixture.of("group('seeds').count('influencer') > 1") == wanted);
  CHECK(fixture.of("now - group('seeds').stage_since > duration('1h')").groups);
  wanted.person = true;
  CHECK(fixture.of("person.role('seeds') == ''") == wanted);
  CHECK(fixture.of("person.was_removed('seeds')") == wanted);
}

TEST_CASE("the engagement of people and of groups is noted") {
  const Fixture fixture;
  Dependencies wanted;
  wanted.engagement = true;
  wanted.people = true;
  CHECK(fixture.of("people.exists(p, p.engagement > 50.0)") == wanted);
  wanted = {};
  wanted.engagement = true;
  wanted.person = true;
  CHECK(fixture.of("person.engagement > 50.0") == wanted);
  CHECK(fixture.of("person['engagement'] == 50.0") == wanted);
  wanted = {};
  wanted.engagement = true;
  wanted.groups = true;
  CHECK(fixture.of("group('seeds').engagement > 50.0") == wanted);
  CHECK(fixture.of("group('seeds').raw_engagement > 50.0") == wanted);
}

TEST_CASE("what may turn out to be engagement is") {
  const Fixture fixture;
  CHECK(fixture.of("person[journey.name] == 50.0").engagement);
  CHECK(fixture.of("people.filter(p, p.title == 'x')").engagement);
  CHECK(fixture.of("group('seeds')[journey.name] == 50.0").engagement);
  CHECK(fixture.of("group('seeds')").engagement);
  CHECK_FALSE(fixture.of("account[journey.name] == 50.0").engagement);
  CHECK_FALSE(fixture.of("account.engagement > 50.0 || event.engagement > 50.0").engagement);
}

TEST_CASE("what somebody is in the account changes with the people of the account") {
  const Fixture fixture;
  Dependencies wanted;
  wanted.person = true;
  wanted.people = true;
  CHECK(fixture.of("person.account_role == 'buyer'") == wanted);
  wanted.person = false;
  CHECK(fixture.of("people.exists(p, p.account_role == 'buyer')") == wanted);
  CHECK(fixture.of("person[journey.name] == 'buyer'").people);
}

TEST_CASE("activity depends on the types it names and on time") {
  const Fixture fixture;
  Dependencies wanted;
  wanted.activity_types = {"email.opened", "form.submitted"};
  wanted.time = true;
  CHECK(fixture.of("account.activity('form.submitted', '30d').exists(e, e.form == 'demo') ||"
                   "account.activity('email.opened', duration('1h')).size() > account.activity('form.submitted', "
                   "'1d').size()") == wanted);
  wanted.activity_types = {};
  wanted.any_activity = true;
  wanted.person = true;
  CHECK(fixture.of("person.activity(journey.name, '30d').size() == 0") == wanted);
}

TEST_CASE("time and the event at hand are noted, the journey is not") {
  const Fixture fixture;
  Dependencies wanted;
  wanted.time = true;
  CHECK(fixture.of("now > journey.entered_at + duration('1h')") == wanted);
  wanted = {};
  wanted.event = true;
  CHECK(fixture.of("event.type == 'form.submitted' && event.form == 'demo'") == wanted);
  CHECK(fixture.of("journey.entry == 1") == Dependencies{});
  CHECK(fixture.of("1 + 1 == 2") == Dependencies{});
}

TEST_CASE("event properties named as attributes are no attributes") {
  const Fixture fixture;
  CHECK(fixture.of("event.description == account.industry").account_attributes ==
        std::vector<std::uint32_t>{fixture.names.number_of("industry")});
  CHECK(fixture.of("event.description == 'x'").person_attributes.empty());
}

}  // namespace
}  // namespace caravan
