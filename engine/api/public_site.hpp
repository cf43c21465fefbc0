#pragma once
// What forms and page views have in common: whoever can reach the address can send anything, so that each is taken from
// the pages that caravan.yaml names alone, not too often, and kept small.

#include "engine/api/public_routes.hpp"

namespace caravan::api {

inline constexpr std::size_t kLongestSent = 65'536;

struct Site {
  std::shared_ptr<PublicDesk> desk;
  RateLimiter often;

  bool is_ours(const std::string& origin) const;
};
using SharedSite = std::shared_ptr<Site>;

/// Who sends something, and how they want to be answered.
struct Sender {
  std::string origin;       ///< empty: of no page that is known
  bool is_browser = false;  ///< a form that was sent without a script: people read the answer
};

/// `https://www.example.com` of the address of a page; empty where it has none.
std::string origin_of(std::string_view url);
/// The origin of the page that sends this, as the browser says; throws Refused where it is none of ours.
std::string expect_origin(const Site& site, const Request& request);
/// Throws Refused where the sender's network has sent enough.
void expect_not_too_often(Site& site, const Request& request);
/// The page that has sent something may read the answer.
void allow_origin(Response& response, const std::string& origin);

/// The members of a JSON object that hold one value, as texts. Throws Refused.
Fields json_fields(const std::string& body);
/// The value of a field, which is taken out; empty where there is none.
std::string take_field(Fields& fields, std::string_view name);
/// Whose token it is; empty for none.
std::string visitor_of(const Site& site, std::string_view token);

Problem busy();
/// A refusal that the page which has sent this may read.
Response refusal_for(const Sender& sender, const Problem& problem);

/// What a route that takes something from pages answers with: `done`, or why it does not.
std::vector<Answer> answers_of_site(Answer done);
/// Whether a page may send what browsers ask for first.
Route preflight_route(const SharedSite& site, const char* path, const char* id);

}  // namespace caravan::api
