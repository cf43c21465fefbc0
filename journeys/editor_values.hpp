#pragma once
// What the values of keys look like to a JSON Schema: names, durations, expressions and the like.

#include <boost/json/object.hpp>

namespace caravan::editor {

/// `{"$ref": "#/$defs/NAME"}`
boost::json::object reference_to(std::string_view name);

/// The schema of a value by the name that the table of documents and the shapes of nodes have for it; nothing when
/// there is no such value. It may refer to other values and to parts.
std::optional<boost::json::object> value_definition(std::string_view name);

}  // namespace caravan::editor
