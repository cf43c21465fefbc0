// What is said of a workspace's files, and of the secrets that caravan.yaml names. No secret is shown.

#include <cerrno>
#include <cstdlib>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "tools/caravan/doctor/finding.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

/// A place of a secret, as caravan.yaml names it.
struct SecretPlace {
  std::string setting;
  std::string env;
  std::string file;
};

std::vector<SecretPlace> secrets_of(const ConfigurationDefinition& configuration) {
  std::vector<SecretPlace> places;
  const auto add = [&](const std::string& setting, const std::string& env, const std::string& file) {
    if (!env.empty()) places.push_back({setting + "_env", env, ""});
    if (!file.empty()) places.push_back({setting + "_file", "", file});
  };
  if (const auto* smtp = std::get_if<SmtpChannel>(&configuration.email.transport))
    add("channels: email: password", smtp->password_env, smtp->password_file);
  for (const auto& [name, connection] : configuration.connections) {
    add("connections: " + name + ": secret", connection.secret_env, connection.secret_file);
    add("connections: " + name + ": token", connection.token_env, connection.token_file);
  }
  add("links: key", configuration.links.key_env, configuration.links.key_file);
  if (!configuration.api.tls_key.empty()) places.push_back({"api: tls: key", "", configuration.api.tls_key});
  return places;
}

/// The variables of a process that have a value; nothing where this user may not see them.
std::optional<std::set<std::string>> variables_of(std::int64_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
  if (!file) return std::nullopt;
  std::set<std::string> names;
  for (std::string word; std::getline(file, word, '\0');) {
    const std::size_t sign = word.find('=');
    if (sign != std::string::npos && sign + 1 < word.size()) names.insert(word.substr(0, sign));
  }
  return names;
}

void check_variable(const SecretPlace& secret, const std::optional<StoreWriter>& writer, Findings& to) {
  const auto variables = writer ? variables_of(writer->process) : std::nullopt;
  if (variables) {
    if (variables->contains(secret.env)) return;
    to.push_back({Health::fault, "secrets", secret.setting + ": the engine that runs was started without " + secret.env,
                  "set it where the engine is started (systemd: EnvironmentFile=), and start it anew"});
    return;
  }
  const char* value = std::getenv(secret.env.c_str());
  if (value != nullptr && *value != '\0') return;
  to.push_back({Health::warning, "secrets", secret.setting + ": " + secret.env + " is not set here",
                "set it where the engine is started; whether it is there, this user cannot tell"});
}

void check_secret_file(const SecretPlace& secret, Findings& to) {
  struct stat state {};
  if (::stat(secret.file.c_str(), &state) != 0) {
    to.push_back({Health::fault, "secrets",
                  secret.setting + ": " + secret.file + " cannot be looked at: " + std::strerror(errno),
                  "make the file, readable by the user that the engine runs as"});
  } else if (state.st_size == 0) {
    to.push_back(
        {Health::fault, "secrets", secret.setting + ": " + secret.file + " is empty", "put the secret into it"});
  } else if ((state.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    to.push_back({Health::fault, "secrets", secret.setting + ": everybody on this machine can read " + secret.file,
                  "chmod o= " + shell_word(secret.file) + ", and change the secret where others may have seen it"});
  } else if (::access(secret.file.c_str(), R_OK) != 0) {
    to.push_back({Health::warning, "secrets", secret.setting + ": this user cannot read " + secret.file,
                  "the user that the engine runs as must be able to"});
  }
}

void check_files(const Workspace& workspace, Findings& to) {
  std::int64_t of_configuration = 0;
  for (const Diagnostic& each : workspace.diagnostics.sorted()) {
    const bool is_error = each.severity == Severity::error && each.place.file != nullptr;
    if (is_error && std::filesystem::path(each.place.file->path).filename() == "caravan.yaml") ++of_configuration;
  }
  const auto errors = static_cast<std::int64_t>(workspace.diagnostics.errors());
  const std::string to_do = "`caravan check " + shell_word(workspace.root.string()) + "` shows them";
  if (of_configuration > 0) {
    to.push_back(
        {Health::fault, "workspace",
         "caravan.yaml has " + counted(of_configuration, "error", "errors") + ": an engine does not start with it",
         to_do});
  } else if (errors > 0) {
    to.push_back({Health::warning, "workspace",
                  "the files have " + counted(errors, "error", "errors") +
                      ": what was published runs on, and nothing new can be published",
                  to_do});
  } else {
    to.push_back({Health::ok, "workspace", workspace.root.string() + ": caravan.yaml and all other files check"});
  }
}

}  // namespace

void check_workspace(const Workspace& workspace, const std::optional<StoreWriter>& writer, Findings& to) {
  check_files(workspace, to);
  const std::vector<SecretPlace> secrets = secrets_of(workspace.configuration);
  const std::size_t before = to.size();
  for (const SecretPlace& secret : secrets) {
    if (secret.env.empty())
      check_secret_file(secret, to);
    else
      check_variable(secret, writer, to);
  }
  if (to.size() == before && !secrets.empty())
    to.push_back({Health::ok, "secrets",
                  counted(static_cast<std::int64_t>(secrets.size()), "secret is", "secrets are") + " there"});
}

}  // namespace caravan::tools
