// Values in scenarios: as YAML writes them, and where there is a schema, of the type that it gives.
#include "journeys/events.hpp"
#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::size_t deepest = 16;  // as attributes nest in the store

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A number as YAML has it; digits behind a leading zero are a text.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool is_numeric = !digits.empty() && is_digit(digits[0]);
  if (!is_numeric || (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]))) return std::nullopt;
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool nests_too_deep(const yaml::Node& node, std::size_t left) {
  if (left == 0) return true;
  return std::any_of(node.items.begin(), node.items.end(),
                     [&](const yaml::Node& item) { return nests_too_deep(item, left - 1); }) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [&](const yaml::Entry& entry) { return nests_too_deep(entry.value, left - 1); });
}

const AttributeDefinition* find_attribute(const std::vector<AttributeDefinition>& attributes, std::string_view name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const AttributeDefinition& attribute) { return attribute.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

/// What an event of a type may carry by the schema and by Caravan's own table.
struct Properties {
  std::vector<AttributeDefinition> known;
  bool is_open = false;  ///< others may be told as well
};

Properties properties_of(const SchemaDefinition& schema, std::string_view type) {
  Properties properties;
  for (const EventDefinition& event : schema.events) {
    if (event.type == type) properties.known = event.properties;
  }
  const EventType* builtin = find_event_type(type);
  if (builtin != nullptr) {
    for (const EventProperty& property : builtin->properties) {
      if (find_attribute(properties.known, property.name) == nullptr)
        properties.known.push_back({std::string(property.name), property.type, "", {}});
    }
  }
  properties.is_open = schema.events.empty() && (builtin == nullptr || builtin->source == EventSource::outside);
  return properties;
}

}  // namespace

ScenarioValue ScenarioReader::plain_value(const yaml::Node& node) {
  ScenarioValue value{node.place, {}};
  if (node.is(yaml::Kind::sequence)) {
    ScenarioValue::List list;
    for (const yaml::Node& item : node.items)
      list.push_back(plain_value(item));
    value.value = std::move(list);
  } else if (node.is(yaml::Kind::mapping)) {
    ScenarioValue::Map map;
    for (const yaml::Entry& entry : node.entries)
      map.push_back({entry.key, entry.key_place, plain_value(entry.value)});
    value.value = std::move(map);
  } else if (node.is(yaml::Kind::scalar)) {
    value.value = node.text;
    if (!node.is_plain()) return value;
    if (node.text == "true" || node.text == "false") {
      value.value = node.text == "true";
    } else if (const auto whole = number_in<std::int64_t>(node.text)) {
      value.value = *whole;
    } else if (const auto number = number_in<double>(node.text)) {
      value.value = *number;
    } else if (const auto instant = parse_instant(node.text); instant && node.text.find('T') != std::string::npos) {
      value.value = *instant;
    }
  }
  return value;
}

bool ScenarioReader::fit(ScenarioValue& value, const yaml::Node& node, AttributeType type) const {
  if (std::holds_alternative<std::monostate>(value.value)) return true;
  switch (type) {
    case AttributeType::any: return true;
    case AttributeType::text:
      // A time is one because it reads like one: where texts are wanted it is a text.
      if (std::holds_alternative<Instant>(value.value)) value.value = node.text;
      return std::holds_alternative<std::string>(value.value);
    case AttributeType::whole_number: return std::holds_alternative<std::int64_t>(value.value);
    case AttributeType::number:
      if (const auto* whole = std::get_if<std::int64_t>(&value.value)) value.value = static_cast<double>(*whole);
      return std::holds_alternative<double>(value.value);
    case AttributeType::flag: return std::holds_alternative<bool>(value.value);
    case AttributeType::timestamp:
      if (const auto instant = node.is(yaml::Kind::scalar) ? parse_instant(node.text) : std::nullopt)
        value.value = *instant;
      return std::holds_alternative<Instant>(value.value);
    case AttributeType::duration: {
      std::string problem;
      const std::optional<CalendarDuration> duration =
          node.is(yaml::Kind::scalar) ? parse_duration(node.text, problem) : std::nullopt;
      if (!duration || duration->months.count() != 0) return false;
      value.value = std::chrono::milliseconds(duration->days) + duration->exact;
      return true;
    }
    case AttributeType::list: return std::holds_alternative<ScenarioValue::List>(value.value);
    case AttributeType::map: return std::holds_alternative<ScenarioValue::Map>(value.value);
  }
  return false;
}

ScenarioValue ScenarioReader::read_value(const yaml::Node& node, AttributeType type, std::string_view name) {
  ScenarioValue value{node.place, {}};
  if (node.is(yaml::Kind::broken)) return value;
  if (nests_too_deep(node, deepest)) {
    diagnostics_.error(node.place, in_ticks(name) + " nests deeper than " + std::to_string(deepest) + " levels");
    return value;
  }
  value = plain_value(node);
  const bool says_no_zone = node.is_plain() && looks_like_date(node.text) && !parse_instant(node.text) &&
                            parse_instant(node.text + "Z").has_value();
  if (says_no_zone && type != AttributeType::text) {
    diagnostics_.error(node.place, in_ticks(node.text) + " says no time zone",
                       "add `Z` where it is UTC, else the offset, for example `+01:00`; write it in quotes where it is "
                       "a text");
  } else if (!fit(value, node, type)) {
    const bool could_be_text = type == AttributeType::text && node.is(yaml::Kind::scalar);
    diagnostics_.error(node.place, in_ticks(name) + " must be " + std::string(description_of(type)),
                       could_be_text ? "write it in quotes: `\"" + node.text + "\"`" : "");
  }
  return value;
}

bool ScenarioReader::report_misspelt(const yaml::Entry& entry, const yaml::Node& mapping, const OwnKeys& own,
                                     const std::vector<AttributeDefinition>& known, bool is_closed) {
  Names names;
  for (const AttributeDefinition& one : known)
    names.push_back(one.name);
  if (is_closed && nearest_name(entry.key, names)) return false;
  if (is_closed) {
    const std::string meant = did_you_mean(entry.key, owned(own.all));
    if (!meant.empty()) diagnostics_.error(entry.key_place, "unknown key " + in_ticks(entry.key), meant);
    return !meant.empty();
  }
  // Any name may be an attribute: what is meant otherwise can only be suspected where that key is missing.
  Names missing;
  for (const std::string_view key : own.telling) {
    if (mapping.find(key) == nullptr) missing.emplace_back(key);
  }
  const std::string meant = did_you_mean(entry.key, missing);
  if (!meant.empty())
    diagnostics_.warning(entry.key_place, in_ticks(entry.key) + " is taken for a name of your own", meant);
  return false;
}

ScenarioFields ScenarioReader::read_attributes(const yaml::Node& mapping, const OwnKeys& own, AttributeOf of) {
  ScenarioFields fields;
  const SchemaDefinition& schema = current().schema;
  const std::vector<AttributeDefinition>& known = of == AttributeOf::people ? schema.person : schema.account;
  for (const yaml::Entry& entry : mapping.entries) {
    if (std::find(own.all.begin(), own.all.end(), entry.key) != own.all.end()) continue;
    const AttributeDefinition* attribute = find_attribute(known, entry.key);
    AttributeType type = attribute != nullptr ? attribute->type : AttributeType::any;
    const PersonAttribute* built_in = of == AttributeOf::people ? find_person_attribute(entry.key) : nullptr;
    if (built_in) type = built_in->type;
    if (attribute == nullptr && !built_in && report_misspelt(entry, mapping, own, known, schema.written)) continue;
    check_attribute_name(checking(), entry.key, entry.key_place, of);
    fields.push_back({entry.key, entry.key_place, read_value(entry.value, type, entry.key)});
  }
  return fields;
}

void ScenarioReader::read_properties(const yaml::Node& mapping, const OwnKeys& own, ScenarioEvent& event) {
  constexpr std::array<std::string_view, 3> of_events = {"type", "at", "id"};
  const Properties properties = properties_of(current().schema, event.type);
  for (const yaml::Entry& entry : mapping.entries) {
    if (std::find(own.all.begin(), own.all.end(), entry.key) != own.all.end()) continue;
    const auto before = std::find_if(event.properties.begin(), event.properties.end(),
                                     [&](const ScenarioField& field) { return field.name == entry.key; });
    const AttributeDefinition* property = find_attribute(properties.known, entry.key);
    const AttributeType type = property != nullptr ? property->type : AttributeType::any;
    // Of a type that is not known, which has a fault of its own, nobody knows the properties.
    const bool is_closed = !properties.is_open && is_known_event(event.type);
    if (property == nullptr && report_misspelt(entry, mapping, own, properties.known, is_closed)) continue;
    if (std::find(of_events.begin(), of_events.end(), entry.key) != of_events.end()) {
      diagnostics_.error(entry.key_place, in_ticks(entry.key) + " is no property", "every event has one of its own");
    } else if (!is_identifier(entry.key)) {
      diagnostics_.error(entry.key_place, "the name of a property must be letters, digits and underscores",
                         "expressions read it as `event.name`");
    } else if (before != event.properties.end()) {
      diagnostics_.error(entry.key_place, "the property " + in_ticks(entry.key) + " stands here twice",
                         "the first is in line " + std::to_string(position_of(before->place).line));
    } else if (property == nullptr && is_closed) {
      std::vector<std::string> names;
      for (const AttributeDefinition& one : properties.known)
        names.push_back(one.name);
      std::string hint = did_you_mean(entry.key, names);
      if (hint.empty()) hint = "add it to the `event` section of schema.yaml";
      diagnostics_.error(entry.key_place,
                         "the event " + in_ticks(event.type) + " has no property " + in_ticks(entry.key), hint);
    }
    event.properties.push_back({entry.key, entry.key_place, read_value(entry.value, type, entry.key)});
  }
}

bool ScenarioReader::is_known_event(std::string_view type) const {
  const std::vector<EventDefinition>& events = current().schema.events;
  return find_event_type(type) != nullptr ||
         std::any_of(events.begin(), events.end(), [&](const EventDefinition& event) { return event.type == type; });
}

}  // namespace caravan::loader
