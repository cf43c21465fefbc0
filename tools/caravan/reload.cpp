#include "tools/caravan/reload.hpp"

namespace caravan::tools {
namespace {

auto values(const RetryDefinition& retry) {
  return std::tie(retry.attempts, retry.first, retry.longest);
}

auto values(const LinksDefinition& links) {
  return std::tie(links.url, links.key_env, links.key_file, links.opens, links.clicks, links.origins);
}

/// Nothing for SMTP, whose server is read anew.
std::optional<std::string> folder_of(const EmailChannelDefinition& email) {
  const auto* files = std::get_if<FileChannel>(&email.transport);
  return files ? std::optional(files->folder) : std::nullopt;
}

bool differ(const EmailChannelDefinition& left, const EmailChannelDefinition& right) {
  return folder_of(left) != folder_of(right) || left.in_doubt != right.in_doubt ||
         left.connections != right.connections;
}

bool differ(const std::optional<TextChannelDefinition>& left, const std::optional<TextChannelDefinition>& right) {
  const auto values = [](const TextChannelDefinition& text) {
    return std::tie(text.folder, text.connection, text.in_doubt);
  };
  return left.has_value() != right.has_value() || (left && values(*left) != values(*right));
}

/// Those that are new or gone, and of the others how often and how many at once they are called.
void add_connections(const ConfigurationDefinition& started, const ConfigurationDefinition& read,
                     std::vector<std::string>& names) {
  for (const auto& [name, definition] : started.connections) {
    const auto found = read.connections.find(name);
    if (found == read.connections.end() || values(definition.retry) != values(found->second.retry) ||
        definition.connections != found->second.connections)
      names.push_back("connections: " + name);
  }
  for (const auto& [name, definition] : read.connections) {
    if (!started.connections.contains(name)) names.push_back("connections: " + name);
  }
}

}  // namespace

std::vector<std::string> settings_of_next_start(const ConfigurationDefinition& started,
                                                const ConfigurationDefinition& read) {
  std::vector<std::string> names;
  const auto add_if = [&](bool differs, std::string name) {
    if (differs) names.push_back(std::move(name));
  };
  add_if(started.database != read.database, "data: database");
  add_if(differ(started.email, read.email), "channels: email");
  add_if(differ(started.sms, read.sms), "channels: sms");
  add_if(differ(started.chat, read.chat), "channels: chat");
  add_connections(started, read, names);
  const ApiDefinition &was = started.api, &is = read.api;
  add_if(was.written != is.written || was.address != is.address || was.port != is.port, "api: listen");
  add_if(values(started.links) != values(read.links), "links");
  return names;
}

}  // namespace caravan::tools
