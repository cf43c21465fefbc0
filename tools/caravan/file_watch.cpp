#include "tools/caravan/file_watch.hpp"

#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace caravan::tools {
namespace {

namespace fs = std::filesystem;

/// Editors and version control save several files, or one in several steps.
constexpr int quiet_milliseconds = 60;
constexpr int deepest_folder = 4;
constexpr std::uint32_t what_matters = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// What journeys leave behind, and data, are no part of what is tested.
bool is_passed_over(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return name.starts_with('.') || name == "outbox" || name == "data" || entry.is_symlink();
}

bool matters(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
  const std::string_view name = event.len == 0 ? std::string_view() : std::string_view(event.name);
  if ((event.mask & IN_ISDIR) != 0) return !name.starts_with('.');
  // A new file is told again when it has been written.
  return (event.mask & IN_CREATE) == 0 && is_workspace_file(name);
}

}  // namespace

bool is_workspace_file(std::string_view name) {
  if (name.starts_with('.')) return false;
  const auto ends = [&](std::string_view extension) { return name.ends_with(extension); };
  return ends(".yaml") || ends(".yml") || ends(".html") || ends(".txt");
}

FileWatch::FileWatch(fs::path root)
    : root_(std::move(root)), notifications_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (notifications_ < 0) fail("watching files");
  watch_folders();
}

FileWatch::~FileWatch() {
  ::close(notifications_);
}

void FileWatch::watch(const fs::path& folder) {
  if (::inotify_add_watch(notifications_, folder.c_str(), what_matters | IN_ONLYDIR) >= 0) return;
  // One that is gone again is nothing to watch; one too many is.
  if (errno != ENOENT && errno != ENOTDIR) fail(("watching " + folder.string()).c_str());
}

/// All of them, those that are watched already too: a folder may have been replaced by another of its name.
void FileWatch::watch_folders() {
  watch(root_);
  std::error_code error;
  fs::recursive_directory_iterator it(root_, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    if (!it->is_directory(error)) continue;
    if (is_passed_over(*it) || it.depth() + 1 >= deepest_folder) it.disable_recursion_pending();
    if (!is_passed_over(*it)) watch(it->path());
  }
}

/// Takes what has been told; whether any of it matters.
bool FileWatch::take_events() {
  alignas(inotify_event) std::array<char, 16'384> buffer;
  bool any = false;
  for (;;) {
    const ssize_t count = ::read(notifications_, buffer.data(), buffer.size());
    if (count <= 0) return any;
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      any = matters(*event) || any;
      at += sizeof(inotify_event) + event->len;
    }
  }
}

std::optional<int> FileWatch::wait(std::span<const int> descriptors) {
  std::vector<pollfd> all = {{notifications_, POLLIN, 0}};
  for (const int descriptor : descriptors)
    all.push_back({descriptor, POLLIN, 0});
  bool is_changed = false;
  for (;;) {
    const int ready = ::poll(all.data(), all.size(), is_changed ? quiet_milliseconds : -1);
    if (ready < 0 && errno != EINTR) fail("waiting for files to be saved");
    if (ready == 0) break;
    for (std::size_t i = 1; ready > 0 && i < all.size(); ++i) {
      if (all[i].revents != 0) return all[i].fd;
    }
    is_changed = take_events() || is_changed;
  }
  watch_folders();
  return std::nullopt;
}

}  // namespace caravan::tools
