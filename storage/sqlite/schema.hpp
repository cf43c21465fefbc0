#pragma once
// The file's layout and how a file of an older layout becomes one of the present. The migrations in schema.cpp are
// the layout's documentation; their comments are kept in the file, so that `sqlite3 FILE .schema` shows them.

#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

/// What `PRAGMA user_version` says of a file of the present layout.
extern const std::int64_t kSchemaVersion;
inline constexpr std::int64_t kFirstLayoutWithJournal = 4;

/// The layout of a store; 0 for a file that is still empty. Throws StoreError for a file that is somebody else's, or
/// newer than this program.
std::int64_t layout_of(Connection& connection);

/// Told behind each step which layout the file has now.
using MigrationListener = std::function<void(std::int64_t layout)>;

/// Makes an empty file a store, or brings a store to the present layout, each step in its own transaction. Throws
/// StoreError for a file that is somebody else's, or newer than this program; such a file is not changed.
void migrate(Connection& connection, const MigrationListener& listener = {});

/// Throws StoreError when the file is not a store of the present layout.
void expect_present_layout(Connection& connection);

}  // namespace caravan::sqlite
