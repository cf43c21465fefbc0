#include "journeys/vocabulary.hpp"

#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

/// A person who knows nothing but its key.
class KeyedPerson final : public cel::Object {
 public:
  KeyedPerson(const cel::ObjectType& type, std::string_view key) : type_(&type), key_(key) {}
  const cel::ObjectType& type() const override { return *type_; }
  cel::Value field(cel::FieldId id, cel::Evaluation&) const override {
    return static_cast<PersonField>(id) == PersonField::key ? cel::Value::string(key_) : cel::Value::absent();
  }
  cel::Value field(std::string_view name, cel::Evaluation&) const override {
    return name == "key" ? cel::Value::string(key_) : cel::Value::absent();
  }
  cel::Value keys(cel::Evaluation&) const override { return cel::Value::list({}); }

 private:
  const cel::ObjectType* type_;
  std::string_view key_;
};

class FixedFacts final : public Facts {
 public:
  explicit FixedFacts(const Vocabulary& vocabulary) : person_(*vocabulary.person_type(), "ada") {}
  cel::Value variable(Variable variable, cel::Evaluation&) override {
    if (variable == Variable::person) return cel::Value::object(person_);
    return cel::Value::timestamp(cel::Timestamp::from(Instant(std::chrono::days(20'000))));
  }
  bool has_group(std::string_view interest) override { return interest == "seeds"; }
  std::optional<GroupFacts> group(std::string_view interest) override {
    if (interest != "seeds") return std::nullopt;
    return GroupFacts{62.5, 3, {"decision_maker"}};
  }
  std::int64_t group_members(std::string_view, std::string_view role) override { return role == "influencer" ? 2 : 0; }
  std::string_view role(const cel::Value& person, std::string_view) override {
    return person.is(cel::Kind::object) ? "influencer" : "";
  }

 private:
  KeyedPerson person_;
};

struct Fixture {
  explicit Fixture(bool has_schema = false) {
    SchemaDefinition schema;
    schema.written = has_schema;
    if (has_schema) schema.account.push_back({"industry", AttributeType::text, "", {}});
    vocabulary =
        std::make_unique<Vocabulary>(schema, KnownNames{{"seeds", "tools"}, {"influencer", "decision_maker"}}, names);
  }
  std::string value_of(std::string_view text) const {
    const auto result = cel::compile(text, vocabulary->environment(Scope::person, Within::journey));
    if (!result) return result.diagnostics.at(0).message + "; " + result.diagnostics.at(0).hint;
    FixedFacts facts(*vocabulary);
    cel::Evaluation evaluation;
    set_facts(evaluation, facts);
    FactsActivation activation(facts);
    return cel::to_text(result.program->evaluate(activation, evaluation));
  }
  std::string fault_of(std::string_view text, Scope scope, Within within) const {
    const auto result = cel::compile(text, vocabulary->environment(scope, within));
    return result ? "" : result.diagnostics.at(0).message;
  }

  MadeUpNames names;
  std::unique_ptr<Vocabulary> vocabulary;
};

TEST_CASE("the functions of the domain ask the facts") {
  const Fixture fixture;
  CHECK(fixture.value_of("group('seeds').completeness") == "62.5");
  CHECK(fixture.value_of("group('seeds').completeness >= 60") == "true");
  CHECK(fixture.value_of("group('seeds').members == 3") == "true");
  CHECK(fixture.value_of("'decision_maker' in group('seeds').missing_roles") == "true");
  CHECK(fixture.value_of("group('seeds').count('influencer')") == "2");
  CHECK(fixture.value_of("has_group('tools')") == "false");
  CHECK(fixture.value_of("person.role('seeds')") == "\"influencer\"");
  CHECK(fixture.value_of("person.key") == "\"ada\"");
  CHECK(fixture.value_of("group('tools').members").find("no buying group \"tools\"") != std::string::npos);
}

TEST_CASE("literal interests and roles must be known") {
  const Fixture fixture;
  CHECK(fixture.value_of("has_group('seed')") == "unknown solution interest \"seed\"; did you mean \"seeds\"?");
  CHECK(fixture.value_of("person.role('seed') != ''") == "unknown solution interest \"seed\"; did you mean \"seeds\"?");
  CHECK(fixture.value_of("group('seeds').count('influenzer')") ==
        "unknown role \"influenzer\"; did you mean \"influencer\"?");
}

TEST_CASE("a variable is known only where there is one") {
  const Fixture fixture;
  CHECK(fixture.fault_of("person.key == ''", Scope::person, Within::workspace).empty());
  CHECK_FALSE(fixture.fault_of("person.key == ''", Scope::account, Within::journey).empty());
  CHECK(fixture.fault_of("journey.entry == 1", Scope::account, Within::journey).empty());
  CHECK_FALSE(fixture.fault_of("journey.entry == 1", Scope::account, Within::workspace).empty());
  CHECK_FALSE(fixture.fault_of("event.type == ''", Scope::person, Within::journey).empty());
}

TEST_CASE("with a schema unknown attributes are faults, without one every name is an attribute") {
  CHECK(Fixture(false).fault_of("account.idnustry == ''", Scope::account, Within::journey).empty());
  CHECK_FALSE(Fixture(true).fault_of("account.idnustry == ''", Scope::account, Within::journey).empty());
  CHECK(Fixture(true).fault_of("account.industry == account.key", Scope::account, Within::journey).empty());
  CHECK(Fixture(true).fault_of("person.email == ''", Scope::person, Within::journey).empty());
}

TEST_CASE("attributes are read by their numbers, built-in fields by theirs") {
  Fixture fixture(true);
  const auto industry = fixture.vocabulary->account_type()->field("industry");
  REQUIRE(industry);
  CHECK(static_cast<std::uint32_t>(industry->id) == fixture.names.number_of("industry"));
  CHECK(static_cast<std::uint32_t>(fixture.vocabulary->account_type()->field("key")->id) == first_builtin_field);
}

}  // namespace
}  // namespace caravan
