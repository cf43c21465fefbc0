#pragma once
// Secrets come from the environment or from files, never from a workspace, and they stay out of everything that is
// said. What channels to mail servers and to connections have in common.

namespace caravan {

/// The settings that say where a secret is, and what they are called.
struct SecretSource {
  std::string env_setting;  ///< `password_env`
  std::string env;          ///< the environment variable; empty: none
  std::string file_setting;
  std::string file;  ///< empty: none
};

/// The secret without line ends behind it; empty when the source names neither a variable nor a file. Throws
/// std::runtime_error naming the setting when it cannot be read or is empty.
std::string read_secret(const SecretSource& source);

/// Throws std::runtime_error naming the setting when the file cannot be read.
void expect_readable(const std::string& setting, const std::string& file);

/// `text` as it may be kept and shown: without the secrets, in UTF-8, on one line, and not too long.
std::string without_secrets(std::string text, std::span<const std::string> secrets);

/// Puts `***` in the place of the secret wherever it stands.
void take_out(std::string& text, std::string_view secret);

}  // namespace caravan
