#include "journeys/vocabulary.hpp"

namespace caravan {
namespace {

using cel::Evaluation;
using cel::Type;
using cel::Value;

/// An object type with a fixed set of fields.
class FixedType final : public cel::ObjectType {
 public:
  FixedType(std::string name, std::map<std::string, Field, std::less<>> fields)
      : name_(std::move(name)), fields_(std::move(fields)) {}
  std::string_view name() const override { return name_; }
  std::optional<Field> field(std::string_view name) const override {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> field_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, field] : fields_)
      names.push_back(name);
    return names;
  }

 private:
  std::string name_;
  std::map<std::string, Field, std::less<>> fields_;
};

template <class FieldEnum>
cel::ObjectType::Field builtin(FieldEnum id, Type type) {
  return {static_cast<cel::FieldId>(id), std::move(type)};
}

/// `group("x")`: it asks the facts for what is read, when it is read.
class GroupObject final : public cel::Object {
 public:
  GroupObject(const cel::ObjectType& type, std::string_view interest) : type_(&type), interest_(interest) {}
  std::string_view interest() const { return interest_; }

  const cel::ObjectType& type() const override { return *type_; }
  Value field(cel::FieldId id, Evaluation& evaluation) const override {
    const std::optional<GroupFacts> facts = evaluation.host<Facts>().group(interest_);
    if (!facts) return evaluation.error(cel::ErrorCode::host, {"no buying group \"", interest_, "\""});
    switch (static_cast<GroupField>(id)) {
      case GroupField::completeness: return Value::floating(facts->completeness);
      case GroupField::members: return Value::integer(facts->members);
      case GroupField::missing_roles: return texts(facts->missing_roles, evaluation);
      case GroupField::stage: return evaluation.text(facts->stage);
      case GroupField::status: return evaluation.text(facts->status);
    }
    return Value::absent();
  }
  Value field(std::string_view name, Evaluation& evaluation) const override {
    const std::optional<cel::ObjectType::Field> known = type_->field(name);
    return known ? field(known->id, evaluation) : Value::absent();
  }
  Value keys(Evaluation& evaluation) const override {
    const std::vector<std::string> names = type_->field_names();
    return texts({names.begin(), names.end()}, evaluation);
  }
  bool equals(const cel::Object& other) const override {
    return &other.type() == type_ && static_cast<const GroupObject&>(other).interest_ == interest_;
  }

 private:
  static Value texts(const std::vector<std::string_view>& texts, Evaluation& evaluation) {
    std::vector<Value> values;
    for (const std::string_view text : texts) {
      values.push_back(evaluation.text(text));
      if (values.back().is_error()) return values.back();
    }
    return evaluation.list(values);
  }

  const cel::ObjectType* type_;
  std::string_view interest_;
};

Type checker_type(AttributeType type) {
  switch (type) {
    case AttributeType::any: return Type::dyn();
    case AttributeType::text: return Type::string();
    case AttributeType::whole_number: return Type::integer();
    case AttributeType::number: return Type::floating();
    case AttributeType::flag: return Type::boolean();
    case AttributeType::timestamp: return Type::timestamp();
    case AttributeType::duration: return Type::duration();
    case AttributeType::list: return Type::list(Type::dyn());
    case AttributeType::map: return Type::map(Type::string(), Type::dyn());
  }
  return Type::dyn();
}

void add_attributes(RecordType& type, const std::vector<AttributeDefinition>& attributes) {
  for (const AttributeDefinition& attribute : attributes)
    type.add_attribute(attribute.name, checker_type(attribute.type));
}

/// A literal must be one of `names`; `thing` is what they are.
cel::LiteralCheck one_of(std::string thing, std::vector<std::string> names) {
  return [thing = std::move(thing),
          names = std::move(names)](std::string_view literal) -> std::optional<cel::LiteralFault> {
    if (std::find(names.begin(), names.end(), literal) != names.end()) return std::nullopt;
    return cel::LiteralFault{"unknown " + thing + " \"" + std::string(literal) + "\"", did_you_mean(literal, names)};
  };
}

/// The name that takes a variable's slot where authors cannot use the variable: no expression can spell it, and it is
/// too long to be near to any name.
std::string unusable_name(std::size_t slot) {
  return std::string(64, ' ') + std::to_string(slot);
}

bool is_known(Variable variable, Scope scope, Within within) {
  switch (variable) {
    case Variable::account:
    case Variable::people:
    case Variable::now: return true;
    case Variable::person: return scope != Scope::account;
    case Variable::journey: return within == Within::journey;
    case Variable::event: return scope == Scope::event;
  }
  return false;
}

}  // namespace

RecordType::RecordType(std::string name, bool is_open, AttributeNames& names)
    : name_(std::move(name)), is_open_(is_open), names_(names) {}

void RecordType::add_builtin(std::string name, std::uint32_t id, cel::Type type) {
  fields_.insert_or_assign(std::move(name), Field{static_cast<cel::FieldId>(id), std::move(type)});
}

void RecordType::add_attribute(const std::string& name, cel::Type type) {
  fields_.try_emplace(name, Field{static_cast<cel::FieldId>(names_.number_of(name)), std::move(type)});
}

std::optional<cel::ObjectType::Field> RecordType::field(std::string_view name) const {
  const auto found = fields_.find(name);
  if (found != fields_.end()) return found->second;
  if (!is_open_) return std::nullopt;
  return Field{static_cast<cel::FieldId>(names_.number_of(name)), Type::dyn()};
}

std::vector<std::string> RecordType::field_names() const {
  std::vector<std::string> names;
  for (const auto& [name, field] : fields_)
    names.push_back(name);
  return names;
}

Vocabulary::Vocabulary(const SchemaDefinition& schema, const KnownNames& known, AttributeNames& names) {
  auto account = std::make_shared<RecordType>("Account", !schema.written, names);
  account->add_builtin("key", static_cast<std::uint32_t>(AccountField::key), Type::string());
  add_attributes(*account, schema.account);
  account_ = std::move(account);

  auto person = std::make_shared<RecordType>("Person", !schema.written, names);
  person->add_builtin("key", static_cast<std::uint32_t>(PersonField::key), Type::string());
  person->add_attribute("email", Type::string());
  add_attributes(*person, schema.person);
  person_ = std::move(person);

  using Fields = std::map<std::string, cel::ObjectType::Field, std::less<>>;
  journey_ = std::make_shared<FixedType>("Journey",
                                         Fields{{"name", builtin(JourneyField::name, Type::string())},
                                                {"entry", builtin(JourneyField::entry, Type::integer())},
                                                {"entered_at", builtin(JourneyField::entered_at, Type::timestamp())}});
  group_ = std::make_shared<FixedType>(
      "Group", Fields{{"completeness", builtin(GroupField::completeness, Type::floating())},
                      {"members", builtin(GroupField::members, Type::integer())},
                      {"missing_roles", builtin(GroupField::missing_roles, Type::list(Type::string()))}});

  for (const Scope scope : {Scope::account, Scope::person, Scope::event}) {
    for (const Within within : {Within::workspace, Within::journey}) {
      environments_[static_cast<std::size_t>(scope) * 2 + static_cast<std::size_t>(within)] =
          make_environment(scope, within, known);
    }
  }
}

const cel::Environment& Vocabulary::environment(Scope scope, Within within, std::string_view) const {
  return environments_[static_cast<std::size_t>(scope) * 2 + static_cast<std::size_t>(within)];
}

cel::Environment Vocabulary::make_environment(Scope scope, Within within, const KnownNames& known) const {
  const std::array<Type, variable_names.size()> types = {Type::object(account_), Type::list(Type::object(person_)),
                                                         Type::object(person_),  Type::dyn(),
                                                         Type::object(journey_), Type::timestamp()};
  cel::Environment environment;
  for (const auto& type : {account_, person_, journey_, group_})
    environment.add_type(type);
  for (std::size_t i = 0; i < variable_names.size(); ++i) {
    const bool usable = is_known(static_cast<Variable>(i), scope, within);
    environment.declare(usable ? std::string(variable_names[i]) : unusable_name(i), types[i]);
  }

  const cel::LiteralCheck interest = one_of("solution interest", known.solution_interests);
  environment.add_function(
      "group(string) -> Group",
      [type = group_](Evaluation& evaluation, std::span<const Value> arguments) {
        return evaluation.object<GroupObject>(*type, arguments[0].as_text());
      },
      interest);
  environment.add_function(
      "has_group(string) -> bool",
      [](Evaluation& evaluation, std::span<const Value> arguments) {
        return Value::boolean(evaluation.host<Facts>().has_group(arguments[0].as_text()));
      },
      interest);
  environment.add_function(
      "Group.count(string) -> int",
      [](Evaluation& evaluation, std::span<const Value> arguments) {
        const auto& group = static_cast<const GroupObject&>(arguments[0].as_object());
        return Value::integer(evaluation.host<Facts>().group_members(group.interest(), arguments[1].as_text()));
      },
      one_of("role", known.roles));
  environment.add_function(
      "Person.role(string) -> string",
      [](Evaluation& evaluation, std::span<const Value> arguments) {
        return Value::string(evaluation.host<Facts>().role(arguments[0], arguments[1].as_text()));
      },
      interest);
  return environment;
}

}  // namespace caravan
