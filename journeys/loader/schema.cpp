// schema.yaml:
//
//     schema:
//       account:
//         industry: text
//         employees: {type: whole_number, summary: People on the payroll}
//       person:
//         title: text
//       event:
//         form.submitted: {form: text}
#include "journeys/events.hpp"
#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

struct TypeName {
  std::string_view name;
  AttributeType type;
};
constexpr std::array<TypeName, 9> type_names = {{{"any", AttributeType::any},
                                                 {"text", AttributeType::text},
                                                 {"whole_number", AttributeType::whole_number},
                                                 {"number", AttributeType::number},
                                                 {"flag", AttributeType::flag},
                                                 {"timestamp", AttributeType::timestamp},
                                                 {"duration", AttributeType::duration},
                                                 {"list", AttributeType::list},
                                                 {"map", AttributeType::map}}};

std::optional<AttributeType> read_type(const yaml::Entry& entry, Diagnostics& diagnostics) {
  const std::optional<std::string> written = read_text(entry, diagnostics);
  if (!written) return std::nullopt;
  std::vector<std::string_view> names;
  for (const TypeName& known : type_names) {
    if (known.name == *written) return known.type;
    names.push_back(known.name);
  }
  diagnostics.error(entry.value.place, "unknown type " + in_ticks(*written) + "; an attribute is " + listed(names),
                    did_you_mean(*written, owned(names)));
  return std::nullopt;
}

AttributeDefinition read_attribute(const yaml::Entry& entry, Diagnostics& diagnostics) {
  AttributeDefinition attribute{entry.key, AttributeType::any, "", entry.key_place};
  if (!entry.value.is(yaml::Kind::mapping)) {
    attribute.type = read_type(entry, diagnostics).value_or(AttributeType::any);
    return attribute;
  }
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* type = fields.require("type", in_ticks(entry.key), entry.key_place)) {
    attribute.type = read_type(*type, diagnostics).value_or(AttributeType::any);
  }
  if (const yaml::Entry* summary = fields.find("summary"))
    attribute.summary = read_text(*summary, diagnostics).value_or("");
  fields.finish();
  return attribute;
}

/// What every record of a kind has without an entry in the schema.
struct Record {
  std::string_view name;                       ///< as expressions call it
  std::span<const std::string_view> built_in;  ///< names that are taken
};
constexpr std::array<std::string_view, 1> account_fields = {"key"};
constexpr std::array<std::string_view, 3> event_fields = {"type", "at", "id"};

std::vector<AttributeDefinition> read_attributes(const yaml::Entry& owner, const Record& record,
                                                 Diagnostics& diagnostics) {
  std::vector<AttributeDefinition> attributes;
  if (!is_mapping(owner, diagnostics)) return attributes;
  const std::string name(record.name);
  for (const yaml::Entry& entry : owner.value.entries) {
    if (std::find(record.built_in.begin(), record.built_in.end(), entry.key) != record.built_in.end()) {
      const bool is_vowel = std::string_view("aeiou").find(entry.key.front()) != std::string_view::npos;
      diagnostics.error(entry.key_place, "every " + name + " has " + (is_vowel ? "an " : "a ") + in_ticks(entry.key) +
                                             "; it needs no entry here");
    } else if (!is_identifier(entry.key)) {
      diagnostics.error(entry.key_place, "the name of an attribute must be letters, digits and underscores",
                        "expressions read it as `" + name + ".name`");
    } else {
      attributes.push_back(read_attribute(entry, diagnostics));
      const PersonAttribute* built_in = name == "person" ? find_person_attribute(entry.key) : nullptr;
      if (built_in && attributes.back().type != built_in->type) {
        diagnostics.error(entry.value.place, "a person's " + in_ticks(entry.key) + " is a " +
                                                 std::string(name_of(built_in->type)) + ": " +
                                                 std::string(built_in->why));
      }
    }
  }
  return attributes;
}

/// Properties that events have by themselves keep their types: what is built on them relies on that.
void expect_built_in_types(const EventDefinition& event, Diagnostics& diagnostics) {
  for (const EventType& type : event_types()) {
    if (type.name != event.type) continue;
    for (const EventProperty& built_in : type.properties) {
      for (const AttributeDefinition& property : event.properties) {
        if (property.name == built_in.name && property.type != built_in.type)
          diagnostics.error(property.place, in_ticks(property.name) + " of " + in_ticks(event.type) + " is a " +
                                                std::string(name_of(built_in.type)) +
                                                " wherever such an event comes from");
      }
    }
  }
}

std::vector<EventDefinition> read_events(const yaml::Entry& owner, Diagnostics& diagnostics) {
  std::vector<EventDefinition> events;
  if (!is_mapping(owner, diagnostics)) return events;
  for (const yaml::Entry& entry : owner.value.entries) {
    if (!is_event_type(entry.key)) {
      diagnostics.error(entry.key_place, in_ticks(entry.key) + " is no type of event",
                        "it is words joined by dots, for example `form.submitted`");
    } else {
      const bool is_empty = entry.value.is(yaml::Kind::null);
      events.push_back({entry.key, is_empty ? std::vector<AttributeDefinition>{}
                                            : read_attributes(entry, {"event", event_fields}, diagnostics)});
      expect_built_in_types(events.back(), diagnostics);
    }
  }
  return events;
}

}  // namespace

std::string_view name_of(AttributeType type) {
  const auto* found =
      std::find_if(type_names.begin(), type_names.end(), [&](const TypeName& known) { return known.type == type; });
  return found->name;
}

void read_schema(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  SchemaDefinition& schema = loading.workspace.schema;
  Fields fields(document.root, diagnostics);
  const yaml::Entry* body = fields.find("schema");
  fields.finish();
  if (body == nullptr || !is_mapping(*body, diagnostics)) return;
  schema.written = true;
  Fields records(body->value, diagnostics);
  if (const yaml::Entry* account = records.find("account"))
    schema.account = read_attributes(*account, {"account", account_fields}, diagnostics);
  if (const yaml::Entry* person = records.find("person"))
    schema.person = read_attributes(*person, {"person", person_fields}, diagnostics);
  if (const yaml::Entry* events = records.find("event")) schema.events = read_events(*events, diagnostics);
  records.finish();
}

}  // namespace caravan::loader

namespace caravan {

std::string_view description_of(AttributeType type) {
  switch (type) {
    case AttributeType::any: return "any value";
    case AttributeType::text: return "text";
    case AttributeType::whole_number: return "a whole number";
    case AttributeType::number: return "a number";
    case AttributeType::flag: return "true or false";
    case AttributeType::timestamp: return "a date, or a time with its zone";
    case AttributeType::duration: return "a duration such as 2h or 3d";
    case AttributeType::list: return "a list";
    case AttributeType::map: return "a map";
  }
  return "";
}

}  // namespace caravan
