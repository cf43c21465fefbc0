#pragma once
// An archive file: blocks, each with a hash of itself and of all before it, by which it is known whose it is.

#include "storage/archive.hpp"
#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

/// A block of an archive, without what is in it.
struct ArchiveBlock {
  std::int64_t sequence = 0;
  TokenId first;  ///< its first enrollment
  TokenId last;
  std::int64_t enrollments = 0;
  std::int64_t rows = 0;
  Instant from{};  ///< when the first of them ended
  Instant to{};
  std::string ids;  ///< which enrollments, packed

  bool has(TokenId enrollment) const;
};

class ArchiveFile {
 public:
  /// Opens the archive `record.file` of a store, or makes it where `access` says so. Throws StoreError.
  ArchiveFile(const std::filesystem::path& store_file, const std::string& installation, const ArchiveRecord& record,
              Access access);

  /// The blocks that are of the store's own history, oldest first. `problem` says where there are fewer than the store
  /// knows of.
  std::vector<ArchiveBlock> own_blocks(std::string& problem);
  /// What is in a block. Throws StoreError where it is damaged.
  std::vector<EnrollmentHistory> content(std::int64_t sequence);
  /// Appends; returns when all is on the disk.
  ArchiveRecord append(std::span<const EnrollmentHistory> history);

 private:
  struct Link {
    std::int64_t past = 0;
    ArchiveBlock block;
  };
  std::vector<ArchiveBlock> chain_to(std::int64_t here, const std::unordered_map<std::int64_t, Link>& links) const;
  void make_layout();
  void expect_layout();
  void expect_end();
  bool mend_block(std::int64_t here, std::int64_t past, const std::string& content);
  void append_block(std::span<const EnrollmentHistory> history);
  [[noreturn]] void fail(const std::string& what) const;

  ArchiveRecord record_;
  const std::int64_t start_;  ///< the hash before the first block
  Connection connection_;
};

}  // namespace caravan::sqlite
