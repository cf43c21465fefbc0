#include "tools/bench/soak_file.hpp"

#include <fstream>
#include <numeric>

#include <malloc.h>
#include <unistd.h>

#include "tools/bench/bare_database.hpp"

/// jemalloc's, in a program that has it for its allocator.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old, std::size_t* old_size, void* now,
                                             std::size_t now_size);

namespace caravan::bench {
std::int64_t SoakFile::in_tables() const {
  return std::accumulate(tables.begin(), tables.end(), std::int64_t{0},
                         [](std::int64_t sum, const TableSize& each) { return sum + each.bytes; });
}

SoakFile look_at(const std::filesystem::path& file) {
  const BareDatabase opened = open_bare(file);
  sqlite3* database = opened.get();
  execute(database, "PRAGMA query_only = 1; PRAGMA cache_size = -2000; BEGIN");
  const std::int64_t page = number_of(database, "PRAGMA page_size");
  SoakFile sizes;
  sizes.bytes = page * number_of(database, "PRAGMA page_count");
  sizes.free = page * number_of(database, "PRAGMA freelist_count");
  sqlite3_stmt* statement = nullptr;
  const char* sql =
      "SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat AS d LEFT JOIN sqlite_schema AS s "
      "ON s.name = d.name WHERE d.aggregate = TRUE GROUP BY 1 ORDER BY 2 DESC, 1";
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
    throw StoreError(sqlite3_errmsg(database));
  while (sqlite3_step(statement) == SQLITE_ROW)
    sizes.tables.push_back(
        {reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)), 0, sqlite3_column_int64(statement, 1)});
  sqlite3_finalize(statement);
  for (TableSize& table : sizes.tables)
    table.rows = number_of(database, "SELECT count(*) FROM \"" + table.name + '"');
  execute(database, "COMMIT");
  return sizes;
}

std::int64_t resident_bytes() {
  if (mallctl != nullptr)
    mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);  // of all its arenas
  else
    ::malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  std::int64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

void count_sqlite_memory() {
  sqlite3_initialize();  // as it does by itself; a store would leave the count out
}

std::int64_t cache_bytes() {
  return sqlite3_memory_used();
}

std::int64_t wal_bytes(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file.string() + "-wal", none);
  return none ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace caravan::bench
