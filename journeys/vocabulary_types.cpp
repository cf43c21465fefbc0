#include "journeys/vocabulary_types.hpp"

#include "journeys/events.hpp"

namespace caravan {
namespace {

using cel::Type;

constexpr std::string_view no_engagement =
    "nothing scores engagement: the workspace has no active engagement_model document";

/// An object type with a fixed set of fields.
class FixedType final : public cel::ObjectType {
 public:
  FixedType(std::string name, std::map<std::string, Field, std::less<>> fields)
      : name_(std::move(name)), fields_(std::move(fields)) {}
  /// Takes a field out, and says why it is missing.
  void leave_out(std::string name, std::string_view why) {
    fields_.erase(name);
    left_out_.emplace(std::move(name), why);
  }
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
  std::string why_missing(std::string_view name) const override {
    const auto found = left_out_.find(name);
    return found == left_out_.end() ? std::string() : found->second;
  }

 private:
  std::string name_;
  std::map<std::string, Field, std::less<>> fields_;
  std::map<std::string, std::string, std::less<>> left_out_;  ///< by name, why
};

template <class FieldEnum>
cel::ObjectType::Field builtin(FieldEnum id, Type type) {
  return {static_cast<cel::FieldId>(id), std::move(type)};
}

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
    type.add_attribute(attribute.name, attribute.type);
}

void add_event_fields(RecordType& type) {
  type.add_builtin("type", static_cast<std::uint32_t>(EventField::type), Type::string());
  type.add_builtin("at", static_cast<std::uint32_t>(EventField::at), Type::timestamp());
  type.add_builtin("id", static_cast<std::uint32_t>(EventField::id), Type::string());
}

}  // namespace

RecordType::RecordType(std::string name, bool is_open, AttributeNames& names,
                       std::shared_ptr<const cel::ObjectType> answered_as)
    : name_(std::move(name)), is_open_(is_open), names_(names), answered_as_(std::move(answered_as)) {}

void RecordType::add_builtin(std::string name, std::uint32_t id, Type type) {
  fields_.insert_or_assign(std::move(name), Field{static_cast<cel::FieldId>(id), std::move(type)});
}

void RecordType::add_attribute(std::string_view name, AttributeType type) {
  const auto id = static_cast<cel::FieldId>(names_.number_of(name));
  fields_.try_emplace(std::string(name), Field{id, checker_type(type)});
}

void RecordType::leave_out(std::string name, std::string_view why) {
  fields_.erase(name);
  left_out_.emplace(std::move(name), why);
}

void RecordType::add_alternative(std::string_view name, AttributeType type) {
  add_attribute(name, type);
  Field& field = fields_.find(name)->second;
  const bool is_builtin = static_cast<std::uint32_t>(field.id) >= first_builtin_field;
  if (!is_builtin && !(field.type == checker_type(type))) field.type = Type::dyn();
}

std::optional<cel::ObjectType::Field> RecordType::field(std::string_view name) const {
  const auto found = fields_.find(name);
  if (found != fields_.end()) return found->second;
  if (!is_open_ || left_out_.contains(name)) return std::nullopt;
  return Field{static_cast<cel::FieldId>(names_.number_of(name)), Type::dyn()};
}

std::vector<std::string> RecordType::field_names() const {
  std::vector<std::string> names;
  for (const auto& [name, field] : fields_)
    names.push_back(name);
  return names;
}

std::string RecordType::why_missing(std::string_view name) const {
  const auto found = left_out_.find(name);
  return found == left_out_.end() ? std::string() : found->second;
}

std::shared_ptr<const cel::ObjectType> make_account_type(const SchemaDefinition& schema, AttributeNames& names) {
  auto account = std::make_shared<RecordType>("Account", !schema.written, names);
  account->add_builtin("key", static_cast<std::uint32_t>(AccountField::key), Type::string());
  add_attributes(*account, schema.account);
  return account;
}

std::shared_ptr<const cel::ObjectType> make_person_type(const SchemaDefinition& schema, const KnownNames& known,
                                                        AttributeNames& names) {
  auto person = std::make_shared<RecordType>("Person", !schema.written, names);
  person->add_builtin("key", static_cast<std::uint32_t>(PersonField::key), Type::string());
  person->add_builtin("account_role", static_cast<std::uint32_t>(PersonField::account_role), Type::string());
  person->add_builtin("engagement", static_cast<std::uint32_t>(PersonField::engagement), Type::floating());
  for (const PersonAttribute& each : person_attributes())
    person->add_attribute(each.name, each.type);
  add_attributes(*person, schema.person);
  if (!known.engagement_model) person->leave_out("engagement", no_engagement);
  return person;
}

std::shared_ptr<const cel::ObjectType> make_journey_type() {
  using Fields = std::map<std::string, cel::ObjectType::Field, std::less<>>;
  return std::make_shared<FixedType>("Journey",
                                     Fields{{"name", builtin(JourneyField::name, Type::string())},
                                            {"entry", builtin(JourneyField::entry, Type::integer())},
                                            {"entered_at", builtin(JourneyField::entered_at, Type::timestamp())}});
}

std::shared_ptr<const cel::ObjectType> make_group_type(const KnownNames& known) {
  using Fields = std::map<std::string, cel::ObjectType::Field, std::less<>>;
  auto group = std::make_shared<FixedType>(
      "Group", Fields{{"completeness", builtin(GroupField::completeness, Type::floating())},
                      {"members", builtin(GroupField::members, Type::integer())},
                      {"missing_roles", builtin(GroupField::missing_roles, Type::list(Type::string()))},
                      {"stage", builtin(GroupField::stage, Type::string())},
                      {"stage_since", builtin(GroupField::stage_since, Type::timestamp())},
                      {"status", builtin(GroupField::status, Type::string())},
                      {"engagement", builtin(GroupField::engagement, Type::floating())},
                      {"raw_engagement", builtin(GroupField::raw_engagement, Type::floating())}});
  if (!known.engagement_model) {
    group->leave_out("engagement", no_engagement);
    group->leave_out("raw_engagement", no_engagement);
  }
  return group;
}

std::shared_ptr<const cel::ObjectType> make_event_type(const SchemaDefinition& schema, AttributeNames& names) {
  // Where every property is allowed, one that is known for some type may be anything in another.
  const bool is_open = schema.events.empty();
  auto event = std::make_shared<RecordType>("Event", is_open, names);
  add_event_fields(*event);
  for (const EventType& known : event_types()) {
    for (const EventProperty& property : known.properties)
      event->add_alternative(property.name, is_open ? AttributeType::any : property.type);
  }
  for (const EventDefinition& declared : schema.events) {
    for (const AttributeDefinition& property : declared.properties)
      event->add_alternative(property.name, property.type);
  }
  return event;
}

std::shared_ptr<const cel::ObjectType> make_event_type(const SchemaDefinition& schema, std::string_view type,
                                                       AttributeNames& names,
                                                       const std::shared_ptr<const cel::ObjectType>& any) {
  const EventType* known = find_event_type(type);
  const bool is_outside = known == nullptr || known->source == EventSource::outside;
  auto event = std::make_shared<RecordType>("Event", is_outside && schema.events.empty(), names, any);
  add_event_fields(*event);
  const auto add_declared = [&] {
    for (const EventDefinition& declared : schema.events) {
      if (declared.type == type) add_attributes(*event, declared.properties);
    }
  };
  // What others tell is as the author says, what the engine raises is as the engine says.
  if (is_outside) add_declared();
  if (known != nullptr) {
    for (const EventProperty& property : known->properties)
      event->add_attribute(property.name, property.type);
  }
  add_declared();
  return event;
}

}  // namespace caravan
