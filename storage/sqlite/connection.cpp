// Opens connections, runs statements, and says in words what SQLite says in codes.

#include "storage/sqlite/connection.hpp"

#include <cerrno>

#include <sqlite3.h>

namespace caravan::sqlite {
namespace {

bool no_room(int code, int system_error) {
  return code == SQLITE_FULL ||
         (code == SQLITE_IOERR && (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG));
}

/// Whether it passes by itself or by somebody's hand while the file is open.
bool passes(int code) {
  switch (code) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: return true;
    default: return false;
  }
}

/// What is wrong and what to do, to be read after the file's name.
std::string explanation(int code, int system_error, const std::string& message) {
  if (no_room(code, system_error))
    return "there is no room left on the disk: nothing of this transaction was written; make room and try again";
  switch (code) {
    case SQLITE_NOTADB:
      return "this is not a Caravan store (it is no SQLite database): name another file; this one was left as it is";
    case SQLITE_CORRUPT:
      return "the file is damaged (" + message + "): restore it from a backup, or try `sqlite3 FILE .recover`";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program is writing to the file (" + message + "): end its transaction and try again";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "the file cannot be written: this user needs write access to it and to its folder";
    case SQLITE_CANTOPEN:
      return "the file cannot be opened: its folder must exist, and this user needs write access to both (" + message +
             ")";
    case SQLITE_CONSTRAINT:
      return "the rows contradict what is there (" + message + "): nothing of this transaction was written";
    case SQLITE_IOERR:
      return "the disk reported an error (" + message + "): nothing of this transaction was written; check the disk";
    default: return "SQLite: " + message;
  }
}

/// SQLite counts the memory of all connections under one lock, at which the threads that turn and write would wait for
/// each other. Nobody asks for the count; where SQLite runs already in this process, it stays as it was.
void leave_memory_uncounted() {
  static const int status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(status);
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Access access, const SqliteSettings& settings)
    : file_(file), patience_(settings.patience) {
  // One thread at a time uses a connection, so SQLite's own mutexes are left out. A connection that only looks still
  // opens the file for writing where it may: after a kill the first to come must be able to recover the WAL.
  leave_memory_uncounted();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (access == Access::create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
  try {
    if (code != SQLITE_OK) fail(code);
    if (access == Access::create && sqlite3_db_readonly(handle_, "main") == 1) fail(SQLITE_READONLY);
    configure(settings);
    if (access == Access::look) {
      run("PRAGMA query_only = 1");
      // A last reader that closes must not copy the WAL back: it has promised to change nothing.
      sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

Connection::~Connection() {
  sqlite3_close_v2(handle_);
}

void Connection::configure(const SqliteSettings& settings) {
  be_patient();
  sqlite3_extended_result_codes(handle_, 0);
  // None of these touches the file. Deleted rows are not overwritten with zeros (some distributions' default).
  run("PRAGMA foreign_keys = 0; PRAGMA temp_store = memory; PRAGMA secure_delete = 0; PRAGMA trusted_schema = 0");
  switch (settings.synchronous) {
    case SqliteSettings::Synchronous::full: run("PRAGMA synchronous = full"); break;
    case SqliteSettings::Synchronous::normal: run("PRAGMA synchronous = normal"); break;
    case SqliteSettings::Synchronous::off: run("PRAGMA synchronous = off"); break;
  }
  // A pragma takes no bound parameter; negative is KiB.
  run(("PRAGMA cache_size = -" + std::to_string(settings.cache_bytes / 1024 + 1)).c_str());
}

void Connection::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Connection::number(const char* sql) {
  Statement statement(*this);
  statement.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Connection::text(const char* sql) {
  Statement statement(*this);
  statement.prepare(sql);
  return statement.step() ? std::string(statement.bytes(0)) : std::string();
}

std::int64_t Connection::touched() const {
  return sqlite3_changes64(handle_);
}

std::int64_t Connection::last_inserted() const {
  return sqlite3_last_insert_rowid(handle_);
}

void Connection::forget_inserted() {
  sqlite3_set_last_insert_rowid(handle_, 0);
}

bool Connection::is_in_transaction() const {
  return handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0;
}

void Connection::roll_back() noexcept {
  if (is_in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Connection::be_patient() noexcept {
  sqlite3_busy_timeout(handle_, static_cast<int>(patience_.count()));
}

void Connection::fail(int code) const {
  const int last = errno;
  // SQLite keeps the system's own reason only for some of its errors; `errno` is then still of the call that failed.
  const int known = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
  const int system_error = known != 0 ? known : last;
  const std::string message = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  const std::string sentence = file_.string() + ": " + explanation(code & 0xff, system_error, message);
  if (passes(code & 0xff)) throw StoreUnavailable(sentence);
  throw StoreError(sentence);
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

void Statement::prepare_first(const char* sql) {
  const int code = sqlite3_prepare_v3(connection_.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) connection_.fail(code);
}

void Statement::bind_at(int position, std::int64_t value) {
  sqlite3_bind_int64(statement_, position, value);
}

void Statement::bind_at(int position, std::nullptr_t) {
  sqlite3_bind_null(statement_, position);
}

void Statement::bind_at(int position, const std::string& text) {
  bind_at(position, std::string_view(text));
}

void Statement::bind_at(int position, std::string_view text) {
  // A null pointer would bind NULL where an empty text is meant; so it is with blobs.
  sqlite3_bind_text64(statement_, position, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_at(int position, std::span<const char> blob) {
  sqlite3_bind_blob64(statement_, position, blob.empty() ? "" : blob.data(), blob.size(), SQLITE_STATIC);
}

void Statement::run() {
  sqlite3_step(statement_);
  const int code = sqlite3_reset(statement_);
  if (code != SQLITE_OK) connection_.fail(code);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.fail(code);
  return false;
}

void Statement::reset() noexcept {
  sqlite3_reset(statement_);
}

int Statement::columns() const {
  return sqlite3_column_count(statement_);
}

std::string_view Statement::name(int column) const {
  return sqlite3_column_name(statement_, column);
}

Statement::Kind Statement::kind(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_NULL: return Kind::nothing;
    case SQLITE_INTEGER: return Kind::integer;
    case SQLITE_FLOAT: return Kind::real;
    default: return Kind::bytes;
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string_view Statement::bytes(int column) const {
  const auto* start = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int length = sqlite3_column_bytes(statement_, column);
  return start != nullptr ? std::string_view(start, static_cast<std::size_t>(length)) : std::string_view();
}

}  // namespace caravan::sqlite
