// `connections:` of caravan.yaml:
//
//     crm:
//       url: https://crm.example.com/hooks
//       headers: {X-Source: caravan}
//       secret_env: CRM_SECRET
//       timeout: 10s
//       retry: {attempts: 12, first: 1m, longest: 4h}
#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

/// Whether `[host]:port` names a host, and a port if any that there is.
bool is_host_and_port(std::string_view text) {
  const std::size_t behind_host = text.starts_with('[') ? text.find(']') : 0;
  if (behind_host == std::string_view::npos) return false;
  const std::size_t colon = text.find(':', behind_host);
  if (colon == 0 || text.empty() || text == "[]") return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() && port >= 1 && port <= 65'535;
}

void check_url(const yaml::Entry& entry, std::string_view url, Diagnostics& diagnostics) {
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  const std::string_view rest = url.substr(scheme);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    diagnostics.error(entry.value.place, "a secret never stands in this file",
                      "take the user and the password out of the URL; a bearer token comes from `token_env` or "
                      "`token_file`");
  } else if (scheme == 0 || !is_visible(url) || !is_host_and_port(authority)) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be a URL of HTTP",
                      "for example `https://crm.example.com/hooks`");
  } else if (url.find('#') != std::string_view::npos) {
    diagnostics.error(entry.value.place, "what stands behind `#` in a URL is never sent", "take it out");
  }
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  });
}

void check_header(const yaml::Entry& header, std::string_view value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> secrets = {"authorization", "proxy-authorization", "cookie"};
  constexpr std::array<std::string_view, 8> own = {"caravan-signature", "connection",       "content-length",
                                                   "content-type",      "expect",           "host",
                                                   "idempotency-key",   "transfer-encoding"};
  const std::string name = in_lower_case(header.key);
  if (!is_header_name(header.key)) {
    diagnostics.error(header.key_place, "the name of a header is letters, digits and dashes");
  } else if (std::find(secrets.begin(), secrets.end(), name) != secrets.end()) {
    diagnostics.error(header.key_place, "a secret never stands in this file",
                      "a bearer token comes from `token_env` or `token_file`");
  } else if (std::find(own.begin(), own.end(), name) != own.end()) {
    diagnostics.error(header.key_place, "the engine sets the header " + in_ticks(header.key) + " itself");
  } else if (std::any_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; })) {
    diagnostics.error(header.value.place, in_ticks(header.key) + " must be one line");
  }
}

void read_headers(const yaml::Entry& entry, ConnectionDefinition& connection, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  for (const yaml::Entry& header : entry.value.entries) {
    const std::optional<std::string> value = read_text(header, diagnostics);
    if (!value) continue;
    check_header(header, *value, diagnostics);
    connection.headers.emplace_back(header.key, *value);
  }
}

ConnectionDefinition read_connection(const yaml::Entry& entry, Diagnostics& diagnostics) {
  ConnectionDefinition connection;
  connection.name = entry.key;
  connection.place = entry.key_place;
  if (!is_mapping(entry, diagnostics)) return connection;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* url = fields.require("url", "a connection", entry.key_place)) {
    connection.url = read_text(*url, diagnostics).value_or("");
    if (url->value.is(yaml::Kind::scalar)) check_url(*url, connection.url, diagnostics);
  }
  if (const yaml::Entry* headers = fields.find("headers")) read_headers(*headers, connection, diagnostics);
  take_secret(fields, "secret", connection.secret_env, connection.secret_file, diagnostics);
  take_secret(fields, "token", connection.token_env, connection.token_file, diagnostics);
  fields.refuse_secret("password", "token");
  fields.take_duration("timeout", milliseconds(100), minutes(5), connection.timeout);
  take_retry(fields, "retry", connection.retry, diagnostics);
  fields.take_number("connections", 1, 64, connection.connections);
  fields.take_flag("allow_private", connection.allow_private);
  fields.take_text("ca_file", connection.ca_file);
  fields.finish();
  return connection;
}

}  // namespace

void read_connections(Loading& loading, const yaml::Entry& entry) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_mapping(entry, diagnostics)) return;
  for (const yaml::Entry& one : entry.value.entries) {
    check_name(one.key, one.key_place, NameStyle::words, "the name of a connection", diagnostics);
    loading.workspace.configuration.connections.emplace(one.key, read_connection(one, diagnostics));
  }
}

}  // namespace caravan::loader
