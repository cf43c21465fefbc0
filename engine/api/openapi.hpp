#pragma once
// The OpenAPI 3.1 document, made of the routes and schemas() alone.

#include <boost/json/object.hpp>

#include "engine/api/route.hpp"

namespace caravan::api {

/// `version` is the program's.
boost::json::object openapi_document(std::span<const Route> routes, std::string_view version);

}  // namespace caravan::api
