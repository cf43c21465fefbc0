#include "engine/channels/secrets.hpp"

#include <cstdlib>
#include <fstream>

#include "engine/channels/transfer_encoding.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_reason = 400;
constexpr std::size_t longest_secret = 4096;

std::string file_content(const std::string& setting, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content(longest_secret, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    throw std::runtime_error(setting + ": the file " + path + " cannot be read");
  }
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

}  // namespace

std::string read_secret(const SecretSource& source) {
  if (!source.env.empty()) {
    const char* value = std::getenv(source.env.c_str());
    if (value == nullptr) {
      throw std::runtime_error(source.env_setting + ": the environment variable " + source.env + " is not set");
    }
    if (*value == '\0')
      throw std::runtime_error(source.env_setting + ": the environment variable " + source.env + " is empty");
    return value;
  }
  if (source.file.empty()) return {};
  std::string secret = file_content(source.file_setting, source.file);
  while (secret.ends_with('\n') || secret.ends_with('\r'))
    secret.pop_back();
  if (secret.empty()) throw std::runtime_error(source.file_setting + ": the file " + source.file + " is empty");
  return secret;
}

void expect_readable(const std::string& setting, const std::string& file) {
  file_content(setting, file);
}

void take_out(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
    at += 3;
  }
}

std::string without_secrets(std::string text, std::span<const std::string> secrets) {
  for (const std::string& secret : secrets)
    take_out(text, secret);
  text = clean_utf8(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; }, ' ');
  if (text.size() > longest_reason) text = clean_utf8(text.substr(0, longest_reason)) + "…";
  return text;
}

}  // namespace caravan
