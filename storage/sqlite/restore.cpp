// Restores backups: all is copied and checked beside the store first, then one rename decides.

#include <cerrno>

#include "storage/archive.hpp"
#include "storage/snapshots.hpp"
#include "storage/sqlite/backup_folder.hpp"
#include "storage/sqlite/copy.hpp"
#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/restore_end.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/writer_lock.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTakeAnother = "nothing was changed; restore another backup";

[[noreturn]] void refuse(const fs::path& backup, const std::string& why) {
  throw StoreError(backup.string() + ": " + why);
}

/// A store's file by what stands in it; nothing that begins a store's names beside.
bool is_store(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) == 0) return false;
  try {
    sqlite::Connection connection(file, sqlite::Access::look, {});
    return sqlite::layout_of(connection) > 0;
  } catch (const StoreError&) {
    return false;
  }
}

/// Folders in `folder` that hold a store, the newest last.
std::string backups_within(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::path& each : sqlite::files_in(folder)) {
    std::error_code error;
    if (fs::exists(each / sqlite::kSums, error) && !each.filename().string().ends_with(sqlite::kHalf))
      names.push_back(each.filename().string());
  }
  if (names.empty()) return {};
  return "it holds " + std::to_string(names.size()) + (names.size() == 1 ? " backup" : " backups") +
         ": name one, such as the newest, " + (folder / names.back()).string();
}

fs::path database_in(const fs::path& folder) {
  std::vector<fs::path> stores;
  std::error_code error;
  for (const auto& [name, sum] : sqlite::read_sums(folder)) {
    if (fs::path(name).has_parent_path()) continue;
    if (!fs::exists(folder / name, error)) refuse(folder / name, "this backup is not whole, its database is not there");
    stores.push_back(folder / name);
  }
  if (stores.empty()) {
    for (const fs::path& file : sqlite::files_in(folder)) {
      if (is_store(file)) stores.push_back(file);
    }
  }
  if (stores.size() == 1) return stores.front();
  const std::string within = backups_within(folder);
  if (!within.empty()) refuse(folder, "this is no backup itself, and " + within);
  if (stores.empty()) refuse(folder, "there is no backup here: name the folder that `caravan backup` made");
  refuse(folder, "there is more than one database here: name one of them, such as " + stores.front().string());
}

std::vector<fs::path> databases_in(const fs::path& folder) {
  std::vector<fs::path> files = sqlite::files_in(folder);
  files.erase(
      std::remove_if(files.begin(), files.end(), [](const fs::path& file) { return file.extension() != ".db"; }),
      files.end());
  return files;
}

void read_state(BackupContents& contents) {
  sqlite::Connection connection(contents.database, sqlite::Access::look, {});
  contents.layout = sqlite::layout_of(connection);
  if (contents.layout == 0) refuse(contents.database, "nothing was ever written to this store: restore another backup");
  contents.installation = sqlite::installation_of(connection);
  contents.engine_time = sqlite::engine_time(connection);
  if (contents.layout >= sqlite::kFirstLayoutWithJournal) contents.through = sqlite::last_entry(connection);
  contents.bytes =
      static_cast<std::uintmax_t>(connection.number("PRAGMA page_count") * connection.number("PRAGMA page_size"));
}

void expect_sums(const BackupContents& contents, const fs::path& folder, const CopyProgress& progress) {
  for (const auto& [name, sum] : contents.sums) {
    std::error_code error;
    if (!fs::exists(folder / name, error))
      refuse(folder / name, "this file of the backup is not there: " + std::string(kTakeAnother));
    if (sqlite::sha256_of(folder / name, progress) != sum)
      refuse(folder / name,
             "this file is not what the backup was made with (its SHA-256 is another): " + std::string(kTakeAnother));
  }
}

class Restorer {
 public:
  Restorer(const fs::path& store_file, BackupContents contents, const RestoreSettings& settings,
           const CopyProgress& progress)
      : store_file_(store_file),
        half_(sqlite::half_restore(store_file)),
        owner_(owner_of_place()),
        contents_(std::move(contents)),
        settings_(settings),
        progress_(progress) {}
  ~Restorer() {
    std::error_code ignored;
    fs::remove_all(half_, ignored);
  }
  Restorer(const Restorer&) = delete;
  Restorer& operator=(const Restorer&) = delete;

  RestoredStore restore(Instant now) {
    std::error_code error;
    fs::remove_all(half_, error);  // what an earlier one that was cut off has left
    expect_room();
    if (!contents_.sums.empty()) expect_sums(contents_, contents_.database.parent_path(), progress_);
    copy();
    check();
    const fs::path aside = free_name(now);
    const bool replaces = fs::exists(store_file_, error);
    sqlite::write_plan(half_, aside, contents_.is_folder ? sqlite::Replaces::all : sqlite::Replaces::file);
    for (const fs::path& each : sqlite::files_in(half_))
      if (fs::is_directory(each)) sqlite::sync(each);
    sqlite::sync(half_);
    sqlite::rename_for_good(half_, sqlite::ready_restore(store_file_));  // decides
    sqlite::end_restore(store_file_);
    return {std::move(contents_), replaces ? sqlite::folder_of(store_file_) / aside : fs::path()};
  }

 private:
  fs::path owner_of_place() const {
    std::error_code error;
    return fs::exists(store_file_, error) ? store_file_ : sqlite::folder_of(store_file_);
  }

  void expect_room() const {
    std::uintmax_t bytes = contents_.bytes;
    for (const auto* files : {&contents_.archives, &contents_.snapshots}) {
      for (const fs::path& file : *files) {
        std::error_code error;
        if (const std::uintmax_t size = fs::file_size(file, error); !error) bytes += size;
      }
    }
    sqlite::expect_room(sqlite::folder_of(store_file_), bytes, "to restore " + contents_.database.string());
  }

  void copy() {
    const fs::path database = half_ / store_file_.filename();
    sqlite::copy_beside(contents_.database, database, owner_, progress_);
    for (const fs::path& file : contents_.archives)
      sqlite::copy_beside(file, archive_folder(database) / file.filename(), owner_, progress_);
    for (const fs::path& file : contents_.snapshots)
      sqlite::copy_beside(file, snapshot_folder(database) / file.filename(), owner_, progress_);
  }

  void check() {
    const fs::path database = half_ / store_file_.filename();
    const auto look = [&](const fs::path& file, Thoroughness thoroughness) {
      if (progress_) progress_("checking " + file.filename().string(), 0, 0);
      sqlite::expect_sound(file, thoroughness, kTakeAnother);
    };
    look(database, settings_.thoroughness);
    for (const fs::path& folder : {archive_folder(database), snapshot_folder(database)}) {
      for (const fs::path& file : sqlite::files_in(folder))
        look(file, Thoroughness::quick);
    }
  }

  /// For the store that was there.
  fs::path free_name(Instant now) const {
    const std::string name = sqlite::dated(store_file_.filename().string() + "-replaced", now);
    std::error_code error;
    fs::path free = name;
    for (int i = 2; fs::exists(sqlite::folder_of(store_file_) / free, error); ++i)
      free = name + "-" + std::to_string(i);
    return free;
  }

  fs::path store_file_;
  fs::path half_;
  fs::path owner_;
  BackupContents contents_;
  const RestoreSettings& settings_;
  const CopyProgress& progress_;
};

}  // namespace

BackupContents look_into_backup(const fs::path& backup) {
  std::error_code error;
  if (!fs::exists(backup, error)) refuse(backup, "there is nothing here: name a backup's folder, or a file");
  BackupContents contents;
  contents.is_folder = fs::is_directory(backup, error);
  contents.database = contents.is_folder ? database_in(backup) : backup;
  if (contents.is_folder) {
    contents.sums = sqlite::read_sums(backup);
    contents.archives = databases_in(archive_folder(contents.database));
    contents.snapshots = databases_in(snapshot_folder(contents.database));
  }
  read_state(contents);
  return contents;
}

RestoredStore restore_sqlite(const fs::path& store_file, const fs::path& backup, Instant now,
                             const RestoreSettings& settings, const CopyProgress& progress) {
  BackupContents contents = look_into_backup(backup);
  const sqlite::WriterLock lock(store_file);
  std::error_code error;
  if (!settings.replaces && fs::exists(store_file, error))
    throw StoreError(store_file.string() + ": there is a store here already, and it was to be left alone");
  if (fs::equivalent(contents.database, store_file, error))
    throw StoreError(store_file.string() + ": this is the store itself: name a backup of it");
  return Restorer(store_file, std::move(contents), settings, progress).restore(now);
}

bool is_restore_cut_off(const fs::path& store_file) {
  std::error_code error;
  return fs::exists(sqlite::ready_restore(store_file), error);
}

void finish_restore(const fs::path& store_file) {
  if (!is_restore_cut_off(store_file)) return;
  const sqlite::WriterLock lock(store_file);  // who has it, ends it
}

}  // namespace caravan
