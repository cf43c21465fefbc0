#pragma once
// Which route a request is for, and whether it may: by its method and path, its token and scope, how often its sender
// has asked, and the query that the route knows.

#include "engine/api/rate_limiter.hpp"
#include "engine/api/server.hpp"
#include "engine/api/target.hpp"
#include "engine/api/tokens.hpp"

namespace caravan::api {

struct DispatchRules {
  enum class Tokens {
    required,
    once_made,  ///< whoever is on this machine needs none until `caravan token` has made the first
    none,       ///< whoever reaches the address may do everything
  };
  Tokens tokens = Tokens::once_made;
  bool is_local = true;                           ///< nobody but this machine reaches the address
  std::vector<std::string> trusted_proxies = {};  ///< whose X-Forwarded-For is believed
  std::int64_t requests_per_second = 0;           ///< of one token or, without, of one network; 0: any number
};

class Dispatcher {
 public:
  /// `tokens` outlives it.
  Dispatcher(std::vector<Route> routes, TokenBook& tokens, DispatchRules rules);

  /// `now` is the machine's time: that by which tokens expire.
  std::variant<Admitted, Declined> admit(Head head, Instant now);

  const std::vector<Route>& routes() const { return routes_; }

  /// The rules from now on.
  void renew(DispatchRules rules);

 private:
  struct Place {
    PathPattern pattern;
    std::vector<const Route*> routes;  ///< one a method
  };
  static bool answers_pages(const Place& place);
  bool wants_page(const Request& request, const std::string& path) const;
  const Place* find_place(const std::vector<std::string>& segments, Fields& parameters) const;
  static const Route& route_at(const Place& place, Method method, const std::string& path);
  void expect_allowed(const Route& route, Request& request, const std::string& sender, Instant now);
  static void expect_no_other_page(const Request& request);
  static void expect_local(const Request& request, const std::string& sender);
  void expect_not_too_often(const Request& request);
  std::string peer_of(const std::string& sender, const Fields& headers) const;

  const std::vector<Route> routes_;
  std::vector<Place> places_;
  bool has_pages_ = false;  ///< for people, at some of them
  TokenBook& tokens_;
  DispatchRules rules_;
  std::optional<RateLimiter> limiter_;
};

/// Whether it is an address of this machine alone; a name that looks like one is none.
bool is_of_this_machine(const std::string& address);

/// Without what stands behind it, in lower case: `application/json` of `Application/JSON; charset=utf-8`.
std::string media_type(std::string_view header);

/// Throws Refused where a content type is none that the body may have.
void expect_content_type(const Route& route, const Request& request);
/// Throws Refused where a body is to come that is longer than the route takes.
void expect_length(const Route& route, const Request& request);

}  // namespace caravan::api
