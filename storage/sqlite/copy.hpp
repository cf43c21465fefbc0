#pragma once
// Copies of databases, page by page as they are committed, and what SQLite thinks of one.

#include "storage/copying.hpp"
#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

/// A state of a database that stays as it is while others write. While it is held, the write-ahead log grows.
class PinnedDatabase {
 public:
  /// Throws StoreError.
  explicit PinnedDatabase(const std::filesystem::path& file);
  Connection& connection() { return connection_; }
  std::uintmax_t bytes();

 private:
  Connection connection_;
};

/// Writes that state into the file `to`, which must not be there, and brings it to the disk. It needs no file beside
/// it, whatever the original was. Throws StoreError; then there may be half of it.
void copy_database(Connection& pinned, const std::filesystem::path& to, const CopyProgress& progress);

/// What is wrong with a file: the first of SQLite's sentences; empty when it finds nothing. Does not throw for a file
/// that is no database, or cannot be read.
std::vector<std::string> damage_in(const std::filesystem::path& file, Thoroughness thoroughness);

/// Throws StoreError where something is, naming the file; `to_do` is what follows then.
void expect_sound(const std::filesystem::path& file, Thoroughness thoroughness, const std::string& to_do);

/// In hexadecimal.
std::string sha256_of(const std::filesystem::path& file, const CopyProgress& progress);

}  // namespace caravan::sqlite
