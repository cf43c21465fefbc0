// The settings of a node: each key read by what its shape says it may hold.
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {
namespace {

const KeyShape* find_key(const NodeShape& shape, std::string_view name) {
  for (const KeyShape& key : shape.keys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

/// Whether a text is an address as mail servers take it, which no expression can be.
bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 254) return false;
  if (text.find_first_of(" \t\r\n\"'()<>,;:[]\\") != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  return domain.find('@') == std::string_view::npos && domain.front() != '.' && domain.back() != '.';
}

/// Whether a receiver is written as it is; what is not is an expression that yields one.
bool is_written_out(std::string_view text, KeyKind kind) {
  if (kind != KeyKind::handles) return is_address(text);
  return text.size() > 1 && (text.front() == '#' || text.front() == '@');
}

}  // namespace

void NodeReader::read_settings(const yaml::Entry& type, NodeDefinition& definition) {
  const NodeShape& shape = *definition.shape;
  if (type.value.is(yaml::Kind::broken)) return;
  const std::size_t errors = diagnostics().errors();
  const std::size_t inner_errors = inner_errors_;
  const Context outer = std::exchange(context_, context_of(type, shape));
  read_keys(type, definition);
  context_ = outer;
  for (const KeyShape& key : shape.keys) {
    if (key.kind == KeyKind::role) check_role(definition, key);
    if (key.kind == KeyKind::stage) check_stage(definition, key);
  }
  const bool is_sound = diagnostics().errors() - errors == inner_errors_ - inner_errors;
  if (is_sound && shape.check != nullptr) shape.check(definition, diagnostics());
}

NodeReader::Context NodeReader::context_of(const yaml::Entry& type, const NodeShape& shape) const {
  Context context{zone_of(type.value), ""};
  for (const KeyShape& key : shape.keys) {
    if (key.kind != KeyKind::event_type) continue;
    const bool is_short = key.name == shape.short_form && type.value.is(yaml::Kind::scalar);
    const yaml::Node* event = is_short ? &type.value : type.value.find(key.name);
    if (event != nullptr) context.event_type = event->text;
  }
  return context;
}

void NodeReader::read_keys(const yaml::Entry& type, NodeDefinition& definition) {
  const NodeShape& shape = *definition.shape;
  const KeyShape* brief = shape.short_form.empty() ? nullptr : find_key(shape, shape.short_form);
  const bool is_whole_map = brief != nullptr && brief->kind == KeyKind::values;
  if (type.value.is(yaml::Kind::mapping) && !is_whole_map) {
    Fields fields(type.value, diagnostics());
    for (const KeyShape& key : shape.keys) {
      const yaml::Entry* entry =
          key.required ? fields.require(key.name, in_ticks(shape.type), type.key_place) : fields.find(key.name);
      if (entry != nullptr) read_setting(type, *entry, key, definition);
    }
    fields.finish();
  } else if (brief != nullptr && has_value(type, diagnostics())) {
    read_short_form(type, *brief, definition);
  } else if (brief == nullptr && !type.value.is(yaml::Kind::null)) {
    diagnostics().error(type.value.place,
                        in_ticks(shape.type) + (shape.keys.empty() ? " takes no value" : " must be a mapping"));
  } else if (brief == nullptr) {
    for (const KeyShape& key : shape.keys) {
      if (key.required)
        diagnostics().error(type.key_place, in_ticks(shape.type) + " needs the key " + in_ticks(key.name));
    }
  }
}

void NodeReader::read_short_form(const yaml::Entry& type, const KeyShape& key, NodeDefinition& definition) {
  const NodeShape& shape = *definition.shape;
  read_setting(type, type, key, definition);
  for (const KeyShape& other : shape.keys) {
    if (!other.required || other.name == key.name) continue;
    diagnostics().error(type.key_place, in_ticks(shape.type) + " needs the key " + in_ticks(other.name),
                        "write " + in_ticks(std::string(shape.type) + ": {" + std::string(key.name) + ": ..., " +
                                            std::string(other.name) + ": ...}"));
  }
}

void NodeReader::read_setting(const yaml::Entry& type, const yaml::Entry& entry, const KeyShape& key,
                              NodeDefinition& definition) {
  if (key.kind == KeyKind::paths) {
    read_paths(type, entry, definition);
  } else if (key.kind == KeyKind::exit_path) {
    read_exit(entry, key, definition);
  } else if (std::optional<SettingValue> value = read_value(entry, key)) {
    definition.settings.insert_or_assign(std::string(key.name), Setting{entry.value.place, std::move(*value)});
  }
}

ExpressionUse NodeReader::use_of(const KeyShape& key, cel::Type expected) const {
  const Scope scope = for_person_ && key.scope == Scope::account ? Scope::person : key.scope;
  return {scope, Within::journey, std::move(expected), scope == Scope::event ? context_.event_type : std::string()};
}

std::optional<SettingValue> NodeReader::read_value(const yaml::Entry& entry, const KeyShape& key) {
  switch (key.kind) {
    case KeyKind::text: return read_text(entry, diagnostics());
    case KeyKind::whole_number: return read_whole_number(entry, key.minimum, key.maximum, diagnostics());
    case KeyKind::flag: return read_flag(entry, diagnostics());
    case KeyKind::choice: return read_choice(entry, key.choices, diagnostics());
    case KeyKind::duration: return read_duration(entry, diagnostics());
    case KeyKind::time_zone: return read_time_zone(entry, diagnostics());
    case KeyKind::condition: return read_expression(loading_, entry, use_of(key, cel::Type::boolean()));
    case KeyKind::value: return read_expression(loading_, entry, use_of(key, cel::Type::dyn()));
    case KeyKind::values: return read_values(entry, key);
    case KeyKind::recipients:
    case KeyKind::handles: return read_recipients(entry, key);
    case KeyKind::moment: return read_moment(entry, key, context_.zone);
    case KeyKind::weekly_time: return read_weekly_time(entry);
    case KeyKind::wait: return read_wait(entry, key);
    case KeyKind::event_type: return read_event_type(loading_, entry);
    case KeyKind::events: return read_events(entry);
    case KeyKind::email_template:
    case KeyKind::text_template:
    case KeyKind::solution_interest:
    case KeyKind::journey:
    case KeyKind::connection:
    case KeyKind::list:
    case KeyKind::destination:
    case KeyKind::attribute:
    case KeyKind::role:
    case KeyKind::stage: return read_reference_of(entry, key);
    case KeyKind::paths:
    case KeyKind::exit_path: break;
  }
  return std::nullopt;
}

std::optional<SettingValue> NodeReader::read_values(const yaml::Entry& entry, const KeyShape& key) {
  if (!is_mapping(entry, diagnostics())) return std::nullopt;
  ValueMap values;
  const AttributeOf of = key.scope == Scope::person ? AttributeOf::people : AttributeOf::accounts;
  for (const yaml::Entry& one : entry.value.entries) {
    if (key.names_attributes) check_attribute_name(loading_, one.key, one.key_place, of);
    std::optional<Expression> expression = read_expression(loading_, one, use_of(key, cel::Type::dyn()));
    if (!expression) continue;
    if (key.names_attributes) check_attribute_value(loading_, one.key, *expression, of);
    values.push_back({one.key, std::move(*expression)});
  }
  return values;
}

std::optional<SettingValue> NodeReader::read_recipients(const yaml::Entry& entry, const KeyShape& key) {
  if (!has_value(entry, diagnostics())) return std::nullopt;
  if (key.kind == KeyKind::handles && !loading_.workspace.configuration.chat) {
    diagnostics().error(entry.key_place, in_ticks(entry.key) + " has no channel to go along",
                        "give caravan.yaml one: `channels: {chat: ...}`, see `caravan help channels`");
  }
  const bool is_list = entry.value.is(yaml::Kind::sequence);
  const std::span<const yaml::Node> items =
      is_list ? std::span<const yaml::Node>(entry.value.items) : std::span(&entry.value, 1);
  if (items.empty()) diagnostics().error(entry.key_place, in_ticks(entry.key) + " names nobody");
  Recipients recipients;
  for (const yaml::Node& item : items) {
    if (item.is(yaml::Kind::broken)) continue;
    if (!item.is(yaml::Kind::scalar)) {
      const std::string_view what = key.kind == KeyKind::handles ? "`#channel`, `@person`" : "e-mail addresses";
      diagnostics().error(item.place, in_ticks(entry.key) + " takes " + std::string(what) + " and expressions");
    } else if (is_written_out(item.text, key.kind)) {
      recipients.push_back({item.text, std::nullopt});
    } else {
      recipients.push_back({"", read_expression(loading_, item, use_of(key, cel::Type::string()))});
    }
  }
  return recipients;
}

std::optional<SettingValue> NodeReader::read_events(const yaml::Entry& entry) {
  if (!is_list(entry, diagnostics())) return std::nullopt;
  if (entry.value.items.empty()) {
    diagnostics().error(entry.key_place, in_ticks(entry.key) + " names no event");
    return std::nullopt;
  }
  EventPatterns patterns;
  for (const yaml::Node& item : entry.value.items) {
    if (item.is(yaml::Kind::mapping)) {
      patterns.push_back(read_event_pattern(item));
    } else if (item.is(yaml::Kind::scalar)) {
      const std::string type = read_event_type(loading_, {entry.key, entry.key_place, item}).value_or("");
      patterns.push_back({item.place, type, std::nullopt, 1});
    } else if (!item.is(yaml::Kind::broken)) {
      diagnostics().error(item.place,
                          in_ticks(entry.key) + " takes types of events, and mappings that begin with `event`");
    }
  }
  return patterns;
}

EventPattern NodeReader::read_event_pattern(const yaml::Node& node) {
  EventPattern pattern{node.place, "", std::nullopt, 1};
  Fields fields(node, diagnostics());
  if (const yaml::Entry* event = fields.require("event", "what is listened for", node.place))
    pattern.type = read_event_type(loading_, *event).value_or("");
  if (const yaml::Entry* where = fields.find("where")) {
    pattern.where =
        read_expression(loading_, *where, {Scope::event, Within::journey, cel::Type::boolean(), pattern.type});
  }
  fields.take_number("at_least", 1, 1'000'000, pattern.at_least);
  fields.finish();
  return pattern;
}

}  // namespace caravan::loader
