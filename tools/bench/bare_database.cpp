#include "tools/bench/bare_database.hpp"

namespace caravan::bench {

void execute(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw StoreError(sqlite3_errmsg(database));
}

std::int64_t number_of(sqlite3* database, const std::string& sql) {
  Bound query(database, sql.c_str());
  query.run();
  return query.last();
}

BareDatabase open_bare(const std::filesystem::path& file) {
  const SqliteSettings settings;
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  BareDatabase database(opened, &sqlite3_close);
  if (status != SQLITE_OK) throw StoreError(file.string() + ": cannot be opened");
  execute(database.get(), "PRAGMA synchronous = full");
  execute(database.get(), ("PRAGMA cache_size = -" + std::to_string(settings.cache_bytes / 1024)).c_str());
  execute(database.get(), ("PRAGMA wal_autocheckpoint = " + std::to_string(settings.checkpoint_bytes / 4096)).c_str());
  return database;
}

}  // namespace caravan::bench
