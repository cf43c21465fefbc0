#pragma once
// A disk that a test can fill and make read-only: a tmpfs, where this user may mount one.

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

namespace caravan::test {

class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size = "8m")
      : is_there_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0) {
    if (!is_there_) WARN("skipped: this user may not mount a small disk");
  }
  ~SmallDisk() {
    if (is_there_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return is_there_; }
  std::filesystem::path operator/(const std::string& name) const { return folder_.path() / name; }

  /// Leaves no room at all.
  void fill() const {
    const int file = ::open(ballast().c_str(), O_WRONLY | O_CREAT, 0600);
    const std::string block(4'096, 'x');
    for (std::size_t size = block.size(); size > 0; size /= 2) {
      while (::write(file, block.data(), size) == static_cast<ssize_t>(size)) {
      }
    }
    ::close(file);
  }
  void make_room() const { std::filesystem::remove(ballast()); }
  /// Nothing may be open for writing.
  bool make_read_only() const {
    return ::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

 private:
  std::filesystem::path ballast() const { return folder_.path() / "ballast"; }

  caravan::testing::TemporaryFolder folder_;
  const bool is_there_;
};

}  // namespace caravan::test
