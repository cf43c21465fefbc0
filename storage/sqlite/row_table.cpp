// An eponymous virtual table of SQLite: it needs no CREATE, cannot be written, and has one plan, the walk from the
// first row to the last.

#include "storage/sqlite/row_table.hpp"

#include <sqlite3.h>

namespace caravan::sqlite {
namespace {

struct Table {
  sqlite3_vtab base{};
  const RowTable* rows = nullptr;
};

struct Cursor {
  sqlite3_vtab_cursor base{};
  std::size_t position = 0;
};

const RowTable& rows_of(const sqlite3_vtab_cursor* cursor) {
  return *reinterpret_cast<const Table*>(cursor->pVtab)->rows;
}

std::size_t& position_of(sqlite3_vtab_cursor* cursor) {
  return reinterpret_cast<Cursor*>(cursor)->position;
}

int connect(sqlite3* handle, void* rows, int, const char* const*, sqlite3_vtab** to, char**) {
  const auto* const table = static_cast<const RowTable*>(rows);
  const int code = sqlite3_declare_vtab(handle, (std::string("CREATE TABLE x(") + table->columns() + ")").c_str());
  if (code != SQLITE_OK) return code;
  *to = &(new Table{{}, table})->base;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete reinterpret_cast<Table*>(table);
  return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
  info->estimatedCost = 1'000;
  info->estimatedRows = 1'000;
  return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** to) {
  *to = &(new Cursor)->base;
  return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete reinterpret_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
  position_of(cursor) = 0;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  ++position_of(cursor);
  return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* cursor) {
  return position_of(cursor) >= rows_of(cursor).rows.size() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int number) {
  const RowTable& table = rows_of(cursor);
  table.column()(table.rows[position_of(cursor)], number, ColumnResult(context));
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* to) {
  *to = static_cast<sqlite3_int64>(position_of(cursor));
  return SQLITE_OK;
}

const sqlite3_module kModule = [] {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = best_index;
  module.xDisconnect = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = at_end;
  module.xColumn = column;
  module.xRowid = row_id;
  return module;
}();

}  // namespace

void ColumnResult::integer(std::int64_t value) {
  sqlite3_result_int64(context_, value);
}

void ColumnResult::real(double value) {
  sqlite3_result_double(context_, value);
}

void ColumnResult::text(const std::string& text) {
  sqlite3_result_text64(context_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void ColumnResult::blob(std::string_view bytes) {
  sqlite3_result_blob64(context_, bytes.data(), bytes.size(), SQLITE_STATIC);
}

void ColumnResult::copied_blob(std::string_view bytes) {
  sqlite3_result_blob64(context_, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

RowTable::RowTable(Connection& connection, const char* name, const char* columns, Column column)
    : columns_(columns), column_(column) {
  const int code = sqlite3_create_module_v2(connection.handle(), name, &kModule, this, nullptr);
  if (code != SQLITE_OK) connection.fail(code);
}

}  // namespace caravan::sqlite
