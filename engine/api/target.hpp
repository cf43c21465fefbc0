#pragma once
// The target of a request line (`/v1/accounts/acme%20inc?limit=10`), taken apart and decoded, and the paths of routes
// that it is matched with.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/message.hpp"

namespace caravan::api {

struct Target {
  std::string path;                   ///< as it came, without the query
  std::vector<std::string> segments;  ///< decoded; a `%2F` in one does not part it
  Fields query;                       ///< decoded; `+` is a space
};

/// Nothing when it is no path of RFC 3986, or holds a zero byte or what is no UTF-8 when decoded.
std::optional<Target> parse_target(std::string_view text);

/// A route's path: words, and `{name}` for what the request says.
class PathPattern {
 public:
  explicit PathPattern(std::string_view path);
  /// The parameters; nothing when the segments are those of another path. An empty segment is no parameter.
  std::optional<Fields> match(const std::vector<std::string>& segments) const;
  /// Names of the parameters, in order.
  std::vector<std::string> parameters() const;

 private:
  struct Segment {
    std::string text;
    bool is_parameter = false;
  };
  std::vector<Segment> segments_;
};

}  // namespace caravan::api
