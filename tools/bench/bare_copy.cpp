#include "tools/bench/bare_copy.hpp"

#include <fstream>

#include "tools/bench/bare_database.hpp"

namespace caravan::bench {
namespace {

std::vector<std::string> tables_of(sqlite3* database) {
  sqlite3_stmt* statement = nullptr;
  const char* sql = "SELECT name FROM engine.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
    throw StoreError(sqlite3_errmsg(database));
  std::vector<std::string> tables;
  while (sqlite3_step(statement) == SQLITE_ROW)
    tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  sqlite3_finalize(statement);
  return tables;
}

/// Goes through numbers 1 to `last` in as many slices as there are transactions.
struct Slices {
  std::int64_t last = 0;

  std::int64_t end_of(std::size_t slice, std::size_t of) const {
    return last * static_cast<std::int64_t>(slice) / static_cast<std::int64_t>(of);
  }
};

struct Copied {
  Slices rows;
  std::unique_ptr<Bound> statement;
};

}  // namespace

struct BareCopy::State {
  BareDatabase database;
  std::vector<Copied> copied;
  std::vector<Copied> read;
};

BareCopy::BareCopy(const std::filesystem::path& start, const std::filesystem::path& end, const Progress& progress)
    : state_(std::make_unique<State>(State{open_bare(start), {}, {}})) {
  sqlite3* database = state_->database.get();
  Bound(database, "ATTACH ?1 AS engine").run(end.string());
  const std::string written = start.string() + "-written";
  std::ofstream(written).flush();  // an empty file is an empty database
  Bound(database, "ATTACH ?1 AS written").run(written);
  execute(database, "PRAGMA written.journal_mode = off; PRAGMA written.synchronous = off");
  const std::vector<std::string> tables = tables_of(database);
  std::size_t done = 0;
  for (const std::string& table : tables) {
    const std::string name = '"' + table + '"';
    execute(database,
            ("CREATE TABLE written." + name + " AS SELECT * FROM engine." + name + " EXCEPT SELECT * FROM main." + name)
                .c_str());
    progress("bare: rows found", ++done, tables.size());
    const std::int64_t rows = number_of(database, "SELECT count(*) FROM written." + name);
    if (rows == 0) continue;
    const std::string copy =
        "INSERT OR REPLACE INTO main." + name + " SELECT * FROM written." + name + " WHERE rowid > ?1 AND rowid <= ?2";
    state_->copied.push_back({{rows}, std::make_unique<Bound>(database, copy.c_str())});
  }
  execute(database, "DETACH engine");
}

BareCopy::~BareCopy() = default;

void BareCopy::also_read(const std::string& table) {
  sqlite3* database = state_->database.get();
  const std::int64_t last = number_of(database, "SELECT max(rowid) FROM main.\"" + table + '"');
  const std::string read = "SELECT * FROM main.\"" + table + "\" WHERE rowid > ?1 AND rowid <= ?2";
  state_->read.push_back({{last}, std::make_unique<Bound>(database, read.c_str())});
}

double BareCopy::write_one(std::size_t number, std::size_t of) {
  const Stopwatch watch;
  sqlite3* database = state_->database.get();
  execute(database, "BEGIN IMMEDIATE");
  for (const auto* each : {&state_->read, &state_->copied}) {
    for (const Copied& table : *each)
      table.statement->run(table.rows.end_of(number - 1, of), table.rows.end_of(number, of));
  }
  execute(database, "COMMIT");
  return watch.seconds();
}

double BareCopy::write(std::size_t transactions, const Progress& progress) {
  const Stopwatch watch;
  for (std::size_t number = 1; number <= transactions; ++number) {
    write_one(number, transactions);
    progress("bare: rows written", number, transactions);
  }
  return watch.seconds();
}

}  // namespace caravan::bench
