#include "journeys/editor_schema.hpp"

#include <boost/json/array.hpp>

#include "journeys/editor_documents.hpp"
#include "journeys/editor_values.hpp"
#include "journeys/indented_json.hpp"

namespace caravan {
namespace {

using boost::json::array;
using boost::json::object;
using editor::Form;
using editor::Key;
using editor::Part;
using editor::reference_to;

/// The definitions of node types begin with it.
constexpr std::string_view node_prefix = "node.";

template <class Named>
const Named* find_named(std::span<const Named> all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// The part that a document of a type is; parts are named with dashes.
std::string part_of(std::string_view type) {
  std::string name(type);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

object required(std::string_view key) {
  return {{"required", array{key}}};
}

array each_required(const std::vector<std::string_view>& keys) {
  array alternatives;
  for (const std::string_view key : keys)
    alternatives.push_back(required(key));
  return alternatives;
}

object list_of(object items, std::size_t least = 0) {
  object list{{"type", "array"}, {"items", std::move(items)}};
  if (least > 0) list["minItems"] = least;
  return list;
}

/// What one value of a key is.
object value_of(const Key& key) {
  if (key.holds == "choice") return {{"enum", array(key.choices.begin(), key.choices.end())}};
  if (key.holds != "whole-number") return reference_to(key.holds);
  object number{{"type", "integer"}};
  if (key.minimum != 0 || key.maximum != 0) {
    number["minimum"] = key.minimum;
    number["maximum"] = key.maximum;
  }
  return number;
}

/// What a value is, unless it is a column's.
object or_column(object schema) {
  return {{"if", {{"type", "string"}, {"pattern", "\\$\\{"}}}, {"else", std::move(schema)}};
}

object schema_of(const Key& key, bool takes_columns = false) {
  object one = takes_columns ? or_column(value_of(key)) : value_of(key);
  switch (key.form) {
    case Form::one: return one;
    case Form::list: return list_of(std::move(one));
    case Form::some: return list_of(std::move(one), 1);
    case Form::several: return {{"anyOf", {one, list_of(one, 1)}}};
    case Form::any_number: return {{"anyOf", {one, list_of(one)}}};
    case Form::by_name:
      return {{"type", "object"}, {"propertyNames", reference_to("name")}, {"additionalProperties", std::move(one)}};
  }
  return one;
}

object described(std::string_view summary, object schema) {
  object out;
  if (!summary.empty()) out["description"] = summary;
  for (auto& member : schema)
    out[member.key()] = std::move(member.value());
  return out;
}

/// A mapping of some keys and no others.
class Mapping {
 public:
  void add(std::string_view name, std::string_view summary, bool is_required, object schema) {
    properties_[name] = described(summary, std::move(schema));
    if (is_required) required_.emplace_back(name);
  }
  bool requires_nothing() const { return required_.empty(); }
  object finish() {
    object out{{"type", "object"}, {"properties", std::move(properties_)}};
    if (!required_.empty()) out["required"] = std::move(required_);
    out["additionalProperties"] = false;
    return out;
  }

 private:
  object properties_;
  array required_;
};

object definition_of(const Part& part) {
  Mapping mapping;
  for (const Key& key : part.keys) {
    object schema = schema_of(key, part.takes_columns);
    const bool is_list = key.form == Form::list || key.form == Form::some;
    if (part.takes_columns && is_list) schema = or_column(std::move(schema));
    mapping.add(key.name, key.summary, key.required, std::move(schema));
  }
  object out = mapping.finish();
  if (!part.one_of.empty()) out["oneOf"] = each_required(part.one_of);
  if (!part.any_of.empty()) out["anyOf"] = each_required(part.any_of);
  return out;
}

object definition_of(const editor::PartsByType& parts) {
  object out;
  array types;
  // From the last to the first: each is the way out of the one before.
  for (auto it = parts.parts.rbegin(); it != parts.parts.rend(); ++it) {
    types.insert(types.begin(), boost::json::value(it->first));
    const object is_type{{"properties", {{"type", {{"const", it->first}}}}}};
    if (out.empty()) {
      out = reference_to(it->second);
    } else {
      out = {{"if", is_type}, {"then", reference_to(it->second)}, {"else", std::move(out)}};
    }
  }
  return {{"type", "object"},
          {"required", {"type"}},
          {"properties", {{"type", {{"enum", std::move(types)}}}}},
          {"allOf", array{std::move(out)}}};
}

/// What a key of a node holds, in the words of the table of documents.
Key key_of(const KeyShape& shape) {
  Key key{.name = shape.name, .holds = "name", .summary = shape.summary, .required = shape.required};
  switch (shape.kind) {
    case KeyKind::text:
    case KeyKind::stage: key.holds = "text"; break;
    case KeyKind::whole_number:
      key.holds = "whole-number";
      key.minimum = shape.minimum;
      key.maximum = shape.maximum;
      break;
    case KeyKind::choice:
      key.holds = "choice";
      key.choices = shape.choices;
      break;
    case KeyKind::recipients:
    case KeyKind::handles:
      key.holds = "expression";
      key.form = Form::several;
      break;
    case KeyKind::events:
      key.holds = "event-choice";
      key.form = Form::some;
      break;
    case KeyKind::condition:
    case KeyKind::value:
    case KeyKind::moment: key.holds = "expression"; break;
    case KeyKind::flag: key.holds = "flag"; break;
    case KeyKind::duration: key.holds = "duration"; break;
    case KeyKind::values: key.holds = "values"; break;
    case KeyKind::role: key.holds = "role"; break;
    case KeyKind::attribute: key.holds = "identifier"; break;
    case KeyKind::weekly_time: key.holds = "weekly-time"; break;
    case KeyKind::time_zone: key.holds = "time-zone"; break;
    case KeyKind::wait: key.holds = "wait"; break;
    case KeyKind::event_type: key.holds = "event-type"; break;
    case KeyKind::exit_path: key.holds = "exit-path"; break;
    case KeyKind::paths:  // as many as the node's shape says
    case KeyKind::email_template:
    case KeyKind::solution_interest:
    case KeyKind::text_template:
    case KeyKind::connection:
    case KeyKind::list:
    case KeyKind::destination:
    case KeyKind::journey: break;
  }
  return key;
}

object paths_of(const PathShape& shape) {
  object list = list_of(reference_to(shape.choice == PathChoice::percent ? "path-by-percent" : "path-by-condition"),
                        shape.minimum);
  list["maxItems"] = shape.maximum;
  return list;
}

object schema_of(const KeyShape& key, const NodeShape& node) {
  return key.kind == KeyKind::paths && node.paths ? paths_of(*node.paths) : schema_of(key_of(key));
}

/// What stands behind the name of a node's type: its keys, or the value that is short for one of them.
object definition_of(const NodeShape& node) {
  if (node.keys.empty()) return {{"type", {"null", "object"}}, {"maxProperties", 0}};
  const KeyShape* brief = nullptr;
  bool needs_others = false;
  Mapping mapping;
  for (const KeyShape& key : node.keys) {
    mapping.add(key.name, key.summary, key.required, schema_of(key, node));
    if (key.name == node.short_form) brief = &key;
    needs_others = needs_others || (key.required && key.name != node.short_form);
  }
  // A mapping of names is never taken for the node's keys.
  if (brief != nullptr && brief->kind == KeyKind::values) return schema_of(*brief, node);
  array forms;
  if (brief != nullptr && !needs_others) forms.push_back(schema_of(*brief, node));
  if (brief == nullptr && mapping.requires_nothing()) forms.push_back(object{{"type", "null"}});
  object keys = mapping.finish();
  if (forms.empty()) return keys;
  forms.push_back(std::move(keys));
  return {{"anyOf", std::move(forms)}};
}

/// A node: an id, one type, and perhaps `next`.
object definition_of_nodes(NodeShapes shapes) {
  Mapping mapping;
  mapping.add("id", "The node's name in its journey.", true, reference_to("id"));
  mapping.add("next", "The node that comes after it, or `end`; without it, the one below.", false,
              reference_to("name"));
  std::vector<std::string_view> types;
  object without_next;
  for (const NodeShape* shape : shapes) {
    mapping.add(shape->type, shape->summary, false, reference_to(std::string(node_prefix) + std::string(shape->type)));
    types.push_back(shape->type);
    if (shape->continues == Continues::nowhere) without_next[shape->type] = {{"properties", {{"next", false}}}};
  }
  object out = mapping.finish();
  out["oneOf"] = each_required(types);
  if (!without_next.empty()) out["dependentSchemas"] = std::move(without_next);
  return out;
}

/// Collects what a schema refers to, and what that refers to.
class DefinitionCollector {
 public:
  explicit DefinitionCollector(NodeShapes shapes) : shapes_(shapes) {}

  void collect(const boost::json::value& schema) {
    if (schema.is_array()) {
      for (const boost::json::value& element : schema.get_array())
        collect(element);
    } else if (schema.is_object()) {
      for (const auto& [key, member] : schema.get_object())
        key == "$ref" ? collect_named(member.get_string()) : collect(member);
    }
  }
  /// By name.
  object finish() const {
    object out;
    for (const auto& [name, definition] : definitions_)
      out[name] = definition;
    return out;
  }

 private:
  void collect_named(std::string_view reference) {
    const std::string name(reference.substr(std::string_view("#/$defs/").size()));
    if (definitions_.contains(name)) return;
    const object& definition = definitions_.emplace(name, define(name)).first->second;
    collect(definition);
  }

  object define(std::string_view name) const {
    if (name == "node") return definition_of_nodes(shapes_);
    if (name.starts_with(node_prefix)) {
      for (const NodeShape* shape : shapes_) {
        if (shape->type == name.substr(node_prefix.size())) return definition_of(*shape);
      }
    }
    if (const Part* part = find_named(editor::parts(), name)) return definition_of(*part);
    if (const editor::PartsByType* parts = find_named(editor::parts_by_type(), name)) return definition_of(*parts);
    std::optional<object> value = editor::value_definition(name);
    assert(value);  // every name in our tables is one of these
    return std::move(*value);
  }

  NodeShapes shapes_;
  std::map<std::string, object> definitions_;
};

/// The types whose documents say by their first key what they are. One whose documents may have the first key of
/// another as a further key stands before that other.
std::vector<std::string_view> types_by_first_key() {
  std::vector<std::string_view> types;
  const auto begins = [](std::string_view key) {
    const Part* part = find_named(editor::parts(), part_of(key));
    return part != nullptr && part->keys.front().name == key;
  };
  for (const EditorSchemaType& type : editor_schema_types()) {
    if (begins(type.name)) types.push_back(type.name);
  }
  std::stable_partition(types.begin(), types.end(), [&](std::string_view type) {
    const std::vector<Key>& keys = find_named(editor::parts(), part_of(type))->keys;
    return std::any_of(keys.begin() + 1, keys.end(), [&](const Key& key) { return begins(key.name); });
  });
  return types;
}

/// Each document is held to the type that its first key says, so that editors mark what is wrong with it, and not that
/// it is none of several.
object any_document() {
  const std::vector<std::string_view> types = types_by_first_key();
  Mapping none;
  for (const std::string_view type : types)
    none.add(type, find_named(editor_schema_types(), type)->summary, false, reference_to("name"));
  object out = none.finish();
  out["oneOf"] = each_required(types);
  for (auto type = types.rbegin(); type != types.rend(); ++type)
    out = {{"if", required(*type)}, {"then", reference_to(part_of(*type))}, {"else", std::move(out)}};
  return out;
}

}  // namespace

std::string editor_schema(std::string_view type, NodeShapes shapes) {
  const EditorSchemaType* known = find_named(editor_schema_types(), type);
  assert(known != nullptr);
  object root = type == "any" ? any_document() : reference_to(part_of(type));
  DefinitionCollector definitions(shapes);
  definitions.collect(root);
  object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "Caravan: " + std::string(type)},
                {"description", known->summary}};
  for (auto& member : root)
    schema[member.key()] = std::move(member.value());
  schema["$defs"] = definitions.finish();
  return indented(schema);
}

}  // namespace caravan
