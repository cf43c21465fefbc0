#pragma once
// The end of a restore, when all is copied and must come into its place. It is a list of renames that can be begun anew
// wherever it was cut off; the folder `NAME-restore` beside the store is there until the last of them is done.

#include <filesystem>

namespace caravan::sqlite {

/// Where a restore prepares what it brings, under the store's own names: `NAME-restore.half`, until that is whole.
std::filesystem::path half_restore(const std::filesystem::path& store_file);
/// The same when it is whole: from here on the store is what is in it.
std::filesystem::path ready_restore(const std::filesystem::path& store_file);

/// Says, in what is prepared, where the old store goes, and whether its archives and snapshots go with it.
enum class Replaces { file, all };
void write_plan(const std::filesystem::path& half, const std::filesystem::path& aside, Replaces replaces);

/// Does all renames that are left, where a restore is ready, for who holds the writer's lock. Throws StoreError.
void end_restore(const std::filesystem::path& store_file);

}  // namespace caravan::sqlite
