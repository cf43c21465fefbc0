// SQLite's own online backup does the copying. Its source is a connection with a read transaction: what others commit
// meanwhile goes to the write-ahead log, is not seen, and does not make the copy begin anew.

#include "storage/sqlite/copy.hpp"

#include <cerrno>
#include <fstream>

#include <openssl/evp.h>
#include <sqlite3.h>

#include "storage/sqlite/disk.hpp"

namespace caravan::sqlite {
namespace {

namespace fs = std::filesystem;

/// Each page is read once.
constexpr std::size_t kCacheBytes = std::size_t{4} << 20U;
/// Some eight megabytes.
constexpr int kPagesAtOnce = 2'048;
constexpr std::size_t kSumBytes = std::size_t{1} << 20U;

/// The file that is made. No journal: whoever began it takes half of it away.
class Target {
 public:
  explicit Target(const fs::path& file) : file_(file) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) refuse();
    sqlite3_exec(handle_, "PRAGMA journal_mode = off; PRAGMA synchronous = off", nullptr, nullptr, nullptr);
  }
  ~Target() { sqlite3_close_v2(handle_); }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  sqlite3* handle() const { return handle_; }
  [[noreturn]] void refuse() const {
    const std::string why = handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory";
    const int error = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    fail_on_disk(file_, "cannot be written: " + why, error != 0 ? error : EIO);
  }

 private:
  fs::path file_;
  mutable sqlite3* handle_ = nullptr;
};

class Backup {
 public:
  Backup(Target& to, Connection& from)
      : to_(to), from_(from), handle_(sqlite3_backup_init(to.handle(), "main", from.handle(), "main")) {
    if (handle_ == nullptr) to.refuse();
  }
  ~Backup() { sqlite3_backup_finish(handle_); }
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;

  /// False when all is copied.
  bool step() {
    const int code = sqlite3_backup_step(handle_, kPagesAtOnce);
    if (code == SQLITE_OK) return true;
    if (code == SQLITE_DONE) return false;
    const int finished = sqlite3_backup_finish(std::exchange(handle_, nullptr));
    // What was wrong with the source is SQLite's word for a damaged file; all else is the target's.
    if ((finished & 0xff) == SQLITE_CORRUPT || (finished & 0xff) == SQLITE_NOTADB) from_.fail(finished);
    to_.refuse();
  }
  std::uint64_t total() const { return static_cast<std::uint64_t>(sqlite3_backup_pagecount(handle_)); }
  std::uint64_t done() const { return total() - static_cast<std::uint64_t>(sqlite3_backup_remaining(handle_)); }

 private:
  Target& to_;
  Connection& from_;
  sqlite3_backup* handle_;
};

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

PinnedDatabase::PinnedDatabase(const fs::path& file) : connection_(file, Access::look, {.cache_bytes = kCacheBytes}) {
  connection_.run("BEGIN");
  connection_.number("SELECT count(*) FROM sqlite_schema");  // the first read is what pins it
}

std::uintmax_t PinnedDatabase::bytes() {
  return static_cast<std::uintmax_t>(connection_.number("PRAGMA page_count") * connection_.number("PRAGMA page_size"));
}

void copy_database(Connection& pinned, const fs::path& to, const CopyProgress& progress) {
  const auto page_bytes = static_cast<std::uint64_t>(pinned.number("PRAGMA page_size"));
  const std::string what = "copying " + pinned.file().filename().string();
  {
    Target target(to);
    Backup backup(target, pinned);
    while (backup.step()) {
      if (progress) progress(what, backup.done() * page_bytes, backup.total() * page_bytes);
    }
  }
  // The original's header says that a log belongs to it. The copy is whole by itself, and can be read where nothing can
  // be written.
  Connection(to, Access::create, {.cache_bytes = kCacheBytes}).run("PRAGMA journal_mode = delete");
  sync(to);
}

std::vector<std::string> damage_in(const fs::path& file, Thoroughness thoroughness) {
  std::vector<std::string> sentences;
  try {
    Connection connection(file, Access::look, {});
    Statement check(connection);
    check.prepare(thoroughness == Thoroughness::full ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)");
    for (Rows rows(check); rows.next();) {
      if (check.bytes(0) != "ok") sentences.emplace_back(check.bytes(0));
    }
  } catch (const StoreError& error) {
    sentences.emplace_back(error.what());
  }
  return sentences;
}

void expect_sound(const fs::path& file, Thoroughness thoroughness, const std::string& to_do) {
  const std::vector<std::string> damage = damage_in(file, thoroughness);
  if (damage.empty()) return;
  throw StoreError(file.string() + ": the file is damaged (" + damage.front() + "): " + to_do);
}

std::string sha256_of(const fs::path& file, const CopyProgress& progress) {
  std::error_code ignored;
  const std::uintmax_t total = fs::file_size(file, ignored);
  std::ifstream in(file, std::ios::binary);
  if (!in) fail_on_disk(file, "cannot be read", errno);
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> digest(EVP_MD_CTX_new());
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  std::string buffer(kSumBytes, '\0');
  std::uintmax_t done = 0;
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    EVP_DigestUpdate(digest.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
    done += static_cast<std::uintmax_t>(in.gcount());
    if (progress) progress("checking " + file.filename().string(), done, total);
  }
  if (in.bad()) fail_on_disk(file, "cannot be read", errno);
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned length = 0;
  EVP_DigestFinal_ex(digest.get(), sum.data(), &length);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += digits[sum[i] >> 4U];
    text += digits[sum[i] & 0xfU];
  }
  return text;
}

}  // namespace caravan::sqlite
