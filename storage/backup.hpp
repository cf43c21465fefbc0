#pragma once
// Backups of a store: a dated folder for each, with everything that belongs to the store's file, and restoring one.
//
// A backup is taken beside a running engine and holds what was committed at one instant: the file with its journal, its
// archives and its snapshots, under the names that they have beside the file, and SHA256SUMS over all of them, as
// `sha256sum --check` reads it. It is checked before it gets its name: there is never half of one.

#include "storage/copying.hpp"

namespace caravan {

struct StoreBackup {
  std::filesystem::path folder;
  std::filesystem::path database;  ///< the store's file in it
  Instant made_at{};
  std::optional<Instant> engine_time;  ///< nothing: nobody has run the store yet
  std::int64_t through = 0;            ///< the last entry of the journal that is in it
  std::uintmax_t bytes = 0;            ///< of all files
  std::vector<std::string> files;      ///< relative to the folder
  std::vector<std::string> lacks;      ///< what was not there to be copied, a sentence each: archives
};

struct BackupSettings {
  bool with_snapshots = true;  ///< a replay of a journal that has let entries go needs them; each is nearly as large
  Thoroughness thoroughness = Thoroughness::quick;
};

/// Takes one into the folder `to`, which is made where it is missing. `now` dates it. What an earlier one that was cut
/// off has left there is taken away. Throws StoreError; then there is no new backup.
StoreBackup back_up_sqlite(const std::filesystem::path& store_file, const std::filesystem::path& to, Instant now,
                           const BackupSettings& settings, const CopyProgress& progress);

/// The backups in `to` of this very store, whole, oldest first. Backups of other stores do not count, even of the same
/// name.
std::vector<StoreBackup> backups_of(const std::filesystem::path& store_file, const std::filesystem::path& to);

/// Whenever the process ends meanwhile, the backup is there, or gone from those that backups_of() tells of.
void remove_backup(const StoreBackup& backup);

/// What can be restored: a backup, or a single file (a copy that was kept before a migration, or made by hand).
struct BackupContents {
  std::filesystem::path database;
  std::vector<std::filesystem::path> archives;
  std::vector<std::filesystem::path> snapshots;
  bool is_folder = false;
  std::vector<std::pair<std::string, std::string>> sums;  ///< file and SHA-256; empty: there are none
  std::string installation;
  std::int64_t layout = 0;
  std::optional<Instant> engine_time;
  std::int64_t through = 0;
  std::uintmax_t bytes = 0;
};

/// Throws StoreError, with what to name instead, where there is no backup, more than one, or what this program cannot
/// read.
BackupContents look_into_backup(const std::filesystem::path& backup);

struct RestoreSettings {
  bool replaces = false;  ///< a store that is there already, which is kept
  Thoroughness thoroughness = Thoroughness::quick;
};

struct RestoredStore {
  BackupContents contents;
  std::filesystem::path replaced;  ///< the folder in which the store that was there is kept; empty: there was none
};

/// Puts a copy of a backup in the place of the store. A folder brings its archives and snapshots and takes the place of
/// what was there; a single file leaves those beside the store alone. Whenever the process ends meanwhile, the store is
/// what it was, or is_restore_cut_off() and finish_restore() ends it. Throws StoreInUse where an engine runs on it,
/// StoreError otherwise; then the store is what it was.
RestoredStore restore_sqlite(const std::filesystem::path& store_file, const std::filesystem::path& backup, Instant now,
                             const RestoreSettings& settings, const CopyProgress& progress);

/// A restore was cut off when all was copied and not all was in its place. Nobody can read the store before the end
/// of that; opening it for writing does it.
bool is_restore_cut_off(const std::filesystem::path& store_file);

/// Ends it; does nothing where none was cut off. Throws StoreError.
void finish_restore(const std::filesystem::path& store_file);

}  // namespace caravan
