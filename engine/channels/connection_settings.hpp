#pragma once
// What calls over a connection need to know, read and checked once when it is made: a setting that cannot work stops
// the start, not the first call.

#include "journeys/definitions.hpp"

namespace caravan {

struct ConnectionSettings {
  std::string name;
  std::string url;    ///< without a slash at its end
  std::string query;  ///< what stood behind it in the URL, from its question mark on; goes along with every call
  std::string host;   ///< for messages
  std::vector<std::pair<std::string, std::string>> headers;
  std::string secret;  ///< empty: calls are not signed
  std::string token;   ///< empty: none
  std::chrono::milliseconds timeout{};
  std::chrono::milliseconds longest_rest{};  ///< what a Retry-After may ask for at most
  bool allow_private = false;
  std::string ca_file;
};

/// Throws std::runtime_error naming the connection and the setting: a URL that is none, a secret that is not there, a
/// token that would go over the network in the clear, a header that is the engine's own to write.
ConnectionSettings read_settings(const ConnectionDefinition& definition);

/// `text` without the secret and the token, on one line, and not too long to keep.
std::string without_secrets(std::string text, const ConnectionSettings& settings);

/// The host of a URL; `base` is the URL that a relative one was answered by. Empty when there is none.
std::string host_of(const std::string& url, const std::string& base = {});

}  // namespace caravan
