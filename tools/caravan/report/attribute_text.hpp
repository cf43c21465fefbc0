#pragma once
// Attributes of a record as people read them.

#include "engine/report/attributes_json.hpp"

namespace caravan::tools {

/// One line, printable: texts without quotes, times without their T and Z, lists and maps as JSON.
std::string as_text(const AttributeValue& value);
/// The text of an attribute; empty where there is none or it is no text.
std::string text_attribute(const Attributes& attributes, const NameBook& names, std::string_view name);

}  // namespace caravan::tools
