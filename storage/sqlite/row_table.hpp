#pragma once
// Rows in memory that SQL can select from, so that one statement inserts thousands:
// `INSERT INTO run SELECT token, ... FROM new_run`. Next to a statement a row this spares SQLite opening and closing
// its cursors, and each row finds its place from the one before.

#include "storage/sqlite/connection.hpp"

struct sqlite3_context;

namespace caravan::sqlite {

/// Where a row's column is put. Texts and blobs are not copied: they live as long as the write set.
class ColumnResult {
 public:
  explicit ColumnResult(sqlite3_context* context) : context_(context) {}
  void integer(std::int64_t value);
  void real(double value);
  void text(const std::string& text);
  void blob(std::string_view bytes);
  /// For bytes that do not outlive the call.
  void copied_blob(std::string_view bytes);
  void instant(Instant at) { integer(at.time_since_epoch().count()); }
  void instant(const std::optional<Instant>& at) {
    if (at) instant(*at);
  }
  /// Nothing where it is "none", so that the column is NULL.
  template <class Tag>
  void id(Id<Tag> id) {
    if (id) integer(id.value);
  }
  /// Nothing where it is no name (0).
  void name(NameId name) {
    if (name != NameId{}) number(name);
  }
  template <class Number>
  requires std::is_enum_v<Number> || std::is_integral_v<Number>
  void number(Number value) { integer(static_cast<std::int64_t>(value)); }

 private:
  sqlite3_context* context_;
};

/// A table of a connection whose rows are what `rows` points to, in that order.
class RowTable {
 public:
  /// Puts column number `column`, from 0, of `row`; what it does not put is NULL.
  using Column = void (*)(const void* row, int column, ColumnResult result);

  /// `columns` names them, as in `token, first_visit`. The connection outlives the table.
  RowTable(Connection& connection, const char* name, const char* columns, Column column);
  RowTable(const RowTable&) = delete;
  RowTable& operator=(const RowTable&) = delete;

  /// Each points to what this table's Column function expects. Kept between commits for its memory.
  std::vector<const void*> rows;

  const char* columns() const { return columns_; }
  Column column() const { return column_; }

 private:
  const char* columns_;
  Column column_;
};

}  // namespace caravan::sqlite
