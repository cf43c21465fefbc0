#include "storage/inspection.hpp"

#include <cstdlib>
#include <fstream>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "storage/archive.hpp"
#include "storage/backup.hpp"
#include "storage/snapshots.hpp"
#include "storage/sqlite/copy.hpp"
#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/schema.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

std::uintmax_t bytes_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  return error ? 0 : bytes;
}

/// As /proc/locks names a file: `08:01:1234`, device and inode.
struct NameInLocks {
  std::string device;
  std::string inode;
};

std::optional<NameInLocks> name_in_locks(const fs::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) return std::nullopt;
  std::array<char, 16> device{};
  std::snprintf(device.data(), device.size(), "%02x:%02x", major(state.st_dev), minor(state.st_dev));
  return NameInLocks{device.data(), std::to_string(state.st_ino)};
}

/// Of a process: the kernel counts ticks since it started itself.
std::optional<Instant> begin_of(std::int64_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(stat, line);
  // The name, in brackets, may hold anything; what is wanted is the 20th number behind it.
  const std::size_t bracket = line.rfind(')');
  if (bracket == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(bracket + 1));
  std::string word;
  for (int i = 0; i < 20; ++i)
    rest >> word;
  std::ifstream machine("/proc/stat");
  for (std::string name; machine >> name;) {
    std::int64_t started = 0;
    if (name == "btime" && machine >> started) {
      const std::int64_t ticks = std::strtoll(word.c_str(), nullptr, 10);
      return Instant(std::chrono::seconds(started)) + std::chrono::milliseconds(ticks * 1'000 / ::sysconf(_SC_CLK_TCK));
    }
    machine.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

void add_beside(const fs::path& store_file, std::vector<FileBeside>& to) {
  const std::string name = store_file.filename().string();
  for (const fs::path& each : sqlite::files_in(sqlite::folder_of(store_file))) {
    const std::string other = each.filename().string();
    if (!other.starts_with(name + "-")) continue;
    if (other.ends_with(".half") || other == name + "-restore" || other == name + "-rehearsal")
      to.push_back({each, FileBeside::Kind::half});
    else if (other.starts_with(name + "-layout-"))
      to.push_back({each, FileBeside::Kind::kept});
    else if (other.starts_with(name + "-replaced-"))
      to.push_back({each, FileBeside::Kind::replaced});
  }
  for (const fs::path& each : sqlite::files_in(snapshot_folder(store_file)))
    if (each.extension() == ".half") to.push_back({each, FileBeside::Kind::half});
}

/// What lies in the folders of a store that can be read, and is none of its files.
void add_strangers(const fs::path& store_file, std::vector<FileBeside>& to) {
  std::set<fs::path> own;
  for (const StoreSnapshot& snapshot : snapshots_of(store_file))
    own.insert(snapshot.file);
  const auto reader = open_sqlite(store_file, OpenMode::read)->reader();
  for (const ArchiveRecord& archive : reader->history().archives)
    own.insert(archive_folder(store_file) / archive.file);
  for (const fs::path& folder : {snapshot_folder(store_file), archive_folder(store_file)}) {
    for (const fs::path& each : sqlite::files_in(folder)) {
      const std::string end = each.extension().string();
      const bool is_of_sqlite = end == ".db-wal" || end == ".db-shm" || end == ".db-journal" || end == ".half";
      if (!is_of_sqlite && !own.contains(each)) to.push_back({each, FileBeside::Kind::stranger});
    }
  }
}

void look_inside(const fs::path& store_file, StoreInspection& inspection) {
  sqlite::Connection connection(store_file, sqlite::Access::look, {});
  inspection.layout = sqlite::layout_of(connection);
  inspection.free_bytes =
      static_cast<std::uintmax_t>(connection.number("PRAGMA freelist_count") * connection.number("PRAGMA page_size"));
  sqlite::expect_present_layout(connection);
}

}  // namespace

std::optional<StoreWriter> writer_of(const fs::path& store_file) {
  const fs::path lock_file = store_file.string() + ".lock";
  const std::optional<NameInLocks> wanted = name_in_locks(lock_file);
  if (!wanted) return std::nullopt;
  std::int64_t last = 0;  // who had the lock last, by its own word
  std::ifstream(lock_file) >> last;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    // `1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF`
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string way;
    std::string what;
    std::string file;
    std::int64_t process = 0;
    if (!(words >> number >> kind >> way >> what >> process >> file)) continue;
    const bool is_same_inode = file.ends_with(":" + wanted->inode);
    // Some file systems have another device here than for stat().
    const bool is_same_device = file.starts_with(wanted->device + ":") || process == last;
    if (kind == "FLOCK" && what == "WRITE" && is_same_inode && is_same_device)
      return StoreWriter{process, begin_of(process)};
  }
  return std::nullopt;
}

StoreInspection inspect_sqlite(const fs::path& store_file, Thoroughness thoroughness, const CopyProgress& progress) {
  StoreInspection inspection;
  std::error_code error;
  inspection.present_layout = sqlite::kSchemaVersion;
  inspection.restore_is_cut_off = is_restore_cut_off(store_file);
  inspection.is_there = fs::exists(store_file, error);
  inspection.writer = writer_of(store_file);
  if (const fs::space_info space = fs::space(sqlite::folder_of(store_file), error); !error)
    inspection.disk_free = space.available;
  add_beside(store_file, inspection.beside);
  if (!inspection.is_there) return inspection;
  inspection.bytes = bytes_of(store_file);
  inspection.log_bytes = bytes_of(store_file.string() + "-wal");
  inspection.is_writable = ::access(store_file.c_str(), R_OK | W_OK) == 0 &&
                           ::access(sqlite::folder_of(store_file).c_str(), W_OK | X_OK) == 0;
  try {
    look_inside(store_file, inspection);
    if (!inspection.restore_is_cut_off) add_strangers(store_file, inspection.beside);
  } catch (const StoreError& failure) {
    inspection.problem = failure.what();
  }
  if (inspection.layout > 0) {
    if (progress) progress("checking " + store_file.filename().string(), 0, 0);
    inspection.damage = sqlite::damage_in(store_file, thoroughness);
  }
  return inspection;
}

}  // namespace caravan
