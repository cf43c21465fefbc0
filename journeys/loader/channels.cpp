// `channels:` of caravan.yaml:
//
//     email: {type: smtp, host: mail.example.com, user: caravan, password_env: MAIL_PASSWORD}
//     sms: {type: connection, connection: texts, address: phone}
//     chat: {type: file, folder: outbox, address: chat_id}
#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> transports = {"file", "smtp"};
constexpr std::array<std::string_view, 2> text_transports = {"file", "connection"};
constexpr std::array<std::string_view, 3> securities = {"starttls", "tls", "none"};
constexpr std::array<std::string_view, 2> in_doubt_choices = {"retry", "hold"};

void take_in_doubt(Fields& fields, InDoubt& in_doubt, Diagnostics& diagnostics) {
  const yaml::Entry* entry = fields.find("in_doubt");
  if (entry != nullptr && read_choice(*entry, in_doubt_choices, diagnostics) == "hold") in_doubt = InDoubt::hold;
}

SmtpChannel read_smtp_channel(Fields& fields, const Place& owner, Diagnostics& diagnostics) {
  SmtpChannel channel;
  if (const yaml::Entry* host = fields.require("host", "an `smtp` channel", owner)) {
    channel.host = read_text(*host, diagnostics).value_or("");
  }
  fields.take_number("port", 1, 65'535, channel.port);
  if (const yaml::Entry* entry = fields.find("security")) {
    const std::optional<std::string> choice = read_choice(*entry, securities, diagnostics);
    if (choice == "tls") channel.security = TransportSecurity::tls;
    if (choice == "none") channel.security = TransportSecurity::none;
  }
  fields.take_text("user", channel.user);
  const bool has_password = take_secret(fields, "password", channel.password_env, channel.password_file, diagnostics);
  fields.take_text("ca_file", channel.ca_file);
  if (!channel.user.empty() && !has_password) {
    diagnostics.error(fields.find("user")->key_place, "a `user` needs a password",
                      "add `password_env` or `password_file`");
  }
  if (channel.user.empty() && has_password) diagnostics.error(owner, "a password needs a `user`");
  return channel;
}

void read_email_channel(const yaml::Entry& entry, EmailChannelDefinition& email, Diagnostics& diagnostics) {
  email.place = entry.key_place;
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  std::optional<std::string> type;
  if (const yaml::Entry* written = fields.require("type", "`email`", entry.key_place)) {
    type = read_choice(*written, transports, diagnostics);
  }
  fields.take_text("from", email.from);
  fields.take_number("connections", 1, 64, email.connections);
  take_in_doubt(fields, email.in_doubt, diagnostics);
  if (!type) return;  // without it nobody knows which keys there are
  if (*type == "file") {
    FileChannel channel;
    fields.take_text("folder", channel.folder);
    email.transport = std::move(channel);
  } else {
    email.transport = read_smtp_channel(fields, entry.key_place, diagnostics);
  }
  fields.finish();
}

/// An SMS or a chat channel.
TextChannelDefinition read_text_channel(Loading& loading, const yaml::Entry& entry) {
  Diagnostics& diagnostics = loading.diagnostics;
  TextChannelDefinition channel{entry.key_place, "", "", "", InDoubt::retry};
  if (!is_mapping(entry, diagnostics)) return channel;
  Fields fields(entry.value, diagnostics);
  const std::string owner = in_ticks(entry.key);
  std::optional<std::string> type;
  if (const yaml::Entry* written = fields.require("type", owner, entry.key_place)) {
    type = read_choice(*written, text_transports, diagnostics);
  }
  if (const yaml::Entry* address = fields.require("address", owner, entry.key_place)) {
    channel.address = read_attribute_name(loading, *address, AttributeOf::people, AttributeType::text).value_or("");
  }
  take_in_doubt(fields, channel.in_doubt, diagnostics);
  if (!type) return channel;  // without it nobody knows which keys there are
  if (*type == "file") {
    channel.folder = FileChannel{}.folder;
    fields.take_text("folder", channel.folder);
  } else if (const yaml::Entry* connection = fields.require("connection", owner, entry.key_place)) {
    channel.connection =
        read_configured(loading, *connection, loading.workspace.configuration.connections, "connection").value_or("");
  }
  fields.finish();
  return channel;
}

}  // namespace

void read_channels(Loading& loading, const yaml::Entry& entry) {
  Diagnostics& diagnostics = loading.diagnostics;
  ConfigurationDefinition& configuration = loading.workspace.configuration;
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* email = fields.find("email")) read_email_channel(*email, configuration.email, diagnostics);
  if (const yaml::Entry* sms = fields.find("sms")) configuration.sms = read_text_channel(loading, *sms);
  if (const yaml::Entry* chat = fields.find("chat")) configuration.chat = read_text_channel(loading, *chat);
  fields.finish();
}

}  // namespace caravan::loader
