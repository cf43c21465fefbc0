#pragma once
// Attributes of a record as people and as machines read them.

#include <boost/json/object.hpp>

#include "engine/name_book.hpp"

namespace caravan::tools {

boost::json::value as_json(const AttributeValue& value);
/// By name, in alphabetical order.
boost::json::object as_json(const Attributes& attributes, const NameBook& names);
/// One line, printable: texts without quotes, times without their T and Z, lists and maps as JSON.
std::string as_text(const AttributeValue& value);
/// The text of an attribute; empty where there is none or it is no text.
std::string text_attribute(const Attributes& attributes, const NameBook& names, std::string_view name);

}  // namespace caravan::tools
