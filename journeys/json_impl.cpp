// Boost.JSON is compiled once, here, from its headers.

#include <boost/json/src.hpp>
