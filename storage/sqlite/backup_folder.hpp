#pragma once
// What a backup looks like on the disk: names, sums, and what its database says of itself.

#include "storage/backup.hpp"
#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

inline constexpr std::string_view kSums = "SHA256SUMS";
/// At the end of the name of what is not whole yet.
inline constexpr std::string_view kHalf = ".half";

/// Files and their sums as SHA256SUMS lists them; empty where there is no such file. Throws StoreError for another
/// text.
std::vector<std::pair<std::string, std::string>> read_sums(const std::filesystem::path& folder);
void write_sums(const std::filesystem::path& folder, std::span<const std::pair<std::string, std::string>> sums);

/// The last entry of the journal of a store, and the engine's time in it.
std::int64_t last_entry(Connection& store);
std::optional<Instant> engine_time(Connection& store);
std::string installation_of(Connection& store);

/// The archives that a store knows.
std::vector<ArchiveRecord> archives_of(Connection& store);

/// Copies a database that somebody may write meanwhile, its folders made where they are missing, for the owner of
/// `like`.
void copy_beside(const std::filesystem::path& from, const std::filesystem::path& to, const std::filesystem::path& like,
                 const CopyProgress& progress);

/// Makes a folder, for the owner of `like`. Throws StoreError.
void make_folder(const std::filesystem::path& folder, const std::filesystem::path& like);

}  // namespace caravan::sqlite
