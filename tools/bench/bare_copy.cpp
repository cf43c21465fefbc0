#include "tools/bench/bare_copy.hpp"

#include <fstream>

#include "tools/bench/bare_database.hpp"
#include "tools/bench/shuffled.hpp"

namespace caravan::bench {
namespace {

/// The texts in the columns of a query's rows.
std::vector<std::vector<std::string>> texts_of(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    throw StoreError(sqlite3_errmsg(database));
  std::vector<std::vector<std::string>> rows;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    rows.emplace_back();
    for (int column = 0; column < sqlite3_column_count(statement); ++column)
      rows.back().emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
  }
  sqlite3_finalize(statement);
  return rows;
}

std::string in_quotes(const std::string& name) {
  return '"' + name + '"';
}

/// A table, and what the engine has done to it. Texts of SQL are built from its names, which the schema gives.
class Difference {
 public:
  Difference(sqlite3* database, const std::string& table) : database_(database), table_(table) {
    for (const auto& column : texts_of(database, "SELECT name, pk FROM pragma_table_info('" + table + "', 'engine')")) {
      if (column[1] != "0")
        same_key_ +=
            (same_key_.empty() ? "now." : " AND now.") + in_quotes(column[0]) + " = old." + in_quotes(column[0]);
      else
        values_.push_back(in_quotes(column[0]));
    }
    const std::string all = in_quotes(table + " all"), old = "main." + in_quotes(table) + " AS old";
    make(all, "SELECT * FROM engine." + in_quotes(table) + " EXCEPT SELECT * FROM main." + in_quotes(table));
    make(changed(), "SELECT now.* FROM written." + all + " AS now JOIN " + old + " ON " + same_key_);
    make(added(), "SELECT * FROM written." + all + " AS now WHERE NOT EXISTS(SELECT 1 FROM " + old + " WHERE " +
                      same_key_ + ")");
  }

  std::string added() const { return in_quotes(table_ + " added"); }
  std::string changed() const { return in_quotes(table_ + " changed"); }
  std::string insert() const {
    return "INSERT INTO main." + in_quotes(table_) + " SELECT * FROM written." + added() +
           " WHERE rowid > ?1 AND rowid <= ?2";
  }
  /// Sets the columns that are otherwise in some row, so that indices of others are left alone.
  std::string update() const {
    std::string sets;
    for (const std::string& column : values_) {
      const std::string differs = "SELECT EXISTS(SELECT 1 FROM written." + changed() + " AS now JOIN main." +
                                  in_quotes(table_) + " AS old ON " + same_key_ + " WHERE now." + column +
                                  " IS NOT old." + column + ")";
      if (number_of(database_, differs) != 0) sets += (sets.empty() ? "" : ", ") + column + " = now." + column;
    }
    return "UPDATE main." + in_quotes(table_) + " AS old SET " + sets + " FROM written." + changed() +
           " AS now WHERE now.rowid > ?1 AND now.rowid <= ?2 AND " + same_key_;
  }
  std::int64_t rows(const std::string& of) const { return number_of(database_, "SELECT count(*) FROM written." + of); }

 private:
  void make(const std::string& name, const std::string& query) {
    execute(database_, ("CREATE TABLE written." + name + " AS " + query).c_str());
  }

  sqlite3* database_;
  std::string table_;
  std::string same_key_;
  std::vector<std::string> values_;
};

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

  void run(std::size_t slice, std::size_t of) const {
    statement->run(rows.end_of(slice - 1, of), rows.end_of(slice, of));
  }
  /// A row at a time.
  void run_shuffled(std::size_t slice, std::size_t of, std::uint64_t seed) const {
    const Shuffled order(static_cast<std::size_t>(rows.last), seed);
    for (std::int64_t place = rows.end_of(slice - 1, of); place < rows.end_of(slice, of); ++place) {
      const auto row = static_cast<std::int64_t>(order.at(static_cast<std::size_t>(place)));
      statement->run(row - 1, row);
    }
  }
};

}  // namespace

struct BareCopy::State {
  BareDatabase database;
  std::optional<std::uint64_t> seed;
  std::vector<Copied> copied;
  std::vector<Copied> read;
};

BareCopy::BareCopy(const std::filesystem::path& start, const std::filesystem::path& end, const Progress& progress)
    : state_(std::make_unique<State>(State{open_bare(start), {}, {}, {}})) {
  sqlite3* database = state_->database.get();
  Bound(database, "ATTACH ?1 AS engine").run(end.string());
  const std::string written = start.string() + "-written";
  std::ofstream(written).flush();  // an empty file is an empty database
  Bound(database, "ATTACH ?1 AS written").run(written);
  execute(database, "PRAGMA written.journal_mode = off; PRAGMA written.synchronous = off");
  const auto tables =
      texts_of(database, "SELECT name FROM engine.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  std::size_t done = 0;
  for (const auto& table : tables) {
    const Difference difference(database, table.front());
    progress("bare: rows found", ++done, tables.size());
    const auto add = [&](std::int64_t rows, const std::string& sql) {
      state_->copied.push_back({{rows}, std::make_unique<Bound>(database, sql.c_str())});
    };
    if (const std::int64_t rows = difference.rows(difference.added())) add(rows, difference.insert());
    if (const std::int64_t rows = difference.rows(difference.changed())) add(rows, difference.update());
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

void BareCopy::shuffle(std::uint64_t seed) {
  state_->seed = seed;
}

double BareCopy::write_one(std::size_t number, std::size_t of) {
  const Stopwatch watch;
  sqlite3* database = state_->database.get();
  execute(database, "BEGIN IMMEDIATE");
  for (const Copied& table : state_->read)
    table.run(number, of);
  for (const Copied& table : state_->copied) {
    if (state_->seed)
      table.run_shuffled(number, of, *state_->seed);
    else
      table.run(number, of);
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
