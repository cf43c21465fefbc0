#pragma once
// What is done to files and folders beside SQLite: bringing them to the disk, names with a date, whom they belong to.

#include "storage/store.hpp"

namespace caravan::sqlite {

/// Throws StoreError that says what could not be done to `path`, why, and what is needed.
[[noreturn]] void fail_on_disk(const std::filesystem::path& path, const std::string& what, int error);

/// What was written to a file, or to a folder's list of names, is on the disk.
void sync(const std::filesystem::path& path);

/// The folder that a file is in; `.` for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& file);

/// Whatever is in a folder, by name; nothing for one that is not there.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

/// Renames within a folder, and the new name is on the disk.
void rename_for_good(const std::filesystem::path& from, const std::filesystem::path& to);

/// `NAME-2026-11-29T035528Z`.
std::string dated(const std::string& name, Instant at);
/// When, for what dated() made of `name`; nothing for any other name.
std::optional<Instant> date_of(const std::string& dated_name, const std::string& name);

/// Throws StoreError where the disk of `folder` has less than `bytes` free; `what` is what they are needed for.
void expect_room(const std::filesystem::path& folder, std::uintmax_t bytes, const std::string& what);

/// Where root runs this, what it makes belongs to whom `like` belongs to, or the engine could not use it.
void give_to_owner_of(const std::filesystem::path& like, const std::filesystem::path& made);

/// `13 MB`, rounded up, for sentences.
std::string in_megabytes(std::uintmax_t bytes);

}  // namespace caravan::sqlite
