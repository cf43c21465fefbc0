#include "engine/api/dispatcher.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/rand.h>

#include "engine/api/public_pages.hpp"

namespace caravan::api {
namespace {

constexpr std::size_t kLongestRequestId = 64;

/// The sender's, where it can stand in a log; else a random one.
std::string request_id(const std::string* given) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.';
  };
  if (given && !given->empty() && given->size() <= kLongestRequestId &&
      std::all_of(given->begin(), given->end(), is_plain))
    return *given;
  std::array<unsigned char, 8> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string text;
  for (const unsigned char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::optional<Method> method_named(std::string_view word) {
  if (word == "HEAD") return Method::get;
  for (const Method method : {Method::get, Method::post, Method::put, Method::remove, Method::options}) {
    if (word == name_of(method)) return method;
  }
  return std::nullopt;
}

/// An IPv4 address that has come over IPv6 is itself.
std::string plain_address(const std::string& text) {
  constexpr std::string_view mapped = "::ffff:";
  return text.starts_with(mapped) && text.find('.') != std::string::npos ? text.substr(mapped.size()) : text;
}

}  // namespace

bool is_of_this_machine(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(plain_address(address), error);
  return !error && parsed.is_loopback();
}

std::string media_type(std::string_view header) {
  header = header.substr(0, header.find(';'));
  while (!header.empty() && header.back() == ' ')
    header.remove_suffix(1);
  std::string type(header);
  for (char& c : type)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type;
}

namespace {

void expect_known_query(const Route& route, const Request& request) {
  for (const auto& [name, value] : request.query) {
    const auto is_it = [&, wanted = std::string_view(name)](const QueryParameter& each) { return each.name == wanted; };
    if (std::none_of(route.query.begin(), route.query.end(), is_it)) {
      std::vector<std::string> known;
      for (const QueryParameter& each : route.query)
        known.push_back(each.name);
      throw Refused(
          {400, "unknown-parameter",
           "there is no parameter \"" + shown(name) + "\" here" + (known.empty() ? "" : "; there are " + listed(known)),
           shown(name)});
    }
    if (request.query_value(name) != &value)
      throw Refused({400, "repeated-parameter", "the parameter \"" + shown(name) + "\" is given twice", shown(name)});
  }
}

std::string_view host_in(std::string_view header) {
  if (header.starts_with('[')) return header.substr(0, header.find(']') + 1);
  return header.substr(0, header.find(':'));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

}  // namespace

void expect_content_type(const Route& route, const Request& request) {
  if (!route.body) return;
  const std::string* header = request.header("content-type");
  const std::string type = header ? media_type(*header) : "";
  const std::vector<std::string>& known = route.body->content_types;
  if (std::find(known.begin(), known.end(), type) != known.end()) return;
  // Nothing is sent, and nothing need be.
  const std::string* length = request.header("content-length");
  const bool has_body = (length && *length != "0") || request.header("transfer-encoding");
  if (type.empty() && !route.body->required && !has_body) return;
  throw Refused({415, "unsupported-media-type",
                 (type.empty() ? "the body has no Content-Type" : "a body of " + shown(type) + " is not taken") +
                     "; there is " + listed(known),
                 "Content-Type"});
}

void expect_length(const Route& route, const Request& request) {
  const std::string* length = request.header("content-length");
  if (!route.body || !length) return;
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(length->data(), length->data() + length->size(), bytes);
  if (error != std::errc() || bytes <= route.body->most_bytes) return;
  throw Refused(
      {413, "body-too-large",
       "the body is larger than " + std::to_string(route.body->most_bytes) + " bytes; no more are taken here"});
}

Dispatcher::Dispatcher(std::vector<Route> routes, TokenBook& tokens, DispatchRules rules)
    : routes_(std::move(routes)), tokens_(tokens) {
  std::map<std::string, std::size_t> known;
  for (const Route& route : routes_) {
    const auto [found, is_new] = known.emplace(route.path, places_.size());
    if (is_new) places_.push_back({PathPattern(route.path), {}});
    places_[found->second].routes.push_back(&route);
    has_pages_ = has_pages_ || route.answers_pages;
  }
  renew(std::move(rules));
}

void Dispatcher::renew(DispatchRules rules) {
  const bool is_other_rate = rules.requests_per_second != rules_.requests_per_second;
  rules_ = std::move(rules);
  if (!is_other_rate) return;
  limiter_.reset();
  const auto rate = static_cast<double>(rules_.requests_per_second);
  if (rules_.requests_per_second > 0) limiter_.emplace(rate, std::max(1.0, rate));
}

std::variant<Admitted, Declined> Dispatcher::admit(Head head, Instant now) {
  Request request{.path = {}, .headers = std::move(head.headers)};
  request.id = request_id(request.header("x-request-id"));
  bool is_for_people = false;
  const Route* route = nullptr;
  try {
    request.peer = peer_of(head.peer, request.headers);
    std::optional<Target> target = parse_target(head.target);
    if (!target) throw Refused({400, "malformed-request", "the target of the request is no path"});
    const Place* place = find_place(target->segments, request.parameters);
    is_for_people = place ? answers_pages(*place) : wants_page(request, target->path);
    if (!place) {
      throw Refused({404, "unknown-path",
                     "there is nothing at " + shown(target->path) + "; GET /v1/openapi.json says what there is"});
    }
    const std::optional<Method> method = method_named(head.method);
    if (!method) throw Refused({405, "method-not-allowed", "the method " + shown(head.method) + " is not known"});
    route = &route_at(*place, *method, target->path);
    request.method = *method;
    request.is_head = head.method == "HEAD";
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    expect_allowed(*route, request, head.peer, now);
    if (route->scope != Scope::anyone) expect_not_too_often(request);
    // Mail programs and networks add parameters of their own to links.
    if (route->scope != Scope::anyone) expect_known_query(*route, request);
    expect_content_type(*route, request);
    if (is_for_people) expect_length(*route, request);
    return Admitted{route, std::move(request)};
  } catch (const Refused& refused) {
    Response response = is_for_people ? as_page(refused.problem()) : as_response(refused.problem());
    response.headers.emplace_back("X-Request-Id", request.id);
    return Declined{std::move(response), route, std::move(request.caller), std::move(request.peer),
                    std::move(request.id)};
  }
}

bool Dispatcher::answers_pages(const Place& place) {
  return std::any_of(place.routes.begin(), place.routes.end(), [](const Route* route) { return route->answers_pages; });
}

/// Whether somebody may have come here by a link that was cut off.
bool Dispatcher::wants_page(const Request& request, const std::string& path) const {
  const std::string* accepted = request.header("accept");
  return has_pages_ && !path.starts_with("/v1") && accepted && accepted->find("text/html") != std::string::npos;
}

const Dispatcher::Place* Dispatcher::find_place(const std::vector<std::string>& segments, Fields& parameters) const {
  const Place* best = nullptr;
  for (const Place& place : places_) {
    std::optional<Fields> matched = place.pattern.match(segments);
    // Of two paths the one that says more in words: /v1/accounts/{key}/people before /v1/accounts/{key}/{part}.
    if (!matched || (best && matched->size() >= parameters.size())) continue;
    best = &place;
    parameters = std::move(*matched);
  }
  return best;
}

const Route& Dispatcher::route_at(const Place& place, Method method, const std::string& path) {
  std::string allowed;
  for (const Route* route : place.routes) {
    if (route->method == method) return *route;
    allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(route->method));
  }
  throw Refused({405,
                 "method-not-allowed",
                 "nothing is done at " + shown(path) + " by " + std::string(name_of(method)) + "; there is " + allowed,
                 "",
                 {},
                 allowed});
}

/// Who asks, and whether they may.
void Dispatcher::expect_allowed(const Route& route, Request& request, const std::string& sender, Instant now) {
  if (route.scope == Scope::anyone) return;
  const bool is_open = rules_.tokens == DispatchRules::Tokens::none ||
                       (rules_.tokens == DispatchRules::Tokens::once_made && !tokens_.is_there());
  if (is_open) {
    expect_no_other_page(request);
    if (rules_.is_local) expect_local(request, sender);
    return;
  }
  const std::string* header = request.header("authorization");
  constexpr std::string_view scheme = "bearer ";
  const bool is_bearer = header && header->size() > scheme.size() &&
                         media_type(header->substr(0, scheme.size())) == scheme.substr(0, scheme.size() - 1);
  if (!is_bearer) {
    throw Refused({401, "no-token",
                   "this asks for a token: `Authorization: Bearer ...`, which `caravan token create` makes",
                   "Authorization"});
  }
  const std::optional<Token> token = tokens_.find(trimmed(std::string_view(*header).substr(scheme.size())), now);
  if (!token) {
    throw Refused({401, "unknown-token", "the token is not known, was revoked or has expired", "Authorization"});
  }
  request.caller = token->name;
  request.token_id = token->id;
  if (!token->may(route.scope)) {
    throw Refused({403, "missing-scope",
                   "the token \"" + token->name + "\" has not the scope `" + std::string(name_of(route.scope)) +
                       "`, which this asks for"});
  }
}

/// A page that somebody looks at asks with their browser, which says for whom.
void Dispatcher::expect_no_other_page(const Request& request) {
  const std::string* site = request.header("sec-fetch-site");
  const std::string* origin = request.header("origin");
  const std::string* host = request.header("host");
  const bool is_own = !origin || (host && (*origin == "http://" + *host || *origin == "https://" + *host));
  if (is_own && (!site || *site == "same-origin" || *site == "none")) return;
  throw Refused({403, "foreign-page",
                 "without tokens no page of another origin may ask; `caravan token create` makes one", "Origin"});
}

/// A page in somebody's browser on this machine reaches the address as well, under a name of its own; and so does
/// everybody through a proxy on this machine.
void Dispatcher::expect_local(const Request& request, const std::string& sender) {
  const std::string* header = request.header("host");
  const std::string host(header ? host_in(*header) : std::string_view());
  const bool is_named = host == "localhost" || host == "[::1]" || is_of_this_machine(host);
  const bool is_forwarded = request.header("x-forwarded-for") || request.header("forwarded") || request.header("via");
  if (!is_named || is_forwarded || !is_of_this_machine(sender))
    throw Refused({421, "not-local",
                   "without tokens the API is for this machine alone, as localhost or 127.0.0.1; `caravan token "
                   "create` makes one",
                   "Host"});
}

void Dispatcher::expect_not_too_often(const Request& request) {
  if (!limiter_) return;
  const std::string name = request.caller.empty() ? network_of(request.peer) : request.caller;
  const auto wait = limiter_->take(name, std::chrono::steady_clock::now());
  if (!wait) return;
  throw Refused({429, "too-many-requests",
                 "more than " + std::to_string(rules_.requests_per_second) +
                     " requests a second (`api: requests_per_second` in caravan.yaml)",
                 "", std::chrono::ceil<std::chrono::seconds>(*wait)});
}

/// The last address that somebody wrote whom we do not know.
std::string Dispatcher::peer_of(const std::string& sender, const Fields& headers) const {
  const auto is_trusted = [&](const std::string& address) {
    return std::find(rules_.trusted_proxies.begin(), rules_.trusted_proxies.end(), address) !=
           rules_.trusted_proxies.end();
  };
  std::string written;
  for (const auto& [name, value] : headers) {
    if (name == "x-forwarded-for") written += (written.empty() ? "" : ",") + value;
  }
  std::string peer = plain_address(sender);
  std::string_view chain = written;
  while (is_trusted(peer) && !chain.empty()) {
    const std::size_t comma = chain.rfind(',');
    const std::string_view last = trimmed(comma == std::string_view::npos ? chain : chain.substr(comma + 1));
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(std::string(last), error);
    if (error) break;
    peer = plain_address(address.to_string());
    chain = comma == std::string_view::npos ? std::string_view() : chain.substr(0, comma);
  }
  return peer;
}

}  // namespace caravan::api
