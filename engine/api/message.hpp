#pragma once
// A request to the HTTP API and its answer as routes see them: plain values, without sockets. An answer that refuses is
// a Problem as RFC 9457 has it.

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caravan::api {

enum class Method { get, post, put, remove, options };

/// `GET`, as a request line and the OpenAPI document (in lower case) have it.
std::string_view name_of(Method method);

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::get;
  std::string path;           ///< as it came, without the query
  Fields parameters = {};     ///< of the route's path, decoded
  Fields query = {};          ///< decoded, in the order they came; a route knows every name
  Fields headers = {};        ///< names in lower case
  std::string body = {};      ///< empty where the route takes an upload
  std::string peer = {};      ///< the client's address, or the one that a trusted proxy tells
  std::string id = {};        ///< of the request: in logs, and in the answer's X-Request-Id
  std::string caller = {};    ///< the name of the token it came with; empty: none was asked for
  std::string token_id = {};  ///< the token's; empty: none was asked for
  bool is_head = false;       ///< HEAD: only the headers of the answer are wanted

  /// A part of the path; the route has it.
  const std::string& parameter(std::string_view name) const;
  /// Null where it was not given.
  const std::string* query_value(std::string_view name) const;
  const std::string* header(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  Fields headers = {};
  /// Further parts of the body, one a call, so that a long one need not be in memory; an empty one ends it.
  std::function<std::string()> rest = {};
};

/// A text of the sender's for a sentence: its first 80 bytes, with `?` for what is no ASCII.
std::string shown(std::string_view text);

/// `read, ingest`: words in a sentence.
std::string listed(const std::vector<std::string>& words);

/// Why a request is refused.
struct Problem {
  unsigned status = 400;
  std::string code;        ///< lower-case words joined by dashes, which a program may rely on: `unknown-account`
  std::string detail;      ///< a sentence: what is wrong and what to do
  std::string field = {};  ///< the parameter, header or member that is wrong; empty: none in particular
  std::optional<std::chrono::seconds> retry_after = {};
  std::string allow = {};  ///< of 405: the methods that there are
};

/// application/problem+json.
Response as_response(const Problem& problem);

/// Thrown by routes; becomes its answer.
class Refused : public std::runtime_error {
 public:
  explicit Refused(Problem problem) : std::runtime_error(problem.detail), problem_(std::move(problem)) {}
  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

}  // namespace caravan::api
