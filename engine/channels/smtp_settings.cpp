// Reads the SMTP channel's settings, the password among them, and keeps the password out of everything that is said.

#include "engine/channels/smtp_settings.hpp"

#include "engine/channels/secrets.hpp"
#include "engine/channels/transfer_encoding.hpp"

namespace caravan {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

std::string read_password(const SmtpChannel& definition) {
  if (definition.password_env.empty() && definition.password_file.empty()) {
    refuse("user: there is neither password_env nor password_file to say where the password of " + definition.user +
           " is");
  }
  return read_secret({.env_setting = "password_env",
                      .env = definition.password_env,
                      .file_setting = "password_file",
                      .file = definition.password_file});
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                  c == '_' || c == ':';
         });
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

}  // namespace

SmtpSettings read_settings(const SmtpChannel& definition) {
  if (!is_host(definition.host)) refuse("host: \"" + definition.host + "\" is no name or address of a mail server");
  if (definition.port < 1 || definition.port > 65'535) {
    refuse("port: " + std::to_string(definition.port) + " is not between 1 and 65535");
  }
  SmtpSettings settings;
  const bool bracketed = definition.host.find(':') != std::string::npos;
  settings.server = (bracketed ? "[" + definition.host + "]" : definition.host) + ":" + std::to_string(definition.port);
  settings.security = definition.security;
  settings.url = (definition.security == TransportSecurity::tls ? "smtps://" : "smtp://") + settings.server;
  settings.ca_file = definition.ca_file;
  if (!settings.ca_file.empty()) expect_readable("ca_file", settings.ca_file);
  if (definition.user.empty()) return settings;
  if (definition.security == TransportSecurity::none && !is_this_machine(definition.host)) {
    refuse("security: with \"none\" the password would go to " + settings.server +
           " in the clear; use starttls or tls");
  }
  settings.user = definition.user;
  settings.password = read_password(definition);
  return settings;
}

std::string without_secrets(std::string text, const SmtpSettings& settings) {
  std::vector<std::string> secrets;
  if (!settings.password.empty()) {
    using namespace std::string_literals;
    secrets = {to_base64("\0"s + settings.user + "\0"s + settings.password), to_base64(settings.password),
               settings.password};
  }
  return without_secrets(std::move(text), secrets);
}

}  // namespace caravan
