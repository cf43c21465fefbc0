#pragma once
// The JSON Schemas of what routes take and give, by name: the OpenAPI document's components.

#include <boost/json/object.hpp>

namespace caravan::api {

/// By name, each a JSON Schema of 2020-12 that may refer to others as `#/components/schemas/NAME`.
boost::json::object schemas();

}  // namespace caravan::api
