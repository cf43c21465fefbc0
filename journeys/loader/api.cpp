// `api:` of caravan.yaml:
//
//     api: {listen: 127.0.0.1:8080, tokens: required, tls: {certificate: api.pem, key: api.key}}
#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> token_choices = {"required", "none"};

/// An IPv4 address, or an IPv6 address in brackets.
bool is_address(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return false;
    text = text.substr(1, text.size() - 2);
    return text.find(':') != std::string_view::npos &&
           text.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string_view::npos;
  }
  std::size_t dots = 0;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.' && digits > 0) {
      ++dots;
      digits = 0;
    } else if (c < '0' || c > '9' || ++digits > 3) {
      return false;
    }
  }
  return dots == 3 && digits > 0;
}

bool is_of_this_machine(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

/// `127.0.0.1:8080` or `[::1]:8080`
void read_listen(const yaml::Entry& entry, ApiDefinition& api, Diagnostics& diagnostics) {
  const std::optional<std::string> text = read_text(entry, diagnostics);
  if (!text) return;
  const std::size_t colon = text->rfind(':');
  const std::string_view host = std::string_view(*text).substr(0, colon);
  const std::string_view digits = colon == std::string::npos ? "" : std::string_view(*text).substr(colon + 1);
  std::int64_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool is_number = error != std::errc::invalid_argument && end == digits.data() + digits.size();
  const bool is_port = is_number && error == std::errc() && port >= 0 && port <= 65'535;
  if (host == "localhost") {
    api.address = "127.0.0.1";
  } else if (is_address(host)) {
    api.address = host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
  } else {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " takes an IP address of this machine and a port",
                      "for example `127.0.0.1:8080`, or `0.0.0.0:8080` for every address");
    return;
  }
  if (!is_port) {
    if (is_number)
      diagnostics.error(entry.value.place, std::string(digits) + " is no port",
                        "ports are 1 to 65535, and 0 is any that is free");
    else
      diagnostics.error(entry.value.place, "no port stands behind the address", "for example `127.0.0.1:8080`");
    return;
  }
  api.port = port;
}

void read_tls(const yaml::Entry& entry, ApiDefinition& api, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* file = fields.require("certificate", "`tls`", entry.key_place))
    api.tls_certificate = read_text(*file, diagnostics).value_or("");
  if (const yaml::Entry* file = fields.require("key", "`tls`", entry.key_place))
    api.tls_key = read_text(*file, diagnostics).value_or("");
  fields.finish();
}

void read_proxies(const yaml::Entry& entry, ApiDefinition& api, Diagnostics& diagnostics) {
  if (!entry.value.is(yaml::Kind::sequence)) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be a list of IP addresses",
                      "for example `[127.0.0.1]`");
    return;
  }
  for (const yaml::Node& each : entry.value.items) {
    if (!each.is(yaml::Kind::scalar) || !(is_address(each.text) || is_address("[" + each.text + "]"))) {
      diagnostics.error(each.place, "this is no IP address", "for example `127.0.0.1`");
      continue;
    }
    api.trusted_proxies.push_back(each.text);
  }
}

}  // namespace

void read_api(const yaml::Entry& entry, ApiDefinition& api, Diagnostics& diagnostics) {
  api.written = true;
  api.place = entry.key_place;
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* listen = fields.find("listen")) read_listen(*listen, api, diagnostics);
  if (const yaml::Entry* tokens = fields.find("tokens"))
    api.needs_token = read_choice(*tokens, token_choices, diagnostics) != "none";
  if (const yaml::Entry* tls = fields.find("tls")) read_tls(*tls, api, diagnostics);
  if (const yaml::Entry* proxies = fields.find("trusted_proxies")) read_proxies(*proxies, api, diagnostics);
  fields.take_number("connections", 1, 100'000, api.connections);
  fields.take_number("body_bytes", 1'024, 67'108'864, api.body_bytes);
  fields.take_number("requests_per_second", 0, 1'000'000, api.requests_per_second);
  fields.finish();
  if (!api.needs_token && !is_of_this_machine(api.address)) {
    diagnostics.warning(api.place, "whoever reaches " + api.address + " may do everything: no token is asked for",
                        "`tokens: required`, and `caravan token create` for whoever asks");
  }
  if (api.needs_token && api.tls_certificate.empty() && !is_of_this_machine(api.address)) {
    diagnostics.warning(api.place, "tokens go over the network in the clear",
                        "add `tls`, or listen on 127.0.0.1 behind a proxy that has it");
  }
}

}  // namespace caravan::loader
