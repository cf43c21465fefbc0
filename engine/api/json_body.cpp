#include "engine/api/json_body.hpp"

#include <boost/json/parse.hpp>

#include "storage/attributes.hpp"

namespace caravan::api {

namespace json = boost::json;

void refuse_member(std::string_view name, const std::string& what) {
  throw Refused({422, "invalid-member", "`" + shown(name) + "` " + what, shown(name)});
}

json::value parse_body(const Request& request) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = kAttributeDepth;
  json::value value = json::parse(request.body, error, {}, options);
  if (error) throw Refused({400, "malformed-json", "the body is not JSON: " + error.message()});
  return value;
}

JsonBody::JsonBody(const Request& request) {
  if (request.body.empty()) return;
  json::value value = parse_body(request);
  if (!value.is_object()) throw Refused({400, "malformed-json", "the body is not a JSON object"});
  object_ = std::move(value.get_object());
}

const json::value* JsonBody::find(std::string_view name) {
  asked_.emplace_back(name);
  const json::value* value = object_.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

std::string JsonBody::text(std::string_view name) {
  const json::value* value = find(name);
  if (!value) return {};
  if (const json::string* text = value->if_string()) return std::string(*text);
  if (const std::int64_t* number = value->if_int64()) return std::to_string(*number);
  refuse_member(name, "is not text");
}

std::string JsonBody::required_text(std::string_view name) {
  std::string value = text(name);
  if (value.empty()) refuse_member(name, "is missing");
  return value;
}

bool JsonBody::flag(std::string_view name, bool otherwise) {
  const json::value* value = find(name);
  if (!value) return otherwise;
  if (const bool* flag = value->if_bool()) return *flag;
  refuse_member(name, "is neither true nor false");
}

std::vector<std::string> JsonBody::texts(std::string_view name) {
  const json::value* value = find(name);
  std::vector<std::string> texts;
  if (!value) return texts;
  const json::array* array = value->if_array();
  if (!array) refuse_member(name, "is not a list of texts");
  for (const json::value& each : *array) {
    if (!each.is_string()) refuse_member(name, "is not a list of texts");
    texts.emplace_back(each.get_string());
  }
  return texts;
}

std::string JsonBody::choice(std::string_view name, const std::vector<std::string>& words) {
  std::string value = text(name);
  if (value.empty()) return words.front();
  if (std::find(words.begin(), words.end(), value) != words.end()) return value;
  refuse_member(name, "is none of " + listed(words));
}

void JsonBody::finish() {
  for (const auto& member : object_) {
    const std::string_view name = member.key();
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) {
      refuse_member(name, "is not known here; there are " + listed(asked_));
    }
  }
}

}  // namespace caravan::api
