#pragma once
// Attributes as programs read them.

#include <boost/json/object.hpp>

#include "engine/name_book.hpp"

namespace caravan {

/// A whole number without a point or an exponent, as far as a double tells it from its neighbours.
boost::json::value number_as_json(double number);
boost::json::value as_json(const AttributeValue& value);
/// By name, in alphabetical order.
boost::json::object as_json(const Attributes& attributes, const NameBook& names);

}  // namespace caravan
