// Takes and gives back the writer's lock. The lock file stays when the store is closed: taking it away would let two
// writers lock two different files of the same name.

#include "storage/sqlite/writer_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "storage/sqlite/disk.hpp"
#include "storage/sqlite/restore_end.hpp"

namespace caravan::sqlite {
namespace {

std::string holder(int descriptor) {
  std::array<char, 24> text{};
  const ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
  std::string number(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  number.erase(std::find_if(number.begin(), number.end(), [](char c) { return c < '0' || c > '9'; }), number.end());
  return number.empty() ? "another process" : "process " + number;
}

void write_own_number(int descriptor) {
  const std::string number = std::to_string(::getpid()) + "\n";
  // The lock holds without the number, so a full disk here is no reason to refuse.
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, number.data(), number.size(), 0) != static_cast<ssize_t>(number.size())) {
    return;
  }
}

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& store_file) {
  const std::string lock_file = store_file.string() + ".lock";
  // Not inherited by programs that are started from here: they would hold the lock beyond this process's end.
  descriptor_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    const int problem = errno;
    const std::string advice = problem == ENOSPC || problem == EDQUOT ? "make room on the disk"
                               : errno == EROFS ? "mount it for writing, or keep the store elsewhere"
                                                : "its folder must exist, and this user needs write access to it";
    throw StoreError(lock_file + ": the store's lock cannot be made (" + std::strerror(problem) + "): " + advice);
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    write_own_number(descriptor_);
    try {
      give_to_owner_of(folder_of(store_file), lock_file);
      end_restore(store_file);
    } catch (...) {
      ::close(descriptor_);
      throw;
    }
    return;
  }

  const int error = errno;
  const std::string who = holder(descriptor_);
  ::close(descriptor_);
  if (error != EWOULDBLOCK)
    throw StoreError(lock_file + ": the store cannot be locked (" + std::strerror(error) +
                     "): keep it on a file system that knows locks");
  throw StoreInUse(store_file.string() + ": in use by " + who + ": stop it first");
}

WriterLock::~WriterLock() {
  ::close(descriptor_);
}

}  // namespace caravan::sqlite
