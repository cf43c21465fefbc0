#include "engine/api/tokens.hpp"

#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journeys/duration.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kPrefix = "caravan_";
constexpr std::size_t kIdLetters = 10;
constexpr std::size_t kSecretLetters = 43;  ///< of 62: 256 bits
constexpr std::uintmax_t kGreatestFile = std::uintmax_t{16} << 20U;

std::string random_letters(std::size_t count) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  while (text.size() < count) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) throw std::runtime_error("the machine gives no random numbers");
    // Of 256 values the last 8 would make some letters likelier than others.
    if (byte < 4 * letters.size()) text += letters[byte % letters.size()];
  }
  return text;
}

std::string hash_of(std::string_view secret) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  if (EVP_Digest(secret.data(), secret.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not to be had");
  std::string text;
  for (const unsigned char byte : digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

/// The id within a secret; empty when it has not the form of one.
std::string_view id_in(std::string_view secret) {
  if (secret.size() != kPrefix.size() + kIdLetters + 1 + kSecretLetters || !secret.starts_with(kPrefix) ||
      secret[kPrefix.size() + kIdLetters] != '_')
    return {};
  return secret.substr(kPrefix.size(), kIdLetters);
}

Instant time_in(const json::value& value) {
  const std::optional<Instant> at = parse_instant(std::string(value.as_string()));
  if (!at) throw std::runtime_error("a time that is none");
  return *at;
}

Token token_in(const json::object& object) {
  Token token{std::string(object.at("id").as_string()),
              std::string(object.at("name").as_string()),
              std::string(object.at("sha256").as_string()),
              {},
              time_in(object.at("created_at")),
              {}};
  for (const json::value& word : object.at("scopes").as_array()) {
    const std::optional<Scope> scope = scope_named(std::string(word.as_string()));
    if (!scope) throw std::runtime_error("a scope that is none");
    token.scopes.push_back(*scope);
  }
  if (const json::value* at = object.if_contains("expires_at")) token.expires_at = time_in(*at);
  return token;
}

json::object as_json(const Token& token) {
  json::array scopes;
  for (const Scope scope : token.scopes)
    scopes.emplace_back(name_of(scope));
  json::object object{{"id", token.id},
                      {"name", token.name},
                      {"sha256", token.hash},
                      {"scopes", std::move(scopes)},
                      {"created_at", to_text(token.created_at)}};
  if (token.expires_at) object["expires_at"] = to_text(*token.expires_at);
  return object;
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw std::runtime_error(file.string() + ": " + what);
}

[[noreturn]] void fail_with_errno(const std::filesystem::path& file, const std::string& what) {
  fail(file, what + ": " + std::generic_category().message(errno));
}

/// What tells one file from the one that was put in its place; empty where there is none. Throws std::runtime_error.
std::string look_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0)
    return std::to_string(status.st_ino) + "." + std::to_string(status.st_size) + "." +
           std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
  if (errno == ENOENT) return {};
  fail_with_errno(file, "cannot be looked at");
}

void write_all(int descriptor, std::string_view text, const std::filesystem::path& file) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0) fail_with_errno(file, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) fail_with_errno(file, "cannot be written");
}

}  // namespace

bool Token::may(Scope scope) const {
  if (scope == Scope::anyone) return true;
  return std::any_of(scopes.begin(), scopes.end(), [&](Scope each) { return each == scope || each == Scope::admin; });
}

NewToken make_token(std::string name, std::vector<Scope> scopes, Instant now, std::optional<Instant> expires_at) {
  NewToken made;
  made.token = {random_letters(kIdLetters), std::move(name), {}, std::move(scopes), now, expires_at};
  made.secret = std::string(kPrefix) + made.token.id + "_" + random_letters(kSecretLetters);
  made.token.hash = hash_of(made.secret);
  return made;
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::anyone: return "anyone";
    case Scope::read: return "read";
    case Scope::ingest: return "ingest";
    case Scope::operate: return "operate";
    case Scope::admin: return "admin";
  }
  return "";
}

std::optional<Scope> scope_named(std::string_view word) {
  for (const Scope scope : {Scope::read, Scope::ingest, Scope::operate, Scope::admin}) {
    if (word == name_of(scope)) return scope;
  }
  return std::nullopt;
}

std::filesystem::path tokens_file(const std::filesystem::path& database) {
  std::filesystem::path file = database;
  file += ".tokens";
  return file;
}

std::vector<Token> read_tokens(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  if (error) fail(file, "cannot be read: " + error.message());
  if (size > kGreatestFile) fail(file, "is too large to be a file of tokens");
  std::ifstream stream(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream) fail(file, "cannot be read: this user may not");
  try {
    std::vector<Token> tokens;
    const json::value file_value = json::parse(text);
    for (const json::value& each : file_value.as_object().at("tokens").as_array())
      tokens.push_back(token_in(each.as_object()));
    return tokens;
  } catch (const std::exception&) {
    fail(file, "is no file of tokens; put back one that `caravan token` has made, or take it away and make new ones");
  }
}

void write_tokens(const std::filesystem::path& file, const std::vector<Token>& tokens) {
  json::array all;
  for (const Token& token : tokens)
    all.push_back(as_json(token));
  const std::string text = json::serialize(json::object{{"tokens", std::move(all)}}) + "\n";
  std::filesystem::path next = file;
  next += ".next";
  // In a folder that others may write to, what lies there already is never followed nor kept.
  ::unlink(next.c_str());
  const int descriptor = ::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) fail_with_errno(next, "cannot be written");
  try {
    // Whoever owns the database runs the daemon, which must read what an administrator writes.
    struct stat database {};
    std::filesystem::path beside = file;
    beside.replace_extension();
    if (::geteuid() == 0 && ::stat(beside.c_str(), &database) == 0 &&
        ::fchown(descriptor, database.st_uid, database.st_gid) != 0)
      fail_with_errno(next, "cannot be given to the owner of the database");
    write_all(descriptor, text, next);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
  if (::rename(next.c_str(), file.c_str()) != 0) fail_with_errno(file, "cannot be written");
}

void change_tokens(const std::filesystem::path& file, const std::function<void(std::vector<Token>&)>& change) {
  // The folder itself is what is locked: a file for that would stay behind.
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail_with_errno(folder, "cannot be opened");
  const std::shared_ptr<void> closed(nullptr, [descriptor](void*) { ::close(descriptor); });
  if (::flock(descriptor, LOCK_EX) != 0) fail_with_errno(folder, "cannot be locked");
  std::vector<Token> tokens = read_tokens(file);
  change(tokens);
  write_tokens(file, tokens);
  if (::fsync(descriptor) != 0) fail_with_errno(folder, "cannot be written");
}

TokenBook::TokenBook(std::filesystem::path file) : file_(std::move(file)) {
  const std::string look = look_of(file_);
  tokens_ = read_tokens(file_);
  look_ = look;
}

/// The mutex is held. A file that cannot be read leaves what was known: nobody gets in who could not before.
void TokenBook::look() {
  try {
    const std::string look = look_of(file_);
    if (look == look_) return;
    tokens_ = read_tokens(file_);
    look_ = look;
    told_.clear();
    spdlog::info("{}: {} tokens", file_.string(), tokens_.size());
  } catch (const std::runtime_error& failure) {
    if (told_ != failure.what()) spdlog::error("{}; the tokens of before stay", failure.what());
    told_ = failure.what();
  }
}

std::optional<Token> TokenBook::find(std::string_view secret, Instant now) {
  const std::string_view id = id_in(secret);
  if (id.empty()) return std::nullopt;
  const std::string hash = hash_of(secret);
  const std::lock_guard lock(mutex_);
  look();
  for (const Token& token : tokens_) {
    if (token.id != id || token.hash.size() != hash.size()) continue;
    const bool is_right = CRYPTO_memcmp(token.hash.data(), hash.data(), hash.size()) == 0;
    const bool is_over = token.expires_at && *token.expires_at <= now;
    return is_right && !is_over ? std::optional(token) : std::nullopt;
  }
  return std::nullopt;
}

bool TokenBook::is_there() {
  const std::lock_guard lock(mutex_);
  look();
  return !look_.empty();
}

bool TokenBook::knows(std::string_view id, Instant now) {
  const std::lock_guard lock(mutex_);
  look();
  return std::any_of(tokens_.begin(), tokens_.end(),
                     [&](const Token& each) { return each.id == id && (!each.expires_at || *each.expires_at > now); });
}

}  // namespace caravan::api
