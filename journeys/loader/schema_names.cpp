// Names that a schema knows: attributes and types of events, where documents name them outside of expressions.
#include "journeys/events.hpp"
#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

constexpr std::size_t longest_event_type = 64;

/// The attributes that a schema gives them, apart from those that every person may have.
std::vector<AttributeDefinition> attributes_of(const SchemaDefinition& schema, AttributeOf of) {
  std::vector<AttributeDefinition> attributes;
  if (of != AttributeOf::people) attributes = schema.account;
  if (of != AttributeOf::accounts) attributes.insert(attributes.end(), schema.person.begin(), schema.person.end());
  return attributes;
}

AttributeType type_of_attribute(const SchemaDefinition& schema, std::string_view name, AttributeOf of) {
  if (of != AttributeOf::accounts) {
    if (const PersonAttribute* known = find_person_attribute(name)) return known->type;
  }
  for (const AttributeDefinition& attribute : attributes_of(schema, of)) {
    if (attribute.name == name) return attribute.type;
  }
  return AttributeType::any;
}

/// What values of the type are kept as; `any` where that is not known before they are there.
AttributeType kept_as(const cel::Type& type) {
  using Form = cel::Type::Form;
  if (type.is(Form::boolean)) return AttributeType::flag;
  if (type.is(Form::integer) || type.is(Form::unsigned_integer)) return AttributeType::whole_number;
  if (type.is(Form::floating)) return AttributeType::number;
  if (type.is(Form::string)) return AttributeType::text;
  if (type.is(Form::timestamp)) return AttributeType::timestamp;
  if (type.is(Form::duration)) return AttributeType::duration;
  if (type.is(Form::list)) return AttributeType::list;
  if (type.is(Form::map)) return AttributeType::map;
  return AttributeType::any;
}

}  // namespace

void check_attribute_name(const Checking& checking, std::string_view name, const Place& place, AttributeOf of,
                          AttributeType wanted) {
  const std::string owner = of == AttributeOf::people ? "person" : "account";
  if (name == "key") {
    checking.diagnostics.error(place, "`key` is no attribute", "it names the " + owner + " and never changes");
    return;
  }
  const bool is_person_field = std::find(person_fields.begin(), person_fields.end(), name) != person_fields.end();
  if (of == AttributeOf::people && is_person_field) {
    checking.diagnostics.error(place, in_ticks(name) + " is no attribute",
                               "every person has it, and Caravan keeps it itself");
    return;
  }
  if (!is_identifier(name)) {
    checking.diagnostics.error(place, "the name of an attribute must be letters, digits and underscores",
                               "expressions read it as `" + owner + ".name`");
    return;
  }
  const bool is_built_in = of != AttributeOf::accounts && find_person_attribute(name) != nullptr;
  if (!checking.workspace.schema.written || is_built_in) return;
  std::vector<std::string> names;
  for (const AttributeDefinition& attribute : attributes_of(checking.workspace.schema, of)) {
    names.push_back(attribute.name);
    if (attribute.name != name) continue;
    const bool fits = wanted == AttributeType::any || attribute.type == AttributeType::any || attribute.type == wanted;
    if (!fits) {
      checking.diagnostics.error(place, in_ticks(name) + " must be " + std::string(name_of(wanted)) +
                                            ", and schema.yaml says " + std::string(name_of(attribute.type)));
    }
    return;
  }
  const std::string shown = of == AttributeOf::either ? std::string(name) : owner + "." + std::string(name);
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "add it to schema.yaml";
  checking.diagnostics.error(place, "the schema has no attribute " + in_ticks(shown), std::move(hint));
}

void check_attribute_value(const Checking& checking, std::string_view name, const Expression& value, AttributeOf of) {
  if (!value.program) return;
  const AttributeType wanted = type_of_attribute(checking.workspace.schema, name, of);
  const AttributeType given = kept_as(value.program->result_type());
  const bool is_number = wanted == AttributeType::number && given == AttributeType::whole_number;
  if (wanted == AttributeType::any || given == AttributeType::any || given == wanted || is_number) return;
  checking.diagnostics.error(value.place,
                             in_ticks(name) + " is " + std::string(description_of(wanted)) + ", and this yields " +
                                 std::string(description_of(given)),
                             given == AttributeType::text && wanted != AttributeType::text
                                 ? "leave the quotes around it out, or convert it"
                                 : "");
}

std::optional<std::string> read_attribute_name(const Checking& checking, const yaml::Entry& entry, AttributeOf of,
                                               AttributeType wanted) {
  std::optional<std::string> name = read_text(entry, checking.diagnostics);
  if (name) check_attribute_name(checking, *name, entry.value.place, of, wanted);
  return name;
}

bool is_event_type(std::string_view text) {
  if (text.empty() || text.size() > longest_event_type || text.front() == '.' || text.back() == '.') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

bool check_event_type(const Checking& checking, std::string_view type, const Place& place) {
  if (!is_event_type(type)) {
    checking.diagnostics.error(place, in_ticks(type) + " is no type of event",
                               "it is words joined by dots, for example `form.submitted`");
    return false;
  }
  const std::vector<EventDefinition>& events = checking.workspace.schema.events;
  std::vector<std::string> known;
  for (const EventType& event : event_types())
    known.emplace_back(event.name);
  for (const EventDefinition& event : events)
    known.push_back(event.type);
  if (events.empty() || std::find(known.begin(), known.end(), type) != known.end()) return true;
  std::string hint = did_you_mean(type, known);
  if (hint.empty()) hint = "add it to the `event` section of schema.yaml";
  checking.diagnostics.error(place, "nothing raises the event " + in_ticks(type), std::move(hint));
  return true;
}

std::optional<std::string> read_event_type(const Checking& checking, const yaml::Entry& entry) {
  std::optional<std::string> type = read_text(entry, checking.diagnostics);
  if (!type || !check_event_type(checking, *type, entry.value.place)) return std::nullopt;
  return type;
}

}  // namespace caravan::loader
