#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> transports = {"file", "smtp"};
constexpr std::array<std::string_view, 3> securities = {"starttls", "tls", "none"};
constexpr std::array<std::string_view, 2> in_doubt_choices = {"retry", "hold"};

void take_text(Fields& fields, std::string_view key, std::string& into, Diagnostics& diagnostics) {
  if (const yaml::Entry* entry = fields.find(key)) into = read_text(*entry, diagnostics).value_or(into);
}

void take_number(Fields& fields, std::string_view key, std::int64_t least, std::int64_t most, std::int64_t& into,
                 Diagnostics& diagnostics) {
  if (const yaml::Entry* entry = fields.find(key))
    into = read_whole_number(*entry, least, most, diagnostics).value_or(into);
}

FileChannel read_file_channel(Fields& fields, Diagnostics& diagnostics) {
  FileChannel channel;
  take_text(fields, "folder", channel.folder, diagnostics);
  return channel;
}

SmtpChannel read_smtp_channel(Fields& fields, const Place& owner, Diagnostics& diagnostics) {
  SmtpChannel channel;
  if (const yaml::Entry* host = fields.require("host", "an `smtp` channel", owner)) {
    channel.host = read_text(*host, diagnostics).value_or("");
  }
  take_number(fields, "port", 1, 65'535, channel.port, diagnostics);
  if (const yaml::Entry* entry = fields.find("security")) {
    const std::optional<std::string> choice = read_choice(*entry, securities, diagnostics);
    if (choice == "tls") channel.security = TransportSecurity::tls;
    if (choice == "none") channel.security = TransportSecurity::none;
  }
  take_text(fields, "user", channel.user, diagnostics);
  take_text(fields, "password_env", channel.password_env, diagnostics);
  take_text(fields, "password_file", channel.password_file, diagnostics);
  take_text(fields, "ca_file", channel.ca_file, diagnostics);
  const bool has_password = !channel.password_env.empty() || !channel.password_file.empty();
  if (!channel.password_env.empty() && !channel.password_file.empty()) {
    diagnostics.error(fields.find("password_file")->key_place,
                      "the password comes from `password_env` or from `password_file`, not from both");
  }
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
  take_text(fields, "from", email.from, diagnostics);
  take_number(fields, "connections", 1, 64, email.connections, diagnostics);
  if (const yaml::Entry* in_doubt = fields.find("in_doubt")) {
    if (read_choice(*in_doubt, in_doubt_choices, diagnostics) == "hold") email.in_doubt = InDoubt::hold;
  }
  if (!type) return;  // without it nobody knows which keys there are
  if (*type == "file") email.transport = read_file_channel(fields, diagnostics);
  if (*type == "smtp") email.transport = read_smtp_channel(fields, entry.key_place, diagnostics);
  fields.finish();
}

}  // namespace

void read_configuration(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  ConfigurationDefinition& configuration = loading.workspace.configuration;
  Fields fields(document.root, diagnostics);
  if (const yaml::Entry* data = fields.find("data"); data != nullptr && is_mapping(*data, diagnostics)) {
    Fields data_fields(data->value, diagnostics);
    take_text(data_fields, "database", configuration.database, diagnostics);
    data_fields.finish();
  }
  if (const yaml::Entry* zone = fields.find("timezone")) {
    configuration.timezone = read_time_zone(*zone, diagnostics).value_or(configuration.timezone);
  }
  if (const yaml::Entry* channels = fields.find("channels");
      channels != nullptr && is_mapping(*channels, diagnostics)) {
    Fields channel_fields(channels->value, diagnostics);
    if (const yaml::Entry* email = channel_fields.find("email"))
      read_email_channel(*email, configuration.email, diagnostics);
    channel_fields.not_supported({"sms", "chat", "webhook"});
    channel_fields.finish();
  }
  fields.not_supported({"listen", "connections", "destinations"});
  fields.finish();
}

}  // namespace caravan::loader
