#include "engine/event_object.hpp"

#include "engine/attribute_values.hpp"

namespace caravan {

cel::Value EventObject::field(cel::FieldId id, cel::Evaluation& evaluation) const {
  if (static_cast<std::uint32_t>(id) >= first_builtin_field) {
    switch (static_cast<EventField>(id)) {
      case EventField::type: return cel::Value::string(names_->text_of(parts_.type));
      case EventField::at: return cel::Value::timestamp(cel::Timestamp::from(parts_.at));
      case EventField::id: return cel::Value::string(parts_.id);
    }
    return cel::Value::absent();
  }
  const std::optional<AttributeValue> found = parts_.properties->find(NameId{static_cast<std::uint32_t>(id)});
  return found ? to_value(*found, evaluation) : cel::Value::absent();
}

cel::Value EventObject::field(std::string_view name, cel::Evaluation& evaluation) const {
  if (name == "type") return field(static_cast<cel::FieldId>(EventField::type), evaluation);
  if (name == "at") return field(static_cast<cel::FieldId>(EventField::at), evaluation);
  if (name == "id") return field(static_cast<cel::FieldId>(EventField::id), evaluation);
  const std::optional<NameId> id = names_->find(name);
  return id ? field(static_cast<cel::FieldId>(*id), evaluation) : cel::Value::absent();
}

cel::Value EventObject::keys(cel::Evaluation& evaluation) const {
  std::vector<cel::Value> keys = {cel::Value::string("type"), cel::Value::string("at"), cel::Value::string("id")};
  parts_.properties->each(
      [&](NameId name, AttributeValue) { keys.push_back(cel::Value::string(names_->text_of(name))); });
  return evaluation.list(keys);
}

}  // namespace caravan
