#pragma once
// The routes under /v1, a function a part of the API; each is in the file of its name (routes_accounts.cpp). `desk`
// outlives them.

#include "engine/api/desk.hpp"

namespace caravan::api {

std::vector<Route> account_routes(Desk& desk);
std::vector<Route> people_routes(Desk& desk);
std::vector<Route> event_routes(Desk& desk);
std::vector<Route> import_routes(Desk& desk);
std::vector<Route> journey_routes(Desk& desk);
std::vector<Route> publication_routes(Desk& desk);
std::vector<Route> enrollment_routes(Desk& desk);
std::vector<Route> delivery_routes();
std::vector<Route> group_routes(Desk& desk);
/// Audiences, lists and destinations.
std::vector<Route> member_routes();
/// What happened to an account, a person or in an enrollment.
std::vector<Route> timeline_routes();
std::vector<Route> scenario_routes(Desk& desk);
std::vector<Route> audit_routes();

/// The answer that all routes have which name something that need not be there, and the like.
Answer problem_answer(unsigned status, std::string description);
/// Those that a write may have beside its own: 409, 422 and 503.
std::vector<Answer> with_write_problems(std::vector<Answer> answers);

}  // namespace caravan::api
