// Reads the SMTP channel's settings, the password among them, and keeps the password out of everything that is said.

#include "engine/channels/smtp_settings.hpp"

#include <cstdlib>
#include <fstream>

#include "engine/channels/transfer_encoding.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_reason = 400;
constexpr std::size_t longest_password = 4096;

[[noreturn]] void refuse(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

std::string file_content(const std::string& setting, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content(longest_password, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad() || (file.fail() && !file.eof())) refuse(setting + ": the file " + path + " cannot be read");
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

std::string read_password(const SmtpChannel& definition) {
  if (!definition.password_env.empty()) {
    const char* value = std::getenv(definition.password_env.c_str());
    if (value == nullptr) refuse("password_env: the environment variable " + definition.password_env + " is not set");
    return value;
  }
  if (!definition.password_file.empty()) {
    std::string password = file_content("password_file", definition.password_file);
    while (password.ends_with('\n') || password.ends_with('\r'))
      password.pop_back();
    if (password.empty()) refuse("password_file: the file " + definition.password_file + " is empty");
    return password;
  }
  refuse("user: there is neither password_env nor password_file to say where the password of " + definition.user +
         " is");
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

void replace_all(std::string& text, std::string_view what) {
  if (what.empty()) return;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), "***");
    at += 3;
  }
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
  if (!settings.ca_file.empty()) file_content("ca_file", settings.ca_file);
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
  if (!settings.password.empty()) {
    using namespace std::string_literals;
    replace_all(text, to_base64("\0"s + settings.user + "\0"s + settings.password));
    replace_all(text, to_base64(settings.password));
    replace_all(text, settings.password);
  }
  text = clean_utf8(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; }, ' ');
  if (text.size() > longest_reason) text = clean_utf8(text.substr(0, longest_reason)) + "…";
  return text;
}

}  // namespace caravan
