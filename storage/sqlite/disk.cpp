#include "storage/sqlite/disk.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace caravan::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMegabyte = 1'000'000;

}  // namespace

void fail_on_disk(const fs::path& path, const std::string& what, int error) {
  throw StoreError(path.string() + ": " + what + " (" + std::strerror(error) +
                   "): this user needs write access to its folder, and room on its disk");
}

void sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_on_disk(path, "cannot be opened", errno);
  const int code = ::fsync(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (code != 0) fail_on_disk(path, "cannot be brought to the disk", error);
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error))
    files.push_back(each->path());
  std::sort(files.begin(), files.end());
  return files;
}

void rename_for_good(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail_on_disk(to, "cannot be made of " + from.string(), error.value());
  sync(folder_of(to));
}

std::string dated(const std::string& name, Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "-%04d-%02u-%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return name + text.data();
}

std::optional<Instant> date_of(const std::string& dated_name, const std::string& name) {
  if (!dated_name.starts_with(name)) return std::nullopt;
  std::array<int, 3> date{};
  std::array<int, 3> time{};
  const std::string rest = dated_name.substr(name.size());
  if (std::sscanf(rest.c_str(), "-%4d-%2d-%2dT%2d%2d%2dZ", &date[0], &date[1], &date[2], &time[0], &time[1],
                  &time[2]) != 6) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day{std::chrono::year{date[0]}, std::chrono::month{static_cast<unsigned>(date[1])},
                                        std::chrono::day{static_cast<unsigned>(date[2])}};
  if (!day.ok()) return std::nullopt;
  const Instant at = std::chrono::sys_days(day) + std::chrono::hours(time[0]) + std::chrono::minutes(time[1]) +
                     std::chrono::seconds(time[2]);
  // Only what is written in full is such a name.
  return dated(name, at) == dated_name ? std::optional(at) : std::nullopt;
}

void expect_room(const fs::path& folder, std::uintmax_t bytes, const std::string& what) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error || space.available >= bytes) return;
  throw StoreError(folder.string() + ": " + what + " takes " + in_megabytes(bytes) + " here, and the disk has " +
                   in_megabytes(space.available) + ": make room and try again; nothing was changed");
}

void give_to_owner_of(const fs::path& like, const fs::path& made) {
  struct stat owner {};
  if (::geteuid() != 0 || ::stat(like.c_str(), &owner) != 0) return;
  if (::lchown(made.c_str(), owner.st_uid, owner.st_gid) != 0)
    fail_on_disk(made, "cannot be given to the user to whom " + like.string() + " belongs", errno);
}

std::string in_megabytes(std::uintmax_t bytes) {
  return std::to_string((bytes + kMegabyte - 1) / kMegabyte) + " MB";
}

}  // namespace caravan::sqlite
