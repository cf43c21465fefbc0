#pragma once
// Archives of a store: what enrollments that ended long ago did, in compressed files in a folder beside it, so that it
// can be let go of in the store and is still told.
//
// A file holds what was let go in one month of the engine's time: an SQLite database with blocks of many enrollments,
// each compressed as a whole. The store knows of each file how far it goes (ArchiveRecord), by a hash of all blocks
// that are its own: what lies in the file besides, such as what was put there by a store that an older copy has taken
// the place of since, or just before a crash, is never taken for its own. A block is on the disk before what it holds
// is let go.

#include "storage/store.hpp"

namespace caravan {

/// All that is let go of one enrollment, with its own token, which stays.
struct EnrollmentHistory {
  TokenRecord enrollment;
  std::vector<TokenRecord> people;
  std::vector<RunRecord> runs;             ///< of all of these, in order
  std::vector<DeliveryRecord> deliveries;  ///< the same
  std::vector<NoteRecord> notes;           ///< in the order of time
  bool operator==(const EnrollmentHistory&) const = default;

  std::int64_t rows() const {
    return static_cast<std::int64_t>(people.size() + runs.size() + deliveries.size() + notes.size());
  }
};

/// What an enrollment did, as a reader tells it.
EnrollmentHistory history_of(Reader& reader, const TokenRecord& enrollment);

/// Where the archives of a store are: `NAME.db-archive`, beside it.
std::filesystem::path archive_folder(const std::filesystem::path& store_file);

/// Appends `history`, which is in the order of enrollments, to the archive `file` of a store, and returns how far that
/// goes then, when it is on the disk. `before` is how far the store says it goes; for a file that the store does not
/// know, only the name counts. Until the store says what is returned, it is as if nothing had been done. Throws
/// StoreError.
ArchiveRecord archive(const std::filesystem::path& store_file, const std::string& installation,
                      const ArchiveRecord& before, std::span<const EnrollmentHistory> history);

/// What an archive file has, for a report.
struct ArchiveFigures {
  std::filesystem::path file;
  std::int64_t enrollments = 0;
  std::int64_t rows = 0;
  std::optional<Instant> from;  ///< when the first of them ended
  std::optional<Instant> to;    ///< the last
  std::uintmax_t bytes = 0;
  std::string problem;  ///< why it cannot be read, and what to do; then there are no other figures than the store's
};
std::vector<ArchiveFigures> archive_figures(const std::filesystem::path& store_file, const std::string& installation,
                                            const HistoryRecord& history);

/// Reads archives. One thread at a time uses it.
class Archives {
 public:
  /// Those of the store that `history` was read of.
  Archives(std::filesystem::path store_file, std::string installation, const HistoryRecord& history);
  ~Archives();
  Archives(const Archives&) = delete;
  Archives& operator=(const Archives&) = delete;

  /// What an enrollment did; null when no file has it. Valid until the next call.
  const EnrollmentHistory* find(TokenId enrollment);
  /// Which of them cannot be read, and what to do; empty: all can, as far as they were looked into.
  const std::string& problem() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads the SQLite store `file` and, of what was let go in it, what the archives of `store_file` hold: they are the
/// same, or `file` is a snapshot of the other and what came of it. Throws StoreError.
std::unique_ptr<Reader> archived_reader(const std::filesystem::path& file, const std::filesystem::path& store_file);

}  // namespace caravan
