#include "engine/api/attribute_filter.hpp"

#include <boost/json/serialize.hpp>

#include "engine/report/attributes_json.hpp"

namespace caravan::api {

AttributeFilter::AttributeFilter(const Request& request, const NameBook& names) {
  const std::string* attribute = request.query_value("attribute");
  const std::string* value = request.query_value("value");
  if (!attribute && !value) return;
  if (!attribute || !value)
    throw Refused({400, "invalid-parameter", "`attribute` and `value` go together", attribute ? "value" : "attribute"});
  is_asked_ = true;
  name_ = names.find(*attribute);
  value_ = *value;
}

bool AttributeFilter::fits(const Attributes& attributes) const {
  if (!is_asked_) return true;
  const std::optional<AttributeValue> value = name_ ? attributes.find(*name_) : std::nullopt;
  if (!value) return false;
  const boost::json::value json = as_json(*value);
  return json.is_string() ? std::string_view(json.get_string()) == value_ : boost::json::serialize(json) == value_;
}

std::vector<QueryParameter> filter_parameters() {
  return {{"attribute",
           "With `value`: those alone whose attribute of this name has it. A page looks at a bounded number: "
           "one that holds few, or none, has others behind it as long as `next` is not null."},
          {"value", "A text as it is; a number, a flag or a time as JSON has it."}};
}

}  // namespace caravan::api
