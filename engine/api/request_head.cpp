#include "engine/api/request_head.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace caravan::api {

namespace http = boost::beast::http;

Problem problem_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return {431, "headers-too-long", "the headers of the request are too long"};
  return {400, "malformed-request", "this is no request of HTTP/1.1: " + error.message()};
}

// Ambiguous lengths are how requests are smuggled past a proxy.
std::optional<Problem> fault_of(const HeadParser& parser) {
  const auto& request = parser.get();
  if (request.count(http::field::transfer_encoding) > 0) {
    if (request.count(http::field::content_length) > 0)
      return Problem{400, "malformed-request", "a request has a Content-Length or a Transfer-Encoding, not both"};
    const bool is_chunked = request.count(http::field::transfer_encoding) == 1 && request.version() == 11 &&
                            boost::beast::iequals(request[http::field::transfer_encoding], "chunked");
    if (!is_chunked) return Problem{400, "malformed-request", "the only Transfer-Encoding that is taken is chunked"};
  }
  if (request.count(http::field::host) != 1 && request.version() >= 11)
    return Problem{400, "malformed-request", "a request of HTTP/1.1 has one Host header"};
  if (request.version() != 10 && request.version() != 11)
    return Problem{400, "malformed-request", "this server speaks HTTP/1.1"};
  return std::nullopt;
}

Head head_of(const HeadParser& parser, std::string peer) {
  Head head{std::string(parser.get().method_string()), std::string(parser.get().target()), {}, std::move(peer)};
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    for (char& c : name)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    head.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return head;
}

}  // namespace caravan::api
