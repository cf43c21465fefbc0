// `links:` of caravan.yaml:
//
//     links:
//       url: https://go.example.com
//       key_env: LINK_KEY
//       origins: [https://www.example.com]
#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view host = text.substr(0, colon);
  const bool is_host =
      !host.empty() && host.front() != '.' && host.front() != '-' && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      });
  if (!is_host || colon == std::string_view::npos) return is_host;
  const std::string_view digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() && port >= 1 && port <= 65'535;
}

/// Within this machine, where nobody listens in on the way.
bool is_local(std::string_view authority) {
  const std::string_view host = authority.substr(0, authority.find(':'));
  return host == "localhost" || host == "127.0.0.1";
}

/// `https://www.example.com`, in lower case as browsers tell it; `path` is what may stand behind it.
bool is_origin(std::string_view text, std::string_view& path) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return false;
  const std::size_t end = std::min(text.find('/', scheme), text.size());
  path = text.substr(end);
  return is_host_and_port(text.substr(scheme, end - scheme));
}

void check_url(const yaml::Entry& entry, std::string& url, Diagnostics& diagnostics) {
  while (url.ends_with('/'))
    url.pop_back();
  std::string_view path;
  const bool fits = is_origin(url, path) && std::all_of(path.begin(), path.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             std::string_view("/-._~").find(c) != std::string_view::npos;
                    });
  constexpr std::size_t longest = 200;
  if (!fits || url.size() > longest) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be where the API is reached from outside",
                      "`https://` and a host in lower case, such as `https://go.example.com`");
  } else if (url.starts_with("http://") && !is_local(std::string_view(url).substr(7, url.find('/', 7) - 7))) {
    diagnostics.warning(entry.value.place, "links that are not `https` can be read and changed on their way",
                        "mail programs offer no unsubscribing in one click for them");
  }
}

/// The port that a scheme has anyway, which browsers leave out; empty: the origin has none, or another.
std::string_view default_port(std::string_view origin) {
  for (const std::string_view port : {std::string_view(":443"), std::string_view(":80")}) {
    if (origin.starts_with(port == ":443" ? "https://" : "http://") && origin.ends_with(port)) return port;
  }
  return {};
}

void read_origins(const yaml::Entry& entry, std::vector<std::string>& origins, Diagnostics& diagnostics) {
  if (!is_list(entry, diagnostics)) return;
  for (const yaml::Node& each : entry.value.items) {
    if (each.is(yaml::Kind::broken)) continue;
    std::string_view path;
    if (!each.is(yaml::Kind::scalar) || !is_origin(each.text, path) || !path.empty()) {
      diagnostics.error(each.place, "an origin is the beginning of a page's address, up to its path",
                        "`https://` and a host in lower case, such as `https://www.example.com`");
      continue;
    }
    if (const std::string_view port = default_port(each.text); !port.empty()) {
      diagnostics.error(each.place, "browsers leave the port out where it is " + std::string(port.substr(1)),
                        "write `" + each.text.substr(0, each.text.size() - port.size()) + "`");
      continue;
    }
    origins.push_back(each.text);
  }
}

}  // namespace

void read_links(const yaml::Entry& entry, LinksDefinition& links, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* url = fields.require("url", "`links`", entry.key_place)) {
    links.url = read_text(*url, diagnostics).value_or("");
    if (url->value.is(yaml::Kind::scalar)) check_url(*url, links.url, diagnostics);
  }
  const std::vector<yaml::Entry>& entries = entry.value.entries;
  const bool is_refused =
      std::any_of(entries.begin(), entries.end(), [](const auto& each) { return each.key == "key"; });
  if (!take_secret(fields, "key", links.key_env, links.key_file, diagnostics) && !is_refused) {
    diagnostics.error(entry.key_place, "`links` need a key that signs them",
                      "add `key_env` or `key_file`; `openssl rand -base64 32` makes a good key");
  }
  fields.take_flag("opens", links.opens);
  fields.take_flag("clicks", links.clicks);
  if (const yaml::Entry* origins = fields.find("origins")) read_origins(*origins, links.origins, diagnostics);
  fields.finish();
}

}  // namespace caravan::loader
