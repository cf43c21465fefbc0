#include "journeys/editor_values.hpp"

#include <boost/json/array.hpp>

namespace caravan::editor {
namespace {

using boost::json::array;
using boost::json::object;

object text(std::string_view pattern, std::string_view description, std::size_t longest = 0) {
  object schema{{"type", "string"}, {"pattern", pattern}, {"description", description}};
  if (longest > 0) schema["maxLength"] = longest;
  return schema;
}

/// A mapping from names that fit `names` to what `holds` says.
object mapping(object names, object holds) {
  return {{"type", "object"}, {"propertyNames", std::move(names)}, {"additionalProperties", std::move(holds)}};
}

object either(std::initializer_list<object> alternatives) {
  array list;
  for (const object& alternative : alternatives)
    list.emplace_back(alternative);
  return {{"anyOf", std::move(list)}};
}

constexpr std::string_view words = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
constexpr std::string_view words_or_snake = "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$";
constexpr std::string_view identifier = "^[A-Za-z_][A-Za-z0-9_]*$";
constexpr std::string_view event_type = "^[A-Za-z0-9_-]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$";
constexpr std::size_t longest_name = 64;

/// What YAML reads as a number or a truth value is text to us as well.
object any_scalar() {
  return {{"type", {"string", "number", "boolean"}}};
}

object attributes(std::string_view taken) {
  const std::string free = "^(?!(" + std::string(taken) + ")$)[A-Za-z_][A-Za-z0-9_]*$";
  return mapping({{"pattern", free}, {"maxLength", longest_name}},
                 either({reference_to("attribute-type"), reference_to("attribute-definition")}));
}

using Definitions = std::map<std::string_view, object>;

Definitions simple_definitions() {
  return {
      {"text", any_scalar()},
      {"flag", {{"type", "boolean"}}},
      {"name", text(words, "Lower-case words joined by dashes.", longest_name)},
      {"id", text("^(?!end$)" + std::string(words.substr(1)), "Lower-case words joined by dashes, but not `end`.",
                  longest_name)},
      {"role", text(words_or_snake, "Lower-case words joined by dashes or underscores.", longest_name)},
      {"identifier", text(identifier, "Letters, digits and underscores.", longest_name)},
      {"event-type", text(event_type, "Words joined by dots: form.submitted.", longest_name)},
      {"time-zone", text("^[A-Za-z0-9_+/-]+$", "A name of the IANA database: Europe/Berlin.", longest_name)},
      {"time-of-day", text("^([01][0-9]|2[0-3]):[0-5][0-9]$", "In quotes: \"09:00\".")},
      {"cron", text("^\\s*\\S+(\\s+\\S+){4}\\s*$", "Five fields: 0 6 * * MON-FRI.")},
      {"url", text("^https?://[^\\s@#]+$", "https://crm.example.com/hooks")},
      {"attribute-type",
       {{"enum", {"any", "text", "whole_number", "number", "flag", "timestamp", "duration", "list", "map"}}}},
      {"duration", text("^(?=.*[1-9])([0-9]+mo)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
                        "90s, 15m, 2h, 3d, 1w, 1mo, or a sum from the largest unit to the smallest: 1d12h.")},
      {"days", text("^(?=.*[1-9])([0-9]+w)?([0-9]+d)?$", "Whole days or weeks: 30d, 4w.")},
      {"exact-duration",
       text("^(?=.*[1-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "250ms, 90s, 15m, 2h, or a sum: 1h30m.")},
      {"instant",
       text("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$",
            "2026-03-01, or 2026-03-01T09:00:00+01:00.")},
  };
}

Definitions composed_definitions() {
  object expression = any_scalar();
  expression["pattern"] = "\\S";
  expression["description"] = "An expression in CEL; see `caravan help expressions`.";
  const object header = {{"pattern", "^[A-Za-z0-9_-]+$"}, {"maxLength", longest_name}};
  const object type_of_event = reference_to("event-type");
  object weights = mapping(type_of_event, {{"type", "integer"}, {"minimum", 1}, {"maximum", 100}});
  weights["minProperties"] = 1;
  return {
      {"expression", expression},
      {"values", {{"type", "object"}, {"additionalProperties", reference_to("expression")}}},
      {"headers", mapping(header, reference_to("text"))},
      {"account-attributes", attributes("key")},
      {"person-attributes", attributes("key|account_role|engagement")},
      {"event-attributes", attributes("type|at|id")},
      {"event-types", mapping(type_of_event, either({reference_to("event-attributes"), {{"type", "null"}}}))},
      {"weights", weights},
      {"evaluate", either({{{"enum", {"continuously", "once"}}}, reference_to("schedule")})},
      {"event-choice", either({type_of_event, reference_to("event-pattern")})},
      {"retention", either({{{"enum", {"always"}}}, reference_to("duration")})},
      {"wait", either({reference_to("duration"), reference_to("wait-keys")})},
  };
}

/// `${column}`, which any value of a scenario may be.
object or_column(object schema) {
  return either({std::move(schema), {{"type", "string"}, {"pattern", "\\$\\{"}}});
}

/// What has a key and attributes of its own names.
object keyed(std::initializer_list<std::pair<std::string_view, object>> own, std::string_view needed) {
  object properties;
  for (const auto& [name, schema] : own)
    properties[name] = schema;
  return {{"type", "object"},
          {"required", array{needed}},
          {"properties", std::move(properties)},
          {"propertyNames", reference_to("identifier")}};
}

Definitions scenario_definitions() {
  const object text = any_scalar();
  const object key = or_column(text);
  const object nothing{{"type", "null"}};
  const object names = {{"type", "array"}, {"items", or_column(reference_to("name"))}};
  const object texts = {{"type", "array"}, {"items", key}};
  const std::string node = std::string(words.substr(0, words.size() - 1));
  return {
      {"value", {{"description", "Anything."}}},
      {"nothing", nothing},
      {"scenario-values", {{"type", "object"}, {"propertyNames", reference_to("identifier")}}},
      {"scenario-row", {{"type", "object"}, {"properties", {{"row", text}}}}},
      {"scenario-account", keyed({{"key", key}}, "key")},
      {"scenario-person",
       keyed({{"key", key},
              {"account", key},
              {"account_role", either({key, nothing})},
              {"accounts",
               either({key, {{"type", "array"}, {"items", either({key, reference_to("scenario-relation")})}}})}},
             "key")},
      {"scenario-relation",
       {{"type", "object"},
        {"properties", {{"account", key}, {"role", key}}},
        {"required", {"account"}},
        {"additionalProperties", false}}},
      {"scenario-event", keyed({{"type", or_column(reference_to("event-type"))},
                                {"account", key},
                                {"person", key},
                                {"id", key},
                                {"at", or_column(reference_to("instant"))},
                                {"properties", or_column(reference_to("scenario-values"))}},
                               "type")},
      {"members", either({{{"type", "object"}, {"additionalProperties", either({key, nothing})}}, texts, key})},
      {"expected-members", {{"type", "object"}, {"additionalProperties", key}}},
      {"expected-places", either({reference_to("name"),
                                  names,
                                  {{"type", "object"}, {"additionalProperties", or_column(reference_to("flag"))}}})},
      {"expected-message", either({text, reference_to("expected-message-keys")})},
      {"node-on-path", {{"type", "string"}, {"pattern", node + "(/" + node.substr(1) + ")?$"}}},
      {"journey-or-nothing", either({reference_to("name"), nothing})},
      {"advance", either({reference_to("duration"), reference_to("advance-keys")})},
      {"instant-or-end", either({{{"const", "end"}}, reference_to("instant")})},
      {"published-texts", {{"type", "object"}, {"additionalProperties", either({text, nothing})}}},
  };
}

}  // namespace

object reference_to(std::string_view name) {
  return {{"$ref", "#/$defs/" + std::string(name)}};
}

std::optional<object> value_definition(std::string_view name) {
  static const Definitions definitions = [] {
    Definitions all = simple_definitions();
    all.merge(composed_definitions());
    all.merge(scenario_definitions());
    return all;
  }();
  const auto found = definitions.find(name);
  return found == definitions.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace caravan::editor
