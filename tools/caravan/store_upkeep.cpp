#include "tools/caravan/store_upkeep.hpp"

#include <spdlog/spdlog.h>

#include "storage/backup.hpp"
#include "storage/migration.hpp"
#include "tools/caravan/copy_bar.hpp"

namespace caravan::tools {

void see_to_store(const std::filesystem::path& database) {
  finish_restore(database);
  std::error_code ignored;
  if (!std::filesystem::exists(database, ignored)) return;
  CopyBar bar;
  const Migration migration = migrate_sqlite(database, KeepCopy::yes, bar.listener());
  if (migration.kept.empty()) return;
  spdlog::info("{}: brought from layout {} to {}; what it was is kept in {}", database.string(), migration.from,
               migration.to, migration.kept.string());
}

}  // namespace caravan::tools
