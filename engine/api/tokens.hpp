#pragma once
// Who may ask the API for what: tokens with scopes, kept in a file beside the database as hashes, so that whoever reads
// the file cannot use them. `caravan token` makes and revokes them while the daemon runs, which looks at the file anew
// when it has changed.

#include <filesystem>
#include <mutex>

#include "engine/api/route.hpp"

namespace caravan::api {

struct Token {
  std::string id;    ///< the public part of its secret
  std::string name;  ///< who has it: in the audit trail and in logs
  std::string hash;  ///< SHA-256 of the secret, in hexadecimal
  std::vector<Scope> scopes;
  Instant created_at{};
  std::optional<Instant> expires_at;  ///< nothing: never
  bool operator==(const Token&) const = default;

  /// `admin` may do everything.
  bool may(Scope scope) const;
};

/// A token and its secret, which is shown once and kept nowhere.
struct NewToken {
  Token token;
  std::string secret;  ///< `caravan_ID_...`: 256 random bits
};
NewToken make_token(std::string name, std::vector<Scope> scopes, Instant now, std::optional<Instant> expires_at);

/// Nothing for a word that is none. `anyone` is none.
std::optional<Scope> scope_named(std::string_view word);

/// Where a database's tokens are kept.
std::filesystem::path tokens_file(const std::filesystem::path& database);

/// None where there is no file. Throws std::runtime_error, naming the file, when it cannot be read or is not what
/// write_tokens() makes.
std::vector<Token> read_tokens(const std::filesystem::path& file);
/// In place of what was there, at once and for its owner alone. Throws std::runtime_error.
void write_tokens(const std::filesystem::path& file, const std::vector<Token>& tokens);

/// Reads, changes and writes them while nobody else does: of two at once none loses the other's change. Throws
/// std::runtime_error.
void change_tokens(const std::filesystem::path& file, const std::function<void(std::vector<Token>&)>& change);

/// The tokens of a running daemon. Safe to use from any thread.
class TokenBook {
 public:
  /// Throws as read_tokens() does.
  explicit TokenBook(std::filesystem::path file);

  /// Whose secret it is; nothing when it is nobody's or has expired.
  std::optional<Token> find(std::string_view secret, Instant now);
  /// Whether there ever was one: the file stays when the last is revoked.
  bool is_there();
  /// Whether the token of that id is known and not over.
  bool knows(std::string_view id, Instant now);

 private:
  void look();

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::vector<Token> tokens_;
  std::string look_;  ///< of the file that was read; empty: there was none
  std::string told_;  ///< of one that could not be, which was told
};

}  // namespace caravan::api
