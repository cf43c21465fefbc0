#include "engine/channels/channels.hpp"

#include "engine/channels/connection.hpp"
#include "engine/channels/file_channel.hpp"
#include "engine/channels/smtp_channel.hpp"

namespace caravan {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

MailWay mail_way(asio::io_context& io, const EmailChannelDefinition& email, const fs::path& root,
                 const fs::path& outbox) {
  if (!outbox.empty()) return {make_file_channel(io, outbox), email.in_doubt};
  if (const auto* file = std::get_if<FileChannel>(&email.transport)) {
    return {make_file_channel(io, root / file->folder), email.in_doubt};
  }
  return {make_smtp_channel(io, std::get<SmtpChannel>(email.transport), static_cast<std::size_t>(email.connections)),
          email.in_doubt};
}

/// `folder` replaces where the texts go when it is not empty.
std::optional<TextWay> text_way(asio::io_context& io, const std::optional<TextChannelDefinition>& text,
                                const fs::path& root, const fs::path& folder) {
  if (!text) return std::nullopt;
  if (!folder.empty()) return TextWay{make_text_file_channel(io, folder), {}, text->in_doubt};
  if (text->connection.empty()) return TextWay{make_text_file_channel(io, root / text->folder), {}, text->in_doubt};
  return TextWay{nullptr, text->connection, text->in_doubt};
}

}  // namespace

Channels make_channels(asio::io_context& io, const ConfigurationDefinition& configuration, const fs::path& root,
                       const fs::path& outbox) {
  const auto inside = [&](const char* name) { return outbox.empty() ? fs::path() : outbox / name; };
  Channels channels;
  channels.email = mail_way(io, configuration.email, root, outbox);
  channels.email.links = make_mail_links(configuration.links);
  channels.sms = text_way(io, configuration.sms, root, inside("sms"));
  channels.chat = text_way(io, configuration.chat, root, inside("chat"));
  for (const auto& [name, definition] : configuration.connections)
    channels.connections.emplace(name, CallWay{make_connection(io, definition), definition.retry});
  return channels;
}

std::function<void()> renewal(Channels& channels, const ConfigurationDefinition& configuration) {
  std::vector<std::function<void()>> renewals;
  const auto add = [&](Channel& channel) {
    if (std::function<void()> renew = channel.renewal(configuration)) renewals.push_back(std::move(renew));
  };
  add(*channels.email.channel);
  for (const auto& [name, way] : channels.connections)
    add(*way.channel);
  return [renewals = std::move(renewals)] {
    for (const std::function<void()>& renew : renewals)
      renew();
  };
}

}  // namespace caravan
