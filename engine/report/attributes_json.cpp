#include "engine/report/attributes_json.hpp"

#include "journeys/duration.hpp"

namespace caravan {

boost::json::value number_as_json(double number) {
  constexpr double greatest = 9'007'199'254'740'992.0;  // 2^53
  if (std::abs(number) <= greatest && number == std::trunc(number)) return static_cast<std::int64_t>(number);
  return number;
}

boost::json::value as_json(const AttributeValue& value) {
  switch (value.kind()) {
    case AttributeKind::null: return nullptr;
    case AttributeKind::no: return false;
    case AttributeKind::yes: return true;
    case AttributeKind::integer: return value.integer();
    case AttributeKind::real: return number_as_json(value.real());
    case AttributeKind::text: return boost::json::string(value.text());
    case AttributeKind::timestamp: return boost::json::string(to_text(value.timestamp()));
    case AttributeKind::duration: return boost::json::string(std::to_string(value.duration().count()) + "ms");
    case AttributeKind::list: {
      boost::json::array list;
      value.each_element([&](AttributeValue element) { list.push_back(as_json(element)); });
      return list;
    }
    case AttributeKind::map: {
      boost::json::object map;
      value.each_entry([&](std::string_view key, AttributeValue entry) { map[key] = as_json(entry); });
      return map;
    }
  }
  return nullptr;
}

boost::json::object as_json(const Attributes& attributes, const NameBook& names) {
  std::map<std::string_view, boost::json::value> sorted;
  attributes.each([&](NameId name, AttributeValue value) { sorted.emplace(names.text_of(name), as_json(value)); });
  boost::json::object object;
  for (auto& [name, value] : sorted)
    object[name] = std::move(value);
  return object;
}

}  // namespace caravan
