#pragma once
// What is seen to before an engine opens a database.

#include <filesystem>

namespace caravan::tools {

/// Ends a restore that was cut off, and brings the database of an older Caravan to this one's layout, behind a copy
/// that the log names. Does nothing where there is no database. Throws StoreInUse where an engine runs on it, else
/// StoreError.
void see_to_store(const std::filesystem::path& database);

}  // namespace caravan::tools
