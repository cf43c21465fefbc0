// Takes backups. The state of the store is pinned first; its archives are copied behind it, for an archive that is
// newer than its store does no harm and one that is older does.

#include "storage/backup.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "storage/archive.hpp"
#include "storage/snapshots.hpp"
#include "storage/sqlite/backup_folder.hpp"
#include "storage/sqlite/copy.hpp"
#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/schema.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;
using sqlite::kHalf;

constexpr const char* kTryAgain = "nothing was kept of this backup: check the disk that it is on and take another";

/// Two backups at a time would take each other's halves away. A file system that knows no locks does without.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) : descriptor_(::open(folder.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) sqlite::fail_on_disk(folder, "cannot be opened", errno);
    is_locked_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    if (is_locked_ || errno != EWOULDBLOCK) return;
    ::close(descriptor_);
    throw StoreInUse(folder.string() + ": another backup is being taken into this folder: wait for its end");
  }
  ~FolderLock() { ::close(descriptor_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  bool is_locked() const { return is_locked_; }

 private:
  int descriptor_;
  bool is_locked_ = false;
};

/// A folder that is gone again unless it gets its name.
class HalfFolder {
 public:
  HalfFolder(fs::path path, const fs::path& like) : path_(std::move(path)) { sqlite::make_folder(path_, like); }
  ~HalfFolder() {
    std::error_code ignored;
    if (!is_whole_) fs::remove_all(path_, ignored);
  }
  HalfFolder(const HalfFolder&) = delete;
  HalfFolder& operator=(const HalfFolder&) = delete;
  const fs::path& path() const { return path_; }
  void become(const fs::path& folder) {
    sqlite::rename_for_good(path_, folder);
    is_whole_ = true;
  }

 private:
  fs::path path_;
  bool is_whole_ = false;
};

void remove_halves(const fs::path& to, const std::string& store_name) {
  std::error_code ignored;
  for (const fs::path& file : sqlite::files_in(to)) {
    const std::string name = file.filename().string();
    if (name.ends_with(kHalf) && sqlite::date_of(name.substr(0, name.size() - kHalf.size()), store_name))
      fs::remove_all(file, ignored);
  }
}

std::uintmax_t bytes_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  return error ? 0 : bytes;
}

/// What is copied besides the store's file.
struct Beside {
  std::vector<fs::path> archives;
  std::vector<fs::path> snapshots;
  std::vector<std::string> lacks;
  std::uintmax_t bytes = 0;
};

Beside what_is_beside(const fs::path& store_file, sqlite::Connection& store, const BackupSettings& settings) {
  Beside beside;
  for (const ArchiveRecord& record : sqlite::archives_of(store)) {
    const fs::path file = archive_folder(store_file) / record.file;
    std::error_code error;
    if (fs::exists(file, error)) {
      beside.archives.push_back(file);
    } else {
      beside.lacks.push_back(file.string() + ": this archive is not there, so the backup lacks what " +
                             std::to_string(record.enrollments) + " enrollments did: put it back and take another");
    }
  }
  if (settings.with_snapshots) {
    for (const StoreSnapshot& snapshot : snapshots_of(store_file))
      beside.snapshots.push_back(snapshot.file);
  }
  for (const auto* files : {&beside.archives, &beside.snapshots}) {
    for (const fs::path& file : *files)
      beside.bytes += bytes_of(file);
  }
  return beside;
}

class BackupTaker {
 public:
  BackupTaker(const fs::path& store_file, const fs::path& to, Instant now, const BackupSettings& settings,
              const CopyProgress& progress)
      : store_file_(store_file),
        store_(store_file),
        settings_(settings),
        progress_(progress),
        half_(to / (sqlite::dated(store_file.filename().string(), now) + std::string(kHalf)), store_file) {
    backup_.folder = to / sqlite::dated(store_file.filename().string(), now);
    backup_.made_at = std::chrono::floor<std::chrono::seconds>(now);
  }

  StoreBackup take() {
    sqlite::expect_present_layout(store_.connection());
    const Beside beside = what_is_beside(store_file_, store_.connection(), settings_);
    sqlite::expect_room(half_.path(), store_.bytes() + beside.bytes, "a backup of " + store_file_.string());
    backup_.lacks = beside.lacks;
    backup_.through = sqlite::last_entry(store_.connection());
    backup_.engine_time = sqlite::engine_time(store_.connection());
    const fs::path database = half_.path() / store_file_.filename();
    sqlite::copy_database(store_.connection(), database, progress_);
    store_.connection().roll_back();  // the log need not be kept for this any longer
    add(database);
    for (const fs::path& file : beside.archives)
      copy(file, archive_folder(database) / file.filename());
    for (const fs::path& file : beside.snapshots)
      copy(file, snapshot_folder(database) / file.filename());
    check(database);
    sqlite::write_sums(half_.path(), sums_);
    finish();
    backup_.database = backup_.folder / store_file_.filename();
    return std::move(backup_);
  }

 private:
  /// A snapshot may be let go meanwhile: then a newer one is there, and the next backup has it.
  void copy(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return;
    sqlite::copy_beside(from, to, store_file_, progress_);
    add(to);
  }

  void add(const fs::path& file) {
    sqlite::give_to_owner_of(store_file_, file);
    backup_.files.push_back(file.lexically_relative(half_.path()).string());
    backup_.bytes += bytes_of(file);
    sums_.emplace_back(backup_.files.back(), sqlite::sha256_of(file, progress_));
  }

  void check(const fs::path& database) {
    for (const std::string& name : backup_.files) {
      const fs::path file = half_.path() / name;
      if (progress_) progress_("checking " + name, 0, 0);
      const bool is_store = file == database;
      sqlite::expect_sound(file, is_store ? settings_.thoroughness : Thoroughness::quick, kTryAgain);
    }
  }

  void finish() {
    for (const fs::path& each : sqlite::files_in(half_.path()))
      if (fs::is_directory(each)) sqlite::sync(each);
    sqlite::sync(half_.path());
    half_.become(backup_.folder);
  }

  fs::path store_file_;
  sqlite::PinnedDatabase store_;
  const BackupSettings& settings_;
  const CopyProgress& progress_;
  HalfFolder half_;
  StoreBackup backup_;
  std::vector<std::pair<std::string, std::string>> sums_;
};

/// Nothing for a backup of another store, or none.
std::optional<StoreBackup> backup_in(const fs::path& folder, const std::string& name, const std::string& installation) {
  const std::optional<Instant> made_at = sqlite::date_of(folder.filename().string(), name);
  std::error_code error;
  if (!made_at || !fs::exists(folder / sqlite::kSums, error)) return std::nullopt;
  try {
    StoreBackup backup;
    backup.folder = folder;
    backup.database = folder / name;
    backup.made_at = *made_at;
    sqlite::Connection connection(backup.database, sqlite::Access::look, {});
    if (sqlite::installation_of(connection) != installation) return std::nullopt;
    backup.engine_time = sqlite::engine_time(connection);
    backup.through = sqlite::last_entry(connection);
    for (const auto& [file, sum] : sqlite::read_sums(folder)) {
      backup.files.push_back(file);
      backup.bytes += bytes_of(folder / file);
    }
    return backup;
  } catch (const StoreError&) {
    return std::nullopt;
  }
}

}  // namespace

StoreBackup back_up_sqlite(const fs::path& store_file, const fs::path& to, Instant now, const BackupSettings& settings,
                           const CopyProgress& progress) {
  std::error_code error;
  sqlite::make_folder(to, store_file);
  const FolderLock lock(to);
  const std::string name = store_file.filename().string();
  if (lock.is_locked()) remove_halves(to, name);
  if (fs::exists(to / sqlite::dated(name, now), error))
    throw StoreError((to / sqlite::dated(name, now)).string() +
                     ": there is a backup of this very second already; nothing was changed");
  return BackupTaker(store_file, to, now, settings, progress).take();
}

std::vector<StoreBackup> backups_of(const fs::path& store_file, const fs::path& to) {
  sqlite::Connection store(store_file, sqlite::Access::look, {});
  const std::string installation = sqlite::installation_of(store);
  std::vector<StoreBackup> backups;
  for (const fs::path& folder : sqlite::files_in(to)) {
    if (auto backup = backup_in(folder, store_file.filename().string(), installation))
      backups.push_back(std::move(*backup));
  }
  std::sort(backups.begin(), backups.end(),
            [](const StoreBackup& left, const StoreBackup& right) { return left.made_at < right.made_at; });
  return backups;
}

void remove_backup(const StoreBackup& backup) {
  const fs::path half = backup.folder.string() + std::string(kHalf);
  sqlite::rename_for_good(backup.folder, half);
  std::error_code error;
  fs::remove_all(half, error);
  if (error) sqlite::fail_on_disk(half, "cannot be removed", error.value());
}

}  // namespace caravan
