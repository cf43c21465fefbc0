#pragma once
// The records of history that is let go: of which enrollments, and where it was put before. Part of
// storage/records.hpp, which is what to include.

#include "storage/identities.hpp"

namespace caravan {

/// That what an enrollment did is let go: its runs, deliveries and notes, and the tokens of its people. It has ended,
/// and its own token stays: by that a subject may enter again or not.
struct ForgottenHistory {
  TokenId enrollment;
  AccountId account;
  std::vector<TokenId> people;  ///< the tokens of its people
  Instant notes_until{};        ///< what is noted of it later is left alone
  bool operator==(const ForgottenHistory&) const = default;
};

/// Why nothing tells of an enrollment whose history is in no archive.
inline constexpr std::string_view kLetGo =
    "what it did was let go: it ended longer ago than `history` in caravan.yaml keeps, and was put into no archive";

/// An archive file (storage/archive.hpp), as the store knows it.
struct ArchiveRecord {
  std::string file;              ///< its name: `2026-11.db`
  std::int64_t past = 0;         ///< a hash of all that is in it of this store's history
  std::int64_t blocks = 0;       ///< in which that is
  std::int64_t enrollments = 0;  ///< that were put there
  bool operator==(const ArchiveRecord&) const = default;
};

/// What is let go with a transaction, and what is known from then on. No part of it is in the journal: a replay forgets
/// nothing.
struct HistoryUpkeep {
  std::vector<ForgottenHistory> forgotten;
  std::optional<ArchiveRecord> archive;  ///< the file that holds them; nothing: none does
  TokenId next;                          ///< of enrollments before it nothing is there to be let go; none: as it was
  std::int64_t freed_pages = 0;          ///< at most so many pages that hold nothing are given back to the file system
  bool operator==(const HistoryUpkeep&) const = default;

  bool empty() const { return forgotten.empty() && !archive && !next && freed_pages == 0; }
};

/// What has been let go so far.
struct HistoryRecord {
  TokenId next;                         ///< as the newest HistoryUpkeep said
  std::int64_t forgotten = 0;           ///< enrollments
  std::vector<ArchiveRecord> archives;  ///< by file
  bool operator==(const HistoryRecord&) const = default;

  /// Of `forgotten`, how many are in no archive.
  std::int64_t lost() const {
    std::int64_t left = forgotten;
    for (const ArchiveRecord& archive : archives)
      left -= archive.enrollments;
    return left;
  }
};

}  // namespace caravan
