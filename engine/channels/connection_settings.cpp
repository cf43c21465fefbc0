#include "engine/channels/connection_settings.hpp"

#include <curl/curl.h>

#include "engine/channels/secrets.hpp"

namespace caravan {
namespace {

/// What the engine writes itself, or what would break how a call is framed.
constexpr std::array<std::string_view, 7> own_headers = {
    "authorization", "caravan-signature", "connection",       "content-length",
    "expect",        "idempotency-key",   "transfer-encoding"};

class Url {
 public:
  Url() : handle_(curl_url()) {
    if (!handle_) throw std::bad_alloc();
  }
  bool set(const std::string& text) { return curl_url_set(handle_.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK; }
  std::string part(CURLUPart part) const {
    char* text = nullptr;
    if (curl_url_get(handle_.get(), part, &text, 0) != CURLUE_OK) return {};
    std::string copy = text;
    curl_free(text);
    return copy;
  }

 private:
  struct CleanUp {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
  };
  std::unique_ptr<CURLU, CleanUp> handle_;
};

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7F'; });
}

/// Throws what is wrong, behind the connection's name and the setting's.
class SettingsReader {
 public:
  explicit SettingsReader(const ConnectionDefinition& definition) : definition_(definition) {}

  ConnectionSettings read() {
    settings_.name = definition_.name;
    settings_.timeout = definition_.timeout;
    settings_.longest_rest = definition_.retry.longest;
    settings_.allow_private = definition_.allow_private;
    settings_.ca_file = definition_.ca_file;
    if (!settings_.ca_file.empty()) expect_readable(setting("ca_file"), settings_.ca_file);
    read_url();
    read_headers();
    settings_.secret =
        read_secret({setting("secret_env"), definition_.secret_env, setting("secret_file"), definition_.secret_file});
    read_token();
    return std::move(settings_);
  }

 private:
  std::string setting(std::string_view name) const {
    return "connection " + definition_.name + ": " + std::string(name);
  }
  [[noreturn]] void refuse(std::string_view name, const std::string& sentence) const {
    throw std::runtime_error(setting(name) + ": " + sentence);
  }

  void read_url() {
    Url url;
    const bool is_url = url.set(definition_.url);
    const std::string scheme = url.part(CURLUPART_SCHEME);
    settings_.host = url.part(CURLUPART_HOST);
    if (!is_url || (scheme != "https" && scheme != "http") || settings_.host.empty()) {
      refuse("url", "\"" + definition_.url + "\" is no URL that can be called; write https://, a host and a path");
    }
    if (!url.part(CURLUPART_USER).empty() || !url.part(CURLUPART_PASSWORD).empty()) {
      refuse("url", "user and password do not belong into a URL; use token_env");
    }
    is_encrypted_ = scheme == "https";
    const std::string_view whole = std::string_view(definition_.url).substr(0, definition_.url.find('#'));
    const std::size_t query = std::min(whole.find('?'), whole.size());
    settings_.url = whole.substr(0, query);
    settings_.query = whole.substr(query);
    while (settings_.url.ends_with('/'))
      settings_.url.pop_back();
  }

  void read_headers() {
    for (const auto& [name, value] : definition_.headers) {
      if (!is_header_name(name) || !is_header_value(value)) {
        refuse("headers", "\"" + name +
                              "\" is no header that can be sent: a name is letters, digits and dashes, a "
                              "value one line");
      }
      const std::string lower = lower_case(name);
      if (lower == "authorization") refuse("headers", "Authorization is a secret; use token_env or token_file");
      if (std::find(own_headers.begin(), own_headers.end(), lower) != own_headers.end()) {
        refuse("headers", name + " is written by the engine itself; leave it out");
      }
    }
    settings_.headers = definition_.headers;
  }

  void read_token() {
    settings_.token =
        read_secret({setting("token_env"), definition_.token_env, setting("token_file"), definition_.token_file});
    if (settings_.token.empty()) return;
    const std::string_view source = definition_.token_env.empty() ? "token_file" : "token_env";
    if (!is_header_value(settings_.token)) refuse(source, "the token is more than one line");
    if (!is_encrypted_ && !definition_.allow_private) {
      refuse(source, "the token would go to " + settings_.host + " in the clear; use https");
    }
  }

  const ConnectionDefinition& definition_;
  ConnectionSettings settings_;
  bool is_encrypted_ = false;
};

}  // namespace

ConnectionSettings read_settings(const ConnectionDefinition& definition) {
  return SettingsReader(definition).read();
}

std::string without_secrets(std::string text, const ConnectionSettings& settings) {
  return without_secrets(std::move(text), std::array{settings.secret, settings.token});
}

std::string host_of(const std::string& url, const std::string& base) {
  if (url.empty()) return {};
  Url parts;
  if (!base.empty() && !parts.set(base)) return {};
  if (!parts.set(url)) return {};
  return parts.part(CURLUPART_HOST);
}

}  // namespace caravan
