#pragma once
// What routes are asked about and lists are filtered by, the same everywhere: an account, a person, a journey, one of
// its versions, a stretch of time.

#include "engine/api/route.hpp"
#include "storage/store.hpp"

namespace caravan::api {

/// Those that the path names by `key`, or by `id`. Throw Refused where there is none.
AccountRecord account_named(const Request& request, Scene& scene);
PersonRecord person_named(const Request& request, Scene& scene);
TokenRecord enrollment_named(const Request& request, Scene& scene);

/// The versions that `journey` and `version` name; nothing where neither was given. Throws Refused where there is no
/// such journey or version, or a version without a journey.
std::optional<std::vector<VersionRecord>> versions_asked_for(const Request& request, Scene& scene);
/// The parameters that it reads.
std::vector<QueryParameter> version_parameters();

/// `since` and `until`. Throws Refused.
Span span_of(const Request& request);
/// The parameters that it reads; `what` is told of them: `Entered`.
std::vector<QueryParameter> span_parameters(const std::string& what);

/// The parameters of all of these.
std::vector<QueryParameter> together(std::initializer_list<std::vector<QueryParameter>> parts);

}  // namespace caravan::api
