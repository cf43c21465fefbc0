#pragma once
// JSON as people read it.

#include <boost/json/value.hpp>

namespace caravan {

/// Indented by two spaces, what fits a line on one line. Ends in a line break.
std::string indented(const boost::json::value& value);

}  // namespace caravan
