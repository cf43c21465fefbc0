#pragma once
// The members of a JSON body, read one by one: what is of another type, is missing or is not known is refused with the
// member's name.

#include <boost/json/object.hpp>

#include "engine/api/message.hpp"

namespace caravan::api {

class JsonBody {
 public:
  /// An empty body is an empty object. Throws Refused where it is no JSON object, or is nested deeper than 16.
  explicit JsonBody(const Request& request);

  /// Empty where it is missing or null.
  std::string text(std::string_view name);
  /// Refused where it is missing or empty.
  std::string required_text(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  std::vector<std::string> texts(std::string_view name);
  /// One of `words`; the first where it is missing.
  std::string choice(std::string_view name, const std::vector<std::string>& words);

  /// Throws Refused where there are members that nobody has asked for.
  void finish();

 private:
  const boost::json::value* find(std::string_view name);

  boost::json::object object_;
  std::vector<std::string> asked_;
};

/// The whole body as JSON. Throws Refused.
boost::json::value parse_body(const Request& request);

[[noreturn]] void refuse_member(std::string_view name, const std::string& what);

}  // namespace caravan::api
