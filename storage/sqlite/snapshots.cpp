// Snapshots of an SQLite store. A copy is written under a name that is none of a snapshot, brought to the disk and
// renamed, so that there is never half of one. Tables are copied one after the other, with their indexes, in a read
// transaction of the store: what others commit meanwhile goes to the write-ahead log and is not seen.

#include "storage/snapshots.hpp"

#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/journal_past.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

using sqlite::Access;
using sqlite::Connection;
using sqlite::fail_on_disk;
using sqlite::files_in;
using sqlite::Rows;
using sqlite::Statement;
using sqlite::sync;

constexpr std::string_view kBegin = "through-";
constexpr std::string_view kEnd = ".db";
constexpr std::string_view kHalf = ".half";
/// Of the copy; the store's own pages are read once.
constexpr std::size_t kCacheBytes = std::size_t{16} << 20U;

fs::path file_of(const fs::path& store_file, std::int64_t through) {
  return snapshot_folder(store_file) / (std::string(kBegin) + std::to_string(through) + std::string(kEnd));
}

/// The entry that a file of this name goes through; nothing for another's file.
std::optional<std::int64_t> through_of(const std::string& name) {
  if (!name.starts_with(kBegin) || !name.ends_with(kEnd)) return std::nullopt;
  const char* const begin = name.data() + kBegin.size();
  const char* const end = name.data() + name.size() - kEnd.size();
  std::int64_t through = 0;
  const auto [stop, error] = std::from_chars(begin, end, through);
  return error == std::errc() && stop == end && through >= 0 ? std::optional(through) : std::nullopt;
}

/// An empty file, which SQLite takes for an empty database.
void make_empty(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) fail_on_disk(file, "cannot be made", errno);
  ::close(descriptor);
}

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) fail_on_disk(file, "cannot be removed", error.value());
}

std::optional<Instant> time_in(Connection& connection) {
  Statement statement(connection);
  statement.prepare("SELECT value FROM setting WHERE name = 'engine_time'");
  const Rows rows(statement);
  if (!statement.step()) return std::nullopt;
  return Instant(std::chrono::milliseconds(statement.integer(0)));
}

std::optional<Instant> time_of(const fs::path& file) {
  Connection connection(file, Access::look, {});
  return time_in(connection);
}

/// What the store's history was behind an entry; nothing where that entry and the next one are not there.
std::optional<std::int64_t> past_behind_entry(Connection& store, std::int64_t entry) {
  Statement next(store);
  next.prepare("SELECT past FROM journal WHERE sequence = ?1");
  next.bind(entry + 1);
  {
    const Rows rows(next);
    if (next.step()) return next.integer(0);
  }
  const std::int64_t last = store.number(
      "SELECT max(ifnull((SELECT max(sequence) FROM journal), 0), "
      "ifnull((SELECT value FROM setting WHERE name = 'journal_sequence'), 0))");
  return last == entry ? std::optional(sqlite::journal_past(store)) : std::nullopt;
}

/// Nothing for one that is of another history.
std::optional<StoreSnapshot> snapshot_in(const fs::path& file, std::int64_t through, Connection& store) {
  Connection connection(file, Access::look, {});
  if (past_behind_entry(store, through) != sqlite::journal_past(connection)) return std::nullopt;
  std::error_code error;
  return StoreSnapshot{file, through, time_in(connection), fs::file_size(file, error)};
}

class SqliteState final : public PinnedState {
 public:
  explicit SqliteState(const fs::path& store_file)
      : store_file_(store_file), connection_(store_file, Access::look, {.cache_bytes = kCacheBytes}) {
    make_folder();
    half_ = snapshot_folder(store_file) / (std::to_string(::getpid()) + std::string(kHalf));
    make_empty(half_);
    connection_.run("PRAGMA query_only = 0");  // the copy is written along this connection, the store is not
    attach();
    // Everything is written once and then brought to the disk as a whole.
    connection_.run(
        "PRAGMA copy.journal_mode = off; PRAGMA copy.synchronous = off; PRAGMA copy.locking_mode = exclusive");
    connection_.run(("PRAGMA copy.cache_size = -" + std::to_string(kCacheBytes / 1024)).c_str());
    connection_.run("BEGIN");
    through_ = connection_.number(
        "SELECT max(ifnull((SELECT max(sequence) FROM main.journal), 0), "
        "ifnull((SELECT value FROM main.setting WHERE name = 'journal_sequence'), 0))");
  }

  ~SqliteState() override {
    connection_.roll_back();
    std::error_code ignored;
    if (!is_written_) fs::remove(half_, ignored);
  }

  std::int64_t through() const override { return through_; }

  StoreSnapshot write() override {
    make_tables();
    copy_rows();
    // The journal stays behind, and where it ended is remembered.
    Statement through(connection_);
    through.prepare(
        "INSERT INTO copy.setting(name, value) VALUES('journal_sequence', ?1) "
        "ON CONFLICT DO UPDATE SET value = excluded.value");
    through.bind(through_);
    through.run();
    for (const char* pragma : {"application_id", "user_version"}) {
      const std::int64_t value = connection_.number((std::string("PRAGMA main.") + pragma).c_str());
      connection_.run((std::string("PRAGMA copy.") + pragma + " = " + std::to_string(value)).c_str());
    }
    connection_.run("COMMIT");
    connection_.run("DETACH copy");
    return take_its_place();
  }

  void give_up() noexcept override {
    is_given_up_ = true;
    sqlite3_interrupt(connection_.handle());
  }

 private:
  void make_folder() const {
    std::error_code error;
    fs::create_directories(snapshot_folder(store_file_), error);
    if (error) fail_on_disk(snapshot_folder(store_file_), "cannot be made", error.value());
  }

  void attach() {
    Statement statement(connection_);
    statement.prepare("ATTACH ?1 AS copy");
    const std::string file = half_.string();
    statement.bind(file);
    statement.run();
  }

  /// Tables and indexes as the store has them; still empty, so that SQLite copies whole trees in the order of keys.
  void make_tables() {
    std::vector<std::string> makers;
    Statement schema(connection_);
    schema.prepare(
        "SELECT type, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "ORDER BY type DESC, rowid");
    for (Rows rows(schema); rows.next();) {
      const std::string sql(schema.bytes(1));
      // SQLite keeps these words in capitals, with one space between them.
      for (const std::string_view start : {"CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "}) {
        if (sql.starts_with(start)) makers.push_back(std::string(start) + "copy." + sql.substr(start.size()));
      }
    }
    for (const std::string& maker : makers)
      connection_.run(maker.c_str());
  }

  void copy_rows() {
    std::vector<std::string> tables;
    Statement names(connection_);
    names.prepare(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'journal' "
        "AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid");
    for (Rows rows(names); rows.next();)
      tables.emplace_back(names.bytes(0));
    for (const std::string& table : tables) {
      if (is_given_up_) throw StoreError(half_.string() + ": the snapshot was given up before it was whole");
      connection_.run(("INSERT INTO copy.\"" + table + "\" SELECT * FROM main.\"" + table + "\"").c_str());
    }
  }

  StoreSnapshot take_its_place() {
    const fs::path file = file_of(store_file_, through_);
    sync(half_);
    std::error_code error;
    fs::rename(half_, file, error);
    if (error) fail_on_disk(file, "cannot be made", error.value());
    is_written_ = true;
    sync(snapshot_folder(store_file_));
    return {file, through_, time_of(file), fs::file_size(file, error)};
  }

  fs::path store_file_;
  fs::path half_;
  Connection connection_;
  std::int64_t through_ = 0;
  bool is_written_ = false;
  std::atomic<bool> is_given_up_ = false;
};

}  // namespace

fs::path snapshot_folder(const fs::path& store_file) {
  return store_file.string() + "-snapshots";
}

std::vector<StoreSnapshot> snapshots_of(const fs::path& store_file, std::vector<std::string>* left_out) {
  std::vector<StoreSnapshot> snapshots;
  std::optional<Connection> store;
  const auto leave_out = [&](const fs::path& file, const std::string& why) {
    if (left_out) left_out->push_back(file.string() + ": " + why + "; it is left alone: remove it");
  };
  for (const fs::path& file : files_in(snapshot_folder(store_file))) {
    const std::optional<std::int64_t> through = through_of(file.filename().string());
    if (!through) continue;
    if (!store) store.emplace(store_file, Access::look, SqliteSettings{});
    std::optional<StoreSnapshot> snapshot;
    try {
      snapshot = snapshot_in(file, *through, *store);
    } catch (const StoreError&) {
      leave_out(file, "this snapshot cannot be read");
      continue;
    }
    if (snapshot)
      snapshots.push_back(std::move(*snapshot));
    else
      leave_out(file, "this snapshot is of another history than the store's");
  }
  std::sort(snapshots.begin(), snapshots.end(),
            [](const StoreSnapshot& left, const StoreSnapshot& right) { return left.through < right.through; });
  return snapshots;
}

std::optional<StoreSnapshot> replay_base(std::span<const StoreSnapshot> snapshots, std::int64_t first) {
  if (first == 1) return std::nullopt;
  const auto found = std::find_if(snapshots.begin(), snapshots.end(),
                                  [&](const StoreSnapshot& each) { return each.through + 1 >= first; });
  return found == snapshots.end() ? std::nullopt : std::optional(*found);
}

void remove_snapshot(const StoreSnapshot& snapshot) {
  remove_file(snapshot.file);
}

void remove_half_snapshots(const fs::path& store_file) {
  for (const fs::path& file : files_in(snapshot_folder(store_file))) {
    if (file.extension() == kHalf) remove_file(file);
  }
}

std::unique_ptr<PinnedState> pin_sqlite(const fs::path& store_file) {
  return std::make_unique<SqliteState>(store_file);
}

}  // namespace caravan
