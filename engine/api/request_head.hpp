#pragma once
// The head of a request as it came over the wire: what of it is refused before anybody looks at its meaning.

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "engine/api/server.hpp"

namespace caravan::api {

using HeadParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

/// What to tell a client whose bytes are no request, or too long a one.
Problem problem_of(const boost::system::error_code& error);

/// Nothing where it may go on.
std::optional<Problem> fault_of(const HeadParser& parser);

Head head_of(const HeadParser& parser, std::string peer);

}  // namespace caravan::api
