#include "storage/sqlite/restore_end.hpp"

#include <cerrno>
#include <fstream>

#include "storage/archive.hpp"
#include "storage/snapshots.hpp"
#include "storage/sqlite/disk.hpp"

namespace caravan::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlan = "plan";
/// There when the old store is out of the way, so that what stands in its place is the new one.
constexpr const char* kOldIsAside = "old-is-aside";

struct Plan {
  fs::path aside;
  Replaces replaces = Replaces::file;
};

Plan read_plan(const fs::path& ready) {
  std::ifstream in(ready / kPlan);
  std::string what;
  std::string aside;
  if (!std::getline(in, what) || !std::getline(in, aside) || (what != "file" && what != "all"))
    throw StoreError((ready / kPlan).string() +
                     ": what a restore had begun cannot be read: move this folder away and restore again");
  return {aside, what == "all" ? Replaces::all : Replaces::file};
}

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) fail_on_disk(file, "cannot be written", errno);
  sync(file);
}

/// SQLite's own files of a store go where it goes: a log that stayed would be applied to another's file.
std::vector<fs::path> old_parts(const fs::path& store_file, Replaces replaces) {
  std::vector<fs::path> parts;
  for (const char* end : {"-wal", "-shm", "-journal", ""})
    parts.emplace_back(store_file.string() + end);
  if (replaces == Replaces::all) {
    parts.push_back(archive_folder(store_file));
    parts.push_back(snapshot_folder(store_file));
  }
  return parts;
}

void move_into(const fs::path& part, const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(part, error)) return;
  if (fs::create_directories(folder, error)) give_to_owner_of(part, folder);
  fs::rename(part, folder / part.filename(), error);
  if (error) fail_on_disk(part, "cannot be moved into " + folder.string(), error.value());
}

void move_old_aside(const fs::path& store_file, const fs::path& ready, const Plan& plan) {
  std::error_code error;
  if (fs::exists(ready / kOldIsAside, error)) return;
  const fs::path aside = folder_of(store_file) / plan.aside;
  for (const fs::path& part : old_parts(store_file, plan.replaces))
    move_into(part, aside);
  if (fs::exists(aside, error)) sync(aside);
  sync(folder_of(store_file));
  write_file(ready / kOldIsAside, "");
  sync(ready);
}

}  // namespace

fs::path half_restore(const fs::path& store_file) {
  return store_file.string() + "-restore.half";
}

fs::path ready_restore(const fs::path& store_file) {
  return store_file.string() + "-restore";
}

void write_plan(const fs::path& half, const fs::path& aside, Replaces replaces) {
  write_file(half / kPlan, std::string(replaces == Replaces::all ? "all" : "file") + "\n" + aside.string() + "\n");
}

void end_restore(const fs::path& store_file) {
  const fs::path ready = ready_restore(store_file);
  std::error_code error;
  if (!fs::exists(ready, error)) return;
  move_old_aside(store_file, ready, read_plan(ready));
  const fs::path folder = folder_of(store_file);
  const fs::path prepared = ready / store_file.filename();
  for (const fs::path& part : {snapshot_folder(prepared), archive_folder(prepared), prepared})
    move_into(part, folder);
  sync(folder);
  // Its files say how far this is: they go when nobody looks at them any more.
  rename_for_good(ready, half_restore(store_file));
  fs::remove_all(half_restore(store_file), error);
}

}  // namespace caravan::sqlite
