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

}  // namespace

void NodeReader::read_settings(const yaml::Entry& type, NodeDefinition& definition) {
  const NodeShape& shape = *definition.shape;
  if (type.value.is(yaml::Kind::broken)) return;
  const KeyShape* brief = shape.short_form.empty() ? nullptr : find_key(shape, shape.short_form);
  const bool is_whole_map = brief != nullptr && brief->kind == KeyKind::values;
  if (type.value.is(yaml::Kind::mapping) && !is_whole_map) {
    Fields fields(type.value, diagnostics());
    for (const KeyShape& key : shape.keys) {
      const yaml::Entry* entry =
          key.required ? fields.require(key.name, in_ticks(shape.type), type.key_place) : fields.find(key.name);
      if (entry != nullptr) read_setting(*entry, key, definition);
    }
    fields.finish();
  } else if (brief != nullptr && has_value(type, diagnostics())) {
    read_short_form(type, *brief, definition);
  } else if (brief == nullptr && !type.value.is(yaml::Kind::null)) {
    diagnostics().error(type.value.place,
                        in_ticks(shape.type) + (shape.keys.empty() ? " takes no value" : " must be a mapping"));
    return;
  } else if (brief == nullptr) {
    for (const KeyShape& key : shape.keys) {
      if (key.required)
        diagnostics().error(type.key_place, in_ticks(shape.type) + " needs the key " + in_ticks(key.name));
    }
  }
  for (const KeyShape& key : shape.keys) {
    if (key.kind == KeyKind::role) check_role(definition, key);
  }
}

void NodeReader::read_short_form(const yaml::Entry& type, const KeyShape& key, NodeDefinition& definition) {
  const NodeShape& shape = *definition.shape;
  read_setting(type, key, definition);
  for (const KeyShape& other : shape.keys) {
    if (!other.required || other.name == key.name) continue;
    diagnostics().error(type.key_place, in_ticks(shape.type) + " needs the key " + in_ticks(other.name),
                        "write " + in_ticks(std::string(shape.type) + ": {" + std::string(key.name) + ": ..., " +
                                            std::string(other.name) + ": ...}"));
  }
}

void NodeReader::read_setting(const yaml::Entry& entry, const KeyShape& key, NodeDefinition& definition) {
  if (key.kind == KeyKind::paths) {
    read_paths(entry, definition);
    return;
  }
  std::optional<SettingValue> value = read_value(entry, key);
  if (value) definition.settings.insert_or_assign(std::string(key.name), Setting{entry.value.place, std::move(*value)});
}

std::optional<SettingValue> NodeReader::read_value(const yaml::Entry& entry, const KeyShape& key) {
  switch (key.kind) {
    case KeyKind::text: return read_text(entry, diagnostics());
    case KeyKind::whole_number: return read_whole_number(entry, key.minimum, key.maximum, diagnostics());
    case KeyKind::flag: return read_flag(entry, diagnostics());
    case KeyKind::choice: return read_choice(entry, key.choices, diagnostics());
    case KeyKind::duration: return read_duration(entry, diagnostics());
    case KeyKind::condition: return read_expression(loading_, entry, use_of(key, cel::Type::boolean()));
    case KeyKind::value: return read_expression(loading_, entry, use_of(key, cel::Type::dyn()));
    case KeyKind::values: return read_values(entry, key);
    case KeyKind::recipients: return read_recipients(entry, key);
    case KeyKind::email_template: return read_reference(loading_, entry, DocumentType::email, "mail");
    case KeyKind::solution_interest:
      return read_reference(loading_, entry, DocumentType::solution_interest, "solution interest");
    case KeyKind::role: return read_text(entry, diagnostics());
    case KeyKind::paths: break;
  }
  return std::nullopt;
}

std::optional<SettingValue> NodeReader::read_values(const yaml::Entry& entry, const KeyShape& key) {
  if (!is_mapping(entry, diagnostics())) return std::nullopt;
  ValueMap values;
  for (const yaml::Entry& one : entry.value.entries) {
    std::optional<Expression> expression = read_expression(loading_, one, use_of(key, cel::Type::dyn()));
    if (expression) values.push_back({one.key, std::move(*expression)});
  }
  return values;
}

std::optional<SettingValue> NodeReader::read_recipients(const yaml::Entry& entry, const KeyShape& key) {
  if (!has_value(entry, diagnostics())) return std::nullopt;
  const bool is_list = entry.value.is(yaml::Kind::sequence);
  const std::span<const yaml::Node> items =
      is_list ? std::span<const yaml::Node>(entry.value.items) : std::span(&entry.value, 1);
  if (items.empty()) diagnostics().error(entry.key_place, in_ticks(entry.key) + " names nobody");
  Recipients recipients;
  for (const yaml::Node& item : items) {
    if (item.is(yaml::Kind::broken)) continue;
    if (!item.is(yaml::Kind::scalar)) {
      diagnostics().error(item.place, in_ticks(entry.key) + " takes e-mail addresses and expressions");
    } else if (is_address(item.text)) {
      recipients.push_back({item.text, std::nullopt});
    } else {
      recipients.push_back({"", read_expression(loading_, item, use_of(key, cel::Type::string()))});
    }
  }
  return recipients;
}

void NodeReader::check_role(const NodeDefinition& definition, const KeyShape& key) {
  const std::string* role = definition.setting<std::string>(key.name);
  if (role == nullptr) return;
  const auto& keys = definition.shape->keys;
  const auto interest_key = std::find_if(
      keys.begin(), keys.end(), [](const KeyShape& other) { return other.kind == KeyKind::solution_interest; });
  const std::string* interest =
      interest_key == keys.end() ? nullptr : definition.setting<std::string>(interest_key->name);
  if (interest == nullptr) return;
  const auto interest_found = loading_.workspace.solution_interests.find(*interest);
  if (interest_found == loading_.workspace.solution_interests.end()) return;
  const auto found = loading_.workspace.role_templates.find(interest_found->second.role_template);
  if (found == loading_.workspace.role_templates.end()) return;
  std::vector<std::string> names;
  for (const RoleDefinition& one : found->second.roles)
    names.push_back(one.name);
  if (std::find(names.begin(), names.end(), *role) != names.end()) return;
  diagnostics().error(
      definition.settings.find(key.name)->second.place,
      "the role template " + in_ticks(found->first) + " of " + in_ticks(*interest) + " has no role " + in_ticks(*role),
      did_you_mean(*role, names));
}

}  // namespace caravan::loader
