// Of which types attributes and properties are.

#include "engine/intake/intake.hpp"
#include "journeys/events.hpp"

namespace caravan {
namespace {

IntakeSettings for_events(const SchemaDefinition* schema) {
  IntakeSettings intake;
  intake.kind = RecordKind::event;
  for (const EventType& type : event_types()) {
    for (const EventProperty& property : type.properties)
      intake.event_types[std::string(type.name)].emplace(property.name, property.type);
  }
  if (!schema) return intake;
  for (const EventDefinition& declared : schema->events) {
    for (const AttributeDefinition& property : declared.properties)
      intake.event_types[declared.type][property.name] = property.type;
  }
  return intake;
}

}  // namespace

IntakeSettings intake_for(RecordKind kind, const SchemaDefinition* schema) {
  if (kind == RecordKind::event) return for_events(schema);
  IntakeSettings intake;
  intake.kind = kind;
  if (kind == RecordKind::person) {
    for (const PersonAttribute& each : person_attributes())
      intake.types.emplace(each.name, each.type);
  }
  if (!schema) return intake;
  for (const AttributeDefinition& attribute : kind == RecordKind::account ? schema->account : schema->person)
    intake.types[attribute.name] = attribute.type;
  return intake;
}

}  // namespace caravan
