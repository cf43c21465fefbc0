#pragma once
// What lists of enrollments and deliveries are filtered by: a journey, one of its versions, a node of it.

#include "engine/api/route.hpp"
#include "storage/store.hpp"

namespace caravan::api {

/// The versions that `journey` and `version` name; nothing where neither was given. Throws Refused where there is no
/// such journey or version, or a version without a journey.
std::optional<std::vector<VersionRecord>> versions_asked_for(const Request& request, Scene& scene);

/// The parameters that it reads.
std::vector<QueryParameter> version_parameters();

}  // namespace caravan::api
