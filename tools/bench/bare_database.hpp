#pragma once
// SQLite without a store around it, for yardsticks: a file opened with the settings that stores are written with, and
// statements with just enough around them to bind and run.

#include <sqlite3.h>

#include "storage/store.hpp"

namespace caravan::bench {

/// A statement, prepared once.
class Bound {
 public:
  Bound(sqlite3* database, const char* sql) {
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
      throw StoreError(sqlite3_errmsg(database));
    }
  }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  ~Bound() { sqlite3_finalize(statement_); }

  /// Binds by position and runs it to its end. Gives how many rows it had; every column of them was looked at.
  template <class... Values>
  std::int64_t run(const Values&... values) {
    int position = 0;
    (bind(++position, values), ...);
    std::int64_t rows = 0;
    int status = SQLITE_ROW;
    while ((status = sqlite3_step(statement_)) == SQLITE_ROW) {
      ++rows;
      for (int column = 0; column < sqlite3_column_count(statement_); ++column)
        last_ = sqlite3_column_int64(statement_, column);
    }
    if (status != SQLITE_DONE) throw StoreError(sqlite3_errmsg(sqlite3_db_handle(statement_)));
    sqlite3_reset(statement_);
    return rows;
  }

  /// The last column of the last row that was read, as a number.
  std::int64_t last() const { return last_; }

 private:
  void bind(int position, std::int64_t value) { sqlite3_bind_int64(statement_, position, value); }
  void bind(int position, std::nullptr_t) { sqlite3_bind_null(statement_, position); }
  void bind(int position, std::string_view text) {
    sqlite3_bind_text(statement_, position, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void bind(int position, const std::string& text) { bind(position, std::string_view(text)); }
  void bind(int position, std::span<const char> bytes) {
    sqlite3_bind_blob(statement_, position, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }

  sqlite3_stmt* statement_ = nullptr;
  std::int64_t last_ = 0;
};

using BareDatabase = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

void execute(sqlite3* database, const char* sql);
/// The number that a query of one row gives.
std::int64_t number_of(sqlite3* database, const std::string& sql);
/// Opens a file that a store has made. Throws StoreError.
BareDatabase open_bare(const std::filesystem::path& file);

}  // namespace caravan::bench
