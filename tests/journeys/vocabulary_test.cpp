#include "journeys/vocabulary.hpp"

#include <fstream>

#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

/// An account or a person with a key; a person has an engagement as well, and is a buyer.
class KeyedRecord final : public cel::Object {
 public:
  KeyedRecord(const cel::ObjectType& type, std::string_view key) : type_(&type), key_(key) {}
  const cel::ObjectType& type() const override { return *type_; }
  cel::Value field(cel::FieldId id, cel::Evaluation&) const override {
    if (static_cast<PersonField>(id) == PersonField::key) return cel::Value::string(key_);
    if (type_->name() != "Person") return cel::Value::absent();
    if (static_cast<PersonField>(id) == PersonField::account_role) return cel::Value::string("buyer");
    return static_cast<PersonField>(id) == PersonField::engagement ? cel::Value::floating(41.5) : cel::Value::absent();
  }
  cel::Value field(std::string_view name, cel::Evaluation& evaluation) const override {
    const auto known = type_->field(name);
    return known ? field(known->id, evaluation) : cel::Value::absent();
  }
  cel::Value keys(cel::Evaluation&) const override { return cel::Value::list({}); }

 private:
  const cel::ObjectType* type_;
  std::string_view key_;
};

/// A `form.submitted` of 1 January 2026 with one property, `form`, which counts how often it is read by number.
class FormEvent final : public cel::Object {
 public:
  FormEvent(const cel::ObjectType& type, cel::FieldId form) : type_(&type), form_(form) {}
  const cel::ObjectType& type() const override { return *type_; }
  cel::Value field(cel::FieldId id, cel::Evaluation&) const override {
    ++read_by_number;
    if (id == form_) return cel::Value::string("demo");
    switch (static_cast<EventField>(id)) {
      case EventField::type: return cel::Value::string("form.submitted");
      case EventField::at: return cel::Value::timestamp({1'767'225'600, 0});
      case EventField::id: return cel::Value::string("e-1");
    }
    return cel::Value::absent();
  }
  cel::Value field(std::string_view name, cel::Evaluation& evaluation) const override {
    const auto known = type_->field(name);
    return known ? field(known->id, evaluation) : cel::Value::absent();
  }
  cel::Value keys(cel::Evaluation&) const override { return cel::Value::list({}); }

  mutable int read_by_number = 0;

 private:
  const cel::ObjectType* type_;
  cel::FieldId form_;
};

class FixedFacts final : public Facts {
 public:
  explicit FixedFacts(const Vocabulary& vocabulary)
      : person_(*vocabulary.person_type(), "ada"),
        account_(*vocabulary.account_type(), "acme"),
        event_(*vocabulary.event_type(), vocabulary.event_type()->field("form")->id) {}
  cel::Value variable(Variable variable, cel::Evaluation&) override {
    if (variable == Variable::person) return cel::Value::object(person_);
    if (variable == Variable::account) return cel::Value::object(account_);
    if (variable == Variable::event) return cel::Value::object(event_);
    return cel::Value::timestamp(cel::Timestamp::from(now()));
  }
  /// `seeds` is a group with a stage, `soil` one without.
  bool has_group(std::string_view interest) override { return interest == "seeds" || interest == "soil"; }
  std::optional<GroupFacts> group(std::string_view interest) override {
    if (!has_group(interest)) return std::nullopt;
    GroupFacts group{62.5, 3, {"decision_maker"}, "", ""};
    group.engagement = 48.25;
    group.raw_engagement = 35.25;
    if (interest == "soil") return group;
    group.stage = "Engaged";
    group.stage_since = parse_instant("2026-03-01T09:30:00Z");
    return group;
  }
  std::int64_t group_members(std::string_view, std::string_view role) override { return role == "influencer" ? 2 : 0; }
  std::string_view role(const cel::Value& person, std::string_view) override {
    return person.is(cel::Kind::object) ? "influencer" : "";
  }
  bool was_removed(const cel::Value& person, std::string_view interest) override {
    return person.is(cel::Kind::object) && interest == "tools";
  }
  cel::Value activity(const cel::Value& subject, std::string_view type, Instant since,
                      cel::Evaluation& evaluation) override {
    cel::Value key = subject.as_object().field("key", evaluation);
    asked = std::string(key.as_text()) + " " + std::string(type) + " since " + to_text(since);
    return evaluation.list(std::array{cel::Value::object(event_)});
  }
  Instant now() override { return parse_instant("2026-03-30T12:00:00+02:00").value(); }
  const std::string& timezone() override { return timezone_; }

  std::string asked;  ///< of activity
  const FormEvent& event() const { return event_; }

 private:
  KeyedRecord person_;
  KeyedRecord account_;
  FormEvent event_;
  std::string timezone_ = "Europe/Berlin";
};

struct Fixture {
  explicit Fixture(bool has_schema = false, std::vector<EventDefinition> events = {}, bool engagement_model = true) {
    SchemaDefinition schema;
    schema.written = has_schema;
    if (has_schema) schema.account.push_back({"industry", AttributeType::text, "", {}});
    schema.events = std::move(events);
    const KnownNames known{{"seeds", "tools", "soil"}, {"influencer", "decision_maker"}, engagement_model};
    vocabulary = std::make_unique<Vocabulary>(schema, known, names);
  }
  std::string value_of(std::string_view text) const {
    FixedFacts facts(*vocabulary);
    return value_of(text, vocabulary->environment(Scope::person, Within::journey), facts);
  }
  /// The value in event scope, of a `form.submitted` as the event at hand.
  std::string event_value_of(std::string_view text, std::string_view event_type = {}) const {
    FixedFacts facts(*vocabulary);
    return value_of(text, vocabulary->environment(Scope::event, Within::journey, event_type), facts);
  }
  std::string value_of(std::string_view text, const cel::Environment& environment, FixedFacts& facts) const {
    const auto result = cel::compile(text, environment);
    if (!result) return faults_in(result);
    cel::Evaluation evaluation;
    set_facts(evaluation, facts);
    FactsActivation activation(facts);
    const cel::Value value = result.program->evaluate(activation, evaluation);
    return (value.is_error() ? "error: " : "") + cel::to_text(value);
  }
  /// What activity() is asked for.
  std::string asked_by(std::string_view text) const {
    FixedFacts facts(*vocabulary);
    const std::string value = value_of(text, vocabulary->environment(Scope::person, Within::journey), facts);
    return facts.asked.empty() ? value : facts.asked;
  }
  std::string fault_of(std::string_view text, Scope scope, Within within) const {
    const auto result = cel::compile(text, vocabulary->environment(scope, within));
    return result ? "" : result.diagnostics.at(0).message;
  }
  std::string event_fault_of(std::string_view text, std::string_view event_type = {}) const {
    const auto result = cel::compile(text, vocabulary->environment(Scope::event, Within::workspace, event_type));
    return result ? "" : faults_in(result);
  }
  static std::string faults_in(const cel::CompileResult& result) {
    std::string all;
    for (const cel::Diagnostic& fault : result.diagnostics)
      all += (all.empty() ? "" : " | ") + fault.message + (fault.hint.empty() ? "" : "; " + fault.hint);
    return all;
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
  CHECK(fixture.value_of("group('seeds').stage") == "\"Engaged\"");
  CHECK(fixture.value_of("group('seeds').status") == "\"\"");
  CHECK(fixture.value_of("has_group('tools')") == "false");
  CHECK(fixture.value_of("person.role('seeds')") == "\"influencer\"");
  CHECK(fixture.value_of("person.key") == "\"ada\"");
  CHECK(fixture.value_of("person.was_removed('seeds')") == "false");
  CHECK(fixture.value_of("person.was_removed('tools')") == "true");
  CHECK(fixture.value_of("group('tools').members") == "error: no buying group \"tools\"");
}

TEST_CASE("people and groups have an engagement, groups a raw one as well") {
  const Fixture fixture;
  CHECK(fixture.value_of("person.engagement") == "41.5");
  CHECK(fixture.value_of("person['engagement']") == "41.5");
  CHECK(fixture.value_of("group('seeds').engagement") == "48.25");
  CHECK(fixture.value_of("group('seeds').raw_engagement") == "35.25");
  CHECK(fixture.value_of("group('seeds').engagement >= 40 && person.engagement < 50") == "true");
}

TEST_CASE("a person has a role in the account, whatever their attributes are called") {
  CHECK(Fixture().value_of("person.account_role") == "\"buyer\"");
  SchemaDefinition schema;
  schema.written = true;
  schema.person = {{"account_role", AttributeType::flag, "", {}}, {"engagement", AttributeType::text, "", {}}};
  MadeUpNames names;
  const Vocabulary vocabulary(schema, KnownNames{}, names);
  CHECK(vocabulary.person_type()->field("account_role")->id == static_cast<cel::FieldId>(PersonField::account_role));
  CHECK(vocabulary.person_type()->field("engagement")->id == static_cast<cel::FieldId>(PersonField::engagement));
}

TEST_CASE("a group without a stage has been in none since any time") {
  const Fixture fixture;
  CHECK(fixture.value_of("group('seeds').stage_since") == "timestamp(\"2026-03-01T09:30:00Z\")");
  // It is 10:00 in UTC on 30 March.
  CHECK(fixture.value_of("now - group('seeds').stage_since > duration('696h')") == "true");
  CHECK(fixture.value_of("group('soil').stage_since") == "error: no such key: stage_since");
  CHECK(fixture.value_of("has(group('soil').stage_since)") == "false");
  CHECK(fixture.value_of("group('soil').?stage_since.hasValue()") == "false");
  CHECK(fixture.value_of("'stage_since' in group('soil').map(name, name)") == "false");
  CHECK(fixture.value_of("'stage_since' in group('seeds').map(name, name)") == "true");
}

TEST_CASE("where no model scores engagement, nothing reads it") {
  const std::string unscored = "nothing scores engagement: the workspace has no active engagement_model document";
  for (const bool has_schema : {false, true}) {
    const Fixture fixture(has_schema, {}, false);
    CHECK(fixture.value_of("person.engagement > 50.0") == unscored);
    CHECK(fixture.value_of("has(person.engagement)") == unscored);
    CHECK(fixture.value_of("person.?engagement.orValue(0.0) > 50.0") == unscored);
    CHECK(fixture.value_of("person['engagement'] == 1") == unscored);
    CHECK(fixture.value_of("people.exists(p, p.engagement > 50.0)") == unscored);
    CHECK(fixture.value_of("group('seeds').engagement > 50.0") == unscored);
    CHECK(fixture.value_of("group('seeds').raw_engagement > 50.0") == unscored);
    CHECK(fixture.value_of("dyn(person).engagement") == "error: no such key: engagement");
    CHECK(fixture.value_of("person.account_role") == "\"buyer\"");
    CHECK(fixture.value_of("group('seeds').completeness") == "62.5");
  }
}

TEST_CASE("literal interests and roles must be known") {
  const Fixture fixture;
  CHECK(fixture.value_of("has_group('seed')") == "unknown solution interest \"seed\"; did you mean \"seeds\"?");
  CHECK(fixture.value_of("person.role('seed') != ''") == "unknown solution interest \"seed\"; did you mean \"seeds\"?");
  CHECK(fixture.value_of("person.was_removed('seed')") ==
        "unknown solution interest \"seed\"; did you mean \"seeds\"?");
  CHECK(fixture.value_of("group('seeds').count('influenzer')") ==
        "unknown role \"influenzer\"; did you mean \"influencer\"?");
}

TEST_CASE("a variable is known only where there is one") {
  const Fixture fixture;
  CHECK(fixture.fault_of("person.key == ''", Scope::person, Within::workspace).empty());
  CHECK_FALSE(fixture.fault_of("person.key == ''", Scope::account, Within::journey).empty());
  CHECK(fixture.fault_of("journey.entry == 1", Scope::account, Within::journey).empty());
  CHECK_FALSE(fixture.fault_of("journey.entry == 1", Scope::account, Within::workspace).empty());
  CHECK(fixture.fault_of("event.type == ''", Scope::person, Within::journey) == "unknown variable \"event\"");
  CHECK(fixture.fault_of("event.type == person.key", Scope::event, Within::workspace).empty());
  CHECK_FALSE(fixture.fault_of("journey.entry == 1", Scope::event, Within::workspace).empty());
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

constexpr std::string_view misfit =
    "\"==\" does not fit string and int; convert one of them: string(x), int(x) or double(x)";

std::vector<EventDefinition> declared_events() {
  return {{"webinar.joined", {{"webinar", AttributeType::text, "", {}}, {"minutes", AttributeType::number, "", {}}}},
          {"form.submitted", {{"company", AttributeType::text, "", {}}, {"minutes", AttributeType::text, "", {}}}}};
}

TEST_CASE("an event has a type, a time, an id and its properties") {
  const Fixture fixture;
  CHECK(fixture.event_value_of("event.type") == "\"form.submitted\"");
  CHECK(fixture.event_value_of("event.at") == "timestamp(\"2026-01-01T00:00:00Z\")");
  CHECK(fixture.event_value_of("event.id") == "\"e-1\"");
  CHECK(fixture.event_value_of("event.form") == "\"demo\"");
  CHECK(fixture.event_value_of("event.company") == "error: no such key: company");
  CHECK(fixture.event_value_of("has(event.company)") == "false");
}

TEST_CASE("an event's properties are read by number, whatever type of event was asked for") {
  const Fixture fixture(true, declared_events());
  for (const std::string_view type : {"", "form.submitted"}) {
    FixedFacts facts(*fixture.vocabulary);
    const auto& environment = fixture.vocabulary->environment(Scope::event, Within::journey, type);
    CHECK(fixture.value_of("event.form == 'demo' && has(event.form)", environment, facts) == "true");
    CHECK(facts.event().read_by_number == 2);
  }
}

TEST_CASE("where the schema declares no events, only what the engine raises has known properties") {
  const Fixture fixture(true);
  CHECK(fixture.event_fault_of("event.anything == 1").empty());
  CHECK(fixture.event_fault_of("event.anything == 1", "form.submitted").empty());
  CHECK(fixture.event_fault_of("event.anything == 1", "webinar.joined").empty());
  CHECK(fixture.event_fault_of("event.form == 1", "form.submitted") == misfit);
  CHECK(fixture.event_fault_of("event.atribute == 'x'", "account.changed") ==
        "Event has no field \"atribute\", did you mean \"attribute\"?");
  CHECK(
      fixture
          .event_fault_of("event.new >= 80 && event.solution_interest == 'seeds'", "buying_group.completeness_changed")
          .empty());
  CHECK(fixture.event_fault_of("event.new == 'x' || event.new == 80").empty());
  CHECK_FALSE(fixture.vocabulary->event_types().has_value());
}

TEST_CASE("where the schema declares events, a property is one of the event's type") {
  const Fixture fixture(true, declared_events());
  CHECK(fixture.event_fault_of("event.webinar == 'x' && event.minutes > 30.0", "webinar.joined").empty());
  CHECK(fixture.event_fault_of("event.form == event.company", "form.submitted").empty());
  CHECK(fixture.event_fault_of("event.webinr == 'x'", "webinar.joined") ==
        "Event has no field \"webinr\", did you mean \"webinar\"?");
  CHECK(fixture.event_fault_of("event.company == 'x'", "webinar.joined") == "Event has no field \"company\"");
  CHECK(fixture.event_fault_of("event.url == 'x'", "page.viewed").empty());
  REQUIRE(fixture.vocabulary->event_types());
  CHECK(std::count(fixture.vocabulary->event_types()->begin(), fixture.vocabulary->event_types()->end(),
                   "form.submitted") == 1);
}

TEST_CASE("where no type is given, a property is one of any type, and may be what it is in each") {
  const Fixture fixture(true, declared_events());
  CHECK(fixture.event_fault_of("event.webinar == 'x' || event.company == 'x' || event.attribute == 'x'").empty());
  CHECK(fixture.event_fault_of("event.minutes == 'x' || event.minutes == 3.0").empty());
  CHECK(fixture.event_fault_of("event.webinar == 3") == misfit);
  CHECK(fixture.event_fault_of("event.compony == 'x'") == "Event has no field \"compony\", did you mean \"company\"?");
}

TEST_CASE("activity is asked for since the window's start, counted on the calendar of the time zone") {
  const Fixture fixture;
  // It is 12:00 in Berlin, the day after the clocks went forward.
  CHECK(fixture.asked_by("account.activity('page.viewed', '2d')") == "acme page.viewed since 2026-03-28T11:00:00Z");
  CHECK(fixture.asked_by("account.activity('page.viewed', '48h')") == "acme page.viewed since 2026-03-28T10:00:00Z");
  CHECK(fixture.asked_by("person.activity('page.viewed', '1mo')") == "ada page.viewed since 2026-02-28T11:00:00Z");
  CHECK(fixture.asked_by("person.activity('page.viewed', duration('36h'))") ==
        "ada page.viewed since 2026-03-28T22:00:00Z");
  CHECK(fixture.asked_by("people.all(p, p.activity('x', '1d').size() == 0)").starts_with("error: "));
  CHECK(fixture.value_of("account.activity('form.submitted', '30d')[0].form") == "\"demo\"");
  CHECK(fixture.value_of("account.activity('form.submitted', '30d').size() == 0") == "false");
}

TEST_CASE("a window must be a duration, as soon as it is known") {
  const Fixture fixture;
  CHECK(
      fixture.value_of("account.activity('page.viewed', '30')") ==
      "\"30\" is not a duration: it has no unit; units are mo, w, d, h, m and s; write for example \"30d\", \"1mo\" or "
      "\"12h\"");
  CHECK(
      fixture.value_of("account.activity('page.viewed', '0d')").starts_with("\"0d\" is not a duration: it is no time"));
  CHECK(fixture.value_of("account.activity('page.viewed', person.key)") ==
        "error: the window of activity() is not a duration: a number must stand before each unit");
  CHECK(fixture.value_of("account.activity('page.viewed', duration('-1h'))") ==
        "error: the window of activity() is not longer than nothing");
  CHECK(fixture.value_of("account.activity('page.viewed', 30)").starts_with("no function fits Account.activity("));
  CHECK(fixture.value_of("account.activity('page.viewed', duration('soon'))").starts_with("not a duration: \"soon\""));
}

TEST_CASE("a literal type of activity must be one that is declared, and one that is kept") {
  const Fixture open;
  CHECK(open.asked_by("account.activity('webinar.joined', '1h')").starts_with("acme webinar.joined since"));
  CHECK(open.value_of("account.activity('account.changed', '1h')") ==
        "events of the type \"account.changed\" are not kept; a journey can listen for them");
  const Fixture declared(true, declared_events());
  CHECK(declared.asked_by("account.activity('webinar.joined', '1h')").starts_with("acme webinar.joined since"));
  CHECK(declared.value_of("account.activity('webinar.joind', '1h')") ==
        "unknown type of event \"webinar.joind\"; did you mean \"webinar.joined\"?");
  CHECK(declared.value_of("person.activity('email.opend', '1h')") ==
        "unknown type of event \"email.opend\"; did you mean \"email.opened\"?");
}

/// The first cells of a page's tables of conditions.
std::vector<std::string> conditions_of_page(const std::string& path) {
  std::ifstream file(std::string(CARAVAN_SOURCE_DIR) + path);
  std::vector<std::string> conditions;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    inside = line == "| condition | holds when |" || (inside && line.starts_with("|"));
    if (inside && line.starts_with("| `")) conditions.push_back(line.substr(3, line.find("` |") - 3));
  }
  return conditions;
}

TEST_CASE("the conditions of the reference pages are conditions") {
  const Fixture fixture;
  std::vector<std::string> conditions = conditions_of_page("/journeys/cel/expressions.md");
  CHECK(conditions.size() >= 8);
  const std::vector<std::string> of_groups = conditions_of_page("/tools/caravan/help/buying-groups.md");
  CHECK(of_groups.size() >= 6);
  conditions.insert(conditions.end(), of_groups.begin(), of_groups.end());
  for (const std::string& condition : conditions) {
    INFO(condition);
    const auto& environment = fixture.vocabulary->environment(Scope::event, Within::journey);
    const auto result = cel::compile(condition, environment, {.expected = cel::Type::boolean()});
    CHECK(Fixture::faults_in(result).empty());
  }
}

}  // namespace
}  // namespace caravan
