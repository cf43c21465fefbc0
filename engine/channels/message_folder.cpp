// Each file is written under a temporary name and renamed, so that one with its own name is always whole.

#include "engine/channels/message_folder.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace caravan {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  const std::error_code error(errno, std::generic_category());
  throw fs::filesystem_error(what, path, error);
}

/// An open file; closed at the end of its scope at the latest.
class Descriptor {
 public:
  explicit Descriptor(const fs::path& path)
      : number_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (number_ < 0) fail("cannot be written", path);
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view bytes, const fs::path& path) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot be written", path);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void close(const fs::path& path) {
    if (::close(std::exchange(number_, -1)) != 0) fail("cannot be written", path);
  }

 private:
  int number_;
};

std::string day_of(Instant date) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(date));
  const auto two = [](unsigned number) { return (number < 10 ? "-0" : "-") + std::to_string(number); };
  return std::to_string(static_cast<int>(day.year())) + two(static_cast<unsigned>(day.month())) +
         two(static_cast<unsigned>(day.day()));
}

void write_whole(const fs::path& folder, const std::string& name, std::string_view bytes) {
  const fs::path whole = folder / name;
  const fs::path part = folder / ("." + name + ".part");
  try {
    Descriptor file(part);
    file.write(bytes, part);
    file.close(part);
    if (::rename(part.c_str(), whole.c_str()) != 0) fail("cannot be put in its place", whole);
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
}

}  // namespace

MessageFolder::MessageFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error && ::access(folder_.c_str(), W_OK | X_OK) != 0) error.assign(errno, std::generic_category());
  if (error) throw std::runtime_error("the outbox folder " + folder_.string() + " cannot be used: " + error.message());
}

void MessageFolder::write(Instant date, const std::string& name, std::string_view bytes) {
  const fs::path folder = folder_ / day_of(date);
  // Asked each time: somebody may empty the folder while it is in use.
  if (folder != made_ || !fs::is_directory(folder)) fs::create_directories(folder);
  made_ = folder;
  write_whole(folder, name, bytes);
}

}  // namespace caravan
