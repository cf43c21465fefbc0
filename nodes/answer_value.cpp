#include "nodes/answer_value.hpp"

#include <boost/json/parse.hpp>

#include "journeys/utf8.hpp"

namespace caravan {
namespace {

namespace json = boost::json;

/// Nothing for a number that no attribute can hold.
std::optional<AttributeInput> to_input(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return AttributeInput{};
    case json::kind::bool_: return AttributeInput{value.get_bool()};
    case json::kind::int64: return AttributeInput{value.get_int64()};
    case json::kind::uint64: return AttributeInput{static_cast<double>(value.get_uint64())};
    case json::kind::double_:
      if (!std::isfinite(value.get_double())) return std::nullopt;
      return AttributeInput{value.get_double()};
    case json::kind::string: return AttributeInput{std::string(value.get_string())};
    case json::kind::array: {
      AttributeList list;
      for (const json::value& element : value.get_array()) {
        std::optional<AttributeInput> input = to_input(element);
        if (!input) return std::nullopt;
        list.push_back(std::move(*input));
      }
      return AttributeInput{std::move(list)};
    }
    case json::kind::object: {
      AttributeMap map;
      for (const auto& [name, element] : value.get_object()) {
        std::optional<AttributeInput> input = to_input(element);
        if (!input) return std::nullopt;
        map.emplace_back(std::string(name), std::move(*input));
      }
      return AttributeInput{std::move(map)};
    }
  }
  return std::nullopt;
}

std::optional<AttributeInput> from_json(std::string_view body) {
  if (body.size() > kAnswerBytes) return std::nullopt;
  json::parse_options options;
  options.max_depth = kAttributeDepth;
  json::error_code error;
  const json::value value = json::parse(body, error, {}, options);
  return error ? std::nullopt : to_input(value);
}

std::string clean_text(std::string_view body) {
  std::string text;
  while (!body.empty()) {
    const CodePoint point = code_point_at(body, 0);
    const std::string_view next = point.valid ? body.substr(0, point.length) : "\xEF\xBF\xBD";
    if (text.size() + next.size() > kAnswerBytes) break;
    text += next;
    body.remove_prefix(point.length);
  }
  return text;
}

}  // namespace

AttributeInput answer_value(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  std::optional<AttributeInput> value = from_json(body);
  return value ? std::move(*value) : AttributeInput{clean_text(body)};
}

}  // namespace caravan
