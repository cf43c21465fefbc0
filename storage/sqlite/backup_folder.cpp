#include "storage/sqlite/backup_folder.hpp"

#include <cerrno>
#include <fstream>

#include "storage/sqlite/archive_setting.hpp"
#include "storage/sqlite/copy.hpp"
#include "storage/sqlite/disk.hpp"

namespace caravan::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSumDigits = 64;

}  // namespace

std::vector<std::pair<std::string, std::string>> read_sums(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> sums;
  std::ifstream in(folder / kSums);
  for (std::string line; std::getline(in, line);) {
    // Two blanks between them, as sha256sum writes.
    if (line.size() < kSumDigits + 3 || line.substr(kSumDigits, 2) != "  ")
      throw StoreError((folder / kSums).string() + ": this is no list of sums: take another backup");
    sums.emplace_back(line.substr(kSumDigits + 2), line.substr(0, kSumDigits));
  }
  return sums;
}

void write_sums(const fs::path& folder, std::span<const std::pair<std::string, std::string>> sums) {
  const fs::path file = folder / kSums;
  std::ofstream out(file, std::ios::binary);
  for (const auto& [name, sum] : sums)
    out << sum << "  " << name << "\n";
  out.close();
  if (!out) fail_on_disk(file, "cannot be written", errno);
  sync(file);
}

std::int64_t last_entry(Connection& store) {
  return store.number(
      "SELECT max(ifnull((SELECT max(sequence) FROM journal), 0), "
      "ifnull((SELECT value FROM setting WHERE name = 'journal_sequence'), 0))");
}

std::optional<Instant> engine_time(Connection& store) {
  Statement statement(store);
  statement.prepare("SELECT value FROM setting WHERE name = 'engine_time'");
  const Rows rows(statement);
  if (!statement.step()) return std::nullopt;
  return Instant(std::chrono::milliseconds(statement.integer(0)));
}

std::string installation_of(Connection& store) {
  return store.text("SELECT value FROM setting WHERE name = 'installation'");
}

std::vector<ArchiveRecord> archives_of(Connection& store) {
  std::vector<ArchiveRecord> archives;
  Statement statement(store);
  statement.prepare("SELECT name, value FROM setting WHERE name LIKE 'history/archive/%' ORDER BY name");
  for (Rows rows(statement); rows.next();) {
    auto archive = parse_archive_setting(statement.bytes(0), statement.bytes(1));
    if (archive) archives.push_back(std::move(*archive));
  }
  return archives;
}

void make_folder(const fs::path& folder, const fs::path& like) {
  std::error_code error;
  if (fs::create_directories(folder, error)) give_to_owner_of(like, folder);
  if (error) fail_on_disk(folder, "cannot be made", error.value());
}

void copy_beside(const fs::path& from, const fs::path& to, const fs::path& like, const CopyProgress& progress) {
  make_folder(folder_of(to), like);
  Connection connection(from, Access::look, {});
  copy_database(connection, to, progress);
  give_to_owner_of(like, to);
}

}  // namespace caravan::sqlite
