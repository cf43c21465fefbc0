#include "tools/caravan/report/attribute_text.hpp"

#include <boost/json/serialize.hpp>

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

std::string as_text(const AttributeValue& value) {
  if (value.kind() == AttributeKind::text) return printable(value.text());
  if (value.kind() == AttributeKind::timestamp) return short_time(value.timestamp());
  if (value.kind() == AttributeKind::integer) return std::to_string(value.integer());
  return printable(boost::json::serialize(as_json(value)));
}

std::string text_attribute(const Attributes& attributes, const NameBook& names, std::string_view name) {
  const std::optional<NameId> id = names.find(name);
  if (!id) return {};
  const std::optional<AttributeValue> value = attributes.find(*id);
  return value && value->kind() == AttributeKind::text ? std::string(value->text()) : std::string();
}

}  // namespace caravan::tools
