#pragma once
// Migrations with a copy of what was there before, for whoever holds the writer's lock.

#include "storage/migration.hpp"
#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

/// Brings the store that the connection writes to the present layout, behind a copy of it.
Migration migrate_behind_copy(Connection& connection, KeepCopy keep, const CopyProgress& progress);

}  // namespace caravan::sqlite
