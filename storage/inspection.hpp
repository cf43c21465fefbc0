#pragma once
// What can be said of a store's file from outside, without opening it as a store: whether it is sound, what lies beside
// it, who writes it. For `caravan doctor`, which must have something to say of a file that cannot be opened.

#include "storage/copying.hpp"

namespace caravan {

/// The process that has a store open for writing.
struct StoreWriter {
  std::int64_t process = 0;
  std::optional<Instant> since;  ///< when the process began, where that can be told
};

/// Nothing when nobody writes the store, as far as this user can tell. Does not touch the lock.
std::optional<StoreWriter> writer_of(const std::filesystem::path& store_file);

/// A file or folder beside a store that need not be there.
struct FileBeside {
  enum class Kind {
    half,      ///< of a backup, a restore, a migration or a snapshot that was cut off, or is under way
    kept,      ///< a copy that a migration has kept
    replaced,  ///< what was there before a restore
    stranger,  ///< in a folder of the store's, and none of its files
  };
  std::filesystem::path path;
  Kind kind = Kind::half;
};

struct StoreInspection {
  bool is_there = false;
  std::string problem;  ///< why it cannot be read as a store; empty: it can
  std::int64_t layout = 0;
  std::int64_t present_layout = 0;  ///< of this program
  std::vector<std::string> damage;  ///< SQLite's sentences; empty: it finds nothing wrong
  std::uintmax_t bytes = 0;
  std::uintmax_t free_bytes = 0;  ///< of these, in pages that hold nothing
  std::uintmax_t log_bytes = 0;   ///< of the write-ahead log beside it
  std::uintmax_t disk_free = 0;   ///< that this user may use
  bool is_writable = false;       ///< by this user, and so is its folder
  bool restore_is_cut_off = false;
  std::optional<StoreWriter> writer;
  std::vector<FileBeside> beside;
};

/// Does not throw for anything that is wrong with the file.
StoreInspection inspect_sqlite(const std::filesystem::path& store_file, Thoroughness thoroughness,
                               const CopyProgress& progress);

}  // namespace caravan
