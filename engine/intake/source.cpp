// Files and pipes are read with poll and read, beside an eventfd that ends a wait from another thread.

#include "engine/intake/source.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace caravan {
namespace {

constexpr std::size_t bytes_at_once = std::size_t{64} << 10U;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

FileSource::FileSource(const std::filesystem::path& file) : is_owned_(file != "-") {
  input_ = is_owned_ ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (input_ < 0) fail(file.string());
  struct stat status {};
  if (::fstat(input_, &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      if (is_owned_) ::close(input_);
      errno = EISDIR;
      fail(file.string());
    }
    if (S_ISREG(status.st_mode)) length_ = static_cast<std::uint64_t>(status.st_size);
  }
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0) fail("eventfd");
}

FileSource::~FileSource() {
  if (is_owned_) ::close(input_);
  ::close(wake_);
}

std::size_t FileSource::read(std::span<char> to) {
  while (!is_interrupted_) {
    std::array<pollfd, 2> wait{
        {{.fd = input_, .events = POLLIN, .revents = 0}, {.fd = wake_, .events = POLLIN, .revents = 0}}};
    if (::poll(wait.data(), wait.size(), -1) < 0) {
      if (errno == EINTR) continue;
      fail("waiting for input");
    }
    if (wait[1].revents != 0) continue;
    const ssize_t count = ::read(input_, to.data(), to.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) fail("reading");
    bytes_read_ += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }
  return 0;
}

void FileSource::interrupt() {
  is_interrupted_ = true;
  const std::uint64_t one = 1;
  // A full counter has already woken the reader.
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
}

std::size_t TextSource::read(std::span<char> to) {
  const std::size_t count = std::min(to.size(), text_.size());
  std::memcpy(to.data(), text_.data(), count);
  text_.remove_prefix(count);
  return count;
}

bool Window::more() {
  if (is_at_end_) return false;
  bytes_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = bytes_.size();
  bytes_.resize(before + bytes_at_once);
  const std::size_t count = source_.read(std::span(bytes_).subspan(before));
  bytes_.resize(before + count);
  is_at_end_ = count == 0;
  return !is_at_end_;
}

}  // namespace caravan
